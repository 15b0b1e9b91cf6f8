"""Labelled items and what was found in them, to figures, as a table for people or as JSON values.

Items and results have the form of `worker.evaluate.contract`; the rules of scoring are those of the labelled sets:
watches by sets of items, entities by exact spans, stories by B-cubed and by pairs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worker.evaluate.metrics import (
    BCubed,
    Counts,
    b_cubed,
    copy_counts,
    counts_by_label,
    counts_of,
    members_of_larger,
    pair_counts,
    summed,
)

#: id, field, start, end, type
_Span = tuple[str, str, int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of one run over one labelled set."""

    items: int
    watches: Mapping[str, Counts]
    #: items that should fire nothing, and the alerts on them
    silent_items: int
    false_alerts: int
    #: exact span and type
    entities: Counts
    entities_untyped: Counts
    entities_by_type: Mapping[str, Counts]
    stories: BCubed
    #: the same over items whose labelled story has several
    stories_multi: BCubed
    multi_items: int
    #: what grouping nothing at all would reach
    alone: BCubed
    alone_multi: BCubed
    pairs: Counts
    copies: Counts

    @property
    def all_watches(self) -> Counts:
        """Micro counts over the watches."""
        return summed(self.watches.values())

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values; shares are rounded to four places."""
        return {
            "items": self.items,
            "watches": {
                "micro": _counts_dict(self.all_watches),
                "by_watch": {watch: _counts_dict(counts) for watch, counts in self.watches.items()},
                "silent_items": self.silent_items,
                "false_alerts": self.false_alerts,
            },
            "entities": {
                "typed": _counts_dict(self.entities),
                "untyped": _counts_dict(self.entities_untyped),
                "by_type": {kind: _counts_dict(counts) for kind, counts in self.entities_by_type.items()},
            },
            "stories": {
                "b_cubed": _b_cubed_dict(self.stories),
                "b_cubed_multi": _b_cubed_dict(self.stories_multi),
                "multi_items": self.multi_items,
                "baseline_alone": _b_cubed_dict(self.alone),
                "baseline_alone_multi": _b_cubed_dict(self.alone_multi),
                "pairs": _counts_dict(self.pairs),
                "copies": _counts_dict(self.copies),
            },
        }

    def as_table(self) -> str:
        """The report as lines of text with aligned columns."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        width = max([len("every item alone, multi"), *map(len, self.watches)])
        yield f"{'':{width}}  {'right':>5} {'wrong':>5} {'missed':>6}  {'P':>5} {'R':>5} {'F1':>5}"
        yield f"watches ({self.items} items)"
        for watch, counts in self.watches.items():
            yield _counts_line(watch, counts, width)
        yield _counts_line("all watches", self.all_watches, width)
        yield f"false alerts on the {self.silent_items} items that fire nothing: {self.false_alerts}"
        yield ""
        yield "entities (exact span)"
        for kind, counts in self.entities_by_type.items():
            yield _counts_line(kind, counts, width)
        yield _counts_line("all, typed", self.entities, width)
        yield _counts_line("all, untyped", self.entities_untyped, width)
        yield ""
        yield f"stories (B-cubed; multi: the {self.multi_items} items in stories of several)"
        yield _b_cubed_line("all", self.stories, width)
        yield _b_cubed_line("multi", self.stories_multi, width)
        yield _b_cubed_line("every item alone", self.alone, width)
        yield _b_cubed_line("every item alone, multi", self.alone_multi, width)
        yield _counts_line("pairs of one story", self.pairs, width)
        yield _counts_line("copies", self.copies, width)


def report_on(golds: Sequence[Mapping[str, Any]], predictions: Sequence[Mapping[str, Any]]) -> Report:
    """Figures over labelled items and their results, paired by `id`; raises ValueError unless the ids agree."""
    gold = {str(item["id"]): item for item in golds}
    found = {str(item["id"]): item for item in predictions}
    if gold.keys() != found.keys() or len(gold) != len(golds) or len(found) != len(predictions):
        raise ValueError("labelled items and results must have the same ids, each once")
    fires = {id_: frozenset(item["fires"]) for id_, item in gold.items()}
    fired = {id_: frozenset(match["watch"] for match in item["watches"]) for id_, item in found.items()}
    silent = [id_ for id_, watches in fires.items() if not watches]
    spans, found_spans = _spans(gold), _spans(found)
    stories, found_stories = _stories(gold), _stories(found)
    multi = members_of_larger(stories)
    alone = {id_: id_ for id_ in stories}
    return Report(
        items=len(gold),
        watches=counts_by_label(fires, fired),
        silent_items=len(silent),
        false_alerts=sum(len(fired[id_]) for id_ in silent),
        entities=counts_of(spans, found_spans),
        entities_untyped=counts_of(_untyped(spans), _untyped(found_spans)),
        entities_by_type=_by_type(spans, found_spans),
        stories=b_cubed(stories, found_stories),
        stories_multi=b_cubed(stories, found_stories, multi),
        multi_items=len(multi),
        alone=b_cubed(stories, alone),
        alone_multi=b_cubed(stories, alone, multi),
        pairs=pair_counts(stories, found_stories),
        copies=copy_counts(_copies(gold), _copies(found)),
    )


def _spans(items: Mapping[str, Mapping[str, Any]]) -> set[_Span]:
    return {
        (id_, span["field"], span["start"], span["end"], span["type"])
        for id_, item in items.items()
        for span in item["entities"]
    }


def _untyped(spans: set[_Span]) -> set[tuple[str, str, int, int]]:
    return {span[:4] for span in spans}


def _by_type(gold: set[_Span], found: set[_Span]) -> Mapping[str, Counts]:
    kinds = sorted({span[4] for span in gold | found})
    return {
        kind: counts_of({span for span in gold if span[4] == kind}, {span for span in found if span[4] == kind})
        for kind in kinds
    }


def _stories(items: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {id_: str(item["story"]) for id_, item in items.items()}


def _copies(items: Mapping[str, Mapping[str, Any]]) -> dict[str, str | None]:
    return {id_: None if (original := item.get("copy_of")) is None else str(original) for id_, item in items.items()}


def _counts_dict(counts: Counts) -> dict[str, float]:
    return {
        "true": counts.true,
        "false": counts.false,
        "missed": counts.missed,
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
        "f1": round(counts.f1, 4),
    }


def _b_cubed_dict(figures: BCubed) -> dict[str, float]:
    return {
        "precision": round(figures.precision, 4),
        "recall": round(figures.recall, 4),
        "f1": round(figures.f1, 4),
    }


def _counts_line(name: str, counts: Counts, width: int) -> str:
    numbers = f"{counts.true:5d} {counts.false:5d} {counts.missed:6d}"
    return f"{name:{width}}  {numbers}  {counts.precision:5.3f} {counts.recall:5.3f} {counts.f1:5.3f}"


def _b_cubed_line(name: str, figures: BCubed, width: int) -> str:
    return f"{name:{width}}  {'':18}  {figures.precision:5.3f} {figures.recall:5.3f} {figures.f1:5.3f}"
