"""Texts that learners bring, and the candidate cards found in them."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("job_id", Id(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("guessed", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("marks", Json(), nullable=False),
        sa.Column("paragraphs", Json(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("deck_id", Id(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("problem", Json(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('reading', 'ready', 'failed')", name=op.f("ck_document_state")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_document_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_document")),
    )
    op.create_table(
        "candidate",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("document_id", Id(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("section", Json(), nullable=False),
        sa.Column("spans", Json(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Float(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("findings", Json(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("own_fields", Json(), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("past", Json(), nullable=False),
        sa.Column("note_id", Id(), nullable=True),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'edited', 'rejected')", name=op.f("ck_candidate_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "document_id"],
            ["document.learner_id", "document.id"],
            name=op.f("fk_candidate_learner_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_candidate_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_candidate")),
        sa.UniqueConstraint(
            "learner_id", "document_id", "key", name=op.f("uq_candidate_learner_id_document_id_key")
        ),
    )
    op.create_index(
        op.f("ix_candidate_learner_id_document_id_place_id"),
        "candidate",
        ["learner_id", "document_id", "place", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_candidate_learner_id_document_id_start_id"),
        "candidate",
        ["learner_id", "document_id", "start", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_candidate_learner_id_document_id_start_id"), table_name="candidate")
    op.drop_index(op.f("ix_candidate_learner_id_document_id_place_id"), table_name="candidate")
    op.drop_table("candidate")
    op.drop_table("document")
