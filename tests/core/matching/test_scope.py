"""Which articles a watch looks at."""

from datetime import date

import pytest

from tests.core.matching.builders import a_watch, an_analysis, an_article, verdict_of
from worker.matching.scope import out_of_scope
from worker.matching.verdicts import Refusal
from worker.models.watch import Scope


def a_scope(**names) -> Scope:
    return Scope(**{key: frozenset(value) for key, value in names.items()})


@pytest.mark.parametrize(
    ("scope", "outside"),
    [
        pytest.param({}, None, id="everything"),
        pytest.param({"outlets": ["вестник"]}, None, id="outlet by name, whatever its capitals"),
        pytest.param({"outlets": ["f1"]}, None, id="outlet by its feed"),
        pytest.param({"outlets": ["дневник", "вестник"]}, None, id="one of several outlets"),
        pytest.param({"outlets": ["дневник"]}, "outlet Вестник", id="another outlet"),
        pytest.param({"not_outlets": ["вестник"]}, "outlet Вестник", id="outlet kept out by name"),
        pytest.param({"not_outlets": ["f1"]}, "outlet Вестник", id="outlet kept out by its feed"),
        pytest.param({"not_outlets": ["дневник"]}, None, id="another outlet kept out"),
        pytest.param({"outlets": ["вестник"], "not_outlets": ["f1"]}, "outlet Вестник", id="one feed of an outlet"),
        pytest.param({"sections": ["sport"]}, None, id="section"),
        pytest.param({"sections": ["свят", "sport"]}, None, id="one of several sections"),
        pytest.param({"sections": ["football"]}, None, id="section further down"),
        pytest.param({"sections": ["world"]}, "section 2026/football/sport", id="another section"),
        pytest.param({"sections": ["spor"]}, "section 2026/football/sport", id="part of a section's name"),
        pytest.param({"sections": ["www.example.org"]}, "section 2026/football/sport", id="host is no section"),
        pytest.param({"not_sections": ["sport"]}, "section 2026/football/sport", id="section kept out"),
        pytest.param({"not_sections": ["world"]}, None, id="another section kept out"),
        pytest.param({"languages": ["bg"]}, None, id="language"),
        pytest.param({"languages": ["en", "bg"]}, None, id="one of several languages"),
        pytest.param({"languages": ["en"]}, "language bg", id="another language"),
        pytest.param({"outlets": ["дневник"], "languages": ["en"]}, "outlet Вестник", id="the first fault is told"),
    ],
)
def test_article_is_kept_out_by(scope, outside):
    article = an_article(body="НАТО", url="https://www.example.org/Sport/football/2026?section=world#свят")

    assert out_of_scope(article, an_analysis(article, language="bg"), a_scope(**scope)) == outside


@pytest.mark.parametrize(
    ("scope", "outside"),
    [
        pytest.param({"sections": ["sport"]}, "section unknown", id="wanted section"),
        pytest.param({"not_sections": ["sport"]}, None, id="section kept out"),
    ],
)
def test_article_without_an_address_is_of_no_section(scope, outside):
    assert out_of_scope(an_article(url=""), None, a_scope(**scope)) == outside


@pytest.mark.parametrize("analysed", [True, False])
def test_article_whose_language_nobody_looked_at_is_taken(analysed):
    article = an_article(body="НАТО")
    analysis = an_analysis(article) if analysed else None

    assert out_of_scope(article, analysis, a_scope(languages=["en"])) is None


@pytest.mark.parametrize(
    ("outlets", "refusal"),
    [pytest.param(["вестник"], None, id="inside"), pytest.param(["дневник"], Refusal.OUT_OF_SCOPE, id="outside")],
)
def test_watch_fires_only_within_its_scope(outlets, refusal):
    watch = a_watch("НАТО", scope=a_scope(outlets=outlets))
    assert verdict_of(an_article(body="НАТО"), watch).refusal is refusal


def test_expired_watch_still_matches():
    watch = a_watch("НАТО", expires=date(2000, 1, 1))
    assert verdict_of(an_article(body="НАТО"), watch).match
