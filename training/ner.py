"""The name finder: data, training, folds.

`python -m training.ner SHARED OUT NAME [SEED]` prepares OUT/NAME.{train,dev}.json and trains OUT/NAME.pt with the
vectors in OUT/vectors.pt. NAME is `all`, `without-TOPIC` (SlavicNER's Bulgarian, Russian and Ukrainian documents of the
topic left out) or `bsnlp19` (Asia Bibi and Brexit only, of SlavicNER).
"""

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from training.augment import Swapper
from training.slavner import TOPICS, WAR, documents, sentences
from training.written import Tagged, written_sentences

_BSNLP19 = ("asia_bibi", "brexit")
_DEV_SHARE = 0.07
#: Russian and Ukrainian sentences beyond so many teach little Bulgarian.
_MAX_FOREIGN = 6_000
_OPTIONS = (
    *("--shorthand", "bg_news", "--cpu", "--emb_finetune_known_only"),
    *("--char_emb_dim", "32", "--char_hidden_dim", "64", "--hidden_dim", "128"),
    *("--batch_size", "32", "--max_batch_words", "1200", "--word_dropout", "0.2", "--dropout", "0.4"),
    *("--optim", "adam", "--lr", "0.002", "--lr_decay", "0.5", "--patience", "0", "--min_lr", "0.00015"),
    *("--eval_interval", "500"),
)


def main(shared: Path, out: Path, name: str, seed: int, steps: int) -> None:
    """Prepares and trains one model."""
    train, dev = split(shared, name, seed)
    for part, some in (("train", train), ("dev", dev)):
        write(some, out / f"{name}.{part}.json")
    words = sum(map(len, train))
    print(f"{name}: {len(train)} sentences, {words} words to train on, {len(dev)} to choose by", flush=True)
    vectors = out / "vectors.pt"
    command = [
        *(sys.executable, "-m", "stanza.models.ner_tagger", "--mode", "train", *_OPTIONS),
        *("--train_file", str(out / f"{name}.train.json"), "--eval_file", str(out / f"{name}.dev.json")),
        *("--wordvec_pretrain_file", str(vectors), "--word_emb_dim", "69", "--max_steps", str(steps)),
        *("--seed", str(seed), "--save_dir", str(out), "--save_name", f"{name}.pt"),
    ]
    subprocess.run(command, check=True)


def topics_of(name: str) -> tuple[str, ...]:
    """The SlavicNER topics that a model of this name is trained on."""
    if name == "bsnlp19":
        return _BSNLP19
    left_out = name.removeprefix("without-")
    return tuple(topic for topic in TOPICS if topic != left_out)


def split(shared: Path, name: str, seed: int) -> tuple[list[Tagged], list[Tagged]]:
    """Sentences to train on, shuffled, and sentences to choose a checkpoint by."""
    rng = random.Random(seed)
    seen: set[str] = set()
    news = list(sentences((d for topic in topics_of(name) for d in documents(shared, topic, "bg")), seen))
    written = list(written_sentences())
    train_news, dev_news = parted(news, _DEV_SHARE / 3, rng)
    train_written, dev_written = parted(written, _DEV_SHARE, rng)
    foreign = list(
        sentences(
            (
                d
                for topic in (*topics_of(name), WAR)
                for tongue in ("ru", "uk")
                for d in documents(shared, topic, tongue)
            ),
            seen,
        )
    )
    swapper = Swapper(seed)
    train = [
        *train_news,
        *swapper.swapped(train_news, 0.8),
        *train_written,
        *train_written,
        *swapper.swapped(train_written, 1.0),
        *swapper.swapped(train_written, 1.0),
        *swapper.shouted(train_written, 0.15),
        *rng.sample(foreign, min(_MAX_FOREIGN, len(foreign))),
    ]
    rng.shuffle(train)
    return train, dev_news + dev_written


def parted(some: Sequence[Tagged], share: float, rng: random.Random) -> tuple[list[Tagged], list[Tagged]]:
    """Blocks of neighbouring sentences, most in the first list and about `share` of all in the second."""
    blocks = [some[start : start + 20] for start in range(0, len(some), 20)]
    chosen = set(rng.sample(range(len(blocks)), max(1, round(share * len(blocks))))) if blocks else set()
    train = [one for number, block in enumerate(blocks) if number not in chosen for one in block]
    return train, [one for number in sorted(chosen) for one in blocks[number]]


def write(some: Sequence[Tagged], path: Path) -> None:
    """Stanza's form of tagged sentences."""
    content = [[{"text": word, "ner": tag} for word, tag in sentence] for sentence in some]
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        sys.argv[3],
        int((sys.argv[4:5] or ["1"])[0]),
        int((sys.argv[5:6] or ["3000"])[0]),
    )
