"""Which headlines report no event."""

import time

import pytest

from worker.text.routine import is_routine


@pytest.mark.parametrize(
    "title",
    [
        "Новините на NOVA (централна)",
        "НОВИНИТЕ НА NOVA (късна) 23.11",
        "Новините по БНТ (обедна емисия)",
        "Централна емисия новини",
        "Прогноза за времето (обедна)",
        "Прогноза за времето за 24 ноември",
        "Прогноза за времето на 24.11.2026 г.",
        "Дневен хороскоп за 24 ноември",
        "Хороскоп за седмицата",
        "Валутни курсове за 24 ноември",
        "ТВ програма за 24.11.2026",
        "На този ден, 24 ноември",
        "На този ден",
    ],
)
def test_routine(title):
    assert is_routine(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Новините на NOVA спечелиха награда",
        "Новините на деня: Радев подаде оставка",
        "Прогноза за времето: опасни бури в цяла България",
        "Прогноза за времето в неделя: сняг",
        "Курсът на еврото падна",
        "Валутният борд остава",
        "На този ден преди 20 години избухна война",
        "Съветът прие програма за туризма",
        "Съдът осъди автор на хороскоп",
    ],
)
def test_news(title):
    assert not is_routine(title)


@pytest.mark.parametrize("piece", ["новините на ", "хороскоп ", "прогноза за времето ", "(", "1 "])
def test_long_headline_takes_little_time(piece):
    started = time.process_time()

    is_routine(piece * 20_000)

    assert time.process_time() - started < 1
