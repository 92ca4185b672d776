"""Exams and their plans; phones hear of exams that are gone."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("time", sa.SmallInteger(), nullable=True),
        sa.Column("decks", Json(), nullable=True),
        sa.Column("sections", Json(), nullable=False),
        sa.Column("cards", Json(), nullable=False),
        sa.Column("minutes", Json(), nullable=False),
        sa.Column("days_off", Json(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("buffer_days", sa.SmallInteger(), nullable=False),
        sa.Column("result", Json(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("created_day", sa.Integer(), nullable=False),
        sa.Column("spread_on", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamps", Json(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("time BETWEEN 0 AND 1439", name=op.f("ck_exam_time")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_exam_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_exam")),
    )
    op.create_index(op.f("ix_exam_learner_id_seq"), "exam", ["learner_id", "seq"])
    op.create_index(op.f("ix_exam_learner_id_day_id"), "exam", ["learner_id", "day", "id"])
    op.create_table(
        "exam_plan",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("exam_id", Id(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("exam_version", sa.Integer(), nullable=False),
        sa.Column("body", Json(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_exam_plan_learner_id")),
        sa.ForeignKeyConstraint(
            ["learner_id", "exam_id"],
            ["exam.learner_id", "exam.id"],
            name=op.f("fk_exam_plan_learner_id_exam_id"),
        ),
        sa.PrimaryKeyConstraint("learner_id", "exam_id", name=op.f("pk_exam_plan")),
    )
    op.create_index(op.f("ix_exam_plan_learner_id_seq"), "exam_plan", ["learner_id", "seq"])
    op.create_table(
        "day_plan",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("body", Json(), nullable=False),
        sa.Column("kept", Json(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_day_plan_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "day", name=op.f("pk_day_plan")),
    )
    op.create_index(op.f("ix_day_plan_learner_id_seq"), "day_plan", ["learner_id", "seq"])
    _entities("'deck', 'note', 'card', 'exam'")


def downgrade() -> None:
    op.execute("DELETE FROM tombstone WHERE entity = 'exam'")
    _entities("'deck', 'note', 'card'")
    op.drop_table("day_plan")
    op.drop_table("exam_plan")
    op.drop_table("exam")


def _entities(listed: str) -> None:
    with op.batch_alter_table("tombstone") as table:
        table.drop_constraint(op.f("ck_tombstone_entity"), type_="check")
        table.create_check_constraint(op.f("ck_tombstone_entity"), f"entity IN ({listed})")
