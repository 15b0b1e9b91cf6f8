"""What a sentence's words say of its setting."""

import pytest

from tests.core.matching.builders import an_article
from worker.matching.contexts import settings_of
from worker.matching.reading import read_article
from worker.models.watch import Setting


def settings_in(text: str, year=2026) -> set[Setting]:
    """Of the word „покана“ in a text, in any form."""
    words = read_article(an_article(body=text), None).words
    (place,) = [number for number, word in enumerate(words) if word.word.key.startswith("покан")]
    return set(settings_of(words, place, year))


@pytest.mark.parametrize(
    ("text", "is_negated"),
    [
        pytest.param("Покана дойде", False, id="no negation"),
        pytest.param("Не покани никого", True, id="не"),
        pytest.param("Няма покана", True, id="няма"),
        pytest.param("Без покана", True, id="без"),
        pytest.param("Министърът отрече за покана", True, id="denial"),
        pytest.param("Не е получил от тях покана", True, id="five words before"),
        pytest.param("Не е получил от тях нова покана", True, id="six words before"),
        pytest.param("Не е получил от тях нова писмена покана", False, id="seven words before"),
        pytest.param("Не дойде, а покани", False, id="in another clause"),
        pytest.param("Не дойде. Покана имаше", False, id="in another sentence"),
        pytest.param("Покана не дойде", False, id="after it"),
        pytest.param("Не само покана", False, id="not only"),
        pytest.param("Не по-малко важна покана", False, id="no less"),
        pytest.param("Не толкова важна покана", False, id="not so much"),
        pytest.param("Нелепа покана", False, id="beginning of another word"),
    ],
)
def test_finding_is_negated_by_a_word_before_it_in_its_clause(text, is_negated):
    assert (Setting.NEGATED in settings_in(text)) is is_negated


@pytest.mark.parametrize(
    ("text", "is_past"),
    [
        pytest.param("Покана дойде", False, id="nothing tells"),
        pytest.param("Тогава дойде покана", True, id="word before"),
        pytest.param("Покана от тогавашния министър", True, id="word after"),
        pytest.param("Покана за годишнината", True, id="anniversary"),
        pytest.param("Тогава мълчаха. Покана дойде", False, id="word in the sentence before"),
        pytest.param("Покана дойде. Тогава мълчаха", False, id="word in the sentence after"),
        pytest.param("Покана от 2024 за всички", True, id="two years back"),
        pytest.param("Покана от 2025 за всички", False, id="last year"),
        pytest.param("Покана от 2026 за всички", False, id="this year"),
        pytest.param("Покана от 1999 за всички", True, id="last century"),
        pytest.param("Покана за 1500 души", False, id="number that is no year"),
        pytest.param("Покана за 20145 души", False, id="longer number"),
        pytest.param("Преди пет години дойде покана", True, id="years ago"),
        pytest.param("Преди повече от век дойде покана", True, id="unit three words on"),
        pytest.param("Преди два дни дойде покана", False, id="days ago"),
        pytest.param("Преди изборите дойде покана", False, id="before something"),
        pytest.param("Пет години без покана преди тях", False, id="unit before the word"),
    ],
)
def test_finding_is_past_by_a_word_in_its_sentence(text, is_past):
    assert (Setting.PAST in settings_in(text)) is is_past


def test_past_goes_by_the_year_of_the_article():
    assert settings_in("Покана от 2024 за всички", year=2025) == set()


def test_sentence_may_have_both_settings():
    assert settings_in("Тогава нямаше покана") == {Setting.NEGATED, Setting.PAST}
