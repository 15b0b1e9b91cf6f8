"""Did every expected alert arrive exactly once at every sink? Pure, from the evidence of sinks and database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.demo.documents import item_of_url
from worker.demo.morning import Morning
from worker.demo.sinks import CHANNELS, Arrival
from worker.models.watch import WatchId
from worker.store.views import AlertRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What arrived, against what had to."""

    #: (watch, channel) → messages that arrived, marked repeats not counted
    arrived: Mapping[tuple[str, str], int]
    #: seconds from publication to arrival, of every first arrival
    latencies_s: tuple[float, ...]
    #: messages that carried the mark of a possible repeat after a first arrival
    marked_repeats: int
    #: sentences; none: the demo passed
    faults: tuple[str, ...]


def judge(morning: Morning, alerts: Sequence[AlertRow], arrivals: Sequence[Arrival]) -> Verdict:
    """Compares (watch, event) of every arrival with those that the morning's labels demand."""
    items = {item.id: item for item in morning.items}
    by_id = {str(alert.id): alert for alert in alerts}
    expected = {(watch, event, channel) for watch, event in morning.expected() for channel in CHANNELS}
    first: Counter[tuple[WatchId, str, str]] = Counter()
    arrived: Counter[tuple[str, str]] = Counter()
    latencies: list[float] = []
    repeats = 0
    faults: list[str] = []
    seen: set[tuple[str, str]] = set()
    for arrival in arrivals:
        alert = next((by_id[one] for one in arrival.ids if one in by_id), None)
        if alert is None:
            faults.append(f"{arrival.channel}: a message of an alert that the database does not know")
            continue
        if arrival.repeat and (str(alert.id), arrival.channel) in seen:
            repeats += 1
            continue
        seen.add((str(alert.id), arrival.channel))
        item = items.get(item_of_url(alert.notice.url))
        event = item.event if item else alert.notice.url
        first[alert.notice.watch_id, event, arrival.channel] += 1
        arrived[str(alert.notice.watch_id), arrival.channel] += 1
        if alert.notice.published_at is not None:
            late_s = item.late_s(alert.notice.watch_id) if item else 0.0
            latencies.append(arrival.at - alert.notice.published_at.timestamp() - late_s)
    faults.extend(_differences(expected, first))
    return Verdict(arrived=arrived, latencies_s=tuple(sorted(latencies)), marked_repeats=repeats, faults=tuple(faults))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the sorted values do not exceed (nearest rank); 0 for none."""
    if not values:
        return 0.0
    return values[min(len(values) - 1, max(0, round(share * len(values) + 0.5) - 1))]


def all_there(morning: Morning, arrivals: Iterable[Arrival]) -> bool:
    """Whether as many messages arrived as must, so that the demo need not wait any longer."""
    return sum(1 for arrival in arrivals if not arrival.repeat) >= len(morning.expected()) * len(CHANNELS)


def _differences(expected: set[tuple[WatchId, str, str]], first: Counter[tuple[WatchId, str, str]]) -> list[str]:
    lines = [
        f"{channel}: no alert of watch {watch} about «{event}» arrived"
        for watch, event, channel in sorted(expected - set(first))
    ]
    lines += [
        f"{channel}: watch {watch} alerted about «{event}», which it should not"
        for watch, event, channel in sorted(set(first) - expected)
    ]
    lines += [
        f"{channel}: watch {watch} alerted {number} times about «{event}»"
        for (watch, event, channel), number in sorted(first.items())
        if number > 1
    ]
    return lines
