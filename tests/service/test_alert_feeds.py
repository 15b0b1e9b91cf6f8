"""Our own feeds of alerts, read as feed readers do."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import feedparser
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.service.test_web import stores_on
from tests.store.values import NOW, an_alert, an_article, analyse
from worker.models.alert import Quote, Reason
from worker.models.story import Appearance, Sources
from worker.settings.load import read_settings
from worker.web.alert_feeds import feed_routes
from worker.web.app import application

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</title><script>alert(1)</script> & ]]> \x00\x0b\ud800\ufffe\u202e „кавички“ 🇧🇬 <b>x</b>"


@pytest.fixture
def client(tmp_path, sqlite_engine):
    settings = read_settings(Path("config"), {"VESTITEL_DATA": str(tmp_path)})
    return TestClient(Starlette(routes=list(feed_routes(sqlite_engine, settings.watchlist))))


def tell(engine, name: str = "a1", *, story: str = "s1", watch: str = "nato", at=NOW, revision: int = 1, **notice):
    """One alert; `notice` are facts that differ."""
    is_amendment = bool(notice.pop("is_amendment", False))
    article = an_article(name)
    alert = an_alert(article, story=story, watch=watch, revision=revision, at=at, is_amendment=is_amendment)
    alert = replace(alert, notice=replace(alert.notice, **notice))
    analyse(stores_on(engine), article, story=story, alerts=(alert,))


def entries_of(document: bytes) -> list[Element]:
    return list(defusedxml.ElementTree.fromstring(document).findall(f"{ATOM}entry"))


def test_atom_says_what_a_reader_needs(client, sqlite_engine):
    tell(sqlite_engine)

    answer = client.get("/watches/nato/atom.xml")
    read = feedparser.parse(answer.content)

    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert (read.bozo, read.version, read.feed.title, read.feed.language) == (False, "atom10", "Вестител: НАТО", "bg")
    assert read.feed.id.startswith("urn:uuid:")
    (entry,) = read.entries
    assert (entry.title, entry.link, entry.author) == ("НАТО засилва източния фланг", "https://dnes.example/a1", "Днес")
    assert "<strong>НАТО</strong> засилва източния фланг" in entry.content[0].value
    assert "Защо: НАТО – НАТО" in entry.content[0].value
    assert entry.published == entry.updated == "2026-11-24T09:00:00.123Z"
    assert entry.tags[0].term == "nato"
    assert "self" in {link.rel for link in read.feed.links}


def test_atom_has_what_the_format_demands(client, sqlite_engine):
    tell(sqlite_engine, url="javascript:alert(1)", outlet="")

    root = defusedxml.ElementTree.fromstring(client.get("/alerts/atom.xml").content)

    for element in (root, root.find(f"{ATOM}entry")):
        for demanded in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{demanded}")) == 1
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    (entry,) = root.findall(f"{ATOM}entry")
    # Without an alternate link there must be content (RFC 4287 §4.1.1.1).
    assert entry.find(f"{ATOM}link") is None
    assert entry.find(f"{ATOM}content") is not None


def test_json_feed_says_the_same(client, sqlite_engine):
    tell(sqlite_engine)

    answer = client.get("/watches/nato/feed.json")
    feed = answer.json()

    assert answer.headers["content-type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].endswith("/watches/nato/feed.json")
    (item,) = feed["items"]
    (entry,) = entries_of(client.get("/watches/nato/atom.xml").content)
    assert item["id"] == entry.findtext(f"{ATOM}id")
    assert item["content_html"] == entry.findtext(f"{ATOM}content")
    assert item["url"] == "https://dnes.example/a1"
    assert item["_vestitel"]["story"] == "s1"


def test_hostile_words_are_only_words(client, sqlite_engine):
    bad = Quote(text=HOSTILE, marks=((8, 16),))
    tell(sqlite_engine, title=HOSTILE, outlet=HOSTILE, watch_name=HOSTILE, match_reason=HOSTILE, quotes=(bad,))

    read = feedparser.parse(client.get("/alerts/atom.xml").content)
    (entry,) = entries_of(client.get("/alerts/atom.xml").content)
    html = entry.findtext(f"{ATOM}content") or ""

    assert not read.bozo
    assert entry.findtext(f"{ATOM}title") == "</title><script>alert(1)</script> & ]]> \ufffd „кавички“ 🇧🇬 <b>x</b>"
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;/title&gt;<strong>&lt;script&gt;</strong>" in html
    assert json.loads(client.get("/alerts/feed.json").content)["items"][0]["content_html"] == html


def test_later_alerts_update_the_entry_of_their_story(client, sqlite_engine):
    both = Sources(
        origin=None, independent=2, outlets=(Appearance(outlet="Днес", url=""), Appearance(outlet="БНТ", url=""))
    )
    tell(sqlite_engine)
    before = entries_of(client.get("/alerts/atom.xml").content)[0]
    later = NOW + timedelta(hours=2)
    tell(
        sqlite_engine,
        "a2",
        revision=2,
        at=later,
        title="Второ",
        outlet="БНТ",
        sources=both,
        decision_reason=Reason.NEW_SOURCE,
    )
    tell(sqlite_engine, "a3", revision=3, at=later, title="Допълнено", sources=both, is_amendment=True)

    (after,) = entries_of(client.get("/alerts/atom.xml").content)
    html = after.findtext(f"{ATOM}content") or ""

    for same in ("id", "title", "published"):
        assert after.findtext(f"{ATOM}{same}") == before.findtext(f"{ATOM}{same}")
    assert after.findtext(f"{ATOM}updated") == "2026-11-24T11:00:00.123Z"
    assert "Още в: БНТ (2 независими източника)" in html
    assert "Нов източник: БНТ: " in html
    assert "Второ" in html
    assert "Допълнено" not in html


def test_feed_of_a_watch_holds_its_alerts_alone_and_newest_first(client, sqlite_engine):
    tell(sqlite_engine, "a1", story="s1", at=NOW)
    tell(sqlite_engine, "a2", story="s2", at=NOW + timedelta(hours=1), title="Нова")
    tell(sqlite_engine, "a3", story="s3", watch="war-in-ukraine", at=NOW + timedelta(hours=2), title="Друга")

    titles = [e.findtext(f"{ATOM}title") for e in entries_of(client.get("/watches/nato/atom.xml").content)]

    assert titles == ["Нова", "НАТО засилва източния фланг"]
    assert len(entries_of(client.get("/alerts/atom.xml").content)) == 3


def test_feed_without_alerts_is_a_feed_and_an_unknown_watch_is_none(client):
    answer = client.get("/watches/nato/atom.xml")

    assert not feedparser.parse(answer.content).bozo
    assert "last-modified" not in answer.headers
    assert client.get("/watches/nothing/atom.xml").status_code == 404


@pytest.mark.parametrize("path", ["/alerts/atom.xml", "/alerts/feed.json"])
def test_who_has_it_already_gets_nothing_until_it_changes(client, sqlite_engine, path):
    tell(sqlite_engine)
    first = client.get(path)
    by_tag = {"If-None-Match": f'"other", W/{first.headers["etag"]}'}
    by_date = {"If-Modified-Since": first.headers["last-modified"]}

    known = [client.get(path, headers=headers) for headers in (by_tag, by_date)]
    tell(sqlite_engine, "a2", story="s2", at=NOW + timedelta(minutes=1))
    changed = [client.get(path, headers=headers) for headers in (by_tag, by_date)]

    assert [(one.status_code, one.content) for one in known] == [(304, b""), (304, b"")]
    assert known[0].headers["etag"] == first.headers["etag"]
    assert [one.status_code for one in changed] == [200, 200]
    # The tag decides where both are given (RFC 9110 §13.2.2).
    assert client.get(path, headers={**by_tag, "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}).status_code == 200


def test_page_leads_to_the_feeds(tmp_path, sqlite_engine):
    settings = read_settings(Path("config"), {"VESTITEL_DATA": str(tmp_path)})
    page = TestClient(application(settings, sqlite_engine)).get("/").text

    assert (
        '<link rel="alternate" type="application/atom+xml" title="Вестител: НАТО" href="/watches/nato/atom.xml">'
        in page
    )
    assert 'href="/alerts/atom.xml"' in page
    assert '<a href="/watches/nato/feed.json">' in page
