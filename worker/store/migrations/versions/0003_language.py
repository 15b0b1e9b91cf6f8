"""Articles know their language."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Articles analysed before have no language."""
    op.add_column("articles", sa.Column("language", sa.String()))


def downgrade() -> None:
    """Forgets the languages."""
    op.drop_column("articles", "language")
