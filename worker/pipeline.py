"""The use cases after a feed was read: analyse what waits, deliver a message, sweep; core types and ports only.

Each may run twice, or be cut off anywhere: claims, unique keys and the history version make that harmless.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from worker.delivering import Delivered, DeliveryOutcome, RetryPolicy, failures_after, next_attempt
from worker.errors import DeliveryError, DeliveryReason
from worker.examining import Examined, examine_each
from worker.fulltext import decide_page
from worker.grouping.decide import plan_alerts
from worker.grouping.stories import StoryWindow, assign_story
from worker.grouping.threads import DropReason
from worker.models.alert import Grouped, History, Plan
from worker.models.delivery import Delivery, DeliveryId, Receipt
from worker.models.feed import FullText
from worker.models.news import FeedId
from worker.models.page import PageDecision
from worker.models.rules import AlertRules, WeeklyTime
from worker.models.watch import ChannelId, Watchlist
from worker.ports import (
    AlertStore,
    AmendingChannel,
    Applied,
    ArticleStore,
    Channel,
    Flushed,
    Language,
    Record,
    Stale,
    Swept,
)
from worker.text.times import SOFIA

#: Reports of one event come within three days; older articles start stories of their own.
STORY_REACH = timedelta(hours=72)
_STALE_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Bounds that an operator may set."""

    feed_lease: timedelta = timedelta(seconds=120)
    article_lease: timedelta = timedelta(seconds=300)
    delivery_lease: timedelta = timedelta(seconds=120)
    #: fetching and reading of one page
    page_lease: timedelta = timedelta(seconds=120)
    #: when the pages behind a feed's articles are read; of a feed that is not named: never
    full_text: Mapping[FeedId, FullText] = field(default_factory=dict)
    batch: int = 32
    analysis_attempts: int = 3
    rules: AlertRules = field(default_factory=AlertRules)
    #: when each channel gets the week in review
    reviews: Mapping[ChannelId, WeeklyTime] = field(default_factory=dict)
    #: most messages in one digest; of a channel that is not named: `digest_size`
    digest_sizes: Mapping[ChannelId, int] = field(default_factory=dict)
    digest_size: int = 12
    retry: RetryPolicy = field(
        default_factory=lambda: RetryPolicy(attempts=8, first=timedelta(seconds=10), last=timedelta(hours=1))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """What became of one batch."""

    claimed: int
    stored: int = 0
    matches: int = 0
    quarantined: int = 0
    #: articles that changed hands or history too often; the sweep finds them
    stale: int = 0
    deliveries: tuple[DeliveryId, ...] = ()


def analyse_pending(
    *,
    articles: ArticleStore,
    alerts: AlertStore,
    language: Language,
    watchlist: Watchlist,
    policy: Policy,
    clock: Callable[[], datetime],
) -> Analysed:
    """Claims one batch, and carries each article of it through to its alerts."""
    claimed = articles.claim_pending(clock(), policy.article_lease, policy.batch)
    if not claimed:
        return Analysed(claimed=0)
    examined, failed = examine_each(claimed, language)
    revisions = {article.id: article.revision for article in claimed}
    for article_id, cause in failed:
        articles.quarantine(article_id, cause, revisions[article_id])
    conclusion = _Conclusion(articles, alerts, watchlist, policy, clock)
    deliveries: list[DeliveryId] = []
    stale = 0
    for one in examined:
        created = conclusion.conclude(one)
        stale += created is None
        deliveries.extend(created or ())
    return Analysed(
        claimed=len(claimed),
        stored=len(examined) - stale,
        matches=sum(len(one.matches) for one in examined),
        quarantined=len(failed),
        stale=stale,
        deliveries=tuple(deliveries),
    )


class _Conclusion:
    """Story, decision and storing of the articles of one batch, against a window read once."""

    def __init__(
        self,
        articles: ArticleStore,
        alerts: AlertStore,
        watchlist: Watchlist,
        policy: Policy,
        clock: Callable[[], datetime],
    ) -> None:
        self._articles = articles
        self._alerts = alerts
        self._watchlist = watchlist
        self._policy = policy
        self._clock = clock
        self._version, self._window = self._read_window()

    def conclude(self, one: Examined) -> tuple[DeliveryId, ...] | None:
        """The deliveries that this article causes; None when others kept changing the history meanwhile."""
        for _ in range(_STALE_TRIES):
            applied = self._try(one)
            if isinstance(applied, Applied):
                return applied.deliveries
            if applied.claim_lost:
                return ()
            self._version, self._window = self._read_window()
        return None

    def _try(self, one: Examined) -> Applied | Stale:
        now = self._clock()
        story = assign_story(one.fingerprint, self._window, self._articles.story_of(one.article.id))
        rules = self._policy.rules
        history = self._alerts.history((story.id,), now, now - rules.flood_window, story.merges)
        if history.version != self._version:
            return Stale()
        plan = plan_alerts(
            one.article,
            one.matches,
            story,
            history,
            self._watchlist,
            now,
            rules,
            is_confirmed=one.analysis.is_confirmed,
            attribution=one.attribution,
        )
        record = Record(
            article=one.article,
            analysis=one.analysis,
            topics=one.topics,
            fingerprint=one.fingerprint,
            plan=plan,
            watchlist_version=self._watchlist.version,
            attribution=one.attribution,
            page=self._page(one, plan, history, now),
        )
        applied = self._alerts.apply(record, now)
        if isinstance(applied, Applied):
            for part in story.merges:
                self._window.merge(part, story.id)
            self._window.add(Grouped(fingerprint=one.fingerprint, story_id=story.id))
            self._version = applied.history_version
        return applied

    def _page(self, one: Examined, plan: Plan, history: History, now: datetime) -> PageDecision:
        """Whether the article's page shall be read for watches that this plan does not settle."""
        today = now.astimezone(SOFIA).date()
        settled = {watch.id for watch in self._watchlist.watches if watch.expires and watch.expires <= today}
        settled |= {watch_id for watch_id, story_id in history.told if story_id == plan.story.id}
        full_text = self._policy.full_text.get(one.article.feed_id, FullText.NEVER)
        return decide_page(one.article, one.verdicts, settled, full_text, now, self._policy.rules.max_age)

    def _read_window(self) -> tuple[int, StoryWindow]:
        # The version first: what is written between the two reads then makes the version too old, never too new.
        version = self._alerts.version()
        return version, StoryWindow(self._articles.grouped_since(self._clock() - STORY_REACH))


def deliver(
    delivery_id: DeliveryId,
    *,
    alerts: AlertStore,
    channels: Mapping[ChannelId, Channel],
    policy: Policy,
    clock: Callable[[], datetime],
) -> Delivered:
    """Sends one message, if it is due and nobody else is at it, and records what the channel said."""
    delivery = alerts.claim(delivery_id, clock(), policy.delivery_lease)
    if delivery is None:
        return Delivered(outcome=DeliveryOutcome.NOT_DUE)
    reason = cause = ""
    try:
        receipt = _send(delivery, channels)
    except DeliveryError as error:
        reason, cause = error.reason.value, error.cause
        outcome = _record_failure(delivery, error, alerts, policy.retry, clock())
    else:
        if receipt is None:
            reason = DropReason.CANNOT_AMEND.value
            is_marked, marked = alerts.mark_dropped(delivery, reason), DeliveryOutcome.DROPPED
        else:
            is_marked, marked = alerts.mark_sent(delivery, receipt, clock()), DeliveryOutcome.SENT
        outcome = marked if is_marked else DeliveryOutcome.CLAIM_LOST
    return Delivered(outcome=outcome, channel=delivery.channel, reason=reason, cause=cause, attempts=delivery.attempts)


def _send(delivery: Delivery, channels: Mapping[ChannelId, Channel]) -> Receipt | None:
    """What the channel says; None: it is an amendment, and the channel cannot amend that message."""
    channel = channels.get(delivery.channel)
    if channel is None:
        raise DeliveryError(delivery.channel, DeliveryReason.NO_CHANNEL, "not in channels.yaml any more")
    if not delivery.is_amendment:
        return channel.send(delivery)
    first = delivery.thread.remote_id if delivery.thread else None
    if first is None or not isinstance(channel, AmendingChannel):
        return None
    return channel.amend(delivery, first)


def _record_failure(
    delivery: Delivery, error: DeliveryError, alerts: AlertStore, retry: RetryPolicy, now: datetime
) -> DeliveryOutcome:
    failures = failures_after(error, delivery.failures)
    reason, maybe_accepted = error.reason.value, error.maybe_accepted
    again_at = next_attempt(error, delivery.attempts, failures, retry, now)
    if again_at is not None:
        is_marked = alerts.mark_failed(delivery, reason, again_at, failures=failures, maybe_accepted=maybe_accepted)
        outcome = DeliveryOutcome.FAILED
    elif delivery.is_amendment and error.reason is DeliveryReason.MESSAGE_GONE:
        is_marked, outcome = alerts.mark_dropped(delivery, reason), DeliveryOutcome.DROPPED
    else:
        is_marked = alerts.mark_dead(delivery, reason, now, maybe_accepted=maybe_accepted)
        outcome = DeliveryOutcome.DEAD
    return outcome if is_marked else DeliveryOutcome.CLAIM_LOST


def flush_held(*, alerts: AlertStore, policy: Policy, clock: Callable[[], datetime]) -> Flushed:
    """Makes messages of what was held and is due; what is due together on a channel becomes one."""
    now = clock()
    flushed = [
        alerts.flush(channel, now, policy.digest_sizes.get(channel, policy.digest_size))
        for channel in alerts.held_channels(now)
    ]
    return Flushed(
        due=tuple(id_ for one in flushed for id_ in one.due),
        in_digests=sum(one.in_digests for one in flushed),
        dropped=sum(one.dropped for one in flushed),
    )


def sweep(*, alerts: AlertStore, policy: Policy, clock: Callable[[], datetime], limit: int = 500) -> Swept:
    """Finds what is stuck or due, whatever the reason: a lost message, a killed process, a wait that is over."""
    return alerts.sweep(clock(), policy.analysis_attempts, policy.retry.attempts, limit)
