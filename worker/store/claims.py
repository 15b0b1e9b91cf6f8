"""Takes a delivery for sending, within the transaction of `AlertStore.claim`: its content, its thread, its turn."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, or_, select, update

from worker.grouping.decide import stable_hash
from worker.grouping.digest import in_order, is_silenced
from worker.grouping.notices import in_place_of
from worker.grouping.threads import Drop, DropReason, Go, Threaded, Wait, turn_of
from worker.models.alert import AlertId, Notice
from worker.models.delivery import Delivery, DeliveryId, DeliveryState, Digest, DigestId, Review, Thread
from worker.models.news import StoryId
from worker.models.silence import Silence
from worker.models.watch import ChannelId, WatchId
from worker.store.encoding import notice_from_json
from worker.store.encoding_digests import review_from_json
from worker.store.engine import lock
from worker.store.outgoing import (
    content_of_digest,
    held_from,
    members_of,
    notice_of,
    silences_at,
    subject_id,
    with_subject,
)
from worker.store.schema import alerts, deliveries, stories


def claim(connection: Connection, delivery_id: DeliveryId, now: datetime, lease: timedelta) -> Delivery | None:
    """The delivery, if it is its turn; else it waits or is dropped."""
    query = with_subject().where(
        deliveries.c.delivery_id == delivery_id,
        deliveries.c.state == DeliveryState.PENDING,
        deliveries.c.next_attempt_at <= now,
    )
    row = connection.execute(query.with_for_update(of=deliveries)).mappings().one_or_none()
    if row is None:
        return None
    silences = silences_at(connection, now)
    content = _content(connection, row, silences, now)
    if content is None:
        _drop(connection, delivery_id, DropReason.SILENCED)
        return None
    thread = None
    if row["alert_id"] is not None:
        turn = _turn(connection, row, now)
        if isinstance(turn, Drop):
            _drop(connection, delivery_id, turn.reason)
        elif isinstance(turn, Wait):
            _set(connection, delivery_id, next_attempt_at=turn.until)
        if not isinstance(turn, Go):
            return None
        thread = _thread(row, turn)
        if row["is_amendment"] and turn.first is not None and isinstance(content, Notice):
            content = _put_into(connection, turn.first.alert_id, content)
    taken = {"state": DeliveryState.SENDING, "attempts": row["attempts"] + 1, "leased_until": now + lease}
    _set(connection, delivery_id, **taken)
    return replace(_delivery(row, content), thread=thread)


def _delivery(row: RowMapping, content: Notice | Digest | Review) -> Delivery:
    return Delivery(
        id=DeliveryId(row["delivery_id"]),
        alert_id=subject_id(row),
        channel=ChannelId(row["channel"]),
        attempts=row["attempts"] + 1,
        maybe_repeated=row["maybe_repeated"],
        content=content,
        failures=row["failures"],
        is_amendment=row["is_amendment"],
    )


def _content(
    connection: Connection, row: RowMapping, silences: tuple[Silence, ...], now: datetime
) -> Notice | Digest | Review | None:
    """What is sent; None: a silence forbids all of it."""
    if row["watch_id"] is not None:
        story_id = StoryId(row["story_id"]) if row["story_id"] else None
        if is_silenced(WatchId(row["watch_id"]), story_id, silences, now):
            return None
        return _with_sources_of_now(connection, row)
    if row["digest_id"] is None:
        return notice_of(row)
    digest = content_of_digest(connection, row["digest_id"])
    if digest["content"] is not None:
        return review_from_json(digest["content"])
    return _digest(connection, digest, silences, now)


def _digest(connection: Connection, digest: RowMapping, silences: tuple[Silence, ...], now: datetime) -> Digest | None:
    members = members_of(digest["digest_id"]).where(deliveries.c.state == DeliveryState.IN_DIGEST)
    rows = {row["delivery_id"]: row for row in connection.execute(members).mappings()}
    held = in_order([held_from(row) for row in rows.values()])
    silenced = [one for one in held if is_silenced(one.watch_id, one.story_id, silences, now)]
    for one in silenced:
        _drop(connection, one.delivery_id, DropReason.SILENCED)
    notices = tuple(_with_sources_of_now(connection, rows[one.delivery_id]) for one in held if one not in silenced)
    return Digest(id=DigestId(digest["digest_id"]), notices=notices, at=digest["created_at"]) if notices else None


def _put_into(connection: Connection, alert_id: AlertId, amendment: Notice) -> Notice:
    """The message that is amended, which need not be the first that was decided, with what is new."""
    stored = connection.scalars(select(alerts.c.notice).where(alerts.c.alert_id == alert_id)).one()
    return in_place_of(notice_from_json(stored), amendment)


def _with_sources_of_now(connection: Connection, row: RowMapping) -> Notice:
    """A notice that may have waited for a night, with the outlets that its story has by now."""
    notice = notice_of(row)
    if not row["story_id"]:
        return notice
    newest = (
        select(alerts.c.notice)
        .where(alerts.c.watch_id == row["watch_id"], alerts.c.story_id.in_(_stories_in(row["story_id"])))
        .order_by(alerts.c.created_at.desc(), alerts.c.revision.desc())
        .limit(1)
    )
    stored = connection.scalars(newest).one_or_none()
    return notice if stored is None else replace(notice, sources=notice_from_json(stored).sources)


def _stories_in(story_id: str) -> Select[tuple[str]]:
    """The story and those that were joined to it."""
    return select(stories.c.story_id).where(or_(stories.c.story_id == story_id, stories.c.merged_into == story_id))


def _turn(connection: Connection, row: RowMapping, now: datetime) -> Go | Wait | Drop:
    channel, watch_id, story_id = row["channel"], row["watch_id"], row["story_id"]
    # Two messages of a thread are looked at one after the other, or both would take themselves for the first.
    lock(connection, int(stable_hash("thread", channel, watch_id, story_id)[:15], 16))
    query = (
        select(deliveries, alerts.c.created_at.label("decided_at"), alerts.c.revision)
        .join(alerts, alerts.c.alert_id == deliveries.c.alert_id)
        .where(
            alerts.c.watch_id == watch_id,
            alerts.c.story_id.in_(_stories_in(story_id)),
            deliveries.c.channel == channel,
        )
    )
    thread = [_threaded(each) for each in connection.execute(query).mappings()]
    (own,) = (one for one in thread if one.delivery_id == row["delivery_id"])
    return turn_of(own, thread, now)


def _threaded(row: RowMapping) -> Threaded:
    return Threaded(
        delivery_id=DeliveryId(row["delivery_id"]),
        alert_id=AlertId(row["alert_id"]),
        state=DeliveryState(row["state"]),
        is_amendment=row["is_amendment"],
        decided_at=row["decided_at"],
        revision=row["revision"],
        next_attempt_at=row["next_attempt_at"],
        remote_id=row["remote_id"],
        attempts=row["attempts"],
    )


def _thread(row: RowMapping, turn: Go) -> Thread:
    first = turn.first
    return Thread(
        story_id=StoryId(row["story_id"]),
        first_alert_id=first.alert_id if first else AlertId(row["alert_id"]),
        remote_id=first.remote_id if first else None,
    )


def _drop(connection: Connection, delivery_id: str, reason: DropReason) -> None:
    _set(connection, delivery_id, state=DeliveryState.DROPPED, reason=reason.value)


def _set(connection: Connection, delivery_id: str, **values: Any) -> None:
    connection.execute(update(deliveries).where(deliveries.c.delivery_id == delivery_id).values(**values))
