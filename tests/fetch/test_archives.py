"""Gaps are repaired where a feed has an archive (RFC 5005), and parts of documents are taken as parts (RFC 3229)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes import FakeArticleStore, FakeFeedStore, Memory
from tests.fetch.adversary import START
from worker.fetch.parsers import Parsers
from worker.fetch.sources import source_over
from worker.models.feed import Feed, Unchanged, Validators
from worker.models.news import FeedId
from worker.polls import Polled, poll_feed

LEASE = timedelta(minutes=1)


def a_document(*numbers: int, archive: str = "") -> bytes:
    link = f'<link rel="prev-archive" href="{archive}"/>' if archive else ""
    entries = "".join(
        f"<entry><id>urn:{n}</id><title>Новина {n}</title><link href='https://one.example/{n}'/></entry>"
        for n in numbers
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{link}{entries}</feed>'.encode()


class Desk:
    """Polls one feed, each time when it is due."""

    def __init__(self, client, url: str) -> None:
        self.memory = Memory()
        self.feeds, self.articles = FakeFeedStore(self.memory), FakeArticleStore(self.memory)
        self.feed = Feed(id=FeedId("proba"), outlet="Проба", url=url, every_s=600)
        self.now = START
        self.source = source_over(client, Parsers())
        self.feeds.sync([self.feed], START)

    def poll(self) -> Polled:
        state = self.feeds.get(self.feed.id)
        assert state is not None
        self.now = max(self.now, state.due_at)
        return poll_feed(
            self.feed, source=self.source, feeds=self.feeds, articles=self.articles, lease=LEASE, clock=lambda: self.now, jitter=0
        )  # fmt: skip

    @property
    def titles(self) -> set[str]:
        return {slot.article.title for slot in self.memory.articles.values()}


def test_gap_is_repaired_by_one_page_of_the_archive(server, client):
    archive = server.answer("/2026-11.atom", a_document(3, 2, archive="/2026-10.atom"))
    url = server.answer("/feed.atom", a_document(2, 1, archive=archive))
    desk = Desk(client, url)
    desk.poll()
    server.answer("/feed.atom", a_document(5, 4, archive=archive))

    polled = desk.poll()
    desk.poll()

    assert [path for path, _ in server.requests] == ["/feed.atom", "/feed.atom", "/2026-11.atom", "/feed.atom"]
    assert desk.titles == {f"Новина {n}" for n in range(1, 6)}
    assert polled.gap
    assert (polled.seen, polled.new) == (2, 3)


@pytest.mark.parametrize(
    ("archive", "status"),
    [
        pytest.param("/gone.atom", 404, id="page that is not there"),
        pytest.param("http://other.example/2026.atom", 200, id="another site"),
        pytest.param("file:///etc/passwd", 200, id="no web address"),
    ],
)
def test_archive_that_cannot_be_read_takes_nothing_away(server, client, archive, status):
    server.answer("/gone.atom", status=status)
    desk = Desk(client, server.answer("/feed.atom", a_document(2, 1, archive=archive)))
    desk.poll()
    server.answer("/feed.atom", a_document(5, 4, archive=archive))

    polled = desk.poll()

    assert (polled.gap, polled.new) == (True, 2)
    assert {path for path, _ in server.requests} <= {"/feed.atom", "/gone.atom"}


def test_archive_is_left_alone_without_a_gap(server, client):
    desk = Desk(client, server.answer("/feed.atom", a_document(2, 1, archive="/2026-11.atom")))
    desk.poll()
    server.answer("/feed.atom", a_document(3, 2, archive="/2026-11.atom"))

    assert not desk.poll().gap
    assert {path for path, _ in server.requests} == {"/feed.atom"}


def test_part_of_a_document_is_merged_and_no_gap(server, client):
    desk = Desk(client, server.answer("/feed.atom", a_document(2, 1), ETag='"1"'))
    desk.poll()
    before = desk.feeds.get(desk.feed.id)
    server.answer("/feed.atom", a_document(3), status=226, ETag='"2"', IM="feed")

    polled = desk.poll()
    after = desk.feeds.get(desk.feed.id)

    assert before is not None
    assert after is not None
    assert (server.requests[0][1].get("a-im"), server.requests[1][1].get("a-im")) == (None, "feed")
    assert (polled.gap, polled.new) == (False, 1)
    assert after.memory.entry_ids[1:] == before.memory.entry_ids[:1]
    assert after.memory.read_at == before.memory.read_at, "the document was not read as a whole"
    assert after.validators.etag == '"2"'


def test_part_that_holds_nothing_is_no_empty_feed(server, client, a_state):
    url = server.answer("/feed.atom", a_document(), status=226, ETag='"2"')
    feed = Feed(id=FeedId("proba"), outlet="Проба", url=url, every_s=600)

    outcome = source_over(client, Parsers()).read(feed, replace(a_state, validators=Validators(etag='"1"', url=url)))

    assert isinstance(outcome, Unchanged)
    assert outcome.validators.etag == '"2"'
