"""What the page and the command line show: read models, each one query or two, newest first.

Nothing here decides or changes anything, but for the sign of life of a process.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, Table, func, select

from worker.models.alert import AlertId, Notice
from worker.models.delivery import DeliveryId, DeliveryState, DigestId
from worker.models.feed import FeedState
from worker.models.health import Health
from worker.models.news import ArticleId, FeedId, StoryId
from worker.models.watch import ChannelId, WatchId
from worker.store.encoding import notice_from_json
from worker.store.engine import insert, reading, writing
from worker.store.feed_notices import health_of
from worker.store.feed_tables import feeds
from worker.store.feeds import state_from
from worker.store.outgoing import subject_id
from worker.store.schema import alerts, articles, deliveries, stories
from worker.store.schema import heartbeats as beats


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of everything; states that no row is in are absent."""

    feeds: int
    articles: Mapping[str, int]
    stories: int
    alerts: int
    deliveries: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRow:
    """A delivery and how it fares."""

    id: DeliveryId
    #: of the alert, or of whatever else it is that is sent
    alert_id: str
    channel: ChannelId
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    maybe_repeated: bool
    #: why it waits, was dropped, or failed last
    reason: str | None
    remote_id: str | None
    created_at: datetime
    sent_at: datetime | None
    dead_at: datetime | None
    held_until: datetime | None = None
    #: the digest that it is, or is a part of
    digest_id: DigestId | None = None
    is_amendment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert with its deliveries."""

    id: AlertId
    watch_id: WatchId
    #: the story that its own has become
    story_id: StoryId
    article_id: ArticleId
    revision: int
    notice: Notice
    created_at: datetime
    deliveries: tuple[DeliveryRow, ...]
    is_amendment: bool = False
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A configured feed and how it fares."""

    outlet: str
    url: str
    state: FeedState
    health: Health
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LatencySample:
    """The instants of one delivery, from publication to the channel; `seen_at` is that of the text that fired."""

    delivery_id: DeliveryId
    channel: ChannelId
    published_at: datetime | None
    seen_at: datetime
    alerted_at: datetime
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedArticle:
    """An article that was set aside."""

    id: ArticleId
    feed_id: FeedId
    title: str
    url: str
    revision: int
    attempts: int
    reason: str
    seen_at: datetime


def counts(engine: Engine) -> Counts:
    """How many of everything there is now."""
    configured = select(func.count()).select_from(feeds).where(feeds.c.retired.is_(False))
    with reading(engine) as connection:
        return Counts(
            feeds=connection.scalars(configured).one(),
            articles=_by_state(connection, articles),
            stories=_total(connection, stories),
            alerts=_total(connection, alerts),
            deliveries=_by_state(connection, deliveries),
        )


def recent_alerts(engine: Engine, limit: int) -> tuple[AlertRow, ...]:
    """The last alerts, newest first."""
    return alerts_by(engine, select_alerts().limit(limit))


def select_alerts() -> Select[Any]:
    """Alerts as `alerts_by` reads them, newest first."""
    return (
        select(alerts, func.coalesce(stories.c.merged_into, alerts.c.story_id).label("surviving"))
        .join(stories, stories.c.story_id == alerts.c.story_id)
        .order_by(alerts.c.created_at.desc(), alerts.c.alert_id)
    )


def alerts_by(engine: Engine, query: Select[Any]) -> tuple[AlertRow, ...]:
    """The alerts of a query, in its order."""
    with reading(engine) as connection:
        found = connection.execute(query).mappings().all()
        sent = _deliveries_of(connection, query)
    return tuple(
        AlertRow(
            id=AlertId(row["alert_id"]),
            watch_id=WatchId(row["watch_id"]),
            story_id=StoryId(row["surviving"]),
            article_id=ArticleId(row["article_id"]),
            revision=row["revision"],
            notice=notice_from_json(row["notice"]),
            created_at=row["created_at"],
            deliveries=tuple(sent[row["alert_id"]]),
            is_amendment=row["is_amendment"],
            acknowledged_at=row["acknowledged_at"],
            acknowledged_by=row["acknowledged_by"],
        )
        for row in found
    )


def feed_rows(engine: Engine) -> tuple[FeedRow, ...]:
    """All configured feeds by outlet."""
    number = func.count(articles.c.article_id).label("number")
    query = (
        select(feeds, number)
        .outerjoin(articles, articles.c.feed_id == feeds.c.feed_id)
        .where(feeds.c.retired.is_(False))
        .group_by(feeds.c.feed_id)
        .order_by(feeds.c.outlet, feeds.c.feed_id)
    )
    with reading(engine) as connection:
        found = connection.execute(query).mappings().all()
    states = [state_from(row) for row in found]
    return tuple(
        FeedRow(
            outlet=row["outlet"],
            url=row["url"],
            state=state,
            health=health_of(state.memory.health, row["attempts"]),
            articles=row["number"],
        )
        for row, state in zip(found, states, strict=True)
    )


def latency_samples(engine: Engine, since: datetime) -> tuple[LatencySample, ...]:
    """The instants of every delivery sent from `since` on, in order of sending."""
    query = (
        select(deliveries, alerts.c.notice, alerts.c.text_seen_at, alerts.c.created_at.label("alerted_at"))
        .join(alerts, alerts.c.alert_id == deliveries.c.alert_id)
        .where(deliveries.c.state == DeliveryState.SENT, deliveries.c.sent_at >= since)
        .order_by(deliveries.c.sent_at, deliveries.c.delivery_id)
    )
    with reading(engine) as connection:
        return tuple(
            LatencySample(
                delivery_id=DeliveryId(row["delivery_id"]),
                channel=ChannelId(row["channel"]),
                published_at=notice_from_json(row["notice"]).published_at,
                seen_at=row["text_seen_at"],
                alerted_at=row["alerted_at"],
                sent_at=row["sent_at"],
            )
            for row in connection.execute(query).mappings()
        )


def quarantined_articles(engine: Engine, limit: int) -> tuple[QuarantinedArticle, ...]:
    """Articles that were set aside and wait for a person, last seen first."""
    query = (
        select(articles)
        .where(articles.c.state == "quarantined")
        .order_by(articles.c.seen_at.desc(), articles.c.article_id)
        .limit(limit)
    )
    with reading(engine) as connection:
        return tuple(
            QuarantinedArticle(
                id=ArticleId(row.article_id),
                feed_id=FeedId(row.feed_id),
                title=row.title,
                url=row.url,
                revision=row.revision,
                attempts=row.attempts,
                reason=row.reason,
                seen_at=row.seen_at,
            )
            for row in connection.execute(query)
        )


def beat(engine: Engine, role: str, now: datetime) -> None:
    """Notes that a process of this role is alive."""
    with writing(engine) as connection:
        statement = insert(connection, beats).values(role=role, beat_at=now)
        connection.execute(statement.on_conflict_do_update(index_elements=[beats.c.role], set_={"beat_at": now}))


def heartbeats(engine: Engine) -> Mapping[str, datetime]:
    """The last sign of life of each role."""
    with reading(engine) as connection:
        return {row.role: row.beat_at for row in connection.execute(select(beats).order_by(beats.c.role))}


def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    query = select(table.c.state, func.count().label("number")).group_by(table.c.state).order_by(table.c.state)
    return {row.state: row.number for row in connection.execute(query)}


def _total(connection: Connection, table: Table) -> int:
    return connection.scalars(select(func.count()).select_from(table)).one()


def _deliveries_of(connection: Connection, shown: Select[Any]) -> defaultdict[str, list[DeliveryRow]]:
    # A subquery, because there may be more alerts than a statement may have parameters.
    ids = shown.with_only_columns(alerts.c.alert_id)
    query = select(deliveries).where(deliveries.c.alert_id.in_(ids)).order_by(deliveries.c.channel)
    found = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["alert_id"]].append(delivery_from(row))
    return found


def delivery_from(row: RowMapping) -> DeliveryRow:
    """The delivery in a row of its table."""
    return DeliveryRow(
        id=DeliveryId(row["delivery_id"]),
        alert_id=subject_id(row),
        channel=ChannelId(row["channel"]),
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        maybe_repeated=row["maybe_repeated"],
        reason=row["reason"],
        remote_id=row["remote_id"],
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        dead_at=row["dead_at"],
        held_until=row["held_until"],
        digest_id=DigestId(row["digest_id"]) if row["digest_id"] else None,
        is_amendment=row["is_amendment"],
    )
