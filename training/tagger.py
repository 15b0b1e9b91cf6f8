"""The part-of-speech tagger: `python -m training.tagger SHARED OUT [STEPS]` writes OUT/pos.pt, with OUT/vectors.pt."""

import random
import subprocess
import sys
from pathlib import Path

from training.silver import silver_sentences, write_conllu

_DEV = 400
_OPTIONS = (
    *("--mode", "train", "--shorthand", "bg_news", "--cpu", "--word_emb_dim", "0"),
    *("--char_emb_dim", "32", "--char_hidden_dim", "64", "--hidden_dim", "96", "--transformed_dim", "64"),
    *("--deep_biaff_hidden_dim", "96", "--tag_emb_dim", "16", "--num_layers", "1", "--batch_size", "40"),
    *("--eval_interval", "500", "--fix_eval_interval", "--no_second_optim", "--word_dropout", "0.1"),
    *("--dropout", "0.25", "--lr", "0.004"),
)


def main(shared: Path, out: Path, steps: int) -> None:
    """Prepares and trains."""
    sentences = [[(form, lemma, upos) for form, lemma, upos, _ in one] for one in silver_sentences(shared)]
    random.Random(3).shuffle(sentences)
    # Headlines come without a full stop and in capitals; silver text has few.
    shouted = [[(form.upper(), lemma, upos) for form, lemma, upos in one] for one in sentences[_DEV::60]]
    write_conllu(sentences[_DEV:] + shouted, out / "pos.train.conllu")
    write_conllu(sentences[:_DEV], out / "pos.dev.conllu")
    command = [
        *(sys.executable, "-m", "stanza.models.tagger", *_OPTIONS, "--max_steps", str(steps)),
        *("--train_file", str(out / "pos.train.conllu"), "--eval_file", str(out / "pos.dev.conllu")),
        *("--wordvec_pretrain_file", str(out / "vectors.pt"), "--save_dir", str(out), "--save_name", "pos.pt"),
    ]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int((sys.argv[3:4] or ["2500"])[0]))
