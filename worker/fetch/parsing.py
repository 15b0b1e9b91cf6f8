"""Feed bytes to entries.

feedparser gets bytes in a file object, never a string that it might open. Its complaints about encoding and
form count for nothing here: a feed is readable when it holds entries. Markup stays as it is; `text.clean` is
the place where it is judged.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXParseException

import feedparser

from worker.errors import FetchError, FetchReason, ParseError
from worker.fetch.asked import Asked, asked_by
from worker.fetch.charset import looks_garbled
from worker.fetch.dates import parse_published
from worker.fetch.document import MOST_ENTRIES, read_document
from worker.models.news import Entry
from worker.text.urls import is_web_url, url_key

#: feedparser documents no exceptions; these its recovering parser can let through on hostile markup
_PARSER_FAULTS = (
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    RuntimeError,
)
#: longer addresses and identifiers are nobody's, and take long to compare
_LONGEST_ADDRESS = 8000
#: so much of a date's own words is kept
_LONGEST_DATE = 200
#: so much of a text shows whether it was decoded wrongly
_TELLING = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a document says."""

    entries: tuple[Entry, ...]
    #: the encoding it was read in, and what said so
    charset: str
    asked: Asked
    #: what was mended to read it, each in a few words
    repairs: tuple[str, ...] = ()
    #: entries whose text was decoded wrongly before it came into the feed
    garbled: int = 0


def parse_feed(feed_id: str, body: bytes, headers: Mapping[str, str], final_url: str) -> ParsedFeed:
    """The first 2,000 entries of a document in its order; header names are lower-case.

    Raises FetchError NOT_A_FEED for another kind of document, ParseError for a feed without a readable entry.
    """
    document = read_document(feed_id, body, headers.get("content-type", ""))
    told = {"content-type": "application/xml; charset=utf-8", "content-location": final_url}
    try:
        parsed = feedparser.parse(
            BytesIO(document.body), response_headers=told, resolve_relative_uris=False, sanitize_html=False
        )
    except _PARSER_FAULTS as exc:
        raise ParseError(feed_id, f"{type(exc).__name__} in the parser") from exc
    fault = parsed.get("bozo_exception")
    if not parsed.entries:
        if not fault:
            raise FetchError(feed_id, FetchReason.EMPTY, "no entries")
        raise ParseError(feed_id, f"no entries, {fault}")
    entries = tuple(_entry(item, final_url) for item in parsed.entries[:MOST_ENTRIES])
    return ParsedFeed(
        entries=_with_own_identities(entries),
        charset=document.charset,
        asked=asked_by(parsed.feed, document.head, headers, final_url),
        repairs=(*document.repairs, *_malformed(fault)),
        garbled=sum(looks_garbled(f"{entry.title_html}\n{entry.summary_html[:_TELLING]}") for entry in entries),
    )


def _malformed(fault: Any) -> tuple[str, ...]:
    if not isinstance(fault, SAXParseException):
        return ()
    return (f"not well-formed at line {fault.getLineNumber()}: {fault.getMessage()[:80]}",)


def _entry(item: Any, final_url: str) -> Entry:
    contents = [part.get("value") or "" for part in item.get("content", ())]
    # Not by `item.get`, which answers with the publication date where an entry has no date of change.
    published_raw = next((raw for name in ("published", "updated", "created") if (raw := dict.get(item, name))), None)
    return Entry(
        guid=_bounded(item.get("id")),
        url=_address(item, final_url),
        title_html=item.get("title") or "",
        summary_html=item.get("summary") or "",
        content_html=max(contents, key=len, default=""),
        published_raw=published_raw and published_raw[:_LONGEST_DATE],
        published_at=parse_published(published_raw) if published_raw else None,
    )


def _bounded(guid: str | None) -> str | None:
    """The identifier, or what stands for one that nobody would compare with others."""
    if not guid or len(guid) <= _LONGEST_ADDRESS:
        return guid or None
    return "sha256:" + sha256(guid.encode("utf-8", "surrogatepass")).hexdigest()


def _address(item: Any, final_url: str) -> str | None:
    stated = item.get("feedburner_origlink") or item.get("link")
    if not stated or len(stated) > _LONGEST_ADDRESS:
        return None
    try:
        url = urljoin(final_url, stated.strip())
    except ValueError:
        return None
    return url if is_web_url(url) else None


def _with_own_identities(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Some feeds give several items one identifier, or the address of one live page; it then identifies none of them.

    An item that is merely listed twice keeps its address.
    """
    guids = Counter(entry.guid for entry in entries)
    # Parsing an address takes longer than all else here, so each is parsed once.
    addresses = [url_key(entry.url) if entry.url else "" for entry in entries]
    stated = {
        (address, entry.title_html, entry.published_raw) for address, entry in zip(addresses, entries, strict=True)
    }
    uses = Counter(address for address, _, _ in stated)
    return tuple(
        replace(
            entry,
            guid=None if guids[entry.guid] > 1 else entry.guid,
            url_is_identity=not address or uses[address] == 1,
        )
        for address, entry in zip(addresses, entries, strict=True)
    )
