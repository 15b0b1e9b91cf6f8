"""What is left without language models: no sentences, lemmas or names, so that all else goes by word forms."""

from collections.abc import Sequence

from worker.models.news import FORMS_ONLY, Analysis, Article, Field
from worker.nlp.language import LanguageGuesser


class FormsAnalyzer:
    """The Analyzer while the models cannot be loaded; its analyses are not confirmed."""

    def __init__(self, guesser: LanguageGuesser) -> None:
        self._guesser = guesser

    def analyse(self, articles: Sequence[Article]) -> tuple[Analysis, ...]:
        """An empty analysis for each article, but for its language."""
        return tuple(
            Analysis(
                model=FORMS_ONLY,
                sentences=dict.fromkeys(Field, ()),
                mentions=(),
                language=self._guesser.of_article(article),
            )
            for article in articles
        )
