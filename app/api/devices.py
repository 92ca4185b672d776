"""The devices of a learner, and the code by which one more joins."""

from os import urandom
from uuid import UUID

from sqlalchemy import Engine

from app.api.contract import Resource
from app.api.fields import Id, Out, Page
from app.core.day import DAY_MS
from app.services import devices
from app.services.identity import Identity

resource = Resource("devices", "Devices")


class DeviceOut(Out):
    """A phone or browser of the learner; `this` is the one that asks. Seen: exact to the day only."""

    id: UUID
    name: str
    created_at: int
    last_seen_day: int
    last_seen_at: int
    signed_in: bool
    this: bool


class DeviceList(Out):
    """One page of devices; `next` is the cursor of the page after, null on the last."""

    items: list[DeviceOut]
    next: str | None


class JoinCodeOut(Out):
    """A code that is good once, until `expires_at` (ms)."""

    code: str
    expires_at: int


@resource.on("GET", "/devices", problems={422: ("cursor-invalid",)})
def list_my_devices(caller: Identity, query: Page, engine: Engine) -> DeviceList:
    """The devices that have synced or are signed in."""
    page = devices.list_devices(engine, caller.learner_id, query.cursor, query.limit)
    items = [
        DeviceOut(
            id=row.id,
            name=row.name,
            created_at=row.created_at,
            last_seen_day=row.last_seen_day,
            last_seen_at=row.last_seen_day * DAY_MS,
            signed_in=row.signed_in,
            this=row.id == caller.device_id,
        )
        for row in page.items
    ]
    return DeviceList(items=items, next=page.next)


@resource.on("DELETE", "/devices/<id>", problems={404: ("device-missing",)})
def remove_my_device(caller: Identity, id: Id, engine: Engine) -> None:
    """Sign a device out and forget it; what was learnt on it stays."""
    devices.remove_device(engine, caller.learner_id, id)


@resource.on("POST", "/devices/join-code", status=201)
def make_join_code(caller: Identity, engine: Engine, now: int) -> JoinCodeOut:
    """A code for one more device; it ends the codes before."""
    made = devices.create_join_code(engine, caller.learner_id, now=now, random=urandom)
    return JoinCodeOut.model_validate(made)
