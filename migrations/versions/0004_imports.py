"""Imports, media and note types of Anki; notes are found by their guid."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("job_id", Id(), nullable=True),
        sa.Column("options", Json(), nullable=False),
        sa.Column("generation", sa.Text(), nullable=False),
        sa.Column("counts", Json(), nullable=False),
        sa.Column("report", Json(), nullable=False),
        sa.Column("problem", Json(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('reading', 'preview', 'storing', 'done', 'undoing', 'undone', 'failed')",
            name=op.f("ck_import_state"),
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_import_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_import")),
    )
    op.create_table(
        "media",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_media_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "hash", name=op.f("pk_media")),
    )
    op.create_table(
        "note_type",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("templates", Json(), nullable=False),
        sa.Column("css", sa.Text(), nullable=False),
        sa.Column("media", Json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_note_type_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_note_type")),
    )
    op.create_index(op.f("ix_note_type_learner_id_key"), "note_type", ["learner_id", "key"], unique=False)
    op.create_table(
        "import_change",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("import_id", Id(), nullable=False),
        sa.Column("note_id", Id(), nullable=False),
        sa.Column("before", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "import_id"],
            ["import.learner_id", "import.id"],
            name=op.f("fk_import_change_learner_id_import_id"),
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_import_change_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "import_id", "note_id", name=op.f("pk_import_change")),
    )
    op.create_table(
        "note_media",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("note_id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id", "hash"],
            ["media.learner_id", "media.hash"],
            name=op.f("fk_note_media_learner_id_hash"),
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_note_media_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "note_id", "name", name=op.f("pk_note_media")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_note_media_learner_id_hash"), "note_media", ["learner_id", "hash"], unique=False)
    op.add_column("note", sa.Column("note_type_id", Id(), nullable=True))
    op.add_column("note", sa.Column("import_id", Id(), nullable=True))
    op.create_index(op.f("ix_note_learner_id_guid"), "note", ["learner_id", "guid"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_note_learner_id_guid"), table_name="note")
    op.drop_column("note", "import_id")
    op.drop_column("note", "note_type_id")
    op.drop_index(op.f("ix_note_media_learner_id_hash"), table_name="note_media")
    op.drop_table("note_media")
    op.drop_table("import_change")
    op.drop_index(op.f("ix_note_type_learner_id_key"), table_name="note_type")
    op.drop_table("note_type")
    op.drop_table("media")
    op.drop_table("import")
