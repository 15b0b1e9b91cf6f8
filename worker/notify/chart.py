"""A week of a watch as a small picture: seven bars in a PNG (w3.org/TR/png-3), for e-mail. Pure."""

import struct
import zlib
from collections.abc import Sequence

_BAR, _GAP, _HEIGHT = 56, 16, 96
#: a day without a story is a line of this height
_LEAST = 4
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: nothing, a bar, and the line that the bars stand on; alike on light and dark ground
_PALETTE = bytes((255, 255, 255, 58, 122, 200, 138, 148, 160))
_OPACITY = bytes((0, 255, 255))
_INDEXED, _EIGHT_BITS = 3, 8
_EMPTY, _FILLED, _GROUND = b"\0", b"\1", b"\2"


def bar_chart(days: Sequence[int], most: int) -> bytes:
    """The bars of `days`, of which `most` would fill the whole height; twice the size at which it is shown."""
    heights = [max(_LEAST, round((_HEIGHT - _LEAST) * min(max(day, 0) / max(most, 1), 1.0))) for day in days]
    rows = bytearray()
    for y in range(_HEIGHT):
        left = _HEIGHT - y
        # Each row begins with its filter: none.
        rows += b"\0"
        for day, height in zip(days, heights, strict=True):
            colour = _EMPTY if left > height else (_FILLED if day > 0 else _GROUND)
            rows += colour * _BAR + _EMPTY * _GAP
    header = struct.pack(">IIBBBBB", (_BAR + _GAP) * len(days), _HEIGHT, _EIGHT_BITS, _INDEXED, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", _PALETTE),
        (b"tRNS", _OPACITY),
        (b"IDAT", zlib.compress(bytes(rows), 9)),
        (b"IEND", b""),
    )
    return _SIGNATURE + b"".join(map(_chunk, *zip(*chunks, strict=True)))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


#: at which a reader shows it
CHART_WIDTH, CHART_HEIGHT = (_BAR + _GAP) * 7 // 2, _HEIGHT // 2
