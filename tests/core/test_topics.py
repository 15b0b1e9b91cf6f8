"""What an article is about, in its own words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.values import an_article, analysed
from worker.models.news import Article
from worker.topics import topics_of

WORDS = {
    "съдебната": ("съдебен", "ADJ"),
    "съдебна": ("съдебен", "ADJ"),
    "Съдебната": ("съдебен", "ADJ"),
    "СЪДЕБНАТА": ("съдебен", "ADJ"),
    "РЕФОРМА": ("реформа", "NOUN"),
    "реформа": ("реформа", "NOUN"),
    "природния": ("природен", "ADJ"),
    "плаващия": ("плавам", "ADJ"),
    "новия": ("нов", "ADJ"),
    "година": ("година", "NOUN"),
    "миналата": ("минал", "ADJ"),
    "газ": ("газ", "NOUN"),
    "газът": ("газ", "NOUN"),
    "кораб": ("кораб", "NOUN"),
    "ВМС": ("вмс", "NOUN"),
    "землищата": ("землищам", "NOUN"),
    "министерство": ("министерство", "NOUN"),
    "спира": ("спирам", "VERB"),
    "за": ("за", "ADP"),
    "пожар": ("пожар", "NOUN"),
    "влак": ("влак", "NOUN"),
    "мост": ("мост", "NOUN"),
    "гара": ("гара", "NOUN"),
    "завод": ("завод", "NOUN"),
    "училище": ("училище", "NOUN"),
    "болница": ("болница", "NOUN"),
    "язовир": ("язовир", "NOUN"),
    "летище": ("летище", "NOUN"),
    "мина": ("мина", "NOUN"),
}


def named(article: Article, names: dict[str, str] | None = None) -> list[str]:
    return [topic.name for topic in topics_of(article, analysed(article, WORDS, names))]


@pytest.mark.parametrize(
    ("body", "topics"),
    [
        pytest.param("съдебната реформа", ["съдебна реформа"], id="adjective with its noun, indefinite"),
        pytest.param("Съдебната реформа", ["съдебна реформа"], id="small letter from the start of a sentence"),
        pytest.param("СЪДЕБНАТА РЕФОРМА", ["съдебна реформа"], id="small letters from a headline in capitals"),
        pytest.param("природния газ", ["природен газ"], id="masculine adjective in its dictionary form"),
        pytest.param("плаващия кораб", ["плаващ кораб"], id="participle taken for a verb"),
        pytest.param("газът", ["газ"], id="noun in its dictionary form"),
        pytest.param("землищата", ["землища"], id="noun whose dictionary form is a verb's"),
        pytest.param("спира ВМС кораб", ["ВМС", "кораб"], id="acronym stays"),
        pytest.param("новия газ", ["газ"], id="adjectives that say nothing are left out"),
        pytest.param("миналата година", [], id="dates are left out"),
        pytest.param("за спира", [], id="function words and verbs are left out"),
        pytest.param("съдебна, реформа", ["реформа"], id="no phrase across a comma"),
        pytest.param("", [], id="no text"),
    ],
)
def test_noun_phrases_are_written_as_a_reader_would(body: str, topics: list[str]) -> None:
    assert named(an_article(body=body)) == topics


def test_names_are_shown_in_canonical_form_and_not_again_as_nouns() -> None:
    article = an_article(title="Радева мълчи", body="ВМС спира")

    assert named(article, {"Радева": "Илияна Радева", "ВМС": "ВМС"}) == ["Илияна Радева", "ВМС"]


def test_the_outlet_is_no_topic() -> None:
    article = an_article(body="газ", outlet="Балкан прес", title="„Балкан прес“")

    assert named(article, {"Балкан прес": "Балкан прес"}) == ["газ"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param('Северен поток" 2', "Северен поток 2", id="lone quotation mark"),
        pytest.param("АЕЦ „Козлодуй“", "АЕЦ „Козлодуй“", id="pair of them"),
        pytest.param("ПП–", "ПП", id="dash at the end"),
    ],
)
def test_names_lose_the_signs_that_they_were_cut_off_with(name: str, shown: str) -> None:
    assert named(an_article(body="Това"), {"Това": name}) == [shown]


def test_scores_are_relative_to_the_strongest_topic() -> None:
    # Title 3 × 0.6 for a single word; body twice 1 × 0.6
    article = an_article(title="газ", body="пожар за пожар")

    found = topics_of(article, analysed(article, WORDS))

    assert [(topic.name, topic.score) for topic in found] == [("газ", 1.0), ("пожар", pytest.approx(2 / 3, abs=1e-4))]


def test_shorter_form_of_a_stronger_phrase_is_left_out() -> None:
    assert named(an_article(title="съдебната реформа", body="реформа")) == ["съдебна реформа"]


def test_at_most_eight_topics() -> None:
    body = "пожар за влак за мост за гара за завод за училище за болница за язовир за летище за мина"

    assert len(named(an_article(body=body))) == 8


def test_weak_topics_follow_only_up_to_three() -> None:
    # 0.6 against 3 × 1.3 + 5 × 1.3 is below the share of 0.3
    article = an_article(title="съдебната реформа", body="съдебна реформа за " * 5 + "пожар за влак за мост за гара")

    assert named(article) == ["съдебна реформа", "пожар", "влак"]


@given(st.lists(st.sampled_from([*WORDS, ",", "."]), max_size=40).map(" ".join))
def test_topics_are_few_distinct_and_ordered(body: str) -> None:
    article = an_article(title="газ", body=body)

    found = topics_of(article, analysed(article, WORDS))

    assert 1 <= len(found) <= 8
    assert found[0].score == 1.0
    assert all(0 < later.score <= earlier.score for earlier, later in pairwise(found))
    assert len({topic.name for topic in found}) == len(found)
    assert all(topic.name == topic.name.strip() != "" for topic in found)
