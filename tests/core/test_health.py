"""What a feed's condition is, what proves it, and when operators are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from worker.errors import FetchReason
from worker.health import judged, notices
from worker.models.alert import Reason
from worker.models.feed import Feed, FeedClass, FeedMemory, FeedState, Move
from worker.models.health import Condition, Health, NetworkStanding, Standing, TellReason
from worker.models.news import FeedId
from worker.telling import message_of

_NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_H = timedelta(hours=1)
_FEED = Feed(id=FeedId("proba"), outlet="Проба", url="https://outlet.example/rss", every_s=600)
_FINE = FeedMemory(entry_ids=tuple("abcdefghij"), newest_at=_NOW - _H)
_STATE = FeedState(
    feed_id=FeedId("proba"),
    added_at=_NOW - 200 * _H,
    due_at=_NOW,
    polled_at=_NOW,
    new_entry_at=_NOW - _H,
    outcome="ok",
    memory=_FINE,
)


def _failed(reason: FetchReason, failures: int = 1) -> FeedState:
    return replace(_STATE, outcome=reason.value, failures=failures)


def _remembers(**what) -> FeedState:
    return replace(_STATE, memory=replace(_FINE, **what))


@pytest.mark.parametrize(
    ("state", "condition", "evidence"),
    [
        pytest.param(_STATE, Condition.OK, "", id="fine"),
        pytest.param(replace(_STATE, polled_at=None), Condition.NEW, "", id="never polled"),
        pytest.param(_remembers(gone_at=_NOW), Condition.GONE, "410", id="gone"),
        pytest.param(_failed(FetchReason.CHALLENGE), Condition.CHALLENGE, "от тази мрежа", id="challenge"),
        pytest.param(_failed(FetchReason.BLOCKED), Condition.BLOCKED, "blocked, the cause", id="blocked"),
        pytest.param(_failed(FetchReason.EMPTY, 4), Condition.EMPTY, "4 пъти поред", id="empty"),
        pytest.param(_failed(FetchReason.OUTDATED), Condition.STALE, "стар документ", id="old document"),
        pytest.param(_failed(FetchReason.TIMEOUT), Condition.FAILING, "веднъж: timeout", id="timeout"),
        pytest.param(_failed(FetchReason.NOT_A_FEED), Condition.FAILING, "not_a_feed", id="web page"),
        pytest.param(
            _remembers(move=Move(to="https://other.example/", since=_NOW - _H, answers=2, is_same=True)),
            Condition.MOVED,
            "https://other.example/",
            id="moved to another site",
        ),
        pytest.param(
            _remembers(move=Move(to="https://www.outlet.example/f", since=_NOW - _H, answers=2, is_same=True)),
            Condition.OK,
            "",
            id="moved within its site",
        ),
        pytest.param(_remembers(lied_at=_NOW - 48 * _H), Condition.LYING, "304", id="lied"),
        pytest.param(_remembers(lied_at=_NOW - 169 * _H), Condition.OK, "", id="lied long ago"),
        pytest.param(_remembers(garbled=3), Condition.GARBLED, "3 от 10", id="garbled"),
        pytest.param(_remembers(garbled=2), Condition.OK, "", id="one quotation is garbled"),
        pytest.param(
            _remembers(charset="windows-1251 (guess)", charset_was="utf-8 (bytes)", charset_at=_NOW - 20 * _H),
            Condition.GARBLED,
            "windows-1251 (guess), преди utf-8 (bytes)",
            id="another encoding, and only guessed",
        ),
        pytest.param(
            _remembers(charset="windows-1251 (guess)", charset_was="utf-8 (bytes)", charset_at=_NOW - 168 * _H),
            Condition.OK,
            "",
            id="guessed for a week",
        ),
        pytest.param(
            _remembers(charset="windows-1251 (prolog)", charset_was="utf-8 (bytes)", charset_at=_NOW),
            Condition.OK,
            "",
            id="another encoding, as it says itself",
        ),
        pytest.param(_remembers(charset="windows-1251 (guess)"), Condition.OK, "", id="guessed from the beginning"),
        pytest.param(
            _remembers(unread_from=_NOW - 9 * _H, unread_until=_NOW - 3 * _H),
            Condition.UNREAD,
            "24.11.2026 03:00 до 24.11.2026 09:00",
            id="not read for six hours",
        ),
        pytest.param(
            _remembers(unread_from=_NOW - 99 * _H, unread_until=_NOW - 24 * _H), Condition.OK, "", id="a day ago"
        ),
        pytest.param(_remembers(gap_at=_NOW - 23 * _H), Condition.GAP, "общ запис", id="gap"),
        pytest.param(_remembers(gap_at=_NOW - 24 * _H), Condition.OK, "", id="gap a day ago"),
        pytest.param(
            replace(_remembers(missed=12.0), new_entry_at=_NOW - 13 * _H), Condition.STALE, "около 12", id="no news"
        ),
        pytest.param(
            replace(_remembers(missed=11.9), new_entry_at=_NOW - 13 * _H), Condition.OK, "", id="few news missing"
        ),
        pytest.param(
            replace(_remembers(missed=40.0), new_entry_at=_NOW - 11 * _H), Condition.OK, "", id="not for long enough"
        ),
        pytest.param(
            _remembers(newest_at=datetime(2010, 5, 1, tzinfo=UTC)), Condition.STALE, "01.05.2010", id="fossil"
        ),
        pytest.param(_remembers(asked_s=5400.0), Condition.SLOW, "90 минути", id="slow"),
        pytest.param(_remembers(asked_s=3600.0), Condition.OK, "", id="an hour is not slow"),
    ],
)
def test_condition_is_the_worst_that_is_true_with_its_proof(state, condition, evidence):
    health = judged(_FEED, state, "the cause", _NOW).memory.health

    assert health.condition is condition
    assert evidence in health.evidence
    assert bool(health.evidence) is (condition not in {Condition.OK, Condition.NEW})


def test_offices_may_be_slow_and_silent_for_longer():
    office = replace(_FEED, feed_class=FeedClass.OFFICIAL)
    states = (_remembers(asked_s=20000.0), _remembers(newest_at=_NOW - timedelta(days=80)))

    assert {judged(office, state, "", _NOW).memory.health.condition for state in states} == {Condition.OK}


def test_condition_keeps_the_instant_of_its_beginning():
    first = judged(_FEED, _failed(FetchReason.BLOCKED), "", _NOW)
    second = judged(_FEED, replace(first, failures=2), "", _NOW + 4 * _H)
    end = judged(_FEED, replace(second, failures=0, outcome="ok"), "", _NOW + 8 * _H)

    assert [state.memory.health.since for state in (first, second, end)] == [_NOW, _NOW, _NOW + 8 * _H]


def _standing(name: str = "a", condition: Condition = Condition.OK, **what: Any) -> Standing:
    values: dict[str, Any] = {
        "feed_id": name,
        "outlet": name.upper(),
        "url": f"https://{name}.example/rss",
        "health": Health(condition=condition, since=what.pop("since", _NOW), evidence="доказателство"),
        "outcome": "ok",
        "failures": 0,
        "failing_since": None,
        "told": None,
    }
    return Standing(**{**values, **what})


_LASTING: dict[str, Any] = {"outcome": "server", "failures": 3, "failing_since": _NOW - _H}


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        pytest.param(_standing(), None, id="fine"),
        pytest.param(_standing(condition=Condition.NEW), None, id="new"),
        pytest.param(_standing(condition=Condition.GONE), TellReason.AT_ONCE, id="gone"),
        pytest.param(_standing(condition=Condition.BLOCKED, failures=1), TellReason.AT_ONCE, id="blocked"),
        pytest.param(_standing(condition=Condition.BLOCKED, told=Condition.BLOCKED), None, id="told already"),
        pytest.param(_standing(condition=Condition.STALE, told=Condition.BLOCKED), None, id="another fault"),
        pytest.param(_standing(condition=Condition.GONE, told=Condition.BLOCKED), TellReason.WORSE, id="worse"),
        pytest.param(_standing(condition=Condition.FAILING, **_LASTING), TellReason.LASTING, id="fails for an hour"),
        pytest.param(_standing(condition=Condition.FAILING, **{**_LASTING, "failures": 2}), None, id="fails twice"),
        pytest.param(
            _standing(condition=Condition.EMPTY, **{**_LASTING, "failing_since": _NOW - _H / 2}),
            None,
            id="half an hour",
        ),
        pytest.param(_standing(told=Condition.FAILING), None, id="good for a moment"),
        pytest.param(_standing(told=Condition.FAILING, since=_NOW - _H), TellReason.RECOVERED, id="good for an hour"),
        pytest.param(
            _standing(condition=Condition.UNREAD, told=Condition.FAILING, since=_NOW - _H),
            TellReason.RECOVERED,
            id="good, with entries lost meanwhile",
        ),
        pytest.param(_standing(condition=Condition.UNREAD), None, id="entries were lost for our own reasons"),
        pytest.param(
            _standing(condition=Condition.BLOCKED, told=Condition.SLOW, failures=1), TellReason.WORSE, id="lost at last"
        ),
        pytest.param(
            _standing(
                condition=Condition.FAILING, told=Condition.SLOW, outcome="server", failures=1, failing_since=_NOW
            ),
            None,
            id="lost just now",
        ),
        pytest.param(
            _standing(condition=Condition.FAILING, told=Condition.SLOW, **_LASTING),
            TellReason.WORSE,
            id="lost for long",
        ),
        pytest.param(
            _standing(condition=Condition.SLOW, told=Condition.FAILING, since=_NOW - _H),
            TellReason.BETTER,
            id="half good",
        ),
        pytest.param(
            _standing(
                condition=Condition.STALE, told=Condition.FAILING, since=_NOW - _H, failures=4, outcome="outdated"
            ),
            None,
            id="read, but old",
        ),
        pytest.param(_standing(condition=Condition.NEW, told=Condition.GONE), None, id="new address, not yet polled"),
    ],
)
def test_operators_are_told(standing, reason):
    told = notices([standing], NetworkStanding(), _NOW)

    assert [one.reason for one in told] == ([] if reason is None else [reason])


_CUT_OFF = _standing("x", Condition.FAILING, **{**_LASTING, "outcome": "dns"})


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        pytest.param(NetworkStanding(), ["x"], id="the network is fine, so it is the feed"),
        pytest.param(NetworkStanding(lost_at=_NOW - _H / 20), [], id="nobody is reached for three minutes"),
        pytest.param(NetworkStanding(lost_at=_NOW - _H / 12), [None], id="nobody is reached for five minutes"),
        pytest.param(NetworkStanding(lost_at=_NOW - _H, is_told=True), [], id="told already"),
        pytest.param(NetworkStanding(is_told=True), [None], id="back"),
    ],
)
def test_our_own_network_is_told_once_instead_of_each_feed(network, expected):
    told = notices([_CUT_OFF, _standing("fine")], network, _NOW)

    assert [one.feed_id for one in told] == expected


def test_feed_that_is_refused_is_told_though_the_network_is_away():
    told = notices([_standing("a", Condition.BLOCKED, outcome="blocked")], NetworkStanding(lost_at=_NOW), _NOW)

    assert [one.feed_id for one in told] == ["a"]


@pytest.mark.parametrize("condition", [one for one in Condition if one not in {Condition.NEW, Condition.UNREAD}])
def test_message_says_which_feed_what_and_why(condition):
    told = Condition.FAILING if condition is Condition.OK else None
    what = {**_LASTING, "told": told} if condition is not Condition.OK else {"told": told, "since": _NOW - _H}
    (one,) = notices([_standing("bta", condition, **what)], NetworkStanding(), _NOW)

    notice = message_of(one, _NOW)

    assert notice.title.startswith("BTA: ")
    assert notice.match_reason
    assert notice.decision_reason is (Reason.FEED_RECOVERED if condition is Condition.OK else Reason.FEED_FAULT)
