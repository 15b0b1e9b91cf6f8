"""Alerts, and the outbox of their deliveries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, true, update

from worker.models.alert import AlertId, History
from worker.models.delivery import Delivery, DeliveryId, DeliveryState, Receipt
from worker.models.news import StoryId
from worker.models.silence import Silence, SilenceId
from worker.models.watch import ChannelId
from worker.ports import Applied, Flushed, Record, Stale, Swept
from worker.store import desk
from worker.store.claims import claim
from worker.store.engine import reading, writing
from worker.store.flushing import flush, held_channels
from worker.store.histories import read_history
from worker.store.records import history_version, write_record
from worker.store.schema import deliveries
from worker.store.sweeping import sweep

_SENDING = deliveries.c.state == DeliveryState.SENDING


class SqlAlertStore:
    """The AlertStore and the Desk; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def version(self) -> int:
        """How often the history changed."""
        with reading(self._engine) as connection:
            return history_version(connection)

    def history(
        self, story_ids: Sequence[StoryId], now: datetime, since: datetime, merges: Sequence[StoryId] = ()
    ) -> History:
        """What was told about these stories, the silences of now, and the version of the whole history."""
        with reading(self._engine) as connection:
            return read_history(connection, story_ids, now, since, merges)

    def apply(self, record: Record, now: datetime) -> Applied | Stale:
        """Stores analysis, story, matches, alerts and deliveries at once."""
        with writing(self._engine) as connection:
            return write_record(connection, record, now)

    def claim(self, delivery_id: DeliveryId, now: datetime, lease: timedelta) -> Delivery | None:
        """Takes a delivery for sending and counts the attempt; None when it is not due, taken, early or dropped."""
        with writing(self._engine) as connection:
            return claim(connection, delivery_id, now, lease)

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

    def mark_dropped(self, delivery: Delivery, reason: str) -> bool:
        """Never to be sent, and nobody need look at it; False when the claim is lost."""
        return self._mark(delivery, _SENDING, state=DeliveryState.DROPPED, reason=reason)

    def held_channels(self, now: datetime) -> tuple[ChannelId, ...]:
        """The channels with held deliveries that are due, by id."""
        with reading(self._engine) as connection:
            return held_channels(connection, now)

    def flush(self, channel: ChannelId, now: datetime, size: int) -> Flushed:
        """Makes messages of the held deliveries of a channel that are due; `size`: most of them in one digest."""
        with writing(self._engine) as connection:
            return flush(connection, channel, now, size)

    def sweep(self, now: datetime, analysis_attempts: int, delivery_attempts: int, limit: int) -> Swept:
        """Gives back claims that ran out, sets aside what was cut off too often, and lists what is due."""
        with writing(self._engine) as connection:
            return sweep(connection, now, analysis_attempts, delivery_attempts, limit)

    def add_silence(self, silence: Silence) -> None:
        """From now on nothing that it covers is sent, not even what waits already."""
        with writing(self._engine) as connection:
            desk.add_silence(connection, silence)

    def end_silence(self, silence_id: SilenceId, now: datetime) -> bool:
        """Ends it before its time; False when it is unknown or over."""
        with writing(self._engine) as connection:
            return desk.end_silence(connection, silence_id, now)

    def acknowledge(self, alert_id: AlertId, who: str, now: datetime) -> bool:
        """Somebody knows of the alert's story; False when the alert is unknown. Who said it first stays."""
        with writing(self._engine) as connection:
            return desk.acknowledge(connection, alert_id, who, now)

    def replay(self, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
        """Makes dead deliveries pending again, without failures; gives those that were dead."""
        with writing(self._engine) as connection:
            return desk.replay(connection, delivery_ids, now)

    def release(self, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
        """Makes held and waiting deliveries due now; gives those that were held or waited."""
        with writing(self._engine) as connection:
            return desk.release(connection, delivery_ids, now)

    def drop(self, delivery_ids: Sequence[DeliveryId], who: str, now: datetime) -> tuple[DeliveryId, ...]:
        """Never sends these; gives those that were held, pending or dead."""
        with writing(self._engine) as connection:
            return desk.drop(connection, delivery_ids, who, now)

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
