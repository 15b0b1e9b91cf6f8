"""Watches compiled once into a `WatchIndex`: one trie over the words of all their phrases.

A text is walked once for all watches, and only watches with a finding are looked at (the idea of Lucene's
Monitor). A step of the trie is a test for one word, so inflection never multiplies the paths.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from worker.matching.latin import latin_of
from worker.matching.patterns import Case, Step, agrees, fault_of, name_steps, steps_of
from worker.matching.reading import TextWord
from worker.models.watch import Person, Phrase, Together, Watch, Watchlist
from worker.text.words import words_of


class Role(StrEnum):
    """What a phrase found means for its watch."""

    TERM = "term"
    SURNAME = "surname"
    SURNAME_NEEDS = "surname_needs"
    GROUP = "group"
    TERM_NEEDS = "term_needs"
    TERM_UNLESS = "term_unless"
    NONE = "none"
    NEEDS = "needs"
    UNLESS = "unless"


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one phrase: which watch, in which role, of which term and which group of it."""

    watch: int
    role: Role
    term: int = 0
    group: int = 0
    #: the phrase as the watch has it
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found: its words are `words[first:last + 1]` of the article."""

    slot: Slot
    first: int
    last: int


@dataclass(slots=True)
class _Node:
    """A step of the trie; `ends` are the phrases that are complete here. Not changed once it is built."""

    ends: list[Slot] = field(default_factory=list)
    children: dict[Step, "_Node"] = field(default_factory=dict)
    by_form: dict[str, list[tuple[Case, "_Node"]]] = field(default_factory=dict)
    by_lemma: dict[str, list[tuple[Case, "_Node"]]] = field(default_factory=dict)
    by_prefix: dict[str, list[tuple[Case, "_Node"]]] = field(default_factory=dict)
    prefix_lengths: tuple[int, ...] = ()

    def child(self, step: Step) -> "_Node":
        """The node after `step`, made if need be."""
        node = self.children.get(step)
        if node is not None:
            return node
        node = self.children[step] = _Node()
        for pattern in step:
            edge = (pattern.case, node)
            for form in pattern.forms:
                self.by_form.setdefault(form, []).append(edge)
            for lemma in pattern.lemmas:
                self.by_lemma.setdefault(lemma, []).append(edge)
            if pattern.prefix:
                self.by_prefix.setdefault(pattern.prefix, []).append(edge)
                self.prefix_lengths = tuple(sorted({*self.prefix_lengths, len(pattern.prefix)}))
        return node

    def after(self, word: TextWord) -> list["_Node"]:
        """The nodes that `word` leads to, each once."""
        key = word.word.key
        edges = list(self.by_form.get(key, ()))
        for lemma in word.lemmas:
            edges += self.by_lemma.get(lemma, ())
        for length in self.prefix_lengths:
            edges += self.by_prefix.get(key[:length], ())
        distinct = {id(node): node for case, node in edges if agrees(case, word.word.written)}
        return list(distinct.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchIndex:
    """A compiled watchlist; make it with `compile_watches`."""

    watches: tuple[Watch, ...]
    #: given names of persons as comparison forms, by number of the watch and of the term
    givens: Mapping[tuple[int, int], frozenset[str]]
    #: by number of the watch: whether one of its terms is a person
    has_person: Sequence[bool]
    root: _Node

    def find(self, words: Sequence[TextWord]) -> Mapping[int, tuple[Found, ...]]:
        """Every phrase found in the words, by number of the watch, in reading order."""
        found: dict[int, dict[Found, None]] = {}
        for first, word in enumerate(words):
            nodes = self.root.after(word)
            last = first
            while nodes:
                for node in nodes:
                    for slot in node.ends:
                        found.setdefault(slot.watch, {})[Found(slot, first, last)] = None
                last += 1
                if last >= len(words) or not words[last].joined:
                    break
                nodes = [after for node in nodes for after in node.after(words[last])]
        return {watch: tuple(hits) for watch, hits in found.items()}


def compile_watches(watchlist: Watchlist) -> WatchIndex:
    """The index of a watchlist.

    Raises ValueError for a phrase without a word; the settings refuse it earlier, with its place.
    """
    root = _Node()
    givens: dict[tuple[int, int], frozenset[str]] = {}
    for number, watch in enumerate(watchlist.watches):
        for slot, phrase in _phrases(number, watch):
            fault = fault_of(phrase.text)
            if fault is not None:
                raise ValueError(f"watch {watch.id}: {fault}")
            _add(root, steps_of(phrase.text), slot)
        for term_number, term in enumerate(watch.terms):
            if isinstance(term, Person):
                givens[number, term_number] = _givens(term)
                name = f"{term.given} {term.surname}".strip()
                for surname in (term.surname, *term.other_surnames):
                    _add(root, name_steps(surname), Slot(number, Role.SURNAME, term_number, text=name))
    return WatchIndex(
        watches=watchlist.watches,
        givens=givens,
        has_person=tuple(any(isinstance(t, Person) for t in watch.terms) for watch in watchlist.watches),
        root=root,
    )


def _phrases(number: int, watch: Watch) -> Iterator[tuple[Slot, Phrase]]:
    for role, phrases in ((Role.NONE, watch.none), (Role.NEEDS, watch.needs), (Role.UNLESS, watch.unless)):
        for phrase in phrases:
            yield Slot(number, role), phrase
    for term_number, term in enumerate(watch.terms):
        for role, group, phrase in _phrases_of(term):
            yield Slot(number, role, term_number, group, phrase.text), phrase


def _phrases_of(term: Phrase | Person | Together) -> Iterator[tuple[Role, int, Phrase]]:
    match term:
        case Phrase():
            yield Role.TERM, 0, term
        case Person():
            yield from ((Role.SURNAME_NEEDS, 0, phrase) for phrase in term.surname_needs)
        case Together():
            for number, group in enumerate(term.groups):
                yield from ((Role.GROUP, number, phrase) for phrase in group)
            yield from ((Role.TERM_NEEDS, 0, phrase) for phrase in term.needs)
            yield from ((Role.TERM_UNLESS, 0, phrase) for phrase in term.unless)


def _givens(person: Person) -> frozenset[str]:
    written = [word.key for name in (person.given, *person.other_given) for word in words_of(name)]
    return frozenset({*written, *(latin_of(name) for name in written)})


def _add(root: _Node, steps: Sequence[Step], slot: Slot) -> None:
    node = root
    for step in steps:
        node = node.child(step)
    if steps and slot not in node.ends:
        node.ends.append(slot)
