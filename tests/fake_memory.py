"""What the stores in memory share, as the real ones share a database."""

from dataclasses import dataclass, field
from datetime import datetime

from worker.grouping.digest import Held
from worker.models.alert import Alert, AlertId, Notice
from worker.models.delivery import Delivery, DeliveryId, DeliveryState, DigestId
from worker.models.feed import Feed, FeedState
from worker.models.health import Condition, FeedNotice
from worker.models.news import Article, ArticleId, FeedId, StoryId
from worker.models.silence import Silence, SilenceId
from worker.ports import Record


@dataclass(slots=True, kw_only=True)
class FeedSlot:
    feed: Feed
    state: FeedState
    enqueued_until: datetime | None = None
    leased_until: datetime | None = None
    attempts: int = 0
    retired: bool = False
    told: Condition | None = None


@dataclass(slots=True, kw_only=True)
class ArticleSlot:
    article: Article
    texts_seen: tuple[str, ...]
    state: str = "new"
    attempts: int = 0
    leased_until: datetime | None = None
    reason: str | None = None
    record: Record | None = None


@dataclass(slots=True, kw_only=True)
class PageSlot:
    revision: int
    reason: str
    detail: str
    next_attempt_at: datetime
    state: str = "wanted"
    attempts: int = 0
    leased_until: datetime | None = None
    outcome: str | None = None


@dataclass(slots=True, kw_only=True)
class DeliverySlot:
    delivery: Delivery
    next_attempt_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    leased_until: datetime | None = None
    reason: str | None = None
    remote_id: str | None = None
    #: what it says, and what decides its place; None: a digest, a review or a feed notice
    subject: Held | None = None
    created_at: datetime | None = None
    held_until: datetime | None = None
    digest_id: DigestId | None = None


@dataclass(slots=True, kw_only=True)
class SilenceSlot:
    silence: Silence
    ended_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Memory:
    """Everything that is stored; open to tests."""

    feeds: dict[FeedId, FeedSlot] = field(default_factory=dict)
    articles: dict[ArticleId, ArticleSlot] = field(default_factory=dict)
    keys: dict[str, ArticleId] = field(default_factory=dict)
    pages: dict[ArticleId, PageSlot] = field(default_factory=dict)
    alerts: dict[tuple[str, str, int], Alert] = field(default_factory=dict)
    deliveries: dict[DeliveryId, DeliverySlot] = field(default_factory=dict)
    acknowledged: set[AlertId] = field(default_factory=set)
    silences: dict[SilenceId, SilenceSlot] = field(default_factory=dict)
    merged: dict[StoryId, StoryId] = field(default_factory=dict)
    version: int = 0
    feeds_looked_at: datetime | None = None
    network_told: bool = False
    network_lost_at: datetime | None = None
    feed_notices: list[tuple[FeedNotice, Notice, datetime]] = field(default_factory=list)

    def story(self, story_id: StoryId) -> StoryId:
        """The story that this one has become."""
        return self.merged.get(story_id, story_id)


def is_over(until: datetime | None, now: datetime) -> bool:
    return until is None or until <= now


def is_pollable(slot: FeedSlot, now: datetime) -> bool:
    is_alive = not slot.retired and slot.state.memory.gone_at is None
    return is_alive and slot.state.due_at <= now and is_over(slot.leased_until, now)


def is_waiting(slot: ArticleSlot) -> bool:
    return slot.state == "new" and slot.leased_until is None
