"""How well articles are put into stories, in the order of their publication, as the service sees them.

    OMP_NUM_THREADS=1 .venv/bin/python -m benchmarks.stories [FILE …]

FILE holds labelled items as `vestitel score` reads them; several sets may stand in one file, told apart by what stands
before the hyphen in the name of the story. Each set is grouped on its own. Two minutes for what it reads by default.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from worker.evaluate.contract import BATCH, gold_of, item_of
from worker.evaluate.metrics import Counts, b_cubed, copy_counts, pair_counts
from worker.examining import examine_each
from worker.grouping.stories import StoryWindow, assign_story
from worker.models.alert import Fingerprint, Grouped
from worker.models.news import StoryId
from worker.models.watch import Watchlist
from worker.ports import Language
from worker.settings.load import catalogue_of
from worker.wiring import language_for

_ROOT = Path(__file__).parents[1]
_FILES = (_ROOT / "tests" / "quality" / "gold.jsonl", _ROOT / "benchmarks" / "news" / "dev.jsonl")
_NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What is known of one item, and what is compared of it."""

    fingerprint: Fingerprint
    story: str
    copy_of: str | None


def main() -> None:
    """Prints one row for each set and one for all."""
    language = language_for(Watchlist(watches=(), version="none"), catalogue_of(_ROOT / "config", {}), None)
    pairs = copies = Counts()
    print(f"{'set':16}{'items':>6}  {'pairs P':>8}{'R':>7}{'F1':>7}  {'B-cubed':>8}  {'copies P':>9}{'R':>7}")
    for name, lines in _sets([Path(file) for file in sys.argv[1:]] or _FILES):
        items = _labelled(lines, language)
        gold = {item.fingerprint.article_id: item.story for item in items}
        stories, copied = _grouped(item.fingerprint for item in items)
        of_set = pair_counts(gold, stories)
        of_copies = copy_counts({item.fingerprint.article_id: item.copy_of for item in items}, copied)
        pairs, copies = pairs + of_set, copies + of_copies
        print(_row(name, len(items), of_set, f"{b_cubed(gold, stories).f1:8.3f}", of_copies), flush=True)
    print(_row("all", pairs.true + pairs.missed, pairs, f"{'':8}", copies), "  (pairs in the place of items)")


def _sets(files: Iterable[Path]) -> Iterator[tuple[str, Sequence[str]]]:
    for file in files:
        sets: dict[str, list[str]] = {}
        for line in file.read_text().splitlines():
            prefix, hyphen, _ = str(gold_of(line)["story"]).partition("-")
            sets.setdefault(f"{file.stem} {prefix}" if hyphen else file.stem, []).append(line)
        yield from sets.items()


def _labelled(lines: Sequence[str], language: Language) -> Sequence[Labelled]:
    """The items by time of publication."""
    articles = [item_of(line, _NOW)[1] for line in lines]
    labels = {str(label["id"]): label for label in map(gold_of, lines)}
    items = []
    for start in range(0, len(articles), BATCH):
        examined, failed = examine_each(articles[start : start + BATCH], language)
        if failed:
            raise SystemExit(f"not analysed: {failed}")
        for one in examined:
            label = labels[one.article.id]
            original = label["copy_of"]
            copy_of = None if original is None else str(original)
            items.append(Labelled(fingerprint=one.fingerprint, story=str(label["story"]), copy_of=copy_of))
    return sorted(items, key=lambda item: (item.fingerprint.at, item.fingerprint.article_id))


def _grouped(fingerprints: Iterable[Fingerprint]) -> tuple[Mapping[str, str], Mapping[str, str | None]]:
    """Story and original of each article; a story found to be part of another ends up as that."""
    window = StoryWindow(())
    stories: dict[str, StoryId] = {}
    copied: dict[str, str | None] = {}
    for fingerprint in fingerprints:
        story = assign_story(fingerprint, window, None)
        window.add(Grouped(fingerprint=fingerprint, story_id=story.id))
        stories[fingerprint.article_id], copied[fingerprint.article_id] = story.id, story.copy_of
        for part in story.merges:
            window.merge(part, story.id)
            stories.update({article: story.id for article, of in stories.items() if of == part})
    return stories, copied


def _row(name: str, items: int, pairs: Counts, b_cubed_f1: str, copies: Counts) -> str:
    of_pairs = f"{pairs.precision:8.3f}{pairs.recall:7.3f}{pairs.f1:7.3f}"
    return f"{name:16}{items:6}  {of_pairs}  {b_cubed_f1}  {copies.precision:9.3f}{copies.recall:7.3f}"


if __name__ == "__main__":
    main()
