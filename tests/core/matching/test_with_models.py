"""Matching on what the shipped language models really say."""

import pytest

from tests.core.matching.builders import a_watch, an_article, matches
from worker.models.watch import Person
from worker.nlp.bulgarian import StanzaAnalyzer


@pytest.mark.model
def test_lemmas_and_names_of_the_models_serve_the_matcher():
    article = an_article(
        title="Парламентите ратифицираха договора",
        body="Гертруд Столтенберг замина. „Държавите членки“ мълчат.",
    )
    watch = a_watch("ратифицирам", "държава членка", Person(given="Йенс", surname="Столтенберг"))

    (analysis,) = StanzaAnalyzer.shipped().analyse([article])

    (match,) = matches(article, watch, analysis=analysis)
    assert [one.text for one in match.evidence] == ["ратифицираха", "Държавите членки"]
    assert [article.text_of(one.field)[one.sentence_start : one.sentence_end] for one in match.evidence] == [
        "Парламентите ратифицираха договора",
        "„Държавите членки“ мълчат.",
    ]
