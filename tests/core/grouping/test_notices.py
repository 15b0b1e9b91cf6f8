"""The sentences that prove a match."""

import pytest

from tests.core.grouping.test_decide import BODY, RADEV, evidence
from tests.core.grouping.values import an_article
from worker.grouping.notices import quotes_of
from worker.models.alert import Quote
from worker.models.news import Article, Field
from worker.models.watch import Evidence

TITLE = "Радев: вето"
LONG = "Радев и Радев. Пеевски пак. Борисов също. Петков мълчи."


@pytest.mark.parametrize(
    ("article", "spans", "quotes"),
    [
        pytest.param(
            an_article(body="  Радев каза.  "),
            [evidence(Field.BODY, "  Радев каза.  ", "Радев", (0, 15))],
            [Quote(text="Радев каза.", marks=((0, 5),))],
            id="stripped, marks moved along",
        ),
        pytest.param(
            an_article(title=TITLE, body=BODY),
            [evidence(Field.TITLE, TITLE, "Радев", (0, 11)), RADEV],
            [Quote(text="Радев наложи вето.", marks=((0, 5),))],
            id="title only if alone",
        ),
        pytest.param(
            an_article(summary=BODY, body=BODY),
            [RADEV, evidence(Field.SUMMARY, BODY, "Радев", (0, 18))],
            [Quote(text="Радев наложи вето.", marks=((0, 5),))],
            id="the same sentence twice",
        ),
        pytest.param(
            an_article(body=BODY),
            [
                evidence(Field.BODY, BODY, "наложи вето", (0, 18)),
                evidence(Field.BODY, BODY, "Радев наложи", (0, 18)),
            ],
            [Quote(text="Радев наложи вето.", marks=((0, 17),))],
            id="overlapping marks join",
        ),
        pytest.param(
            an_article(body=LONG),
            [
                evidence(Field.BODY, LONG, "Петков", (42, 55)),
                evidence(Field.BODY, LONG, "Борисов", (28, 41)),
                evidence(Field.BODY, LONG, "Пеевски", (15, 27)),
                evidence(Field.BODY, LONG, "Радев", (0, 14)),
            ],
            [
                Quote(text="Радев и Радев.", marks=((0, 5),)),
                Quote(text="Пеевски пак.", marks=((0, 7),)),
                Quote(text="Борисов също.", marks=((0, 7),)),
            ],
            id="the first three in reading order",
        ),
    ],
)
def test_quotes_are_the_sentences_that_prove_the_match(
    article: Article, spans: list[Evidence], quotes: list[Quote]
) -> None:
    assert list(quotes_of(article, spans)) == quotes
