"""A job counts its steps and its attempts, and says why it failed."""

import sqlalchemy as sa
from alembic import op

from app.db.types import Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Rows from before get values here; the model gives them to new rows, so the database keeps no default.
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("done", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("total", sa.BigInteger(), nullable=False, server_default="0"))
        table.add_column(sa.Column("problem", Json(), nullable=True))
        table.drop_column("progress")
    with op.batch_alter_table("job") as table:
        for name in ("attempts", "done", "total"):
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("progress", sa.Float(), nullable=False, server_default="0"))
        for name in ("attempts", "done", "total", "problem"):
            table.drop_column(name)
    with op.batch_alter_table("job") as table:
        table.alter_column("progress", server_default=None)
