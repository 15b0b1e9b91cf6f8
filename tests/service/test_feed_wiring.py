"""First polls are tests of the feeds: kept in the database, told once, and never for feeds of our own machine."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.errors import FetchError, FetchReason
from worker.feed_wiring import feed_source
from worker.fetch.client import NotModified, Response
from worker.fetch.parsers import Parsers
from worker.logs import set_up_logging
from worker.models.feed import FeedState, Validators
from worker.models.subscription import SubscriptionState
from worker.settings.load import Settings, read_settings
from worker.store.probes import probes
from worker.store.subscriptions import SqlSubscriptionStore

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
RSS = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>x</title>
<atom:link rel="hub" href="https://hub.example/"/>
<item><title>НАТО</title><link>https://one.example/1</link></item></channel></rss>"""
FEEDS = """feeds:
  - {id: one, outlet: Едно, url: 'https://one.example/rss'}
  - {id: two, outlet: Две, url: 'https://two.example/rss'}
  - {id: own, outlet: Свое, url: 'http://127.0.0.1:1/rss'}
"""


class World:
    """Answers every address but that of the second feed."""

    def get(self, feed_id: str, url: str, validators: Validators) -> Response | NotModified:
        del validators
        if feed_id == "two":
            raise FetchError(feed_id, FetchReason.BLOCKED, "status 403")
        return Response(status=200, headers={}, body=RSS.encode(), final_url=url)


def settings_with(tmp_path: Path, service: str) -> Settings:
    (tmp_path / "watches").mkdir()
    (tmp_path / "watches" / "w.yaml").write_text("watchlist: О\nwatches: [НАТО]\n", encoding="utf-8")
    (tmp_path / "channels.yaml").write_text("channels:\n  - {id: desk, kind: console}\n", encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    (tmp_path / "service.yaml").write_text(f"default_channels: [desk]\n{service}", encoding="utf-8")
    return read_settings(tmp_path, {})


def poll_all(settings: Settings, engine) -> None:
    source = feed_source(World(), Parsers(), settings, engine, lambda: NOW)
    for feed in settings.feeds:
        with nullcontext() if feed.id != "two" else pytest.raises(FetchError):
            source.read(feed, FeedState(feed_id=feed.id, added_at=NOW, due_at=NOW))


def test_first_polls_are_kept_and_told_once(tmp_path, sqlite_engine, capsys):
    settings = settings_with(tmp_path, "")
    set_up_logging("json", "test")

    poll_all(settings, sqlite_engine)
    poll_all(settings, sqlite_engine)

    assert {probe.feed_id: probe.outcome for probe in probes(sqlite_engine)} == {"one": "ok", "two": "blocked"}
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["event"], one.get("feed")) for one in events] == [
        ("feed.tested", "one"),
        ("feed.tested", "two"),
        ("feeds.tested", None),
    ]
    assert events[1]["finding"].startswith("two: the server refuses us (status 403); ask the publisher")
    assert (events[2]["good"], events[2]["failing"]) == (1, 1)


@pytest.mark.parametrize(
    ("service", "hubs"),
    [pytest.param("", [], id="off"), pytest.param("websub: {callback: 'https://desk.example/websub'}\n", ["one", "own"], id="on")],
)  # fmt: skip
def test_hubs_are_asked_only_where_they_can_reach_us(tmp_path, sqlite_engine, service, hubs):
    poll_all(settings_with(tmp_path, service), sqlite_engine)

    found = SqlSubscriptionStore(sqlite_engine).all()
    assert [one.feed_id for one in found] == hubs
    assert all(
        one.state is SubscriptionState.WANTED and len(one.secret) > 40 and one.token != one.secret for one in found
    )
    assert len({one.secret for one in found} | {one.token for one in found}) == 2 * len(hubs)
