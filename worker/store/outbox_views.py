"""What people see of the outbox: deliveries, alerts, silences and spikes, newest first; nothing is changed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Engine, RowMapping, select

from worker.grouping.digest import in_order
from worker.models.alert import AlertId, Notice
from worker.models.delivery import DeliveryId, DeliveryState, Digest, DigestId, Review
from worker.models.news import StoryId
from worker.models.silence import Silence
from worker.models.watch import ChannelId, WatchId
from worker.store.encoding import notice_from_json
from worker.store.encoding_digests import review_from_json
from worker.store.engine import reading
from worker.store.outgoing import (
    content_of_digest,
    held_from,
    members_of,
    notice_of,
    silence_from,
    with_subject,
)
from worker.store.schema import alerts, deliveries
from worker.store.schema_alerts import silences, spikes
from worker.store.views import AlertRow, DeliveryRow, alerts_by, delivery_from, select_alerts


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A delivery with what it says."""

    delivery: DeliveryRow
    content: Notice | Digest | Review
    #: None: it is of no watch, or of several
    watch_id: WatchId | None
    #: the story that its own has become; None: it is about no story, or about several
    story_id: StoryId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadDelivery:
    """A delivery that was given up, with what it was to say."""

    delivery: DeliveryRow
    content: Notice | Digest | Review


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRow:
    """A silence as it was asked for, and whether it holds."""

    silence: Silence
    #: when a person ended it early
    ended_at: datetime | None
    is_in_force: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeRow:
    """A watch that had many more stories than it is used to."""

    watch_id: WatchId
    stories: int
    usual: float
    notice: Notice
    created_at: datetime
    #: None: it still has
    calmed_at: datetime | None


def delivery_rows(
    engine: Engine,
    *,
    states: Collection[DeliveryState] = (),
    channel: ChannelId | None = None,
    limit: int = 100,
) -> tuple[OutboxRow, ...]:
    """The last deliveries made, newest first; no states: all of them."""
    query = with_subject().order_by(deliveries.c.created_at.desc(), deliveries.c.delivery_id).limit(limit)
    if states:
        query = query.where(deliveries.c.state.in_(states))
    if channel is not None:
        query = query.where(deliveries.c.channel == channel)
    with reading(engine) as connection:
        return tuple(_outbox_row(connection, row) for row in connection.execute(query).mappings().all())


def delivery_row(engine: Engine, delivery_id: DeliveryId) -> OutboxRow | None:
    """One delivery; None: there is no such."""
    query = with_subject().where(deliveries.c.delivery_id == delivery_id)
    with reading(engine) as connection:
        row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _outbox_row(connection, row)


def dead_deliveries(engine: Engine, limit: int) -> tuple[DeadDelivery, ...]:
    """Deliveries that were given up and wait for a person, last given up first."""
    query = (
        with_subject()
        .where(deliveries.c.state == DeliveryState.DEAD)
        .order_by(deliveries.c.dead_at.desc(), deliveries.c.delivery_id)
        .limit(limit)
    )
    with reading(engine) as connection:
        return tuple(
            DeadDelivery(delivery=delivery_from(row), content=_content(connection, row))
            for row in connection.execute(query).mappings().all()
        )


def alert_rows(
    engine: Engine, *, watch_id: WatchId | None = None, since: datetime | None = None, limit: int = 100
) -> tuple[AlertRow, ...]:
    """The last alerts, amendments among them, newest first."""
    query = select_alerts().limit(limit)
    if watch_id is not None:
        query = query.where(alerts.c.watch_id == watch_id)
    if since is not None:
        query = query.where(alerts.c.created_at >= since)
    return alerts_by(engine, query)


def alert_row(engine: Engine, alert_id: AlertId) -> AlertRow | None:
    """One alert; None: there is no such."""
    return next(iter(alerts_by(engine, select_alerts().where(alerts.c.alert_id == alert_id))), None)


def silence_rows(engine: Engine, now: datetime, *, is_all: bool = False) -> tuple[SilenceRow, ...]:
    """Silences that hold or will hold, last to end first; `is_all`: those that are over, too."""
    query = select(silences).order_by(silences.c.ends_at.desc(), silences.c.silence_id)
    if not is_all:
        query = query.where(silences.c.ends_at > now, silences.c.ended_at.is_(None))
    with reading(engine) as connection:
        return tuple(
            SilenceRow(
                silence=silence_from(row, row["story_id"]),
                ended_at=row["ended_at"],
                is_in_force=row["starts_at"] <= now < row["ends_at"] and row["ended_at"] is None,
            )
            for row in connection.execute(query).mappings()
        )


def spike_rows(engine: Engine, limit: int = 20) -> tuple[SpikeRow, ...]:
    """The last spikes, newest first."""
    query = select(spikes).order_by(spikes.c.created_at.desc(), spikes.c.spike_id).limit(limit)
    with reading(engine) as connection:
        return tuple(
            SpikeRow(
                watch_id=WatchId(row.watch_id),
                stories=row.stories,
                usual=row.usual,
                notice=notice_from_json(row.notice),
                created_at=row.created_at,
                calmed_at=row.calmed_at,
            )
            for row in connection.execute(query)
        )


def delivery_ids(engine: Engine, prefix: str, limit: int = 20) -> tuple[str, ...]:
    """Ids of deliveries that begin so."""
    return _ids(engine, deliveries.c.delivery_id, prefix, limit)


def alert_ids(engine: Engine, prefix: str, limit: int = 20) -> tuple[str, ...]:
    """Ids of alerts that begin so."""
    return _ids(engine, alerts.c.alert_id, prefix, limit)


def silence_ids(engine: Engine, prefix: str, limit: int = 20) -> tuple[str, ...]:
    """Ids of silences that begin so."""
    return _ids(engine, silences.c.silence_id, prefix, limit)


def _ids(engine: Engine, column: Column[str], prefix: str, limit: int) -> tuple[str, ...]:
    query = select(column).where(column.startswith(prefix, autoescape=True)).order_by(column).limit(limit)
    with reading(engine) as connection:
        return tuple(connection.scalars(query))


def _outbox_row(connection: Connection, row: RowMapping) -> OutboxRow:
    return OutboxRow(
        delivery=delivery_from(row),
        content=_content(connection, row),
        watch_id=WatchId(row["watch_id"]) if row["watch_id"] else None,
        story_id=StoryId(row["story_id"]) if row["story_id"] else None,
    )


def _content(connection: Connection, row: RowMapping) -> Notice | Digest | Review:
    """What a delivery says, or would have said; of a digest all that was ever put into it."""
    if row["watch_id"] is not None or row["notice_id"] is not None:
        return notice_of(row)
    digest = content_of_digest(connection, row["digest_id"])
    if digest["content"] is not None:
        return review_from_json(digest["content"])
    members = {one["delivery_id"]: one for one in connection.execute(members_of(row["digest_id"])).mappings()}
    ordered = in_order([held_from(one) for one in members.values()])
    notices = tuple(notice_of(members[one.delivery_id]) for one in ordered)
    return Digest(id=DigestId(row["digest_id"]), notices=notices, at=digest["created_at"])
