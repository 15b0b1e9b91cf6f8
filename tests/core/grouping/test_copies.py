"""What is nearly word for word an article that we have, whatever outlets do to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.test_stories import FOOTBALL, MINE, WIRE
from tests.core.grouping.values import grouped, printed
from worker.grouping.copies import is_another_issue
from worker.grouping.stories import StoryWindow, assign_story
from worker.models.alert import Fingerprint, Grouping

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


RATES = (
    "Българската народна банка обяви централния курс на щатския долар за утре: {dollar} лева за един долар. Курсът на "
    "британския паунд е {pound} лева, а на швейцарския франк {franc} лева. Котировките важат до следващия работен ден."
)
WEATHER = (
    "Утре над страната ще преобладава слънчево време, в планините ще има краткотраен дъжд. Ще духа умерен вятър от "
    "запад. Минималните температури ще бъдат между {low} и {lower} градуса, максималните между {high} и {higher}."
)


def issue(name: str, text: str, hours: float, **figures: str) -> Fingerprint:
    return printed(name, "Какво ни чака утре", text.format(**figures), hours=hours)


FIRST_RATES = issue("rates", RATES, 0, dollar="1,81234", pound="2,27714", franc="1,99971")
FIRST_WEATHER = issue("weather", WEATHER, 0, low="8", lower="13", high="24", higher="29")


@pytest.mark.parametrize(
    ("first", "next_issue"),
    [
        pytest.param(
            FIRST_RATES,
            issue("next", RATES, 24, dollar="1,80543", pound="2,27906", franc="1,99893"),
            id="exchange rates, measured figures",
        ),
        pytest.param(
            FIRST_WEATHER, issue("next", WEATHER, 24, low="5", lower="10", high="19", higher="23"), id="weather"
        ),
    ],
)
def test_the_next_issue_of_a_series_is_neither_a_copy_nor_the_same_event(
    first: Fingerprint, next_issue: Fingerprint
) -> None:
    window = StoryWindow([grouped(first, "story-first")])
    repeated = replace(first, article_id=next_issue.article_id, at=next_issue.at)

    assert assign_story(next_issue, window, None).grouping is Grouping.FIRST
    assert assign_story(repeated, window, None).grouping is Grouping.COPY


def test_figures_corrected_on_the_same_day_leave_a_copy_a_copy() -> None:
    corrected = issue("corrected", RATES, 2, dollar="1,80543", pound="2,27906", franc="1,99893")

    assert assign_story(corrected, StoryWindow([grouped(FIRST_RATES, "story-first")]), None).copy_of == "rates"


@pytest.mark.parametrize(
    ("own", "their", "hours", "expected"),
    [
        pytest.param(["1,8123"], ["1,8054"], 24, True, id="other rates"),
        pytest.param(["1,8123"], ["1,8054"], 11, False, id="too soon for another issue"),
        pytest.param(["1,8123", "2,2771"], ["1,8054", "2,2771"], 24, False, id="one of them repeated"),
        pytest.param(["873,45"], ["880,12"], 24, True, id="an index"),
        pytest.param(["10,40"], ["17,05"], 24, False, id="times of day"),
        pytest.param(["4000"], ["6200"], 24, False, id="rounded: a fire grows"),
        pytest.param(["11", "38"], ["14", "2"], 24, False, id="counted: victims of one accident"),
        pytest.param(["1.200.000"], ["1.500.000"], 24, False, id="thousands"),
        pytest.param(["2025"], ["2026"], 24, False, id="years"),
        pytest.param(["1,8123"], [], 24, False, id="a report without figures"),
    ],
)
def test_only_measured_figures_tell_issues_in_different_words_apart(
    own: Sequence[str], their: Sequence[str], hours: float, expected: bool
) -> None:
    first = replace(MINE, terms={**dict.fromkeys(their, 1.0), "курс": 1.0})
    other = replace(FOOTBALL, terms={**dict.fromkeys(own, 1.0), "курс": 1.0}, at=MINE.at + timedelta(hours=hours))

    assert is_another_issue(other, first) is expected
