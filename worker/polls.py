"""The use case of reading a feed: core types and ports only.

It may run twice, or be cut off anywhere: the claim and the articles' keys make that harmless.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from worker.errors import FetchError, FetchReason, ParseError, PutOffError
from worker.health import judged
from worker.models.feed import Feed, FeedState, Reading, Unchanged
from worker.models.news import Article, Entry
from worker.polling.addresses import as_asked, conditions
from worker.polling.states import Found, PollOutcome, found_in, next_state, regressed
from worker.ports import Added, ArticleStore, FeedSource, FeedStore
from worker.text.clean import article_from

Clean: TypeAlias = Callable[[Entry, Feed, FeedState, datetime], Article | None]
_NOTHING_ADDED = Added(new=(), revised=(), known=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How a poll went, or why it failed."""

    outcome: PollOutcome | FetchReason
    cause: str = ""
    seen: int = 0
    new: int = 0
    revised: int = 0
    #: the document shared nothing with the one before, so entries came and went between
    gap: bool = False


def poll_feed(
    feed: Feed,
    *,
    source: FeedSource,
    feeds: FeedStore,
    articles: ArticleStore,
    lease: timedelta,
    clock: Callable[[], datetime],
    jitter: float,
    clean: Clean = article_from,
) -> Polled:
    """Reads one feed, if it is due and nobody else is at it; stores what is new, then when it is due again.

    `jitter` lies in −1…1; `clean` makes an article of an entry, or nothing.
    """
    state = feeds.begin(feed.id, clock(), lease)
    if state is None:
        return Polled(outcome=PollOutcome.RETIRED if feeds.get(feed.id) is None else PollOutcome.NOT_DUE)
    asked_with = conditions(state, clock())
    is_probe = asked_with != state.validators
    try:
        outcome = source.read(as_asked(feed, state), replace(state, validators=asked_with))
        now = clock()
        found, older = _articles_of(outcome, feed, state, now, clean)
    except PutOffError as error:
        feeds.put_off(feed.id, clock() + timedelta(seconds=error.wait_s))
        return Polled(outcome=PollOutcome.PUT_OFF, cause=error.pause.value)
    except (FetchError, ParseError) as error:
        now = clock()
        feeds.put(judged(feed, next_state(state, error, Found(), feed, now, jitter), error.cause, now))
        reason = error.reason if isinstance(error, FetchError) else FetchReason.NOT_A_FEED
        return Polled(outcome=reason, cause=error.cause)
    added = articles.add(found + older, now) if isinstance(outcome, Reading) else _NOTHING_ADDED
    # Only now may the feed's validators be kept: a crash before this line must read the document again.
    after = next_state(state, outcome, found_in(found, added.new), feed, now, jitter, is_probe=is_probe)
    feeds.put(judged(feed, after, "", now))
    if not isinstance(outcome, Reading):
        return Polled(outcome=PollOutcome.UNCHANGED)
    return Polled(
        outcome=PollOutcome.OK,
        seen=len(outcome.entries),
        new=len(added.new),
        revised=len(added.revised),
        gap=now in {after.memory.gap_at, after.memory.unread_until},
    )


def _articles_of(
    outcome: Reading | Unchanged, feed: Feed, state: FeedState, now: datetime, clean: Clean
) -> tuple[tuple[Article, ...], tuple[Article, ...]]:
    """The articles of a document, and those before it; raises FetchError for one that must count for nothing."""
    if not isinstance(outcome, Reading):
        return (), ()
    if not outcome.entries:
        raise FetchError(feed.id, FetchReason.EMPTY, "no entries")
    cleaned = ([clean(entry, feed, state, now) for entry in part] for part in (outcome.entries, outcome.older))
    found, older = (tuple(article for article in part if article is not None) for part in cleaned)
    if fault := regressed(state, found, now):
        raise fault
    return found, older
