"""XML from strangers, as a stream: no entities of its own, no outside files, no bottomless nesting."""

from collections.abc import Iterable
from typing import Any, Final, NoReturn
from xml.parsers import expat

from app.formats.refusals import FileRefused

DEEPEST: Final = 256


class Handler:
    """What happens at each element; names come without their namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...


def read_xml(chunks: Iterable[bytes], handler: Handler) -> None:
    """Raises FileRefused: "document-broken", "document-structure" (entities, nesting)."""
    parser = expat.ParserCreate(namespace_separator=" ")
    around: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(around) >= DEEPEST:
            raise FileRefused("document-structure")
        around.append(_local(name))
        handler.start(around[-1], {_local(key): value for key, value in attributes.items()})

    def finish(_: str) -> None:
        handler.end(around.pop())

    def refuse(*_: Any) -> NoReturn:
        raise FileRefused("document-structure")

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.CharacterDataHandler = handler.data
    parser.EntityDeclHandler = refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise FileRefused("document-broken") from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2] if " " in name else name
