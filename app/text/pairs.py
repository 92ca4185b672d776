"""Things that stand beside each other: quoted pairs, `term: meaning` lines, rows of a table."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from app.text.clauses import Span, clauses, sentences
from app.text.found import Found, Passage, mostly_chinese
from app.text.lists import counted_list
from app.text.outline import Paragraph

_QUOTED_ZH: Final = re.compile(
    "(?:^|(?<=[，。；、\n ]))(?P<cue>[^，。；：、“”\n]{2,14}?)(?:应说|要说|可说|叫做|叫作|"
    "称为|称作|谓之|说|称|用|叫|谓|道|写|题|答|作)：?"
    "[“「『‘](?P<said>[^”」』’]{1,16})[”」』’]"
)
_QUOTED_EN: Final = re.compile(
    r"(?P<cue>[A-Z][^.;“\"\n]{3,80}?),? (?:you (?:can |should )?|we |one |they |people )?(?:say|"
    r"says|use|is called|are called|ask|write)s?:? "
    r"[“\"](?P<said>[^”\"\n]{2,60}?)[.,!?]?[”\"]"
)
PEOPLE_CALL: Final = re.compile("^(?:古人|古时|人们|我们|民间|通常|一般|习惯上)?(?:把|将)|的$")
_CALLED_CLAUSE: Final = re.compile(
    "(?P<cue>[^“”：]{2,14}?)(?:称为|称之为|称作|叫做|叫作|谓之|又称|也称|俗称|称|叫|曰)(?P<name>[^“”：他她它我你人做]{1,8})"
)
_SAYING: Final = re.compile("(?:俗话|古话|常言|古语|古人|老话|谚语|有人|他|她|我|人们|大家|所)")
_COLON: Final = re.compile(
    "(?P<term>[^：:，。；=→—\n]{1,18}(?:、[^：:，。；=→—\n]{1,12})?)"
    "(?:：| ?—{1,2} ?| ?[=＝→⇒] ?| [–-] )(?P<meaning>[^：\n]{1,70})"
)
_COLON_EN: Final = re.compile(r"\**(?P<term>[^:.;\n*]{2,50}?)\**(?::\** | [–—-] )(?P<meaning>[^\n]{3,240})")
_NOT_A_TERM: Final = re.compile(
    "^(?:注|注意|例|例如|如|比如|问|答|说明|备注|出处|Note|Notes|Example|Q|A|Question|Answer|E\\.g|e\\.g)$|^第.{1,4}条"
)
_DUTY: Final = re.compile(r"^(?:应|不|须|必须|禁止|严禁|切)|\b(?:must|should|never|don't)\b")
_MOST_BACK, _MOST_WORDS, _MOST_COLUMNS = 40, 32, 40


def quoted_pairs(passage: Passage) -> Iterator[Found]:
    """Sentences that give an occasion and the words for it; two or more in a row make a pattern."""
    pattern = _QUOTED_ZH if passage.chinese else _QUOTED_EN
    for match in pattern.finditer(passage.span.text):
        cue, said = match["cue"].strip(), match["said"].strip("。，,. ")
        if _SAYING.match(cue):
            continue
        if passage.chinese:
            asks: tuple[str, ...] = (f"{cue}，怎么说？", passage.ask(f"{cue}，怎么说？"))
            reverse = f"“{said}”用在什么时候？"
        else:
            cue = cue[0].upper() + cue[1:]
            asks = (passage.ask(f"{cue}: what do you say?"),)
            reverse = f"When do you say “{said}”?"
        yield Found(
            rule="pair.quoted",
            kind="pair",
            span=_within(passage.span, match),
            asks=asks,
            back=said,
            rank=0.9,
            note_kind="reverse",
            reverse_ask=reverse,
            reverse_back=cue,
            cue=cue,
        )


def called_pairs(passage: Passage) -> Iterator[Found]:
    """Clause after clause of `A 称 B` without quotation marks; one alone may be chance."""
    if not passage.chinese:
        return
    matches = [
        (clause, match)
        for sentence in sentences(passage.span)
        for clause in clauses(sentence)
        if (match := _CALLED_CLAUSE.fullmatch(clause.text.rstrip("。")))
    ]
    alone = len(matches) == 1 and passage.terse and matches[0][0].text == passage.span.text.rstrip("。")
    for clause, match in matches if len(matches) >= 2 or alone else []:
        cue, name = PEOPLE_CALL.sub("", match["cue"]), match["name"]
        yield Found(
            rule="pair.called",
            kind="pair",
            span=clause,
            asks=(passage.ask(f"{cue}，叫什么？"),),
            back=name,
            rank=0.8,
            note_kind="reverse",
            reverse_ask=passage.ask(f"“{name}”指什么？"),
            reverse_back=cue,
            cue=cue,
        )


def glossary(passages: Sequence[tuple[Paragraph, Passage]], least: int = 2) -> Iterator[Found]:
    """`term: meaning` on lines of their own, `least` or more in one section."""
    entries = [
        (passage, match)
        for paragraph, passage in passages
        if paragraph.kind != "row" and (match := _entry(passage)) is not None
    ]
    if len(entries) < least:
        return
    meanings = Counter(match["meaning"] for _, match in entries)
    for passage, match in entries:
        term, meaning = match["term"].strip(' “”《》"*'), match["meaning"].strip().rstrip("。.")
        yield _term(passage, passage.span, term, meaning, meanings[match["meaning"]] == 1)


def glossary_entry(passage: Passage) -> tuple[str, str] | None:
    """Term and meaning of a line that explains one."""
    match = _entry(passage)
    return (match["term"].strip(' “”《》"*'), match["meaning"].strip()) if match else None


def _entry(passage: Passage) -> re.Match[str] | None:
    match = (_COLON if passage.chinese else _COLON_EN).fullmatch(passage.span.text)
    if match is None or _NOT_A_TERM.search(match["term"].strip()) or counted_list(passage.span.text):
        return None
    if passage.chinese and len(re.findall("[。；]", match["meaning"].rstrip("。；"))) > 1:
        return None
    if not passage.chinese and len(match["term"].split()) > 7:
        return None
    return match


def _term(passage: Passage, span: Span, term: str, meaning: str, unique: bool) -> Found:
    short = len(meaning) <= 8 if passage.chinese else len(meaning.split()) <= 5
    if passage.chinese:
        question = f"{term}，是什么意思？" if not _DUTY.search(meaning) else f"{term}应怎样？"
        reverse = f"哪一项的意思是“{meaning}”？"
        first = _core(meaning, _MOST_BACK, "，；。")
    else:
        question = (
            f"what is {_article_lowered(term)}?"
            if not _DUTY.search(meaning)
            else f"{term}: what is the rule?"
        )
        reverse = f"which term means “{meaning}”?"
        first = _core_en(meaning)
    return Found(
        rule="glossary",
        kind="term",
        span=span,
        asks=(passage.ask(question),),
        back=first,
        rank=0.9,
        note_kind="reverse" if short and unique and not _DUTY.search(meaning) else "basic",
        note="" if first == meaning else meaning,
        reverse_ask=passage.ask(reverse) if short and unique else "",
        reverse_back=term,
        cue=term,
    )


def _article_lowered(term: str) -> str:
    return term if any(letter.isupper() for letter in term[1:]) else term[:1].lower() + term[1:]


def _core(meaning: str, most: int, marks: str) -> str:
    """The meaning, cut at a mark once it is longer than a card should be."""
    if len(meaning) <= most:
        return meaning
    cuts = [place for place, letter in enumerate(meaning) if letter in marks and 8 <= place <= most]
    return meaning[: cuts[-1]] if cuts else meaning


def _core_en(meaning: str) -> str:
    first = re.split(r"(?<=[a-z)])\. (?=[A-Z])|; ", meaning)[0]
    return first if len(first.split()) <= _MOST_WORDS else re.split(r", (?:which|who|and|so|but)\b", first)[0]


def table(rows: Sequence[Passage]) -> Iterator[Found]:
    """Each cell of a table, asked by its row's key and its column's heading.

    A table that is wider than anybody learns by heart is data, and gives nothing.
    """
    cells = [(row, _cells(row.span)) for row in rows]
    cells = [(row, parts) for row, parts in cells if not all(set(part.text) <= set("-: ") for part in parts)]
    widths = {len(parts) for _, parts in cells}
    if len(cells) < 2 or len(widths) != 1 or not 2 <= widths.pop() <= _MOST_COLUMNS:
        return
    header = [part.text for part in cells[0][1]]
    columns = [Counter(parts[place].text for _, parts in cells[1:]) for place in range(len(header))]
    for row, parts in cells[1:]:
        for place in range(1, len(parts)):
            if header[place]:  # nobody can ask for what a column without a heading says
                yield _cell(row, header, [part.text for part in parts], place, columns[place])


def _cells(span: Span) -> list[Span]:
    marks = "|｜" if "|" in span.text or "｜" in span.text else "\t"
    begin, parts = 0, []
    for place, letter in enumerate(span.text + marks[0]):
        if letter in marks:
            parts.append(span.cut(begin, place))
            begin = place + 1
    if parts and not parts[0].text and span.text[0] in marks:
        parts = parts[1:]
    if parts and not parts[-1].text:
        parts = parts[:-1]
    return parts


def _cell(row: Passage, header: list[str], parts: list[str], place: int, column: Counter[str]) -> Found:
    key, value = parts[0], parts[place]
    chinese = mostly_chinese(key + header[place])
    unique = column[value] == 1
    ask = f"{key}的{header[place]}是什么？" if chinese else f"{key}: {_article_lowered(header[place])}?"
    back_ask = (
        f"{header[place]}是“{value}”的是哪一项？"
        if chinese
        else f"which {_article_lowered(header[0])} has {_article_lowered(header[place])} “{value}”?"
    )
    short = (
        unique
        and len(header) == 2
        and header[0] != ""
        and (len(value) <= 10 if chinese else len(value.split()) <= 5)
    )
    return Found(
        rule="table",
        kind="cell",
        span=row.span,
        asks=(row.ask(ask),),
        back=value or "—",
        rank=0.85 if value else 0.1,
        note_kind="reverse" if short else "basic",
        reverse_ask=row.ask(back_ask) if short else "",
        reverse_back=key if short else "",
        cue=key,
    )


def _within(span: Span, match: re.Match[str]) -> Span:
    return span.cut(match.start(), match.end())
