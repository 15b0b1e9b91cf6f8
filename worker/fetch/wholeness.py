"""Whether a body came whole.

What could be decoded of a damaged one is used all the same, but then the server must not be told that we have it:
the entries after the break would be lost.
"""

import re
import zlib

import brotli  # type: ignore[import-untyped] # it has no stubs

_GZIP = b"\x1f\x8b"
_WITH_CHECKSUM = zlib.MAX_WBITS | 16
_STEP = 65536
_MOST_MEMBERS = 64
#: publishing systems put comments and white space behind the end of a document
_BEHIND = 65536
_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|urlset|sitemapindex)\s*>", re.IGNORECASE)


def is_whole(raw: bytes, content_encoding: str) -> bool:
    """Whether the stream that the bytes are reaches its end, with the right checksum; plain bytes always do.

    The size of what comes out has been limited before.
    """
    if raw.startswith(_GZIP):
        return _is_whole_gzip(raw)
    if raw.lstrip().startswith(b"<"):
        return True
    if "br" in content_encoding.lower():
        return _is_whole_brotli(raw)
    if "deflate" in content_encoding.lower():
        return any(_rest_after(raw, window) is not None for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS))
    # Called gzip and neither that nor markup.
    return "gzip" not in content_encoding.lower()


def is_closed(body: bytes) -> bool:
    """Whether a feed or sitemap, decompressed, has the end of its outermost element.

    Without `Content-Length` a connection that breaks looks like the end of the document.
    """
    # Without zero bytes, which stand between the letters of UTF-16.
    return _END.search(body[-_BEHIND:].replace(b"\0", b"")) is not None


def _is_whole_gzip(data: bytes) -> bool:
    for _ in range(_MOST_MEMBERS):
        rest = _rest_after(data, _WITH_CHECKSUM)
        if rest is None:
            return False
        if not rest.startswith(_GZIP):
            return True
        data = rest
    return True


def _rest_after(data: bytes, window: int) -> bytes | None:
    """What follows the first stream; None where it has no end or a fault."""
    stream = zlib.decompressobj(window)
    for start in range(0, len(data), _STEP):
        pending = data[start : start + _STEP]
        try:
            while pending and not stream.eof:
                stream.decompress(pending, _STEP)
                pending = stream.unconsumed_tail
        except zlib.error:
            return None
        if stream.eof:
            return stream.unused_data + data[start + _STEP :]
    return None


def _is_whole_brotli(data: bytes) -> bool:
    stream = brotli.Decompressor()
    pending = data
    try:
        while not stream.is_finished():
            part = stream.process(pending, output_buffer_limit=_STEP)
            if not part and not pending and stream.can_accept_more_data():
                return False
            pending = b""
    except brotli.error:
        return False
    return True
