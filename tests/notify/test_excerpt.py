"""Foreign text is tidied and shortened without losing its proof."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notify.deliveries import a_quote
from worker.models.alert import Quote
from worker.notify.excerpt import excerpt, one_line, pieces, shorten, tidied

QUOTES = st.builds(
    lambda text, cuts: Quote(text=text, marks=tuple((min(a, b), max(a, b)) for a, b in cuts)),
    st.text(max_size=300) | st.text(alphabet="аб .!?\n\u0301\u200d👍🏽&<", max_size=300),
    st.lists(st.tuples(st.integers(-5, 310), st.integers(-5, 310)), max_size=4),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("две\r\nчасти", "две части", id="line end is a space"),
        pytest.param("  много\t \u00a0място ", "много място", id="white space collapses"),
        pytest.param("Subject\r\nBcc: someone@example.test", "Subject Bcc: someone@example.test", id="header break"),
        pytest.param("цвят\x1b[31m", "цвят [31m", id="terminal escape loses its force"),
        pytest.param("C1\x9b31m", "C1 31m", id="eight-bit escape loses its force"),
        pytest.param("\u202egnp.exe", "gnp.exe", id="reordering signs go"),
        pytest.param("ред\u2028ред", "ред ред", id="line separator is a space"),
        pytest.param("пол\ud83d знак", "пол\ufffd знак", id="half an emoji is replaced"),
        pytest.param("не\uffffзнак", "незнак", id="noncharacter goes"),
        pytest.param("👩\u200d👧 й", "👩\u200d👧 й", id="emoji and letters stay"),
    ],
)
def test_one_line_leaves_only_signs_that_are_read(text, expected):
    assert one_line(text) == expected


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        pytest.param(a_quote(" за\n [бюджета]  днес"), a_quote("за [бюджета] днес"), id="marks follow the spaces"),
        pytest.param(
            Quote(text="бюджета днес", marks=((8, 12), (0, 7))), a_quote("[бюджета] [днес]"), id="marks are sorted"
        ),
        pytest.param(Quote(text="бюджет", marks=((0, 4), (2, 6))), a_quote("[бюджет]"), id="overlaps join"),
        pytest.param(Quote(text="бюджет", marks=((-3, 2), (4, 99))), a_quote("[бю]дж[ет]"), id="marks are clipped"),
        pytest.param(Quote(text="за днес", marks=((2, 3), (5, 5))), a_quote("за днес"), id="empty marks go"),
        pytest.param(Quote(text="за днес ", marks=((2, 8),)), a_quote("за [днес]"), id="marks hold no outer space"),
    ],
)
def test_tidied_keeps_marks_on_their_words(quote, expected):
    assert tidied(quote) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("Къса.", 5, "Къса.", id="what fits stays"),
        pytest.param("Първо изречение. Второ изречение.", 24, "Първо изречение. …", id="after a sentence"),
        pytest.param("Казах „добре.“ И си тръгнах веднага.", 20, "Казах „добре.“ …", id="after a closing quote"),
        pytest.param("едно две три четири пет шест", 20, "едно две три…", id="after a word"),
        pytest.param("непротивоконституционствувателствувайте", 20, "непротивоконстит…", id="inside one long word"),
        pytest.param("ааааааааа\u0301ааааааа", 13, "аааааааа…", id="never between letter and accent"),
        pytest.param("аааааааа👍🏽аааааааа", 13, "аааааааа…", id="never inside an emoji"),
    ],
)
def test_shorten_cuts_where_a_reader_would(text, limit, expected):
    assert shorten(text, limit) == expected


def test_excerpt_drops_the_front_rather_than_the_proof():
    quote = a_quote("начало " * 100 + "[бюджета] " + "край " * 100)

    shown = excerpt(quote, 60)

    assert shown.text.startswith("… начало")
    assert shown.text.endswith("край…")
    assert [text for text, marked in pieces(shown) if marked] == ["бюджета"]


def test_excerpt_keeps_the_front_where_the_proof_allows():
    shown = excerpt(a_quote("Днес [бюджетът] мина. " + "Още думи. " * 50), 60)

    assert shown.text.startswith("Днес бюджетът мина.")


@given(QUOTES)
def test_tidying_again_changes_nothing(quote):
    once = tidied(quote)

    assert tidied(once) == once


@given(QUOTES)
def test_pieces_make_up_the_text(quote):
    tidy = tidied(quote)

    assert "".join(text for text, _ in pieces(tidy)) == tidy.text
    assert tuple(text for text, marked in pieces(tidy) if marked) == tuple(tidy.text[a:b] for a, b in tidy.marks)


@given(QUOTES, st.integers(5, 200), st.integers(0, 7))
def test_excerpt_stays_within_its_cost(quote, limit, mark_cost):
    shown = excerpt(tidied(quote), limit, lambda char: 5 if char == "&" else 1, mark_cost)

    cost = sum(5 if char == "&" else 1 for char in shown.text) + mark_cost * len(shown.marks)
    assert cost <= limit


@given(QUOTES, st.integers(40, 200))
def test_excerpt_shows_the_beginning_of_the_first_mark(quote, limit):
    tidy = tidied(quote)

    shown = excerpt(tidy, limit)

    assert bool(shown.marks) == bool(tidy.marks)
    if tidy.marks:
        first, was = (q.text[slice(*q.marks[0])] for q in (shown, tidy))
        assert was.startswith(first)
        assert first
