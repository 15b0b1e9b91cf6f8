"""Findings turned into evidence, and evidence into the one line that tells people why a watch fired."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from worker.matching.reading import ArticleWords
from worker.models.news import Article, Field
from worker.models.watch import Evidence, Layer
from worker.text.fold import fold_word

#: So many places of one term are kept; a long text may hold hundreds.
MAX_PER_TERM = 10
_MAX_SHOWN = 3
#: Between the phrases of a term whose phrases stand together.
JOINER = " + "
_FIELD_NAMES = {Field.TITLE: "заглавие", Field.SUMMARY: "резюме", Field.BODY: "текст"}


class Span(NamedTuple):
    """What was found: first and last word, the watch's own term for it, and what it rests on."""

    first: int
    last: int
    term: str
    layer: Layer


def evidence_of(article: Article, read: ArticleWords, spans: Iterable[Span]) -> tuple[Evidence, ...]:
    """Evidence in reading order for `spans`; a span within a longer one is left out."""
    evidence: list[Evidence] = []
    kept: dict[str, int] = {}
    furthest = -1
    for span in sorted(spans, key=lambda span: (span.first, -span.last, span.layer)):
        if span.last <= furthest:
            continue
        furthest = span.last
        kept[span.term] = kept.get(span.term, 0) + 1
        if kept[span.term] <= MAX_PER_TERM:
            evidence.append(_evidence(article, read, span))
    return tuple(evidence)


def reason_of(evidence: Iterable[Evidence]) -> str:
    """For instance: среща се „Столтенберг“ (заглавие), „членство“ + „НАТО“ (текст) и още 2."""
    shown: dict[str, str] = {}
    for (_, field, _, _), group in groupby(evidence, key=_group):
        joined = JOINER.join({fold_word(one.text): f"„{_one_line(one.text)}“" for one in group}.values())
        shown.setdefault(fold_word(joined), f"{joined} ({_FIELD_NAMES[field]})")
    first = list(shown.values())[:_MAX_SHOWN]
    more = len(shown) - len(first)
    return "среща се " + ", ".join(first) + (f" и още {more}" if more else "")


def _group(one: Evidence) -> tuple[str, Field, int, int]:
    """Equal for the parts of one term that stand together in a sentence; others are by themselves."""
    return one.term, one.field, one.sentence_start, -1 if JOINER in one.term else one.start


def _evidence(article: Article, read: ArticleWords, span: Span) -> Evidence:
    first, last, term, layer = span
    field = read.words[first].field
    start, end = read.words[first].word.start, read.words[last].word.end
    sentence_start, sentence_end = read.sentences[read.words[first].sentence]
    return Evidence(
        field=field,
        start=start,
        end=end,
        text=article.text_of(field)[start:end],
        term=term,
        # The model cuts very long lines anywhere, so a word may reach over the edge of its sentence.
        sentence_start=min(sentence_start, start),
        sentence_end=max(sentence_end, end),
        layer=layer,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
