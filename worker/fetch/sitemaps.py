"""Bytes of a sitemap to the addresses that it lists.

One for news states titles and times too (schema sitemap-news/0.9); an index lists sitemaps. Document types are
refused, and with them every entity that could grow or fetch.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from worker.errors import FetchError, FetchReason, ParseError
from worker.fetch.charset import decode_document
from worker.fetch.dates import parse_published

MOST_LOCATIONS = 50_000
#: sitemaps of one index that are read at one poll
_MOST_CHILDREN = 2
_NEWS = re.compile(r"news|novini|latest|новини", re.IGNORECASE)
_LONGEST_TEXT = 4000
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_PROLOG = re.compile(r"\s*<\?xml\b[^>]*\?>", re.IGNORECASE)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One address of a sitemap, or one sitemap of an index."""

    url: str
    title: str = ""
    #: publication where the sitemap is one for news, else last change
    at_raw: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a document lists."""

    locations: tuple[Location, ...]
    is_index: bool
    #: the encoding it was read in, and what said so
    charset: str
    #: what was mended to read it
    repairs: tuple[str, ...] = ()


def parse_sitemap(feed_id: str, body: bytes, content_type: str = "") -> Sitemap:
    """The first 50,000 locations of a document, or those before it breaks off.

    Raises FetchError NOT_A_FEED for another kind of document, ParseError where nothing can be read.
    """
    decoded = decode_document(body, content_type)
    text = _ILLEGAL.sub("", _PROLOG.sub("", decoded.text, count=1)).strip()
    if not text:
        raise FetchError(feed_id, FetchReason.NOT_A_FEED, "the document is empty")
    if _PAGE.match(text):
        raise FetchError(feed_id, FetchReason.NOT_A_FEED, "the address gives a web page")
    found: list[Location] = []
    repairs: tuple[str, ...] = ()
    root = ""
    try:
        for name, location in _listed(feed_id, text.encode("utf-8", "replace")):
            root = name
            found.append(location)
            if len(found) >= MOST_LOCATIONS:
                break
    except DefusedXmlException as exc:
        raise FetchError(feed_id, FetchReason.NOT_A_FEED, "the document has a document type") from exc
    except (XmlError, ValueError, LookupError) as exc:
        if not found:
            raise ParseError(feed_id, f"the sitemap is not XML ({exc})") from exc
        repairs = (f"breaks off: {exc}",)
    return Sitemap(locations=tuple(found), is_index=root == "sitemapindex", charset=decoded.charset, repairs=repairs)


def chosen_children(index: Sitemap) -> tuple[Location, ...]:
    """The sitemaps of an index to read: those for news by their names, else all; the last changed first."""
    named = [child for child in index.locations if _NEWS.search(child.url)]
    # Those without a date behind the others, in the order of the index.
    newest = sorted(named or index.locations, key=newest_first)
    return tuple(newest[:_MOST_CHILDREN])


def _listed(feed_id: str, body: bytes) -> Iterator[tuple[str, Location]]:
    """The outermost element's name with each location, as they are read."""
    root = ""
    depth = 0
    for event, element in iterparse(BytesIO(body), events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        name = _name(element.tag).rpartition(":")[2]
        if event == "start":
            root = root or name
            if root not in {"urlset", "sitemapindex"}:
                raise FetchError(feed_id, FetchReason.NOT_A_FEED, f"the document's outermost element is {root[:40]}")
        elif depth == 1 and name in {"url", "sitemap"}:
            location = _location(element)
            element.clear()
            if location is not None:
                yield root, location


def _location(element: Any) -> Location | None:
    texts: dict[str, str] = {}
    for part in element.iter():
        text = (part.text or "").strip()[:_LONGEST_TEXT]
        if text:
            # The first of each: images and videos of the article have titles too, behind it.
            texts.setdefault(_name(part.tag), text)
    url = texts.get("loc", "")
    if not url:
        return None
    at_raw = texts.get("news:publication_date") or texts.get("lastmod")
    at = parse_published(at_raw) if at_raw else None
    return Location(url=url, title=texts.get("news:title", ""), at_raw=at_raw, at=at)


def newest_first(one: Location) -> float:
    """Sorts what has no date behind the rest."""
    return -one.at.timestamp() if one.at else 0.0


def _name(tag: str) -> str:
    """`news:title` for a name in the space of news sitemaps, `title` in that of sitemaps, else with its own space."""
    space, _, name = tag.lower().rpartition("}")
    if "sitemap-news" in space:
        return f"news:{name}"
    return name if not space or "schemas/sitemap/" in space else f"{space}:{name}"
