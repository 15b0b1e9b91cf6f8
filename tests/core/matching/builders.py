"""Small articles, analyses and watchlists for the tests of matching."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from worker.matching.match import find_matches
from worker.matching.terms import compile_watches
from worker.models.news import Analysis, Article, ArticleId, FeedId, Field, Mention, MentionKind, Sentence, Token
from worker.models.watch import (
    Conditions,
    Match,
    Person,
    Phrase,
    Reach,
    Together,
    Watch,
    WatchId,
    WatchKind,
    Watchlist,
)

SEEN = datetime(2026, 3, 1, 8, tzinfo=UTC)


def an_article(title="", summary="", body="", published_at=None) -> Article:
    return Article(
        id=ArticleId("a1"),
        feed_id=FeedId("f1"),
        outlet="Вестник",
        url="https://example.org/1",
        title=title,
        summary=summary,
        body=body,
        published_at=published_at,
        seen_at=SEEN,
    )


def an_analysis(article: Article, lemmas: Mapping[str, str] | None = None, people: Sequence[str] = ()) -> Analysis:
    """Sentences end at full stops; words have the lemmas given, else themselves; `people` are PER mentions."""
    sentences = {}
    mentions = []
    for field in Field:
        text = article.text_of(field)
        sentences[field] = tuple(
            Sentence(
                start=part.start(),
                end=part.end(),
                tokens=tuple(
                    Token(
                        start=part.start() + word.start(),
                        end=part.start() + word.end(),
                        lemma=(lemmas or {}).get(word.group(), word.group()),
                    )
                    for word in re.finditer(r"[\w-]+", part.group())
                ),
            )
            for part in re.finditer(r"[^.\s][^.]*\.?", text)
        )
        for name in people:
            mentions += [
                Mention(field=field, start=found.start(), end=found.end(), text=name, kind=MentionKind.PER, name=name)
                for found in re.finditer(re.escape(name), text)
            ]
    return Analysis(model="by hand", sentences=sentences, mentions=tuple(mentions))


def a_watch(*terms: str | Phrase | Person | Together, watch_id="w", **more) -> Watch:
    """A watch whose plain strings, in `terms`, `none`, `needs` and `unless`, are phrases."""
    for key in ("none", "needs", "unless"):
        more[key] = phrases(*more.get(key, ()))
    return Watch(
        id=WatchId(watch_id),
        name="Наблюдение",
        kind=WatchKind.ACTOR,
        terms=tuple(Phrase(text=term) if isinstance(term, str) else term for term in terms),
        **more,
    )


def phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(text=text) for text in texts)


def together(*groups: Sequence[str], reach=Reach.SENTENCE, within_words=0, weight=1.0, **conditions) -> Together:
    """One of each group; a number of words given means `Reach.WORDS`."""
    for key in ("needs", "unless"):
        conditions[key] = phrases(*conditions.get(key, ()))
    return Together(
        groups=tuple(phrases(*group) for group in groups),
        reach=Reach.WORDS if within_words else reach,
        within_words=within_words,
        conditions=Conditions(**conditions),
        weight=weight,
    )


def matches(article: Article, *watches: Watch, analysis: Analysis | None = None) -> tuple[Match, ...]:
    return find_matches(article, analysis, compile_watches(Watchlist(watches=watches, version="v1")))


def found_in(text: str, watch: Watch, *, lemmas: Mapping[str, str] | None = None, people: Sequence[str] = ()):
    """The evidence texts in a body; analysed when lemmas or people are given."""
    article = an_article(body=text)
    analysis = an_analysis(article, lemmas, people) if lemmas or people else None
    return [one.text for match in matches(article, watch, analysis=analysis) for one in match.evidence]
