"""Some days of a hundred and fifty feeds: nothing early, nothing lost, nothing doubled, and as soon as promised."""

from datetime import timedelta

import pytest

from tests.pipeline.feed_week import (
    KINDS,
    START,
    Week,
    lost,
    middle,
    missed,
    ninety_fifth,
    on_time,
    simulate,
)
from worker.models.feed import Validators

_DAYS = 4
_LEARNT = START + timedelta(days=1)


@pytest.fixture(scope="module")
def week() -> Week:
    """With the service off for three hours of the second night."""
    return simulate(150, _DAYS, outage_h=(47.0, 50.0))


def test_no_request_comes_earlier_than_the_headers_allow(week: Week) -> None:
    assert sum(server.early for server in week.servers) == 0


def test_due_polls_are_on_time(week: Week) -> None:
    assert len(week.lateness_s) > 10_000
    assert on_time(week) >= 0.98


def test_no_entry_that_stood_in_a_served_document_is_lost_or_doubled(week: Week) -> None:
    assert lost(week) == []
    assert [title for title, times in week.stored.items() if len(times) > 1] == []


def test_no_entry_of_a_plain_feed_comes_and_goes_unseen(week: Week) -> None:
    assert missed(week, START + timedelta(days=_DAYS)) == []


@pytest.mark.parametrize(
    ("number", "most_median", "most_p95"),
    [pytest.param(0, 5.5, 11, id="every ten minutes"), pytest.param(1, 8, 16, id="every quarter of an hour")],
)
def test_news_are_detected_as_soon_as_promised_by_day(
    week: Week, number: int, most_median: float, most_p95: float
) -> None:
    delays = week.delays(KINDS[number], daytime=True, after=_LEARNT)

    assert len(delays) > 500
    assert middle(delays) <= most_median
    assert ninety_fifth(delays) <= most_p95


def test_servers_get_back_the_conditions_that_they_gave(week: Week) -> None:
    assert sum(server.wrong_conditions for server in week.servers) == 0


def test_requests_without_conditions_are_the_first_and_less_than_one_in_a_hundred(week: Week) -> None:
    asked = [server for server in week.servers if server.has_validators]
    unconditional = [request for server in asked for request in server.requests if not request.is_conditional]
    probes = sum(week.memory.feeds[server.feed.id].state.memory.probes for server in asked)
    first = sum(server.requests[0].is_conditional for server in asked)

    assert first == 0
    assert len(unconditional) == len(asked) + probes
    assert probes / sum(len(server.requests) for server in asked) < 0.01
    assert all(week.memory.feeds[server.feed.id].state.validators != Validators() for server in asked)


def test_feed_that_failed_recovers_by_itself(week: Week) -> None:
    failed = [server for server in week.servers if server.down and server.down[0][1] < START + timedelta(days=3)]
    states = [week.memory.feeds[server.feed.id].state for server in failed]

    assert failed
    assert {(state.failures, state.memory.failing_since) for state in states} == {(0, None)}


def test_nothing_bursts_when_the_service_comes_back(week: Week) -> None:
    back = START + timedelta(hours=50)
    minutes = [
        sum(
            back + timedelta(minutes=n) <= r.at < back + timedelta(minutes=n + 1)
            for s in week.servers
            for r in s.requests
        )
        for n in range(15)
    ]

    assert max(minutes) <= 3 * len(week.servers) / 15
