"""Arithmetic of the quality figures: counts, precision, recall, F1, B-cubed; pure, over sets and mappings.

Nothing to find and nothing found counts as 1; where there was something, a share of nothing counts as 0.
"""

import math
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was found rightly, found wrongly, and missed."""

    true: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(true=self.true + other.true, false=self.false + other.false, missed=self.missed + other.missed)

    @property
    def precision(self) -> float:
        """Share of the found that is right."""
        return self._share(self.true, self.true + self.false)

    @property
    def recall(self) -> float:
        """Share of what should be found that was."""
        return self._share(self.true, self.true + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return self._share(2 * self.true, 2 * self.true + self.false + self.missed)

    def _share(self, part: int, whole: int) -> float:
        nothing_at_all = not (self.true or self.false or self.missed)
        return part / whole if whole else float(nothing_at_all)


@dataclass(frozen=True, slots=True, kw_only=True)
class BCubed:
    """Mean over items of how pure and how complete the group of each is; Bagga and Baldwin 1998."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both means."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def counts_of(gold: Collection[Hashable], found: Collection[Hashable]) -> Counts:
    """Compares two sets; what stands twice counts once."""
    wanted, given = set(gold), set(found)
    return Counts(true=len(wanted & given), false=len(given - wanted), missed=len(wanted - given))


def counts_by_label(gold: Mapping[str, Collection[str]], found: Mapping[str, Collection[str]]) -> Mapping[str, Counts]:
    """Counts of each label, in alphabetical order, over items that carry any number of labels."""
    labels = sorted({label for carried in (*gold.values(), *found.values()) for label in carried})
    return {
        label: counts_of(
            {item for item, carried in gold.items() if label in carried},
            {item for item, carried in found.items() if label in carried},
        )
        for label in labels
    }


def summed(counts: Iterable[Counts]) -> Counts:
    """Micro counts."""
    return sum(counts, Counts())


def b_cubed(gold: Mapping[str, str], groups: Mapping[str, str], items: Collection[str] | None = None) -> BCubed:
    """How well `groups` reproduces `gold`, both item → group; the means are taken over `items`, if given.

    Both must group the same items.
    """
    chosen = list(gold if items is None else items)
    if not chosen:
        return BCubed(precision=1.0, recall=1.0)
    sizes_of_gold, sizes_of_groups = Counter(gold.values()), Counter(groups.values())
    shared = Counter((gold[item], groups[item]) for item in gold)
    together = {item: shared[gold[item], groups[item]] for item in chosen}
    return BCubed(
        precision=math.fsum(together[item] / sizes_of_groups[groups[item]] for item in chosen) / len(chosen),
        recall=math.fsum(together[item] / sizes_of_gold[gold[item]] for item in chosen) / len(chosen),
    )


def pair_counts(gold: Mapping[str, str], groups: Mapping[str, str]) -> Counts:
    """Counts of pairs of items in one group; both must group the same items."""
    true = _pairs(Counter((gold[item], groups[item]) for item in gold).values())
    wanted, given = _pairs(Counter(gold.values()).values()), _pairs(Counter(groups.values()).values())
    return Counts(true=true, false=given - true, missed=wanted - true)


def copy_counts(gold: Mapping[str, str | None], found: Mapping[str, str | None]) -> Counts:
    """Counts of pairs of a copy and its original, whichever of the two is called the copy."""
    return counts_of(_couples(gold), _couples(found))


def members_of_larger(groups: Mapping[str, str]) -> tuple[str, ...]:
    """The items that are not alone in their group."""
    sizes = Counter(groups.values())
    return tuple(item for item, group in groups.items() if sizes[group] > 1)


def _pairs(sizes: Iterable[int]) -> int:
    return sum(math.comb(size, 2) for size in sizes)


def _couples(copies: Mapping[str, str | None]) -> set[frozenset[str]]:
    return {frozenset((item, original)) for item, original in copies.items() if original is not None}
