"""What the language models reach: `python -m training.quality [SHARED] [OUT]`, the table that `make quality` prints.

On data that training never saw: our labelled news (`tests/quality/gold.jsonl`, its main categories by hand, and
nominatives); with SHARED, the UD BTB test set (evaluation only); with OUT, SlavicNER topics on the models of the folds
that left them out (`without-TOPIC.pt`, `bsnlp19.pt`). Spans count when field, start, end and type agree; with SHARED
and OUT the figures are kept in OUT/scores.json for the model card.
"""

import functools
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from training import nominatives, treebank
from training.articles import an_article
from training.package import SHIPPED, write_json
from training.slavner import TOPICS, documents
from worker.entities.index import CatalogueIndex, compile_catalogue
from worker.entities.mentions import resolve
from worker.evaluate.metrics import counts_of
from worker.models.actor import Catalogue
from worker.models.news import Analysis, Article, Field
from worker.nlp.bulgarian import StanzaAnalyzer
from worker.nlp.categories import read_categories
from worker.settings.actors import read_actors
from worker.settings.yaml import Problems
from worker.topics.categories import SUBJECTS, categories_of

_HERE = Path(__file__).parent.parent
_GOLD = _HERE / "tests/quality/gold.jsonl"
_BATCH = 32
_KINDS = ("PER", "LOC", "ORG", "EVT", "PRO")
#: item, field, start, end, type
Span = tuple[int, str, int, int, str]


def main(shared: Path | None, out: Path | None) -> None:
    """Prints every figure; what cannot be measured here is said."""
    scores: dict[str, object] = {}
    catalogue = compile_catalogue(read_actors(_HERE / "config/actors", Problems()))
    nothing = compile_catalogue(Catalogue())
    items = [json.loads(line) for line in _GOLD.read_text(encoding="utf-8").splitlines()]
    analyzer = StanzaAnalyzer.shipped()
    scores["gold"] = names_report(
        "our labelled news", items, analyzer, {"with catalogue": catalogue, "models alone": nothing}
    )
    catalogue_alone("catalogue alone", items, catalogue)
    scores["categories"] = main_categories(items)
    scores["nominatives"] = nominatives.report(_HERE / "tests/data/language/nominatives.tsv", analyzer)
    if shared is None:
        print("\nno public sets here: give the folder that holds them")
        return
    start = shared / "nlp/start_models"
    if start.is_dir():
        names_report("start models", items, StanzaAnalyzer(described(start)), {"models alone": nothing})
    scores["treebank"] = treebank.report(shared / "nlp/ud_bg_btb/bg_btb-ud-test.conllu", analyzer)
    if out is not None:
        scores["topics"] = folds(shared, out, {"with catalogue": catalogue, "models alone": nothing})
        write_json(out / "scores.json", scores)


def main_categories(items: Sequence[Mapping[str, Any]]) -> float:
    """Prints and gives the share of our labelled items whose main IPTC category comes first, in percent."""
    model = read_categories()
    lines = (_HERE / "tests/quality/categories.tsv").read_text(encoding="utf-8").splitlines()
    wanted = dict(line.split("\t") for line in lines)
    found = {item["id"]: categories_of(article_of(0, item), model)[0].code for item in items}
    right = sum(found[name] == f"medtop:{SUBJECTS[key][0]}" for name, key in wanted.items())
    print(f"\nmain category right: {right} of {len(wanted)}")
    return round(100 * right / len(wanted), 1)


def folds(shared: Path, out: Path, indexes: Mapping[str, CatalogueIndex]) -> dict[str, object]:
    """Each SlavicNER topic on the model that never saw it, and the protocol of BSNLP 2019."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for topic in TOPICS:
        model = out / f"without-{topic}.pt"
        if model.exists():
            found[topic] = names_report(topic, items_of(shared, (topic,)), with_names(model), indexes)
    means = {label: _means([score[label] for score in found.values()]) for label in indexes} if found else {}
    print(f"\nleave one topic out, mean of {len(found)}: {means}")
    if (out / "bsnlp19.pt").exists():
        items = items_of(shared, ("nord_stream", "ryanair"))
        found["bsnlp19"] = names_report("BSNLP 2019", items, with_names(out / "bsnlp19.pt"), indexes)
    return {**found, "mean": means}


def _means(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {part: round(sum(score[part] for score in scores) / len(scores), 1) for part in ("all", "capitalised")}


def items_of(shared: Path, topics: Iterable[str]) -> list[dict[str, Any]]:
    """Bulgarian documents of topics in the form of our labelled items."""
    return [
        {
            "title": "",
            "summary": "",
            "body": document.text,
            "entities": [{"field": "body", "start": s, "end": e, "type": kind} for s, e, kind in document.spans],
        }
        for topic in topics
        for document in documents(shared, topic, "bg")
    ]


def with_names(model: Path) -> StanzaAnalyzer:
    """The shipped models with another name finder."""
    directory = Path(tempfile.mkdtemp(prefix="vestitel-fold-"))
    shutil.copytree(SHIPPED, directory, dirs_exist_ok=True)
    shutil.copyfile(model, directory / "bg/ner/news.pt")
    return StanzaAnalyzer(described(directory))


def described(directory: Path) -> Path:
    """A directory of models with a card of its own, without checksums."""
    target = Path(tempfile.mkdtemp(prefix="vestitel-models-"))
    shutil.copytree(directory, target, dirs_exist_ok=True)
    target.chmod(0o755)
    write_json(
        target / "card.json",
        {"name": directory.name, "version": "0", "processors": "tokenize,pos,lemma,ner", "sha256": {}},
    )
    return target


def names_report(
    title: str, items: Sequence[Mapping[str, Any]], analyzer: StanzaAnalyzer, indexes: Mapping[str, CatalogueIndex]
) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of the names in labelled items, by type; gives F1 in percent."""
    articles = [article_of(number, item) for number, item in enumerate(items)]
    analyses = [
        a for start in range(0, len(articles), _BATCH) for a in analyzer.analyse(articles[start : start + _BATCH])
    ]
    gold = gold_spans(items)
    found: dict[str, dict[str, float]] = {}
    for label, index in indexes.items():
        spans = found_spans(zip(articles, analyses, strict=True), lambda a, x, i=index: resolve(a, x, i))  # type: ignore[misc]
        print(f"\n{title}, {label} ({len(items)} items)")
        found[label] = table(gold, spans, items)
    return found


def catalogue_alone(title: str, items: Sequence[Mapping[str, Any]], index: CatalogueIndex) -> None:
    """The baseline of a word list: only what the catalogue knows, without a model."""
    articles = [article_of(number, item) for number, item in enumerate(items)]
    empty = Analysis(model="none", sentences={}, mentions=())
    spans = found_spans(((article, empty) for article in articles), lambda a, x: resolve(a, x, index))
    print(f"\n{title} ({len(items)} items)")
    table(gold_spans(items), spans, items)


def found_spans(
    analysed: Iterable[tuple[Article, Analysis]], mentions_of: Callable[[Article, Analysis], Iterable[Any]]
) -> set[Span]:
    """Everything found, as spans."""
    return {
        (number, m.field.value, m.start, m.end, m.kind.value)
        for number, (article, analysis) in enumerate(analysed)
        for m in mentions_of(article, analysis)
    }


def gold_spans(items: Sequence[Mapping[str, Any]]) -> set[Span]:
    """Everything labelled, as spans."""
    return {(n, e["field"], e["start"], e["end"], e["type"]) for n, item in enumerate(items) for e in item["entities"]}


def table(gold: set[Span], found: set[Span], items: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Prints a line for each type, all, and capitalised ones only; gives F1 in percent."""
    parts: dict[str, Callable[[Span], bool]] = {kind: functools.partial(_is_of_kind, kind) for kind in _KINDS}
    parts |= {"all": lambda _: True, "capitalised": lambda span: _is_capitalised(span, items)}
    figures: dict[str, float] = {}
    for name, belongs in parts.items():
        some, other = set(filter(belongs, gold)), set(filter(belongs, found))
        counts = counts_of(some, other)
        shares = f"P {100 * counts.precision:5.1f}  R {100 * counts.recall:5.1f}  F1 {100 * counts.f1:5.1f}"
        print(f"  {name:12} {shares}  of {len(some)}")
        figures[name] = round(100 * counts.f1, 1)
    return figures


def _is_of_kind(kind: str, span: Span) -> bool:
    return span[4] == kind


def _is_capitalised(span: Span, items: Sequence[Mapping[str, Any]]) -> bool:
    return any(char.isupper() for char in items[span[0]][span[1]][span[2] : span[3]])


def article_of(number: int, item: Mapping[str, Any]) -> Article:
    """A labelled item as an article."""
    return an_article(str(number), **{field.value: item[field.value] for field in Field})


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]), *(None,) * (2 - len(sys.argv[1:3])))
