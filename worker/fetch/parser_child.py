"""The program of a parsing process: documents in, entries out, until its worker ends or its limits end it.

Run by `ParserProcess` alone, as `python -m worker.fetch.parser_child DESCRIPTOR MEMORY_MIB CPU_SECONDS`. It opens
nothing, and has no more memory and processor time for a document than it is given.
"""

import resource
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from worker.errors import FetchError, ParseError
from worker.fetch.frames import BrokenFrameError, answer_of, from_bytes, receive, refusal_of, send, to_bytes
from worker.fetch.parsing import parse_feed

_MIB = 1024 * 1024
_MOST_FILES = 16


def main() -> int:
    """Answers until the other end of the socket is closed."""
    descriptor, memory_mib, cpu_s = (int(argument) for argument in sys.argv[1:4])
    # The keyboard's interrupt is for those who decide; we end when they do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(resource.RLIMIT_AS, memory_mib * _MIB)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _MOST_FILES)
    with socket.socket(fileno=descriptor) as connection, suppress(BrokenFrameError, OSError):
        send(connection, b"ready")
        while True:
            request, body = from_bytes(receive(connection)), receive(connection)
            _limit(resource.RLIMIT_CPU, _used_s() + cpu_s)
            answer = _answer(request, body)
            del body
            send(connection, to_bytes(answer))
    return 0


def _answer(request: Any, body: bytes) -> dict[str, Any]:
    """What to say of one document."""
    try:
        return answer_of(parse_feed(request["feed"], body, request["headers"], request["url"]))
    except (FetchError, ParseError) as error:
        return refusal_of(error)
    except MemoryError:
        return refusal_of(ParseError(request["feed"], "needs more memory than a feed may"), last=True)


def _limit(kind: int, value: int) -> None:
    """Sets the soft limit, as far as the system knows it."""
    _, hard = resource.getrlimit(kind)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _used_s() -> int:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return int(usage.ru_utime + usage.ru_stime) + 1


if __name__ == "__main__":
    sys.exit(main())
