"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# As `worker.store.columns.Instant` stores it; written out, because a released script never changes.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Makes all tables, and the history version that alerts are planned against."""
    _facts()
    _feeds()
    _heartbeats()
    _stories()
    _articles()
    _alerts()
    _article_keys()
    _fingerprints()
    _matches()
    _mentions()
    _topics()
    _deliveries()
    op.execute("INSERT INTO facts (key, value) VALUES ('history_version', '0')")


def downgrade() -> None:
    """Removes everything."""
    for table in (
        "deliveries",
        "topics",
        "mentions",
        "matches",
        "fingerprints",
        "article_keys",
        "alerts",
        "articles",
        "stories",
        "heartbeats",
        "feeds",
        "facts",
    ):
        op.drop_table(table)


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_facts"),
    )


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("feed_id", sa.String(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.String()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("polled_at", INSTANT),
        sa.Column("new_entry_at", INSTANT),
        sa.Column("enqueued_until", INSTANT),
        sa.Column("leased_until", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", name="pk_feeds"),
    )
    op.create_index("ix_feeds_retired_due_at", "feeds", ["retired", "due_at"])


def _heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("role", name="pk_heartbeats"),
    )


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("story_id", name="pk_stories"),
    )


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("feed_id", sa.String(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", INSTANT),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("revised_at", INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("texts_seen", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("reason", sa.Text()),
        sa.Column("analysed_at", INSTANT),
        sa.Column("model", sa.String()),
        sa.Column("story_id", sa.String()),
        sa.Column("grouping", sa.String()),
        sa.Column("story_score", sa.Float()),
        sa.Column("copy_of", sa.String()),
        sa.ForeignKeyConstraint(["story_id"], ["stories.story_id"], name="fk_articles_story_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_articles"),
    )
    op.create_index("ix_articles_feed_id", "articles", ["feed_id"])
    op.create_index("ix_articles_state_seen_at", "articles", ["state", "seen_at"])
    op.create_index("ix_articles_story_id", "articles", ["story_id"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("watch_id", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("notice", sa.JSON(), nullable=False),
        sa.Column("text_seen_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name="fk_alerts_article_id"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.story_id"], name="fk_alerts_story_id"),
        sa.PrimaryKeyConstraint("alert_id", name="pk_alerts"),
        sa.UniqueConstraint("watch_id", "story_id", "revision", name="uq_alerts_watch_id_story_id_revision"),
    )
    op.create_index("ix_alerts_created_at", "alerts", ["created_at"])
    op.create_index("ix_alerts_story_id", "alerts", ["story_id"])


def _article_keys() -> None:
    op.create_table(
        "article_keys",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name="fk_article_keys_article_id"),
        sa.PrimaryKeyConstraint("key", name="pk_article_keys"),
    )
    op.create_index("ix_article_keys_article_id", "article_keys", ["article_id"])


def _fingerprints() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("shingles", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name="fk_fingerprints_article_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_fingerprints"),
    )
    op.create_index("ix_fingerprints_at", "fingerprints", ["at"])


def _matches() -> None:
    op.create_table(
        "matches",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("watch_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decision_reason", sa.String(), nullable=False),
        sa.Column("watchlist_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name="fk_matches_article_id"),
        sa.PrimaryKeyConstraint("article_id", "watch_id", name="pk_matches"),
    )


def _mentions() -> None:
    op.create_table(
        "mentions",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name="fk_mentions_article_id"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_mentions"),
    )


def _topics() -> None:
    op.create_table(
        "topics",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name="fk_topics_article_id"),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_topics"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", INSTANT, nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("maybe_repeated", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("remote_id", sa.Text()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("dead_at", INSTANT),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_deliveries_alert_id"),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_deliveries"),
        sa.UniqueConstraint("alert_id", "channel", name="uq_deliveries_alert_id_channel"),
    )
    op.create_index("ix_deliveries_state_next_attempt_at", "deliveries", ["state", "next_attempt_at"])
