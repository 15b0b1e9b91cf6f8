"""What goes between a worker and its parsing process: data only, never objects, since a document may have the latter.

A frame is its length in four bytes, big-endian, then JSON or the document's bytes. Half surrogates pass.
"""

import json
import socket
import time
from dataclasses import fields
from datetime import datetime
from typing import Any

from worker.errors import FetchError, FetchReason, ParseError
from worker.fetch.asked import Asked
from worker.fetch.parsing import ParsedFeed
from worker.fetch.sitemaps import Location, Sitemap
from worker.models.news import Entry

_LENGTH_BYTES = 4
#: no answer to a document within the limits comes near
_LONGEST = 256 * 1024 * 1024
_CHUNK = 1024 * 1024
_ENTRY_FIELDS = tuple(field.name for field in fields(Entry))


class BrokenFrameError(Exception):
    """The other side ended, or says what nobody of ours would."""


def send(connection: socket.socket, payload: bytes, until: float | None = None) -> None:
    """Hands a frame over; raises TimeoutError at `until` (monotonic), OSError where nobody listens."""
    _bound(connection, until)
    connection.sendall(len(payload).to_bytes(_LENGTH_BYTES))
    _bound(connection, until)
    connection.sendall(payload)


def receive(connection: socket.socket, until: float | None = None) -> bytes:
    """The next frame; raises TimeoutError at `until` (monotonic), BrokenFrameError where none comes."""
    length = int.from_bytes(_exactly(connection, _LENGTH_BYTES, until))
    if length > _LONGEST:
        raise BrokenFrameError
    return _exactly(connection, length, until)


def to_bytes(value: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def from_bytes(payload: bytes) -> Any:
    """What `to_bytes` was given; raises BrokenFrameError."""
    try:
        return json.loads(payload.decode("utf-8", "surrogatepass"))
    except ValueError as exc:
        raise BrokenFrameError from exc


def answer_of(parsed: ParsedFeed) -> dict[str, Any]:
    """A parsed feed as data."""
    asked = parsed.asked
    return {
        "entries": [[_plain(getattr(entry, name)) for name in _ENTRY_FIELDS] for entry in parsed.entries],
        "charset": parsed.charset,
        "asked": [
            asked.ttl_s,
            sorted(asked.skip_hours),
            sorted(asked.skip_days),
            asked.hub,
            asked.topic,
            asked.archive,
        ],
        "repairs": parsed.repairs,
        "garbled": parsed.garbled,
    }


def answer_of_sitemap(sitemap: Sitemap) -> dict[str, Any]:
    """A parsed sitemap as data."""
    return {
        "locations": [[one.url, one.title, one.at_raw, _plain(one.at)] for one in sitemap.locations],
        "is_index": sitemap.is_index,
        "charset": sitemap.charset,
        "repairs": sitemap.repairs,
    }


def refusal_of(error: FetchError | ParseError, *, last: bool = False) -> dict[str, Any]:
    """Why a document was refused, as data; `last`: the process is not fit for another."""
    reason = error.reason.value if isinstance(error, FetchError) else None
    return {"refused": error.cause, "reason": reason, "last": last}


def is_last(answer: Any) -> bool:
    """Whether the process that gave this answer ends with it."""
    return isinstance(answer, dict) and answer.get("last") is True


def parsed_from(feed_id: str, answer: Any) -> ParsedFeed:
    """The parsed feed that an answer holds; raises what it refuses with, or BrokenFrameError."""
    try:
        _raise_if_refused(feed_id, answer)
        ttl_s, hours, days, hub, topic, archive = answer["asked"]
        return ParsedFeed(
            entries=tuple(_entry(values) for values in answer["entries"]),
            charset=answer["charset"],
            asked=Asked(
                ttl_s=ttl_s,
                skip_hours=frozenset(hours),
                skip_days=frozenset(days),
                hub=hub,
                topic=topic,
                archive=archive,
            ),
            repairs=tuple(answer["repairs"]),
            garbled=answer["garbled"],
        )
    except (LookupError, TypeError, ValueError) as exc:
        raise BrokenFrameError from exc


def sitemap_from(feed_id: str, answer: Any) -> Sitemap:
    """The parsed sitemap that an answer holds; raises what it refuses with, or BrokenFrameError."""
    try:
        _raise_if_refused(feed_id, answer)
        return Sitemap(
            locations=tuple(
                Location(url=url, title=title, at_raw=at_raw, at=datetime.fromisoformat(at) if at else None)
                for url, title, at_raw, at in answer["locations"]
            ),
            is_index=answer["is_index"],
            charset=answer["charset"],
            repairs=tuple(answer["repairs"]),
        )
    except (LookupError, TypeError, ValueError) as exc:
        raise BrokenFrameError from exc


def _raise_if_refused(feed_id: str, answer: Any) -> None:
    if "refused" in answer:
        cause, reason = str(answer["refused"]), answer["reason"]
        raise FetchError(feed_id, FetchReason(reason), cause) if reason else ParseError(feed_id, cause)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _entry(values: list[Any]) -> Entry:
    named = dict(zip(_ENTRY_FIELDS, values, strict=True))
    if named["published_at"]:
        named["published_at"] = datetime.fromisoformat(named["published_at"])
    return Entry(**named)


def _exactly(connection: socket.socket, length: int, until: float | None) -> bytes:
    parts: list[bytes] = []
    while length:
        _bound(connection, until)
        part = connection.recv(min(length, _CHUNK))
        if not part:
            raise BrokenFrameError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _bound(connection: socket.socket, until: float | None) -> None:
    if until is None:
        return
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)
