"""Feeds are remembered with their rhythm and health, and operators are told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# As `worker.store.columns.Instant` stores it; written out, because a released script never changes.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Known feeds begin to learn; the service fills in their sites when it starts."""
    op.add_column("feeds", sa.Column("validators_url", sa.Text()))
    op.add_column("feeds", sa.Column("site", sa.String(), nullable=False, server_default=""))
    op.add_column("feeds", sa.Column("gone_at", INSTANT))
    op.add_column("feeds", sa.Column("memory", sa.JSON()))
    op.add_column("feeds", sa.Column("told", sa.String()))
    op.create_table(
        "feed_notices",
        sa.Column("notice_id", sa.String(), nullable=False),
        sa.Column("feed_id", sa.String()),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("notice", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name="pk_feed_notices"),
    )
    op.create_index("ix_feed_notices_created_at", "feed_notices", ["created_at"])
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("alert_id", existing_type=sa.String(), nullable=True)
        table.add_column(sa.Column("notice_id", sa.String()))
        table.create_foreign_key("fk_deliveries_notice_id", "feed_notices", ["notice_id"], ["notice_id"])


def downgrade() -> None:
    """Forgets them, and what was told of feeds."""
    op.execute("DELETE FROM deliveries WHERE alert_id IS NULL")
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint("fk_deliveries_notice_id", type_="foreignkey")
        table.drop_column("notice_id")
        table.alter_column("alert_id", existing_type=sa.String(), nullable=False)
    op.drop_table("feed_notices")
    with op.batch_alter_table("feeds") as table:
        for name in ("validators_url", "site", "gone_at", "memory", "told"):
            table.drop_column(name)
