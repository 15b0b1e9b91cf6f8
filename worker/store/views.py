"""What the page and the command line show: read models, each one query or two, newest first.

Nothing here decides or changes anything, but for the sign of life of a process.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, Table, func, select

from worker.models.alert import AlertId, DeliveryId, DeliveryState, Notice
from worker.models.feed import FeedState
from worker.models.health import Health
from worker.models.news import ArticleId, FeedId, StoryId
from worker.models.watch import ChannelId
from worker.store.encoding import notice_from_json
from worker.store.engine import insert, reading, writing
from worker.store.feed_notices import health_of
from worker.store.feed_tables import feed_notices, feeds
from worker.store.feeds import state_from
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
    alert_id: AlertId
    channel: ChannelId
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime
    maybe_repeated: bool
    reason: str | None
    remote_id: str | None
    created_at: datetime
    sent_at: datetime | None
    dead_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert with its deliveries."""

    id: AlertId
    story_id: StoryId
    article_id: ArticleId
    revision: int
    notice: Notice
    created_at: datetime
    deliveries: tuple[DeliveryRow, ...]


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
class DeadDelivery:
    """A delivery that was given up, with what it was to say."""

    delivery: DeliveryRow
    notice: Notice


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
    query = select(alerts).order_by(alerts.c.created_at.desc(), alerts.c.alert_id).limit(limit)
    with reading(engine) as connection:
        found = connection.execute(query).mappings().all()
        sent = _deliveries_of(connection, query)
    return tuple(
        AlertRow(
            id=AlertId(row["alert_id"]),
            story_id=StoryId(row["story_id"]),
            article_id=ArticleId(row["article_id"]),
            revision=row["revision"],
            notice=notice_from_json(row["notice"]),
            created_at=row["created_at"],
            deliveries=tuple(sent[row["alert_id"]]),
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


def dead_deliveries(engine: Engine, limit: int) -> tuple[DeadDelivery, ...]:
    """Deliveries that were given up and wait for a person, last given up first."""
    query = (
        select(deliveries, alerts.c.notice, feed_notices.c.notice.label("of_feed"))
        .outerjoin(alerts, alerts.c.alert_id == deliveries.c.alert_id)
        .outerjoin(feed_notices, feed_notices.c.notice_id == deliveries.c.notice_id)
        .where(deliveries.c.state == DeliveryState.DEAD)
        .order_by(deliveries.c.dead_at.desc(), deliveries.c.delivery_id)
        .limit(limit)
    )
    with reading(engine) as connection:
        return tuple(
            DeadDelivery(delivery=_delivery(row), notice=notice_from_json(row["notice"] or row["of_feed"]))
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
        found[row["alert_id"]].append(_delivery(row))
    return found


def _delivery(row: RowMapping) -> DeliveryRow:
    return DeliveryRow(
        id=DeliveryId(row["delivery_id"]),
        alert_id=AlertId(row["alert_id"] or row["notice_id"]),
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
    )
