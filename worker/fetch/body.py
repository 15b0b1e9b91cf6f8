"""A response body decoded, with a limit on what comes out.

Servers compress without being asked, say so wrongly, and end streams early. The bytes decide, not the header,
and what could be decoded before a fault counts: the parser copes with a document that breaks off.
"""

import zlib

import brotli  # type: ignore[import-untyped] # it has no stubs

_GZIP = b"\x1f\x8b"
_STEP = 65536
_GZIP_TRAILER = 8
#: members of one stream, and wrappings of one body; a server's mistake makes two
_MOST_MEMBERS = 64
_MOST_LAYERS = 2


class BodyTooLargeError(ValueError):
    """The decoded body would pass the limit."""


def decode_body(raw: bytes, content_encoding: str, max_bytes: int) -> bytes:
    """The body without its compression; raises BodyTooLargeError."""
    body = raw
    for _ in range(_MOST_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _gunzipped(body, max_bytes)
    else:
        return body
    if body is raw and "br" in content_encoding.lower():
        body = _unbrotlied(raw, max_bytes)
    elif body is raw and "deflate" in content_encoding.lower():
        body = _inflated(raw, zlib.MAX_WBITS, max_bytes)[0] or _inflated(raw, -zlib.MAX_WBITS, max_bytes)[0] or raw
    if len(body) > max_bytes:
        raise BodyTooLargeError
    return body


def _gunzipped(data: bytes, max_bytes: int) -> bytes:
    body = b""
    for _ in range(_MOST_MEMBERS):
        # Without its wrapping, so that a wrong checksum at the end does not cost the part before it.
        member, rest = _inflated(data[_gzip_header_end(data) :], -zlib.MAX_WBITS, max_bytes - len(body))
        body += member
        data = rest[_GZIP_TRAILER:]
        if not data.startswith(_GZIP):
            break
    return body


def _gzip_header_end(data: bytes) -> int:
    """Where the compressed part begins (RFC 1952 §2.3)."""
    flags = int.from_bytes(data[3:4])
    end = 10
    if flags & 4:
        end += 2 + int.from_bytes(data[end : end + 2], "little")
    for name_or_comment in (8, 16):
        if flags & name_or_comment:
            end = max(data.find(b"\0", end), end) + 1
    return end + 2 if flags & 2 else end


def _inflated(data: bytes, window: int, max_bytes: int) -> tuple[bytes, bytes]:
    """What one stream gives before its end or first fault, and what follows it."""
    stream = zlib.decompressobj(window)
    parts: list[bytes] = []
    size = 0
    for start in range(0, len(data), _STEP):
        pending = data[start : start + _STEP]
        try:
            while pending and not stream.eof:
                parts.append(stream.decompress(pending, _STEP))
                pending = stream.unconsumed_tail
                size += len(parts[-1])
                if size > max_bytes:
                    raise BodyTooLargeError
        except zlib.error:
            break
        if stream.eof:
            return b"".join(parts), stream.unused_data + data[start + _STEP :]
    return b"".join(parts), b""


def _unbrotlied(data: bytes, max_bytes: int) -> bytes:
    """As for gzip; the bytes themselves where they are no Brotli stream, which has no mark to know it by."""
    stream = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    pending = data
    try:
        while not stream.is_finished():
            part = stream.process(pending, output_buffer_limit=_STEP)
            if not part and not pending and stream.can_accept_more_data():
                break
            pending = b""
            parts.append(part)
            size += len(part)
            if size > max_bytes:
                raise BodyTooLargeError
    except brotli.error:
        return b"".join(parts) or data
    return b"".join(parts)
