"""What people see of the outbox, on both databases."""

from datetime import timedelta

from sqlalchemy import Engine

from tests.store.test_outbox import DESK, MORNING, a_silence, id_of, send, tell
from tests.store.values import NOW, Stores
from worker.models.alert import AlertId, Notice
from worker.models.delivery import DeliveryId, DeliveryState, Digest
from worker.models.silence import SilenceId
from worker.models.watch import WatchId
from worker.store.outbox_views import (
    alert_ids,
    alert_row,
    alert_rows,
    delivery_ids,
    delivery_row,
    delivery_rows,
    silence_ids,
    silence_rows,
)


def test_deliveries_are_shown_by_state_with_what_they_say(engine: Engine, on_database: Stores) -> None:
    tell(on_database, "a1", "s1", held_until=MORNING)
    tell(on_database, "a2", "s2", watch="bnb")

    (held,) = delivery_rows(engine, states=(DeliveryState.HELD,))

    assert (held.delivery.reason, held.delivery.held_until) == ("quiet_hours", MORNING)
    assert (held.watch_id, held.story_id) == ("nato", "s1")
    assert isinstance(held.content, Notice)
    assert delivery_row(engine, held.delivery.id) == held
    assert delivery_row(engine, DeliveryId("none")) is None
    assert len(delivery_rows(engine)) == 2
    assert len(delivery_rows(engine, limit=1)) == 1
    assert len(delivery_rows(engine, channel=DESK)) == 2


def test_digest_is_shown_with_its_stories(engine: Engine, on_database: Stores) -> None:
    for number in range(2):
        tell(on_database, f"a{number}", f"s{number}", held_until=MORNING)
    (digest,) = on_database.alerts.flush(DESK, MORNING, 12).due

    row = delivery_row(engine, digest)

    assert row is not None
    assert isinstance(row.content, Digest)
    assert (len(row.content.notices), row.watch_id, row.delivery.alert_id) == (2, None, row.content.id)


def test_alerts_are_shown_by_watch_with_who_knows_of_them(engine: Engine, on_database: Stores) -> None:
    (first,) = tell(on_database, "a1", "s1")
    tell(on_database, "a2", "s2", watch="bnb", at=NOW + timedelta(minutes=1))
    send(on_database, first)
    on_database.alerts.acknowledge(AlertId("nato-s1-1"), "Иван", NOW)

    (row,) = alert_rows(engine, watch_id=WatchId("nato"))

    assert (row.acknowledged_by, row.acknowledged_at, row.deliveries[0].state) == ("Иван", NOW, "sent")
    assert alert_row(engine, AlertId("nato-s1-1")) == row
    assert alert_row(engine, AlertId("none")) is None
    assert [one.id for one in alert_rows(engine, since=NOW)] == ["bnb-s2-1", "nato-s1-1"]
    assert alert_rows(engine, since=NOW + timedelta(hours=1)) == ()


def test_silences_are_shown_while_they_hold(engine: Engine, on_database: Stores) -> None:
    on_database.alerts.add_silence(a_silence())
    on_database.alerts.add_silence(a_silence("bnb", start=NOW + timedelta(hours=1)))
    on_database.alerts.end_silence(SilenceId("nato-None"), NOW)

    (row,) = silence_rows(engine, NOW)
    ended = silence_rows(engine, NOW, is_all=True)[1]

    assert (row.silence.id, row.is_in_force, ended.is_in_force, ended.ended_at) == ("bnb-None", False, False, NOW)


def test_ids_are_found_by_how_they_begin(engine: Engine, on_database: Stores) -> None:
    tell(on_database, "a1", "s1")
    on_database.alerts.add_silence(a_silence())
    whole = id_of("nato-s1-1")

    assert delivery_ids(engine, whole[:6]) == (whole,)
    assert alert_ids(engine, "nato-") == ("nato-s1-1",)
    assert silence_ids(engine, "nato") == ("nato-None",)
    assert alert_ids(engine, "nat%") == ()
