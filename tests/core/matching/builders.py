"""Small articles, analyses and watchlists for the tests of matching."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from worker.matching.match import find_matches, verdicts
from worker.matching.terms import WatchIndex, compile_watches
from worker.matching.verdicts import Verdict
from worker.models.news import Analysis, Article, ArticleId, FeedId, Field, Mention, MentionKind, Sentence, Token
from worker.models.watch import (
    Concept,
    Conditions,
    Match,
    Meaning,
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
_OF_CONDITIONS = ("needs", "or_lacks", "unless", "near", "not_near")


def an_article(title="", summary="", body="", published_at=None, url="https://example.org/1") -> Article:
    return Article(
        id=ArticleId("a1"),
        feed_id=FeedId("f1"),
        outlet="Вестник",
        url=url,
        title=title,
        summary=summary,
        body=body,
        published_at=published_at,
        seen_at=SEEN,
    )


def an_analysis(
    article: Article,
    lemmas: Mapping[str, str] | None = None,
    people: Sequence[str] = (),
    *,
    mentions: Sequence[tuple[str, MentionKind, str]] = (),
    model="by hand",
    language=None,
) -> Analysis:
    """Sentences end at full stops; words have the lemmas given, else themselves; `people` are PER mentions.

    `mentions` are texts with the kind and the canonical name of what they mention.
    """
    named = [*((name, MentionKind.PER, name) for name in people), *mentions]
    sentences = {}
    found_mentions = []
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
        for written, kind, name in named:
            found_mentions += [
                Mention(field=field, start=found.start(), end=found.end(), text=written, kind=kind, name=name)
                for found in re.finditer(re.escape(written), text)
            ]
    return Analysis(model=model, sentences=sentences, mentions=tuple(found_mentions), language=language)


def a_watch(*terms: str | Phrase | Person | Together | Meaning, watch_id="w", **more) -> Watch:
    """A watch whose plain strings, in `terms`, `all`, `none`, `needs` and `unless`, are phrases."""
    for key in ("none", "needs", "unless"):
        more[key] = phrases(*more.get(key, ()))
    more["all"] = tuple(Phrase(text=term) if isinstance(term, str) else term for term in more.get("all", ()))
    return Watch(
        id=WatchId(watch_id),
        name="Наблюдение",
        kind=WatchKind.ACTOR,
        terms=tuple(Phrase(text=term) if isinstance(term, str) else term for term in terms),
        **more,
    )


def phrases(*texts: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(text=text) for text in texts)


def a_concept(name: str, *strong: str, **more) -> Concept:
    """A concept whose `weak`, `context` and `none` are plain strings."""
    for key in ("weak", "context", "none"):
        more[key] = phrases(*more.get(key, ()))
    return Concept(name=name, strong=phrases(*strong), **more)


def conditions(**given) -> Conditions:
    """Conditions whose phrases are plain strings."""
    for key in _OF_CONDITIONS:
        given[key] = phrases(*given.get(key, ()))
    return Conditions(**given)


def together(*groups: Sequence[str], reach=Reach.SENTENCE, within_words=0, weight=1.0, **given) -> Together:
    """One of each group; a number of words given means `Reach.WORDS`."""
    return Together(
        groups=tuple(phrases(*group) for group in groups),
        reach=Reach.WORDS if within_words else reach,
        within_words=within_words,
        conditions=conditions(**given),
        weight=weight,
    )


def an_index(*watches: Watch, concepts: Sequence[Concept] = ()) -> WatchIndex:
    by_name = {concept.name: concept for concept in concepts}
    return compile_watches(Watchlist(watches=watches, version="v1", concepts=by_name))


def matches(
    article: Article, *watches: Watch, analysis: Analysis | None = None, concepts: Sequence[Concept] = ()
) -> tuple[Match, ...]:
    return find_matches(article, analysis, an_index(*watches, concepts=concepts))


def verdict_of(
    article: Article,
    watch: Watch,
    *,
    analysis: Analysis | None = None,
    concepts: Sequence[Concept] = (),
    about: frozenset[str] = frozenset(),
    closeness=None,
) -> Verdict:
    """What is said of the only watch; there must be something to say."""
    (verdict,) = verdicts(article, analysis, an_index(watch, concepts=concepts), about, closeness)
    return verdict


def match_of(article: Article, watch: Watch, **more) -> Match:
    """The match of the only watch; there must be one."""
    match = verdict_of(article, watch, **more).match
    assert match is not None
    return match


def found_in(
    text: str,
    watch: Watch,
    *,
    lemmas: Mapping[str, str] | None = None,
    people: Sequence[str] = (),
    mentions: Sequence[tuple[str, MentionKind, str]] = (),
    concepts: Sequence[Concept] = (),
):
    """The evidence texts in a body; analysed when lemmas or mentions are given."""
    article = an_article(body=text)
    given = lemmas or people or mentions
    analysis = an_analysis(article, lemmas, people, mentions=mentions) if given else None
    found = matches(article, watch, analysis=analysis, concepts=concepts)
    return [one.text for match in found for one in match.evidence]
