"""What parsing in a process of its own costs for a document, beside parsing it in the worker.

    .venv/bin/python -m benchmarks.parsing

Medians of thirty runs; the start of the process is paid once per worker.
"""

import statistics
import time
from collections.abc import Callable

from worker.fetch.parser_process import ParserProcess
from worker.fetch.parsing import parse_feed

_URL = "https://outlet.example/rss/all.xml"
_RUNS = 30
_ITEM = (
    "<item><title>Съветът прие бюджета {n}</title><link>https://outlet.example/novini/{n}</link><guid>n-{n}</guid>"
    "<pubDate>Tue, 24 Nov 2026 09:15:00 +0200</pubDate><description>{text}</description></item>"
)


def main() -> None:
    """Prints one row for each size of document."""
    parser = ParserProcess()
    started = time.perf_counter()
    parser.parse("proba", _document(1), {}, _URL)
    print(f"start and first document: {1000 * (time.perf_counter() - started):.0f} ms")
    print(f"{'entries':>8}{'KiB':>8}{'here, ms':>12}{'apart, ms':>12}{'extra, ms':>12}")
    for entries in (1, 10, 30, 100, 500):
        body = _document(entries)
        here, apart = (_median_ms(parse, body) for parse in (parse_feed, parser.parse))
        print(f"{entries:>8}{len(body) // 1024:>8}{here:>12.2f}{apart:>12.2f}{apart - here:>12.2f}")
    parser.close()


def _document(entries: int) -> bytes:
    items = "".join(_ITEM.format(n=number, text="Текст на новината. " * 15) for number in range(entries))
    return f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()


def _median_ms(parse: Callable[[str, bytes, dict[str, str], str], object], body: bytes) -> float:
    took = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        parse("proba", body, {}, _URL)
        took.append(1000 * (time.perf_counter() - started))
    return statistics.median(took)


if __name__ == "__main__":
    main()
