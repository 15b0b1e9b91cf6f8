"""The use case of telling operators how the feeds fare; core types and a port only.

What is told is stored together with its deliveries, and those go the way of every other message: claimed, retried,
and given up only in sight of a person.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from worker.health import notices
from worker.models.alert import Notice, Reason
from worker.models.delivery import DeliveryId
from worker.models.health import Condition, FeedNotice, NetworkStanding, Standing, TellReason
from worker.models.watch import ChannelId, Severity, WatchId

FEEDS_WATCH = WatchId("feeds")
_WATCH_NAME = "Състояние на емисиите"
_TITLES = {
    Condition.STUCK: "четенето на емисията прекъсва всеки път",
    Condition.GONE: "емисията е закрита",
    Condition.CHALLENGE: "емисията е зад проверка за хора",
    Condition.BLOCKED: "емисията ни е отказана",
    Condition.EMPTY: "емисията е празна",
    Condition.FAILING: "емисията не се чете",
    Condition.MOVED: "емисията се е преместила на друг сайт",
    Condition.LYING: "сървърът на емисията крие промени",
    Condition.GARBLED: "емисията е с объркана кодировка",
    Condition.GAP: "от емисията може да са пропуснати записи",
    Condition.STALE: "емисията е спряла да се обновява",
    Condition.SLOW: "сървърът иска да го питаме рядко",
    Condition.UNREAD: "от емисията има изгубени записи",
    Condition.OK: "емисията отново е добре",
    Condition.NEW: "емисията още не е четена",
}
_NETWORK_TITLES = {
    TellReason.NETWORK_DOWN: "никоя емисия не се достига",
    TellReason.NETWORK_BACK: "мрежата се върна",
}
_PRESSING = frozenset({Condition.GONE, Condition.MOVED, Condition.BLOCKED, Condition.CHALLENGE})


class FeedNoticeStore(Protocol):
    """Keeps what operators were told of feeds; each method is one transaction."""

    def standings(self) -> tuple[Standing, ...]:
        """Every configured feed as it fares, by id."""
        ...

    def network(self) -> NetworkStanding:
        """Since when nobody can be reached, and whether the operators know."""
        ...

    def tell(
        self, told: Sequence[tuple[FeedNotice, Notice]], channels: Sequence[ChannelId], now: datetime
    ) -> tuple[DeliveryId, ...]:
        """Stores each notice with its deliveries, unless others told meanwhile; gives the new deliveries."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the operators were told, for the log: feed, condition and reason of each notice."""

    notices: tuple[FeedNotice, ...]
    deliveries: tuple[DeliveryId, ...]


def tell_operators(*, store: FeedNoticeStore, channels: Sequence[ChannelId], clock: Callable[[], datetime]) -> Told:
    """One notice of each fault and one of its end; without channels they are only stored, for page and log."""
    now = clock()
    due = notices(store.standings(), store.network(), now)
    if not due:
        return Told(notices=(), deliveries=())
    return Told(notices=due, deliveries=store.tell([(one, message_of(one, now)) for one in due], channels, now))


def message_of(one: FeedNotice, now: datetime) -> Notice:
    """All facts that a message about a feed shows."""
    is_end = one.condition is Condition.OK
    title = _NETWORK_TITLES.get(one.reason) or _TITLES[one.condition]
    return Notice(
        watch_id=FEEDS_WATCH,
        watch_name=_WATCH_NAME,
        title=f"{one.outlet}: {title}",
        outlet=f"{one.outlet}, {one.feed_id}" if one.feed_id else one.outlet,
        url=one.url,
        published_at=now,
        seen_at=now,
        quotes=(),
        match_reason=one.evidence,
        decision_reason=Reason.FEED_RECOVERED if is_end else Reason.FEED_FAULT,
        watchlist_version="-",
        severity=Severity.HIGH if one.condition in _PRESSING else Severity.NORMAL,
    )


def notice_id(one: FeedNotice, now: datetime) -> str:
    """The same for the same notice at the same instant."""
    stated = f"{one.feed_id}\n{one.condition.value}\n{one.reason.value}\n{now.isoformat()}"
    return hashlib.sha256(stated.encode()).hexdigest()[:16]
