"""Spoiled feed documents through the parsing process: nothing may crash the worker, hang or eat its memory.

    .venv/bin/python -m benchmarks.fuzz_feeds [NUMBER] [SEED]

Prints one row for each way of spoiling: how many were read, refused as no feed, refused as unreadable, cut off by
the process's limits; the slowest; and the largest memory of the parsing processes.
"""

import resource
import sys
import time
from collections import Counter, defaultdict

from tests.fetch.fuzzing import FEED, NOW, STATE, spoiled
from worker.errors import FetchError, ParseError
from worker.fetch.parser_process import ParserProcess
from worker.text.clean import article_from

_LIMIT_S = 10.0
_CUT_OFF = ("not parsed within", "ended the parser", "processor time", "memory")


def main() -> int:
    """The exit status: 0 when every document came to an end that is foreseen, in time."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    parser = ParserProcess()
    ends: defaultdict[str, Counter[str]] = defaultdict(Counter)
    slowest: defaultdict[str, float] = defaultdict(float)
    largest: defaultdict[str, int] = defaultdict(int)
    causes: Counter[str] = Counter()
    for document in spoiled(seed, number):
        started = time.perf_counter()
        end, cause = _end_of(parser, document.body, document.content_type)
        took_s = time.perf_counter() - started
        ends[document.kind][end] += 1
        slowest[document.kind] = max(slowest[document.kind], took_s)
        largest[document.kind] = max(largest[document.kind], len(document.body))
        if end == "cut off":
            causes[f"{document.kind}: {cause}"] += 1
    parser.close()
    columns = ("read", "no feed", "unreadable", "cut off", "crash")
    named = "".join(f"{name:>12}" for name in columns)
    print(f"{'kind':<16}{'documents':>10}{named}{'slowest, s':>12}{'KiB':>8}")
    for kind, counted in ends.items():
        cells = "".join(f"{counted[name]:>12}" for name in columns)
        print(f"{kind:<16}{counted.total():>10}{cells}{slowest[kind]:>12.2f}{largest[kind] // 1024:>8}")
    total = sum(ends.values(), Counter[str]())
    cells = "".join(f"{total[name]:>12}" for name in columns)
    print(f"{'all':<16}{total.total():>10}{cells}{max(slowest.values()):>12.2f}{max(largest.values()) // 1024:>8}")
    child_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    own_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"largest resident memory: parsing process {child_mib} MiB, this process {own_mib} MiB")
    for cause, count in causes.most_common():
        print(f"{count:>5}  {cause}")
    return int(total["crash"] > 0 or max(slowest.values()) > _LIMIT_S)


def _end_of(parser: ParserProcess, body: bytes, content_type: str) -> tuple[str, str]:
    try:
        parsed = parser.parse("proba", body, {"content-type": content_type}, FEED.url)
        for entry in parsed.entries:
            article_from(entry, FEED, STATE, NOW)
    except FetchError as error:
        return "no feed" if error.cause else "crash", error.cause
    except ParseError as error:
        cut_off = any(sign in error.cause for sign in _CUT_OFF)
        return "cut off" if cut_off else "unreadable" if error.cause else "crash", error.cause
    except Exception as error:  # noqa: BLE001 - what must not happen is counted
        return "crash", repr(error)
    return "read", ""


if __name__ == "__main__":
    sys.exit(main())
