"""Our own feeds as documents: Atom (RFC 4287) and JSON Feed 1.1; the same entries always give the same bytes. Pure."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from worker.notify.excerpt import one_line
from worker.web.feed_entries import FeedEntry

ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
_ATOM = "http://www.w3.org/2005/Atom"
_AUTHOR = "Вестител"
_LANGUAGE = "bg"
#: of a feed in which nothing stands yet; every feed must say when it changed
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFeed:
    """One of our feeds."""

    id: str
    title: str
    #: of this document, and of the page for people
    url: str
    page_url: str
    #: last changed first
    entries: Sequence[FeedEntry]

    @property
    def updated_at(self) -> datetime | None:
        """Its last change; None: nothing was ever in it."""
        return max((entry.updated_at for entry in self.entries), default=None)


def atom(feed: OwnFeed) -> bytes:
    """The Atom document."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": _LANGUAGE})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "updated", _instant(feed.updated_at or _NEVER))
    _person(root, _AUTHOR)
    ET.SubElement(root, "link", rel="self", type=ATOM_TYPE, href=feed.url)
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=feed.page_url)
    _text(root, "generator", _AUTHOR)
    for entry in feed.entries:
        _atom_entry(ET.SubElement(root, "entry"), entry)
    ET.indent(root, space=" ", level=0)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def json_feed(feed: OwnFeed) -> bytes:
    """The JSON document; what is ours alone stands under `_vestitel`."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.url,
        "language": _LANGUAGE,
        "authors": [{"name": _AUTHOR}],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _atom_entry(element: ET.Element, entry: FeedEntry) -> None:
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", _instant(entry.published_at))
    _text(element, "updated", _instant(entry.updated_at))
    if entry.outlet:
        _person(element, entry.outlet)
    if entry.url:
        ET.SubElement(element, "link", rel="alternate", type="text/html", href=entry.url)
    ET.SubElement(element, "category", term=entry.watch_id, label=entry.watch_name)
    if entry.summary:
        _text(element, "summary", entry.summary)
    content = ET.SubElement(element, "content", type="html")
    content.text = entry.html


def _json_item(entry: FeedEntry) -> dict[str, Any]:
    notice = entry.notice
    item: dict[str, Any] = {"id": entry.id, "title": entry.title, "content_html": entry.html}
    if entry.url:
        item["url"] = entry.url
    if entry.summary:
        item["summary"] = entry.summary
    if entry.outlet:
        item["authors"] = [{"name": entry.outlet}]
    return item | {
        "date_published": _instant(entry.published_at),
        "date_modified": _instant(entry.updated_at),
        "tags": [entry.watch_name],
        "_vestitel": {
            "watch": entry.watch_id,
            "story": entry.story_id,
            "severity": notice.severity.value,
            "revision": notice.revision,
            "outlets": [one_line(one.outlet) for one in notice.sources.outlets],
            "independent_sources": notice.sources.independent,
        },
    }


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _person(parent: ET.Element, name: str) -> None:
    _text(ET.SubElement(parent, "author"), "name", name)


def _instant(instant: datetime) -> str:
    """RFC 3339."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
