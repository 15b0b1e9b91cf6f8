"""Watches tried on articles, as the service would judge them, with and without the language models; pure.

Nothing is stored or sent. Without models an article is judged by word forms alone, which takes under a millisecond.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time

from worker.examining import Examined, about_of, examine_each
from worker.matching.concepts import MARK
from worker.matching.counting import Closeness
from worker.matching.match import verdicts
from worker.matching.reading import ArticleWords, read_article
from worker.matching.terms import WatchIndex, compile_watches
from worker.matching.verdicts import Verdict
from worker.models.news import FORMS_ONLY, Analysis, Article, ArticleId, FeedId, Field, StoryId, Topic
from worker.models.watch import Concept, Example, Meaning, Person, Phrase, Term, Together, Watch, Watchlist
from worker.ports import Language
from worker.text.times import SOFIA

_NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """An article of the archive; what is not known of it is None."""

    article: Article
    story: StoryId | None = None
    #: ISO 639-1
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article read once, ready to be judged by any watches."""

    article: Article
    analysis: Analysis
    words: ArticleWords
    #: what it is about, as `find_matches` wants it
    about: frozenset[str] = frozenset()
    topics: tuple[Topic, ...] = ()
    #: answers terms that ask for a meaning; None: they find nothing
    closeness: Closeness | None = None


def by_forms(article: Article, language: str | None = None) -> Prepared:
    """The article as it is without models."""
    analysis = Analysis(model=FORMS_ONLY, sentences=dict.fromkeys(Field, ()), mentions=(), language=language)
    return Prepared(article=article, analysis=analysis, words=read_article(article, analysis))


def by_models(articles: Sequence[Article], language: Language) -> tuple[Prepared, ...]:
    """The articles as the models read them, in order; one that they refuse is judged by its forms."""
    found, _ = examine_each(articles, replace(language, index=_NO_WATCHES))
    known = {one.article.id: _prepared(one, language) for one in found}
    return tuple(known.get(article.id) or by_forms(article) for article in articles)


def _prepared(one: Examined, language: Language) -> Prepared:
    return Prepared(
        article=one.article,
        analysis=one.analysis,
        words=read_article(one.article, one.analysis),
        about=about_of(one.topics),
        topics=one.topics,
        closeness=language.closeness,
    )


def judge(one: Prepared, index: WatchIndex) -> tuple[Verdict, ...]:
    """The verdicts of the watches that find anything in an article."""
    return verdicts(one.article, one.analysis, index, one.about, one.closeness, one.words)


def verdict_of(one: Prepared, watch: Watch, concepts: Mapping[str, Concept]) -> Verdict | None:
    """The verdict of one watch; None when it finds nothing."""
    return next(iter(judge(one, index_of((watch,), concepts))), None)


def fires(one: Prepared, index: WatchIndex) -> bool:
    """Whether any watch fires."""
    return any(verdict.match is not None for verdict in judge(one, index))


def index_of(watches: Iterable[Watch], concepts: Mapping[str, Concept]) -> WatchIndex:
    """The watches compiled, with only the concepts that they use."""
    chosen = tuple(watches)
    used: dict[str, Concept] = {}
    for watch in chosen:
        used |= concepts_used(watch, concepts)
    return compile_watches(Watchlist(watches=chosen, version="", concepts=used))


def concepts_used(watch: Watch, concepts: Mapping[str, Concept]) -> dict[str, Concept]:
    """The concepts that a watch needs, directly or through others."""
    used: dict[str, Concept] = {}
    waiting = [phrase.text for phrase in phrases_of(watch)]
    while waiting:
        for part in waiting.pop().split():
            name = part.removeprefix(MARK)
            if part.startswith(MARK) and name in concepts and name not in used:
                concept = used[name] = concepts[name]
                inside = (*concept.strong, *concept.weak, *concept.context, *concept.none)
                waiting += [phrase.text for phrase in inside]
    return used


def phrases_of(part: object) -> Iterator[Phrase]:
    """Every phrase within a watch or a part of one, conditions included, whatever keys the language has."""
    if isinstance(part, Phrase):
        yield part
    elif is_dataclass(part):
        for each in fields(part):
            yield from phrases_of(getattr(part, each.name))
    elif isinstance(part, tuple):
        for item in part:
            yield from phrases_of(item)


def spoken_by(term: Term) -> tuple[Phrase, ...]:
    """The phrases that speak for a term; a person's full name stands as one."""
    match term:
        case Phrase():
            return (term,)
        case Person():
            return (Phrase(text=f"{term.given} {term.surname}".strip(), weight=term.weight),)
        case Together():
            return tuple(phrase for group in term.groups for phrase in group)
        case Meaning():
            return ()


def a_text(title: str, body: str, now: datetime, on: date | None = None) -> Article:
    """A text as an article that was published at noon of a day in Bulgaria, or now."""
    at = now if on is None else datetime.combine(on, _NOON, SOFIA).astimezone(UTC)
    return Article(
        id=ArticleId("text"),
        feed_id=FeedId("text"),
        outlet="",
        url="",
        title=title,
        summary="",
        body=body,
        published_at=at,
        seen_at=max(at, now),
    )


def of_example(example: Example, now: datetime) -> Article:
    """The article that a golden example stands for."""
    return a_text(example.title, example.text, now, example.on)


_NO_WATCHES = compile_watches(Watchlist(watches=(), version=""))
