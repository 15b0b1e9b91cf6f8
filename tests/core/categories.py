"""A small category model."""

import numpy as np

from worker.topics.categories import SUBJECTS, CategoryModel


def a_model(words: dict[str, dict[str, float]]) -> CategoryModel:
    """Weights by word (or beginning and star) and category key; all else is 0, each word is wholly salient."""
    weights = np.array([[by.get(name, 0.0) for name in SUBJECTS] for by in words.values()], dtype=np.float32)
    return CategoryModel(
        rows={word: row for row, word in enumerate(words)},
        weights=weights.reshape(len(words), len(SUBJECTS)),
        salience=np.ones(len(words), dtype=np.float32),
        bias=np.zeros(len(SUBJECTS), dtype=np.float32),
        temperature=1.0,
    )


A_MODEL = a_model({"нато": {"politics": 5.0}, "избор*": {"politics": 9.0}, "мач": {"sport": 9.0}})
