"""Alerts, and the outbox of their deliveries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, select, true, update

from worker.models.alert import AlertId, Delivery, DeliveryId, DeliveryState, History, Receipt
from worker.models.news import StoryId
from worker.models.watch import ChannelId, WatchId
from worker.ports import Applied, Record, Stale, Swept
from worker.store.encoding import notice_from_json
from worker.store.engine import reading, writing
from worker.store.feed_tables import feed_notices
from worker.store.records import history_version, write_record
from worker.store.schema import alerts, deliveries
from worker.store.sweeping import sweep

_SENDING = deliveries.c.state == DeliveryState.SENDING


class SqlAlertStore:
    """The AlertStore; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def history(self, story_ids: Sequence[StoryId]) -> History:
        """What was alerted about these stories, and the version of the whole history.

        The version is read before anything else: what is decided on newer alerts than it says is found stale,
        never the other way round.
        """
        with reading(self._engine) as connection:
            version = history_version(connection)
            query = select(alerts.c.watch_id, alerts.c.story_id).where(alerts.c.story_id.in_(story_ids))
            alerted = frozenset((WatchId(watch), StoryId(story)) for watch, story in connection.execute(query))
        return History(version=version, alerted=alerted)

    def apply(self, record: Record, now: datetime) -> Applied | Stale:
        """Stores analysis, story, matches, alerts and deliveries at once."""
        with writing(self._engine) as connection:
            return write_record(connection, record, now)

    def claim(self, delivery_id: DeliveryId, now: datetime, lease: timedelta) -> Delivery | None:
        """Takes a delivery for sending and counts the attempt; None when it is not due or taken."""
        statement = (
            update(deliveries)
            .where(
                deliveries.c.delivery_id == delivery_id,
                deliveries.c.state == DeliveryState.PENDING,
                deliveries.c.next_attempt_at <= now,
            )
            .values(state=DeliveryState.SENDING, attempts=deliveries.c.attempts + 1, leased_until=now + lease)
            .returning(deliveries)
        )
        with writing(self._engine) as connection:
            row = connection.execute(statement).one_or_none()
            if row is None:
                return None
            is_alert = row.alert_id is not None
            of_feed = select(feed_notices.c.notice).where(feed_notices.c.notice_id == row.notice_id)
            of_alert = select(alerts.c.notice).where(alerts.c.alert_id == row.alert_id)
            notice = connection.scalars(of_alert if is_alert else of_feed).one()
        return Delivery(
            id=delivery_id,
            alert_id=AlertId(row.alert_id or row.notice_id),
            channel=ChannelId(row.channel),
            attempts=row.attempts,
            maybe_repeated=row.maybe_repeated,
            notice=notice_from_json(notice),
            failures=row.failures,
        )

    def mark_sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> bool:
        """The channel has it; True unless it was claimed again since, even if the sweep took the claim back."""
        # The sweep took an unknown outcome for a failure; now it is known, and nobody has begun to repeat it.
        unsent = deliveries.c.state != DeliveryState.SENT
        sent = {"state": DeliveryState.SENT, "sent_at": now, "remote_id": receipt.remote_id}
        return self._mark(delivery, unsent, reason=None, dead_at=None, **sent)

    def mark_failed(
        self, delivery: Delivery, reason: str, next_attempt_at: datetime, *, failures: int, maybe_accepted: bool
    ) -> bool:
        """To be tried again at `next_attempt_at`, with so many `failures` so far; False when the claim is lost."""
        return self._mark(
            delivery,
            _SENDING,
            state=DeliveryState.PENDING,
            reason=reason,
            next_attempt_at=next_attempt_at,
            failures=failures,
            maybe_repeated=_repeated(maybe_accepted),
        )

    def mark_dead(self, delivery: Delivery, reason: str, now: datetime, *, maybe_accepted: bool) -> bool:
        """Given up; a person can replay it; False when the claim is lost."""
        dead = {"state": DeliveryState.DEAD, "reason": reason, "dead_at": now}
        return self._mark(delivery, _SENDING, maybe_repeated=_repeated(maybe_accepted), **dead)

    def replay(self, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
        """Makes dead deliveries pending again, without failures; gives those that were dead."""
        statement = (
            update(deliveries)
            .where(deliveries.c.delivery_id.in_(delivery_ids), deliveries.c.state == DeliveryState.DEAD)
            .values(state=DeliveryState.PENDING, failures=0, next_attempt_at=now, reason=None, dead_at=None)
            .returning(deliveries.c.delivery_id)
        )
        with writing(self._engine) as connection:
            replayed = set(connection.scalars(statement))
        return tuple(id_ for id_ in dict.fromkeys(delivery_ids) if id_ in replayed)

    def sweep(self, now: datetime, analysis_attempts: int, delivery_attempts: int, limit: int) -> Swept:
        """Gives back claims that ran out, sets aside what was cut off too often, and lists what is due."""
        with writing(self._engine) as connection:
            return sweep(connection, now, analysis_attempts, delivery_attempts, limit)

    def _mark(self, delivery: Delivery, still: ColumnElement[bool], **values: Any) -> bool:
        """Whether anything changed: nothing does when others claimed it since, or when `still` does not hold."""
        # Attempts never go back, so they tell one claim from any other of the same delivery.
        statement = (
            update(deliveries)
            .where(deliveries.c.delivery_id == delivery.id, deliveries.c.attempts == delivery.attempts, still)
            .values(leased_until=None, **values)
            .returning(deliveries.c.delivery_id)
        )
        with writing(self._engine) as connection:
            return connection.scalars(statement).one_or_none() is not None


def _repeated(maybe_accepted: bool) -> ColumnElement[bool]:
    """Once an attempt may have arrived, all later ones may be repeats."""
    return true() if maybe_accepted else deliveries.c.maybe_repeated
