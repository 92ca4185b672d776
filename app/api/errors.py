"""One shape for all that goes wrong: RFC 9457 problem+json. Only here do errors have status codes."""

import errno
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy.exc
from flask import Flask, Response, g, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from app.api.words import field_sentence, language_of, sentence
from app.core import errors as domain

APP_HEADER = "Wengu-Api"
STATUS: tuple[tuple[type[domain.DomainError], int], ...] = (
    (domain.Missing, 404),
    (domain.Conflict, 409),
    (domain.TooLarge, 413),
    (domain.Refused, 422),
    (domain.NotSignedIn, 401),
    (domain.Throttled, 429),
    (domain.Busy, 503),
    (domain.StorageFull, 507),
)
RETRY_AFTER_SECONDS = 2
FieldError = tuple[str, str, Mapping[str, Any]]
log = logging.getLogger("wengu")


class Problem(Exception):
    """Something wrong with the request itself. `errors` are (pointer, kind, params) of single fields."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.errors, self.params = status, code, errors, params
        self.headers = dict(headers or {})


def invalid(wrong: ValidationError, given: Any) -> Problem:
    """pydantic's findings on `given` as a Problem 422 with a pointer for each wrong field, the first 50."""
    found = wrong.errors(include_url=False, include_input=False)[:50]
    return Problem(
        422,
        "validation",
        errors=[
            (pointer(item["loc"], given, item["type"] == "missing"), item["type"], item.get("ctx", {}))
            for item in found
        ],
    )


def pointer(location: Sequence[str | int], given: Any, missing: bool) -> str:
    """A JSON pointer (RFC 6901) to where pydantic says the error is.

    pydantic also names the branch of a union and the side of a mapping; those are no steps in it.
    """
    steps: list[str | int] = []
    for number, step in enumerate(location):
        inside = isinstance(given, dict) and step in given
        inside = inside or (isinstance(given, list) and isinstance(step, int) and step < len(given))
        if inside:
            given = given[step]
        if inside or (missing and number == len(location) - 1):
            steps.append(step)
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def status_of(error: domain.DomainError) -> int:
    return next((status for kind, status in STATUS if isinstance(error, kind)), 422)


def language() -> str:
    """What the app shows on this device; for scripts, that of the learner where they are known."""
    known: str | None = None if APP_HEADER in request.headers else g.get("language")
    return known or language_of(request.headers.get("Accept-Language"))


def document(problem: Problem, words: str) -> dict[str, Any]:
    """The problem as it goes out, without its request id."""
    errors = [
        {"pointer": where, "code": kind, "detail": field_sentence(kind, words, dict(params))}
        for where, kind, params in problem.errors
    ]
    body: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": sentence(problem.code, words, problem.params),
        "status": problem.status,
    }
    return {**body, "errors": errors} if errors else body


def of_domain(error: domain.DomainError) -> Problem:
    """A domain error with its status; the field that it names becomes the one entry of `errors`."""
    problem = Problem(status_of(error), error.code, **error.params)
    if problem.status in (429, 503):
        problem.headers["Retry-After"] = str(error.params.get("retry_after", RETRY_AFTER_SECONDS))
    if error.pointer:
        problem.errors = [(error.pointer, error.code, error.params)]
    return problem


def answer(problem: Problem) -> Response:
    """The response to a problem, in the words of whoever asks."""
    words = language()
    body = {**document(problem, words), "request_id": g.get("request_id", "")}
    response = Response(
        json.dumps(body, ensure_ascii=False, default=str) + "\n",
        problem.status,
        problem.headers,
        content_type="application/problem+json",
    )
    response.headers["Content-Language"] = words
    response.headers["Cache-Control"] = "no-store"
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="wengu"'
    return response


def of_http(error: HTTPException) -> Problem:
    """What Flask itself refuses, with the headers that belong to it (405 keeps Allow)."""
    status = error.code or 500
    kept = {
        name: value for name, value in error.get_headers() if name in ("Allow", "Location", "Retry-After")
    }
    codes = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}
    code = codes.get(status, "bad-request" if status < 500 else "internal")
    return Problem(status, code, headers=kept, limit=request.max_content_length)


def of_failure(error: Exception) -> Problem:
    """What nobody foresaw. A full disk and a busy database are no faults of the program."""
    inner = getattr(error, "orig", None) or error
    text = str(inner).lower()
    if getattr(inner, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in text:
        return Problem(507, "storage-full")
    if getattr(inner, "sqlstate", None) in ("53100",):
        return Problem(507, "storage-full")
    if _occupied(error, inner) or "is locked" in text:
        return Problem(503, "busy", headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    return Problem(500, "internal")


def _occupied(error: Exception, inner: BaseException) -> bool:
    """Whether PostgreSQL is full, away or asks to try again, or all our connections to a database are in use.

    Its OperationalErrors are no faults of a statement: lost connections, shutdowns, too little memory.
    """
    if not hasattr(inner, "sqlstate"):
        return isinstance(error, sqlalchemy.exc.TimeoutError)
    return isinstance(error, sqlalchemy.exc.OperationalError) or inner.sqlstate in ("40001", "40P01", "55P03")


def register(app: Flask) -> None:
    """Make every failure of `app` a problem document."""

    @app.errorhandler(Problem)
    def on_problem(error: Problem) -> Response:
        return answer(error)

    @app.errorhandler(domain.DomainError)
    def on_domain(error: domain.DomainError) -> Response:
        return answer(of_domain(error))

    @app.errorhandler(HTTPException)
    def on_http(error: HTTPException) -> Response:
        return answer(of_http(error))

    @app.errorhandler(Exception)
    def on_failure(error: Exception) -> Response:
        problem = of_failure(error)
        log.error("request failed", exc_info=error, extra={"code": problem.code})
        return answer(problem)
