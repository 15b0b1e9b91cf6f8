"""The tokenizer: paragraphs to learn words and sentences from, and its training.

`python -m training.tokenizer SHARED OUT [STEPS]` writes OUT/tokenize.pt. Sentences come from PARSEME (CC BY 4.0), as
its annotators cut them, and by rules from our own text and from SlavicNER; words by rules everywhere. PARSEME's order
is kept once and shuffled twice, so that headlines without a full stop stand before all kinds of beginnings.
"""

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from training.slavner import TOPICS, documents
from training.words import sentences_of, words_of
from training.written import plain, spans_of, written_items

_SLAVNER_PARAGRAPHS = 1_500
_HEADLINE_WORDS = 9
#: Shares of sentences that are changed so.
_BARED, _SHOUTED, _OTHER_END, _SPOKEN, _QUOTED = 0.25, 0.2, 0.12, 0.1, 0.04
#: What a sentence may end in instead. More of all these was tried: what recall gains, precision loses.
_ENDS = ("?", "!", "...", ":", ".“")
#: Put before names of people and places: their full stop ends no sentence.
_BEFORE_PERSON = (
    "ген.",
    "полк.",
    "проф.",
    "доц.",
    "акад.",
    "инж.",
    "кап.",
    "майор",
    "адв.",
    "д-р",
    "о.р. ген.",
    "Св.",
    "г-н",
)
_BEFORE_PLACE = ("гр.", "с.", "кв.", "общ.", "обл.", "о.", "р.", "яз.", "бул.", "ул.")
_ABBREVIATED = 0.5
_OPTIONS = (
    *("--lang", "bg", "--shorthand", "bg_news", "--cpu", "--mode", "train", "--no_use_mwt"),
    *(
        "--max_seqlen",
        "300",
        "--batch_size",
        "32",
        "--eval_steps",
        "400",
        "--anneal_after",
        "1200",
        "--anneal",
        "0.9985",
    ),
    *("--dropout", "0.2", "--unit_dropout", "0.1", "--sent_drop_prob", "0.05", "--last_char_drop_prob", "0.05"),
    *("--hidden_dim", "64", "--emb_dim", "32"),
)

Paragraph = list[str]


def main(shared: Path, out: Path, steps: int) -> None:
    """Writes the data and trains."""
    rng = random.Random(5)
    train = paragraphs(shared, rng)
    held = [grouped(parseme(shared / "nlp/parseme_bg/test.parsemetsv"), rng)]
    held.append(grouped([_varied(sentence, rng) for sentence in shuffled(held[0], rng)], rng))
    for name, some in (("tokens", train), ("tokens-dev", [p for part in held for p in part])):
        write(some, out / name)
    command = [
        *(sys.executable, "-m", "stanza.models.tokenizer", *_OPTIONS, "--steps", str(steps)),
        *("--txt_file", str(out / "tokens.txt"), "--label_file", str(out / "tokens.labels")),
        *("--mwt_json_file", str(out / "tokens.mwt.json"), "--dev_txt_file", str(out / "tokens-dev.txt")),
        *("--dev_label_file", str(out / "tokens-dev.labels"), "--dev_conll_gold", str(out / "tokens-dev.conllu")),
        *("--save_dir", str(out), "--save_name", str(out / "tokenize.pt")),
    ]
    subprocess.run(command, check=True)


def paragraphs(shared: Path, rng: random.Random) -> list[Paragraph]:
    """Everything to learn from, shuffled."""
    natural = parseme(shared / "nlp/parseme_bg/train.parsemetsv")
    own = [list(_cut(plain(text))) for item in written_items() for text in item.paragraphs]
    titles = [plain(item.title) for item in written_items()]
    abbreviated = [list(_cut(_abbreviated(text, rng))) for item in written_items() for text in item.body]
    news = [
        list(_cut(line))
        for topic in TOPICS
        for document in documents(shared, topic, "bg")
        for line in document.text.splitlines()
        if line.strip()
    ]
    once = [sentence for paragraph in [natural] for sentence in paragraph]
    loose = [*once, *titles, *(sentence for paragraph in own for sentence in paragraph)]
    found = [
        *grouped(once, rng),
        *grouped([_varied(sentence, rng) for sentence in shuffled([loose], rng)], rng),
        *grouped([_varied(sentence, rng) for sentence in shuffled([loose], rng)], rng),
        *abbreviated,
        *rng.sample(news, min(_SLAVNER_PARAGRAPHS, len(news))),
    ]
    rng.shuffle(found)
    return found


def parseme(path: Path) -> list[str]:
    """Sentences of a PARSEME file as they were written, in order."""
    sentences: list[str] = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.split("\t") for line in block.splitlines() if line[:1].isdigit()]
        text = "".join(row[1] + ("" if row[2] == "nsp" else " ") for row in rows if len(row) > 2)
        if text := " ".join(text.replace("&", '"').split()):
            sentences.append(text)
    return sentences


def grouped(sentences: Sequence[str], rng: random.Random) -> list[Paragraph]:
    """Neighbours as paragraphs of some sentences."""
    found: list[Paragraph] = []
    start = 0
    while start < len(sentences):
        size = rng.randint(3, 10)
        found.append(list(sentences[start : start + size]))
        start += size
    return found


def shuffled(paragraphs_: Iterable[Sequence[str]], rng: random.Random) -> list[str]:
    """All sentences in any order."""
    some = [sentence for paragraph in paragraphs_ for sentence in paragraph]
    rng.shuffle(some)
    return some


def write(some: Sequence[Paragraph], stem: Path) -> None:
    """Text, CoNLL-U and labels in Stanza's form."""
    stem.with_suffix(".txt").write_text("\n\n".join(" ".join(p) for p in some) + "\n", encoding="utf-8")
    with stem.with_suffix(".conllu").open("w", encoding="utf-8") as file:
        for sentence in (sentence for paragraph in some for sentence in paragraph):
            for number, (start, end) in enumerate(words_of(sentence), 1):
                file.write(f"{number}\t{sentence[start:end]}\t_\t_\t_\t_\t{number - 1}\tdep\t_\t_\n")
            file.write("\n")
    prepare = import_module("stanza.utils.datasets.prepare_tokenizer_data")
    prepare.main([f"{stem}.txt", f"{stem}.conllu", "-o", f"{stem}.labels", "-m", f"{stem}.mwt.json"])
    json.loads(Path(f"{stem}.mwt.json").read_text(encoding="utf-8"))


def _cut(text: str) -> Iterator[str]:
    yield from (sentence for start, end in sentences_of(text) if (sentence := " ".join(text[start:end].split())))


def _varied(sentence: str, rng: random.Random) -> str:
    """Now and then what news agencies seldom write: talk, questions, headlines without a full stop and in capitals."""
    if sentence.endswith(".") and not sentence.endswith(".."):
        bare = sentence[:-1]
        if len(sentence.split()) <= _HEADLINE_WORDS and rng.random() < _BARED:
            return bare.upper() if rng.random() < _SHOUTED else bare
        if rng.random() < _OTHER_END:
            sentence = bare + rng.choice(_ENDS)
    chance = rng.random()
    if chance < _SPOKEN:
        return rng.choice(("- ", "– ", "— ")) + sentence
    return f'"{sentence}"' if chance < _SPOKEN + _QUOTED and '"' not in sentence else sentence


def _abbreviated(marked: str, rng: random.Random) -> str:
    text, spans = spans_of(marked)
    for start, _, kind in reversed(spans):
        before = _BEFORE_PERSON if kind == "PER" else _BEFORE_PLACE if kind == "LOC" else ()
        if before and rng.random() < _ABBREVIATED and text[start - 1 : start] in {"", " "}:
            text = text[:start] + rng.choice(before) + " " + text[start:]
    return text


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int((sys.argv[3:4] or ["3200"])[0]))
