"""What texts say of their sources, on sentences labelled by hand, and by rule."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.attribution.agencies import agency_of
from worker.attribution.reading import attribution_of
from worker.models.attribution import UNSTATED, Cue
from worker.models.news import Article, ArticleId, FeedId, Field

LABELLED = Path(__file__).parents[1] / "data" / "language" / "attributions.tsv"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labelled:
    text: str
    origin: str | None
    relay: str | None
    outlet: str


def an_article(summary: str = "", *, title: str = "", body: str = "", outlet: str = "Днес") -> Article:
    return Article(
        id=ArticleId("a1"), feed_id=FeedId("f"), outlet=outlet, url="", title=title, summary=summary, body=body,
        published_at=NOW, seen_at=NOW,
    )  # fmt: skip


def labelled() -> list[Labelled]:
    rows = [line.split("\t") for line in LABELLED.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    names = [[None if name == "-" else name for name in row[1:3]] for row in rows]
    return [Labelled(row[0], origin, relay, row[3] or "Днес") for row, (origin, relay) in zip(rows, names, strict=True)]


def measured(part: str) -> tuple[float, float, list[str]]:
    """Precision, recall and what went wrong."""
    right = stated = found = 0
    wrong = []
    for one in labelled():
        is_headline = not one.text.rstrip('"“”»)').endswith((".", "!", "?")) and ":" in one.text[:20]
        given_text = {"title": one.text} if is_headline else {"summary": one.text}
        got = getattr(attribution_of(an_article(outlet=one.outlet, **given_text)), part)
        want = getattr(one, part)
        stated += want is not None
        found += got is not None
        right += want is not None and got == want
        if got != want:
            wrong.append(f"{one.text} -> {got}, not {want}")
    return right / max(found, 1), right / max(stated, 1), wrong


@pytest.mark.parametrize(("part", "precision", "recall"), [("origin", 0.97, 0.95), ("relay", 0.95, 0.9)])
def test_labelled_sentences_keep_their_floors(part, precision, recall):
    got_precision, got_recall, wrong = measured(part)

    assert got_precision >= precision, wrong
    assert got_recall >= recall, wrong


def test_span_is_the_text_that_says_so():
    text = "Мaгистралата е затворена.\u00a0Русия мълчи, съобщи ТА\u00adСС, цитирана от „БТА“. Друго няма."
    article = an_article(body=text)

    found = attribution_of(article)

    assert found.span is not None
    assert found.span.field is Field.BODY
    assert found.span.text == "съобщи ТА\u00adСС, цитирана от „БТА“" == text[found.span.start : found.span.end]


@given(
    st.lists(
        st.sampled_from(
            [
                "БТА",
                "Фокус",
                "„Труд“",
                "предаде",
                "цитиран от",
                "като цитира",
                "каза пред",
                "Снимка:",
                "/",
                "(",
                ")",
                ".",
                ",",
                "\n",
                "агенция",
                "в.",
                "и",
                "24 ноември",
                "a\u0301",
                "\u00ad",
                "Ройтерс",
                "според",
                "интервю за",
            ]
        ),
        max_size=30,
    ),
    st.sampled_from(["Днес", "БТА", "Агенция „Фокус“"]),
)
def test_whatever_stands_together_gives_a_span_of_the_text_and_two_different_names(words, outlet):
    text = " ".join(words)

    found = attribution_of(an_article(text, outlet=outlet))

    assert found.origin is None or found.origin != found.relay
    if found.span is not None:
        assert text[found.span.start : found.span.end] == found.span.text


@given(st.text())
def test_any_text_is_read(text):
    assert attribution_of(an_article(text, title=text, body=text)) is not None


def test_half_a_megabyte_is_read_in_a_moment():
    began = time.process_time()

    attribution_of(an_article(body='предаде БТА, цитирана от "Фокус" и/или Нова / (БТА ' * 10_000))

    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("outlet", "agency"),
    [
        ("БТА", "БТА"),
        ("Агенция „Фокус“", "Фокус"),
        ("Фокус", "Фокус"),
        ("BGNES", "БГНЕС"),
        ("Дневник", None),
        ("БНТ", None),
    ],
)
def test_outlet_that_is_an_agency_is_known_by_its_name(outlet, agency):
    assert agency_of(outlet) == agency


def test_text_of_an_agency_names_it_without_saying_so():
    found = attribution_of(an_article("Общината обяви конкурс.", outlet="БТА"))

    assert (found.origin, found.relay, found.cue, found.span) == ("БТА", None, Cue.OWN, None)


def test_body_is_read_where_the_summary_says_nothing():
    found = attribution_of(an_article("Пожар в Солун.", body="Пожар в Солун.\nЩетите са големи, предаде Ройтерс."))

    assert found.origin == "Ройтерс"


def test_nothing_is_concluded_from_a_text_that_says_nothing():
    assert attribution_of(an_article("Пожар в Солун.", title="Пожар")) == UNSTATED


if __name__ == "__main__":
    for name in ("origin", "relay"):
        precision, recall, wrong = measured(name)
        print(f"{name}: precision {precision:.3f}, recall {recall:.3f}", *wrong, sep="\n  ")  # noqa: T201
