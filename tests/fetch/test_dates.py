"""Dates as feeds and Bulgarian pages write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.fetch.dates import parse_published

_QUARTER_PAST_NINE_IN_SOFIA = datetime(2026, 11, 24, 7, 15, tzinfo=UTC)
_NOON_IN_SOFIA = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "Tue, 24 Nov 2026 09:15:00 +0200",
        "Tue, 24 Nov 2026 07:15:00 GMT",
        "Tue, 24 Nov 2026 07:15:00 -0000",
        "Tue, 24 Nov 2026 08:15:00 CET",
        "Tue, 24 Nov 2026 09:15:00 EET",
        "Tue, 24 Nov 2026 09:15:00 GMT+0200",
        "Tue, 24 Nov 26 09:15 +0200",
        "24-Nov-2026 09:15:00",
        "Tue Nov 24 09:15:00 2026",
        "November 24, 2026 9:15 AM",
        "2026-11-24T09:15:00+02:00",
        "2026-11-24T07:15:00Z",
        "2026-11-24T07:15:00.250Z",
        "2026-11-24 09:15:00",
        "2026-11-24T09:15",
        "24 ноември 2026 г., 09:15 ч.",
        "вторник, 24 Ноември 2026 г. в 9.15 ч.",
        "вт, 24 ное 2026 09:15:00 +0200",
        "24 Hoeм. 2026, 09:15",
        "24.11.2026 09:15",
        "24.11.2026 г. 09:15 ч.",
        "09:15 | 24.11.2026",
        "24/11/2026 09:15",
        " 24\u00a0ноември\u00a02026 09:15\n",
    ],
)
def test_one_instant_is_read_in_every_spelling(raw):
    assert parse_published(raw) == _QUARTER_PAST_NINE_IN_SOFIA


@pytest.mark.parametrize("raw", ["24 ноември 2026 г.", "24 Ное 2026", "24.11.2026", "2026-11-24", "Tue, 24 Nov 2026"])
def test_day_without_time_is_noon_in_sofia(raw):
    assert parse_published(raw) == _NOON_IN_SOFIA


@pytest.mark.parametrize(
    ("month", "number"),
    [
        (name, number)
        for number, names in enumerate(
            [
                "януари яну ян Jan January",
                "февруари фев февр Feb",
                "март мар Mar",
                "април апр Apr",
                "май May",
                "юни June Jun",
                "юли July Jul",
                "август авг Aug",
                "септември сеп септ Sep Sept",
                "октомври окт Oct",
                "ноември ное ноем Nov",
                "декември дек Dec",
            ],
            1,
        )
        for name in names.split()
    ],
)
def test_month_is_known_by_its_names(month, number):
    assert parse_published(f"2 {month} 2026") == datetime(2026, number, 2, 9 if 4 <= number <= 10 else 10, tzinfo=UTC)


def test_summer_time_counts_where_the_zone_is_missing():
    assert parse_published("1 юли 2026 09:15") == datetime(2026, 7, 1, 6, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "днес, 10:15",
        "преди два часа",
        "24 ноември",
        "31.02.2026",
        "24 брюмер 2026",
        "2026-11-24T25:00:00Z",
        "Tue, 24 Nov 2026 09:15:00 +9999",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-10:00",
    ],
)
def test_words_that_name_no_credible_day_give_none(raw):
    assert parse_published(raw) is None


@given(st.text(alphabet="0123456789 .,:-+/TZgч" + "Novноеюли", max_size=40))
def test_no_words_make_it_fail(raw):
    instant = parse_published(raw)

    assert instant is None or instant.tzinfo is UTC


@given(st.integers(min_value=631238400, max_value=4102354800))
def test_what_standard_form_says_is_what_is_read(epoch_s):
    instant = datetime.fromtimestamp(epoch_s, UTC)

    assert parse_published(instant.isoformat()) == instant
    assert parse_published(instant.strftime("%a, %d %b %Y %H:%M:%S +0000")) == instant
