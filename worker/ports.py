"""What the use cases need from the outside world, as Protocols; nothing here is implemented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from worker.entities.index import CatalogueIndex
from worker.matching.counting import Closeness
from worker.matching.terms import WatchIndex
from worker.models.alert import Fingerprint, Grouped, History, Plan
from worker.models.attribution import UNSTATED, Attribution
from worker.models.delivery import Delivery, DeliveryId, Receipt
from worker.models.feed import Feed, FeedState, Reading, Unchanged
from worker.models.hosts import NetworkState, RobotsRecord
from worker.models.news import Analysis, Article, ArticleId, FeedId, StoryId, Topic
from worker.models.page import PageDecision
from worker.models.watch import ChannelId
from worker.topics.categories import CategoryModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of the articles of one poll."""

    new: tuple[ArticleId, ...]
    #: known articles whose text changed; they wait for analysis again
    revised: tuple[ArticleId, ...]
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that is stored of one analysed article, in one transaction."""

    article: Article
    analysis: Analysis
    topics: tuple[Topic, ...]
    fingerprint: Fingerprint
    plan: Plan
    watchlist_version: str
    attribution: Attribution = UNSTATED
    #: whether the article's page shall be read; None: nobody asked
    page: PageDecision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A record was stored."""

    #: the deliveries that it created
    deliveries: tuple[DeliveryId, ...]
    #: the version of the history with this record in it
    history_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Nothing was stored."""

    #: the article was analysed by others, or has a newer revision: leave it; else: read again and plan again
    claim_lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What the sweep found stuck."""

    #: deliveries that are due and not in anyone's hands
    due: tuple[DeliveryId, ...]
    #: articles waiting for analysis
    pending_articles: int
    #: claims that ran out and were given back
    released: int
    #: articles set aside after too many unfinished attempts, with their number of attempts
    quarantined: tuple[ArticleId, ...]
    #: deliveries given up
    dead: tuple[DeliveryId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flushed:
    """What became of held deliveries."""

    #: the deliveries that are due now, those of digests among them
    due: tuple[DeliveryId, ...] = ()
    #: how many are in digests
    in_digests: int = 0
    #: how many are never sent: silenced, or a newer one says it too
    dropped: int = 0


class FeedSource(Protocol):
    """Reads one feed."""

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """The feed's entries now; raises FetchError or ParseError."""
        ...


class Analyzer(Protocol):
    """Turns text into sentences, lemmas and mentions."""

    def analyse(self, articles: Sequence[Article]) -> tuple[Analysis, ...]:
        """One analysis for each article, in order; raises AnalysisError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What turns text into entities, matches and topics."""

    analyzer: Analyzer
    index: WatchIndex
    catalogue: CatalogueIndex
    categories: CategoryModel
    #: answers the `about:` terms of watches; None: they find nothing
    closeness: Closeness | None = None


class HostStore(Protocol):
    """Keeps who may ask which host now, for all processes together; each method is one transaction."""

    def take(
        self, host: str, holder: str, now: datetime, *, lease: timedelta, spacing: timedelta, most: int
    ) -> timedelta | None:
        """Takes a host for one request, and lets the next one begin after `spacing`; None: it is taken.

        Else the time after which it is worth asking again: another request is at this host, the last one began
        too short a time ago, or `most` are under way at all hosts.
        """
        ...

    def give_back(
        self, host: str, holder: str, now: datetime, *, reached: bool, rest_until: datetime | None = None
    ) -> NetworkState:
        """The request ended; whether anybody can be reached. `rest_until` keeps the next request from beginning."""
        ...

    def robots(self, origin: str) -> RobotsRecord | None:
        """What a site last said about robots, however long ago."""
        ...

    def keep_robots(self, record: RobotsRecord) -> None:
        """Replaces what the site said before."""
        ...


class FeedStore(Protocol):
    """Keeps feed states; each method is one transaction."""

    def sync(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Makes a state for feeds not known yet and retires states of feeds no longer configured."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[FeedId, ...]:
        """Feeds to poll now that nobody polls, least recently polled first.

        Each is listed once in ten seconds at most, so that a long queue does not fill with repeats; it is nobody's yet.
        """
        ...

    def begin(self, feed_id: FeedId, now: datetime, lease: timedelta) -> FeedState | None:
        """Takes a feed for polling and counts the attempt; None unless it is configured, due and free.

        A feed whose last polls all ended without a `put` is given once an hour at most.
        """
        ...

    def get(self, feed_id: FeedId) -> FeedState | None:
        """The state of one feed; None when it is not configured any more."""
        ...

    def put(self, state: FeedState) -> None:
        """Stores the state after a poll and gives the claim back."""
        ...

    def put_off(self, feed_id: FeedId, until: datetime) -> None:
        """Gives the claim back as if it had never been taken; the feed stays due, but is not listed before `until`."""
        ...


class ArticleStore(Protocol):
    """Keeps articles and their analyses; each method is one transaction."""

    def add(self, articles: Sequence[Article], now: datetime) -> Added:
        """Stores articles by their keys; text that changed makes a new revision of the same article."""
        ...

    def claim_pending(self, now: datetime, lease: timedelta, limit: int) -> tuple[Article, ...]:
        """Articles to analyse, oldest first; counts an attempt for each before any work starts.

        A claim that ran out is given back by the sweep, not here: the sweep sees who was cut off too often.
        An article whose earlier attempt did not finish comes alone, so that a text that kills the worker
        takes nobody with it.
        """
        ...

    def grouped_since(self, since: datetime) -> tuple[Grouped, ...]:
        """Fingerprints with their stories, oldest first, of articles from `since` on."""
        ...

    def story_of(self, article_id: ArticleId) -> StoryId | None:
        """The story that an earlier revision of this article was put into, if any."""
        ...

    def quarantine(self, article_id: ArticleId, reason: str, revision: int) -> None:
        """Sets an article aside, unless it was edited since; it rests until an edit comes or a person asks for it."""
        ...

    def renew_unconfirmed(self, since: datetime) -> int:
        """Lets articles seen from `since` on that were analysed by word forms alone wait for analysis; how many."""
        ...


class AlertStore(Protocol):
    """Keeps matches, stories, alerts and the outbox; each method is one transaction."""

    def version(self) -> int:
        """How often the history changed."""
        ...

    def history(
        self, story_ids: Sequence[StoryId], now: datetime, since: datetime, merges: Sequence[StoryId] = ()
    ) -> History:
        """What was told about these stories, the silences of now, and the version of the whole history.

        Stories that became part of one of these count as it; so do those in `merges`, which are about to become part
        of the first. `recent` begins with `since`.
        """
        ...

    def apply(self, record: Record, now: datetime) -> Applied | Stale:
        """Stores analysis, story, matches, alerts and deliveries at once."""
        ...

    def claim(self, delivery_id: DeliveryId, now: datetime, lease: timedelta) -> Delivery | None:
        """Takes a delivery for sending and counts the attempt; None when it is not due or taken.

        None, too, when it has to wait for the first message of its thread, and when it is dropped because a silence
        came between or because a later message says it too.
        """
        ...

    def mark_sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> bool:
        """The channel has it; True unless it was claimed again since, even if the sweep took the claim back."""
        ...

    def mark_failed(
        self, delivery: Delivery, reason: str, next_attempt_at: datetime, *, failures: int, maybe_accepted: bool
    ) -> bool:
        """To be tried again at `next_attempt_at`, with so many `failures` so far; False when the claim is lost."""
        ...

    def mark_dead(self, delivery: Delivery, reason: str, now: datetime, *, maybe_accepted: bool) -> bool:
        """Given up; a person can replay it; False when the claim is lost."""
        ...

    def mark_dropped(self, delivery: Delivery, reason: str) -> bool:
        """Never to be sent, and nobody need look at it; False when the claim is lost."""
        ...

    def held_channels(self, now: datetime) -> tuple[ChannelId, ...]:
        """The channels with held deliveries that are due, by id."""
        ...

    def flush(self, channel: ChannelId, now: datetime, size: int) -> Flushed:
        """Makes messages of the held deliveries of a channel that are due; `size`: most of them in one digest."""
        ...

    def sweep(self, now: datetime, analysis_attempts: int, delivery_attempts: int, limit: int) -> Swept:
        """Gives back claims that ran out, sets aside what was cut off too often, and lists what is due.

        A sending that was cut off is a failure, and `delivery_attempts` of those end a delivery.
        """
        ...


class Channel(Protocol):
    """A configured destination."""

    def send(self, delivery: Delivery) -> Receipt:
        """Hands one message over, as an answer to the first of its thread where it can; raises DeliveryError."""
        ...


@runtime_checkable
class AmendingChannel(Channel, Protocol):
    """A destination whose messages can be changed later."""

    def amend(self, delivery: Delivery, remote_id: str) -> Receipt:
        """Puts the delivery in place of the message of this id, without a sound; raises DeliveryError.

        `MESSAGE_GONE` says that the message is there no more, or may be changed no more.
        """
        ...
