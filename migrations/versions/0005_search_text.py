"""What a search looks through is folded as the phone folds it, and each tag can be told from the text."""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AT_ONCE = 1000
TAG_MARK = "\x1f"
MARKUP = re.compile(r"<[^<>]{0,2000}>")


def upgrade() -> None:
    def marked(said: str, tags: list[str]) -> str:
        return fold(said.replace(TAG_MARK, " ") + "".join(f"\n{TAG_MARK}{tag}" for tag in tags) + "\n")

    rewrite(marked)


def downgrade() -> None:
    rewrite(lambda said, tags: "\n".join([said, *tags]).casefold())


def fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def rewrite(search_text: Callable[[str, list[str]], str]) -> None:
    """Compute the column of all notes anew, some at a time."""
    connection = op.get_bind()
    names = ("learner_id", "id", "fields", "tags", "format", "search_text")
    note = sa.table("note", *(sa.column(name) for name in names))
    key = sa.tuple_(note.c.learner_id, note.c.id)
    question = (
        sa.select(*(note.c[name] for name in names)).order_by(note.c.learner_id, note.c.id).limit(AT_ONCE)
    )
    rows = connection.execute(question).all()
    while rows:
        for row in rows:
            said = "\n".join(plain(row.fields).values())
            bare = MARKUP.sub(" ", said) if row.format == "html" else said
            text = search_text(bare, plain(row.tags))
            mine = (note.c.learner_id == row.learner_id) & (note.c.id == row.id)
            connection.execute(note.update().where(mine).values(search_text=text))
        last = sa.tuple_(sa.literal(rows[-1].learner_id), sa.literal(rows[-1].id))
        rows = connection.execute(question.where(key > last)).all()


def plain(value: Any) -> Any:
    """SQLite gives JSON as the text that it is."""
    return json.loads(value) if isinstance(value, str) else value
