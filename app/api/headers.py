"""What every answer carries: who may embed or script it, its request id, and one line in the log."""

import gzip
import hashlib
import json
import logging
import secrets
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types worker dompurify",
    )
)
SECURITY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
HSTS = "max-age=31536000"
WORTH_PACKING = 1_400
"""Bytes below which an answer fits one network packet anyway."""

requests_log = logging.getLogger("wengu.requests")


def compact(response: Response) -> Response:
    """An answer with its ETag (304 where the asker has it), gzipped where that helps and is accepted."""
    data = response.get_data()
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        response.set_etag(hashlib.blake2b(data, digest_size=16).hexdigest(), weak=True)
        response.headers.setdefault("Cache-Control", "private, no-cache")
    response.vary.update(("Accept-Encoding", "Cookie", "Authorization"))
    if len(data) >= WORTH_PACKING and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(data, compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    if response.status_code == 200:
        response.make_conditional(request)
    return response


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request id, and what the caller added."""

    _OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in self._OWN}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if g and "request_id" in g:
            record.request_id = g.request_id
        return True


def log_as_json(level: str) -> None:
    """Send the service's log to standard error as JSON lines, at `level` and above."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    handler.addFilter(_RequestId())
    logger = logging.getLogger("wengu")
    logger.handlers[:] = [handler]
    logger.setLevel(level.upper())
    logger.propagate = False


def register(app: Flask) -> None:
    """Put the headers on every answer of `app` and write one line for each request."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        known = {name.lower() for name, _ in response.headers}
        for name, value in SECURITY.items():
            if name.lower() not in known:
                response.headers.add(name, value)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = HSTS
        response.headers["X-Request-Id"] = g.request_id
        requests_log.info(
            "%s %s %s",
            request.method,
            request.path,
            response.status_code,
            extra={
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - g.began) * 1000, 2),
            },
        )
        return response
