"""Which anonymous learners were added to an account."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Id

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "united",
        sa.Column("learner_id", Id(), nullable=False),
        sa.Column("id", Id(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_united_learner_id")),
        sa.PrimaryKeyConstraint("learner_id", "id", name=op.f("pk_united")),
    )


def downgrade() -> None:
    op.drop_table("united")
