"""Chinese rules of conduct: what one must not do, what one should do, and under which condition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypedDict

from app.core.notes import NoteKind
from app.text.clauses import Span, clauses, sentences
from app.text.found import Found, Passage, prefixes
from app.text.sequences import sequence

_BAN: Final = (
    "切忌|切勿|忌讳|忌|严禁|禁止|不可以|不可|不要|不能|不得|不应当|不应该|不应|不宜|不准|不许|不必|不允许|不予|"
    "请勿|勿|绝不|决不|尽量避免|避免|谢绝|杜绝"
)
_NOT_A_BAN: Final = re.compile(
    "不得不|不能不|不可不|不要紧|不可避免|不可或缺|不可缺少|不可分|不可估量|顾忌|禁忌|不能.{1,8}不|不得而知|不仅|不但"
)
_BAN_CLAUSE: Final = re.compile(f"(?P<subject>.{{0,16}}?)(?P<marker>{_BAN})(?P<rest>.{{2,60}})")
_PERSON: Final = re.compile("[人者员士方客长师生工]$|经理|主任|司机|家长|任何|部$|室$")
_THING: Final = re.compile("(?!.*[时后前中里上下]$)[^用把将在对向从，]+")
_FORBIDS: Final = re.compile(f"(?:{_BAN}|不)")
_BARE_BAN: Final = re.compile(
    "(?P<subject>)(?P<marker>不)(?P<rest>[往抽张逼喧吐挑乱随接打使用以向在与带穿谈问拿迟].{1,40})"
)
_NORM: Final = (
    "应当|应该|必须|务必|(?<!无)需要|最好|可以|只能|只可|方可|才能|不妨|一律|均应|均须|有权|"
    "(?<![适相反供响对效感呼答])应(?![用对付急酬届运验聘邀])|(?<![必无])须(?!知)|(?<![无毋必急确])需(?!求|要)|"
    "(?<![许认可两尚])可(?![能靠见惜是行谓观持想贵])|(?<![重主需只不次将概首扼摘纪想正])要(?![求素点领件害闻旨么是不诀])|(?<![适便事合权])宜"
)
_NORM_CLAUSE: Final = re.compile(f"(?P<subject>.{{0,16}}?)(?P<marker>{_NORM})(?P<rest>.{{2,60}})")
_SCENE: Final = re.compile(
    "(?:(?:如果|如|若|假如|倘若|当|遇有|遇到|遇|凡|一旦|对于|对|除|在|为|与|因|经).{1,30}|.{1,24}(?:时候|时|之前|之后|以前|以后|前|后|的话|情况下|期间|场合|过程中|当中)|.{3,26}的)"
)
_SCENE_WITHIN: Final = re.compile(
    "(?P<scene>.{1,18}?(?:时|之前|之后|前|后|期间|过程中))(?P<rest>[^候间期面来提或和、及与].+)"
)
_EXCEPTION: Final = re.compile("例外|除外|除非|不在此限|不受此限|另有规定")
_LEADING: Final = re.compile(
    "^(?:但是|但|而且|而|同时|另外|此外|并且|并|且|也|则|还|更|又|既|然后|随后|特别是|尤其是|其中|因此|所以)(?=.{3})"
)
_COORDINATED: Final = re.compile("(?:.{1,6}、)+.{1,6}(?:和|及|或|以及).{1,6}|(?:.{1,8}、)+.{1,8}")
_PLACED: Final = re.compile(
    "(?:将|把)(?P<thing>.{1,12}?)(?P<verb>放在|放入|放到|放回|置于|存入|存放在|交给|递给|送到|报|装入|贴在)(?P<place>.{1,20})"
)
_TURNED: Final = re.compile(
    "(?P<thing>.{1,8}?)(?:皆|都|均|应)?(?P<verb>向|朝)(?P<side>[上下左右内外前后东南西北]{1,2}方?)"
)
_HANDLED: Final = re.compile("(?P<thing>[^用向朝往将把在]{2,10}?)(?P<rest>(?:用|向|朝|往)[^，]{2,})")
_EFFECT: Final = re.compile("(?:影响|妨碍|有损|损害|造成|导致|打扰|惊扰|引起|伤害|招致).{2,12}")
_NOT_A_STEP: Final = re.compile(
    "^(?:因为|由于|所以|这|那|它|其|此|该|我|你|他|有些|有的|即使|虽然|尽管|无论|不仅|不但|只有|甚至|是|就是)|如下$|几个?方面$|以下"
)
_CLAUSE_MOST: Final = 34


@dataclass(frozen=True, slots=True)
class _Clause:
    span: Span
    text: str  # without the connective it began with
    scene: str
    before: str  # the clause before it, "" at the sentence's start or behind a scene
    after: str  # the clause behind it
    exception: str


def duties(passage: Passage) -> Iterator[Found]:
    """Bans, norms and, where the surroundings instruct, bare imperatives; one fact a clause."""
    if not passage.chinese:
        return
    for sentence in sentences(passage.span):
        if sentence.text.rstrip("。") == passage.topic and not re.search(f"{_BAN}|应|先.*再", sentence.text):
            continue
        if steps := sequence(passage, sentence):
            yield steps
        for clause in _with_scenes(sentence):
            yield from _duty(passage, clause)


def _with_scenes(sentence: Span) -> Iterator[_Clause]:
    label, colon, _ = sentence.text.partition("：")
    body = sentence.cut(len(label) + 1) if colon and len(label) <= 16 else sentence
    scene = f"{label}，" if colon and len(label) <= 8 and not label.endswith(("注意", "如下")) else ""
    parts = list(clauses(body))
    before = ""
    for place, part in enumerate(parts):
        if (
            place + 1 < len(parts)
            and _SCENE.fullmatch(part.text)
            and not re.search(f"^(?:{_BAN})|应|必须", part.text)
        ):
            scene, before = scene + part.text + "，", ""
            continue
        if _EXCEPTION.search(part.text) and place:
            continue
        following = parts[place + 1].text if place + 1 < len(parts) else ""
        exception = following if _EXCEPTION.search(following) else ""
        text = _LEADING.sub("", part.text.rstrip("。"))
        yield _Clause(part, text, scene, before, following.rstrip("。"), exception)
        before = text


def _duty(passage: Passage, clause: _Clause) -> Iterator[Found]:
    if not 2 <= len(clause.text) <= _CLAUSE_MOST:
        return
    ban = None if _NOT_A_BAN.search(clause.text) else _BAN_CLAUSE.fullmatch(clause.text)
    if ban is None and passage.ruled:
        ban = _BARE_BAN.fullmatch(clause.text)
    if ban:
        yield from _bans(passage, clause, ban)
    elif norm := _NORM_CLAUSE.fullmatch(clause.text):
        yield _norm(passage, clause, norm)
    elif passage.ruled and not _NOT_A_STEP.search(clause.text) and not _EFFECT.match(clause.text):
        yield from _step(passage, clause)


def _bans(passage: Passage, clause: _Clause, match: re.Match[str]) -> Iterator[Found]:
    subject, marker, rest = match["subject"], match["marker"], match["rest"]
    members = _members(rest) if "忌" in marker else [rest]
    for place, member in enumerate(members):
        asks = [passage.ask(f"{clause.scene}{subject}{marker}怎样？")] if clause.scene or subject else []
        if place:
            asks = [passage.ask(f"除了{'、'.join(members[:place])}，还{marker}怎样？")]
        elif effect := _EFFECT.match(clause.after):
            asks.append(passage.ask(f"怎样会{effect[0]}，因此{marker}？"))
        elif not asks and clause.before and not _FORBIDS.match(clause.before):
            begun = next(iter(_beginnings(member)), "")
            asks.append(passage.ask(f"{clause.before}，{marker}{begun}{'……' if begun else '怎样'}？"))
        asks += [passage.ask(f"{clause.scene}{subject}{marker}{begun}……？") for begun in _beginnings(member)]
        asks.append(passage.ask(f"{clause.scene}{clause.before and clause.before + '，还'}不可怎样？"))
        yield Found(
            rule="ban",
            kind="ban",
            span=clause.span,
            asks=tuple(asks),
            back=_with_exception(f"{marker}{member}", clause.exception),
            rank=0.9 if passage.ruled else 0.45,
            **_backwards(passage, clause, subject, f"{marker}{member}", len(members) == 1),
            cue=subject or clause.scene.rstrip("，"),
        )


class _Backwards(TypedDict, total=False):
    note_kind: NoteKind
    reverse_ask: str
    reverse_back: str


def _backwards(passage: Passage, clause: _Clause, subject: str, said: str, fits: bool) -> _Backwards:
    """The same rule asked for whom or what it binds."""
    if (
        not fits
        or clause.scene
        or not 2 <= len(subject) <= 8
        or not passage.ruled
        or not _THING.fullmatch(subject)
    ):
        return {}
    who = "谁" if _PERSON.search(subject) else "什么"
    return {
        "note_kind": "reverse",
        "reverse_ask": passage.ask(f"{who}{said}？"),
        "reverse_back": subject.rstrip("都均也"),
    }


def _beginnings(text: str) -> list[str]:
    """About a third of the words is enough to know which rule is meant."""
    least = max(2, len(text) // 3)
    return prefixes(text, (least, least + 1, least + 2, least + 4, least + 6))


def _members(rest: str) -> list[str]:
    """Short things behind one ban marker are bans of their own."""
    if not _COORDINATED.fullmatch(rest):
        return [rest]
    parts = [part for part in re.split("、|和|及|或|以及", rest) if part]
    return parts if len(parts) > 2 and all(2 <= len(part) <= 8 for part in parts) else [rest]


def _with_exception(text: str, exception: str) -> str:
    return f"{text}（{exception}）" if exception else text


def _norm(passage: Passage, clause: _Clause, match: re.Match[str]) -> Found:
    subject, marker, rest = match["subject"], match["marker"], match["rest"]
    scene = clause.scene
    if within := _SCENE_WITHIN.fullmatch(f"{subject}。。"):
        scene, subject = f"{scene}{within['scene']}，", within["rest"].rstrip("。")
    verb = "可以怎样" if marker in ("可", "可以", "不妨", "有权") else "应怎样"
    asks = []
    if (scene or subject) and rest[0] in "把将用" and len(rest) > 5:
        asks.append(passage.ask(f"{scene}{subject}{marker}{rest[:3]}……？"))
    if scene or subject:
        asks.append(passage.ask(f"{scene}{subject}{verb}？"))
    if clause.before:
        also = "还" if re.search(f"{_BAN}|{_NORM}", clause.before) else ""
        asks.append(passage.ask(f"{scene}{clause.before}，{also}{verb}？"))
    asks += [passage.ask(f"{scene}{subject}{marker}{begun}……？") for begun in _beginnings(rest)]
    return Found(
        rule="norm",
        kind="norm",
        span=clause.span,
        asks=tuple(asks or [passage.ask(f"{verb}？")]),
        back=_with_exception(f"{marker}{rest}", clause.exception),
        rank=0.85 if passage.ruled else 0.6 if scene else 0.35,
        **_backwards(passage, clause, subject, f"{marker}{rest}", passage.ruled and not scene),
        cue=subject or scene.rstrip("，"),
    )


def _step(passage: Passage, clause: _Clause) -> Iterator[Found]:
    text, scene = clause.text, clause.scene
    if within := _SCENE_WITHIN.fullmatch(text):
        scene, text = within["scene"] + "，", within["rest"]
    asks = []
    if turned := _TURNED.fullmatch(text):
        asks.append(passage.ask(f"{scene}{turned['thing']}{turned['verb']}哪边？"))
    elif handled := _HANDLED.fullmatch(text):
        asks.append(passage.ask(f"{scene}{handled['thing']}应怎样？"))
        text = handled["rest"]
    elif placed := _PLACED.fullmatch(text):
        asks.append(passage.ask(f"{scene}{placed['thing']}应{placed['verb']}哪里？"))
    elif scene:
        asks.append(passage.ask(f"{scene}应怎么做？"))
    if clause.before:
        asks.append(passage.ask(f"{clause.scene}{clause.before}，接着怎样？"))
    asks += [passage.ask(f"{scene}{begun}……？") for begun in _beginnings(text)]
    asks = asks or [passage.ask("首先怎样？")]
    yield Found(
        rule="step",
        kind="step",
        span=clause.span,
        asks=tuple(asks),
        back=text,
        rank=(0.7 if passage.terse else 0.45) if len(text) <= 24 else 0.4,
        cue=scene.rstrip("，"),
    )
