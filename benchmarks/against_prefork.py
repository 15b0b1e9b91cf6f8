"""Items a second of our language analysis, and of what one would write first: Celery's prefork pool around Stanza.

Run: `.venv/bin/python benchmarks/against_prefork.py FILE [BATCH]`, where FILE holds items as `vestitel match` reads
them. Both get the same items and the same models. Theirs: two pool processes, torch's own number of threads, an item
a task, a broker of its own. Ours: one process, one thread, items in batches. Both are warm when the clock starts.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from celery import Celery

from worker.broker import broker_url, server_command, wait_for
from worker.evaluate.contract import item_of
from worker.models.news import Article, Field
from worker.nlp.bulgarian import SHIPPED, StanzaAnalyzer, verified_card

_PROCESSES = 2
#: Enough that each process of the pool loads its models before the clock starts.
_WARMING_ITEMS = 8
_WAIT_S = 300

app = Celery("against_prefork")


@cache
def _pipeline() -> Any:
    import stanza  # noqa: PLC0415 - only the processes of the pool load it so

    processors = verified_card(SHIPPED)["processors"]
    return stanza.Pipeline(
        "bg", dir=str(SHIPPED), download_method=None, processors=processors, use_gpu=False, logging_level="ERROR"
    )


@app.task(name="analyse")
def analyse(text: str) -> tuple[int, int]:
    """Sentences and names of one item, and the analysis thrown away."""
    document = _pipeline()(text)
    return len(document.sentences), len(document.ents)


def pool(url: str) -> None:
    """The worker process; ends by a signal."""
    app.conf.update(broker_url=url, result_backend=url)
    app.worker_main(["worker", "--pool=prefork", f"--concurrency={_PROCESSES}", "--loglevel=ERROR"])


def theirs(texts: Sequence[str]) -> float:
    """Seconds of the clock for all texts."""
    with tempfile.TemporaryDirectory() as folder, _running(server_command(Path(folder))):
        url = broker_url(None, Path(folder))
        wait_for(url, 10)
        app.conf.update(broker_url=url, result_backend=url)
        with _running([sys.executable, __file__, "pool", url]):
            _run((texts * _WARMING_ITEMS)[:_WARMING_ITEMS])
            began = time.monotonic()
            _run(texts)
            return time.monotonic() - began


def ours(articles: Sequence[Article], batch: int) -> float:
    """Seconds of the clock for all articles."""
    analyzer = StanzaAnalyzer.shipped()
    analyzer.analyse(articles[:_WARMING_ITEMS])
    began = time.monotonic()
    for start in range(0, len(articles), batch):
        analyzer.analyse(articles[start : start + batch])
    return time.monotonic() - began


def main(file: str, batch: int) -> None:
    """Prints the figures for the items of `file`."""
    now = datetime.now(UTC)
    articles = [item_of(line, now)[1] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    pool_s = theirs([_text(article) for article in articles])
    lean_s = ours(articles, batch)
    count = len(articles)
    print(f"{count} items; load of the machine before and after: {os.getloadavg()[1]:.1f}, {os.getloadavg()[0]:.1f}")
    print(f"prefork pool of {_PROCESSES}, stanza.Pipeline, item by item: {count / pool_s:.1f} items/s")
    print(f"one process, one thread, batches of {batch}: {count / lean_s:.1f} items/s")
    print(f"ratio {pool_s / lean_s:.1f}")
    print(f"peak memory of ours {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _text(article: Article) -> str:
    return "\n\n".join(text for field in Field if (text := article.text_of(field)))


def _run(texts: Sequence[str]) -> None:
    # Sent first, awaited then: the queue is never empty before its end.
    for result in [analyse.delay(text) for text in texts]:
        result.get(timeout=_WAIT_S)


@contextmanager
def _running(command: Sequence[str]) -> Iterator[None]:
    process = subprocess.Popen(command)  # noqa: S603 - our own commands
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


if __name__ == "__main__":
    if sys.argv[1] == "pool":
        pool(sys.argv[2])
    else:
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 32)
