"""Which terms of a watch count in an article, each with the words that speak for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from worker.matching.concepts import Established, Place
from worker.matching.contexts import settings_of
from worker.matching.evidence import JOINER, Span
from worker.matching.people import is_called_otherwise, is_of_another, name_at, persons_found
from worker.matching.places import Mentioned
from worker.matching.reading import ArticleWords
from worker.matching.terms import SPEAKING, Found, Named, Role, WatchIndex
from worker.matching.together import windows
from worker.models.news import Analysis, Article
from worker.models.watch import Conditions, Layer, Meaning, Person, Phrase, Term, Together

_NO_CONDITIONS = Conditions()
#: What an article is about stands in its first sentences; the model of meaning is slow.
_MEANT_SENTENCES = 5
#: A word of a field says little, two say that the article is of it.
_TELLING = 2
#: From here on a sentence says what a description means.
_SAYS = 0.5


@dataclass(slots=True, kw_only=True)
class Text:
    """An article ready to be judged."""

    article: Article
    analysis: Analysis | None
    #: codes of categories and folded key phrases; empty: nobody looked
    about: frozenset[str]
    read: ArticleWords
    mentioned: Mentioned
    #: of publication, in Bulgaria
    day: date
    of_concepts: Mapping[int, Sequence[Named]]
    #: by number of the concept: canonical name of what it is, where that is an entity
    entities: Sequence[str]
    #: canonical names of all that the article mentions
    names: frozenset[str]
    closeness: "Closeness | None" = None
    _established: dict[int, Established] = field(default_factory=dict)

    @property
    def is_confirmed(self) -> bool:
        """Whether models read the article."""
        return self.analysis is not None and self.analysis.is_confirmed

    def is_meant(self, found: Found) -> bool:
        """Whether a finding means what it stands for: always, unless it holds a concept's weak name."""
        return all(self._means(number, found) for number in found.slot.weak_of)

    def _means(self, number: int, found: Found) -> bool:
        words = self.read.words
        established = self._established.get(number)
        if established is None:
            places = [Place(*one, sentence=words[one.first].sentence) for one in self.of_concepts.get(number, ())]
            is_mentioned = bool(self.entities[number]) and self.entities[number] in self.names
            established = self._established[number] = Established(places, is_mentioned=is_mentioned)
        return established.means(found.first, found.last, words[found.first].sentence)


#: How surely a sentence says what a description means, 0–1, for each sentence.
Closeness = Callable[[str, Sequence[str]], Sequence[float]]


class Counted(NamedTuple):
    """A term that counts."""

    number: int
    weight: float
    spans: Sequence[Span]
    layer: Layer


def count(text: Text, index: WatchIndex, number: int, found: Sequence[Found]) -> list[Counted]:
    """The terms of a watch that count, in its order; each says what it rests on."""
    judge = _Judge(text, index, number, found)
    counted: list[Counted] = []
    meanings: list[tuple[int, Meaning]] = []
    for term_number, term in enumerate(index.terms[number]):
        if isinstance(term, Meaning):
            meanings.append((term_number, term))
        elif (of_term := judge.by_term.get(term_number)) and (spans := judge.spans(term_number, term, of_term)):
            by_forms = any(span.layer is Layer.FORMS for span in spans) and _is_met_by_forms(term, of_term)
            layer = Layer.FORMS if by_forms else Layer.MODELS
            counted.append(Counted(term_number, term.weight, spans, layer))
    for term_number, meaning in meanings:
        # The costliest question, asked last and only where the answer can matter.
        if (meaning.alone or any(one.weight > 0 for one in counted)) and (spans := _meant(text, meaning)):
            counted.append(Counted(term_number, meaning.weight, spans, Layer.MODELS))
    return sorted(counted)


class _Judge:
    """What one watch says of its findings in one article."""

    def __init__(self, text: Text, index: WatchIndex, number: int, found: Sequence[Found]) -> None:
        self._text = text
        self._index = index
        self._number = number
        self._against = _Against([one for one in found if one.slot.role is Role.NONE])
        self._surnames = {one.first for one in found if one.slot.role is Role.SURNAME}
        self.by_term: dict[int, list[Found]] = {}
        for one in found:
            if one.slot.role not in {Role.NONE, Role.NEEDS, Role.UNLESS}:
                self.by_term.setdefault(one.slot.term, []).append(one)

    def spans(self, term_number: int, term: Phrase | Person | Together, found: Sequence[Found]) -> list[Span]:
        """The words that speak for a term; none where it does not count."""
        conditions = _NO_CONDITIONS if isinstance(term, Phrase) else term.conditions
        if not _applies(conditions, found, self._text.day):
            return []
        speaking = [one for one in found if one.slot.role in SPEAKING and self._stands(conditions, one)]
        speaking = self._in_company(conditions, speaking, found)
        if not speaking:
            return []
        if isinstance(term, Person):
            return self._person(term_number, term, speaking, found)
        speaking = [one for one in speaking if not self._against.cancels(one)]
        if self._index.has_person[self._number]:
            words, people = self._text.read.words, self._text.mentioned
            speaking = [one for one in speaking if not is_of_another(words, one.last, self._surnames, people)]
        if isinstance(term, Phrase):
            return [Span(one.first, one.last, one.slot.text, one.layer) for one in speaking]
        return self._together(term, speaking)

    def _in_company(self, conditions: Conditions, speaking: list[Found], found: Sequence[Found]) -> list[Found]:
        """The findings in whose sentence stands what must, and nothing that must not."""
        if not conditions.near and not conditions.not_near:
            return speaking
        words = self._text.read.words
        near = {words[one.first].sentence for one in found if one.slot.role is Role.TERM_NEAR}
        away = {words[one.first].sentence for one in found if one.slot.role is Role.TERM_AWAY}
        return [
            one
            for one in speaking
            if words[one.first].sentence not in away and (not conditions.near or words[one.first].sentence in near)
        ]

    def _together(self, term: Together, speaking: Sequence[Found]) -> list[Span]:
        spans: list[Span] = []
        for window in windows(term, speaking, self._text.read.words):
            label = JOINER.join(one.slot.text for one in window)
            layer = Layer.FORMS if all(one.layer is Layer.FORMS for one in window) else Layer.MODELS
            spans += (Span(one.first, one.last, label, layer) for one in window)
        return spans

    def _person(
        self, term_number: int, person: Person, surnames: Sequence[Found], found: Sequence[Found]
    ) -> list[Span]:
        givens = self._index.givens[self._number, term_number]
        words = self._text.read.words
        named = [name_at(words, one, givens, self._text.mentioned) for one in surnames]
        callings = {one.last for one in found if one.slot.role is Role.INTRODUCED_AS}
        cancelled = {
            name
            for name in named
            if self._against.overlaps(name.first, name.last)
            or (person.introduced_as and is_called_otherwise(words, name, callings))
        }
        roles = {one.slot.role for one in found}
        if person.name_needs and Role.NAME_NEEDS not in roles:
            return []
        confirmed = (not person.surname_needs or Role.SURNAME_NEEDS in roles) and not self._is_elsewhere(found)
        label = surnames[0].slot.text
        return [
            Span(name.first, name.last, label, Layer.FORMS)
            for name in persons_found(named, cancelled=cancelled, confirmed=confirmed)
        ]

    def _is_elsewhere(self, found: Sequence[Found]) -> bool:
        """Whether the article is of a field where others bear the surname, by two of its words at least and more of
        them than speak for the person.
        """
        words = self._text.read.words
        against, speaking = (
            len({words[one.first].word.key for one in found if one.slot.role is role})
            for role in (Role.SURNAME_UNLESS, Role.SURNAME_NEEDS)
        )
        return against >= _TELLING and against > speaking

    def _stands(self, conditions: Conditions, one: Found) -> bool:
        """Whether a finding stands where and as its term wants it."""
        words = self._text.read.words
        if conditions.fields and words[one.first].field not in conditions.fields:
            return False
        if (
            conditions.entity is not None
            and self._text.is_confirmed
            and self._text.mentioned.around(words[one.first], conditions.entity) is None
        ):
            return False
        return not conditions.skips or conditions.skips.isdisjoint(settings_of(words, one.first, self._text.day.year))


def _is_met_by_forms(term: Term, found: Sequence[Found]) -> bool:
    """Whether the conditions of a term that counts are met without what only models make out."""
    if isinstance(term, Phrase | Meaning) or not term.conditions.needs:
        return True
    needed = [one for one in found if one.slot.role is Role.TERM_NEEDS]
    return not needed or any(one.layer is Layer.FORMS for one in needed)


def _applies(conditions: Conditions, found: Sequence[Found], day: date) -> bool:
    if conditions is _NO_CONDITIONS:
        return True
    roles = {one.slot.role for one in found}
    if Role.TERM_UNLESS in roles:
        return False
    if conditions.needs and Role.TERM_NEEDS not in roles and (not conditions.or_lacks or Role.TERM_LACKS in roles):
        return False
    return (conditions.since is None or conditions.since <= day) and (
        conditions.until is None or day < conditions.until
    )


def _meant(text: Text, term: Meaning) -> list[Span]:
    """The sentences that say what is meant, whole."""
    if text.closeness is None:
        return []
    places: dict[int, tuple[int, int]] = {}
    for position, word in enumerate(text.read.words):
        if word.sentence not in places and len(places) == _MEANT_SENTENCES:
            break
        first, _ = places.get(word.sentence, (position, position))
        places[word.sentence] = (first, position)
    words = text.read.words
    sentences = [
        text.article.text_of(words[first].field)[words[first].word.start : words[last].word.end]
        for first, last in places.values()
    ]
    surely = text.closeness(term.description, sentences)
    return [
        Span(first, last, term.description, Layer.MODELS)
        for (first, last), probability in zip(places.values(), surely, strict=True)
        if probability >= _SAYS
    ]


class _Against:
    """The `none` phrases found in an article; they cancel what they share a word with."""

    def __init__(self, found: Sequence[Found]) -> None:
        self._spans: dict[int, tuple[int, int]] = {}
        for one in sorted(found, key=lambda one: one.last - one.first):
            # The longest phrase over a word decides, so that a finding is not longer than all of them by chance.
            self._spans.update(dict.fromkeys(range(one.first, one.last + 1), (one.first, one.last)))

    def overlaps(self, first: int, last: int) -> bool:
        """Whether a span shares a word with one of them."""
        return any(word in self._spans for word in range(first, last + 1))

    def cancels(self, one: Found) -> bool:
        """Whether a finding is cancelled: it shares a word with one that it does not contain as part of itself."""
        if not self._spans:
            return False
        spans = {self._spans[word] for word in range(one.first, one.last + 1) if word in self._spans}
        return any(
            not (one.first <= first and last <= one.last and last - first < one.last - one.first)
            for first, last in spans
        )
