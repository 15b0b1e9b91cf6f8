"""When a feed is due next, and what is remembered of the poll."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import an_article
from worker.errors import FetchError, FetchReason, ParseError
from worker.models.feed import Feed, FeedMemory, FeedState, Reading, Rhythm, Unchanged, Validators
from worker.models.news import Article, FeedId
from worker.polling.addresses import as_asked, conditions
from worker.polling.states import Found, next_state, regressed
from worker.polling.waits import own_wait_s, past_skipped

_NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_ID = FeedId("proba")
_FEED = Feed(id=_ID, outlet="Проба", url="https://outlet.example/rss", every_s=600)
_OLD = Validators(etag='"a"', last_modified="Mon, 23 Nov 2026 07:00:00 GMT")
_NEW = Validators(etag='"b"')
#: twelve entries an hour at any time, watched for four weeks
_BUSY = Rhythm(entries=(48.0,) * 168, looked=(4.0,) * 168, discounted_at=_NOW)
_STATE = FeedState(
    feed_id=_ID,
    added_at=_NOW - timedelta(days=9),
    due_at=_NOW - timedelta(seconds=3),
    validators=_OLD,
    body_hash="a" * 64,
    new_entry_at=_NOW - timedelta(hours=3),
    polled_at=_NOW - timedelta(minutes=10),
    memory=FeedMemory(rhythm=_BUSY, read_at=_NOW - timedelta(minutes=10)),
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
    state = next_state(replace(_STATE, failures=failures), outcome, Found(), feed, _NOW, jitter)
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
        pytest.param(
            _failed(FetchReason.RATE_LIMITED, 900), 0, 600, 2700, id="too many requests, told when, and half an hour"
        ),
        pytest.param(_failed(FetchReason.CHALLENGE), 0, 600, 4 * _H, id="challenged"),
        pytest.param(_failed(FetchReason.CHALLENGE), 5, 600, 24 * _H, id="challenged again"),
        pytest.param(_failed(FetchReason.EMPTY), 2, 600, 3 * 600, id="empty three times"),
        pytest.param(_failed(FetchReason.OUTDATED), 1, 600, 2 * 600, id="an old document twice"),
        pytest.param(_failed(FetchReason.ROBOTS, 5 * _H), 99, 600, 5 * _H, id="when the rules are read again"),
        pytest.param(_failed(FetchReason.ROBOTS), 2, 600, 3 * 600, id="forbidden until nobody knows when"),
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
        pytest.param(_failed(FetchReason.EMPTY), "empty", _OLD, "a" * 64, 3, id="empty"),
        pytest.param(_failed(FetchReason.OUTDATED), "outdated", _OLD, "a" * 64, 3, id="outdated"),
        pytest.param(_failed(FetchReason.NOT_A_FEED), "not_a_feed", Validators(), "a" * 64, 3, id="web page"),
        pytest.param(ParseError(_ID, "cause"), "not_a_feed", Validators(), "a" * 64, 3, id="unreadable"),
    ],
)
def test_poll_is_remembered(outcome, word, validators, body_hash, failures):
    state = next_state(replace(_STATE, failures=2), outcome, Found(), _FEED, _NOW, 0.0)

    assert (state.outcome, state.validators, state.body_hash, state.failures) == (word, validators, body_hash, failures)
    assert (state.polled_at, state.added_at, state.feed_id) == (_NOW, _STATE.added_at, _ID)


@pytest.mark.parametrize(("new_entries", "expected"), [(0, _STATE.new_entry_at), (3, _NOW)], ids=["none", "some"])
def test_time_of_the_last_new_entry_is_remembered(new_entries, expected):
    assert next_state(_STATE, _reading(), Found(new=new_entries), _FEED, _NOW, 0.0).new_entry_at == expected


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


def test_after_too_many_requests_the_time_asked_for_is_never_undercut():
    waits = [_due_in_s(_failed(FetchReason.RATE_LIMITED, 900), jitter=jitter) for jitter in (-1.0, 0.0, 1.0)]

    assert waits == [900, 2700, 900 + _H + 450]


def test_feeds_that_were_first_read_at_once_come_back_at_different_times():
    state = replace(_STATE, polled_at=None)
    due = {
        next_state(state, _reading(), Found(), replace(_FEED, url=f"https://{n}.example/rss"), _NOW, 0.0).due_at
        for n in range(20)
    }

    assert len(due) == 20
    assert all(600 <= (at - _NOW).total_seconds() < 1200 for at in due)


def test_what_a_document_asks_for_holds_while_the_server_says_unchanged():
    first = next_state(_STATE, replace(_reading(), ttl_s=3000.0), Found(), _FEED, _NOW, -1.0)
    later = next_state(first, _unchanged(), Found(), _FEED, first.due_at, -1.0)

    assert (later.due_at - first.due_at).total_seconds() == 3000


@pytest.mark.parametrize(
    ("hours", "days", "due", "expected"),
    [
        pytest.param((), (), "24 10:20", "24 10:20", id="nothing is skipped"),
        pytest.param((10,), (), "24 09:59", "24 09:59", id="before the hour"),
        pytest.param((10,), (), "24 10:20", "24 11:20", id="within the hour"),
        pytest.param((22, 23, 0, 1), (), "24 23:05", "25 02:05", id="over midnight"),
        pytest.param(tuple(range(24)), (), "24 10:20", "24 10:20", id="every hour counts for nothing"),
        pytest.param((), (1,), "24 10:20", "24 10:20", id="a whole day counts for nothing"),
        pytest.param(tuple(range(1, 24)), (), "24 10:20", "25 00:20", id="all but one hour"),
    ],
)
def test_skipped_hours_are_left_out(hours, days, due, expected):
    at = datetime.strptime(f"2026-11-{due} +0000", "%Y-%m-%d %H:%M %z").astimezone(UTC)

    assert f"{past_skipped(at, hours, days):%d %H:%M}" == expected


def test_feed_waits_longer_at_night_and_less_as_its_morning_nears():
    by_day = Rhythm(
        entries=tuple(16.0 if 7 <= slot % 24 < 23 else 0.0 for slot in range(168)),
        looked=(4.0,) * 168,
        discounted_at=_NOW,
    )
    state = replace(_STATE, memory=replace(_STATE.memory, rhythm=by_day))
    # Sofia is two hours ahead.
    waits = []
    for hour in (12, 23, 4):
        now = _NOW.replace(hour=hour, minute=30 if hour == 4 else 0)
        before = replace(state, polled_at=now - timedelta(minutes=10))
        waits.append((next_state(before, _unchanged(), Found(), _FEED, now, 0.0).due_at - now).total_seconds() / 60)

    day, night, dawn = waits
    assert day == 10
    assert night > 60
    assert dawn < 40


def test_small_window_is_read_before_half_of_it_is_gone():
    quick = replace(
        _STATE.memory,
        entry_ids=("a", "b"),
        rhythm=Rhythm(entries=(4.0,) * 168, looked=(4.0,) * 168, discounted_at=_NOW),
    )
    slow = replace(quick, entry_ids=tuple("abcdefghij"), empty_polls=8)

    waits = [
        own_wait_s(_FEED, memory, _NOW, is_distrusted=False) for memory in (quick, replace(quick, empty_polls=8), slow)
    ]

    assert waits[0] == pytest.approx(1200, abs=1)
    assert waits[1] == pytest.approx(3600, abs=30)
    assert waits[2] == pytest.approx(7200, abs=60)


def test_polls_that_the_rhythm_does_not_explain_slow_a_feed_down_and_a_new_entry_resets_it():
    rare = Rhythm(entries=(4.0,) * 168, looked=(4.0,) * 168, discounted_at=_NOW)
    state, waits = replace(_STATE, memory=replace(_STATE.memory, rhythm=rare)), []
    for _ in range(16):
        now = state.due_at
        state = next_state(state, _unchanged(), Found(), _FEED, now, 0.0)
        waits.append((state.due_at - now).total_seconds())
    after = next_state(state, _reading(), Found(new=1, ids=("x",)), _FEED, state.due_at, 0.0)

    assert waits[0] == pytest.approx(waits[5], rel=0.1)
    assert waits[-1] > 2 * waits[0]
    assert (after.memory.empty_polls, after.memory.missed) == (0, 0.0)


def _found(*names: str, new: int = 0, hours_ago: float | None = None) -> Found:
    dates = () if hours_ago is None else (_NOW - timedelta(hours=hours_ago),)
    return Found(ids=names, new=new, dates=dates, dates_of_new=dates if new else ())


def test_document_that_shares_nothing_with_the_last_is_a_gap_and_shortens_the_wait():
    rare = Rhythm(entries=(4.0,) * 168, looked=(4.0,) * 168, discounted_at=_NOW)
    state = replace(_STATE, memory=replace(_STATE.memory, entry_ids=("a", "b"), rhythm=rare))

    whole = next_state(state, _reading(), _found("b", "c", new=1), _FEED, _NOW, 0.0)
    gap = next_state(state, _reading(), _found("c", "d", new=2), _FEED, _NOW, 0.0)

    assert (whole.memory.unread_until, gap.memory.unread_until) == (None, None)
    assert (whole.memory.gap_at, gap.memory.gap_at) == (None, _NOW)
    assert gap.due_at < whole.due_at


@pytest.mark.parametrize(
    "absence",
    [
        pytest.param({"polled_at": _NOW - timedelta(hours=6)}, id="nobody polled it"),
        pytest.param({"failures": 3, "failing_since": _NOW - timedelta(hours=6)}, id="its server was away"),
    ],
)
def test_gap_after_a_time_without_polls_is_no_reason_to_poll_faster(absence):
    memory = replace(
        _STATE.memory, entry_ids=("a", "b"), wait_s=600.0, failing_since=absence.pop("failing_since", None)
    )
    state = replace(_STATE, memory=memory, **absence)

    after = next_state(state, _reading(), _found("c", "d", new=2), _FEED, _NOW, 0.0)

    assert after.memory.gap_at is None
    assert (after.memory.unread_from, after.memory.unread_until) == (_NOW - timedelta(hours=6), _NOW)


@pytest.mark.parametrize(
    ("read_hours_ago", "rhythm", "is_probe"),
    [
        pytest.param(23, _BUSY, False, id="for less than a day"),
        pytest.param(24, _BUSY, True, id="for a day, of a feed with news every day"),
        pytest.param(24, Rhythm(entries=(0.01,) * 168, looked=(4.0,) * 168, discounted_at=_NOW), False, id="quiet"),
        pytest.param(24 * 7, Rhythm(entries=(0.01,) * 168, looked=(4.0,) * 168, discounted_at=_NOW), True, id="a week"),
    ],
)
def test_server_that_only_says_unchanged_is_asked_in_full_now_and_then(read_hours_ago, rhythm, is_probe):
    memory = replace(_STATE.memory, read_at=_NOW - timedelta(hours=read_hours_ago), rhythm=rhythm)

    assert conditions(replace(_STATE, memory=memory), _NOW) == (Validators() if is_probe else _OLD)


@pytest.mark.parametrize(
    ("found", "lied"),
    [
        pytest.param(_found("a", "b", new=1, hours_ago=5), True, id="news of hours ago"),
        pytest.param(_found("a", "b", new=1, hours_ago=0.1), False, id="news of now"),
        pytest.param(_found("a", "b", new=2), True, id="undated news, more than one"),
        pytest.param(_found("a", new=0), False, id="no news"),
    ],
)
def test_news_behind_an_unchanged_proves_a_lie(found, lied):
    memory = replace(_STATE.memory, entry_ids=("a",), read_at=_NOW - timedelta(hours=30))
    state = replace(_STATE, outcome="unchanged", memory=memory)

    after = next_state(state, _reading(), found, _FEED, _NOW, 0.0, is_probe=True)

    assert (after.memory.lied_at == _NOW) is lied
    assert (conditions(after, _NOW + timedelta(hours=1)) == Validators()) is lied
    assert (after.due_at - _NOW >= timedelta(hours=1)) is lied


def test_probe_that_finds_nothing_is_not_repeated_at_the_next_poll():
    state = replace(_STATE, memory=replace(_STATE.memory, read_at=_NOW - timedelta(hours=30)))

    after = next_state(state, _unchanged(), Found(), _FEED, _NOW, 0.0, is_probe=True)

    assert conditions(after, after.due_at) == _NEW
    assert (after.memory.requests, after.memory.probes) == (1, 1)


def _moved(to: str, times: int, hours: float, *, start: FeedState = _STATE, shares: bool = True) -> FeedState:
    state = replace(start, memory=replace(start.memory, entry_ids=("a",)))
    for number in range(times):
        at = _NOW + timedelta(hours=hours * number)
        found = _found("a") if shares else _found(f"x{number}", new=1)
        state = next_state(state, replace(_reading(), moved_to=to), found, _FEED, at, 0.0)
    return state


@pytest.mark.parametrize(
    ("to", "times", "hours", "shares", "is_rewritten"),
    [
        pytest.param("https://www.outlet.example/feed", 3, 12, True, True, id="three answers over a day"),
        pytest.param("https://www.outlet.example/feed", 2, 24, True, False, id="two answers"),
        pytest.param("https://www.outlet.example/feed", 9, 2, True, False, id="nine answers in sixteen hours"),
        pytest.param("https://www.outlet.example/feed", 5, 12, False, False, id="other entries"),
        pytest.param("https://successor.example/feed", 9, 12, True, False, id="another site"),
    ],
)
def test_address_is_rewritten_only_when_the_move_is_confirmed(to, times, hours, shares, is_rewritten):
    state = _moved(to, times, hours, shares=shares)

    assert state.memory.address == (to if is_rewritten else None)
    assert as_asked(_FEED, state).url == (to if is_rewritten else _FEED.url)


def test_answer_without_the_redirect_begins_the_count_anew():
    there = "https://www.outlet.example/feed"
    state = _moved(there, 2, 12)
    back = next_state(state, _reading(), _found("a"), _FEED, _NOW + timedelta(hours=20), 0.0)

    assert back.memory.move is None
    assert _moved(there, 2, 12, start=back).memory.address is None


def test_new_address_that_fails_is_given_up_for_the_configured_one():
    state = _moved("https://www.outlet.example/feed", 3, 12)
    for _ in range(3):
        state = next_state(state, _failed(FetchReason.NOT_FOUND), Found(), _FEED, _NOW + timedelta(days=3), 0.0)

    assert as_asked(_FEED, state) == _FEED
    assert state.memory.gone_at is None


def test_gone_is_final():
    state = next_state(_STATE, _failed(FetchReason.GONE), Found(), _FEED, _NOW, 0.0)

    assert state.memory.gone_at == _NOW


def _dated(published_at: datetime) -> Article:
    return replace(an_article("a"), published_at=published_at)


def test_old_document_is_refused_for_a_day_and_then_believed():
    known = replace(_STATE, memory=replace(_STATE.memory, newest_at=_NOW - timedelta(hours=1)))
    old = [_dated(_NOW - timedelta(days=3000))]

    fault = regressed(known, old, _NOW)
    assert fault is not None
    after = next_state(known, fault, Found(), _FEED, _NOW, 0.0)

    assert fault.reason is FetchReason.OUTDATED
    assert (after.validators, after.memory.newest_at) == (_OLD, known.memory.newest_at)
    assert regressed(after, old, _NOW + timedelta(hours=23)) is not None
    assert regressed(after, old, _NOW + timedelta(hours=24)) is None
    assert regressed(known, [_dated(_NOW - timedelta(hours=20))], _NOW) is None


@pytest.mark.parametrize(
    ("outcome", "ttl_s", "expected_s"),
    [
        pytest.param(_unchanged(4 * _H), 0, 1800, id="freshness"),
        pytest.param(_unchanged(), 4 * _H, 1800, id="ttl"),
        pytest.param(_unchanged(900), 0, 900, id="less than he believes"),
        pytest.param(replace(_unchanged(4 * _H), retry_after_s=7200), 0, 7200, id="Retry-After is never shortened"),
    ],
)
def test_operator_may_believe_less_of_freshness(outcome, ttl_s, expected_s):
    feed = replace(_FEED, freshness_at_most_s=1800)
    state = replace(_STATE, memory=replace(_STATE.memory, ttl_s=ttl_s))

    after = next_state(state, outcome, Found(), feed, _NOW, 0)

    assert (after.due_at - _NOW).total_seconds() == expected_s
