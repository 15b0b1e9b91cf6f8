"""When a feed is due next, and what is remembered of the poll."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.errors import FetchError, FetchReason, ParseError
from worker.models.news import Feed, FeedId, FeedState, Reading, Unchanged, Validators
from worker.polling import next_state

_NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_ID = FeedId("proba")
_FEED = Feed(id=_ID, outlet="Проба", url="https://outlet.example/rss", every_s=600)
_OLD = Validators(etag='"a"', last_modified="Mon, 23 Nov 2026 07:00:00 GMT")
_NEW = Validators(etag='"b"')
_STATE = FeedState(
    feed_id=_ID,
    added_at=_NOW - timedelta(days=9),
    due_at=_NOW - timedelta(seconds=3),
    validators=_OLD,
    body_hash="a" * 64,
    new_entry_at=_NOW - timedelta(hours=3),
)
_H = 3600


def _reading(fresh_for_s: float = 0.0) -> Reading:
    return Reading(entries=(), validators=_NEW, body_hash="b" * 64, fresh_for_s=fresh_for_s)


def _unchanged(fresh_for_s: float = 0.0) -> Unchanged:
    return Unchanged(validators=_NEW, fresh_for_s=fresh_for_s)


def _failed(reason: FetchReason, retry_after_s: float | None = None) -> FetchError:
    return FetchError(_ID, reason, "cause", retry_after_s)


def _due_in_s(outcome, *, failures=0, every_s=600.0, jitter=0.0) -> float:
    feed = replace(_FEED, every_s=every_s)
    state = next_state(replace(_STATE, failures=failures), outcome, 0, feed, _NOW, jitter)
    return (state.due_at - _NOW).total_seconds()


@pytest.mark.parametrize(
    ("outcome", "failures", "every_s", "expected_s"),
    [
        pytest.param(_reading(), 0, 600, 600, id="our own interval"),
        pytest.param(_reading(300), 0, 600, 600, id="fresh for less than that"),
        pytest.param(_reading(1800), 0, 600, 1800, id="fresh for more than that"),
        pytest.param(_unchanged(1800), 0, 600, 1800, id="unchanged and fresh for more"),
        pytest.param(_reading(9 * 24 * _H), 0, 600, 24 * _H, id="fresh for a day at most"),
        pytest.param(_reading(-5), 0, 600, 600, id="stale already"),
        pytest.param(_reading(), 7, 600, 600, id="good again after failures"),
        pytest.param(_failed(FetchReason.TIMEOUT), 0, 600, 600, id="first failure"),
        pytest.param(_failed(FetchReason.DNS), 2, 600, 3 * 600, id="third failure"),
        pytest.param(_failed(FetchReason.SERVER), 2, 5, 3 * 60, id="a minute is the shortest step"),
        pytest.param(_failed(FetchReason.CONNECT), 999, 600, 24 * _H, id="a day at most"),
        pytest.param(ParseError(_ID, "cause"), 2, 600, 3 * 600, id="third unreadable document"),
        pytest.param(_failed(FetchReason.SERVER, 7200), 0, 600, 7200, id="Retry-After longer than our step"),
        pytest.param(_failed(FetchReason.SERVER, 60), 4, 600, 5 * 600, id="Retry-After shorter than our step"),
        pytest.param(_failed(FetchReason.SERVER, 88 * _H), 0, 600, 24 * _H, id="Retry-After of a day at most"),
        pytest.param(_failed(FetchReason.RATE_LIMITED), 0, 600, _H, id="too many requests"),
        pytest.param(_failed(FetchReason.RATE_LIMITED), 3, 600, 8 * _H, id="too many requests again"),
        pytest.param(_failed(FetchReason.RATE_LIMITED), 99, 600, 24 * _H, id="too many requests for long"),
        pytest.param(_failed(FetchReason.RATE_LIMITED, 900), 0, 600, 900, id="too many requests, and told when"),
        pytest.param(_failed(FetchReason.BLOCKED), 0, 600, 4 * _H, id="blocked"),
        pytest.param(_failed(FetchReason.BLOCKED), 1, 600, 24 * _H, id="blocked again"),
        pytest.param(_failed(FetchReason.NOT_FOUND), 3, 600, 4 * 600, id="not found four times"),
        pytest.param(_failed(FetchReason.NOT_FOUND), 4, 600, 24 * _H, id="not found five times"),
        pytest.param(_failed(FetchReason.GONE), 0, 600, 24 * _H, id="gone"),
    ],
)
def test_feed_is_due_after(outcome, failures, every_s, expected_s):
    assert _due_in_s(outcome, failures=failures, every_s=every_s) == expected_s


@pytest.mark.parametrize(
    ("outcome", "jitter", "expected_s"),
    [
        pytest.param(_reading(), 1.0, 660, id="a tenth later"),
        pytest.param(_reading(), -1.0, 540, id="a tenth earlier"),
        pytest.param(_reading(), -0.5, 570, id="a twentieth earlier"),
        pytest.param(_reading(), 40.0, 660, id="no more than a tenth"),
        pytest.param(_reading(1800), -1.0, 1800, id="never before it is stale"),
        pytest.param(_reading(1800), 1.0, 1980, id="later than it is stale"),
        pytest.param(_failed(FetchReason.SERVER, 7200), -1.0, 7200, id="never before the server wants us"),
        pytest.param(_failed(FetchReason.GONE), 1.0, 25 * _H, id="a day and an hour at most"),
    ],
)
def test_jitter_spreads_polls(outcome, jitter, expected_s):
    assert _due_in_s(outcome, jitter=jitter) == pytest.approx(expected_s)


@pytest.mark.parametrize(
    ("outcome", "word", "validators", "body_hash", "failures"),
    [
        pytest.param(_reading(), "ok", _NEW, "b" * 64, 0, id="reading"),
        pytest.param(_unchanged(), "unchanged", _NEW, "a" * 64, 0, id="unchanged"),
        pytest.param(_failed(FetchReason.SERVER), "server", _OLD, "a" * 64, 3, id="failure"),
        pytest.param(_failed(FetchReason.NOT_A_FEED), "not_a_feed", Validators(), "a" * 64, 3, id="web page"),
        pytest.param(ParseError(_ID, "cause"), "not_a_feed", Validators(), "a" * 64, 3, id="unreadable"),
    ],
)
def test_poll_is_remembered(outcome, word, validators, body_hash, failures):
    state = next_state(replace(_STATE, failures=2), outcome, 0, _FEED, _NOW, 0.0)

    assert (state.outcome, state.validators, state.body_hash, state.failures) == (word, validators, body_hash, failures)
    assert (state.polled_at, state.added_at, state.feed_id) == (_NOW, _STATE.added_at, _ID)


@pytest.mark.parametrize(("new_entries", "expected"), [(0, _STATE.new_entry_at), (3, _NOW)], ids=["none", "some"])
def test_time_of_the_last_new_entry_is_remembered(new_entries, expected):
    assert next_state(_STATE, _reading(), new_entries, _FEED, _NOW, 0.0).new_entry_at == expected


_SECONDS = st.floats(min_value=-1e12, max_value=1e12)
_OUTCOMES = st.one_of(
    _SECONDS.map(_reading),
    _SECONDS.map(_unchanged),
    st.builds(_failed, st.sampled_from(FetchReason), st.none() | _SECONDS),
    st.just(ParseError(_ID, "cause")),
)


@given(
    outcome=_OUTCOMES,
    failures=st.integers(min_value=0, max_value=10**6),
    every_s=st.floats(min_value=1e-6, max_value=1e9),
    jitter=st.floats(min_value=-1, max_value=1),
)
def test_feed_is_always_due_later_and_within_a_day_and_an_hour(outcome, failures, every_s, jitter):
    assert 0 < _due_in_s(outcome, failures=failures, every_s=every_s, jitter=jitter) <= 25 * _H


@given(reason=st.sampled_from(FetchReason), failures=st.integers(min_value=0, max_value=200))
def test_feed_never_waits_less_after_one_failure_more(reason, failures):
    assert _due_in_s(_failed(reason), failures=failures) <= _due_in_s(_failed(reason), failures=failures + 1)
