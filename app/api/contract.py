"""The HTTP contract: a handler's signature says what comes in and goes out; the document is made of the same.

A handler's parameters are bound by name: `body` and `query` are pydantic models, `upload` a body that is a
file, `caller` who asks (or None where signing in is optional), `engine` the database, `now` the clock in ms;
others are parts of the path.
What it returns is the answer's body: a model, None (204), a Reply (another status), a Stream or a Download.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Generic, ParamSpec, TypeVar, cast, get_args, get_origin, get_type_hints
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.api.auth import check_same_site, identify, now_ms, require
from app.api.body import read_json, read_query
from app.api.errors import Problem
from app.api.headers import compact

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
LARGEST_UPLOAD = 104_857_600
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """An answer with a status of its own."""

    body: T
    status: int


@dataclass(frozen=True, slots=True)
class Stream(Generic[T]):
    """An answer too large to hold: pieces of JSON that together make one T, saved under a file name."""

    pieces: Iterable[bytes]
    filename: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out, piece by piece; which types it may have, the decorator says."""

    pieces: Iterable[bytes]
    filename: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the request's whole body, of any type: to be read piece by piece, never held."""

    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, as the handler's signature and the decorator tell it."""

    method: str
    rule: str
    handler: Callable[..., Any]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    path: Mapping[str, TypeAdapter[Any]]
    needs: frozenset[str]
    signed_in: bool | None
    """True: a caller is needed. None: one is known if there is one. False: nobody asks who it is."""
    result: Any
    streamed: bool
    statuses: tuple[int, ...]
    problems: Mapping[int, tuple[str, ...]]
    content_types: tuple[str, ...]
    """Of a download; empty where the answer is JSON."""
    writer: TypeAdapter[Any] | None = field(repr=False)

    @classmethod
    def of(
        cls, handler: Callable[..., Any], method: str, rule: str, statuses: tuple[int, ...], problems: Any,
        content_types: tuple[str, ...] = (),
    ) -> "Operation":  # fmt: skip
        hints = get_type_hints(handler, include_extras=True)
        result = hints.pop("return")
        streamed = get_origin(result) is Stream or result is Download
        if get_origin(result) in (Reply, Stream):
            (result,) = get_args(result)
        nothing = result is type(None)
        names = inspect.signature(handler).parameters
        own = {"body", "query", "upload", "caller", "engine", "now"}
        return cls(
            method=method,
            rule=rule,
            handler=handler,
            body=hints.get("body"),
            query=hints.get("query"),
            path={name: TypeAdapter(hints[name]) for name in names if name not in own},
            needs=frozenset(names) & own,
            signed_in=None if type(None) in get_args(hints.get("caller")) else "caller" in names,
            result=None if nothing or result is Download else result,
            streamed=streamed,
            statuses=statuses or ((204,) if nothing else (200,)),
            problems=problems or {},
            content_types=content_types,
            writer=None if nothing or streamed else TypeAdapter(result),
        )

    def view(self, **path: str) -> Response:
        """Answer one request: who, what, do, say."""
        return self._said(self.handler(**self._bound(path)))

    def _bound(self, path: Mapping[str, str]) -> dict[str, Any]:
        bound: dict[str, Any] = {}
        caller = identify() if self.signed_in is not False else None
        if self.method not in SAFE_METHODS:
            check_same_site(caller)
        if "caller" in self.needs:
            bound["caller"] = require(caller) if self.signed_in else caller
        for name, adapter in self.path.items():
            bound[name] = _part(adapter, path[name])
        if self.query is not None:
            bound["query"] = read_query(self.query)
        elif request.args:
            raise Problem(
                422, "validation", errors=[(f"/{name}", "extra_forbidden", {}) for name in request.args]
            )
        if "upload" in self.needs:
            request.max_content_length = LARGEST_UPLOAD
            bound["upload"] = Upload(cast(BinaryIO, request.stream))
        if self.body is not None:
            bound["body"] = read_json(self.body)
        if "engine" in self.needs:
            bound["engine"] = current_app.extensions["engine"]
        if "now" in self.needs:
            bound["now"] = now_ms()
        return bound

    def _said(self, value: Any) -> Response:
        if isinstance(value, Stream):
            return _file(value.pieces, value.filename, "application/json")
        if isinstance(value, Download):
            return _file(value.pieces, value.filename, value.content_type)
        status = self.statuses[0]
        if isinstance(value, Reply):
            value, status = value.body, value.status
        if self.writer is None:
            return Response(status=status, headers={"Cache-Control": "no-store"})
        response = Response(self.writer.dump_json(value), status, content_type="application/json")
        if self.method != "GET":
            response.headers["Cache-Control"] = "no-store"
        return compact(response)


def _file(pieces: Iterable[bytes], name: str, content_type: str) -> Response:
    """An answer to be saved; the name goes out as RFC 6266 wants it, for old browsers in ASCII too."""
    response = Response(pieces, content_type=content_type, headers={"Cache-Control": "no-store"})
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    own = {} if plain == name else {"filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", filename=plain, **own)
    return response


def _part(adapter: TypeAdapter[Any], text: str) -> Any:
    try:
        return adapter.validate_strings(text)
    except ValidationError:
        raise Problem(404, "not-found") from None


class Resource:
    """The operations of one kind of thing, all under /api."""

    def __init__(self, name: str, title: str) -> None:
        self.name, self.title = name, title
        self.blueprint = Blueprint(name, __name__, url_prefix="/api")
        self.operations: list[Operation] = []

    def on(
        self,
        method: str,
        rule: str,
        *,
        status: int | tuple[int, ...] = (),
        problems: Mapping[int, tuple[str, ...]] | None = None,
        content_types: tuple[str, ...] = (),
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Register the handler for `method` on /api`rule`; `problems` are the codes it may refuse with.

        `content_types` are those of a Download.
        """
        statuses = (status,) if isinstance(status, int) else status

        def register(handler: Callable[P, R]) -> Callable[P, R]:
            operation = Operation.of(handler, method, rule, statuses, problems, content_types)
            self.operations.append(operation)
            self.blueprint.add_url_rule(rule, handler.__name__, operation.view, methods=[method])
            return handler

        return register
