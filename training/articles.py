"""Texts as articles, for measuring."""

from datetime import UTC, datetime

from worker.models.news import Article, ArticleId, FeedId


def an_article(name: str, *, title: str = "", summary: str = "", body: str = "") -> Article:
    """An article of no feed, seen now."""
    return Article(
        id=ArticleId(name),
        feed_id=FeedId("measuring"),
        outlet="",
        url="",
        title=title,
        summary=summary,
        body=body,
        published_at=None,
        seen_at=datetime.now(UTC),
    )
