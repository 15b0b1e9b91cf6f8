"""Alerts wait, amend, follow and are put together; people silence and acknowledge; stories become one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# As `worker.store.columns.Instant` stores it; written out, because a released script never changes.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """What waited for its watch's time of the day was pending with a later attempt; such rows are held now."""
    _create_tables()
    op.add_column("stories", sa.Column("merged_into", sa.String()))
    op.create_index("ix_stories_merged_into", "stories", ["merged_into"])
    op.create_index("ix_articles_seen_at", "articles", ["seen_at"])
    op.create_index("ix_matches_watch_id", "matches", ["watch_id"])
    op.add_column("alerts", sa.Column("is_amendment", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("alerts", sa.Column("told_at", INSTANT))
    op.add_column("alerts", sa.Column("acknowledged_at", INSTANT))
    op.add_column("alerts", sa.Column("acknowledged_by", sa.Text()))
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("spike_id", sa.String()))
        table.add_column(sa.Column("digest_id", sa.String()))
        table.add_column(sa.Column("is_amendment", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("held_until", INSTANT))
        table.create_foreign_key("fk_deliveries_spike_id", "spikes", ["spike_id"], ["spike_id"])
        table.create_foreign_key("fk_deliveries_digest_id", "digests", ["digest_id"], ["digest_id"])
    op.create_index("ix_deliveries_digest_id", "deliveries", ["digest_id"])
    op.create_index("ix_deliveries_created_at", "deliveries", ["created_at"])
    # Nothing was tried yet and it is not to be tried at once: only a pace did that.
    op.execute(
        "UPDATE deliveries SET state = 'held', held_until = next_attempt_at, reason = 'paced'"
        " WHERE state = 'pending' AND attempts = 0 AND alert_id IS NOT NULL AND next_attempt_at > created_at"
    )
    op.execute(
        "UPDATE alerts SET told_at = (SELECT max(held_until) FROM deliveries"
        " WHERE deliveries.alert_id = alerts.alert_id AND deliveries.state = 'held')"
        " WHERE alert_id IN (SELECT alert_id FROM deliveries WHERE state = 'held')"
    )


def downgrade() -> None:
    """What waits is pending again; what went or waits in digests goes by itself, the rest is forgotten."""
    op.execute(
        "UPDATE deliveries SET state = 'pending', reason = NULL, digest_id = NULL"
        " WHERE alert_id IS NOT NULL AND NOT is_amendment AND (state = 'held' OR (state = 'in_digest' AND digest_id IN"
        " (SELECT digest_id FROM deliveries WHERE alert_id IS NULL AND digest_id IS NOT NULL AND state <> 'sent')))"
    )
    op.execute("UPDATE deliveries SET state = 'sent', digest_id = NULL WHERE state = 'in_digest'")
    op.execute("UPDATE deliveries SET state = 'dead', dead_at = created_at WHERE state = 'dropped'")
    op.execute("DELETE FROM deliveries WHERE is_amendment OR (alert_id IS NULL AND notice_id IS NULL)")
    op.drop_index("ix_deliveries_created_at", "deliveries")
    op.drop_index("ix_deliveries_digest_id", "deliveries")
    with op.batch_alter_table("deliveries") as table:
        table.drop_constraint("fk_deliveries_spike_id", type_="foreignkey")
        table.drop_constraint("fk_deliveries_digest_id", type_="foreignkey")
        for name in ("spike_id", "digest_id", "is_amendment", "held_until"):
            table.drop_column(name)
    with op.batch_alter_table("alerts") as table:
        for name in ("is_amendment", "told_at", "acknowledged_at", "acknowledged_by"):
            table.drop_column(name)
    op.drop_index("ix_matches_watch_id", "matches")
    op.drop_index("ix_articles_seen_at", "articles")
    op.drop_index("ix_stories_merged_into", "stories")
    with op.batch_alter_table("stories") as table:
        table.drop_column("merged_into")
    for name in ("silences", "spikes", "digests"):
        op.drop_table(name)


def _create_tables() -> None:
    op.create_table(
        "digests",
        sa.Column("digest_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.JSON()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest_id", name="pk_digests"),
    )
    op.create_index("ix_digests_created_at", "digests", ["created_at"])
    op.create_table(
        "spikes",
        sa.Column("spike_id", sa.String(), nullable=False),
        sa.Column("watch_id", sa.String(), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("notice", sa.JSON(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("calmed_at", INSTANT),
        sa.PrimaryKeyConstraint("spike_id", name="pk_spikes"),
    )
    op.create_index("ix_spikes_watch_id_created_at", "spikes", ["watch_id", "created_at"])
    op.create_table(
        "silences",
        sa.Column("silence_id", sa.String(), nullable=False),
        sa.Column("watch_id", sa.String()),
        sa.Column("story_id", sa.String()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("silence_id", name="pk_silences"),
    )
    op.create_index("ix_silences_ends_at", "silences", ["ends_at"])
