"""Earlier revisions of articles are kept; articles know what their date is worth, and which of them are routine."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# As `worker.store.columns.Instant` stores it; written out, because a released script never changes.
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    """Dates known so far count as stated; what was replaced before this day is gone."""
    op.add_column("articles", sa.Column("published_raw", sa.Text()))
    op.add_column("articles", sa.Column("date_claim", sa.String(), nullable=False, server_default="stated"))
    op.add_column("articles", sa.Column("is_routine", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "revisions",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revised_at", INSTANT, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("published_at", INSTANT),
        sa.Column("published_raw", sa.Text()),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name="fk_revisions_article_id"),
        sa.PrimaryKeyConstraint("article_id", "revision", name="pk_revisions"),
    )


def downgrade() -> None:
    """Forgets them."""
    op.drop_table("revisions")
    with op.batch_alter_table("articles") as table:
        for name in ("published_raw", "date_claim", "is_routine"):
            table.drop_column(name)
