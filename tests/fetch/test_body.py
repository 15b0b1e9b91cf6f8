"""Bodies as servers really encode them."""

import gzip
import zlib

import brotli  # type: ignore[import-untyped] # it has no stubs
import pytest

from worker.fetch.body import BodyTooLargeError, decode_body

_FEED = "<rss>Съветът прие бюджета</rss>".encode() * 3000
_HEADER, _REST = gzip.compress(_FEED)[:10], gzip.compress(_FEED)[10:]
_WITH_NAME = _HEADER[:3] + b"\x08" + _HEADER[4:] + b"feed.xml\0" + _REST


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        pytest.param(_FEED, "", id="plain"),
        pytest.param(_FEED, "gzip", id="plain but called gzip"),
        pytest.param(_FEED, "br", id="plain but called brotli"),
        pytest.param(_FEED, "deflate", id="plain but called deflate"),
        pytest.param(gzip.compress(_FEED), "gzip", id="gzip"),
        pytest.param(gzip.compress(_FEED), "", id="gzip without header"),
        pytest.param(gzip.compress(_FEED), "br", id="gzip called brotli"),
        pytest.param(gzip.compress(gzip.compress(_FEED)), "gzip", id="gzip twice"),
        pytest.param(gzip.compress(_FEED[:100]) + gzip.compress(_FEED[100:]), "gzip", id="gzip of two members"),
        pytest.param(gzip.compress(_FEED)[:-8], "gzip", id="gzip without its end"),
        pytest.param(gzip.compress(_FEED)[:-8] + b"12345678", "gzip", id="gzip with wrong checksum"),
        pytest.param(_WITH_NAME, "gzip", id="gzip with a file name"),
        pytest.param(gzip.compress(_FEED) + b"\0\0", "gzip", id="gzip with padding"),
        pytest.param(brotli.compress(_FEED, quality=4), "br", id="brotli"),
        pytest.param(zlib.compress(_FEED), "deflate", id="deflate"),
        pytest.param(zlib.compress(_FEED)[2:-4], "deflate", id="bare deflate"),
    ],
)
def test_body_is_decoded_by_its_bytes(raw, encoding):
    assert decode_body(raw, encoding, len(_FEED)) == _FEED


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        pytest.param(_FEED, "", id="plain"),
        pytest.param(gzip.compress(_FEED), "gzip", id="gzip"),
        pytest.param(gzip.compress(_FEED[:-1]) + gzip.compress(_FEED[-1:]), "gzip", id="gzip of two members"),
        pytest.param(gzip.compress(gzip.compress(_FEED)), "", id="gzip twice"),
        pytest.param(brotli.compress(_FEED, quality=4), "br", id="brotli"),
        pytest.param(zlib.compress(_FEED), "deflate", id="deflate"),
    ],
)
def test_body_over_the_limit_is_refused(raw, encoding):
    with pytest.raises(BodyTooLargeError):
        decode_body(raw, encoding, len(_FEED) - 1)


def test_stream_that_breaks_off_gives_what_came_before():
    decoded = decode_body(gzip.compress(_FEED, compresslevel=0)[:5000], "gzip", len(_FEED))

    assert 4000 < len(decoded) < 5000
    assert _FEED.startswith(decoded)
