"""Articles a second through the whole language path (analysis, matching, topics, fingerprint), and where the time goes.

Run: `.venv/bin/python benchmarks/throughput.py FILE [BATCH]`, where FILE holds items as `vestitel match` reads them.
One thread, the shipped models and watches, nothing stored.
"""

import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from worker.evaluate.contract import item_of
from worker.matching.terms import compile_watches
from worker.models.news import Analysis, Article
from worker.nlp.bulgarian import StanzaAnalyzer
from worker.pipeline import examine
from worker.settings.load import read_watchlist


class _Done:
    """Gives analyses made before, so that what comes after them can be timed alone."""

    def __init__(self, analyses: tuple[Analysis, ...]) -> None:
        self._analyses = analyses

    def analyse(self, _articles: object) -> tuple[Analysis, ...]:
        return self._analyses


def main(file: str, batch: int) -> None:
    """Prints the figures for the items of `file`."""
    now = datetime.now(UTC)
    articles: list[Article] = [item_of(line, now)[1] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    words = sum(len(a.title.split()) + len(a.summary.split()) + len(a.body.split()) for a in articles)
    index = compile_watches(read_watchlist(Path("config/watches")))
    analyzer = StanzaAnalyzer.shipped()
    analyzer.analyse(articles[:2])
    language_s = rest_s = 0.0
    for start in range(0, len(articles), batch):
        some = articles[start : start + batch]
        began = time.process_time()
        analyses = analyzer.analyse(some)
        middle = time.process_time()
        examine(some, _Done(analyses), index)
        language_s += middle - began
        rest_s += time.process_time() - middle
    whole_s = language_s + rest_s
    print(f"{len(articles)} articles, {words / len(articles):.0f} words each, batches of {batch}")
    print(f"{len(articles) / whole_s:.1f} articles/s, {words / whole_s:.0f} words/s (CPU time)")
    print(f"models {1000 * language_s / len(articles):.1f} ms, rest {1000 * rest_s / len(articles):.1f} ms an article")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 32)
