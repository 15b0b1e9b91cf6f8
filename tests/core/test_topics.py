"""Key phrases of an article, in its own words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.values import an_article, analysed
from worker.models.news import Article
from worker.topics.phrases import phrases_of

#: lemma and part of speech of forms, as the language model gives them
ADJECTIVES = {
    "съдебен": "съдебната съдебна Съдебната СЪДЕБНАТА",
    "природен": "природния природният",
    "ядрен": "ядрените ядрени",
    "морски": "морската морски",
    "горски": "горския горските",
    "касационен": "касационния",
    "военен": "военния",
    "обикновен": "обикновения",
    "младежки": "младежкото",
    "плавам": "плаващия",
    "нов": "новия",
    "минал": "миналата",
    "изгубя": "изгуби ръководил",
    "замръзна": "замръзна",
    "концерт": "концернът",
}
NOUNS = {
    "реформа": "реформа РЕФОРМА реформата",
    "година": "година",
    "газ": "газ газът газа",
    "кораб": "кораб корабът",
    "кран": "кран",
    "реактор": "реактор реактора реактори реакторите",
    "мина": "мина мините мини мината",
    "пожар": "пожар пожара пожари пожарите",
    "съд": "съд съда",
    "учение": "ученията",
    "движение": "движение",
    "вмс": "ВМС",
    "землищам": "землищата",
    "министерство": "министерство",
    "цена": "цената цена цени цените",
    "право": "право права правото правата",
    "върховенство": "върховенство върховенството",
    "доставям": "доставяхме",
    "затвор": "затвор",
    "герой": "героя героят",
    "болест": "болестта",
    "брегове": "бреговете",
    **{word: word for word in ("влак", "мост", "гара", "завод", "училище", "болница", "язовир", "летище")},
    "море": "морето",
}
WORDS = {form: (lemma, "ADJ") for lemma, forms in ADJECTIVES.items() for form in forms.split()}
WORDS |= {form: (lemma, "NOUN") for lemma, forms in NOUNS.items() for form in forms.split()}
WORDS |= {"спира": ("спирам", "VERB"), "за": ("за", "ADP"), "на": ("на", "ADP")}


def named(article: Article, names: dict[str, str] | None = None) -> list[str]:
    return [topic.name for topic in phrases_of(article, analysed(article, WORDS, names))]


@pytest.mark.parametrize(
    ("body", "topics"),
    [
        pytest.param("съдебната реформа", ["съдебна реформа"], id="adjective with its noun, indefinite"),
        pytest.param("Съдебната реформа", ["съдебна реформа"], id="small letter from the start of a sentence"),
        pytest.param("СЪДЕБНАТА РЕФОРМА", ["съдебна реформа"], id="small letters from a headline in capitals"),
        pytest.param("природния газ", ["природен газ"], id="masculine adjective in its dictionary form"),
        pytest.param("плаващия кораб", ["плаващ кораб"], id="participle taken for a verb"),
        pytest.param("ядрените реактори", ["ядрени реактори"], id="plural stays plural"),
        pytest.param("морската мина", ["морска мина"], id="feminine"),
        pytest.param("горския пожар", ["горски пожар"], id="masculine in -ски"),
        pytest.param("горските пожари", ["горски пожари"], id="plural of -ски"),
        pytest.param("касационния съд", ["касационен съд"], id="masculine in -ен"),
        pytest.param("военния кораб", ["военен кораб"], id="double н"),
        pytest.param("обикновения газ", ["газ"], id="what is usual says nothing"),
        pytest.param("младежкото движение", ["младежко движение"], id="neuter"),
        pytest.param("газът за газът", ["газ"], id="noun in its dictionary form"),
        pytest.param("реактора за реактора", ["реактор"], id="short article"),
        pytest.param("героя за героят", ["герой"], id="short article after й"),
        pytest.param("болестта за болестта", ["болест"], id="feminine without a vowel"),
        pytest.param("землищата за землищата", ["землища"], id="noun whose dictionary form is a verb's"),
        pytest.param("доставяхме за доставяхме", [], id="verb taken for a noun"),
        pytest.param("концернът изгуби", [], id="noun and verb taken for adjectives"),
        pytest.param("ръководил затвор за затвор", ["затвор"], id="half of a tense is no adjective"),
        pytest.param("замръзна кран за кран", ["кран"], id="adjective that does not agree"),
        pytest.param("мините за мини за мината", ["мини"], id="number as the article mostly has it"),
        pytest.param("върховенството на правото", ["върховенство на правото"], id="fixed expression"),
        pytest.param("цената на природния газ", ["цена на природния газ"], id="fixed expression with an adjective"),
        pytest.param("цените за цените", [], id="its head alone says too little"),
        pytest.param("газ", ["газ"], id="one noun for want of others"),
        pytest.param(
            "природния газ за съдебна реформа за горския пожар за кораб",
            ["природен газ", "съдебна реформа", "горски пожар"],
            id="one noun once is not enough beside phrases",
        ),
        pytest.param("спира ВМС кораб за ВМС кораб", ["ВМС", "кораб"], id="acronym stays"),
        pytest.param("новия газ за газ", ["газ"], id="adjectives that say nothing are left out"),
        pytest.param("миналата година", [], id="dates are left out"),
        pytest.param("за спира", [], id="function words and verbs are left out"),
        pytest.param("съдебна, реформа за реформа", ["реформа"], id="no phrase across a comma"),
        pytest.param("", [], id="no text"),
    ],
)
def test_noun_phrases_are_written_as_a_reader_would(body: str, topics: list[str]) -> None:
    assert named(an_article(body=body)) == topics


def test_names_are_shown_in_canonical_form_and_not_again_as_nouns() -> None:
    article = an_article(title="Радева мълчи", body="ВМС спира")

    assert named(article, {"Радева": "Илияна Радева", "ВМС": "ВМС"}) == ["Илияна Радева", "ВМС"]


def test_the_outlet_is_no_topic() -> None:
    article = an_article(body="природния газ", outlet="Балкан прес", title="„Балкан прес“")

    assert named(article, {"Балкан прес": "Балкан прес"}) == ["природен газ"]


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

    found = phrases_of(article, analysed(article, WORDS))

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

    found = phrases_of(article, analysed(article, WORDS))

    assert 1 <= len(found) <= 8
    assert found[0].score == 1.0
    assert all(0 < later.score <= earlier.score for earlier, later in pairwise(found))
    assert len({topic.name for topic in found}) == len(found)
    assert all(topic.name == topic.name.strip() != "" for topic in found)


@pytest.mark.parametrize(
    ("text", "mention", "topics"),
    [
        pytest.param("Реакторите за реактори", "Реакторите", ["реактори"], id="plural that begins a sentence"),
        pytest.param("Реактор спира реактор", "Реактор", ["реактор"], id="word written small elsewhere"),
        pytest.param("Реактор спира за Реактор", "Реактор", ["Реактор"], id="capital inside a sentence as well"),
        pytest.param("Палмира спира", "Палмира", ["Палмира"], id="proper noun"),
    ],
)
def test_words_that_merely_begin_a_sentence_are_no_names(text: str, mention: str, topics: list[str]) -> None:
    words = {
        "Реакторите": ("реактор", "NOUN"),
        "Реактор": ("реактор", "NOUN"),
        "Палмира": ("палмира", "PROPN"),
        **WORDS,
    }
    article = an_article(body=text)

    found = phrases_of(article, analysed(article, words, {mention: mention}))

    assert [topic.name for topic in found] == topics


def test_names_of_a_title_in_capitals_are_written_as_elsewhere() -> None:
    article = an_article(title="РАДЕВА СПИРА", body="за Радева")

    assert named(article, {"РАДЕВА": "РАДЕВА", "Радева": "Радева"}) == ["Радева"]
