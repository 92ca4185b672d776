"""What can go wrong in the product's own terms.

Only `app/api/errors.py` knows which status code each class becomes, and `core/sentences.py` holds the words
that a learner reads::

    DomainError
    ├── NotSignedIn    nobody, or a token that is no longer good
    ├── Missing        no such thing, or it belongs to somebody else
    ├── Conflict       the thing has changed, or the id is taken by something else
    ├── Refused        well-formed, but it cannot be done as asked
    ├── TooLarge       more than the service takes at once
    ├── Throttled      too many tries; come back later
    ├── Busy           the database is occupied; the same request will do later
    └── StorageFull    nothing more can be written
"""

from typing import Any


class DomainError(Exception):
    """A refusal with a stable `code` (a slug), the values its sentence names, and the field it is about.

    `pointer` is a JSON pointer (RFC 6901) into the request body, None when no single field is to blame.
    """

    def __init__(self, code: str, *, pointer: str | None = None, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, Any] = params
        self.pointer = pointer

    def __str__(self) -> str:
        named = "".join(f" {name}={value!r}" for name, value in self.params.items())
        return f"{self.code}{named}" + (f" at {self.pointer}" if self.pointer else "")


class NotSignedIn(DomainError):
    """Nobody is signed in, or the proof is no longer good."""


class Missing(DomainError):
    """No such thing, or it belongs to somebody else: the two look the same from outside."""


class Conflict(DomainError):
    """The thing has changed meanwhile, or its id or name is taken."""


class Refused(DomainError):
    """Well-formed, but it cannot be done as asked."""


class TooLarge(DomainError):
    """More than the service takes at once."""


class Throttled(DomainError):
    """Too many tries. `params["retry_after"]` says in how many seconds to come back."""


class Busy(DomainError):
    """The database is occupied; the same request will do later."""


class StorageFull(DomainError):
    """Nothing more can be written."""
