"""What names an article, and what does not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.models.news import Entry
from worker.text.identity import article_number, is_retitled, is_weak, keys_of, strongest_first


@pytest.mark.parametrize(
    ("url", "number"),
    [
        pytest.param("https://outlet.example/novini/byudzhet-1190222.html", "1190222", id="in the path"),
        pytest.param("https://outlet.example/?p=44250", "44250", id="in the query"),
        pytest.param("https://outlet.example/novini.php?n=12345&cat=2", "12345", id="query of several"),
        pytest.param("https://outlet.example/2026/11/24/byudzhet/4711/", "4711", id="beside a date"),
        pytest.param("https://outlet.example/20261124/byudzhet", "", id="date alone"),
        pytest.param("https://outlet.example/2026/11/byudzhet-2027", "", id="years alone"),
        pytest.param("https://outlet.example/novini/77", "", id="too short"),
        pytest.param("https://outlet24567.example/novini/", "", id="of the host"),
        pytest.param("https://outlet.example/%D0%BD%D0%BE%D0%B2/1190222", "1190222", id="behind escapes"),
        pytest.param("https://outlet.example/%D0%9920%D0%90", "", id="within escapes"),
        pytest.param("https://outlet.example/11111/a/22222", "22222", id="the last of equals"),
        pytest.param("", "", id="no address"),
    ],
)
def test_number_by_which_an_address_asks(url, number):
    assert article_number(url) == number


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("Съветът прие бюджета", "Съветът прие бюджета", True),
        ("Съветът прие бюджета за 2027 г.", "СЪВЕТЪТ прие бюджета за 2027 година", True),
        ("Земетресение край Пловдив", "Земетресение от 4,5 по Рихтер край Пловдив", False),
        ("Земетресение от 4,2 по Рихтер край Пловдив", "Земетресение от 4,5 по Рихтер край Пловдив", True),
        ("Съветът прие бюджета", "Радев замина за Брюксел", False),
        ("", "Радев замина за Брюксел", False),
    ],
)
def test_edited_headline_resembles_the_old_one(old, new, same):
    assert is_retitled(old, new) is same


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://outlet.example/novini/savetat-prie-novia-byudzhet", "path:proba:/novini/savetat-prie-novia-byudzhet"),
        ("https://outlet.example/?p=44250", "path:proba:?p=44250"),
        ("https://outlet.example/novini/1", None),
        ("https://outlet.example/novini/byudzhet", None),
        ("https://outlet.example/", None),
    ],
)
def test_path_names_an_article_only_when_it_says_enough(url, path):
    entry = Entry(
        guid=None, url=url, title_html="а", summary_html="", content_html="", published_raw=None, published_at=None
    )

    assert [key for key in keys_of(entry, "proba", "а") if is_weak(key)] == ([path] if path else [])


@pytest.mark.parametrize("piece", ["a", "a-", "%D0%B0", "1", "12345-", "?p=1&", "/"])
def test_endless_address_takes_little_time(piece):
    started = time.process_time()
    entry = Entry(
        guid=None,
        url="https://outlet.example/" + piece * 300_000,
        title_html="а",
        summary_html="",
        content_html="",
        published_raw=None,
        published_at=None,
    )

    keys_of(entry, "proba", "а")
    article_number(entry.url or "")

    assert time.process_time() - started < 5


@given(st.lists(st.sampled_from(["url:a", "guid:f:1", "text:f:2", "path:f:/a", "other"]), unique=True))
def test_identifier_is_believed_before_the_address_and_the_path_last(keys):
    kinds = [key.partition(":")[0] for key in strongest_first(keys)]

    assert kinds == sorted(kinds, key=["guid", "url", "text", "path", "other"].index)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_of_headlines_knows_itself(one, other):
    assert is_retitled(one, one)
    assert isinstance(is_retitled(one, other), bool)
