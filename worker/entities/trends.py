"""Who and what is named more than its own past lets expect; pure.

Counted in articles a day. A rise is today's count against the mean of the days before, each with one article added, so
that a first appearance is no infinity and two articles after none do not outrank forty after ten.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from worker.text.times import SOFIA


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A name or topic in one article."""

    name: str
    #: kind of mention or of topic
    kind: str
    article_id: str
    outlet: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A name or topic of one day beside its own past."""

    name: str
    kind: str
    #: articles of the day, and how many outlets they are from
    articles: int
    outlets: int
    #: mean articles a day before
    usual: float

    @property
    def rise(self) -> float:
        """How many times the usual, each with one article added."""
        return (self.articles + 1) / (self.usual + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A name that the catalogue does not know."""

    name: str
    kind: str
    articles: int
    outlets: int
    #: an article that names it
    article_id: str


def daily_counts(sightings: Iterable[Sighting]) -> Mapping[tuple[str, str], Mapping[date, int]]:
    """Articles by name and kind for each day of Sofia; an article counts once a name."""
    days: defaultdict[tuple[str, str], defaultdict[date, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in sightings:
        days[one.name, one.kind][one.seen_at.astimezone(SOFIA).date()].add(one.article_id)
    return {key: {day: len(articles) for day, articles in some.items()} for key, some in days.items()}


def trends(sightings: Iterable[Sighting], day: date, past_days: int) -> tuple[Trend, ...]:
    """What stood in the articles of `day`, the greatest rise first; the past are the `past_days` days before."""
    sightings = tuple(sightings)
    outlets: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in sightings:
        if one.seen_at.astimezone(SOFIA).date() == day:
            outlets[one.name, one.kind].add(one.outlet)
    first = day - timedelta(days=past_days)
    found = [
        Trend(
            name=name,
            kind=kind,
            articles=counts[day],
            outlets=len(outlets[name, kind]),
            usual=sum(count for past, count in counts.items() if first <= past < day) / past_days,
        )
        for (name, kind), counts in daily_counts(sightings).items()
        if day in counts
    ]
    return tuple(sorted(found, key=lambda one: (-one.rise, -one.articles, one.name, one.kind)))


def proposals(sightings: Iterable[Sighting], known: frozenset[str], least: int) -> tuple[Proposal, ...]:
    """Names of at least `least` articles that are not among the `known`, the most frequent first.

    A name that several kinds were found for comes once, with its most frequent kind.
    """
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    articles: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for one in sightings:
        if one.name not in known:
            kinds[one.name][one.kind] += 1
            articles[one.name].setdefault(one.article_id, one.outlet)
    found = [
        Proposal(
            name=name,
            kind=min(kinds[name].items(), key=lambda item: (-item[1], item[0]))[0],
            articles=len(some),
            outlets=len(set(some.values())),
            article_id=min(some),
        )
        for name, some in articles.items()
        if len(some) >= least
    ]
    return tuple(sorted(found, key=lambda one: (-one.articles, -one.outlets, one.name)))
