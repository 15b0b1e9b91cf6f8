"""Folds the learnt parts of the category model into one table of words, small enough to be shipped."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from worker.topics.categories import BEGINNINGS, UNKNOWN_SALIENCE, beginnings

Floats = NDArray[np.float32]
_MAX_ROWS = 45_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What the regression found; each array ends in one column a category."""

    #: by word, or beginning and star
    words: Mapping[str, Floats]
    #: for the mean of embeddings, dimensions × categories
    means: Floats
    bias: Floats
    temperature: float


class Known(Protocol):
    """What is known of words before learning."""

    @property
    def embeddings(self) -> Mapping[str, Floats]:
        """By word, less the mean of all."""
        ...

    def salience(self, word: str) -> float:
        """How much a word says at all, 0–1."""
        ...


def write_table(path: Path, learnt: Learnt, known: Known) -> None:
    """Writes the rows that differ most from what would stand in for them."""
    rows = _rows(learnt.words, learnt.means, known)
    least = _threshold(rows)
    kept = dict(sorted(_telling(rows, least).items()))
    stacked = np.array(list(kept.values()), dtype=np.float16)
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(kept).encode(), dtype=np.uint8),
        weights=stacked[:, :-1],
        salience=stacked[:, -1],
        bias=learnt.bias.astype(np.float32),
        temperature=np.float32(learnt.temperature),
    )
    print(f"{len(kept)} of {len(rows)} rows, {path.stat().st_size / 1e6:.2f} MB")


def _rows(of_words: Mapping[str, Floats], of_means: Floats, known: Known) -> dict[str, Floats]:
    """By key, weights and last the salience; a beginning stands for the mean of the words that begin so."""
    nothing = np.zeros(of_means.shape[1], dtype=np.float32)
    words = sorted({*(word for word in of_words if not word.endswith("*")), *known.embeddings})
    meant = {w: known.embeddings[w] @ of_means if w in known.embeddings else nothing for w in words}
    families: dict[str, list[str]] = {}
    for word in words:
        for key in beginnings(word):
            families.setdefault(key, []).append(word)
    rows: dict[str, Floats] = {}
    for key, family in families.items():
        shared = sum((of_words.get(b, nothing) for b in {key, *beginnings(key[:-1])}), nothing)
        rows[key] = np.append(shared + np.mean([meant[word] for word in family], 0), UNKNOWN_SALIENCE)
    for word in words:
        own = sum((of_words.get(key, nothing) for key in (word, *beginnings(word))), meant[word])
        rows[word] = np.append(own * known.salience(word), known.salience(word))
    return rows


def _telling(rows: Mapping[str, Floats], least: float) -> dict[str, Floats]:
    """The rows that are at least so far from the row that would stand in for them."""
    kept: dict[str, Floats] = {}
    nothing = np.append(np.zeros(len(next(iter(rows.values()))) - 1), UNKNOWN_SALIENCE)
    starred = [[key for key in rows if key.endswith("*") and len(key) == letters + 1] for letters in sorted(BEGINNINGS)]
    for key in chain(*starred, (key for key in rows if not key.endswith("*"))):
        others = beginnings(key.removesuffix("*"))
        instead = next((kept[other] for other in others if other in kept), nothing)
        if np.linalg.norm(rows[key] - instead) >= least:
            kept[key] = rows[key]
    return kept


def _threshold(rows: Mapping[str, Floats]) -> float:
    """The smallest threshold, to a few steps, that keeps no more than `_MAX_ROWS`."""
    low, high = 0.0, 64.0
    for _ in range(14):
        middle = (low + high) / 2
        if len(_telling(rows, middle)) > _MAX_ROWS:
            low = middle
        else:
            high = middle
    return high
