"""One watch over the archive, in lines for a person; pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from worker.models.watch import Layer, Watch, Watchlist
from worker.text.times import SOFIA
from worker.tuning.scan import Hit, Scan, alerts_of
from worker.tuning.showing import LAYER_WORDS, bars, headline, plural, proof, share


def backtest_lines(
    scan: Scan, watch: Watch, watchlist: Watchlist, max_age: timedelta, *, samples: int
) -> Iterator[str]:
    """Hits of a watch in what was read: how many, on which days, and the last ones with their sentence."""
    hits = [hit for hit in scan.hits[0] if hit.match.watch_id == watch.id]
    yield f"{watch.id} ({watch.name})"
    yield f"  {plural(len(hits), 'hit')} in {plural(scan.read, 'article')}: {share(len(hits), scan.read)}"
    if not hits:
        return
    alerts = alerts_of(hits, watchlist, max_age)
    stories = len({hit.story for hit in hits})
    known = "" if scan.grouped else " (grouped among the hits alone)"
    yield f"  in {plural(stories, 'story', 'stories')}{known}"
    yield f"  would have alerted {plural(len(alerts), 'time')}{_silent(hits, len(alerts))}"
    layers = Counter(hit.match.layer for hit in hits)
    yield "  layers: " + ", ".join(f"{LAYER_WORDS[layer]} {layers[layer]}" for layer in Layer if layers[layer])
    yield from bars(scan.days, Counter(f"{hit.article.seen_at.astimezone(SOFIA):%Y-%m-%d}" for hit in hits))
    told = {id(hit) for hit in alerts.values()}
    for hit in hits[::-1][:samples]:
        yield f"  {headline(hit.article)}" + ("  ALERT" if id(hit) in told else "")
        yield f"      {LAYER_WORDS[hit.match.layer]}, weight {hit.match.weight:g}: {proof(hit.article, hit.match)}"


def _silent(hits: list[Hit], alerts: int) -> str:
    more = len(hits) - alerts
    return f"; {plural(more, 'hit')} more of the same stories, or too old" if more else ""
