"""The word-list tools that we compare ourselves with do what such tools do."""

import pytest

from benchmarks.baselines import Words, by_hand, exact, fired, read_words, stem, stemmed, substring


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("президент", "президент"),
        ("президента", "президн"),
        ("радев", "радев"),
        ("радева", "радев"),
        ("радеви", "радяв"),
        ("партия", "парт"),
        ("партията", "парти"),
        ("русия", "руси"),
        ("нато", "нат"),
        ("новият", "нови"),
        ("съветът", "съвет"),
        ("градове", "град"),
        ("случаеве", "случай"),
        ("учебници", "учебник"),
        ("езици", "езиц"),
        ("подлози", "подлог"),
        ("летища", "лет"),
        ("театър", "театр"),
        ("ток", "ток"),
    ],
)
def test_stem_follows_the_published_rules_with_their_faults(word, expected):
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("tool", "phrase", "text", "holds"),
    [
        (substring, "НАТО", "Сенаторът си тръгна", True),
        (exact, "НАТО", "Сенаторът си тръгна", False),
        (exact, "АЕЦ Козлодуй", "Спряха АЕЦ „Козлодуй“.", True),
        (exact, "F-16", "Първият F-16 кацна", True),
        (exact, "членств|о в НАТО", "за членството в НАТО", False),
        (stemmed, "горски пожар", "Горските пожари стихнаха", True),
        (stemmed, "горски пожар", "Пожар в горски дом", False),
        (by_hand, "членств|о в НАТО", "за членството в НАТО", True),
        (by_hand, "Радев|", "Радевият кабинет", True),
        (by_hand, "БНБ", "БНБанк", False),
        (by_hand, "F-16", "F-16 и F-35", True),
    ],
)
def test_tool_finds_a_phrase_as_tools_of_its_kind_do(tool, phrase, text, holds):
    assert tool(phrase)(text) is holds


def test_fired_drops_an_item_with_an_excluded_phrase_only_when_told_to():
    items = [{"id": 1, "title": "Радев говори", "summary": "", "body": "Димитър Радев също"}]
    words = {"radev": Words(any=("Радев|",), none=("Димитър Радев",))}

    fires = [fired(items, words, exact, exclude=exclude) for exclude in (False, True)]

    assert fires == [[["radev"]], [[]]]


def test_words_of_each_watch_are_as_many_as_somebody_would_type():
    words = read_words()

    assert len(words) == 20
    assert all(5 <= len(given.any) <= 15 and len(given.none) <= 5 for given in words.values())
