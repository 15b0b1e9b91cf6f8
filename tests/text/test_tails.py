"""What feeds put behind every text goes, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.text.tails import without_tails

_OWN = ("още", "Още по темата…", "Чете се за … мин.", "Виж всички новини")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("Съветът прие бюджета. още", "Съветът прие бюджета.", id="one word"),
        pytest.param("Съветът прие бюджета… ОЩЕ »", "Съветът прие бюджета…", id="capitals and an arrow"),
        pytest.param("Съветът прие бюджета\nоще", "Съветът прие бюджета", id="on its own line"),
        pytest.param("Не се знае кога ще има още", "Не се знае кога ще има още", id="end of a sentence"),
        pytest.param("Иска още. Пак.", "Иска още. Пак.", id="not at the end"),
        pytest.param("Прието. Още по темата: НАТО реши; Радев отказа", "Прието.", id="open tail"),
        pytest.param("Прието. Още по темата", "Прието.", id="open tail with nothing behind"),
        pytest.param("Прието. Още по темата: А. още", "Прието.", id="one behind the other"),
        pytest.param("Прието.\nЧете се за 3 мин.", "Прието.", id="gap within"),
        pytest.param("Чете се за 3 мин.\nПрието.", "Чете се за 3 мин.\nПрието.", id="at the beginning"),
        pytest.param("Прието. Виж  всички\nновини", "Прието.", id="other white space"),
        pytest.param("Каза още по темата: няма пари.", "Каза още по темата: няма пари.", id="within a sentence"),
        pytest.param("Бивш всички новини", "Бивш всички новини", id="within a word"),
        pytest.param("The post Budget adopted appeared first on Outlet.", "", id="nothing but a tail"),
        pytest.param("Прието.\nThe post „Бюджет“ appeared first on Outlet.", "Прието.", id="common tail"),
        pytest.param("Прието. Материалът Бюджетът е приет е публикуван за пръв път на Проба.", "Прието.", id="common, Bulgarian"),
        pytest.param("Прието. О\u0301ще", "Прието. О\u0301ще", id="accented word is another"),
        pytest.param("Прието. o\u00adщe", "Прието.", id="look-alikes and soft hyphen"),
    ],
)  # fmt: skip
def test_tail_goes(text, kept):
    assert without_tails(text, _OWN) == kept


@pytest.mark.parametrize("length", range(1490, 1512))
def test_long_text_has_no_tail_where_we_begin_to_look(length):
    text = "а" * 300 + " Още по темата: " + "б" * (length - 16)

    assert without_tails(text, _OWN) == text


@given(st.text(alphabet="ощепвижн .…\n", max_size=80))
def test_what_is_left_is_a_beginning_and_has_no_tail(text):
    kept = without_tails(text, _OWN)

    assert text.startswith(kept)
    assert without_tails(kept, _OWN) == kept


@pytest.mark.parametrize("piece", ["още ", "още. ", "Още по ", "Чете се за ", "The post ", "Материалът "])
def test_hostile_text_takes_little_time(piece):
    started = time.process_time()

    without_tails(piece * 20_000, _OWN)

    assert time.process_time() - started < 2
