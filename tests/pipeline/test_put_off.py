"""A poll that must wait for its publisher, or for a network, changes nothing of its feed."""

from datetime import UTC, datetime, timedelta

from tests.fakes import FakeArticleStore, FakeFeedStore, Memory
from worker.errors import Pause, PutOffError
from worker.models.feed import Feed, FeedState, Reading, Unchanged
from worker.models.news import FeedId
from worker.polling.states import PollOutcome
from worker.polls import poll_feed

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FEED = Feed(id=FeedId("one"), outlet="Едно", url="https://one.example/rss", every_s=600)


class Busy:
    """A source whose publisher is busy."""

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        raise PutOffError(feed.id, Pause.HOST, 4.5, "one.example")


def test_poll_that_is_put_off_is_no_failure_and_comes_again():
    memory = Memory()
    feeds = FakeFeedStore(memory)
    feeds.sync([FEED], NOW)
    before = feeds.get(FEED.id)

    polled = poll_feed(
        FEED,
        source=Busy(),
        feeds=feeds,
        articles=FakeArticleStore(memory),
        lease=timedelta(seconds=60),
        clock=lambda: NOW,
        jitter=0.0,
    )

    assert (polled.outcome, polled.cause) == (PollOutcome.PUT_OFF, "host")
    assert feeds.get(FEED.id) == before
    assert feeds.due(NOW + timedelta(seconds=4), 9) == ()
    assert feeds.due(NOW + timedelta(seconds=4.5), 9) == (FEED.id,)
