"""All phrases of all watches in one trie over words; a text is walked once, whatever the number of watches.

A step of the trie is a test for one word, so inflection never multiplies the paths. What a word leads to from the
root is remembered, since most words of the news come again and lead nowhere.
"""

from collections.abc import Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from worker.matching.patterns import Case, Pattern, Step, agrees
from worker.matching.reading import TextWord
from worker.models.watch import Layer

End = TypeVar("End")
#: So many different words are remembered; then all are forgotten.
_MAX_REMEMBERED = 100_000
#: A node with more ways on than this is searched through an index.
_MAX_SCANNED = 6


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

    def __init__(self, ways: "Iterator[tuple[Pattern, _Node[End]]]") -> None:
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
    __slots__ = ("children", "ends", "index")

    def __init__(self) -> None:
        self.ends: list[End] = []
        self.children: dict[Step, _Node[End]] = {}
        self.index: _Index[End] | None = None

    def ways(self) -> "Iterator[tuple[Pattern, _Node[End]]]":
        return ((pattern, node) for step, node in self.children.items() for pattern in step)

    def edges(self, key: str, lemmas: Sequence[str]) -> "list[_Edge[End]]":
        """Where a word leads."""
        if len(self.children) > _MAX_SCANNED:
            if self.index is None:
                self.index = _Index(self.ways())
            return self.index.edges(key, lemmas)
        edges = []
        for pattern, node in self.ways():
            if key in pattern.forms or (pattern.prefix and key.startswith(pattern.prefix)):
                edges.append(_Edge(pattern.case, node, Layer.FORMS))
            elif not pattern.lemmas.isdisjoint(lemmas):
                edges.append(_Edge(pattern.case, node, Layer.MODELS))
        return edges


class Trie(Generic[End]):
    """Add all phrases first, then only find: what a word leads to is remembered."""

    def __init__(self) -> None:
        self._root: _Node[End] = _Node()
        self._known: dict[tuple[str, tuple[str, ...]], tuple[_Edge[End], ...]] = {}

    def add(self, steps: Sequence[Step], end: End) -> None:
        """Makes a phrase lead to `end`; a phrase of no steps is never found."""
        node = self._root
        for step in steps:
            following = node.children.get(step)
            if following is None:
                following = node.children[step] = _Node()
            node = following
        if steps and end not in node.ends:
            node.ends.append(end)

    def find(self, words: Sequence[TextWord]) -> Iterator[Hit[End]]:
        """Every phrase that stands in the words, by its first word."""
        known = self._known
        for first, word in enumerate(words):
            key = (word.word.key, word.lemmas)
            edges = known.get(key)
            if edges is None:
                edges = self._remember(key)
            if edges:
                yield from _follow(edges, words, first)

    def _remember(self, key: tuple[str, tuple[str, ...]]) -> "tuple[_Edge[End], ...]":
        if len(self._known) >= _MAX_REMEMBERED:
            self._known.clear()
        edges = self._known[key] = tuple(self._root.edges(*key))
        return edges


def _follow(edges: "Sequence[_Edge[End]]", words: Sequence[TextWord], first: int) -> Iterator[Hit[End]]:
    """What is complete along the paths that begin with these edges at the word `first`."""
    reached: dict[int, tuple[_Node[End], Layer]] = {}
    _reach(reached, edges, words[first], Layer.FORMS)
    last = first
    while reached:
        for node, layer in reached.values():
            if node.ends:
                yield Hit(node.ends, first, last, layer)
        last += 1
        if last >= len(words) or not words[last].joined:
            return
        word = words[last]
        before, reached = reached, {}
        for node, layer in before.values():
            if node.children:
                _reach(reached, node.edges(word.word.key, word.lemmas), word, layer)


def _reach(
    reached: "dict[int, tuple[_Node[End], Layer]]", edges: "Sequence[_Edge[End]]", word: TextWord, so_far: Layer
) -> None:
    """Adds the nodes that a word leads to, each by the least that it takes to get there."""
    for case, node, by in edges:
        if agrees(case, word.word.written):
            layer = by if so_far is Layer.FORMS else so_far
            if id(node) not in reached or layer is Layer.FORMS:
                reached[id(node)] = (node, layer)
