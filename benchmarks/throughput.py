"""Articles a second through the whole language path (analysis, matching, topics, fingerprint), and where the time goes.

Run: `.venv/bin/python benchmarks/throughput.py FILE [BATCH]`, where FILE holds items as `vestitel match` reads them.
One thread, the shipped models and watches, nothing stored.
"""

import resource
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from worker.evaluate.contract import item_of
from worker.examining import examine
from worker.models.news import Analysis, Article, Field
from worker.nlp.bulgarian import StanzaAnalyzer
from worker.nlp.lean.reader import Reader
from worker.settings.load import catalogue_of, read_watchlist
from worker.text.fold import tidy
from worker.wiring import language_for


class _Done:
    """Gives analyses made before, so that what comes after them can be timed alone."""

    def __init__(self, analyses: tuple[Analysis, ...]) -> None:
        self._analyses = analyses

    def analyse(self, _articles: object) -> tuple[Analysis, ...]:
        return self._analyses


def stages(reader: Reader, batches: list[list[Article]]) -> dict[str, float]:
    """Seconds of CPU time of each stage of the models."""
    spent = dict.fromkeys(("tokenize", "pos", "lemma", "ner"), 0.0)
    for some in batches:
        lines = [line for article in some for field in Field for line in article.text_of(field).split("\n")]
        times = [time.process_time()]
        read = reader.segments([tidy(line).text for line in lines if any(char.isalnum() for char in line)])
        segments = [segment for paragraph in read for segment in paragraph]
        times.append(time.process_time())
        upos = reader.upos(segments)
        times.append(time.process_time())
        reader.lemmas(segments, upos)
        times.append(time.process_time())
        reader.spans(segments)
        times.append(time.process_time())
        for stage, began, ended in zip(spent, times, times[1:], strict=False):
            spent[stage] += ended - began
    return spent


def main(file: str, batch: int) -> None:
    """Prints the figures for the items of `file`."""
    now = datetime.now(UTC)
    articles: list[Article] = [item_of(line, now)[1] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    words = sum(len(a.title.split()) + len(a.summary.split()) + len(a.body.split()) for a in articles)
    language = language_for(read_watchlist(Path("config/watches")), catalogue_of(Path("config"), {}), None)
    analyzer = language.analyzer
    analyzer.analyse(articles[:2])
    language_s = rest_s = 0.0
    for start in range(0, len(articles), batch):
        some = articles[start : start + batch]
        began = time.process_time()
        analyses = analyzer.analyse(some)
        middle = time.process_time()
        examine(some, replace(language, analyzer=_Done(analyses)))
        language_s += middle - began
        rest_s += time.process_time() - middle
    whole_s = language_s + rest_s
    print(f"{len(articles)} articles, {words / len(articles):.0f} words each, batches of {batch}")
    print(f"{len(articles) / whole_s:.1f} articles/s, {words / whole_s:.0f} words/s (CPU time)")
    print(f"models {1000 * language_s / len(articles):.1f} ms, rest {1000 * rest_s / len(articles):.1f} ms an article")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    reader = StanzaAnalyzer.shipped().reader
    if isinstance(reader, Reader):
        batches = [articles[start : start + batch] for start in range(0, len(articles), batch)]
        stages(reader, batches)
        spent = ", ".join(f"{k} {1000 * s / len(articles):.1f} ms" for k, s in stages(reader, batches).items())
        print(f"models once more, every word seen before: {spent}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 32)
