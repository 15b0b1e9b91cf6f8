"""Shall an article's page be read, and when again after a failure; pure.

A page costs its publisher a request, so it is read only where it may change what somebody is told: a watch found
something in the feed's fragment and asks for more. Its text never blocks or delays what the feed's text alerts.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from worker.errors import FetchReason
from worker.matching.verdicts import Refusal, Verdict
from worker.models.feed import FullText
from worker.models.news import Article, TextOrigin
from worker.models.page import PageDecision, PageReason
from worker.models.watch import WatchId
from worker.text.fragments import Fragment, fragment_of

#: refusals that more text can turn into a match
OPEN_REFUSALS = frozenset({Refusal.TOO_LIGHT, Refusal.NEEDS_MISSING, Refusal.PART_MISSING, Refusal.NOTHING_LEFT})
#: failures that pass
_PASSING = frozenset({
    FetchReason.DNS, FetchReason.CONNECT, FetchReason.TIMEOUT, FetchReason.RATE_LIMITED, FetchReason.SERVER,
})  # fmt: skip
#: the waits behind the first, second, … attempt; there is none after them
_WAITS = (timedelta(minutes=10), timedelta(hours=1))
MAX_ATTEMPTS = len(_WAITS) + 1
_LONGEST_WAIT_S = 24 * 3600.0
_SHOWN_WATCHES = 5


def decide_page(  # noqa: PLR0917 - what was read, what was found in it, what is known already, and what is allowed
    article: Article,
    verdicts: Sequence[Verdict],
    settled: Collection[WatchId],
    policy: FullText,
    now: datetime,
    max_age: timedelta,
) -> PageDecision:
    """Whether the article's page is read: the first rule that applies, in the order of `PageReason`.

    `settled` holds the watches that nothing on the page can make alert: expired, or told about the story already.
    """
    barred = _barred(article, policy, now, max_age)
    if barred is not None:
        return PageDecision(reason=barred)
    if policy is FullText.ALWAYS:
        return PageDecision(reason=PageReason.POLICY_ALWAYS)
    fragment = fragment_of(article)
    if fragment is None:
        return PageDecision(reason=PageReason.WHOLE)
    waiting = undecided(verdicts, settled)
    if not waiting:
        return PageDecision(reason=PageReason.DECIDED)
    return PageDecision(reason=PageReason.UNDECIDED, detail=_detail(fragment, waiting))


def undecided(verdicts: Sequence[Verdict], settled: Collection[WatchId]) -> tuple[Verdict, ...]:
    """Watches that found something, did not fire, and might if there were more text."""
    return tuple(one for one in verdicts if one.refusal in OPEN_REFUSALS and one.watch_id not in settled)


def next_page_attempt(  # noqa: PLR0917 - a failure, its history, and until when it matters
    reason: str, attempts: int, retry_after_s: float | None, seen_at: datetime, now: datetime, max_age: timedelta
) -> datetime | None:
    """When a page is tried again after `attempts` failed; None when it is given up.

    Only failures that pass are worth it, and only while the article is young enough to be told to anybody. What a
    server asks for with `Retry-After` is never undercut.
    """
    if reason not in _PASSING or attempts >= MAX_ATTEMPTS:
        return None
    asked = timedelta(seconds=min(max(retry_after_s or 0.0, 0.0), _LONGEST_WAIT_S))
    again_at = now + max(_WAITS[attempts - 1], asked)
    return again_at if again_at - seen_at <= max_age else None


def _barred(article: Article, policy: FullText, now: datetime, max_age: timedelta) -> PageReason | None:
    if policy is FullText.NEVER:
        return PageReason.POLICY_NEVER
    if article.text_origin is TextOrigin.PAGE:
        return PageReason.READ
    if not article.url:
        return PageReason.NO_ADDRESS
    if article.baseline:
        return PageReason.BASELINE
    if now - (article.published_at or article.seen_at) > max_age:
        return PageReason.TOO_OLD
    return None


def _detail(fragment: Fragment, waiting: Sequence[Verdict]) -> str:
    """`cut; nato: too_light, bnb: needs_missing`."""
    named = [f"{one.watch_id}: {one.refusal}" for one in waiting[:_SHOWN_WATCHES]]
    more = len(waiting) - len(named)
    return f"{fragment.value}; {', '.join(named)}" + (f" (+{more})" if more else "")
