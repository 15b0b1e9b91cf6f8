"""The program of a parsing process: documents in, entries out, until its worker ends or its limits end it.

Run by `ParserProcess` alone, as `python -m worker.fetch.parser_child DESCRIPTOR MEMORY_MIB CPU_SECONDS`. It opens
nothing, and has no more memory and processor time for a document than it is given.
"""

import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from worker.errors import FetchError, ParseError
from worker.fetch.frames import (
    BrokenFrameError,
    answer_of,
    answer_of_sitemap,
    from_bytes,
    receive,
    refusal_of,
    send,
    to_bytes,
)
from worker.fetch.limits import allow_processor, confine
from worker.fetch.parsing import parse_feed
from worker.fetch.sitemaps import parse_sitemap
from worker.models.feed import FeedKind


def main() -> int:
    """Answers until the other end of the socket is closed."""
    descriptor, memory_mib, cpu_s = (int(argument) for argument in sys.argv[1:4])
    # The keyboard's interrupt is for those who decide; we end when they do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confine(memory_mib)
    with socket.socket(fileno=descriptor) as connection, suppress(BrokenFrameError, OSError):
        send(connection, b"ready")
        while True:
            request, body = from_bytes(receive(connection)), receive(connection)
            allow_processor(cpu_s)
            answer = _answer(request, body)
            del body
            send(connection, to_bytes(answer))
    return 0


def _answer(request: Any, body: bytes) -> dict[str, Any]:
    """What to say of one document."""
    try:
        if request["kind"] == FeedKind.SITEMAP:
            return answer_of_sitemap(parse_sitemap(request["feed"], body, request["content_type"]))
        return answer_of(parse_feed(request["feed"], body, request["headers"], request["url"]))
    except (FetchError, ParseError) as error:
        return refusal_of(error)
    except MemoryError:
        return refusal_of(ParseError(request["feed"], "needs more memory than a feed may"), last=True)


if __name__ == "__main__":
    sys.exit(main())
