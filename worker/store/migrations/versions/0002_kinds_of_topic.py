"""Topics say what they are: an IPTC category or a key phrase."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the kind; until now all topics were phrases."""
    op.add_column("topics", sa.Column("kind", sa.String(), nullable=False, server_default="phrase"))


def downgrade() -> None:
    """Removes the categories, which the older version would take for phrases, and the kind."""
    op.execute("DELETE FROM topics WHERE kind <> 'phrase'")
    op.drop_column("topics", "kind")
