"""How likely two articles report one event, and an article the event of a story; pure.

The odds of two articles are a logistic model of four likenesses, fitted on two sets of labelled stories and on the
recorded morning, and rounded. The more articles compete within reach, the more likeness it takes, since of a thousand
articles some resemble each other by chance; the factor of the logarithm of their number, left free, comes out as one.
A large story must be resembled as a whole, or subjects in the news for weeks would chain everything together: the
share of the average likeness was raised on six labelled sets, and held on five others. Weights fitted anew in the
order of publication, headlines, people and places in conflict, other shapes of time and a longer reach gain nothing on
sets left out that the recorded morning, a hundred articles at once, does not lose.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from worker.grouping.background import NAME_SHARES, TERM_SHARES
from worker.grouping.copies import is_another_issue
from worker.grouping.window import REACH, StoryWindow
from worker.models.alert import Fingerprint, Grouped
from worker.models.news import ArticleId, StoryId

_INTERCEPT = -1.4
_BY_COSINE = 6.2
_BY_OVERLAP = 2.8
_BY_NAMES = 1.9
_BY_DAY = -0.8
#: Of an article and the one of another day that it brings up to date: more than any likeness is worth.
_BY_SERIES = -10.0
#: Worth of an imagined name that only one of two articles has: one shared name is no proof, however short the lists.
_NAME_PRIOR = 2.0
#: Competitors assumed at least: in the first hours of a service few articles are known, though many exist.
_MIN_COMPETITORS = 2
#: What a further member adds to the part of the average likeness in the likeness to a story.
_MEAN_SHARE_PER_MEMBER = 0.3
#: Imagined articles of news at large: what is common there is not rare here while few articles are known.
_PRIOR_ARTICLES = 60
#: Articles and stories compared in full.
_SHORTLIST = 20
_STORIES = 8


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A story that an article may belong to; the likelier is greater, of equals the earlier."""

    #: logarithm of the odds that the article reports the event of the story
    odds: float
    #: of the earliest member within reach, negative
    minus_since: float
    story_id: StoryId


class Comparison:
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

    def stories(self, shortlist: Iterable[Grouped]) -> Iterator[Candidate]:
        """The stories of the likeliest articles."""
        odds = sorted(((self.odds(grouped.fingerprint), grouped.story_id) for grouped in shortlist), reverse=True)
        for story_id in dict.fromkeys(story_id for _, story_id in odds[:_STORIES]):
            near = [member for member in self._window.members(story_id) if self._within_reach(member)]
            likely = sorted((self.odds(member) for member in near), reverse=True)
            mean_share = min(1.0, _MEAN_SHARE_PER_MEMBER * len(likely))
            combined = (1 - mean_share) * likely[0] + mean_share * math.fsum(likely) / len(likely)
            yield Candidate(combined, -min(member.at.timestamp() for member in near), story_id)

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
        odds = (
            self._prior
            + _BY_COSINE * _root_of_share(product, norm * self._norm)
            + _BY_OVERLAP * _root_of_share(common, min(mass, self._mass))
            + _BY_NAMES * self._shared_names(other)
            + _BY_DAY * days
        )
        return odds + _BY_SERIES if odds > 0 and is_another_issue(self._candidate, other) else odds

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
