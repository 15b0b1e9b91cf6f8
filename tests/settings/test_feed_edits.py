"""Feeds added to `feeds.yaml`: what stood there stays, byte for byte."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.errors import ConfigError
from worker.settings.feed_edits import NewFeed, add_feeds, id_for, piece_of, with_feeds
from worker.settings.feeds import read_listed_feeds
from worker.settings.yaml import Problems

FILE = """# Kept as it is.
every_minutes: 20   # of all

feeds:
  # Agencies.
  - id: one
    outlet: Едно   # its name
    url: https://one.example/rss
    note: the last

# What stands behind the list.
"""
NEW = NewFeed(id="two", outlet="Две", url="https://two.example/feed/")


def test_new_feed_stands_behind_the_last_and_nothing_else_moves():
    after = with_feeds(FILE, [NEW])

    before, behind = FILE.split("    note: the last\n")
    assert after == (
        f"{before}    note: the last\n  - id: two\n    outlet: Две\n    url: https://two.example/feed/\n{behind}"
    )


def test_shipped_file_takes_a_feed():
    text = Path("config/feeds.yaml").read_text(encoding="utf-8")

    after = with_feeds(text, [NEW])

    assert after.startswith(text)
    assert after.removeprefix(text) == piece_of(NEW)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("feeds:\n- id: one\n  outlet: Едно\n  url: https://one.example/\n", id="not-indented"),
        pytest.param("feeds:\n  - id: one\n    outlet: Едно\n    url: https://one.example/", id="no-line-end"),
        pytest.param("feeds:\n  - {id: one, outlet: Едно, url: 'https://one.example/'}\n", id="flow-item"),
        pytest.param("feeds:\n  - id: one\n    outlet: Едно\n    url: https://one.example/\nevery_minutes: 5\n", id="not-the-last-key"),
        pytest.param("feeds:\n  - id: one\n    outlet: Едно\n    url: https://one.example/\n    note: >\n      two\n      lines\n\nevery_minutes: 5\n", id="folded-text-last"),
        pytest.param("feeds:\n  - id: one\n    outlet: Едно\n    url: https://one.example/\n    tails:\n      - още\n", id="list-last"),
    ],
)  # fmt: skip
def test_any_form_of_list_takes_a_feed(tmp_path, text):
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")

    add_feeds(path, [NEW])

    assert [one.part.id for one in read_listed_feeds(path, Problems())] == ["one", "two"]


def test_addition_with_a_fault_changes_nothing(tmp_path):
    path = tmp_path / "feeds.yaml"
    path.write_text(FILE, encoding="utf-8")

    with pytest.raises(ConfigError, match="is used by feeds"):
        add_feeds(path, [NewFeed(id="one", outlet="Две", url="https://two.example/")])

    assert path.read_text(encoding="utf-8") == FILE
    assert [file.name for file in tmp_path.iterdir()] == ["feeds.yaml"]


def test_list_on_one_line_is_refused_with_a_sentence():
    with pytest.raises(ConfigError, match="each on lines of its own"):
        with_feeds("feeds: [{id: one, outlet: Едно, url: 'https://one.example/'}]\n", [NEW])


@given(
    outlet=st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and text.isprintable()),
    path=st.text(string.printable.strip().replace("#", ""), max_size=30),
    note=st.text(max_size=40).filter(str.isprintable),
)
def test_whatever_is_written_is_read_again(tmp_path_factory, outlet, path, note):
    file = tmp_path_factory.mktemp("feeds") / "feeds.yaml"
    file.write_text(FILE, encoding="utf-8")
    new = NewFeed(id="two", outlet=outlet, url=f"https://two.example/{path}", note=note)

    add_feeds(file, [new])

    part = read_listed_feeds(file, Problems())[1].part
    assert part.url == new.url
    assert part.outlet == " ".join(outlet.split())
    assert part.note == " ".join(note.split())


@pytest.mark.parametrize(
    ("outlet", "url", "taken", "expected"),
    [
        pytest.param("БНТ", "https://news.bnt.bg/rss", [], "bnt", id="host"),
        pytest.param("БНТ", "https://news.bnt.bg/rss", ["bnt", "bnt-2"], "bnt-3", id="taken"),
        pytest.param("Под тепето", "http://127.0.0.1/feed", [], "pod-tepeto", id="outlet-in-latin"),
        pytest.param("…", "http://127.0.0.1/", [], "feed", id="nothing-to-go-by"),
        pytest.param("Дойче веле", "https://rss.dw.de/rdf/bg", [], "dw", id="ending-of-another-country"),
        pytest.param("Новини", "https://news.bg/rss", [], "novini", id="name-of-the-site-says-nothing"),
    ],
)
def test_id_comes_from_the_site(outlet, url, taken, expected):
    assert id_for(outlet, url, taken) == expected
