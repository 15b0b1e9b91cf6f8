"""Instants come back as they went in, from both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, select

from tests.store.values import NOW
from worker.errors import StoreError
from worker.store.engine import reading
from worker.store.schema import heartbeats
from worker.store.views import beat


@pytest.mark.parametrize("offset", [None, timezone(timedelta(hours=2))], ids=["naive", "Sofia"])
def test_instants_that_are_not_utc_are_refused(engine: Engine, offset: timezone | None) -> None:
    with pytest.raises(StoreError):
        beat(engine, "nlp", datetime(2026, 11, 24, 9, tzinfo=offset))


def test_instants_come_back_to_the_microsecond_in_utc_and_sort_by_time(engine: Engine) -> None:
    instants = [
        datetime(1999, 1, 1, tzinfo=UTC),
        NOW,
        NOW + timedelta(microseconds=1),
        datetime(2100, 1, 1, tzinfo=UTC),
    ]
    for number, instant in enumerate(instants):
        beat(engine, str(number), instant)

    with reading(engine) as connection:
        found = list(connection.scalars(select(heartbeats.c.beat_at).order_by(heartbeats.c.beat_at)))

    assert found == instants
    assert all(instant.tzinfo is UTC for instant in found)
