"""Articles' pages are read where a feed gives fragments; articles know where their text and their news come from."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# As `worker.store.columns.Instant` stores it; written out, because a released script never changes.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """All texts known so far came from feeds; nobody looked for their sources."""
    op.add_column("articles", sa.Column("text_origin", sa.String(), nullable=False, server_default="feed"))
    op.add_column("articles", sa.Column("origin", sa.Text()))
    op.add_column("articles", sa.Column("relay", sa.Text()))
    op.add_column("articles", sa.Column("attribution", sa.JSON()))
    op.create_table(
        "pages",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("wanted_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", INSTANT, nullable=False),
        sa.Column("leased_until", INSTANT),
        sa.Column("outcome", sa.String()),
        sa.Column("cause", sa.Text()),
        sa.Column("final_url", sa.Text()),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name="fk_pages_article_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_pages"),
    )
    op.create_index("ix_pages_state_next_attempt_at", "pages", ["state", "next_attempt_at"])


def downgrade() -> None:
    """Texts of pages stay as the articles' bodies."""
    op.drop_table("pages")
    with op.batch_alter_table("articles") as table:
        for name in ("text_origin", "origin", "relay", "attribution"):
            table.drop_column(name)
