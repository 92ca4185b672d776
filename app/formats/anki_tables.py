"""What a collection says about itself: note types, decks with their options, settings; in both schemas."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.formats import protobuf
from app.formats.anki_values import deck_name, json_of, name, objects, real, whole, words
from app.formats.drafts import ImportedDeck, NoteTypeDraft, TemplateDraft
from app.formats.limits import Limits
from app.formats.protobuf import BadMessage, Message
from app.formats.refusals import FileRefused
from app.formats.sqlite_file import Reader

DEFAULT_DECK: Final = "1"
_MOST_FIELDS: Final = 100
_MOST_TEMPLATES: Final = 100

# field numbers of Anki's protobuf messages
_NOTETYPE_KIND, _NOTETYPE_CSS = 1, 3
_TEMPLATE_FRONT, _TEMPLATE_BACK = 1, 2
_DECK_NORMAL, _DECK_FILTERED = 1, 2
_NORMAL_CONFIG, _NORMAL_DESCRIPTION, _NORMAL_RETENTION = 1, 4, 10
_OPTIONS_NEW, _OPTIONS_REVIEWS, _OPTIONS_RETENTION = 9, 10, 37


@dataclass(frozen=True, slots=True)
class Described:
    """The collection but for its notes. Keys are Anki's ids as texts."""

    note_types: dict[str, NoteTypeDraft]
    decks: dict[str, ImportedDeck]
    west_minutes: int | None  # of the zone it was made in
    old_buttons: bool  # its log is of the first scheduler

    def deck_key(self, deck_id: int) -> str:
        """The deck a card belongs to; cards of lost decks go to the default one."""
        key = str(deck_id)
        return key if key in self.decks else DEFAULT_DECK


@dataclass(frozen=True, slots=True)
class _Options:
    new_per_day: int | None = None
    reviews_per_day: int | None = None
    retention: float | None = None


def describe(reader: Reader, *, legacy: bool, limits: Limits) -> Described:
    """Raises FileRefused: "collection-data", "too-many-rows"."""
    try:
        found = _legacy(reader, limits) if legacy else _modern(reader, limits)
    except BadMessage as error:
        raise FileRefused("collection-data", what="protobuf") from error
    used = {str(whole(row[0])) for row in reader.rows("select distinct iif(odid, odid, did) from cards")}
    decks = {key: deck for key, deck in found.decks.items() if key != DEFAULT_DECK or key in used}
    if not used <= set(decks):
        decks.setdefault(DEFAULT_DECK, ImportedDeck(DEFAULT_DECK, "Default"))
    return Described(found.note_types, decks, found.west_minutes, found.old_buttons)


def _capped(rows: Iterator[Any], what: str, most: int) -> Iterator[Any]:
    for count, row in enumerate(rows):
        if count >= most:
            raise FileRefused("too-many-rows", what=what, limit=most)
        yield row


# --- schema 11 ---


def _legacy(reader: Reader, limits: Limits) -> Described:
    conf, models, decks, dconf = (
        json_of(value, what)
        for value, what in zip(
            reader.first("select conf, models, decks, dconf from col limit 1"),
            ("conf", "models", "decks", "dconf"),
            strict=True,
        )
    )
    settings = conf if isinstance(conf, dict) else {}
    options = {whole(group.get("id")): _legacy_options(group) for group in objects(dconf)}
    return Described(
        {
            draft.key: draft
            for model in _capped(objects(models), "models", limits.note_types)
            if (draft := note_type_of(str(whole(model.get("id"))), model)) is not None
        },
        {
            (key := str(whole(deck.get("id")))): _deck(
                key,
                deck.get("name"),
                deck.get("desc"),
                options.get(whole(deck.get("conf")), _Options()),
                real(deck.get("desiredRetention"), 0, 100),
            )
            for deck in _capped(objects(decks), "decks", limits.decks)
            if not deck.get("dyn")
        },
        _west(settings),
        whole(settings.get("schedVer"), 1) == 1,
    )


def note_type_of(key: str, model: dict[str, Any]) -> NoteTypeDraft | None:
    """A note type as Anki writes it in JSON; None for one that could make no card."""
    fields = sorted(objects(model.get("flds")), key=lambda field: whole(field.get("ord")))
    templates = sorted(objects(model.get("tmpls")), key=lambda template: whole(template.get("ord")))
    return _note_type(
        key,
        model.get("name"),
        whole(model.get("type")) == 1,
        [field.get("name") for field in fields],
        [(one.get("name"), one.get("qfmt"), one.get("afmt")) for one in templates],
        model.get("css"),
    )


def _legacy_options(group: dict[str, Any]) -> _Options:
    new, reviews = group.get("new"), group.get("rev")
    return _Options(
        _per_day(new.get("perDay")) if isinstance(new, dict) else None,
        _per_day(reviews.get("perDay")) if isinstance(reviews, dict) else None,
        real(group.get("desiredRetention"), 0, 100),
    )


def _west(settings: dict[str, Any]) -> int | None:
    west = settings.get("creationOffset")
    return west if isinstance(west, int) and -15 * 60 <= west <= 15 * 60 else None


# --- schemas 15 to 18 ---


def _modern(reader: Reader, limits: Limits) -> Described:
    settings = {
        words(key): json_of(value, "config")
        for key, value in reader.rows(
            "select KEY, val from config where KEY in ('creationOffset', 'schedVer')"
        )
    }
    options = {
        whole(key): _modern_options(protobuf.read_message(_blob(config)))
        for key, config in reader.rows("select id, config from deck_config limit 5000")
    }
    return Described(
        _modern_note_types(reader, limits),
        dict(_modern_decks(reader, options, limits)),
        _west(settings),
        whole(settings.get("schedVer"), 1) == 1,
    )


def _modern_note_types(reader: Reader, limits: Limits) -> dict[str, NoteTypeDraft]:
    fields: dict[int, list[Any]] = {}
    most = limits.note_types * _MOST_FIELDS
    for key, field_name in _capped(
        reader.rows("select ntid, name from fields order by ntid, ord"), "fields", most
    ):
        fields.setdefault(whole(key), []).append(field_name)
    templates: dict[int, list[tuple[Any, str, str]]] = {}
    for key, template_name, config in _capped(
        reader.rows("select ntid, name, config from templates order by ntid, ord"), "templates", most
    ):
        message = protobuf.read_message(_blob(config))
        sides = protobuf.text(message, _TEMPLATE_FRONT), protobuf.text(message, _TEMPLATE_BACK)
        templates.setdefault(whole(key), []).append((template_name, *sides))
    found = {}
    rows = reader.rows("select id, name, config from notetypes order by id")
    for raw_key, type_name, config in _capped(rows, "notetypes", limits.note_types):
        key, message = whole(raw_key), protobuf.read_message(_blob(config))
        draft = _note_type(
            str(key),
            type_name,
            protobuf.number(message, _NOTETYPE_KIND) == 1,
            fields.get(key, []),
            templates.get(key, []),
            protobuf.text(message, _NOTETYPE_CSS),
        )
        if draft is not None:
            found[draft.key] = draft
    return found


def _modern_decks(
    reader: Reader, options: dict[int, _Options], limits: Limits
) -> Iterator[tuple[str, ImportedDeck]]:
    rows = reader.rows("select id, name, kind from decks order by id")
    for raw_key, raw_name, kind in _capped(rows, "decks", limits.decks):
        container = protobuf.read_message(_blob(kind))
        if _DECK_FILTERED in container:
            continue
        normal = protobuf.read_message(protobuf.raw(container, _DECK_NORMAL))
        retention = protobuf.raw(normal, _NORMAL_RETENTION) if _NORMAL_RETENTION in normal else b""
        own = protobuf.floats({1: [retention]}, 1)
        key = str(whole(raw_key))
        yield (
            key,
            _deck(
                key,
                raw_name,
                protobuf.text(normal, _NORMAL_DESCRIPTION),
                options.get(protobuf.number(normal, _NORMAL_CONFIG), _Options()),
                own[0] if own else None,
            ),
        )


def _modern_options(message: Message) -> _Options:
    retention = protobuf.floats(message, _OPTIONS_RETENTION)
    return _Options(
        _per_day(protobuf.number(message, _OPTIONS_NEW)),
        _per_day(protobuf.number(message, _OPTIONS_REVIEWS)),
        retention[-1] if retention else None,
    )


def _blob(value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise BadMessage("no blob")
    return value


# --- both ---


def _note_type(
    key: str,
    type_name: Any,
    cloze: bool,
    field_names: list[Any],
    templates: list[tuple[Any, Any, Any]],
    css: Any,
) -> NoteTypeDraft | None:
    """None for a note type that could make no card, whose notes are then left out."""
    fields = [name(field) for field in field_names]
    usable = fields and templates and len(set(fields)) == len(fields) and all(fields)
    if not usable or len(fields) > _MOST_FIELDS or len(templates) > _MOST_TEMPLATES:
        return None
    return NoteTypeDraft(
        key,
        name(type_name) or "-",
        "cloze" if cloze else "normal",
        tuple(fields),
        tuple(TemplateDraft(name(one) or "-", words(front), words(back)) for one, front, back in templates),
        words(css)[:65_536],
    )


def _deck(
    key: str, raw_name: Any, description: Any, options: _Options, own_retention: float | None
) -> ImportedDeck:
    retention = options.retention if own_retention is None else own_retention
    if retention is not None and retention > 1:
        retention /= 100
    sensible = retention is not None and 0.7 <= retention <= 0.99
    return ImportedDeck(
        key,
        deck_name(raw_name),
        words(description)[:4096],
        options.new_per_day,
        options.reviews_per_day,
        round(retention, 4) if sensible and retention is not None else None,
    )


def _per_day(value: Any) -> int:
    return whole(value, 0, 0, 9999)
