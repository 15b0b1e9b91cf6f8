"""The shipped models, for real and without a network."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from worker.errors import AnalysisError
from worker.models.news import Article, ArticleId, FeedId, Field, MentionKind
from worker.nlp.bulgarian import MAX_FIELD_CHARS, SHIPPED, StanzaAnalyzer, verified_card

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def analyzer() -> StanzaAnalyzer:
    return StanzaAnalyzer.shipped()


def an_article(title: str = "", summary: str = "", body: str = "", number: int = 1) -> Article:
    return Article(
        id=ArticleId(f"a{number}"),
        feed_id=FeedId("f"),
        outlet="Медия",
        url="",
        title=title,
        summary=summary,
        body=body,
        published_at=None,
        seen_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def test_finds_lemmas_and_names_with_their_places(analyzer):
    article = an_article(
        title="Столтенберг в София", body="Генералният секретар Йенс Столтенберг пристигна.\nТой говори за Украйна."
    )

    (analysis,) = analyzer.analyse([article])

    lemmas = [token.lemma for sentence in analysis.sentences[Field.BODY] for token in sentence.tokens]
    assert {"генерален", "секретар", "пристигна"} <= set(lemmas)
    assert len(analysis.sentences[Field.BODY]) == 2
    assert any(m.kind is MentionKind.LOC and m.text == "Украйна" for m in analysis.mentions)
    for mention in analysis.mentions:
        assert article.text_of(mention.field)[mention.start : mention.end] == mention.text
    people = {mention.text for mention in analysis.mentions if mention.kind is MentionKind.PER}
    assert "Йенс Столтенберг" in people


def test_places_hold_in_text_with_invisible_signs_and_decomposed_letters(analyzer):
    article = an_article(body="Пре\u00adзидентът Румен Ра\u200bдев посрещна гости от Бри\u0306ежовци\u00a0в София.")

    (analysis,) = analyzer.analyse([article])

    (person,) = [mention for mention in analysis.mentions if mention.kind is MentionKind.PER]
    assert person.text == "Румен Ра\u200bдев"
    assert article.body[person.start : person.end] == person.text


def test_batch_gives_the_same_as_one_by_one(analyzer):
    articles = [
        an_article(title=f"Министър номер {n} посети Варна", body="Кратък текст за НАТО.", number=n) for n in range(5)
    ]

    together = analyzer.analyse(articles)

    assert together == tuple(analyzer.analyse([article])[0] for article in articles)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="empty"),
        pytest.param("…!?\n – \n", id="signs-only"),
        pytest.param("а" * 40_000, id="one-endless-word"),
        pytest.param("дума " * 20_000, id="endless-sentence"),
        pytest.param("🇧🇬🔥 Пожар 😀‍😀 край \u202eобратно", id="emoji-and-direction-marks"),
        pytest.param("\ud7ff\ue000\ufffd текст \x00 с нула", id="odd-code-points"),
        pytest.param("The summit in Vilnius ended. Саммит завершился.", id="other-languages"),
    ],
)
def test_odd_text_is_survived(analyzer, body):
    (analysis,) = analyzer.analyse([an_article(title="Заглавие", body=body)])

    assert all(token.end <= MAX_FIELD_CHARS for s in analysis.sentences[Field.BODY] for token in s.tokens)


def test_damaged_model_file_is_named(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "models")
    with (tmp_path / "models" / "bg" / "ner" / "news.pt").open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")

    with pytest.raises(AnalysisError, match=r"ner.news\.pt is damaged"):
        StanzaAnalyzer(tmp_path / "models")


def test_missing_model_file_is_told(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "models")
    (tmp_path / "models" / "bg" / "lemma" / "news.pt").unlink()

    with pytest.raises(AnalysisError, match="incomplete"):
        verified_card(tmp_path / "models")


def test_card_lists_every_shipped_file():
    listed = set(json.loads((SHIPPED / "card.json").read_bytes())["sha256"])

    assert listed == {
        str(p.relative_to(SHIPPED)) for p in SHIPPED.rglob("*") if p.suffix in {".pt", ".json", ".npz"}
    } - {"card.json"}
