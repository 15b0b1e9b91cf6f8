"""Feed bytes to entries, and `RssSource`, the FeedSource that reads them over HTTP.

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

import feedparser

from worker.errors import ParseError
from worker.fetch.client import HttpClient, NotModified
from worker.fetch.dates import parse_published
from worker.fetch.document import read_document
from worker.fetch.headers import fresh_for_s, refreshed, validators_of
from worker.models.news import Entry, Feed, FeedState, Reading, Unchanged
from worker.text.times import DAY_S
from worker.text.urls import is_web_url, url_key

_MOST_ENTRIES = 2000
_PERIODS_S = {"hourly": 3600.0, "daily": DAY_S, "weekly": 7 * DAY_S, "monthly": 30 * DAY_S, "yearly": 365 * DAY_S}
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a document says."""

    entries: tuple[Entry, ...]
    #: the encoding it was read in, and what said so
    charset: str
    #: shortest time between two polls by `<ttl>` and `sy:updatePeriod`, a day at most
    ttl_s: float


@dataclass(frozen=True, slots=True)
class RssSource:
    """Reads RSS and Atom over HTTP."""

    client: HttpClient

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        """The feed's entries now; raises FetchError or ParseError.

        A full answer is judged by its bytes alone, whatever its validators say, and its validators are kept
        even where the bytes are known.
        """
        answer = self.client.get(feed.id, feed.url, state.validators)
        fresh_s = fresh_for_s(answer.headers)
        if isinstance(answer, NotModified):
            return Unchanged(validators=refreshed(state.validators, answer.headers), fresh_for_s=fresh_s)
        validators = validators_of(answer.headers)
        body_hash = sha256(answer.body).hexdigest()
        if body_hash == state.body_hash:
            return Unchanged(validators=validators, fresh_for_s=fresh_s)
        parsed = parse_feed(feed.id, answer.body, answer.headers, answer.final_url)
        return Reading(
            entries=parsed.entries,
            validators=validators,
            body_hash=body_hash,
            fresh_for_s=max(fresh_s, parsed.ttl_s),
            charset=parsed.charset,
        )


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
    if not parsed.entries:
        fault = parsed.get("bozo_exception")
        raise ParseError(feed_id, f"no entries, {fault}" if fault else "no entries")
    entries = tuple(_entry(item, final_url) for item in parsed.entries[:_MOST_ENTRIES])
    return ParsedFeed(entries=_with_own_identities(entries), charset=document.charset, ttl_s=_ttl_s(parsed.feed))


def _entry(item: Any, final_url: str) -> Entry:
    contents = [part.get("value") or "" for part in item.get("content", ())]
    # Not by `item.get`, which answers with the publication date where an entry has no date of change.
    published_raw = next((raw for name in ("published", "updated", "created") if (raw := dict.get(item, name))), None)
    return Entry(
        guid=item.get("id") or None,
        url=_address(item, final_url),
        title_html=item.get("title") or "",
        summary_html=item.get("summary") or "",
        content_html=max(contents, key=len, default=""),
        published_raw=published_raw,
        published_at=parse_published(published_raw) if published_raw else None,
    )


def _address(item: Any, final_url: str) -> str | None:
    stated = item.get("feedburner_origlink") or item.get("link")
    if not stated:
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


def _ttl_s(channel: Any) -> float:
    ttl_s = _number(channel.get("ttl")) * 60
    period_s = _PERIODS_S.get(str(channel.get("sy_updateperiod", "")).strip().lower(), 0.0)
    return min(max(ttl_s, period_s / max(_number(channel.get("sy_updatefrequency")), 1.0)), DAY_S)


def _number(stated: Any) -> float:
    digits = str(stated or "").strip()
    return float(digits[:9]) if digits.isascii() and digits.isdigit() else 0.0
