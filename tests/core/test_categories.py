"""IPTC categories of an article from the weights of its words."""

import numpy as np
import pytest

from tests.core.categories import a_model
from tests.core.grouping.values import an_article
from worker.models.news import Article, TopicKind
from worker.topics.categories import SUBJECTS, CategoryModel, categories_of, weighted_words

MODEL = a_model(
    {
        "мач": {"sport": 9.0},
        "избор*": {"politics": 9.0},
        "изборник": {"arts": 9.0},
        "газ": {"economy": 6.0, "politics": 5.8},
    }
)


def labels(article: Article, model: CategoryModel = MODEL) -> list[str]:
    return [topic.name for topic in categories_of(article, model)]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Мач", ["спорт"], id="known word"),
        pytest.param("МАЧ", ["спорт"], id="capitals"),
        pytest.param("Изборите", ["политика"], id="known beginning"),
        pytest.param("Изборник", ["култура"], id="the word before its beginning"),
        pytest.param("Газ", ["икономика", "политика"], id="two likely categories, the more likely first"),
        pytest.param("Изба", [], id="no known word"),
        pytest.param("", [], id="no text"),
    ],
)
def test_categories_follow_from_words(title: str, expected: list[str]) -> None:
    assert labels(an_article(title=title)) == expected


def test_category_carries_its_code_and_probability() -> None:
    (topic,) = categories_of(an_article(title="Мач"), MODEL)

    # 2 × 9 / √2 against 16 zeros
    assert topic.score == pytest.approx(1.0, abs=1e-3)
    assert (topic.kind, topic.code) == (TopicKind.CATEGORY, "medtop:15000000")


def test_best_category_is_named_even_when_unlikely() -> None:
    model = a_model({"мач": {"sport": 0.1}})

    (topic,) = categories_of(an_article(title="Мач"), model)

    assert topic.name == "спорт"
    assert topic.score < 0.15


def test_title_weighs_more_than_body() -> None:
    assert labels(an_article(title="мач", body="изборите"))[0] == "спорт"
    assert labels(an_article(title="изборите", body="мач"))[0] == "политика"


def test_unknown_words_make_a_category_less_sure() -> None:
    sure, unsure = (categories_of(an_article(body=body), MODEL)[0] for body in ("мач", "мач някъде другаде пак тук"))

    assert unsure.score < sure.score


def test_one_word_repeated_counts_four_times_at_most() -> None:
    assert weighted_words(an_article(title="мач мач", body="мач " * 9 + "2026")) == {"мач": 4.0}


def test_there_are_the_seventeen_topics_of_the_top_level() -> None:
    codes = sorted(code for code, _ in SUBJECTS.values())

    assert codes == [f"{number:02}000000" for number in range(1, 18)]


def test_model_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="1 words by 17 categories"):
        CategoryModel(
            rows={"мач": 0},
            weights=np.zeros((1, 16), dtype=np.float32),
            salience=np.ones(1, dtype=np.float32),
            bias=np.zeros(17, dtype=np.float32),
            temperature=1.0,
        )
