"""All tables."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learner",
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("rollover_hour", sa.SmallInteger(), nullable=False),
        sa.Column("settings", Json(), nullable=False),
        sa.Column("parameters_version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("own_seq", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_day", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('anonymous', 'named')", name=op.f("ck_learner_kind")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_learner_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner")),
    )
    op.create_table(
        "login",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("learner_id", Id(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_login")),
    )
    op.create_index(op.f("ix_login_learner_id"), "login", ["learner_id"], unique=False)
    op.create_table(
        "throttle",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_start", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "api_token",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_api_token_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("learner_id", "secret_hash", name=op.f("uq_api_token_learner_id_secret_hash")),
    )
    op.create_table(
        "credential",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('password')", name=op.f("ck_credential_kind")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_credential_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_credential")),
    )
    op.create_table(
        "day_stat",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("deck_id", Id(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("hard", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("easy", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("learning", sa.Integer(), nullable=False),
        sa.Column("young", sa.Integer(), nullable=False),
        sa.Column("mature", sa.Integer(), nullable=False),
        sa.Column("young_passed", sa.Integer(), nullable=False),
        sa.Column("mature_passed", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_day_stat_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "day", "deck_id", name=op.f("pk_day_stat")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deck",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("origin_version", sa.Text(), nullable=True),
        sa.Column("options", Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamps", Json(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("origin IN ('shipped', 'import', 'text', 'own')", name=op.f("ck_deck_origin")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_deck_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_deck")),
    )
    op.create_index(
        op.f("ix_deck_learner_id_position_id"), "deck", ["learner_id", "position", "id"], unique=False
    )
    op.create_index(op.f("ix_deck_learner_id_seq"), "deck", ["learner_id", "seq"], unique=False)
    op.create_table(
        "device",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_device_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_device")),
    )
    op.create_table(
        "edit",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("conflicts", Json(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_edit_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_edit")),
    )
    op.create_table(
        "event",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("card_id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("device_id", Id(), nullable=False),
        sa.Column("device_seq", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("data", Json(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'answer') = (rating IS NOT NULL)", name=op.f("ck_event_rating_of_answers")
        ),
        sa.CheckConstraint(
            "kind IN ('answer', 'undo', 'suspend', 'unsuspend', 'bury', 'flag', 'reset', 'due', 'seed')",
            name=op.f("ck_event_kind"),
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_event_rating")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_event_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_event")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_event_learner_id_card_id"), "event", ["learner_id", "card_id"], unique=False)
    op.create_table(
        "job",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("input", Json(), nullable=False),
        sa.Column("result", Json(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_job_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_state_created_at"), "job", ["state", "created_at"], unique=False)
    op.create_table(
        "join_code",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_join_code_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_join_code")),
        sa.UniqueConstraint("learner_id", "secret_hash", name=op.f("uq_join_code_learner_id_secret_hash")),
    )
    op.create_table(
        "note_version",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("note_id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_note_version_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_note_version")),
    )
    op.create_index(
        op.f("ix_note_version_learner_id_note_id_version"),
        "note_version",
        ["learner_id", "note_id", "version"],
        unique=False,
    )
    op.create_table(
        "parameters",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("weights", Json(), nullable=False),
        sa.Column("desired_retention", sa.Float(), nullable=False),
        sa.Column("learning_steps", Json(), nullable=False),
        sa.Column("relearning_steps", Json(), nullable=False),
        sa.Column("maximum_interval", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_parameters_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "version", name=op.f("pk_parameters")),
    )
    op.create_table(
        "session",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("device_id", Id(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_session_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_session")),
        sa.UniqueConstraint("learner_id", "secret_hash", name=op.f("uq_session_learner_id_secret_hash")),
    )
    op.create_index(
        op.f("ix_session_learner_id_device_id"), "session", ["learner_id", "device_id"], unique=False
    )
    op.create_table(
        "tombstone",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("entity IN ('deck', 'note', 'card')", name=op.f("ck_tombstone_entity")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_tombstone_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_tombstone")),
    )
    op.create_index(op.f("ix_tombstone_learner_id_seq"), "tombstone", ["learner_id", "seq"], unique=False)
    op.create_table(
        "note",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("deck_id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fields", Json(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("source", Json(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stamps", Json(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("format IN ('text', 'html')", name=op.f("ck_note_format")),
        sa.ForeignKeyConstraint(
            ["learner_id", "deck_id"], ["deck.learner_id", "deck.id"], name=op.f("fk_note_learner_id_deck_id")
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_note_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_note")),
        sa.UniqueConstraint("learner_id", "deck_id", "guid", name=op.f("uq_note_learner_id_deck_id_guid")),
    )
    op.create_index(
        op.f("ix_note_learner_id_deck_id_position_id"),
        "note",
        ["learner_id", "deck_id", "position", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_note_learner_id_position_id"), "note", ["learner_id", "position", "id"], unique=False
    )
    op.create_index(op.f("ix_note_learner_id_seq"), "note", ["learner_id", "seq"], unique=False)
    op.create_table(
        "card",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("note_id", Id(), nullable=False),
        sa.Column("deck_id", Id(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("phase", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("stability", sa.Float(), nullable=True),
        sa.Column("difficulty", sa.Float(), nullable=True),
        sa.Column("due_day", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("last_day", sa.Integer(), nullable=True),
        sa.Column("last_at", sa.BigInteger(), nullable=True),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("buried_until", sa.Integer(), nullable=True),
        sa.Column("flag", sa.SmallInteger(), nullable=False),
        sa.Column("parameters_version", sa.Integer(), nullable=False),
        sa.Column("last_order", sa.LargeBinary(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("flag BETWEEN 0 AND 7", name=op.f("ck_card_flag")),
        sa.CheckConstraint("phase BETWEEN 0 AND 3", name=op.f("ck_card_phase")),
        sa.ForeignKeyConstraint(
            ["learner_id", "deck_id"], ["deck.learner_id", "deck.id"], name=op.f("fk_card_learner_id_deck_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id", "note_id"], ["note.learner_id", "note.id"], name=op.f("fk_card_learner_id_note_id")
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_card_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_card")),
        sa.UniqueConstraint(
            "learner_id", "note_id", "ordinal", name=op.f("uq_card_learner_id_note_id_ordinal")
        ),
    )
    op.create_index(
        "ix_card_due",
        "card",
        ["learner_id", "deck_id", "due_day", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND NOT suspended AND phase = 2"),
        postgresql_where=sa.text("deleted_at IS NULL AND NOT suspended AND phase = 2"),
    )
    op.create_index(
        op.f("ix_card_learner_id_deck_id_position_id"),
        "card",
        ["learner_id", "deck_id", "position", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_card_learner_id_seq"), "card", ["learner_id", "seq"], unique=False)
    op.create_index(
        "ix_card_learning",
        "card",
        ["learner_id", "due_day"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND NOT suspended AND phase IN (1, 3)"),
        postgresql_where=sa.text("deleted_at IS NULL AND NOT suspended AND phase IN (1, 3)"),
    )
    op.create_index(
        "ix_card_new",
        "card",
        ["learner_id", "deck_id", "position", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL AND NOT suspended AND phase = 0"),
        postgresql_where=sa.text("deleted_at IS NULL AND NOT suspended AND phase = 0"),
    )


def downgrade() -> None:
    """Indexes go with their tables."""
    for table in (
        "card",
        "note",
        "tombstone",
        "session",
        "parameters",
        "note_version",
        "join_code",
        "job",
        "event",
        "edit",
        "device",
        "deck",
        "day_stat",
        "credential",
        "api_token",
        "throttle",
        "login",
        "learner",
    ):
        op.drop_table(table)
