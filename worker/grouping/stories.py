"""Which story an article belongs to; pure and deterministic, no clock and no store.

Two questions, in this order. Is it nearly word for word an article we have? Then it is a copy, found by the share
of common word shingles of the smaller text: outlets trim wire copy and rewrite its headline. Does it report the
same event? Then the odds say so, a logistic model of four likenesses, fitted on two sets of labelled stories
and on the recorded morning, and rounded. The more articles compete within reach, the more likeness it takes, since
of a thousand articles some resemble each other by chance. A large story must be resembled as a whole, or subjects
in the news for weeks would chain everything together.
"""

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.grouping.background import NAME_SHARES, TERM_SHARES
from worker.models.alert import Fingerprint, Grouped, Grouping, Story
from worker.models.news import ArticleId, StoryId

#: Reports further apart than this are of different events.
REACH = timedelta(hours=72)
#: Share of the smaller text's shingles that a copy has in common with its original.
COPY_CONTAINMENT = 0.5
#: The same of the article in question: one that quotes a short notice in a long text is no copy of it.
_COPY_OWN_SHARE = 0.3
_COPY_MIN_SHINGLES = 8
_IDENTICAL_MIN_SHINGLES = 3
#: Originals this much less alike than the best are still preferred when they are earlier.
_COPY_SLACK = 0.1

_INTERCEPT = -1.4
_BY_COSINE = 6.2
_BY_OVERLAP = 2.8
_BY_NAMES = 1.9
_BY_DAY = -0.8
#: Worth of an imagined name that only one of two articles has: one shared name is no proof, however short the lists.
_NAME_PRIOR = 2.0
#: Competitors assumed at least: in the first hours of a service few articles are known, though many exist.
_MIN_COMPETITORS = 2
#: What a further member adds to the part of the average likeness in the likeness to a story.
_MEAN_SHARE_PER_MEMBER = 0.15
#: Imagined articles of news at large: what is common there is not rare here while few articles are known.
_PRIOR_ARTICLES = 60
#: Articles and stories compared in full.
_SHORTLIST = 20
_STORIES = 8


class StoryWindow:
    """The recent articles by their terms; grows by `add`, for one thread.

    The order of adding changes nothing. An article added again replaces what was known of it.
    """

    def __init__(self, recent: Iterable[Grouped]) -> None:
        self._articles: dict[ArticleId, Grouped] = {}
        self._postings: defaultdict[str, dict[ArticleId, float]] = defaultdict(dict)
        self._names: Counter[str] = Counter()
        self._members: defaultdict[StoryId, dict[ArticleId, Fingerprint]] = defaultdict(dict)
        self._instants: list[datetime] = []
        for grouped in recent:
            self.add(grouped)

    def add(self, grouped: Grouped) -> None:
        """Makes one article known, or what changed in it."""
        fingerprint = grouped.fingerprint
        self._forget(fingerprint.article_id)
        self._articles[fingerprint.article_id] = grouped
        self._members[grouped.story_id][fingerprint.article_id] = fingerprint
        for term, weight in fingerprint.terms.items():
            self._postings[term][fingerprint.article_id] = weight
        self._names.update(fingerprint.names)
        insort(self._instants, fingerprint.at)

    def _forget(self, article_id: ArticleId) -> None:
        known = self._articles.pop(article_id, None)
        if known is None:
            return
        del self._members[known.story_id][article_id]
        for term in known.fingerprint.terms:
            del self._postings[term][article_id]
        self._names.subtract(known.fingerprint.names)
        del self._instants[bisect_left(self._instants, known.fingerprint.at)]

    def get(self, article_id: ArticleId) -> Grouped | None:
        """What is known of one article."""
        return self._articles.get(article_id)

    def __len__(self) -> int:
        return len(self._articles)

    def holders(self, term: str) -> Mapping[ArticleId, float]:
        """The weight of a term in every article that has it."""
        return self._postings.get(term, {})

    def name_count(self, name: str) -> int:
        """The number of articles that name somebody or something."""
        return self._names[name]

    def members(self, story_id: StoryId) -> Iterable[Fingerprint]:
        """The known articles of a story."""
        return self._members[story_id].values()

    def count_near(self, at: datetime) -> int:
        """The number of articles within reach of an instant."""
        return bisect_right(self._instants, at + REACH) - bisect_left(self._instants, at - REACH)


def assign_story(candidate: Fingerprint, window: StoryWindow, known_story: StoryId | None) -> Story:
    """The story of an article; `known_story` is where an earlier revision of it was put, and it stays there."""
    comparison = _Comparison(candidate, window)
    shortlist = comparison.shortlist()
    copied = _original(candidate, shortlist)
    copy_of = copied.grouped.fingerprint.article_id if copied else None
    if known_story is not None:
        return Story(id=known_story, grouping=Grouping.KEPT, copy_of=copy_of, score=1.0)
    if copied:
        return Story(
            id=copied.grouped.story_id, grouping=Grouping.COPY, copy_of=copy_of, score=round(copied.containment, 4)
        )
    best = max(comparison.stories(shortlist), default=None)
    if best is not None and best[0] > 0:
        odds, _, story_id = best
        return Story(id=story_id, grouping=Grouping.SAME_EVENT, score=round(1 / (1 + math.exp(-odds)), 4))
    return Story(id=StoryId(f"story-{candidate.article_id}"), grouping=Grouping.FIRST)


@dataclass(frozen=True, slots=True)
class _Copied:
    grouped: Grouped
    containment: float


def _original(candidate: Fingerprint, shortlist: Iterable[Grouped]) -> _Copied | None:
    """The earliest of the articles that the candidate repeats best."""
    copies = [
        _Copied(grouped, share) for grouped in shortlist if (share := _containment(candidate, grouped.fingerprint))
    ]
    if not copies:
        return None
    enough = max(copy.containment for copy in copies) - _COPY_SLACK
    return min(
        (copy for copy in copies if copy.containment >= enough),
        key=lambda copy: (copy.grouped.fingerprint.at, copy.grouped.fingerprint.article_id),
    )


def _containment(candidate: Fingerprint, other: Fingerprint) -> float:
    """Share of the smaller text that both have; 0 when that is too little for a copy."""
    shared = len(candidate.shingles & other.shingles)
    if shared < _COPY_MIN_SHINGLES:
        return 1.0 if shared >= _IDENTICAL_MIN_SHINGLES and candidate.shingles == other.shingles else 0.0
    share = shared / min(len(candidate.shingles), len(other.shingles))
    own_share = shared / len(candidate.shingles)
    return share if share >= COPY_CONTAINMENT and own_share >= _COPY_OWN_SHARE else 0.0


class _Comparison:
    """One article against the window; what an article's revision before said is left out of it."""

    def __init__(self, candidate: Fingerprint, window: StoryWindow) -> None:
        self._candidate = candidate
        self._window = window
        self._known = window.get(candidate.article_id)
        self._others = len(window) - (self._known is not None)
        self._idf: dict[str, float] = {}
        self._name_idf: dict[str, float] = {}
        self._odds: dict[ArticleId, float] = {}
        self._norm, self._mass = self._size(candidate)
        competitors = window.count_near(candidate.at) - (
            self._known is not None and self._in_time(self._known.fingerprint)
        )
        self._prior = _INTERCEPT - math.log(max(_MIN_COMPETITORS, competitors))

    def shortlist(self) -> list[Grouped]:
        """The articles within reach that share most with the candidate, absolutely or for their length."""
        products: defaultdict[ArticleId, float] = defaultdict(float)
        for term, weight in self._candidate.terms.items():
            worth = weight * self._term_idf(term) ** 2
            for article_id, other_weight in self._window.holders(term).items():
                products[article_id] += worth * other_weight
        near = [
            (product, len(grouped.fingerprint.terms), grouped)
            for article_id, product in products.items()
            if (grouped := self._window.get(article_id)) is not None and self._within_reach(grouped.fingerprint)
        ]
        near.sort(key=lambda item: (-item[0], item[2].fingerprint.article_id))
        chosen = {item[2].fingerprint.article_id: item[2] for item in near[:_SHORTLIST]}
        near.sort(key=lambda item: (-item[0] / math.sqrt(item[1]), item[2].fingerprint.article_id))
        chosen |= {item[2].fingerprint.article_id: item[2] for item in near[:_SHORTLIST]}
        return list(chosen.values())

    def stories(self, shortlist: Iterable[Grouped]) -> Iterator[tuple[float, float, StoryId]]:
        """For the stories of the likeliest articles: the odds, minus the time of the earliest member, the id."""
        odds = sorted(((self.odds(grouped.fingerprint), grouped.story_id) for grouped in shortlist), reverse=True)
        for story_id in dict.fromkeys(story_id for _, story_id in odds[:_STORIES]):
            near = [member for member in self._window.members(story_id) if self._within_reach(member)]
            likely = sorted((self.odds(member) for member in near), reverse=True)
            mean_share = min(1.0, _MEAN_SHARE_PER_MEMBER * len(likely))
            combined = (1 - mean_share) * likely[0] + mean_share * math.fsum(likely) / len(likely)
            yield combined, -min(member.at.timestamp() for member in near), story_id

    def odds(self, other: Fingerprint) -> float:
        """Logarithm of the odds that both report one event."""
        found = self._odds.get(other.article_id)
        if found is None:
            found = self._odds[other.article_id] = self._fresh_odds(other)
        return found

    def _fresh_odds(self, other: Fingerprint) -> float:
        own, their = self._candidate.terms, other.terms
        norm, mass = self._size(other)
        shared = [term for term in own if term in their]
        product = math.fsum(own[term] * their[term] * self._term_idf(term) ** 2 for term in shared)
        common = math.fsum(min(own[term], their[term]) * self._term_idf(term) for term in shared)
        days = abs(self._candidate.at - other.at) / timedelta(days=1)
        return (
            self._prior
            + _BY_COSINE * _root_of_share(product, norm * self._norm)
            + _BY_OVERLAP * _root_of_share(common, min(mass, self._mass))
            + _BY_NAMES * self._shared_names(other)
            + _BY_DAY * days
        )

    def _shared_names(self, other: Fingerprint) -> float:
        smaller = min(self._worth(self._candidate.names), self._worth(other.names))
        return self._worth(self._candidate.names & other.names) / (smaller + _NAME_PRIOR)

    def _worth(self, names: Iterable[str]) -> float:
        return math.fsum(self._idf_of_name(name) for name in names)

    def _size(self, fingerprint: Fingerprint) -> tuple[float, float]:
        weighted = [weight * self._term_idf(term) for term, weight in fingerprint.terms.items()]
        return math.sqrt(math.fsum(value * value for value in weighted)), math.fsum(weighted)

    def _term_idf(self, term: str) -> float:
        found = self._idf.get(term)
        if found is None:
            had = self._known is not None and term in self._known.fingerprint.terms
            count = len(self._window.holders(term)) - had + (term in self._candidate.terms)
            found = self._idf[term] = self._rarity(count, TERM_SHARES.get(term, 0.0))
        return found

    def _idf_of_name(self, name: str) -> float:
        found = self._name_idf.get(name)
        if found is None:
            had = self._known is not None and name in self._known.fingerprint.names
            count = self._window.name_count(name) - had + (name in self._candidate.names)
            found = self._name_idf[name] = self._rarity(count, NAME_SHARES.get(name, 0.0))
        return found

    def _rarity(self, count: int, share: float) -> float:
        imagined = _PRIOR_ARTICLES * share
        return math.log((self._others + 1 + _PRIOR_ARTICLES) / (count + imagined + 0.5))

    def _within_reach(self, other: Fingerprint) -> bool:
        return other.article_id != self._candidate.article_id and self._in_time(other)

    def _in_time(self, other: Fingerprint) -> bool:
        return abs(self._candidate.at - other.at) <= REACH


def _root_of_share(part: float, whole: float) -> float:
    return math.sqrt(part / whole) if whole else 0.0
