"""More training sentences from few: names swapped for others of their kind, headlines in capitals."""

import random
from collections.abc import Sequence

from training.names import name_lists
from training.vectors import surnames_from
from training.written import Tagged

#: Shares of names that are swapped where they may be.
_SWAP_PERSON, _SWAP_PLACE, _SWAP_ACRONYM = 0.9, 0.4, 0.5
_ORIGINS = (0.45, 0.1, 0.15, 0.3)
_CAPITALS = "АБВГДЕЗИКЛМНОПРСТУФХЦ"
_LONGEST_NAME = 3


class Swapper:
    """Swaps names with a random generator of its own, so that a run can be repeated."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        lists = name_lists()
        bulgarian = (lists.people[0][0], tuple(sorted({*lists.people[0][1], *surnames_from(lists.people[0][0])})))
        self._people = (bulgarian, *lists.people[1:])
        self._places = (lists.countries, lists.big_towns, lists.bulgarian_towns)

    def swapped(self, sentences: Sequence[Tagged], share: float) -> list[Tagged]:
        """Copies of a share of the sentences, those in which something could be swapped."""
        chosen = (sentence for sentence in sentences if self._random.random() < share)
        return [swapped for sentence in chosen if (swapped := self._swap(sentence)) != sentence]

    def shouted(self, sentences: Sequence[Tagged], share: float) -> list[Tagged]:
        """Copies of a share of the sentences in capitals, as headlines come."""
        return [[(w.upper(), t) for w, t in one] for one in sentences if self._random.random() < share]

    def _swap(self, sentence: Tagged) -> Tagged:
        new: Tagged = []
        for words, kind in _chunks(sentence):
            others = self._other(words, kind) if kind else words
            new += [(w, (("I-" if n else "B-") + kind) if kind else "O") for n, w in enumerate(others)]
        return new

    def _other(self, words: list[str], kind: str) -> list[str]:
        chance = self._random.random()
        if kind == "PER" and chance < _SWAP_PERSON and len(words) <= _LONGEST_NAME and words[0][0].isupper():
            return self._person(len(words))
        if kind == "LOC" and chance < _SWAP_PLACE and len(words) == 1 and words[0].istitle():
            return self._random.choice(self._random.choice(self._places)).split()
        if kind == "ORG" and chance < _SWAP_ACRONYM and len(words) == 1 and words[0].isupper():
            return ["".join(self._random.choices(_CAPITALS, k=self._random.randint(2, 4)))]
        return words

    def _person(self, length: int) -> list[str]:
        given, surnames = self._random.choices(self._people, _ORIGINS)[0]
        name = [self._random.choice(surnames) for _ in range(max(1, length - 1))]
        return name if length == 1 else [self._random.choice(given), *name]


def _chunks(sentence: Tagged) -> list[tuple[list[str], str]]:
    chunks: list[tuple[list[str], str]] = []
    for word, tag in sentence:
        if tag.startswith("I-") and chunks and chunks[-1][1] == tag[2:]:
            chunks[-1][0].append(word)
        else:
            chunks.append(([word], tag[2:]))
    return chunks
