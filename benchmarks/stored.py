"""Articles a second through the whole nlp task, everything stored: claim, analysis, matches, topics, story.

Run: `.venv/bin/python benchmarks/stored.py FILE [--no-watches]`, where FILE holds items as `vestitel match` reads them.
One process, one thread, SQLite on disk in a temporary folder; loading is not counted, and the first batch warms up.
"""

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from worker.delivering import RetryPolicy
from worker.evaluate.contract import item_of
from worker.models.feed import Feed
from worker.models.news import FeedId
from worker.models.watch import Watchlist
from worker.pipeline import Policy, analyse_pending
from worker.settings.load import catalogue_of, read_watchlist
from worker.store.alerts import SqlAlertStore
from worker.store.articles import SqlArticleStore
from worker.store.engine import connect
from worker.store.feeds import SqlFeedStore
from worker.store.migrate import migrate
from worker.wiring import language_for

_BATCH = 32
_POLICY = Policy(
    feed_lease=timedelta(minutes=5),
    article_lease=timedelta(minutes=5),
    delivery_lease=timedelta(minutes=5),
    batch=_BATCH,
    analysis_attempts=3,
    max_age=timedelta(hours=24),
    retry=RetryPolicy(attempts=3, first=timedelta(seconds=1), last=timedelta(seconds=1)),
)


def main(file: str, *, watches: bool) -> None:
    """Prints items and words a second."""
    now = datetime.now(UTC)
    articles = [item_of(line, now)[1] for line in Path(file).read_text(encoding="utf-8").splitlines()]
    watchlist = read_watchlist(Path("config/watches")) if watches else Watchlist(watches=(), version="none")
    language = language_for(watchlist, catalogue_of(Path("config"), {}), None)
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(None, Path(folder))
        migrate(engine)
        SqlFeedStore(engine).sync([Feed(id=FeedId("input"), outlet="", url="http://127.0.0.1/", every_s=60)], now)
        store, alerts = SqlArticleStore(engine), SqlAlertStore(engine)
        store.add(articles, now)

        def once() -> int:
            return analyse_pending(
                articles=store,
                alerts=alerts,
                language=language,
                watchlist=watchlist,
                policy=_POLICY,
                clock=lambda: datetime.now(UTC),
            ).claimed

        warm = once()
        wall, cpu, done = time.monotonic(), time.process_time(), 0
        while claimed := once():
            done += claimed
        wall, cpu = time.monotonic() - wall, time.process_time() - cpu
        engine.dispose()
    words = sum(len((a.title + " " + a.summary + " " + a.body).split()) for a in articles) / len(articles)
    print(f"{done} articles of {words:.0f} words, after {warm} to warm up")
    print(f"{done / cpu:.1f} a second of CPU time, {done / wall:.1f} by the clock")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main(sys.argv[1], watches="--no-watches" not in sys.argv)
