"""Watches compiled once into a `WatchIndex`: one trie over the words of all their phrases.

Only watches with a finding of one of their terms are looked at (the idea of Lucene's Monitor); their conditions are
looked up among what was found, not searched for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from worker.forms import FormKind, forms_of
from worker.matching.concepts import Part, Spelling, spellings
from worker.matching.patterns import fault_of, name_steps, steps_of
from worker.matching.reading import TextWord
from worker.matching.trie import Trie
from worker.models.watch import Concept, Conditions, Layer, Meaning, Person, Phrase, Term, Together, Watch, Watchlist
from worker.text.words import words_of


class Role(StrEnum):
    """What a phrase found means for its watch."""

    TERM = "term"
    SURNAME = "surname"
    GROUP = "group"
    SURNAME_NEEDS = "surname_needs"
    SURNAME_UNLESS = "surname_unless"
    INTRODUCED_AS = "introduced_as"
    NAME_NEEDS = "name_needs"
    TERM_NEEDS = "term_needs"
    TERM_NEAR = "term_near"
    TERM_AWAY = "term_away"
    TERM_LACKS = "term_lacks"
    TERM_UNLESS = "term_unless"
    NONE = "none"
    NEEDS = "needs"
    UNLESS = "unless"


_OF_GIVEN = frozenset({FormKind.VOCATIVE, FormKind.LATIN, FormKind.CYRILLIC})
SPEAKING = frozenset({Role.TERM, Role.SURNAME, Role.GROUP})


class Slot(NamedTuple):
    """The place of one phrase: which watch, in which role, of which term and which group of it."""

    watch: int
    role: Role
    term: int = 0
    group: int = 0
    #: the phrase as the watch has it
    text: str = ""
    #: numbers of the concepts that gave the phrase weak names, so that their context decides
    weak_of: tuple[int, ...] = ()


class Found(NamedTuple):
    """A phrase found: its words are `words[first:last + 1]` of the article."""

    slot: Slot
    first: int
    last: int
    layer: Layer = Layer.FORMS


class Named(NamedTuple):
    """A part of a concept found."""

    part: Part
    text: str
    first: int
    last: int


class _Ends:
    """Everything that one phrase stands for."""

    __slots__ = ("concepts", "conditions", "speaking")

    def __init__(self) -> None:
        self.speaking: list[Slot] = []
        self.conditions: dict[int, list[Slot]] = {}
        self.concepts: list[tuple[int, Part, str]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What stands in one article."""

    #: by number of the watch, those with a term found, each in reading order
    of_watches: Mapping[int, Sequence[Found]]
    #: by number of the concept
    of_concepts: Mapping[int, Sequence[Named]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchIndex:
    """A compiled watchlist; make it with `compile_watches`."""

    watches: tuple[Watch, ...]
    #: by number of the watch: its terms, those of `any` first, then those of `all`
    terms: Sequence[tuple[Term, ...]]
    #: given names of persons as comparison forms, by number of the watch and of the term
    givens: Mapping[tuple[int, int], frozenset[str]]
    #: by number of the watch: whether one of its terms is a person
    has_person: Sequence[bool]
    #: by number of the concept: canonical name of the entity that it is, or empty
    entities: Sequence[str]
    #: watches that may fire by meaning alone
    by_meaning: frozenset[int]
    trie: Trie[_Ends]

    def find(self, words: Sequence[TextWord]) -> Findings:
        """Every phrase found in the words that bears on a watch with a term found."""
        hits = self.trie.find(words)
        of_watches: dict[int, list[Found]] = {number: [] for number in self.by_meaning}
        of_concepts: dict[int, list[Named]] = {}
        conditional = []
        for hit in hits:
            ends = hit.ends[0]
            for slot in ends.speaking:
                found = Found(slot, hit.first, hit.last, hit.layer)
                if slot.watch in of_watches:
                    of_watches[slot.watch].append(found)
                else:
                    of_watches[slot.watch] = [found]
            for number, part, text in ends.concepts:
                of_concepts.setdefault(number, []).append(Named(part, text, hit.first, hit.last))
            if ends.conditions:
                conditional.append((ends.conditions, hit))
        for conditions, hit in conditional:
            for number in conditions.keys() & of_watches.keys():
                of_watches[number] += (Found(slot, hit.first, hit.last, hit.layer) for slot in conditions[number])
        return Findings(of_watches=of_watches, of_concepts=of_concepts)


def compile_watches(watchlist: Watchlist) -> WatchIndex:
    """The index of a watchlist.

    Raises ValueError for a phrase without a word or a concept that is not there; the settings refuse both earlier,
    with their place.
    """
    return _Compiler(watchlist).index()


class _Compiler:
    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist
        self._trie: Trie[_Ends] = Trie()
        self._ends: dict[tuple[object, ...], _Ends] = {}
        self._numbers = {name: number for number, name in enumerate(watchlist.concepts)}

    def index(self) -> WatchIndex:
        watches = self._watchlist.watches
        for concept in self._watchlist.concepts.values():
            self._add_concept(concept)
        givens: dict[tuple[int, int], frozenset[str]] = {}
        terms = [(*watch.terms, *watch.all) for watch in watches]
        for number, watch in enumerate(watches):
            for slot, phrase in _phrases(number, watch, terms[number]):
                try:
                    self._add(slot, phrase)
                except ValueError as error:
                    raise ValueError(f"watch {watch.id}: {error}") from error
            for term_number, term in enumerate(terms[number]):
                if isinstance(term, Person):
                    givens[number, term_number] = _givens(term)
                    name = f"{term.given} {term.surname}".strip()
                    for surname in (term.surname, *term.other_surnames):
                        slot = Slot(number, Role.SURNAME, term_number, text=name)
                        self._at(name_steps(surname)).speaking.append(slot)
        self._trie.settle()
        return WatchIndex(
            watches=watches,
            terms=terms,
            givens=givens,
            has_person=[any(isinstance(term, Person) for term in of_watch) for of_watch in terms],
            entities=[concept.entity for concept in self._watchlist.concepts.values()],
            by_meaning=frozenset(
                number
                for number, of_watch in enumerate(terms)
                if any(isinstance(term, Meaning) and term.alone for term in of_watch)
            ),
            trie=self._trie,
        )

    def _add(self, slot: Slot, phrase: Phrase) -> None:
        for spelling in self._spellings(phrase):
            weak_of = tuple(self._numbers[name] for name in spelling.weak_of)
            own = slot._replace(text=slot.text and spelling.text, weak_of=weak_of)
            ends = self._at(steps_of(spelling.text))
            kept = ends.speaking if slot.role in SPEAKING else ends.conditions.setdefault(slot.watch, [])
            if own not in kept:
                kept.append(own)

    def _add_concept(self, concept: Concept) -> None:
        number = self._numbers[concept.name]
        parts = (
            (Part.STRONG, concept.strong),
            (Part.WEAK, concept.weak),
            (Part.CONTEXT, concept.context),
            (Part.NONE, concept.none),
        )
        for part, phrases in parts:
            for phrase in phrases:
                for spelling in self._spellings(phrase):
                    # A weak name of a concept within this one proves nothing for it.
                    if part is not Part.STRONG or not spelling.weak_of:
                        self._at(steps_of(spelling.text)).concepts.append((number, part, spelling.text))

    def _spellings(self, phrase: Phrase) -> Sequence[Spelling]:
        found = spellings(phrase.text, self._watchlist.concepts)
        for spelling in found:
            fault = fault_of(spelling.text)
            if fault is not None:
                raise ValueError(fault)
        return found

    def _at(self, steps: Sequence[tuple[object, ...]]) -> _Ends:
        """What the phrase of these steps stands for, made if need be."""
        key = tuple(steps)
        ends = self._ends.get(key)
        if ends is None:
            ends = self._ends[key] = _Ends()
            self._trie.add(steps, ends)  # type: ignore[arg-type]  # steps are Steps; `object` keeps the key simple
        return ends


def _phrases(number: int, watch: Watch, terms: Sequence[Term]) -> Iterator[tuple[Slot, Phrase]]:
    for role, phrases in ((Role.NONE, watch.none), (Role.NEEDS, watch.needs), (Role.UNLESS, watch.unless)):
        for phrase in phrases:
            yield Slot(number, role), phrase
    for term_number, term in enumerate(terms):
        for role, group, phrase in _phrases_of(term):
            yield Slot(number, role, term_number, group, phrase.text), phrase


def _phrases_of(term: Term) -> Iterator[tuple[Role, int, Phrase]]:
    match term:
        case Phrase():
            yield Role.TERM, 0, term
        case Person():
            yield from ((Role.SURNAME_NEEDS, 0, phrase) for phrase in term.surname_needs)
            yield from ((Role.SURNAME_UNLESS, 0, phrase) for phrase in term.surname_unless)
            yield from ((Role.INTRODUCED_AS, 0, phrase) for phrase in term.introduced_as)
            yield from ((Role.NAME_NEEDS, 0, phrase) for phrase in term.name_needs)
            yield from _of_conditions(term.conditions)
        case Together():
            for number, group in enumerate(term.groups):
                yield from ((Role.GROUP, number, phrase) for phrase in group)
            yield from _of_conditions(term.conditions)
        case Meaning():
            pass


def _of_conditions(conditions: Conditions) -> Iterator[tuple[Role, int, Phrase]]:
    yield from ((Role.TERM_NEEDS, 0, phrase) for phrase in conditions.needs)
    yield from ((Role.TERM_LACKS, 0, phrase) for phrase in conditions.or_lacks)
    yield from ((Role.TERM_UNLESS, 0, phrase) for phrase in conditions.unless)
    yield from ((Role.TERM_NEAR, 0, phrase) for phrase in conditions.near)
    yield from ((Role.TERM_AWAY, 0, phrase) for phrase in conditions.not_near)


def _givens(person: Person) -> frozenset[str]:
    written = [word.written for name in (person.given, *person.other_given) for word in words_of(name)]
    return frozenset(form for name in written for form in forms_of(name, kinds=_OF_GIVEN))
