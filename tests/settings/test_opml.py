"""Lists of feeds in OPML: what readers exchange, and what attackers put into it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.errors import ConfigError
from worker.settings.feeds import read_listed_feeds
from worker.settings.opml import opml_of, read_opml
from worker.settings.yaml import Problems

LIST = """<?xml version="1.0" encoding="utf-8"?>
<opml version="1.1"><head><title>Моите</title></head><body>
  <outline text="Вестници">
    <outline type="rss" text="Днес &amp; утре" xmlUrl="https://one.example/rss?a=1&amp;b=2" htmlUrl="https://one.example/"/>
    <outline text="Второ" XMLURL=" https://two.example/feed "/>
  </outline>
  <outline title="Първо пак" xmlUrl="https://one.example/rss?a=1&amp;b=2"/>
  <outline text="Само заглавие"/>
  <outline text="Лошо" xmlUrl="javascript:alert(1)"/>
</body></opml>"""


def test_list_gives_each_address_once_with_its_heading():
    opml = read_opml("l.opml", LIST.encode())

    assert [(one.title, one.url, one.group) for one in opml.outlines] == [
        ("Днес & утре", "https://one.example/rss?a=1&b=2", "Вестници"),
        ("Второ", "https://two.example/feed", "Вестници"),
    ]
    assert opml.left_out == ("«Лошо»: its address must be an http:// or https:// address",)


def test_list_in_windows_1251_is_read():
    raw = LIST.replace("utf-8", "windows-1251").encode("windows-1251")

    assert read_opml("l.opml", raw).outlines[0].title == "Днес & утре"


def test_what_is_written_is_read_again():
    feeds = read_listed_feeds(Path("config/feeds.yaml"), Problems())

    opml = read_opml("l.opml", opml_of(feeds, "Вестител", datetime(2026, 11, 24, tzinfo=UTC)).encode())

    assert [one.url for one in opml.outlines] == [one.part.url for one in feeds]
    assert opml.left_out == ()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param('<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body><outline text="&x;" xmlUrl="https://a.example/"/></body></opml>', "document type", id="outside-entity"),
        pytest.param('<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><opml><body><outline text="&b;"/></body></opml>', "document type", id="growing-entity"),
        pytest.param('<!DOCTYPE opml SYSTEM "http://127.0.0.1:1/x.dtd"><opml><body/></opml>', "document type", id="outside-dtd"),
        pytest.param("<opml>\n<body>\n<outline", "l.opml:3: is not XML", id="broken-off"),
        pytest.param("", "is not XML", id="empty"),
        pytest.param("<rss><channel/></rss>", "is not OPML; its outermost element is rss", id="feed"),
        pytest.param("<opml><head/></opml>", "is not OPML; it has no <body>", id="no-body"),
    ],
)  # fmt: skip
def test_bad_list_is_refused_with_a_sentence(raw, expected):
    with pytest.raises(ConfigError, match=expected):
        read_opml("l.opml", raw.encode())


def test_list_that_is_too_large_is_refused():
    with pytest.raises(ConfigError, match="larger than 5 MiB"):
        read_opml("l.opml", b" " * (5 * 1024 * 1024 + 1))


def test_deep_nesting_ends():
    deep = "<outline>" * 200 + '<outline xmlUrl="https://deep.example/"/>' + "</outline>" * 200

    opml = read_opml("l.opml", f"<opml><body>{deep}</body></opml>".encode())

    assert opml.outlines == ()
    assert opml.left_out == ("what stands under more than 20 headings is left out",)


def test_feed_without_a_title_is_called_by_its_host():
    opml = read_opml("l.opml", b'<opml><body><outline xmlUrl="https://rss.one.example/feed"/></body></opml>')

    assert opml.outlines[0].title == "rss.one.example"


def test_same_feed_in_two_spellings_is_one():
    twice = '<outline xmlUrl="https://www.one.example/feed/"/><outline xmlUrl="http://one.example/feed"/>'

    opml = read_opml("l.opml", f"<opml><body>{twice}</body></opml>".encode())

    assert [one.url for one in opml.outlines] == ["https://www.one.example/feed/"]


def test_list_that_is_too_long_is_cut_and_says_so():
    feeds = "".join(f'<outline xmlUrl="https://s{number}.example/"/>' for number in range(2001))

    opml = read_opml("l.opml", f"<opml><body>{feeds}</body></opml>".encode())

    assert len(opml.outlines) == 2000
    assert opml.left_out == ("more than 2000 feeds; the rest is left out",)
