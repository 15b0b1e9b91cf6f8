"""Which IPTC Media Topics of the top level an article belongs to; pure.

The model adds up: each word of the article has a weight for each category, learnt by `training.categories`. It reads
`worker.text.words`, not the language model's tokens, so that a new language model changes no category. Words that the
table does not hold are looked up by their beginnings, which stand in it with a star.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.models.news import Article, Field, Topic, TopicKind
from worker.text.words import words_of

#: key in the training data, IPTC Media Topic, and the name of the section in the Bulgarian press
SUBJECTS: Mapping[str, tuple[str, str]] = {
    "arts": ("01000000", "култура"),
    "crime": ("02000000", "престъпност и правосъдие"),
    "disaster": ("03000000", "бедствия и инциденти"),
    "economy": ("04000000", "икономика"),
    "education": ("05000000", "образование"),
    "environment": ("06000000", "околна среда"),
    "health": ("07000000", "здраве"),
    "human": ("08000000", "любопитно"),
    "labour": ("09000000", "труд"),
    "lifestyle": ("10000000", "свободно време"),
    "politics": ("11000000", "политика"),
    "religion": ("12000000", "религия"),
    "science": ("13000000", "наука и технологии"),
    "society": ("14000000", "общество"),
    "sport": ("15000000", "спорт"),
    "conflict": ("16000000", "война и конфликти"),
    "weather": ("17000000", "времето"),
}
#: A category is named from this probability on; the best one always.
MIN_PROBABILITY = 0.15
FIELD_WEIGHTS: Mapping[Field, float] = {Field.TITLE: 2.0, Field.SUMMARY: 1.5, Field.BODY: 1.0}
#: What one word repeated can weigh.
MAX_WEIGHT = 4.0
#: Letters of the beginnings that stand in for a word, the longest first.
BEGINNINGS = (6, 5)
#: What a word that stands nowhere in the table adds to the length of an article.
UNKNOWN_SALIENCE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CategoryModel:
    """Weights of words for the categories in the order of `SUBJECTS`."""

    #: by folded word, or by its first letters and a star: its row
    rows: Mapping[str, int]
    #: rows × categories
    weights: NDArray[np.float32]
    #: rows; how much a word says at all, 0–1
    salience: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float

    def __post_init__(self) -> None:
        expected = (len(self.rows), len(SUBJECTS))
        if self.weights.shape != expected or self.salience.shape != expected[:1] or self.bias.shape != expected[1:]:
            raise ValueError(f"weights must be {expected[0]} words by {expected[1]} categories")
        if not self.temperature > 0:
            raise ValueError(f"temperature must be above 0, not {self.temperature}")


def categories_of(article: Article, model: CategoryModel) -> tuple[Topic, ...]:
    """The categories that are likely, most likely first, with their probabilities; none for a text without words."""
    found = probabilities(weighted_words(article), model)
    order = sorted(range(len(found)), key=lambda place: -found[place])
    named = [place for rank, place in enumerate(order) if rank == 0 or found[place] >= MIN_PROBABILITY]
    subjects = list(SUBJECTS.values())
    return tuple(
        Topic(
            name=subjects[place][1],
            score=round(found[place], 4),
            kind=TopicKind.CATEGORY,
            code=f"medtop:{subjects[place][0]}",
        )
        for place in named
    )


def weighted_words(article: Article) -> Mapping[str, float]:
    """Folded words of letters, with how often and how prominently each stands."""
    weights: Counter[str] = Counter()
    for part, weight in FIELD_WEIGHTS.items():
        for word in words_of(article.text_of(part)):
            if word.key.isalpha():
                weights[word.key] += weight  # type: ignore[assignment]  # a Counter adds up floats as well
    return {word: min(weight, MAX_WEIGHT) for word, weight in weights.items()}


def probabilities(words: Mapping[str, float], model: CategoryModel) -> tuple[float, ...]:
    """The probability of each category, in the order of `SUBJECTS`; empty when no word is known."""
    total, score, is_known = 0.0, np.zeros(len(SUBJECTS), dtype=np.float64), False
    for word, weight in words.items():
        row = _row(word, model.rows)
        if row is None:
            total += weight * UNKNOWN_SALIENCE
        else:
            total += weight * float(model.salience[row])
            score += weight * model.weights[row]
            is_known = True
    if not is_known or not total:
        return ()
    # The square root: a long article says more than a short one, but not as many times more as it has words.
    scores = (score / np.sqrt(total) + model.bias) / model.temperature
    powers = np.exp(scores - scores.max())
    return tuple(float(power) for power in powers / powers.sum())


def beginnings(word: str) -> tuple[str, ...]:
    """The keys of its beginnings in the table, the longest first; none for a word that is no longer than they."""
    return tuple(word[:letters] + "*" for letters in BEGINNINGS if len(word) > letters)


def _row(word: str, rows: Mapping[str, int]) -> int | None:
    return next((rows[key] for key in (word, *beginnings(word)) if key in rows), None)
