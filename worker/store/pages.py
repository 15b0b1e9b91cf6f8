"""Which articles' pages are wanted, who reads them now, and what came of it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, or_, select, update

from worker.fulltext import MAX_ATTEMPTS
from worker.models.news import ArticleId, FeedId, TextOrigin
from worker.models.page import PageDecision, PageText, WantedPage
from worker.store.articles import ArticleState
from worker.store.engine import insert, writing
from worker.store.schema import articles, pages

#: why a page was given up whose reading no worker ever finished
UNFINISHED = "unfinished"
#: why a page was left: the outlet edited the article meanwhile
EDITED = "edited"


class PageState(StrEnum):
    """Life of a wanted page: WANTED → READ or GIVEN_UP."""

    WANTED = "wanted"
    READ = "read"
    GIVEN_UP = "given_up"


class SqlPageStore:
    """The PageStore; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, now: datetime, limit: int) -> tuple[ArticleId, ...]:
        """Articles whose pages may be read now and are in nobody's hands, longest wanted first."""
        query = select(pages.c.article_id).where(_is_due(now)).order_by(pages.c.next_attempt_at, pages.c.article_id)
        with writing(self._engine) as connection:
            return tuple(ArticleId(id_) for id_ in connection.scalars(query.limit(limit)))

    def begin(self, article_id: ArticleId, now: datetime, lease: timedelta) -> WantedPage | None:
        """Takes a page for reading and counts the attempt; None unless it is wanted, due and free.

        A page whose reading was cut off too often is given up, and one whose article was edited since is left.
        """
        query = (
            select(pages.c.revision.label("wanted_revision"), pages.c.attempts.label("attempts_so_far"), articles)
            .join(articles, articles.c.article_id == pages.c.article_id)
            .where(pages.c.article_id == article_id, _is_due(now))
        )
        with writing(self._engine) as connection:
            row = connection.execute(query.with_for_update(of=pages)).one_or_none()
            if row is None:
                return None
            if row.attempts_so_far >= MAX_ATTEMPTS:
                _end(connection, article_id, PageState.GIVEN_UP, now, outcome=UNFINISHED)
                return None
            if row.revision != row.wanted_revision:
                _end(connection, article_id, PageState.GIVEN_UP, now, outcome=EDITED)
                return None
            attempts = row.attempts_so_far + 1
            connection.execute(
                update(pages)
                .where(pages.c.article_id == article_id)
                .values(leased_until=now + lease, attempts=attempts)
            )
        return WantedPage(
            article_id=article_id,
            feed_id=FeedId(row.feed_id),
            revision=row.revision,
            url=row.url,
            title=row.title,
            summary=row.summary,
            body=row.body,
            seen_at=row.seen_at,
            attempts=attempts,
        )

    def put_text(self, wanted: WantedPage, page: PageText, now: datetime) -> bool:
        """The page's text becomes the article's body, which is analysed again; False when the article was edited since.

        The hashes of the feed's texts stay as they are, so that the next poll finds nothing new in them.
        """
        is_it = and_(articles.c.article_id == wanted.article_id, articles.c.revision == wanted.revision)
        text = {
            "body": page.text,
            "text_origin": TextOrigin.PAGE,
            "revision": wanted.revision + 1,
            "state": ArticleState.NEW,
            "attempts": 0,
            "leased_until": None,
            "reason": None,
        }
        with writing(self._engine) as connection:
            found = connection.execute(update(articles).where(is_it).values(text).returning(articles.c.article_id))
            is_put = found.one_or_none() is not None
            state, outcome = (PageState.READ, None) if is_put else (PageState.GIVEN_UP, EDITED)
            _end(connection, wanted.article_id, state, now, outcome=outcome, final_url=page.final_url)
        return is_put

    def put_failure(
        self, wanted: WantedPage, reason: str, cause: str, again_at: datetime | None, now: datetime
    ) -> None:
        """It could not be read: to be tried again then, or given up."""
        with writing(self._engine) as connection:
            if again_at is None:
                _end(connection, wanted.article_id, PageState.GIVEN_UP, now, outcome=reason, cause=cause)
                return
            connection.execute(
                update(pages)
                .where(_is_mine(wanted))
                .values(leased_until=None, next_attempt_at=again_at, outcome=reason, cause=cause)
            )

    def put_off(self, wanted: WantedPage, until: datetime) -> None:
        """Gives the claim back as if it had never been taken; the page is not due before `until`."""
        back = {"leased_until": None, "next_attempt_at": until, "attempts": pages.c.attempts - 1}
        with writing(self._engine) as connection:
            connection.execute(update(pages).where(_is_mine(wanted)).values(back))


def want_page(
    connection: Connection, article_id: ArticleId, revision: int, decision: PageDecision, now: datetime
) -> None:
    """Notes that a page is wanted for a text of an article; once for each, however often that is analysed."""
    row: dict[str, Any] = {
        "revision": revision,
        "state": PageState.WANTED,
        "reason": decision.reason,
        "detail": decision.detail,
        "wanted_at": now,
        "attempts": 0,
        "next_attempt_at": now,
        "leased_until": None,
        "outcome": None,
        "cause": None,
        "final_url": None,
        "ended_at": None,
    }
    wish = insert(connection, pages).values(article_id=article_id, **row)
    connection.execute(
        wish.on_conflict_do_update(index_elements=["article_id"], set_=row, where=pages.c.revision < revision)
    )


def _is_due(now: datetime) -> ColumnElement[bool]:
    free = or_(pages.c.leased_until.is_(None), pages.c.leased_until <= now)
    return and_(pages.c.state == PageState.WANTED, pages.c.next_attempt_at <= now, free)


def _is_mine(wanted: WantedPage) -> ColumnElement[bool]:
    """Attempts never go back within one text, so they tell one claim from any other."""
    is_it = and_(pages.c.article_id == wanted.article_id, pages.c.revision == wanted.revision)
    return and_(is_it, pages.c.attempts == wanted.attempts)


def _end(connection: Connection, article_id: ArticleId, state: PageState, now: datetime, **facts: str | None) -> None:
    connection.execute(
        update(pages)
        .where(pages.c.article_id == article_id, pages.c.state == PageState.WANTED)
        .values(state=state, leased_until=None, ended_at=now, **facts)
    )
