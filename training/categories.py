"""The category model: words of an article with weights for the seventeen IPTC Media Topics of the top level.

`python -m training.categories SHARED OUT` measures it by cross-validation and writes
worker/nlp/models/categories.npz. OUT holds the embeddings of `training.vectors`; of SHARED nothing is read.

A logistic regression over words, their beginnings, and the mean of their embeddings learns from our texts and from
lists of telling words. As all of it is a sum over words, it folds into one table. Tried and left out, because it
gained nothing: a teacher that sees sentence embeddings and labels 3600 passages of other people's news (0.790 with it,
0.792 without).
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.passages import Passage, labelled, telling_words
from training.table import Learnt, write_table
from worker.topics.categories import SUBJECTS, UNKNOWN_SALIENCE, beginnings, weighted_words

Floats = NDArray[np.float32]

CATEGORIES = tuple(SUBJECTS)
FILE = Path(__file__).parent.parent / "worker/nlp/models/categories.npz"
_FOLDS = 5
_STEPS = 60
#: how far words, and the mean of their embeddings, may weigh in
_WORDS, _MEANS = 60.0, 8.0
_TELLING = 4.0
_TEMPERATURES = tuple(round(0.5 + 0.05 * step, 2) for step in range(31))


class Words:
    """What is known of words before learning: salience, and embedding less the mean of all."""

    def __init__(self, embeddings: Path) -> None:
        with np.load(embeddings) as kept:
            rows = kept["rows"].astype(np.float32)
            self.mean = rows.mean(0)
            known = zip(kept["words"].tolist(), rows - self.mean, strict=True)
            self.embeddings: dict[str, Floats] = {word: row for word, row in known if word.isalpha()}
        self._frequencies: dict[str, float] = import_module("wordfreq").get_frequency_dict("bg")

    def salience(self, word: str) -> float:
        """From 0 for one word in 200 to 1 for one in 100 000."""
        rarity = -np.log10(self._frequencies.get(word, 1e-8))
        return float(np.clip((rarity - 2.3) / 2.7, 0.0, UNKNOWN_SALIENCE))


class Features:
    """Texts as rows: words and beginnings (sparse), and means of embeddings."""

    def __init__(self, texts: Sequence[Mapping[str, float]], words: Words, scale_on: int) -> None:
        """The scale of each part is such that the first `scale_on` rows have their set length on average."""
        self.columns: dict[str, int] = {}
        cells: list[tuple[int, int, float]] = []
        means = np.zeros((len(texts), len(words.mean)), dtype=np.float32)
        for number, text in enumerate(texts):
            saliences = {word: weight * words.salience(word) for word, weight in text.items()}
            length = np.sqrt(sum(saliences.values())) or 1.0
            for word, salience in saliences.items():
                if salience:
                    keys = [self.columns.setdefault(key, len(self.columns)) for key in (word, *beginnings(word))]
                    cells.extend((number, key, salience / length) for key in keys)
                    if word in words.embeddings:
                        means[number] += salience / length * words.embeddings[word]
        rows, columns, values = (np.array(part) for part in zip(*cells, strict=True))
        squares = float((values[rows < scale_on] ** 2).sum()) / scale_on
        self.word_scale = np.float32(np.sqrt(_WORDS / squares))
        self.mean_scale = np.float32(np.sqrt(_MEANS / (means[:scale_on] ** 2).sum(1).mean()))
        self._shape = (len(texts), len(self.columns))
        self._cells = rows, columns, (values * self.word_scale).astype(np.float32)
        self.means = means * self.mean_scale

    def sparse(self, chosen: NDArray[np.int64]) -> torch.Tensor:
        """Words and beginnings of the chosen rows."""
        places = np.full(self._shape[0], -1)
        places[chosen] = np.arange(len(chosen))
        rows, columns, values = self._cells
        kept = places[rows] >= 0
        indices = torch.from_numpy(np.vstack([places[rows[kept]], columns[kept]]))
        size = (len(chosen), self._shape[1])
        return torch.sparse_coo_tensor(indices, torch.from_numpy(values[kept]), size).coalesce()


class Regression:
    """Weights of features for the categories."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._dense = torch.from_numpy(features.means)
        self.words = torch.zeros(len(features.columns), len(CATEGORIES))
        self.dense = torch.zeros(features.means.shape[1], len(CATEGORIES))
        self.bias = torch.zeros(len(CATEGORIES))

    def fit(self, chosen: NDArray[np.int64], truth: NDArray[np.int64]) -> "Regression":
        """Learns from the chosen rows; the same for the same input."""
        sparse, dense = self._features.sparse(chosen), self._dense[torch.from_numpy(chosen)]
        wanted = torch.from_numpy(truth)
        learnt = [self.words, self.dense, self.bias]
        for part in learnt:
            part.requires_grad = True
        optimiser = torch.optim.LBFGS(learnt, max_iter=_STEPS, history_size=8, line_search_fn="strong_wolfe")

        def loss() -> torch.Tensor:
            optimiser.zero_grad()
            scores = torch.sparse.mm(sparse, self.words) + dense @ self.dense + self.bias
            lost = torch.nn.functional.cross_entropy(scores, wanted, reduction="sum")
            lost = lost + 0.5 * ((self.words**2).sum() + (self.dense**2).sum())
            torch.autograd.backward(lost)
            return lost

        step: Callable[[Callable[[], torch.Tensor]], object] = optimiser.step
        step(loss)
        for part in learnt:
            part.requires_grad = False
        return self

    def scores(self, chosen: NDArray[np.int64]) -> Floats:
        """Logits of the chosen rows."""
        sparse, dense = self._features.sparse(chosen), self._dense[torch.from_numpy(chosen)]
        return np.asarray(torch.sparse.mm(sparse, self.words) + dense @ self.dense + self.bias)


class Course:
    """What is learnt from, in rows: our texts, then telling words."""

    def __init__(self, out: Path) -> None:
        self.words = Words(out / "embeddings.npz")
        self.ours = list(labelled())
        telling = [(category, word) for category, word in telling_words() if word.isalpha()]
        texts = [
            *(weighted_words(passage.article) for passage in self.ours),
            *({word: _TELLING} for _, word in telling),
        ]
        self.features = Features(texts, self.words, len(self.ours))
        names = [*(passage.category for passage in self.ours), *(category for category, _ in telling)]
        self.truth = np.array([CATEGORIES.index(name) for name in names])

    def taught(self, held_out: NDArray[np.int64]) -> Regression:
        """The model, learnt without the rows held out."""
        chosen = np.setdiff1d(np.arange(len(self.truth)), held_out)
        return Regression(self.features).fit(chosen, self.truth[chosen])


def main(out: Path) -> None:
    """Measures, then learns from everything and writes the file."""
    torch.set_num_threads(1)
    course = Course(out)
    scores = cross_validated(course)
    temperature = report(course.ours, course.truth[: len(course.ours)], scores)
    model = course.taught(np.array([], dtype=np.int64))
    features = course.features
    learnt = Learnt(
        words={key: model.words[row].numpy() * features.word_scale for key, row in features.columns.items()},
        means=model.dense.numpy() * features.mean_scale,
        bias=model.bias.numpy(),
        temperature=temperature,
    )
    write_table(FILE, learnt, course.words)


def cross_validated(course: Course) -> Floats:
    """Logits of our own texts, each from a model that did not see it."""
    ours = np.arange(len(course.ours))
    folds = np.random.default_rng(0).permutation(len(ours)) % _FOLDS
    scores = np.zeros((len(ours), len(CATEGORIES)), dtype=np.float32)
    for fold in range(_FOLDS):
        held_out = ours[folds == fold]
        scores[held_out] = course.taught(held_out).scores(held_out)
    return scores


def report(ours: Sequence[Passage], truth: NDArray[np.int64], scores: Floats) -> float:
    """Prints accuracy for items and for headlines with leads; gives the temperature that suits the items best."""
    best = scores.argmax(1)
    items = np.array([passage.is_item for passage in ours])
    for name, some in (("items", items), ("headlines with leads", ~items)):
        right = (best == truth)[some]
        second = (np.argsort(-scores, 1)[:, :2] == truth[:, None]).any(1)[some]
        print(f"{name}: {len(right)}, main category right {right.mean():.3f}, first or second {second.mean():.3f}")
        for place, category in enumerate(CATEGORIES):
            ones = right[truth[some] == place]
            print(f"    {category:12} {len(ones):4} {ones.mean() if len(ones) else 0:.3f}")
    losses = {
        t: -np.log(softmax(scores[items] / t)[np.arange(items.sum()), truth[items]]).mean() for t in _TEMPERATURES
    }
    temperature = min(losses, key=losses.__getitem__)
    print(f"temperature {temperature}, loss {losses[temperature]:.3f} (at 1: {losses[1.0]:.3f})")
    return temperature


def softmax(scores: Floats) -> Floats:
    """Probabilities of each row."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    main(Path(sys.argv[2]))
