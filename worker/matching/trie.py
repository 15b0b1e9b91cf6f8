"""All phrases of all watches in one trie over words; a text is walked once, whatever the number of watches.

A step of the trie is a test for one word, so inflection never multiplies the paths. What a word leads to from the
root is remembered, since most words of the news come again and lead nowhere.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Generic, NamedTuple, TypeVar

from worker.matching.patterns import Case, Pattern, Step, agrees
from worker.matching.reading import TextWord
from worker.models.watch import Layer

End = TypeVar("End")
#: So many different words are remembered; then all are forgotten.
_MAX_REMEMBERED = 100_000
#: A node with more ways on than this is searched through an index.
_MAX_SCANNED = 6
#: So many letters tell how a word begins.
_BEGINNING = 4
_ONE_EACH = 2


class Hit(NamedTuple, Generic[End]):
    """A phrase complete: its words are `words[first:last + 1]`; `ends` are all that it stands for."""

    ends: Sequence[End]
    first: int
    last: int
    layer: Layer


class _Edge(NamedTuple, Generic[End]):
    case: Case
    node: "_Node[End]"
    layer: Layer


class _Index(Generic[End]):
    """The ways on from one node, by what they accept."""

    __slots__ = ("_by_form", "_by_lemma", "_by_prefix", "_lengths")

    def __init__(self, ways: "Sequence[tuple[Pattern, _Node[End]]]") -> None:
        self._by_form: dict[str, list[_Edge[End]]] = {}
        self._by_lemma: dict[str, list[_Edge[End]]] = {}
        self._by_prefix: dict[str, list[_Edge[End]]] = {}
        for pattern, node in ways:
            by_form = _Edge(pattern.case, node, Layer.FORMS)
            for form in pattern.forms:
                self._by_form.setdefault(form, []).append(by_form)
            for lemma in pattern.lemmas:
                self._by_lemma.setdefault(lemma, []).append(_Edge(pattern.case, node, Layer.MODELS))
            if pattern.prefix:
                self._by_prefix.setdefault(pattern.prefix, []).append(by_form)
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})

    def edges(self, key: str, lemmas: Sequence[str]) -> "list[_Edge[End]]":
        """Where a word leads, forms before lemmas."""
        edges = list(self._by_form.get(key, ()))
        for length in self._lengths:
            edges += self._by_prefix.get(key[:length], ())
        for lemma in lemmas:
            edges += self._by_lemma.get(lemma, ())
        return edges


class _Node(Generic[End]):
    __slots__ = ("_tests", "children", "ends", "index", "ways")

    def __init__(self) -> None:
        self.ends: list[End] = []
        self.children: dict[Step, _Node[End]] = {}
        #: the same ways on as `children`, by pattern
        self.ways: list[tuple[Pattern, _Node[End]]] = []
        self._tests: list[tuple[frozenset[str], frozenset[str], str, _Edge[End], _Edge[End]]] = []
        self.index: _Index[End] | None = None

    def child(self, step: Step) -> "_Node[End]":
        """The node after `step`, made if need be."""
        node = self.children.get(step)
        if node is None:
            node = self.children[step] = _Node()
            for pattern in step:
                self.ways.append((pattern, node))
                by_form, by_lemma = (_Edge(pattern.case, node, layer) for layer in Layer)
                self._tests.append((pattern.forms, pattern.lemmas, pattern.prefix, by_form, by_lemma))
        return node

    def settle(self) -> None:
        """Builds the index of a node with many ways on."""
        if len(self.ways) > _MAX_SCANNED and self.index is None:
            self.index = _Index(self.ways)
            self._tests = []

    def edges(self, key: str, lemmas: Sequence[str]) -> "list[_Edge[End]]":
        """Where a word leads, whatever its case."""
        if self.index is not None:
            return self.index.edges(key, lemmas)
        edges = []
        for forms, lemmas_of, prefix, by_form, by_lemma in self._tests:
            if key in forms or (prefix and key.startswith(prefix)):
                edges.append(by_form)
            elif lemmas and not lemmas_of.isdisjoint(lemmas):
                edges.append(by_lemma)
        return edges


class _Start(NamedTuple, Generic[End]):
    """What is known of a word as the first of a phrase, and as the second."""

    #: where the word is a whole phrase
    ends: "tuple[_Edge[End], ...]"
    #: where it begins a longer one
    ways: "tuple[_Edge[End], ...]"
    beginnings: tuple[str, ...]


class Trie(Generic[End]):
    """Add all phrases first, then only find: what a word leads to is remembered."""

    def __init__(self) -> None:
        self._root: _Node[End] = _Node()
        self._known: dict[tuple[str, tuple[str, ...]], _Start[End]] = {}
        #: beginnings of the first and second words of all phrases: what is not here needs no closer look
        self._pairs: set[tuple[str, str]] = set()
        #: what stands before a star in too few letters
        self._short: set[str] = set()

    def add(self, steps: Sequence[Step], end: End) -> None:
        """Makes a phrase lead to `end`; a phrase of no steps is never found. All phrases come before `settle`."""
        node = self._root
        for step in steps:
            node = node.child(step)
        if steps and end not in node.ends:
            node.ends.append(end)
        self._short.update(
            pattern.prefix for step in steps[:2] for pattern in step if 0 < len(pattern.prefix) < _BEGINNING
        )
        if len(steps) > 1:
            self._pairs.update(product(_accepted(steps[0]), _accepted(steps[1])))

    def settle(self) -> None:
        """Builds the indexes, which would otherwise be missing; call it once, after the last phrase."""
        nodes = [self._root]
        while nodes:
            node = nodes.pop()
            node.settle()
            nodes += node.children.values()

    def find(self, words: Sequence[TextWord]) -> list[Hit[End]]:
        """Every phrase that stands in the words, by its first word."""
        hits: list[Hit[End]] = []
        known, pairs = self._known, self._pairs
        starts = [known.get((word.word.key, word.lemmas)) or self._remember(word) for word in words]
        last = len(words) - 1
        for first, start in enumerate(starts):
            for case, node, layer in start.ends:
                if case is Case.ANY or agrees(case, words[first].word.written):
                    hits.append(Hit(node.ends, first, first, layer))
            if start.ways and first < last and words[first + 1].joined:
                # Nearly all paths end with the second word, most of them by how it begins.
                mine, its = start.beginnings, starts[first + 1].beginnings
                if (mine[0], its[0]) in pairs or (
                    len(mine) + len(its) > _ONE_EACH and not pairs.isdisjoint(product(mine, its))
                ):
                    _follow(start.ways, words, first, hits)
        return hits

    def _remember(self, word: TextWord) -> _Start[End]:
        if len(self._known) >= _MAX_REMEMBERED:
            self._known.clear()
        key, lemmas = word.word.key, word.lemmas
        found: dict[tuple[Case, _Node[End]], _Edge[End]] = {}
        for edge in self._root.edges(key, lemmas):
            if edge.layer is Layer.FORMS or (edge.case, edge.node) not in found:
                # What forms lead to needs no model.
                found[edge.case, edge.node] = edge
        start = self._known[key, lemmas] = _Start(
            tuple(edge for edge in found.values() if edge.node.ends),
            tuple(edge for edge in found.values() if edge.node.ways),
            tuple(dict.fromkeys((*(form[:_BEGINNING] for form in (key, *lemmas)), *self._short_of(key)))),
        )
        return start

    def _short_of(self, key: str) -> Iterator[str]:
        return (key[:size] for size in range(1, _BEGINNING) if key[:size] in self._short)


def _accepted(step: Step) -> set[str]:
    """How the words begin that a step accepts."""
    found: set[str] = set()
    for pattern in step:
        found.update(form[:_BEGINNING] for form in (*pattern.forms, *pattern.lemmas))
        if len(pattern.prefix) >= _BEGINNING:
            found.add(pattern.prefix[:_BEGINNING])
        elif pattern.prefix:
            found.add(pattern.prefix)
    return found


def _follow(edges: "Sequence[_Edge[End]]", words: Sequence[TextWord], first: int, hits: list[Hit[End]]) -> None:
    """Adds the phrases of two words and more that begin with these edges at the word `first`."""
    ways = [(edges, Layer.FORMS)]
    last = first
    while ways:
        word = words[last]
        reached: dict[_Node[End], Layer] = {}
        for onward, so_far in ways:
            for case, node, by in onward:
                if case is Case.ANY or agrees(case, word.word.written):
                    layer = by if so_far is Layer.FORMS else so_far
                    if layer is Layer.FORMS or node not in reached:
                        # By the least that it takes to get there.
                        reached[node] = layer
        if last > first:
            hits += (Hit(node.ends, first, last, layer) for node, layer in reached.items() if node.ends)
        last += 1
        if last >= len(words) or not words[last].joined:
            return
        key, lemmas = words[last].word.key, words[last].lemmas
        ways = [(onward, layer) for node, layer in reached.items() if node.ways and (onward := node.edges(key, lemmas))]
