"""What people do about alerts and deliveries, each within one transaction of the store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from worker.models.alert import AlertId
from worker.models.delivery import DeliveryId, DeliveryState
from worker.models.silence import Silence, SilenceId
from worker.store.outgoing import in_chunks
from worker.store.records import next_version
from worker.store.schema import alerts, deliveries
from worker.store.schema_alerts import silences

#: reason of deliveries that a person dropped, before the person's name
DROPPED_BY = "by: "


def add_silence(connection: Connection, silence: Silence) -> None:
    """Who plans at this moment plans again, under the silence."""
    connection.execute(
        silences.insert().values(
            silence_id=silence.id,
            watch_id=silence.watch_id,
            story_id=silence.story_id,
            author=silence.author,
            comment=silence.comment,
            starts_at=silence.starts_at,
            ends_at=silence.ends_at,
        )
    )
    next_version(connection)


def end_silence(connection: Connection, silence_id: SilenceId, now: datetime) -> bool:
    """What it dropped stays dropped."""
    statement = (
        update(silences)
        .where(silences.c.silence_id == silence_id, silences.c.ended_at.is_(None), silences.c.ends_at > now)
        .values(ended_at=now)
        .returning(silences.c.silence_id)
    )
    is_ended = connection.scalars(statement).one_or_none() is not None
    if is_ended:
        next_version(connection)
    return is_ended


def acknowledge(connection: Connection, alert_id: AlertId, who: str, now: datetime) -> bool:
    """Marks the alert; it counts for all alerts of its watch and story."""
    known = connection.scalars(select(alerts.c.alert_id).where(alerts.c.alert_id == alert_id)).one_or_none()
    statement = (
        update(alerts)
        .where(alerts.c.alert_id == alert_id, alerts.c.acknowledged_at.is_(None))
        .values(acknowledged_at=now, acknowledged_by=who)
        .returning(alerts.c.alert_id)
    )
    if connection.scalars(statement).one_or_none() is not None:
        next_version(connection)
    return known is not None


def replay(connection: Connection, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
    """Dead deliveries begin anew."""
    is_dead = deliveries.c.state == DeliveryState.DEAD
    anew = {"failures": 0, "next_attempt_at": now, "reason": None, "dead_at": None}
    return _change(connection, delivery_ids, is_dead, state=DeliveryState.PENDING, **anew)


def release(connection: Connection, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
    """What is held goes by itself."""
    waits = or_(
        deliveries.c.state == DeliveryState.HELD,
        and_(deliveries.c.state == DeliveryState.PENDING, deliveries.c.next_attempt_at > now),
    )
    return _change(connection, delivery_ids, waits, state=DeliveryState.PENDING, next_attempt_at=now, reason=None)


def drop(connection: Connection, delivery_ids: Sequence[DeliveryId], who: str, now: datetime) -> tuple[DeliveryId, ...]:
    """What is being sent at this moment cannot be dropped."""
    del now
    may_go = deliveries.c.state.in_((DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.DEAD))
    return _change(connection, delivery_ids, may_go, state=DeliveryState.DROPPED, reason=f"{DROPPED_BY}{who}")


def _change(
    connection: Connection, delivery_ids: Sequence[DeliveryId], where: ColumnElement[bool], **values: Any
) -> tuple[DeliveryId, ...]:
    changed: set[str] = set()
    for some in in_chunks(delivery_ids):
        statement = update(deliveries).where(deliveries.c.delivery_id.in_(some), where).values(**values)
        changed |= set(connection.scalars(statement.returning(deliveries.c.delivery_id)))
    return tuple(id_ for id_ in dict.fromkeys(delivery_ids) if id_ in changed)
