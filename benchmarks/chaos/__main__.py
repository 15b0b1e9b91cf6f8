"""The chaos run: does every alert arrive, once, whatever fails?

Run: `make chaos`, or `.venv/bin/python -m benchmarks.chaos [--seed N] [--articles N] [--alerts N] [--minutes N]
[--postgres] [--no-models] [--data DIRECTORY]`. Everything is on this machine. The service as people start it reads
invented news and writes to six fake channels, which refuse, fail, keep silent and break off, also after they accepted.
Meanwhile its processes are killed, its broker is killed and loses its data, its database is cut off, and all of it is
killed and started again. In a first part each alert is a message; in a second, smaller one the flood breaker makes
digests. It ends with 0 if nothing was lost, nothing came that was not planned, and what came twice had a cause and
said so.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from benchmarks.chaos.channels import Fate
from benchmarks.chaos.news import CHANNELS, invent
from benchmarks.chaos.part import Outcome, play, say
from tests.databases import a_cluster, create_database

_SHOWN = 12
#: of the whole time: while news comes, and how long what is late may take at most, which it seldom does
_SHARES = {"messages": (0.45, 0.6), "digests": (0.12, 0.3)}
_RULES: Mapping[str, Mapping[str, float]] = {
    "messages": {"flood_alerts": 1000, "flood_minutes": 0.1},
    "digests": {"flood_alerts": 2, "flood_minutes": 0.25},
}
#: the second part is so much smaller
_SMALLER = 8


def main(arguments: list[str]) -> int:
    """0 if both parts went well."""
    options = _options(arguments)
    root = Path(options.data or tempfile.mkdtemp(prefix="chaos-"))
    models = "../no-models" if options.no_models else "shipped"
    good = True
    for number, (name, (news_share, drain_share)) in enumerate(_SHARES.items()):
        divisor = _SMALLER if number else 1
        news = invent(options.seed + number, articles=options.articles // divisor, alerts=options.alerts // divisor)
        say(f"part „{name}“: {len(news.items)} articles, {len(news.planned)} messages planned, in {root / name}")
        with _database(name, is_postgres=options.postgres) as database_url:
            outcome = play(
                root / name,
                news,
                seed=options.seed + number,
                length_s=60 * options.minutes * news_share,
                drain_s=60 * options.minutes * drain_share,
                alerts=_RULES[name],
                models=models,
                database_url=database_url,
            )
        _show(name, outcome)
        good = good and _is_good(outcome)
    print("PASSED" if good else "FAILED")
    return 0 if good else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description="Whether every alert arrives, whatever fails.")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--alerts", type=int, default=1200, help="pairs of a watch and a story")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--no-models", action="store_true", help="word forms alone, which is quicker")
    parser.add_argument("--data", help="a directory to be made; else a temporary one")
    options = parser.parse_args(arguments)
    say(f"seed {options.seed}")
    return options


@contextmanager
def _database(name: str, *, is_postgres: bool) -> Iterator[str | None]:
    with a_cluster() if is_postgres else nullcontext("") as url:
        yield create_database(url, f"chaos-{name}") if url else None


def _is_good(outcome: Outcome) -> bool:
    return all(verdict.is_good for verdict in outcome.verdicts.values())


def _show(name: str, outcome: Outcome) -> None:
    head = (
        "planned",
        "accepted",
        "lost",
        "wrong",
        "messages",
        "in digests",
        "amended",
        "marked",
        "unmarked",
        "no cause",
    )
    print(f"\npart „{name}“, {outcome.seconds:.0f} s\n{'':10}" + "".join(f"{word:>11}" for word in head))
    rows = {channel: _row(outcome, channel) for channel in CHANNELS}
    rows["all"] = tuple(map(sum, zip(*rows.values(), strict=True)))
    for label, row in rows.items():
        print(f"{label:10}" + "".join(f"{number:>11}" for number in row))
    print("killed: " + ", ".join(f"{kind} {number}" for kind, number in sorted(outcome.harm.items())))
    print(f"\n{'answers':24}" + "".join(f"{channel:>10}" for channel in CHANNELS))
    for fate in Fate:
        numbers = (outcome.fates.get((channel, fate.value), 0) for channel in CHANNELS)
        print(f"{fate.value:24}" + "".join(f"{number:>10}" for number in numbers))
    if delays := outcome.delays:
        middle, late = delays[len(delays) // 2], delays[int(len(delays) * 0.95)]
        print(f"\nfrom feed to channel: p50 {middle:.1f} s, p95 {late:.1f} s, longest {delays[-1]:.1f} s")
    if outcome.counts:
        print(f"the database: articles {dict(outcome.counts.articles)}, stories {outcome.counts.stories}, "
              f"alerts {outcome.counts.alerts}, deliveries {dict(outcome.counts.deliveries)}")  # fmt: skip
    for fault in outcome.faults:
        print(f"NOTE: {fault}")
    for channel, verdict in outcome.verdicts.items():
        for kind in ("lost", "wrong", "unmarked", "causeless"):
            found = getattr(verdict, kind)
            for one in found[:_SHOWN]:
                print(f"{kind.upper()} on {channel}: {one}")
            if len(found) > _SHOWN:
                print(f"{kind.upper()} on {channel}: … and {len(found) - _SHOWN} more")


def _row(outcome: Outcome, channel: str) -> tuple[int, ...]:
    one = outcome.verdicts.get(channel)
    if one is None:
        return (0,) * 10
    faults = (len(one.lost), len(one.wrong))
    repeats = (one.repeats_marked, len(one.unmarked), len(one.causeless))
    return (outcome.planned[channel], one.accepted, *faults, one.messages, one.in_digests, one.amendments, *repeats)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
