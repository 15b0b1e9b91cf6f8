"""Makes messages of what is held and due, within the transaction of `AlertStore.flush`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from worker.grouping.decide import delivery_id
from worker.grouping.digest import NewDigest, flush_of
from worker.grouping.threads import DropReason
from worker.models.delivery import DeliveryId, DeliveryState
from worker.models.watch import ChannelId
from worker.ports import Flushed
from worker.store.engine import insert
from worker.store.outgoing import held_from, in_chunks, silences_at, with_subject
from worker.store.schema import deliveries
from worker.store.schema_alerts import digests

DIGEST = "digest"
REVIEW = "review"


def held_channels(connection: Connection, now: datetime) -> tuple[ChannelId, ...]:
    """The channels with held deliveries that are due."""
    query = (
        select(deliveries.c.channel)
        .distinct()
        .where(deliveries.c.state == DeliveryState.HELD, deliveries.c.next_attempt_at <= now)
        .order_by(deliveries.c.channel)
    )
    return tuple(map(ChannelId, connection.scalars(query)))


def flush(connection: Connection, channel: ChannelId, now: datetime, size: int) -> Flushed:
    """Every due row of the channel is released, put into a digest or dropped."""
    # Whoever comes second waits here, and then finds the rows held no more.
    query = with_subject().where(
        deliveries.c.channel == channel,
        deliveries.c.state == DeliveryState.HELD,
        deliveries.c.next_attempt_at <= now,
    )
    locked = query.order_by(deliveries.c.delivery_id).with_for_update(of=deliveries)
    held = [held_from(row) for row in connection.execute(locked).mappings()]
    plan = flush_of(channel, held, silences_at(connection, now), now, size)
    _set(connection, plan.silenced, state=DeliveryState.DROPPED, reason=DropReason.SILENCED.value)
    _set(connection, plan.superseded, state=DeliveryState.DROPPED, reason=DropReason.SUPERSEDED.value)
    _set(connection, plan.alone, state=DeliveryState.PENDING, reason=None, next_attempt_at=now)
    made = tuple(_make(connection, channel, one, now) for one in plan.digests)
    return Flushed(
        due=(*plan.alone, *made),
        in_digests=sum(len(one.members) for one in plan.digests),
        dropped=len(plan.silenced) + len(plan.superseded),
    )


def pending_row(id_: DeliveryId, channel: ChannelId, now: datetime, **values: object) -> dict[str, object]:
    """A delivery that is due now, but for what `values` say."""
    return {
        "delivery_id": id_,
        "channel": channel,
        "state": DeliveryState.PENDING,
        "attempts": 0,
        "failures": 0,
        "next_attempt_at": now,
        "maybe_repeated": False,
        "created_at": now,
        **values,
    }


def _make(connection: Connection, channel: ChannelId, digest: NewDigest, now: datetime) -> DeliveryId:
    row = {"digest_id": digest.id, "channel": channel, "kind": DIGEST, "created_at": now}
    connection.execute(insert(connection, digests).values(row).on_conflict_do_nothing())
    _set(connection, digest.members, state=DeliveryState.IN_DIGEST, reason=None, digest_id=digest.id)
    own = pending_row(delivery_id(digest.id, channel), channel, now, digest_id=digest.id)
    connection.execute(insert(connection, deliveries).values(own).on_conflict_do_nothing())
    return delivery_id(digest.id, channel)


def _set(connection: Connection, ids: Sequence[DeliveryId], **values: Any) -> None:
    for some in in_chunks(ids):
        connection.execute(update(deliveries).where(deliveries.c.delivery_id.in_(some)).values(**values))
