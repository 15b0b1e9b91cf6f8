"""What the headers of an answer ask of us."""

import pytest

from worker.fetch.headers import fresh_for_s, refreshed, told_to_wait_s, validators_of
from worker.models.feed import Validators


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, 0, id="nothing said"),
        pytest.param({"cache-control": "public, max-age=600"}, 600, id="max-age"),
        pytest.param({"cache-control": "max-age=600", "age": "200"}, 400, id="less what it spent in caches"),
        pytest.param({"cache-control": "max-age=600", "age": "900"}, 0, id="stale already"),
        pytest.param({"cache-control": "s-maxage=900, max-age=60"}, 60, id="shared caches are others"),
        pytest.param({"cache-control": "max-age=0, no-cache"}, 0, id="none"),
        pytest.param({"cache-control": "max-age=31536000"}, 86400, id="a day at most"),
        pytest.param({"cache-control": "max-age=soon"}, 0, id="unreadable max-age"),
        pytest.param(
            {"expires": "Tue, 24 Nov 2026 10:30:00 GMT", "date": "Tue, 24 Nov 2026 10:00:00 GMT"}, 1800, id="expires"
        ),
        pytest.param({"expires": "Tue, 24 Nov 2026 10:30:00 GMT"}, 0, id="expires without date"),
        pytest.param({"expires": "0", "date": "Tue, 24 Nov 2026 10:00:00 GMT"}, 0, id="unreadable expires"),
        pytest.param(
            {
                "cache-control": "max-age=60",
                "expires": "Tue, 24 Nov 2026 10:30:00 GMT",
                "date": "Tue, 24 Nov 2026 10:00:00 GMT",
            },
            1800,
            id="the longer of both",
        ),
    ],
)
def test_freshness_is_what_the_headers_say(headers, expected):
    assert fresh_for_s(headers) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"etag": 'W/"b"'}, Validators(etag='W/"b"', last_modified="Mon"), id="etag"),
        pytest.param({"last-modified": "Tue"}, Validators(etag='"a"', last_modified="Tue"), id="date"),
        pytest.param({}, Validators(etag='"a"', last_modified="Mon"), id="none"),
    ],
)
def test_304_replaces_only_the_validators_that_it_names(headers, expected):
    assert refreshed(Validators(etag='"a"', last_modified="Mon"), headers) == expected


def test_full_answer_without_validators_has_none():
    assert validators_of({"content-type": "text/xml", "etag": ""}) == Validators()


def test_validator_that_is_no_text_is_not_kept():
    assert validators_of({"etag": '"\udce1"', "last-modified": "Mon"}) == Validators(last_modified="Mon")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"retry-after": "90"}, 90, id="seconds"),
        pytest.param({"retry-after": "90", "cache-control": "max-age=300"}, 90, id="not freshness"),
        pytest.param(
            {"retry-after": "Tue, 24 Nov 2026 10:30:00 GMT", "date": "Tue, 24 Nov 2026 10:00:00 GMT"}, 1800, id="date"
        ),
        pytest.param({"retry-after": "Tue, 24 Nov 2026 10:30:00 GMT"}, 0, id="date without the answer's own"),
        pytest.param({"retry-after": "999999"}, 86400, id="a day at most"),
    ],
)
def test_retry_after_of_a_good_answer_keeps_us_away_too(headers, expected):
    assert told_to_wait_s(headers) == expected


def test_validators_know_the_address_that_gave_them():
    given = validators_of({"etag": '"a"'}, "https://bnt.bg/rss")

    assert given.url == "https://bnt.bg/rss"
    assert refreshed(given, {"etag": '"b"'}).url == "https://bnt.bg/rss"
    assert validators_of({}, "https://bnt.bg/rss").url is None
