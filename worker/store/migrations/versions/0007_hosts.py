"""Who may ask which host when, and what each host's robots.txt said."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# As `worker.store.columns.Instant` stores it; written out, because a released script never changes.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Two tables of their own; nothing that is stored already changes."""
    op.create_table(
        "host_slots",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("holder", sa.String()),
        sa.Column("answered_at", INSTANT),
        sa.Column("unreached_at", INSTANT),
        sa.PrimaryKeyConstraint("host", name="pk_host_slots"),
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("fresh_until", INSTANT, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_robots"),
    )


def downgrade() -> None:
    """Forgets both."""
    op.drop_table("robots")
    op.drop_table("host_slots")
