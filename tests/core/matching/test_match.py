"""How findings add up to a match."""

from datetime import UTC, date, datetime

import pytest

from tests.core.matching.builders import a_watch, an_analysis, an_article, found_in, matches, together
from worker.matching.evidence import MAX_PER_TERM
from worker.matching.match import find_matches
from worker.matching.terms import compile_watches
from worker.models.news import Field
from worker.models.watch import Phrase, Reach, Watchlist


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        pytest.param("Покана от НАТО дойде.", {}, ["Покана", "НАТО"], id="one sentence"),
        pytest.param("Покана няма. НАТО мълчи.", {}, [], id="two sentences"),
        pytest.param("Покана няма. НАТО мълчи.", {"reach": Reach.ARTICLE}, ["Покана", "НАТО"], id="anywhere"),
        pytest.param("Покана няма. НАТО мълчи.", {"within_words": 3}, ["Покана", "НАТО"], id="words across sentences"),
        pytest.param("Покана към държавите от НАТО дойде.", {"within_words": 4}, [], id="too far"),
        pytest.param("Покана към държавите от НАТО дойде.", {"within_words": 5}, ["Покана", "НАТО"], id="just near enough"),
        pytest.param("Покана, после втора покана на НАТО.", {}, ["покана", "НАТО"], id="the nearest ones"),
        pytest.param("Покана за всички от НАТО и покана НАТО.", {}, ["покана", "НАТО"], id="nearer ones later"),
        pytest.param("НАТО е зад тази покана.", {}, ["НАТО", "покана"], id="either order"),
        pytest.param("Само покана и пак покана.", {}, [], id="one group is missing"),
    ],
)  # fmt: skip
def test_groups_must_stand_together(text, more, expected):
    assert found_in(text, a_watch(together(["покана", "членство"], ["НАТО", "алианс"], **more))) == expected


def test_groups_do_not_meet_across_fields():
    article = an_article(title="Покана", summary="НАТО")
    assert matches(article, a_watch(together(["покана"], ["НАТО"], within_words=5))) == ()
    assert len(matches(article, a_watch(together(["покана"], ["НАТО"], reach=Reach.ARTICLE)))) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("алианс Рено дойде, НАТО също", ["НАТО"], id="cancels what it overlaps"),
        pytest.param("алианс Рено дойде", [], id="nothing is left"),
        pytest.param("алианс Северен дойде", ["алианс"], id="elsewhere it does not bear"),
        pytest.param("алианс Рено на НАТО дойде", ["алианс Рено на НАТО"], id="a longer finding contains it"),
    ],
)
def test_none_cancels_findings_it_overlaps(text, expected):
    assert found_in(text, a_watch("алианс", "НАТО", "алианс Рено на НАТО", none=["алианс Рено"])) == expected


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        pytest.param("Пожар в Рила. Горят хектари гора.", True, id="condition met in another sentence"),
        pytest.param("Пожар в цех.", False, id="condition not met"),
        pytest.param("Пожар в гора край Лисабон.", False, id="silenced"),
    ],
)
def test_needs_and_unless_look_at_the_whole_article(text, fires):
    watch = a_watch("пожар", needs=["гора", "нива"], unless=["Лисабон"])
    assert bool(found_in(text, watch)) is fires


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Рафинерията дойде. Нефтът поскъпна.", ["Рафинерията"], id="condition met"),
        pytest.param("Рафинерията дойде.", [], id="condition not met"),
        pytest.param("Рафинерията на захар. Нефтът поскъпна.", [], id="silenced"),
        pytest.param("Рафинерията на захар. Лукойл дойде.", ["Лукойл"], id="other terms are not bound"),
    ],
)
def test_conditions_of_a_term_bind_only_that_term(text, expected):
    term = together(["рафинерия"], needs=["нефт"], unless=["захар"])
    assert found_in(text, a_watch(term, "Лукойл")) == expected


@pytest.mark.parametrize(
    ("published_on", "fires"),
    [
        pytest.param(date(2014, 9, 30), False, id="before"),
        pytest.param(date(2014, 10, 1), True, id="first day"),
        pytest.param(date(2024, 9, 30), True, id="last day"),
        pytest.param(date(2024, 10, 1), False, id="after"),
        pytest.param(None, False, id="unknown: the day we saw it"),
    ],
)
def test_a_term_counts_in_its_time(published_on, fires):
    published_at = (
        datetime(published_on.year, published_on.month, published_on.day, 12, tzinfo=UTC) if published_on else None
    )
    term = together(["генсек на НАТО"], since=date(2014, 10, 1), until=date(2024, 10, 1))
    article = an_article(body="Генсекът на НАТО говори", published_at=published_at)
    assert bool(matches(article, a_watch(term))) is fires


def test_a_day_begins_at_midnight_in_sofia():
    term = together(["генсек на НАТО"], since=date(2014, 10, 1))
    half_past_midnight = datetime(2014, 9, 30, 21, 30, tzinfo=UTC)
    article = an_article(body="Генсекът на НАТО говори", published_at=half_past_midnight)
    assert matches(article, a_watch(term))


@pytest.mark.parametrize(
    ("text", "score"),
    [
        pytest.param("газ и газ", None, id="one term counts once"),
        pytest.param("газ и тръба", 0.5, id="threshold reached"),
        pytest.param("газ и тръба в Чирен", 1.0, id="twice over and more"),
    ],
)
def test_weights_of_different_terms_add_up(text, score):
    watch = a_watch(Phrase(text="газ", weight=0.5), Phrase(text="тръба", weight=0.5), Phrase(text="Чирен", weight=1.5))
    assert [match.score for match in matches(an_article(body=text), watch)] == ([] if score is None else [score])


def test_threshold_of_a_watch_is_respected():
    assert matches(an_article(body="газ"), a_watch("газ", threshold=1.5)) == ()
    assert matches(an_article(body="газ"), a_watch(Phrase(text="газ", weight=1.5), threshold=1.5))[0].score == 0.5


def test_matches_come_in_watch_order():
    watches = (a_watch("мир", watch_id="z"), a_watch("война", watch_id="a"), a_watch("дъжд", watch_id="b"))
    assert [match.watch_id for match in matches(an_article(body="война и мир"), *watches)] == ["z", "a"]


def test_evidence_has_its_sentence():
    body = "Първо. Тук е НАТО днес. Последно."
    article = an_article(body=body)
    for analysis in (None, an_analysis(article)):
        (evidence,) = matches(article, a_watch("НАТО"), analysis=analysis)[0].evidence
        assert body[evidence.sentence_start : evidence.sentence_end] == "Тук е НАТО днес."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("през 2023 г. Радев дойде", id="abbreviation"),
        pytest.param("каза Р. Радев", id="initial"),
        pytest.param("в 10.30 Радев", id="number"),
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(text):
    (evidence,) = matches(an_article(body=text), a_watch("Радев"))[0].evidence
    assert (evidence.sentence_start, evidence.sentence_end) == (0, len(text))


def test_text_beyond_the_models_limit_is_matched_by_forms():
    article = an_article(body="Кратко. НАТО говори. Отново НАТО.")
    whole = an_analysis(article)
    cut = type(whole)(
        model=whole.model,
        sentences={field: sentences[:1] for field, sentences in whole.sentences.items()},
        mentions=(),
    )
    found = matches(article, a_watch("НАТО"), analysis=cut)[0].evidence
    assert [article.body[one.sentence_start : one.sentence_end] for one in found] == ["НАТО говори.", "Отново НАТО."]


def test_a_finding_within_a_longer_one_is_not_shown_twice():
    assert found_in("членство в НАТО", a_watch("НАТО", "членство в НАТО")) == ["членство в НАТО"]


def test_evidence_of_one_term_is_limited():
    assert len(found_in("НАТО. " * 50, a_watch("НАТО"))) == MAX_PER_TERM


@pytest.mark.parametrize(
    ("article", "reason"),
    [
        pytest.param(an_article(title="Столтенберг в София"), "среща се „Столтенберг“ (заглавие)", id="title"),
        pytest.param(
            an_article(summary="За НАТО", body="Покана за Киев от НАТО."),
            "среща се „НАТО“ (резюме), „Покана“ + „Киев“ (текст)",
            id="term of several, words shown once",
        ),
        pytest.param(
            an_article(body="НАТО, Столтенберг, алианс, алианси, алиансът."),
            "среща се „НАТО“ (текст), „Столтенберг“ (текст), „алианс“ (текст) и още 2",
            id="many",
        ),
    ],
)
def test_reason_says_what_was_found_and_where(article, reason):
    watch = a_watch("Столтенберг", "НАТО", "алианс", together(["покана"], ["Киев"]))
    assert matches(article, watch)[0].reason.casefold() == reason.casefold()


def test_an_article_without_text_matches_nothing():
    assert matches(an_article(), a_watch("НАТО")) == ()


def test_a_word_cut_by_the_model_still_has_a_sentence_around_it():
    article = an_article(body="НАТО")
    whole = an_analysis(article)
    sentence = type(whole.sentences[Field.BODY][0])(start=0, end=2, tokens=())
    cut = type(whole)(model="m", sentences={**whole.sentences, Field.BODY: (sentence,)}, mentions=())
    (evidence,) = matches(article, a_watch("НАТО"), analysis=cut)[0].evidence
    assert (evidence.start, evidence.end, evidence.sentence_end) == (0, 4, 4)


@pytest.mark.parametrize(
    ("about", "fires"),
    [
        pytest.param(frozenset({"medtop:11000000", "природен газ"}), True, id="one-of-its-topics"),
        pytest.param(frozenset({"medtop:15000000"}), False, id="another-topic"),
        pytest.param(frozenset(), True, id="nothing-known"),
    ],
)
def test_watch_of_a_topic_fires_only_in_articles_about_it(about, fires):
    watch = a_watch("Радев", about=frozenset({"medtop:11000000"}))
    index = compile_watches(Watchlist(watches=(watch,), version="v1"))

    assert bool(find_matches(an_article(body="Радев каза."), None, index, about)) is fires
