"""News text with parts of speech and lemmas as CLASSLA labelled it automatically."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

#: form, lemma in small letters, part of speech, detailed tag
Word = tuple[str, str, str, str]
_LONGEST = 120
_REFLEXIVE = re.compile(r"-\((?:се|си)\)$")


def silver_sentences(shared: Path) -> Iterator[list[Word]]:
    """Sentences, each once; `съм` is an auxiliary and `не` a particle, as in Universal Dependencies."""
    seen: set[str] = set()
    for path in sorted((shared / "nlp/bsnlp_classla_bg").glob("*/merged/bg/*.csv")):
        for sentence in _rows(path):
            key = " ".join(row[0] for row in sentence)
            if key in seen or len(sentence) > _LONGEST or not all(row[0].strip() and row[2] for row in sentence):
                continue
            seen.add(key)
            yield [
                (form.strip(), bare(lemma or form), _upos(lemma, upos), xpos or "_")
                for form, lemma, upos, xpos in sentence
            ]


def bare(lemma: str) -> str:
    """A lemma in small letters, without the reflexive particle."""
    return _REFLEXIVE.sub("", lemma.strip().lower())


def _rows(path: Path) -> Iterator[list[Word]]:
    # The columns named upos and xpos hold each other's values.
    sentences: dict[str, list[Word]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            word = (row["text"], row["calcLemma"], row["xpos"], row["upos"])
            sentences.setdefault(row["sentenceId"], []).append(word)
    yield from sentences.values()


def _upos(lemma: str, upos: str) -> str:
    return {"съм": "AUX", "не": "PART"}.get(lemma, upos)


def write_conllu(
    sentences: Iterator[list[tuple[str, str, str]]] | list[list[tuple[str, str, str]]], path: Path
) -> None:
    """Forms, lemmas and parts of speech as CoNLL-U."""
    with path.open("w", encoding="utf-8") as file:
        for sentence in sentences:
            for number, (form, lemma, upos) in enumerate(sentence, 1):
                file.write(f"{number}\t{form}\t{lemma}\t{upos}\t_\t_\t{number - 1}\tdep\t_\t_\n")
            file.write("\n")
