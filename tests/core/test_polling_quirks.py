"""What feeds of Bulgarian outlets do over several polls (Q18, Q19, Q21, Q35, Q36): each through the whole use case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.fakes import FakeArticleStore, FakeFeedSource, FakeFeedStore, Memory
from worker.errors import FetchError, ParseError
from worker.models.feed import Feed, FeedState, Reading, Unchanged, Validators
from worker.models.health import Condition
from worker.models.news import Entry, FeedId
from worker.polls import poll_feed

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FEED = Feed(id=FeedId("proba"), outlet="Проба", url="https://outlet.example/rss", every_s=600)
GIVEN = Validators(etag='"1"', last_modified="Tue, 24 Nov 2026 07:00:00 GMT", url=FEED.url)
_HOUR = timedelta(hours=1)


class Desk:
    """A feed that answers what a test says, polled when the test says."""

    def __init__(self, *answers: Reading | Unchanged | FetchError | ParseError) -> None:
        self.memory = Memory()
        self.feeds = FakeFeedStore(self.memory)
        self.source = FakeFeedSource({FEED.id: answers})
        self.feeds.sync([FEED], NOW)

    def poll(self, at: datetime, feed: Feed = FEED) -> FeedState:
        articles = FakeArticleStore(self.memory)
        poll_feed(
            feed,
            source=self.source,
            feeds=self.feeds,
            articles=articles,
            lease=_HOUR,
            clock=lambda: at,
            jitter=0.0,
        )
        state = self.feeds.get(FEED.id)
        assert state is not None
        return state

    @property
    def sent(self) -> list[Validators]:
        """The conditions of all requests."""
        return [state.validators for _, state in self.source.asked]


def document(*names: str, at: datetime | None = NOW) -> Reading:
    entries = tuple(
        Entry(
            guid=name,
            url=f"https://outlet.example/{name}",
            title_html=f"Новина {name}",
            summary_html="",
            content_html="",
            published_raw=None,
            published_at=at,
        )
        for name in names
    )
    return Reading(entries=entries, validators=GIVEN, body_hash=",".join(names).rjust(64, "0"))


def _conditions(states: Sequence[FeedState]) -> list[Condition]:
    return [state.memory.health.condition for state in states]


def test_q18_fossil_is_told_by_its_newest_entry_however_fresh_its_validators() -> None:
    state = Desk(document("a", "b", at=datetime(2010, 5, 1, tzinfo=UTC))).poll(NOW)

    assert (state.outcome, state.memory.health.condition) == ("ok", Condition.STALE)
    assert "01.05.2010" in state.memory.health.evidence


def test_q19_empty_document_is_a_failure_that_keeps_what_the_last_good_one_taught() -> None:
    desk = Desk(document("a"), document())
    good = desk.poll(NOW)
    empty = desk.poll(NOW + _HOUR)

    assert (empty.outcome, empty.failures) == ("empty", 1)
    assert (empty.validators, empty.body_hash, empty.memory.entry_ids) == (GIVEN, good.body_hash, good.memory.entry_ids)
    assert _conditions([good, empty]) == [Condition.OK, Condition.EMPTY]


def test_q21_old_copy_served_to_robots_stores_nothing() -> None:
    desk = Desk(document("a"), document("b", "c", at=datetime(2018, 3, 1, tzinfo=UTC)), document("a", "d"))
    desk.poll(NOW)
    old = desk.poll(NOW + _HOUR)
    stored_then = len(desk.memory.articles)
    fresh = desk.poll(NOW + 2 * _HOUR)

    assert (old.outcome, stored_then) == ("outdated", 1)
    assert (fresh.outcome, fresh.failures, len(desk.memory.articles)) == ("ok", 0, 2)


def test_q35_validators_go_with_their_address() -> None:
    desk = Desk(document("a"), document("a"))
    desk.poll(NOW)
    moved = replace(FEED, url="https://outlet.example/other")
    desk.feeds.sync([moved], NOW + _HOUR)
    desk.poll(NOW + _HOUR, moved)

    assert desk.sent == [Validators(), Validators()]


def test_q36_server_that_hides_changes_is_caught_within_a_day_and_asked_in_full() -> None:
    unchanged = Unchanged(validators=GIVEN)
    known = document(*"abcdef", at=NOW - 6 * _HOUR)
    hidden = document(*"abcdefg", at=NOW + 3 * _HOUR)
    # Its etag never changes, and the request without it finds what it hid.
    desk = Desk(known, *[unchanged] * 11, hidden, hidden)
    states = [desk.poll(NOW + number * 2 * _HOUR) for number in range(14)]

    assert desk.sent[1:12] == [GIVEN] * 11
    assert Validators() in desk.sent[12:14]
    assert states[-1].memory.lied_at is not None
    assert states[-1].memory.health.condition is Condition.LYING
