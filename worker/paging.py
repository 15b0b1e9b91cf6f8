"""The use case behind `pipeline`: an article's page is read once, and its text analysed as the article's.

It knows core types and the two ports below only.

It may run twice, or be cut off anywhere: the claim counts its attempt before the page is asked for, and the page's
text is put to exactly the revision that wanted it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from worker.errors import FetchError, PageError, PutOffError
from worker.fulltext import next_page_attempt
from worker.models.news import ArticleId
from worker.models.page import PageText, WantedPage


class PageSource(Protocol):
    """Reads one article's page."""

    def read(self, wanted: WantedPage) -> PageText:
        """The article as its page gives it; raises FetchError, or PageError where the page is not taken for it."""
        ...


class PageStore(Protocol):
    """Keeps which articles' pages are wanted and what came of them; each method is one transaction."""

    def due(self, now: datetime, limit: int) -> tuple[ArticleId, ...]:
        """Articles whose pages may be read now and are in nobody's hands, longest wanted first."""
        ...

    def begin(self, article_id: ArticleId, now: datetime, lease: timedelta) -> WantedPage | None:
        """Takes a page for reading and counts the attempt; None unless it is wanted, due and free.

        A page whose reading was cut off too often is given up, and one whose article was edited since is left.
        """
        ...

    def put_text(self, wanted: WantedPage, page: PageText, now: datetime) -> bool:
        """The page's text becomes the article's body, which is analysed again; False when the article was edited since.

        That is no edit by the outlet: it counts as a text of ours, and the feed's own text still comes back as known.
        """
        ...

    def put_failure(
        self, wanted: WantedPage, reason: str, cause: str, again_at: datetime | None, now: datetime
    ) -> None:
        """It could not be read: to be tried again then, or given up."""
        ...

    def put_off(self, wanted: WantedPage, until: datetime) -> None:
        """Gives the claim back as if it had never been taken; the page is not due before `until`."""
        ...


class PageOutcome(StrEnum):
    """How an attempt to read a page ended."""

    READ = "read"
    #: the article was edited meanwhile; its new text decides anew
    EDITED = "edited"
    FAILED = "failed"
    #: it waits out of courtesy to its publisher, or for want of a network; that is no attempt
    PUT_OFF = "put_off"
    #: it is not wanted any more, not yet, or another worker is at it
    NOT_DUE = "not_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """How an attempt went."""

    outcome: PageOutcome
    feed: str = ""
    #: why it failed: a FetchReason or a PageFault
    reason: str = ""
    cause: str = ""
    attempts: int = 0
    is_given_up: bool = False
    signs: int = 0


def read_page(
    article_id: ArticleId,
    *,
    source: PageSource,
    pages: PageStore,
    lease: timedelta,
    max_age: timedelta,
    clock: Callable[[], datetime],
) -> PageRead:
    """Reads one article's page, if it is wanted, due and in nobody's hands; the article waits for nothing meanwhile."""
    wanted = pages.begin(article_id, clock(), lease)
    if wanted is None:
        return PageRead(outcome=PageOutcome.NOT_DUE)
    try:
        page = source.read(wanted)
    except PutOffError as error:
        pages.put_off(wanted, clock() + timedelta(seconds=error.wait_s))
        return PageRead(outcome=PageOutcome.PUT_OFF, feed=wanted.feed_id)
    except FetchError as error:
        return _failed(wanted, error.reason.value, error.cause, error.retry_after_s, pages, max_age, clock())
    except PageError as error:
        return _failed(wanted, error.fault, error.cause, None, pages, max_age, clock())
    is_put = pages.put_text(wanted, page, clock())
    return PageRead(
        outcome=PageOutcome.READ if is_put else PageOutcome.EDITED,
        feed=wanted.feed_id,
        attempts=wanted.attempts,
        signs=len(page.text),
    )


def _failed(  # noqa: PLR0917 - what was wanted, why it failed, and who keeps it
    wanted: WantedPage,
    reason: str,
    cause: str,
    retry_after_s: float | None,
    pages: PageStore,
    max_age: timedelta,
    now: datetime,
) -> PageRead:
    again_at = next_page_attempt(reason, wanted.attempts, retry_after_s, wanted.seen_at, now, max_age)
    pages.put_failure(wanted, reason, cause, again_at, now)
    return PageRead(
        outcome=PageOutcome.FAILED,
        feed=wanted.feed_id,
        reason=reason,
        cause=cause,
        attempts=wanted.attempts,
        is_given_up=again_at is None,
    )
