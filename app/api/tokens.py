"""API tokens, for scripts."""

from os import urandom
from uuid import UUID

from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.fields import Id, Name, Out, Page, Wire
from app.services import devices
from app.services.identity import Identity

resource = Resource("tokens", "API tokens")


class TokenNew(Wire):
    """What the token is for, in the learner's words."""

    name: Name


class TokenOut(Out):
    """A token without its secret."""

    id: UUID
    name: str
    created_at: int


class TokenMade(TokenOut):
    """A new token. `token` is shown this once: only its hash is kept."""

    token: str


class TokenList(Out):
    """One page of tokens; `next` is the cursor of the page after, null on the last."""

    items: list[TokenOut]
    next: str | None


@resource.on("GET", "/tokens", problems={422: ("cursor-invalid",)})
def list_my_tokens(caller: Identity, query: Page, engine: Engine) -> TokenList:
    """The tokens that stand, oldest first."""
    return TokenList.model_validate(devices.list_tokens(engine, caller.learner_id, query.cursor, query.limit))


@resource.on("POST", "/tokens", status=201, problems={413: ("too-many-tokens",)})
def make_token(caller: Identity, body: TokenNew, engine: Engine, now: int) -> TokenMade:
    """Make a token: `Authorization: Bearer …` then stands for the learner."""
    made = devices.create_token(engine, caller.learner_id, name=body.name, now=now, random=urandom)
    return TokenMade(
        id=made.token.id, name=made.token.name, created_at=made.token.created_at, token=made.secret
    )


@resource.on("DELETE", "/tokens/<id>", problems={404: ("token-missing",)})
def remove_my_token(caller: Identity, id: Id, engine: Engine) -> None:
    """Make a token worth nothing."""
    devices.remove_token(engine, caller.learner_id, id)
