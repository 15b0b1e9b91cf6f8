"""Speed and memory of matching at 1,000, 10,000 and 100,000 aliases, beside daachorse and one regex for each alias.

Run: `benchmarks/matching.py [--persons] [--profile ALIASES]`. 200 items of 250 words; aliases by a fixed seed, five a
watch, 300 of them from the items. One core, CPU time, each row in its own process. «analysed»: analysed and cut into
words before; for daachorse, padded before. «raw»: from the text. «first»: nothing kept from another pass. `~`: only
some items were run. MB: of watches and index. `--persons` makes names `person` terms, whose bare surname counts too.
"""

import cProfile
import gc
import io
import json
import os
import pickle
import pstats
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

from worker.evaluate.contract import item_of
from worker.matching.match import find_matches
from worker.matching.reading import read_article
from worker.matching.terms import compile_watches
from worker.models.news import Analysis, Article
from worker.nlp.bulgarian import StanzaAnalyzer
from worker.settings.load import read_watchlist

_TEXT = Path(__file__).parents[1] / "training/text"
_SIZES = (1_000, 10_000, 100_000)
_ITEMS, _WORDS, _WARMING_ITEMS = 200, 250, 10
_ALIASES_A_WATCH = 5
_WATCHES_A_FILE = 4_000
#: The same number at each size, so that sizes differ in what must be looked through and not in what is found.
_TAKEN = 300
_SHARES = {"name": 0.4, "phrase": 0.35, "word": 0.15, "acronym": 0.1}
_LONGEST_S, _LONGEST_REGEX_S = 4.0, 10.0
_LARGEST_REGEX = 10_000
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARK = re.compile(r"\[\[(\w+)\|([^\[\]]+)\]\]")
_PREFIXES = ("авто", "агро", "био", "евро", "еко", "електро", "инфо", "кибер", "мега", "метал", "нефто")
_CAPITALS = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШ"

Alias = tuple[str, str]  # kind and text
Row = dict[str, Any]


def articles_of(marked: str) -> Iterator[Article]:
    """Items of exactly as many words as wanted, each begun with an item of the marked text."""
    plain = re.sub(r"^(?:#.*|B:|[TS]:)\s*", "", _MARK.sub(r"\2", marked), flags=re.MULTILINE)
    held = ""
    for item in re.split(r"\n\s*\n", plain):
        held += item.strip() + "\n"
        words = list(_WORD.finditer(held))
        if len(words) >= _WORDS:
            title, _, body = held[: words[_WORDS - 1].end()].partition("\n")
            yield item_of(json.dumps({"id": title, "title": title, "body": body}), datetime.now(UTC))[1]
            held = ""


class _Aliases:
    """Names, phrases, words and acronyms: some that stand in the items, and as many more as wanted."""

    def __init__(self, articles: Sequence[Article], analyses: Sequence[Analysis], marked: str) -> None:
        self._random = Random(7)  # noqa: S311 - no secret
        self._text = "\n".join(f"{article.title}\n{article.body}" for article in articles)
        self._words = frozenset(re.findall(r"[а-я]+", self._text))
        tokens = [t for a in analyses for field in a.sentences.values() for s in field for t in s.tokens]
        # With repetition, so that common words are common in phrases too.
        self._lemmas = [token.lemma for token in tokens if re.fullmatch(r"[а-я]{4,}", token.lemma)]
        names = [text.split() for kind, text in _MARK.findall(marked) if kind == "PER" and " " in text]
        self._given, self._surnames = ([name[place] for name in names] for place in (0, -1))

    def of(self, count: int) -> list[Alias]:
        """As many different ones, in no order."""
        aliases: dict[str, str] = {}
        for kind, share in _SHARES.items():
            standing = sorted(set(self._standing(kind)))
            taken = self._random.sample(standing, min(len(standing), round(_TAKEN * share)))
            goal = len(aliases) + round(count * share)
            aliases |= dict.fromkeys(taken, kind)
            while len(aliases) < goal:
                made = self._made(kind)
                if made.lower() not in self._words:
                    aliases.setdefault(made, kind)
        return self._random.sample([(kind, text) for text, kind in aliases.items()], len(aliases))

    def _standing(self, kind: str) -> list[str]:
        if kind == "word":
            seen = Counter(re.findall(r"\b[а-я]{7,}\b", self._text))
            return [word for word, times in seen.items() if times <= 2]
        pattern = {"name": r"\b[А-Я][а-я]+ [А-Я][а-я]+\b", "phrase": r"\b[а-я]{6,}(?: [а-я]{3,}){1,3}\b"}
        found: list[str] = re.findall(pattern.get(kind, r"\b[А-Я]{3,5}\b"), self._text)
        # A word of a headline in capitals is no acronym.
        return [text for text in found if text.lower() not in self._words]

    def _made(self, kind: str) -> str:
        pick = self._random.choice
        match kind:
            case "name":
                return f"{pick(self._given)} {pick(self._surnames)}"
            case "phrase":
                return " ".join(pick(self._lemmas) for _ in range(pick((2, 2, 3, 3, 4))))
            case "word":
                return pick(_PREFIXES) + pick(self._lemmas)
            case _:
                return "".join(pick(_CAPITALS) for _ in range(pick((3, 4, 5))))


def write_watches(aliases: Sequence[Alias], folder: Path, *, persons: bool) -> None:
    """Watch files as people would write them."""
    folder.mkdir()
    lines: list[str] = []
    for start in range(0, len(aliases), _ALIASES_A_WATCH):
        terms = [
            f'{{person: "{text}"}}' if persons and kind == "name" else f'"{text}"'
            for kind, text in aliases[start : start + _ALIASES_A_WATCH]
        ]
        lines.append(f"- {{id: w{start}, name: w{start}, kind: actor, any: [{', '.join(terms)}]}}")
    for start in range(0, len(lines), _WATCHES_A_FILE):
        some = ("watchlist: many", "watches:", *lines[start : start + _WATCHES_A_FILE])
        (folder / f"{start}.yaml").write_text("\n".join(some), encoding="utf-8")


def _pass(count: Callable[[int], int], longest_s: float) -> tuple[int, int, float]:
    """What was found in how many items in how many seconds; all items, or those that the time allowed."""
    began, found, done = time.process_time(), 0, 0
    while done < _ITEMS and time.process_time() - began < longest_s:
        found += count(done)
        done += 1
    return found, done, time.process_time() - began


def _rates(analysed: Callable[[int], int], raw: Callable[[int], int]) -> Row:
    """Items a second and what is found in one; each function gives what it finds in item n."""
    row: Row = {}
    for name, count in (("analysed", analysed), ("raw", raw)):
        for number in range(_ITEMS, _ITEMS + _WARMING_ITEMS):
            count(number)
        found, done, spent = _pass(count, _LONGEST_S)
        row |= {f"{name}_first": done / spent, f"{name}_hits": found / done}
        while spent < _LONGEST_S:
            _, again, more = _pass(count, _LONGEST_S)
            done, spent = done + again, spent + more
        row[name] = done / spent
    return row | {"after_mb": _memory_mb()}


def _memory_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _read(folder: Path, size: int) -> float:
    began = time.process_time()
    watchlist = read_watchlist(folder / f"watches{size}")
    read_s = time.process_time() - began
    (folder / f"watchlist{size}").write_bytes(pickle.dumps(watchlist))
    return read_s


def _built(make: Callable[[], Any]) -> tuple[Any, Row]:
    before_mb, began = _memory_mb(), time.process_time()
    return make(), {"build_s": time.process_time() - began, "before_mb": before_mb}


def _ours(folder: Path, size: int, *, profile: bool = False) -> Row | str:
    articles, analyses = _kept(folder / "items")
    watchlist, loaded = _built(lambda: _kept(folder / f"watchlist{size}"))
    index, row = _built(lambda: compile_watches(watchlist))
    reads = [read_article(article, analysis) for article, analysis in zip(articles, analyses, strict=True)]

    def matched(number: int, analysis: Analysis | None) -> int:
        read = reads[number] if analysis else None
        return sum(len(match.evidence) for match in find_matches(articles[number], analysis, index, read=read))

    if profile:
        profiler, printed = cProfile.Profile(), io.StringIO()
        profiler.runcall(lambda: [matched(number, analyses[number]) for _ in range(5) for number in range(_ITEMS)])
        pstats.Stats(profiler, stream=printed).sort_stats("tottime").print_stats(15)
        return printed.getvalue()
    row["before_mb"] = loaded["before_mb"]
    return row | _rates(lambda number: matched(number, analyses[number]), lambda number: matched(number, None))


def _daachorse(folder: Path, size: int) -> Row:
    from daachorse import CharwiseDoubleArrayAhoCorasick  # type: ignore[import-not-found]  # noqa: PLC0415 - optional

    texts = _texts(folder)
    padded = [_padded(text) for text in texts]
    patterns = sorted({_padded(text) for _, text in _kept(folder / f"aliases{size}")})
    automaton, row = _built(lambda: CharwiseDoubleArrayAhoCorasick(patterns))
    return row | _rates(
        lambda number: len(automaton.find_overlapping(padded[number])),
        lambda number: len(automaton.find_overlapping(_padded(texts[number]))),
    )


def _regexes(folder: Path, size: int) -> Row:
    texts = _texts(folder)
    patterns = [rf"\b{re.escape(text)}\b" for _, text in _kept(folder / f"aliases{size}")]
    regexes, row = _built(lambda: [re.compile(pattern, re.IGNORECASE) for pattern in patterns])
    found, done, spent = _pass(lambda n: sum(len(regex.findall(texts[n])) for regex in regexes), _LONGEST_REGEX_S)
    row |= {"raw": done / spent, "raw_hits": found / done, "after_mb": _memory_mb()}
    return row if done == _ITEMS else {**row, "few": done}


_ROWS: Mapping[str, Callable[[Path, int], Row | str | float]] = {
    "read": _read,
    "ours": _ours,
    "daachorse": _daachorse,
    "a regex each": _regexes,
    "profile": lambda folder, size: _ours(folder, size, profile=True),
}


def _kept(path: Path) -> Any:
    return pickle.loads(path.read_bytes())


def _texts(folder: Path) -> list[str]:
    return [f"{article.title}\n{article.body}" for article in _kept(folder / "items")[0]]


def _padded(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _in_process(row: str, folder: Path, size: int) -> str:
    command = [sys.executable, __file__, "row", row, str(folder), str(size)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own command


def _prepare(folder: Path, sizes: Sequence[int], *, persons: bool) -> None:
    marked = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(_TEXT.glob("*.txt")))
    articles = list(articles_of(marked))[: _ITEMS + _WARMING_ITEMS]
    assert len(articles) == _ITEMS + _WARMING_ITEMS
    analyses = StanzaAnalyzer.shipped().analyse(articles)
    (folder / "items").write_bytes(pickle.dumps((articles, analyses)))
    for size in sizes:
        aliases = _Aliases(articles[:_ITEMS], analyses[:_ITEMS], marked).of(size)
        (folder / f"aliases{size}").write_bytes(pickle.dumps(aliases))
        write_watches(aliases, folder / f"watches{size}", persons=persons)
        read_s = float(_in_process("read", folder, size))
        print(f"{size} aliases, {size // _ALIASES_A_WATCH} watches: read and checked in {read_s:.1f} s")


def _line(size: int, name: str, row: Row) -> str:
    def cell(key: str, width: int, form: str) -> str:
        mark = "~" if "few" in row and key == "raw" else ""
        return f"{mark + format(row[key], form) if key in row else '-':>{width}}"

    rates = (cell(kind + part, 9, ".0f") for kind in ("analysed", "raw") for part in ("", "_first"))
    memory = f"{row['after_mb'] - row['before_mb']:6.0f}"
    hits = (cell(key, 5, ".1f") for key in ("analysed_hits", "raw_hits"))
    return " ".join((f"{size:7} {name:12}", *rates, cell("build_s", 7, ".2f"), memory, *hits))


def _targets(ours: Mapping[int, Row]) -> Iterator[str]:
    few, many, most = (ours[size] for size in _SIZES)
    analysed, raw = (most[key] / few[key] for key in ("analysed", "raw"))
    yield f"items/s at 10,000: analysed {many['analysed']:.0f} (target 3000), raw {many['raw']:.0f} (target 1000)"
    yield f"speed at 100,000 of that at 1,000: analysed {analysed:.2f}, raw {raw:.2f} (target 0.50)"


def main(*, persons: bool, profile: int | None) -> None:
    """Prints the table and the targets, or where the time goes."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _prepare(folder, [profile] if profile else _SIZES, persons=persons)
        if profile:
            print(json.loads(_in_process("profile", folder, profile)))
            return
        names = ["ours", *(["daachorse"] if find_spec("daachorse") else []), "a regex each"]
        heads = ("analysed", "first", "raw", "first")
        print(f"{'':20} {' '.join(f'{head:>9}' for head in heads)} build s     MB found   raw")
        ours: dict[int, Row] = {}
        for size in _SIZES:
            for name in names if size <= _LARGEST_REGEX else names[:-1]:
                row = json.loads(_in_process(name, folder, size))
                print(_line(size, name, row), flush=True)
                ours.setdefault(size, row)
        print("\n".join(_targets(ours)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["row"]:
        print(json.dumps(_ROWS[sys.argv[2]](Path(sys.argv[3]), int(sys.argv[4]))))
    else:
        wanted = sys.argv.index("--profile") + 1 if "--profile" in sys.argv else 0
        main(persons="--persons" in sys.argv, profile=int(sys.argv[wanted]) if wanted else None)
