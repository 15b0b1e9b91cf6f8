"""The picture of a week is a PNG that says what the numbers say."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.notify.chart import CHART_HEIGHT, CHART_WIDTH, bar_chart


def pixels_of(png: bytes) -> list[bytes]:
    """The rows of a PNG of one byte a pixel, after every checksum was looked at."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", png, at + 8 + size) == (zlib.crc32(kind + content),)
        chunks[kind] = content
        at += size + 12
    width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (width, height, depth, colour) == (2 * CHART_WIDTH, 2 * CHART_HEIGHT, 8, 3)
    raw = zlib.decompress(chunks[b"IDAT"])
    return [raw[start + 1 : start + 1 + width] for start in range(0, len(raw), width + 1)]


def heights(days: tuple[int, ...], most: int) -> list[int]:
    rows = pixels_of(bar_chart(days, most))
    step = len(rows[0]) // 7
    return [sum(row[day * step] != 0 for row in rows) for day in range(7)]


def test_bars_are_as_high_as_their_days():
    assert heights((0, 1, 2, 4, 8, 8, 16), 16) == [4, 6, 12, 23, 46, 46, 92]


@pytest.mark.parametrize("most", [0, -1])
def test_week_without_any_story_is_a_line(most):
    assert heights((0,) * 7, most) == [4] * 7


@given(st.lists(st.integers(-5, 10**9), min_size=7, max_size=7), st.integers(0, 10**9))
def test_any_week_is_a_picture_and_more_is_never_lower(days, most):
    found = heights(tuple(days), most)

    assert all(4 <= height <= 96 for height in found)
    assert [height for _, height in sorted(zip(days, found, strict=True))] == sorted(found)
