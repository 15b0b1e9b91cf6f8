"""Headlines in capitals as sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.headline import is_shouted, sentence_case


@pytest.mark.parametrize(
    ("headline", "shouted"),
    [
        ("РАДЕВ ИСКА ИЗБОРИ", True),
        ("РАДЕВ иска ИЗБОРИ ВЕДНАГА", True),
        ("РАДЕВ: Иска предсрочни избори", False),
        ("Радев иска избори", False),
        ("БНТ НТВ", False),
        ("", False),
    ],
)
def test_shouted(headline, shouted):
    assert is_shouted(headline) is shouted


@pytest.mark.parametrize(
    ("headline", "rest", "expected"),
    [
        pytest.param("РАДЕВ: ИСКАМ ИЗБОРИ", "", "Радев: искам избори", id="alone"),
        pytest.param("ТЕЖЪК РАЗГОВОР НА РАДЕВ В СОФИЯ", "Президентът Радев говори в София.", "Тежък разговор на Радев в София", id="names-of-the-text"),
        pytest.param("СРЕЩА НА ТРЪМП", "Тръмп заяви, че ще се срещне с тях.", "Среща на Тръмп", id="name-at-a-beginning-only"),
        pytest.param("НОВ ЗАКОН ЗА ЖИВОТНИТЕ", "Закон за животните имаше и преди, но нов закон е нужен.", "Нов закон за животните", id="small-somewhere-is-no-name"),
        pytest.param("СТРЕЛБА В САЩ, СЪОБЩИ МВР", "", "Стрелба в САЩ, съобщи МВР", id="abbreviations"),
        pytest.param("КЕВР ВДИГНА ЦЕНАТА НА ТОКА", "", "КЕВР вдигна цената на тока", id="abbreviation-first"),
        pytest.param("ОТКРИХА НОВ ЗАВОД НА АББ И КЦМ", "Заводът е на АББ.", "Откриха нов завод на АББ и КЦМ", id="capitals-of-the-text"),
        pytest.param("СЪДЯТ Р. ИВАНОВ", "", "Съдят Р. Иванов", id="initial"),
        pytest.param("СТРЕЛБА В АРИЗОНА", "СТРЕЛБА В АРИЗОНА\nВ щата Аризона има ранени.", "Стрелба в Аризона", id="shouted-lines-prove-nothing"),
    ],
)  # fmt: skip
def test_sentence_case(headline, rest, expected):
    assert sentence_case(headline, rest) == expected


@given(st.text(), st.text())
def test_only_case_changes_and_no_place(headline, rest):
    changed = sentence_case(headline, rest)

    assert len(changed) == len(headline)
    assert changed.lower() == headline.lower()


@given(st.text(alphabet="АБВГДЕЖ абв. İ\u0301"), st.text(alphabet="абвАБВ. \n"))
def test_twice_is_once(headline, rest):
    once = sentence_case(headline, rest)

    assert sentence_case(once, rest).lower() == once.lower()
