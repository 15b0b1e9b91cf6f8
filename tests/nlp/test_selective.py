"""What reaches the models, and what is kept of what they find."""

from collections.abc import Sequence

import pytest

from tests.fakes import FakeAnalyzer
from tests.store.values import an_article
from worker.models.news import Analysis, Article, MentionKind
from worker.nlp.language import LanguageGuesser
from worker.nlp.selective import SelectiveAnalyzer

ENGLISH = "The government said on Monday that it would raise the minimum wage by a tenth next year."
BULGARIAN = "Правителството обяви в понеделник, че ще увеличи минималната заплата с една десета догодина."


class Listening(FakeAnalyzer):
    """Keeps what it was given."""

    def analyse(self, articles: Sequence[Article]) -> tuple[Analysis, ...]:
        self.given = tuple(articles)
        return super().analyse(articles)


@pytest.fixture(scope="module")
def guesser() -> LanguageGuesser:
    return LanguageGuesser()


def test_foreign_paragraph_is_kept_from_the_models(guesser):
    models = Listening()
    article = an_article(title="Расте заплатата", body=f"{BULGARIAN}\n{ENGLISH}\n{BULGARIAN}")

    (analysis,) = SelectiveAnalyzer(models, guesser).analyse([article])

    assert models.given[0].body == f"{BULGARIAN}\n{' ' * len(ENGLISH)}\n{BULGARIAN}"
    assert analysis.language == "bg"


def test_foreign_article_has_forms_only(guesser):
    article = an_article(title="Minimum wage to rise", body=ENGLISH)

    (analysis,) = SelectiveAnalyzer(FakeAnalyzer({"government": MentionKind.ORG}), guesser).analyse([article])

    assert analysis.language == "en"
    assert analysis.mentions == ()
    assert not any(analysis.sentences.values())


def test_mentions_are_told_in_the_words_of_the_article(guesser):
    article = an_article(title="ТЕЖЪК РАЗГОВОР НА РАДЕВ", body="Президентът Радев разговаря с министрите.")

    (analysis,) = SelectiveAnalyzer(FakeAnalyzer({"Радев": MentionKind.PER}), guesser).analyse([article])

    assert [mention.text for mention in analysis.mentions] == ["РАДЕВ", "Радев"]
    assert {mention.name for mention in analysis.mentions} == {"Радев"}


def test_name_that_touches_a_cut_is_no_mention(guesser):
    article = an_article(title="Среща", summary="Румен Радев се срещна със своя съветник Румен Рад…", body="")

    (analysis,) = SelectiveAnalyzer(FakeAnalyzer({"Румен": MentionKind.PER}), guesser).analyse([article])

    assert [mention.start for mention in analysis.mentions] == [0]


def test_many_articles_keep_their_order(guesser):
    articles = [an_article("a", body=ENGLISH * 2, title=""), an_article("b", body=BULGARIAN, title="")]

    analyses = SelectiveAnalyzer(FakeAnalyzer(), guesser).analyse(articles)

    assert [analysis.language for analysis in analyses] == ["en", "bg"]
