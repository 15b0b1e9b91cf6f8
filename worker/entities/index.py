"""The catalogue compiled once: every name of every actor in one trie over words, with the forms that a name takes.

A name's first word carries the definite article (Европейската комисия, Алиансът, Висшия съдебен съвет); other words
stand as the catalogue has them. People's names take no article, and nothing here looks at a stem.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from worker.matching.reading import TextWord
from worker.models.actor import Actor, Catalogue
from worker.models.news import MentionKind
from worker.text.words import Word, words_of

_SHORTEST = 3
#: The vowel that falls when an adjective takes its article: върховен, върховния.
_FALLING = ("ен", "ър", "ък", "ъл", "ел", "ец")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found: it is `words[first:last + 1]` of the article."""

    actor: Actor
    first: int
    last: int
    #: the name means this actor only in a suitable context
    weak: bool


@dataclass(slots=True)
class _Node:
    ends: list[tuple[Actor, bool]] = field(default_factory=list)
    #: comparison form to what the spelling must be, and the node behind it
    children: dict[tuple[str, str], "_Node"] = field(default_factory=dict)


#: What the spelling of a word in a name demands of the text.
_ANY, _CAPITAL, _CAPITALS = "any", "capital", "capitals"


@dataclass(frozen=True, slots=True)
class CatalogueIndex:
    """Make it with `compile_catalogue`."""

    root: _Node
    by_name: Mapping[str, Actor]

    def find(self, words: Sequence[TextWord]) -> tuple[Hit, ...]:
        """The longest names, from left to right; names of several actors in the same place are all there."""
        hits: list[Hit] = []
        position = 0
        while position < len(words):
            last, ends = self._longest(words, position)
            hits += (Hit(actor, position, last, weak) for actor, weak in ends)
            position = last + 1 if ends else position + 1
        return tuple(hits)

    def _longest(self, words: Sequence[TextWord], first: int) -> tuple[int, Sequence[tuple[Actor, bool]]]:
        best: tuple[int, Sequence[tuple[Actor, bool]]] = (first, ())
        nodes = [self.root]
        for last in range(first, len(words)):
            if last > first and not words[last].joined:
                break
            nodes = [after for node in nodes for after in _after(node, words[last].word)]
            if not nodes:
                break
            if ends := [end for node in nodes for end in node.ends]:
                best = (last, ends)
        return best


def _after(node: _Node, word: Word) -> Iterator[_Node]:
    for demand in _satisfied(word.written):
        child = node.children.get((word.key, demand))
        if child is not None:
            yield child


def _satisfied(written: str) -> tuple[str, ...]:
    if not written[:1].isupper():
        return (_ANY,)
    return (_ANY, _CAPITAL, _CAPITALS) if written.isupper() else (_ANY, _CAPITAL)


def compile_catalogue(catalogue: Catalogue) -> CatalogueIndex:
    """The index of a catalogue; a name without a word in it finds nothing."""
    root = _Node()
    for actor in catalogue.actors:
        strong = (actor.name, *actor.aliases)
        for name in dict.fromkeys(strong):
            _add(root, name, actor, weak=False)
        for name in dict.fromkeys((*actor.weak, *_latin_surnames(actor))):
            if name not in strong:
                _add(root, name, actor, weak=True)
    return CatalogueIndex(root=root, by_name={actor.name: actor for actor in reversed(catalogue.actors)})


def _latin_surnames(actor: Actor) -> Iterator[str]:
    """The last words of a person's Latin names, where the surname alone may mean this person at all."""
    if actor.kind is MentionKind.PER and actor.weak:
        yield from (alias.split()[-1] for alias in actor.aliases if alias.isascii() and " " in alias)


def forms_of_name(name: str, kind: MentionKind) -> Iterator[str]:
    """The spellings under which a name is looked for, comparison forms; for people and tests of names."""
    words = words_of(name)
    if words:
        rest = [word.key for word in words[1:]]
        for first in _forms(words[0], kind):
            yield " ".join([first, *rest])


def _add(root: _Node, name: str, actor: Actor, *, weak: bool) -> None:
    nodes = [root]
    for number, word in enumerate(words_of(name)):
        forms: Iterable[str] = _forms(word, actor.kind) if number == 0 else (word.key,)
        after = [node.children.setdefault((form, _demand(word.written)), _Node()) for node in nodes for form in forms]
        nodes = after
    if nodes[0] is not root:
        for node in nodes:
            node.ends.append((actor, weak))


def _demand(written: str) -> str:
    if len(written) > 1 and written.isupper():
        return _CAPITALS
    return _CAPITAL if written[:1].isupper() else _ANY


def _forms(word: Word, kind: MentionKind) -> tuple[str, ...]:
    key = word.key
    if kind is MentionKind.PER or word.written.isupper() or len(key) < _SHORTEST or not key.isalpha() or key.isascii():
        return (key,)
    return tuple(dict.fromkeys((key, *definite_forms(key))))


def definite_forms(key: str) -> tuple[str, ...]:
    """What the definite article makes of a word of unknown class; all are comparison forms."""
    stem = key[:-1]
    match key[-1]:
        case "а" | "я":
            return (key + "та",)
        case "о" | "е" | "у" | "ю":
            return (key + "то",)
        case "и":
            return (key + "те", key + "я", key + "ят")
        case "й":
            return (stem + "я", stem + "ят")
        case "т" if key.endswith("ст"):
            return (key + "та", key + "а", key + "ът")
        case _:
            pass
    forms = [key + ending for ending in ("а", "ът", "я", "ят", "ия", "ият")]
    if key.endswith(_FALLING) and len(key) > _SHORTEST + 1:
        forms += [key[:-2] + key[-1] + ending for ending in ("ия", "ият", "а", "ът")]
    return tuple(forms)
