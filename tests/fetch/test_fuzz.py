"""No spoiled document crashes, hangs or stays without a reason; `benchmarks/fuzz_feeds.py` does it on a larger scale."""

import time

import pytest

from tests.fetch.fuzzing import FEED, NOW, STATE, spoiled
from worker.errors import FetchError, ParseError
from worker.fetch.parser_process import ParserProcess
from worker.text.clean import article_from

LIMIT_S = 10.0


@pytest.mark.parametrize("seed", range(3))
def test_spoiled_document_is_read_or_refused_with_a_reason_in_time(seed):
    parser = ParserProcess()
    refused = read = 0

    for document in spoiled(seed, 100, scale=0.02):
        started = time.monotonic()
        try:
            parsed = parser.parse("proba", document.body, {"content-type": document.content_type}, FEED.url)
        except (FetchError, ParseError) as error:
            refused += bool(error.cause)
        else:
            for entry in parsed.entries:
                article_from(entry, FEED, STATE, NOW)
            read += 1
        assert time.monotonic() - started < LIMIT_S, document.kind

    parser.close()
    assert read + refused == 100
    assert read > refused
