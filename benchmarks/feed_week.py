"""A simulated week of several hundred feeds: how soon entries are seen, at what cost. Usage: feed_week.py [FEEDS]

The simulation and what it plays are in `tests/pipeline/feed_week.py`. Delays are from standing in the feed to being
stored, by day (8–21 h in Sofia), after one day of learning, of servers that neither fail nor ask for longer waits.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.pipeline.feed_week import (
    KINDS,
    START,
    Week,
    lost,
    middle,
    missed,
    ninety_fifth,
    on_time,
    simulate,
    summary,
)

_DAYS = 7
_PROMISE = {"агенция": "5 / 11", "портал": "8 / 16"}


def main() -> None:
    """Prints the figures of one week."""
    feeds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    began = time.perf_counter()
    week = simulate(feeds, _DAYS, outage_h=(71.0, 74.0))
    print(f"{len(week.servers)} feeds, {_DAYS} days, {time.perf_counter() - began:.0f} s; service off for 3 h\n")
    print(f"{'kind':14}{'floor':>6}{'entries':>9}{'median':>8}{'p95':>8}   promised")
    for kind in KINDS:
        delays = week.delays(kind, daytime=True, after=START + timedelta(days=1))
        figures = f"{len(delays):9}{middle(delays):8.1f}{ninety_fifth(delays):8.1f}"
        print(f"{kind.name:14}{kind.every_s / 60:6.0f}{figures}   {_PROMISE.get(kind.name, 'own rhythm')}")
    _print_by_interval(week)
    requests = sum(summary(week).values())
    memories = [slot.state.memory for slot in week.memory.feeds.values()]
    print(f"\nrequests {requests}, {requests / len(week.servers) / _DAYS:.0f} a day and feed: {dict(summary(week))}")
    print(f"on time (60 s): {on_time(week):.2%}, latest {max(week.lateness_s):.0f} s")
    print(f"earlier than headers allow: {sum(server.early for server in week.servers)}")
    print(f"conditions not as given: {sum(server.wrong_conditions for server in week.servers)}")
    honest = [week.memory.feeds[one.feed.id].state.memory for one in week.servers if not one.lies]
    doubts = sum(memory.probes for memory in memories) / requests
    needless = sum(memory.probes for memory in honest) / sum(memory.requests for memory in honest)
    print(f"unconditional though validators were known: {doubts:.2%}, of honest servers {needless:.2%}")
    print(f"lost though served: {len(lost(week))}; stored twice: {sum(len(at) > 1 for at in week.stored.values())}")
    print(f"never served by a plain feed: {len(missed(week, START + timedelta(days=_DAYS)))}")


def _print_by_interval(week: Week) -> None:
    """Delays by the time since the poll before, against FEEDS §4's arithmetic: mean w/2, p95 0.95 w."""
    print(f"\n{'interval':14}{'entries':>9}{'mean':>8}{'p95':>8}   arithmetic")
    for low, high in ((0, 11), (11, 16.5), (16.5, 33), (33, 66), (66, 400)):
        delays = sorted(delay for interval, delay in week.detections() if low < interval <= high)
        if delays:
            figures = f"{len(delays):9}{sum(delays) / len(delays):8.1f}{ninety_fifth(delays):8.1f}"
            print(f"{f'{low}–{high} min':14}{figures}   mean ≤ {high / 2:.1f}, p95 ≤ {0.95 * high:.1f}")


if __name__ == "__main__":
    main()
