"""What an article is about, as key phrases in the words of the article; pure.

Names in canonical form and noun phrases, ranked by where and how often they stand. A phrase is written as a reader
would write it by itself: nominative, indefinite, singular or plural as the article mostly has it, adjectives agreeing.
What `worker.topics.grammar` finds no agreement in is left out: fewer phrases rather than broken ones.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from worker.models.news import Analysis, Article, Topic, TopicKind
from worker.text.fold import fold_word
from worker.topics.names import names_in
from worker.topics.noun_phrases import FIELD_WEIGHTS, Sighting, noun_phrases_in

MAX_TOPICS = 8
_MAX_NAMES = 5
_MIN_TOPICS = 3
#: Beyond the first three, phrases with less than this share of the best are left out.
_MIN_SCORE = 0.25
_WORDS_FACTORS = {1: 0.6, 2: 1.3}
_MANY_WORDS_FACTOR = 1.5
_NAME_FACTOR = 1.0
#: What a head noun that also stands alone adds to its phrase.
_HEAD_SHARE = 0.5
#: One noun by itself is a topic from this weight on (in title or summary, or more than once), or for want of others.
_MIN_NOUN_WEIGHT = 2.0


@dataclass(slots=True)
class _Candidate:
    """One phrase and what was seen of it so far."""

    words: tuple[str, ...]
    head: str
    is_name: bool
    weight: float = 0.0
    forms: Counter[str] = field(default_factory=Counter)

    @property
    def shown(self) -> str:
        """The form that weighs most; the first seen of equal ones."""
        return max(self.forms, key=self.forms.__getitem__)

    @property
    def value(self) -> float:
        if self.is_name:
            return self.weight * _NAME_FACTOR
        return self.weight * _WORDS_FACTORS.get(len(self.words), _MANY_WORDS_FACTOR)


def phrases_of(article: Article, analysis: Analysis) -> tuple[Topic, ...]:
    """Up to eight key phrases, strongest first with score 1; fewer where the text has no more to name."""
    candidates: dict[str, _Candidate] = {}
    for sighting in _sightings(article, analysis):
        key = " ".join(sighting.words)
        candidate = candidates.setdefault(key, _Candidate(sighting.words, sighting.head, sighting.is_name))
        candidate.weight += sighting.weight
        candidate.forms[sighting.shown] += round(sighting.weight)
    for candidate in candidates.values():
        if len(candidate.words) > 1 and not candidate.is_name and candidate.head in candidates:
            candidate.weight += _HEAD_SHARE * candidates[candidate.head].weight
    ranked = sorted(candidates.values(), key=lambda one: -one.value)
    chosen = list(_distinct([one for one in ranked if len(one.words) > 1 or one.is_name or _is_heavy(one)]))
    if len(chosen) < _MIN_TOPICS:
        chosen = list(_distinct(ranked))
    chosen = chosen[:MAX_TOPICS]
    if not chosen:
        return ()
    best = chosen[0].value
    kept = [one for place, one in enumerate(chosen) if place < _MIN_TOPICS or one.value >= _MIN_SCORE * best]
    return tuple(Topic(name=one.shown, score=round(one.value / best, 4), kind=TopicKind.PHRASE) for one in kept)


def _sightings(article: Article, analysis: Analysis) -> Iterator[Sighting]:
    names = tuple(names_in(article, analysis))
    for name in names:
        words = tuple(fold_word(name.shown).split())
        weight = FIELD_WEIGHTS[name.mention.field]
        yield Sighting(words=words, head=words[-1], shown=name.shown, weight=weight, is_name=True)
    for part in FIELD_WEIGHTS:
        covered = [(name.mention.start, name.mention.end) for name in names if name.mention.field is part]
        for sentence in analysis.sentences.get(part, ()):
            yield from noun_phrases_in(sentence, article.text_of(part), covered, FIELD_WEIGHTS[part])


def _is_heavy(candidate: _Candidate) -> bool:
    return candidate.weight >= _MIN_NOUN_WEIGHT


def _distinct(ranked: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """Leaves out what repeats a stronger phrase in fewer or more words, and names beyond the first few."""
    taken: list[_Candidate] = []
    for candidate in ranked:
        names = sum(one.is_name for one in taken)
        if (candidate.is_name and names == _MAX_NAMES) or any(_is_one_idea(candidate, other) for other in taken):
            continue
        taken.append(candidate)
        yield candidate


def _is_one_idea(weaker: _Candidate, stronger: _Candidate) -> bool:
    """Words of one within the other, the same when shown, or one noun described in two ways where once is little."""
    words, others = frozenset(weaker.words), frozenset(stronger.words)
    if words <= others or others <= words or weaker.shown == stronger.shown:
        return True
    is_described = not weaker.is_name and not stronger.is_name and weaker.head == stronger.head
    return is_described and weaker.weight < _MIN_NOUN_WEIGHT
