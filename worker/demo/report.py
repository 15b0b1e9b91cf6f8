"""The table at the end of the demo."""

from collections.abc import Iterator

from worker.demo.morning import Morning
from worker.demo.sinks import CHANNELS
from worker.demo.verdict import Verdict, percentile
from worker.store.views import Counts


def table(morning: Morning, counts: Counts, verdict: Verdict, *, seen: int, polls: int) -> Iterator[str]:
    """Lines: what was seen, what arrived for each watch and channel, and how long it took."""
    rule = "-" * 60
    edits = sum(1 for item in morning.items if item.edited is not None)
    yield rule
    yield f"{'entries published':<34}{len(morning.items):>8}   ({edits} edited later)"
    yield f"{'entries seen':<34}{seen:>8}   (in {polls} documents that had changed)"
    yield f"{'articles':<34}{sum(counts.articles.values()):>8}"
    yield f"{'stories':<34}{counts.stories:>8}"
    yield f"{'alerts':<34}{counts.alerts:>8}"
    yield f"{'deliveries sent':<34}{counts.deliveries.get('sent', 0):>8}"
    yield rule
    yield f"{'watch':<34}" + "".join(f"{channel:>8}" for channel in CHANNELS)
    for watch in sorted({watch for watch, _ in verdict.arrived}):
        yield f"{watch:<34}" + "".join(f"{verdict.arrived.get((watch, channel), 0):>8}" for channel in CHANNELS)
    totals = (sum(n for (_, on), n in verdict.arrived.items() if on == channel) for channel in CHANNELS)
    yield f"{'all':<34}" + "".join(f"{total:>8}" for total in totals)
    yield rule
    median, late = percentile(verdict.latencies_s, 0.5), percentile(verdict.latencies_s, 0.95)
    yield f"publication to delivery: p50 {median:.1f} s, p95 {late:.1f} s"
    expected = len(morning.expected()) * len(CHANNELS)
    yield f"expected {expected} deliveries, {len(verdict.faults)} wrong, {verdict.marked_repeats} marked as repeats"
    yield rule
