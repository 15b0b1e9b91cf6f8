"""What the stores in memory share, as the real ones share a database."""

from dataclasses import dataclass, field
from datetime import datetime

from worker.models.alert import Alert, Delivery, DeliveryId, DeliveryState
from worker.models.news import Article, ArticleId, Feed, FeedId, FeedState
from worker.ports import Record


@dataclass(slots=True, kw_only=True)
class FeedSlot:
    feed: Feed
    state: FeedState
    enqueued_until: datetime | None = None
    leased_until: datetime | None = None
    attempts: int = 0
    retired: bool = False


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
class DeliverySlot:
    delivery: Delivery
    next_attempt_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    leased_until: datetime | None = None
    reason: str | None = None
    remote_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Memory:
    """Everything that is stored; open to tests."""

    feeds: dict[FeedId, FeedSlot] = field(default_factory=dict)
    articles: dict[ArticleId, ArticleSlot] = field(default_factory=dict)
    keys: dict[str, ArticleId] = field(default_factory=dict)
    alerts: dict[tuple[str, str, int], Alert] = field(default_factory=dict)
    deliveries: dict[DeliveryId, DeliverySlot] = field(default_factory=dict)
    version: int = 0


def is_over(until: datetime | None, now: datetime) -> bool:
    return until is None or until <= now


def is_pollable(slot: FeedSlot, now: datetime) -> bool:
    return not slot.retired and slot.state.due_at <= now and is_over(slot.leased_until, now)


def is_waiting(slot: ArticleSlot) -> bool:
    return slot.state == "new" and slot.leased_until is None
