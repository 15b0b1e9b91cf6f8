"""When the volume of a watch is told, and when it is usual again."""

from datetime import UTC, datetime, timedelta

import pytest

from worker.grouping.spikes import Volume, begins, has_calmed, volume_of

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("stories", "past", "expected"),
    [
        pytest.param(4, (0,) * 14, True, id="a-quiet-watch-wakes"),
        pytest.param(3, (0,) * 14, False, id="three-are-no-spike-ever"),
        pytest.param(4, (0,) * 4, False, id="four-days-are-no-past"),
        pytest.param(4, (1,) * 14, False, id="chance-makes-four-of-one"),  # 1 + 3·√1.5 = 4.7
        pytest.param(5, (1,) * 14, True, id="but-not-five"),
        pytest.param(33, (20,) * 14, False, id="below-three-roots"),  # 20 + 3·√20.5 = 33.6
        pytest.param(34, (20,) * 14, True, id="above-three-roots"),
        pytest.param(34, (5, 35) * 7, False, id="a-watch-that-wavers"),  # spread 15.6: from 66.7 on
        pytest.param(67, (5, 35) * 7, True, id="a-watch-that-wavers-and-spikes"),
    ],
)
def test_spike_begins(stories: int, past: tuple[int, ...], expected: bool) -> None:
    assert begins(Volume(stories=stories, past=past)) is expected


@pytest.mark.parametrize(("stories", "expected"), [(3, True), (20, True), (24, True), (25, False), (34, False)])
def test_spike_ends_well_below_where_it_began(stories: int, expected: bool) -> None:
    assert has_calmed(Volume(stories=stories, past=(20,) * 14)) is expected  # 20 + √20.5 = 24.5


def test_volume_counts_days_that_end_now_and_that_the_watch_was_there() -> None:
    instants = [NOW, NOW - 23 * HOUR, NOW - 24 * HOUR, NOW - 49 * HOUR, NOW - 15 * 24 * HOUR, NOW + HOUR]

    assert volume_of(instants, NOW - 3 * 24 * HOUR, NOW) == Volume(stories=2, past=(1, 1))
    assert volume_of(instants, NOW - 99 * 24 * HOUR, NOW) == Volume(stories=2, past=(1, 1, *(0,) * 12))
    assert volume_of([], NOW, NOW) == Volume(stories=0, past=())
