"""What of an article is compared."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.values import NOON, an_article, analysed
from worker.grouping.fingerprint import fingerprint
from worker.models.alert import Fingerprint

WORDS = {
    "Пожарът": ("пожар", "NOUN"),
    "пожара": ("пожар", "NOUN"),
    "гори": ("горя", "VERB"),
    "край": ("край", "ADP"),
    "съобщи": ("съобщя", "VERB"),
    "боеприпаса": ("боеприпаса", "NOUN"),
    "боеприпас": ("боеприпас", "NOUN"),
    "4000": ("4000", "NUM"),
    "ЕС": ("ес", "PROPN"),
}


def of(title: str = "", summary: str = "", body: str = "") -> Fingerprint:
    article = an_article(title=title, summary=summary, body=body)
    return fingerprint(article, analysed(article, WORDS))


@pytest.mark.parametrize(
    ("texts", "terms"),
    [
        # 3 for the title, 1 for the body: √4
        pytest.param({"title": "Пожарът", "body": "пожара"}, {"пожар": 2.0}, id="fields are weighted and dampened"),
        # 2 + 1 + 1: √4
        pytest.param({"summary": "пожара", "body": "пожара пожара"}, {"пожар": 2.0}, id="repetition counts less"),
        pytest.param({"body": "край Пожарът"}, {"пожар": 1.0}, id="function words are dropped"),
        pytest.param({"body": "съобщи Пожарът"}, {"пожар": 1.0}, id="verbs of saying are dropped"),
        pytest.param({"body": "4000"}, {"4000": 1.0}, id="numbers stay as written"),
        # 1 + 1: √2
        pytest.param({"body": "боеприпаса боеприпас"}, {"боепри": 1.414}, id="forms left inflected meet in a stem"),
        pytest.param({"body": "ЕС гори"}, {"горя": 1.0}, id="two letters are too few"),
        pytest.param({}, {}, id="no text"),
    ],
)
def test_terms_are_weighted_stems_of_content_words(texts: dict[str, str], terms: dict[str, float]) -> None:
    assert of(**texts).terms == terms


def test_very_long_texts_keep_their_heaviest_terms() -> None:
    body = " ".join(f"{number}x" for number in range(400))

    found = of(title="Пожарът", body=body)

    assert len(found.terms) == 250
    assert found.terms["пожар"] == pytest.approx(3**0.5, abs=1e-3)


def test_names_are_folded_stems_of_canonical_names() -> None:
    article = an_article(body="В Европейската комисия")
    analysis = analysed(article, names={"Европейската комисия": "Европейска комисия"})

    assert fingerprint(article, analysis).names == {"европе комиси"}


def test_shingles_are_stable_hashes_of_five_folded_words() -> None:
    expected = int.from_bytes(hashlib.blake2b("едно две три четири пет".encode(), digest_size=8).digest(), "big")

    assert of(body="Едно две, три; четири – ПЕТ.").shingles == {expected}


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        pytest.param({"body": "а б в г д е ж"}, 3, id="seven words have three"),
        pytest.param({"body": "а б в г"}, 0, id="four words have none"),
        pytest.param({"title": "а б в г д е", "body": "а б в г д"}, 1, id="the title counts for nothing beside a body"),
        pytest.param({"title": "а б в г д е"}, 2, id="the title counts where there is nothing else"),
        pytest.param({"summary": "а б в г д", "body": "е ж з и й"}, 2, id="none runs from summary into body"),
        pytest.param({"summary": "а б в г д", "body": "а б в г д"}, 1, id="a repeated run counts once"),
    ],
)
def test_shingles_cover_summary_and_body(texts: dict[str, str], count: int) -> None:
    assert len(of(**texts).shingles) == count


def test_quotation_marks_dashes_and_case_do_not_change_shingles() -> None:
    assert (
        of(body="„Лукойл“ – спира днес работа в Бургас").shingles
        == of(body='"ЛУКОЙЛ" - спира днес работа в Бургас').shingles
    )


@pytest.mark.parametrize(
    ("published", "at"),
    [
        pytest.param(NOON - timedelta(hours=2), NOON - timedelta(hours=2), id="the feed's time"),
        pytest.param(None, NOON, id="our time where the feed gives none"),
        pytest.param(NOON + timedelta(hours=2), NOON, id="our time where the feed's lies ahead"),
    ],
)
def test_time_is_the_credible_one(published: object, at: object) -> None:
    article = an_article(published_at=published, seen_at=NOON)  # type: ignore[arg-type]  # a table of mixed values

    assert fingerprint(article, analysed(article)).at == at


@given(title=st.text(max_size=60), body=st.text(max_size=300))
def test_any_text_has_a_fingerprint_within_bounds(title: str, body: str) -> None:
    article = an_article(title=title, body=body)

    found = fingerprint(article, analysed(article))

    assert found == fingerprint(article, analysed(article))
    assert all(weight >= 1 for weight in found.terms.values())
    assert all(0 <= shingle < 2**64 for shingle in found.shingles)


@pytest.mark.parametrize(
    ("lines", "is_overview"),
    [
        pytest.param(["Денят накратко:", *(f"• Новина номер {n}" for n in range(4))], True, id="a list of news"),
        pytest.param([f"• Мярка номер {n}" for n in range(3)], False, id="a short list"),
        pytest.param(
            [*["Абзац на статия."] * 4, *(f"• Мярка {n}" for n in range(4))], False, id="a list in an article"
        ),
        pytest.param([f"– Въпрос номер {n}?" for n in range(6)], False, id="people who speak"),
    ],
)
def test_overview_of_many_events_is_compared_with_nothing(lines: list[str], is_overview: bool) -> None:
    found = of(title="Денят", body="\n".join(lines))

    assert (not found.terms and not found.shingles) is is_overview
