"""Texts to cards: bring a text, judge the candidates beside it, make cards of those that are good."""

from os import urandom
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import current_app
from pydantic import Field
from sqlalchemy import Engine

from app.api.contract import Resource, Upload
from app.api.errors import document as problem_document
from app.api.errors import language, of_domain
from app.api.fields import Id, Name, NoteFields, Out, Page, Query, QueryPlace, Wire, whole
from app.core.errors import Refused
from app.services import documents, judged_cards, judging
from app.services.documents import CandidateRow, DocumentState
from app.services.identity import Identity
from app.services.judging import Filter, Judgement

resource = Resource("documents", "Texts to cards")

Group = Literal["term", "rule", "number", "list", "order", "who", "question", "pair", "reason"]
Verdict = Literal["accepted", "edited", "rejected"]
Given = Literal["accepted", "rejected"]


class DocumentNew(Query):
    """What the file is called; pasted text has no name."""

    name: Name | None = None


class PassageQuery(Query):
    """Which piece of the text, in code points; 50,000 at most."""

    start: Annotated[QueryPlace, Field(alias="from")] = 0
    end: Annotated[QueryPlace, Field(alias="to")] = 20_000


class CandidateQuery(Page):
    """Which candidates, and in which order; `more` adds the weak ones."""

    order: Literal["reading", "rank"] = "reading"
    group: Group | None = None
    verdict: Literal["open", "accepted", "edited", "rejected"] | None = None
    paragraph: QueryPlace | None = None
    more: Literal["true", "false"] = "false"


class VerdictIn(Wire):
    """What to do with one candidate: "edited" brings the fields, null takes the word back."""

    id: Id
    verdict: Verdict | None
    fields: NoteFields | None = None


class Verdicts(Wire):
    """Either single verdicts, or one for all open candidates of a kind or a paragraph."""

    verdicts: Annotated[tuple[VerdictIn, ...], Field(max_length=500)] = ()
    group: Group | None = None
    paragraph: Annotated[int, *whole(0, 2**31 - 1)] | None = None
    verdict: Given | None = None


class CommitIn(Wire):
    """Where the cards go: a deck, or one of that name, made where there is none."""

    deck_id: Id | None = None
    deck_name: Name | None = None


class Progress(Out):
    done: int
    total: int


class GroupCount(Out):
    group: str
    total: int
    open: int


class DocumentOut(Out):
    """A text with what became of its candidates."""

    id: UUID
    name: str
    title: str
    format: str
    encoding: str
    guessed: bool
    language: str
    state: Literal["reading", "ready", "failed"]
    progress: Progress
    problem: dict[str, Any] | None
    created_at: int
    length: int
    paragraphs: int
    covered: int
    deck_id: UUID | None
    counts: dict[str, int]
    groups: list[GroupCount]
    can_undo: bool


class DocumentList(Out):
    """One page of texts; `next` is the cursor of the page after, null on the last."""

    items: list[DocumentOut]
    next: str | None


class CandidateOut(Out):
    """A possible card with its places in the text, the linter's hints and the learner's verdict."""

    id: UUID
    rule: str
    group: str
    kind: str
    fields: dict[str, str]
    section: list[str]
    spans: list[list[int]]
    paragraph: int
    rank: float
    place: int
    shown: bool
    findings: list[str]
    verdict: Verdict | None
    own_fields: dict[str, str] | None
    changed: bool
    gone: bool
    note_id: UUID | None


class CandidateList(Out):
    items: list[CandidateOut]
    next: str | None


class ParagraphOut(Out):
    index: int
    start: int
    end: int
    section: list[str]
    cards: int
    open: int


class PassageOut(Out):
    """A piece of the text; marks are [start, end, kind, level]."""

    text: str
    start: int
    end: int
    length: int
    marks: list[list[int | str]]
    paragraphs: list[ParagraphOut]


class Undone(Out):
    document: DocumentOut
    candidates: list[CandidateOut]


class Committed(Out):
    deck_id: UUID
    added: int
    removed: int
    document: DocumentOut


@resource.on("POST", "/documents", status=202, problems={409: ("too-many-documents",)})
def bring_text(caller: Identity, query: DocumentNew, upload: Upload, engine: Engine, now: int) -> DocumentOut:
    """Bring a text: the body is the file (.txt, .md, .docx, .html, .epub, .pdf) or pasted text as UTF-8."""
    state = documents.bring_document(
        engine,
        current_app.extensions["settings"].data,
        caller.learner_id,
        upload.stream,
        name=query.name or "",
        now=now,
        random=urandom,
    )
    return _out(state)


@resource.on(
    "PUT",
    "/documents/<id>/text",
    status=202,
    problems={404: ("document-missing",), 409: ("document-busy",)},
)
def bring_new_text(
    caller: Identity, id: Id, query: DocumentNew, upload: Upload, engine: Engine, now: int
) -> DocumentOut:
    """Bring a new version of a text; verdicts stay with their sentences."""
    state = documents.bring_document(
        engine,
        current_app.extensions["settings"].data,
        caller.learner_id,
        upload.stream,
        name=query.name or "",
        now=now,
        random=urandom,
        instead_of=id,
    )
    return _out(state)


@resource.on("GET", "/documents", problems={422: ("cursor-invalid",)})
def list_my_texts(caller: Identity, query: Page, engine: Engine) -> DocumentList:
    """All texts, the newest first."""
    page = documents.list_documents(engine, caller.learner_id, query.cursor, query.limit)
    return DocumentList(items=[_out(item) for item in page.items], next=page.next)


@resource.on("GET", "/documents/<id>", problems={404: ("document-missing",)})
def read_my_text(caller: Identity, id: Id, engine: Engine) -> DocumentOut:
    """A text, how far its reading is, and what became of its candidates."""
    return _out(documents.read_document_state(engine, caller.learner_id, id))


@resource.on("DELETE", "/documents/<id>", problems={404: ("document-missing",)})
def remove_my_text(caller: Identity, id: Id, engine: Engine) -> None:
    """Remove a text and its candidates; the cards made of them stay."""
    documents.remove_document(engine, current_app.extensions["settings"].data, caller.learner_id, id)


@resource.on("GET", "/documents/<id>/text", problems={404: ("document-missing",)})
def read_passage(caller: Identity, id: Id, query: PassageQuery, engine: Engine) -> PassageOut:
    """A piece of the text with its marks and paragraphs."""
    passage = judging.read_passage(engine, caller.learner_id, id, query.start, query.end)
    return PassageOut.model_validate(passage)


@resource.on(
    "GET",
    "/documents/<id>/candidates",
    problems={404: ("document-missing",), 422: ("cursor-invalid",)},
)
def list_candidates(caller: Identity, id: Id, query: CandidateQuery, engine: Engine) -> CandidateList:
    """The candidates of a text, page by page."""
    which = Filter(query.group, query.verdict, query.paragraph, query.more == "true")
    page = judging.list_candidates(
        engine, caller.learner_id, id, which, query.order, query.cursor, query.limit
    )
    return CandidateList(items=[_candidate(item) for item in page.items], next=page.next)


@resource.on(
    "POST",
    "/documents/<id>/verdicts",
    problems={
        404: ("document-missing", "candidate-missing"),
        409: ("document-busy",),
        422: ("note-invalid",),
    },
)
def judge(caller: Identity, id: Id, body: Verdicts, engine: Engine) -> DocumentOut:
    """Accept, edit or reject; one request is one step that can be undone."""
    if body.verdict is not None and (body.group is not None or body.paragraph is not None):
        which = Filter(group=body.group, paragraph=body.paragraph)
        judging.judge_all(engine, caller.learner_id, id, which, body.verdict)
    else:
        judging.judge(
            engine,
            caller.learner_id,
            id,
            [
                Judgement(one.id, one.verdict, one.fields if one.verdict == "edited" else None)
                for one in body.verdicts
            ],
        )
    return _out(documents.read_document_state(engine, caller.learner_id, id))


@resource.on(
    "POST",
    "/documents/<id>/undo",
    problems={404: ("document-missing",), 409: ("document-busy", "nothing-to-undo")},
)
def undo_verdicts(caller: Identity, id: Id, engine: Engine) -> Undone:
    """Take the last step of judging back."""
    rows = judging.undo_step(engine, caller.learner_id, id)
    state = documents.read_document_state(engine, caller.learner_id, id)
    return Undone(document=_out(state), candidates=[_candidate(row) for row in rows])


@resource.on(
    "POST",
    "/documents/<id>/commit",
    problems={
        404: ("document-missing", "deck-missing"),
        409: ("document-busy",),
        422: ("note-invalid",),
    },
)
def make_cards(caller: Identity, id: Id, body: CommitIn, engine: Engine, now: int) -> Committed:
    """Make cards of all accepted candidates that have none yet, and remove those no longer wanted."""
    made = judged_cards.make_cards(
        engine,
        caller.learner_id,
        id,
        deck_id=body.deck_id,
        deck_name=body.deck_name,
        now=now,
        random=urandom,
    )
    state = documents.read_document_state(engine, caller.learner_id, id)
    return Committed(deck_id=made.deck_id, added=made.added, removed=made.removed, document=_out(state))


def _candidate(row: CandidateRow) -> CandidateOut:
    return CandidateOut.model_validate(row)


def _out(state: DocumentState) -> DocumentOut:
    row = state.row
    problem = None
    if row.problem:
        refusal = Refused(row.problem["code"], **row.problem["params"])
        problem = problem_document(of_domain(refusal), language())
    return DocumentOut(
        **{name: getattr(row, name) for name in _SAME},
        state=row.state,
        progress=Progress(done=state.done, total=state.total),
        problem=problem,
        paragraphs=state.paragraphs,
        covered=state.covered,
        counts=state.counts,
        groups=[
            GroupCount(group=name, total=total, open=waiting)
            for name, (total, waiting) in sorted(state.groups.items())
        ],
        can_undo=judging.can_undo(row),
    )


_SAME = (
    "id", "name", "title", "format", "encoding", "guessed", "language", "created_at", "length", "deck_id",
)  # fmt: skip
