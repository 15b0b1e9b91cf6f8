"""The facts that a message shows of a match, and the sentences that prove it; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from worker.models.alert import Notice, Quote, Reason, Told
from worker.models.attribution import Attribution
from worker.models.news import Article, Field
from worker.models.story import Sources
from worker.models.watch import Evidence, Match, Watch
from worker.text.fragments import fragment_of

MAX_QUOTES = 3


def notice_of(
    match: Match, *, article: Article, watch: Watch, version: str, attribution: Attribution, is_confirmed: bool
) -> Notice:
    """All facts of a match for a message, but for the story around it; the reason is that of a first alert."""
    return Notice(
        watch_id=watch.id,
        watch_name=watch.name,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published_at=article.published_at,
        seen_at=article.seen_at,
        quotes=quotes_of(article, match.evidence),
        match_reason=match.reason,
        decision_reason=Reason.FIRST_OF_STORY,
        watchlist_version=version,
        unconfirmed=not is_confirmed,
        severity=watch.severity,
        parts=article.parts,
        is_excerpt=fragment_of(article) is not None,
        attribution=attribution,
        terms=terms_of(match),
    )


def amended(told: Told, reason: Reason, sources: Sources, terms: Iterable[str]) -> Notice:
    """The first message about a story as it is now."""
    return replace(
        told.first,
        decision_reason=reason,
        sources=sources,
        terms=tuple(terms),
        severity=told.last.severity,
        revision=told.revision + 1,
    )


def in_place_of(sent: Notice, amendment: Notice) -> Notice:
    """A message that people have, with what an amendment knows."""
    return replace(
        sent,
        decision_reason=amendment.decision_reason,
        sources=amendment.sources,
        terms=amendment.terms,
        severity=amendment.severity,
        revision=amendment.revision,
    )


def terms_of(match: Match) -> tuple[str, ...]:
    """The terms found, each once, in order of their spans."""
    return tuple(dict.fromkeys(span.term for span in match.evidence))


def quotes_of(article: Article, evidence: Iterable[Evidence]) -> tuple[Quote, ...]:
    """Up to three different sentences in reading order; the title, which a message shows anyway, only if alone."""
    sentences: dict[tuple[Field, int, int], list[Evidence]] = {}
    for span in evidence:
        sentences.setdefault((span.field, span.sentence_start, span.sentence_end), []).append(span)
    order = list(Field)
    below_title = [key for key in sentences if key[0] is not Field.TITLE]
    quotes: dict[str, Quote] = {}
    for key in sorted(below_title or sentences, key=lambda key: (order.index(key[0]), key[1], key[2])):
        quote = _quote(article, sentences[key])
        quotes.setdefault(quote.text, quote)
    return tuple(quotes.values())[:MAX_QUOTES]


def _quote(article: Article, spans: Sequence[Evidence]) -> Quote:
    start, end = spans[0].sentence_start, spans[0].sentence_end
    sentence = article.text_of(spans[0].field)[start:end]
    start += len(sentence) - len(sentence.lstrip())
    text = sentence.strip()
    marks: list[tuple[int, int]] = []
    for first, last in sorted((span.start - start, span.end - start) for span in spans):
        if marks and first < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(last, marks[-1][1]))
        else:
            marks.append((first, last))
    return Quote(text=text, marks=tuple(marks))
