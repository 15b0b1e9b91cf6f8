"""What the service makes of articles, before it knows any other: analysis, entities, matches, topics, fingerprint.

The running service and the commands that show it do the same here; nothing is stored or looked up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.attribution.reading import attribution_of
from worker.entities.mentions import with_entities
from worker.errors import AnalysisError
from worker.grouping.fingerprint import fingerprint
from worker.matching.match import verdicts
from worker.matching.reading import read_article
from worker.matching.verdicts import Refusal, Verdict
from worker.models.alert import Fingerprint
from worker.models.attribution import Attribution
from worker.models.news import Analysis, Article, ArticleId, Topic
from worker.models.watch import Match, WatchId
from worker.ports import Language
from worker.text.fold import fold_word
from worker.topics.categories import categories_of
from worker.topics.phrases import phrases_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One article with everything that was found in it, before anything is decided."""

    article: Article
    analysis: Analysis
    #: of the watches that found something, in watch order
    verdicts: tuple[Verdict, ...]
    topics: tuple[Topic, ...]
    fingerprint: Fingerprint
    #: the source that the article states
    attribution: Attribution

    @property
    def matches(self) -> tuple[Match, ...]:
        """The watches that it satisfies, in watch order."""
        return tuple(verdict.match for verdict in self.verdicts if verdict.match is not None)


def examine(articles: Sequence[Article], language: Language) -> tuple[Examined, ...]:
    """Analysis, matches, topics and fingerprint of each article, in order; raises AnalysisError."""
    analyses = language.analyzer.analyse(articles)
    return tuple(_examined(one, analysis, language) for one, analysis in zip(articles, analyses, strict=True))


def _examined(article: Article, analysis: Analysis, language: Language) -> Examined:
    read = read_article(article, analysis)
    resolved = with_entities(article, analysis, language.catalogue, read)
    topics = categories_of(article, language.categories) + phrases_of(article, resolved)
    return Examined(
        article=article,
        analysis=resolved,
        verdicts=verdicts(article, resolved, language.index, about_of(topics), language.closeness, read),
        topics=topics,
        fingerprint=fingerprint(article, resolved),
        attribution=attribution_of(article),
    )


def about_of(topics: Sequence[Topic]) -> frozenset[str]:
    """What an article is about, as watches ask for it: codes of categories and folded key phrases."""
    return frozenset(topic.code or fold_word(topic.name) for topic in topics)


def verdict_of(one: Examined, watch_id: WatchId, language: Language) -> Verdict:
    """What is said of one watch and an examined article, with the reason also where it does not fire."""
    found = verdicts(one.article, one.analysis, language.index, about_of(one.topics), language.closeness)
    nothing = Verdict(watch_id=watch_id, refusal=Refusal.NOTHING_FOUND)
    return next((verdict for verdict in found if verdict.watch_id == watch_id), nothing)


def examine_each(
    articles: Sequence[Article], language: Language
) -> tuple[tuple[Examined, ...], tuple[tuple[ArticleId, str], ...]]:
    """As `examine`, but an article that fails stands among the failures, with why, and takes no other with it."""
    try:
        return examine(articles, language), ()
    except AnalysisError as error:
        if len(articles) == 1:
            return (), ((articles[0].id, error.cause),)
    done: list[Examined] = []
    failed: list[tuple[ArticleId, str]] = []
    for article in articles:
        one, failure = examine_each((article,), language)
        done.extend(one)
        failed.extend(failure)
    return tuple(done), tuple(failed)
