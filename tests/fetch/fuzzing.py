"""Feed documents spoiled in every way we know, from a seed; the same seed gives the same documents."""

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker.fetch.body import BodyTooLargeError, decode_body
from worker.models.feed import Feed, FeedState
from worker.models.news import FeedId

_FIXTURES = Path(__file__).parents[1] / "data" / "feeds"
_MIB = 1024 * 1024
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
FEED = Feed(
    id=FeedId("proba"),
    outlet="Проба",
    url="https://outlet.example/rss/all.xml",
    every_s=600,
    tails=("още", "Чете се за…"),
)
STATE = FeedState(feed_id=FEED.id, added_at=NOW, due_at=NOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiled:
    """One document and how it was made."""

    kind: str
    body: bytes
    content_type: str


class Chance(random.Random):
    """Chance with a sense of size: in a quick run large things are smaller."""

    scale = 1.0

    def many(self, *numbers: int) -> int:
        """One of these numbers, scaled."""
        return max(1, round(self.choice(numbers) * self.scale))


def spoiled(seed: int, number: int, scale: float = 1.0) -> Iterator[Spoiled]:
    """So many documents."""
    chance = Chance(seed)
    chance.scale = scale
    sound = [path.read_bytes() for path in sorted(_FIXTURES.rglob("*")) if path.suffix in {".xml", ".html"}]
    for position in range(number):
        kind = _KINDS[position % len(_KINDS)]
        content_type = chance.choice(
            ("text/xml", "application/rss+xml; charset=utf-8", "text/html; charset=windows-1251", "")
        )
        yield Spoiled(kind=kind.__name__.strip("_"), body=kind(chance.choice(sound), chance), content_type=content_type)


def _flipped(body: bytes, chance: Chance) -> bytes:
    spoilt = bytearray(body)
    for _ in range(chance.randint(1, max(2, len(body) // 20))):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def _one_bit(body: bytes, chance: Chance) -> bytes:
    spoilt = bytearray(body)
    spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _truncated(body: bytes, chance: Chance) -> bytes:
    return body[: chance.randrange(len(body))]


def _shuffled(body: bytes, chance: Chance) -> bytes:
    size = chance.choice((16, 64, 256))
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chance.shuffle(pieces)
    return b"".join(pieces)


def _repeated(body: bytes, chance: Chance) -> bytes:
    start = chance.randrange(len(body))
    piece = body[start : start + chance.randint(1, 400)]
    return body[:start] + piece * chance.many(50, 500, 2000) + body[start:]


def _spliced(body: bytes, chance: Chance) -> bytes:
    start, end = sorted(chance.randrange(len(body)) for _ in range(2))
    return body[:start] + chance.randbytes(chance.randint(1, 3000)) + body[end:]


def _nested(body: bytes, chance: Chance) -> bytes:
    tag = chance.choice((b"<item>", b"<div>", b"<description>", b"<a:b>", b"<content type='xhtml'>", b"<![CDATA["))
    return _within(body, tag * chance.many(1_000, 20_000, 60_000), chance)


def _unclosed(body: bytes, chance: Chance) -> bytes:
    piece = chance.choice((b"<b ", b"<p>", b'<img src="', b"&lt;p&gt;", b"<!--", b"&#", b"<?xml ", b"<item><title>"))
    return _within(body, piece * (chance.many(600_000) // len(piece)), chance)


def _huge_attribute(body: bytes, chance: Chance) -> bytes:
    names = chance.choice((1, 1, 5_000))
    value = b"x" * (chance.many(100_000, 2 * _MIB) // names)
    attributes = b" ".join(b'a%d="%s"' % (number, value) for number in range(names))
    return _within(body, b"<media:content " + attributes + chance.choice((b"/>", b">", b"")), chance)


def _entities(body: bytes, chance: Chance) -> bytes:
    levels = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    outside = b'<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:1/p">%p;'
    declared = b'<!DOCTYPE rss [<!ENTITY e0 "' + b"a" * 100 + b'">' + levels + outside + b"]>"
    start = body.find(b"<rss")
    spoilt = body[:start] + declared + body[max(start, 0) :] if start >= 0 else declared + body
    return _within(spoilt, chance.choice((b"&e11;", b"&x;", b"&undefined;")) * chance.randint(1, 200), chance)


def _bomb(body: bytes, chance: Chance) -> bytes:
    """Compressed, decoded as the client does it; what is over the limit never comes to the parser."""
    padding = chance.choice((b" ", b"<item/>", b"<title>\xd0\xb0</title>")) * chance.many(1_000, 100_000, 2_000_000)
    raw = zlib.compress(_within(body, padding, chance), wbits=31)
    try:
        return decode_body(raw, "gzip", 10 * _MIB)
    except BodyTooLargeError:
        return raw


def _many_items(body: bytes, chance: Chance) -> bytes:
    item = b"<item><title>\xd0\xb0</title><link>http://a.example/%d</link></item>"
    return _within(body, b"".join(item % number for number in range(chance.many(2_001, 30_000))), chance)


def _odd_encoding(body: bytes, chance: Chance) -> bytes:
    text = body.decode("utf-8", "replace")
    encoding = chance.choice(("utf-16", "utf-32", "utf-7", "cp1251", "koi8-r", "cp866", "utf-16-be"))
    return (
        _flipped(text.encode(encoding, "replace"), chance)
        if chance.random() < 0.5
        else text.encode(encoding, "replace")
    )


def _long_value(body: bytes, chance: Chance) -> bytes:
    piece = chance.choice((b"9", b"24 \xd0\xbd\xd0\xbe\xd0\xb5 ", b"%", b"a-", b"\xd0\xb0", b"[", b"http://", b"&amp;"))
    tag = chance.choice((b"pubDate", b"link", b"guid", b"title", b"ttl", b"description", b"skipHours"))
    value = piece * (chance.many(5_000, 300_000) // len(piece))
    return _within(body, b"<item><%s>%s</%s></item>" % (tag, value, tag), chance)


def _noise(body: bytes, chance: Chance) -> bytes:
    start = chance.choice((b"", b"<rss><channel>", b"<feed>", b"\xff\xfe", b"\x1f\x8b\x08\x00"))
    return start + chance.randbytes(chance.randint(0, 5_000)) + body[:100]


def _within(body: bytes, piece: bytes, chance: Chance) -> bytes:
    """The piece after one of the document's tags."""
    ends = [position + 1 for position, byte in enumerate(body) if byte == ord(">")]
    place = chance.choice(ends) if ends else len(body)
    return body[:place] + piece + body[place:]


_KINDS: tuple[Callable[[bytes, Chance], bytes], ...] = (
    _flipped,
    _one_bit,
    _truncated,
    _shuffled,
    _repeated,
    _spliced,
    _nested,
    _unclosed,
    _huge_attribute,
    _entities,
    _bomb,
    _many_items,
    _odd_encoding,
    _long_value,
    _noise,
)
