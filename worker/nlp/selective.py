"""An Analyzer in front of the models: only what is Bulgarian and whole reaches them, in a form that they read well.

Everything that is kept from them becomes spaces, so that offsets hold; what they find is told in the words of the
article as stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from worker.models.news import BULGARIAN, Analysis, Article, Field, Mention
from worker.nlp.language import LanguageGuesser
from worker.ports import Analyzer
from worker.text.model_text import for_models, is_unsafe, unsafe_from


class SelectiveAnalyzer:
    """The models for Bulgarian paragraphs, nothing for others; says in which language each article is."""

    def __init__(self, models: Analyzer, guesser: LanguageGuesser) -> None:
        self._models = models
        self._guesser = guesser

    def analyse(self, articles: Sequence[Article]) -> tuple[Analysis, ...]:
        """One analysis for each article, in order; raises AnalysisError."""
        languages = [self._guesser.of_article(article) for article in articles]
        copies = [self._copy(*one) for one in zip(articles, languages, strict=True)]
        found = zip(articles, languages, self._models.analyse(copies), strict=True)
        return tuple(_restored(analysis, article, language) for article, language, analysis in found)

    def _copy(self, article: Article, language: str) -> Article:
        texts = for_models(article)
        title, summary, body = (self._bulgarian_of(texts[field], language) for field in Field)
        return replace(article, title=title, summary=summary, body=body)

    def _bulgarian_of(self, text: str, language: str) -> str:
        return "\n".join(
            line if self._guesser.of_paragraph(line, language) == BULGARIAN else " " * len(line)
            for line in text.split("\n")
        )


def _restored(analysis: Analysis, article: Article, language: str) -> Analysis:
    ends = unsafe_from(article)
    mentions = tuple(_as_written(mention, article) for mention in analysis.mentions if _is_safe(mention, article, ends))
    return replace(analysis, mentions=mentions, language=language)


def _is_safe(mention: Mention, article: Article, ends: Mapping[Field, int]) -> bool:
    end = ends.get(mention.field)
    return end is None or not is_unsafe(article.text_of(mention.field), mention.end, end)


def _as_written(mention: Mention, article: Article) -> Mention:
    return replace(mention, text=article.text_of(mention.field)[mention.start : mention.end])
