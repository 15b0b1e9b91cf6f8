"""What word-list tools would reach on labelled items, beside what we reach.

Run: `.venv/bin/python benchmarks/baselines.py FILE [FILE …] [--no-ours]`, where FILE holds labelled items as
`vestitel score` reads them. The words of each watch are in `baselines_words.yaml`; every tool gets the same ones, once
without and once with its exclusions. Ours is the shipped configuration, by the code of `vestitel score`.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from worker.evaluate.contract import gold_of, results
from worker.evaluate.metrics import Counts
from worker.evaluate.score import report_on
from worker.settings.load import catalogue_of, read_watchlist
from worker.wiring import language_for

#: Shortest word, ending, and what stands in its place; the first that fits.
_PLURALS = (
    *((7, "овци", "о"), (7, "ове", ""), (7, "еве", "й")),
    *((6, "ища", ""), (6, "та", ""), (6, "ци", "к"), (6, "зи", "г"), (6, "е(.)и", r"я\1")),
    *((5, "си", "х"), (5, "и", "")),
)
_WORDS = Path(__file__).with_name("baselines_words.yaml")
_FIELDS = ("title", "summary", "body")
#: Whether a text holds a word or phrase.
Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody typed for one watch; a bar marks where a word may be cut."""

    any: tuple[str, ...]
    none: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One line of the table."""

    watches: Counts
    false_alerts: int
    silent_items: int

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            watches=self.watches + other.watches,
            false_alerts=self.false_alerts + other.false_alerts,
            silent_items=self.silent_items + other.silent_items,
        )


def substring(phrase: str) -> Test:
    """The phrase anywhere, in any case."""
    wanted = phrase.replace("|", "").lower()
    return lambda text: wanted in text.lower()


def exact(phrase: str) -> Test:
    """The phrase as whole words, in any case; any signs may stand between two of them."""
    words = re.findall(r"\w+", phrase.replace("|", ""))
    return _searching(r"\b" + r"\W+".join(words) + r"\b")


def stemmed(phrase: str) -> Test:
    """The stems of the phrase one after another among those of the text."""
    wanted = _stems(phrase.replace("|", ""))
    return lambda text: wanted in _stems(text)


def by_hand(phrase: str) -> Test:
    r"""The regular expression that one writes by hand: what stands before a bar and then `\w*`."""
    parts = [re.sub(r"\\\|\w*", r"\\w*", re.escape(word)) for word in phrase.split()]
    ends = "" if phrase.endswith("|") or "|" in phrase.rsplit(maxsplit=1)[-1] else r"(?!\w)"
    return _searching(r"(?<!\w)" + r"\s+".join(parts) + ends)


TOOLS: Mapping[str, Callable[[str], Test]] = {
    "substring": substring,
    "exact words": exact,
    "light stemmer": stemmed,
    "regex by hand": by_hand,
}


def stem(word: str) -> str:
    """The stem of a word in small letters by the light stemmer that Lucene ships for Bulgarian.

    Our own writing of the rules of J. Savoy, «Searching Strategies for the Bulgarian Language», Information Retrieval
    10 (2007), as org.apache.lucene.analysis.bg.BulgarianStemmer orders them: article, plural with its palatalisation,
    last vowel, and the vowel that falls.
    """
    if len(word) < 4:
        return word
    if len(word) > 5 and word.endswith("ища"):
        return word[:-3]
    word = _without_plural(_without_article(word))
    if len(word) > 3:
        word = word.removesuffix("я")
        word = word[:-1] if word.endswith(("а", "о", "е")) else word
    if len(word) > 4 and word.endswith("ен"):
        word = word[:-2] + "н"
    if len(word) > 5 and word[-2] == "ъ":
        word = word[:-2] + word[-1]
    return word


def _without_article(word: str) -> str:
    for shortest, ending in ((7, "ият"), (6, "ът"), (6, "то"), (6, "те"), (6, "та"), (6, "ия"), (5, "ят")):
        if len(word) >= shortest and word.endswith(ending):
            return word[: -len(ending)]
    return word


def _without_plural(word: str) -> str:
    for shortest, ending, instead in _PLURALS:
        if len(word) >= shortest and (found := re.search(ending + "$", word)):
            return word[: found.start()] + found.expand(instead)
    return word


@cache
def _stems(text: str) -> str:
    stems = " ".join(stem(word) for word in re.findall(r"[^\W_]+", text.lower()))
    return f" {stems} "


def _searching(pattern: str) -> Test:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.search(text) is not None


def read_words(path: Path = _WORDS) -> Mapping[str, Words]:
    """The words of each watch, by its id."""
    lists: Mapping[str, Mapping[str, Sequence[str]]] = YAML(typ="safe").load(path)
    return {watch: Words(any=tuple(given["words"]), none=tuple(given["not"])) for watch, given in lists.items()}


def fired(
    items: Sequence[Mapping[str, Any]], words: Mapping[str, Words], tool: Callable[[str], Test], *, exclude: bool
) -> list[list[str]]:
    """The watches that each item fires; an excluded phrase anywhere in an item silences the watch."""
    tests = {
        watch: ([tool(word) for word in given.any], [tool(word) for word in given.none if exclude])
        for watch, given in words.items()
    }
    texts = [[str(item.get(field) or "") for field in _FIELDS] for item in items]
    return [
        [watch for watch, (any_of, none_of) in tests.items() if _holds(fields, any_of) and not _holds(fields, none_of)]
        for fields in texts
    ]


def _holds(fields: Sequence[str], tests: Sequence[Test]) -> bool:
    return any(test(text) for test in tests for text in fields)


def _figures(golds: Sequence[Mapping[str, Any]], watches: Sequence[Sequence[str]]) -> Figures:
    """Scored as `vestitel score` does; entities and stories are left empty."""
    predictions = [
        {"id": gold["id"], "watches": [{"watch": watch} for watch in fires], "entities": [], "story": gold["id"]}
        for gold, fires in zip(golds, watches, strict=True)
    ]
    report = report_on(golds, predictions)
    return Figures(watches=report.all_watches, false_alerts=report.false_alerts, silent_items=report.silent_items)


def _ours(lines: Sequence[str]) -> list[list[str]]:
    language = language_for(read_watchlist(Path("config/watches")), catalogue_of(Path("config"), {}), None)
    found = results(enumerate(lines, start=1), language, datetime.now(UTC), _complain)
    return [[match["watch"] for match in result["watches"]] for result in found]


def _complain(number: int, message: str) -> None:
    raise SystemExit(f"line {number}: {message}")


def _measured(file: Path, *, with_ours: bool) -> dict[str, Figures]:
    lines = [line for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    golds = [gold_of(line) for line in lines]
    words = read_words()
    rows: dict[str, Figures] = {}
    for name, tool in TOOLS.items():
        for ending, exclude in (("", False), (", exclusions", True)):
            rows[name + ending] = _figures(golds, fired(golds, words, tool, exclude=exclude))
    if with_ours:
        rows["ours"] = _figures(golds, _ours(lines))
    return rows


def _table(title: str, rows: Mapping[str, Figures]) -> Iterator[str]:
    width = max(map(len, rows))
    yield title
    yield f"{'':{width}}  {'right':>5} {'wrong':>5} {'missed':>6}  {'P':>5} {'R':>5} {'F1':>5}  false alerts"
    for name, row in rows.items():
        counts = row.watches
        yield (
            f"{name:{width}}  {counts.true:5d} {counts.false:5d} {counts.missed:6d}  {counts.precision:5.3f} "
            f"{counts.recall:5.3f} {counts.f1:5.3f}  {row.false_alerts:3d} on {row.silent_items} silent items"
        )
    yield ""


def main(files: Sequence[str], *, with_ours: bool) -> None:
    """Prints a table for each file and, for several, one for all."""
    together: dict[str, Figures] = {}
    for file in files:
        rows = _measured(Path(file), with_ours=with_ours)
        together = {name: together[name] + row if together else row for name, row in rows.items()}
        print("\n".join(_table(file, rows)))
    if len(files) > 1:
        print("\n".join(_table(f"all {len(files)} files", together)))


if __name__ == "__main__":
    main([given for given in sys.argv[1:] if given != "--no-ours"], with_ours="--no-ours" not in sys.argv)
