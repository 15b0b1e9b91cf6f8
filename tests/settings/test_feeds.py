"""`feeds.yaml`: what is known of each feed, and the sentence for each fault."""

from pathlib import Path

import pytest

from worker.models.feed import FeedClass, FeedKind, FeedText
from worker.settings.feeds import ListedFeed, read_feeds, read_listed_feeds
from worker.settings.yaml import Problems

ONE = "feeds:\n  - {id: one, outlet: Едно, url: 'https://one.example/rss'}\n"


def listed(path: Path) -> tuple[ListedFeed, ...]:
    problems = Problems()
    found = read_listed_feeds(path, problems)
    assert problems.lines == ()
    return found


def faults_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    read_feeds(path, problems)
    return "\n".join(problems.lines)


def test_shipped_feeds_are_those_with_evidence():
    feeds = listed(Path("config/feeds.yaml"))
    on = [one for one in feeds if one.part.enabled]

    assert len(on) == 33
    assert all(one.part.checked and one.part.checked.year == 2026 and one.part.evidence for one in on)
    assert all(one.part.evidence for one in feeds)


def test_feeds_that_refuse_or_are_dead_are_not_shipped():
    addresses = [one.part.url for one in listed(Path("config/feeds.yaml"))]

    for dead in ("offnews.bg", "blitz.bg", "trud.bg", "svobodnaevropa.bg", "burgas.bg", "euractiv"):
        assert not any(dead in url for url in addresses)


def test_shipped_feeds_without_a_dated_check_are_off():
    off = {one.part.id: one.part for one in listed(Path("config/feeds.yaml")) if not one.part.enabled}

    assert {"vesti", "dnes", "standart", "investor", "moreto", "gong", "bnr"} <= off.keys()
    assert off["bnr"].kind == "sitemap"


def test_ids_and_addresses_are_each_used_once_and_no_two_stages_share_a_path():
    feeds = listed(Path("config/feeds.yaml"))

    assert len({one.part.id for one in feeds}) == len({one.part.url for one in feeds}) == len(feeds)


@pytest.mark.parametrize(
    ("keys", "minutes"),
    [
        pytest.param("", 15, id="default"),
        pytest.param("class: agency", 10, id="agency"),
        pytest.param("class: official", 60, id="official"),
        pytest.param("class: regional", 60, id="regional"),
        pytest.param("class: analysis", 60, id="analysis"),
        pytest.param("class: official, every_minutes: 30", 30, id="own-word-wins"),
    ],
)
def test_class_gives_the_shortest_time_between_two_polls(tmp_path, keys, minutes):
    path = tmp_path / "feeds.yaml"
    path.write_text(f"feeds:\n  - {{id: one, outlet: Едно, url: 'https://one.example/', {keys}}}\n", encoding="utf-8")

    assert listed(path)[0].feed.every_s == minutes * 60


def test_every_key_reaches_the_feed(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "every_minutes: 20\nfeeds:\n  - id: one\n    outlet: Едно\n    section: всички\n    url: https://one.example/s.xml\n"
        "    kind: sitemap\n    class: default\n    text: fragment\n    encoding: utf-8\n    checked: 2026-10-03\n"
        "    evidence: seen\n    note: slow\n    tails: [още по темата]\n    enabled: true\n",
        encoding="utf-8",
    )

    (one,) = listed(path)

    assert (one.feed.kind, one.feed.feed_class, one.feed.text) == (
        FeedKind.SITEMAP,
        FeedClass.DEFAULT,
        FeedText.FRAGMENT,
    )
    assert one.feed.every_s == 1200
    assert one.feed.tails == ("още по темата",)
    assert one.part.checked is not None
    assert one.part.checked.isoformat() == "2026-10-03"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(ONE.replace("outlet", "outlat"), "feeds.yaml:2: feeds[0].outlat: unknown key; did you mean «outlet»?", id="unknown-key"),
        pytest.param(ONE.replace("}", ", clas: agency}"), "unknown key; did you mean «class»?", id="key-by-its-name-in-the-file"),
        pytest.param(ONE.replace("}", ", feed_class: agency}"), "feeds[0].feed_class: unknown key", id="our-name-is-not-the-files"),
        pytest.param(ONE.replace("}", ", class: agancy}"), "feeds.yaml:2: feeds[0].class: input should be 'agency', 'default'", id="class"),
        pytest.param(ONE.replace("}", ", kind: atom}"), "feeds[0].kind: input should be 'feed' or 'sitemap', found 'atom'", id="kind"),
        pytest.param(ONE.replace("}", ", text: whole}"), "feeds[0].text: input should be 'full', 'lede' or 'fragment'", id="text"),
        pytest.param(ONE.replace("}", ", checked: soon}"), "feeds[0].checked: input should be a valid date", id="checked"),
        pytest.param(ONE.replace("}", ", every_minutes: 0}"), "feeds[0].every_minutes: input should be greater than 0", id="minutes"),
        pytest.param(ONE.replace("}", ", enabled: false}"), "feeds.yaml:1: feeds: every feed is switched off", id="all-off"),
        pytest.param(ONE + "  - {id: two, outlet: Две,\n     url: 'https://one.example/rss'}\n", "feeds.yaml:4: feeds[1].url: is the address of feed «one»", id="address-twice"),
        pytest.param(ONE + "  - {id: one, outlet: Две, url: 'https://two.example/'}\n", "feeds.yaml:3: feeds[1].id: «one» is used by feeds[0]", id="id-twice"),
        pytest.param(ONE.replace("https://", "https://u:p@"), "feeds[0].url: must not hold a user name or password", id="password"),
        pytest.param(ONE.replace("https", "ftp"), "feeds[0].url: must be an http:// or https:// address", id="scheme"),
        pytest.param(ONE.replace("one.example", "[one"), "feeds[0].url: must be an address that can be read", id="name"),
        pytest.param(ONE.replace("example/", "example:99999/"), "feeds[0].url: must be an address that can be read", id="port"),
        pytest.param(ONE.replace("/rss", "/r ss"), "feeds[0].url: must hold no spaces", id="space"),
        pytest.param(ONE + "  - {id: two, outlet: Две, url: 'http://www.one.example/rss/'}\n", "feeds[1].url: is the address of feed «one»", id="address-in-another-spelling"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_line(tmp_path, text, expected):
    assert expected in faults_of(tmp_path, text)
