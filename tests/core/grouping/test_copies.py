"""What is nearly word for word an article that we have, whatever outlets do to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.test_stories import WIRE
from tests.core.grouping.values import grouped, printed
from worker.grouping.stories import StoryWindow, assign_story

WINDOW = StoryWindow([grouped(printed("wire", "Мина", WIRE), "story-wire")])
WORDS = WIRE.split()


def copied(body: str) -> str | None:
    return assign_story(printed("copy", "Друго заглавие", body, hours=1), WINDOW, None).copy_of


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WIRE, id="as it is"),
        pytest.param(f"ШАБЛА /БТА/ – {WIRE} /ИП/", id="agency line and initials"),
        pytest.param(WIRE.replace("мина", "„мина“").replace(",", " –"), id="quotation marks and dashes"),
        pytest.param(WIRE.replace("о", "o").replace("а", "a").replace("с", "c"), id="Latin letters that look alike"),
        pytest.param(WIRE.upper(), id="capitals"),
        pytest.param("\n".join(WIRE.split(". ")), id="other paragraphs"),
        pytest.param(f"{WIRE} Още по темата: вижте как изглежда морето край Шабла тази зима.", id="a tail"),
    ],
)
def test_copy_is_found(body: str) -> None:
    assert copied(body) == "wire"


@given(st.integers(0, 12), st.integers(0, 12))
def test_trimmed_copy_is_found(front: int, back: int) -> None:
    assert copied(" ".join(WORDS[front : len(WORDS) - back])) == "wire"


@given(st.lists(st.sampled_from(("агенция", "съобщи", "днес", "снимка", "архив")), max_size=12), st.booleans())
def test_words_before_or_behind_hide_no_copy(words: list[str], before: bool) -> None:
    added = " ".join(words)

    assert copied(f"{added} {WIRE}" if before else f"{WIRE} {added}") == "wire"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            "Утре ще бъде предимно слънчево. Ще духа слаб до умерен вятър от запад. Максималните температури ще са "
            "между 12 и 17 градуса, в София около 13 градуса. Атмосферното налягане ще се понижи.",
            "Днес над страната ще има валежи. Ще духа слаб до умерен вятър от изток, с него ще нахлуе студен въздух. "
            "Минималните температури ще са между 2 и 7 градуса, в София около 3 градуса. Налягането ще се повиши.",
            id="weather of two days",
        ),
        pytest.param(
            "Българската народна банка определи централен курс на щатския долар за утре от 1,81234 лева. Вчерашната "
            "стойност беше 1,81520. Един лев се разменя за 0,551773 долара. Паундът е на 2,27714 лева.",
            "Българската народна банка определи централен курс на щатския долар за утре от 1,80540 лева. Вчера той "
            "беше 1,81234. За един лев се дават 0,553893 долара. Паундът поевтиня до 2,27900 лева.",
            id="exchange rates of two days",
        ),
    ],
)
def test_texts_of_one_template_are_no_copies(one: str, other: str) -> None:
    window = StoryWindow([grouped(printed("one", "Вчера", one), "story-one")])

    assert assign_story(printed("other", "Днес", other, hours=24), window, None).copy_of is None
