"""Dates and waits in HTTP headers."""

from datetime import UTC, datetime

import pytest

from worker.text.http_dates import http_instant, retry_after_s

_NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_HALF_PAST = "Tue, 24 Nov 2026 10:30:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, None, id="nothing said"),
        pytest.param({"retry-after": "120"}, 120, id="seconds"),
        pytest.param({"retry-after": " 90 "}, 90, id="seconds between spaces"),
        pytest.param({"retry-after": "316800"}, 86_400, id="a day at most"),
        pytest.param({"retry-after": "1" * 5000}, 86_400, id="absurd seconds"),
        pytest.param({"retry-after": "-5"}, None, id="negative"),
        pytest.param({"retry-after": "soon"}, None, id="unreadable"),
        pytest.param({"retry-after": "²"}, None, id="digit that is no figure"),
        pytest.param({"retry-after": _HALF_PAST}, 1800, id="date against our clock"),
        pytest.param(
            {"retry-after": _HALF_PAST, "date": "Tue, 24 Nov 2026 10:20:00 GMT"},
            600,
            id="date against the server's clock",
        ),
        pytest.param({"retry-after": _HALF_PAST, "date": "today"}, 1800, id="server's clock is unreadable"),
        pytest.param({"retry-after": "Mon, 23 Nov 2026 07:00:00 GMT"}, 0, id="date gone by"),
        pytest.param({"retry-after": "Tue, 24 Nov 2027 07:00:00 GMT"}, 86_400, id="date in a year"),
        pytest.param({"retry-after": "Tue, 24 Nov 99999999999 07:00:00 GMT"}, None, id="date beyond all years"),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(headers, expected):
    assert retry_after_s(headers, _NOW) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("Tue, 24 Nov 2026 10:00:00 GMT", _NOW, id="as the standard wants"),
        pytest.param("Tuesday, 24-Nov-26 10:00:00 GMT", _NOW, id="obsolete form"),
        pytest.param("Tue, 24 Nov 2026 12:00:00 +0200", _NOW, id="offset"),
        pytest.param("Tue, 24 Nov 2026 10:00:00", _NOW, id="no zone"),
        pytest.param("0", None, id="zero"),
        pytest.param("", None, id="empty"),
    ],
)
def test_date_of_a_header_is_an_instant_in_utc(value, expected):
    assert http_instant(value) == expected
