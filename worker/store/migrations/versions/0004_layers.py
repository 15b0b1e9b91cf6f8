"""Matches know what they weigh and what they rest on."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Matches made before count as found by word forms, at the usual threshold."""
    op.add_column("matches", sa.Column("weight", sa.Float(), nullable=False, server_default="1"))
    op.add_column("matches", sa.Column("threshold", sa.Float(), nullable=False, server_default="1"))
    op.add_column("matches", sa.Column("layer", sa.String(), nullable=False, server_default="A"))


def downgrade() -> None:
    """Forgets them."""
    with op.batch_alter_table("matches") as table:
        for name in ("weight", "threshold", "layer"):
            table.drop_column(name)
