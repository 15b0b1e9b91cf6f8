"""Watches over an archive: hits, alerts, what an edit gains and loses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.core.matching.builders import a_watch, an_article
from tests.fakes import FakeAnalyzer
from worker.entities.index import compile_catalogue
from worker.matching.terms import compile_watches
from worker.models.actor import Catalogue
from worker.models.news import StoryId
from worker.models.watch import Meaning, Watchlist
from worker.nlp.categories import NO_CATEGORIES
from worker.ports import Language
from worker.tuning.backtest import backtest_lines
from worker.tuning.difference import Fate, changed_only, difference_lines, differences
from worker.tuning.scan import alerts_of, scan
from worker.tuning.showing import bars, marked, share
from worker.tuning.trying import Archived, index_of

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
AGE = timedelta(days=1)


def archived(name, body, *, story=None, day=0, baseline=False):
    seen_at = AT + timedelta(days=day)
    article = replace(an_article(body=body), id=name, seen_at=seen_at, baseline=baseline, title=f"Заглавие {name}")
    return Archived(article=article, story=StoryId(story) if story else None, language="bg")


def a_list(*watches):
    return Watchlist(watches=watches, version="v1")


def scanned(archive, *watchlists, language=None):
    return scan(archive, [index_of(each.watches, each.concepts) for each in watchlists], language)


NATO = a_list(a_watch("НАТО", watch_id="nato"))


def test_hits_are_counted_by_article_story_and_day():
    archive = [
        archived("1", "НАТО реши.", story="a"),
        archived("2", "Времето."),
        archived("3", "За НАТО пак.", story="a", day=1),
        archived("4", "НАТО друго.", story="b", day=1),
    ]
    found = scanned(archive, NATO)

    shown = "\n".join(backtest_lines(found, NATO.watches[0], NATO, AGE, samples=1))

    assert [hit.article.id for hit in found.hits[0]] == ["1", "3", "4"]
    for fact in (
        "3 hits in 4 articles: 75.0 %",
        "in 2 stories",
        "would have alerted 2 times",
        "2026-03-02      2  ████",
    ):
        assert fact in shown
    assert "«НАТО» друго." in shown
    assert "«НАТО» реши." not in shown


def test_story_alerts_once_and_what_stood_before_we_watched_never():
    archive = [
        archived("0", "НАТО тук.", story="a", baseline=True),
        archived("1", "НАТО реши.", story="a"),
        archived("2", "НАТО пак.", story="a"),
    ]

    alerts = alerts_of(scanned(archive, NATO).hits[0], NATO, AGE)

    assert [hit.article.id for hit in alerts.values()] == ["1"]


def test_articles_without_a_story_are_grouped_among_the_hits():
    text = "НАТО реши да прати още войски на източния си фланг, съобщи говорителят на пакта днес в Брюксел."
    archive = [
        archived("1", text),
        archived("2", text),
        archived("3", "Музей за самолети в Пловдив чака гости, пише НАТО.", day=3),
    ]

    found = scanned(archive, NATO)

    assert found.grouped == 0
    assert len({hit.story for hit in found.hits[0]}) == 2


def test_models_read_only_what_word_forms_found_something_in():
    analyzer = FakeAnalyzer()
    language = Language(
        analyzer=analyzer,
        index=compile_watches(a_list()),
        catalogue=compile_catalogue(Catalogue()),
        categories=NO_CATEGORIES,
    )

    found = scanned([archived("1", "НАТО реши."), archived("2", "Времето.")], NATO, language=language)

    assert analyzer.batches == [("1",)]
    assert (found.read, found.candidates, found.confirmed) == (2, 1, 1)


def test_watch_without_hits_says_so():
    found = scanned([archived("1", "Времето.")], NATO)

    shown = list(backtest_lines(found, NATO.watches[0], NATO, AGE, samples=1))

    assert shown == ["nato (Наблюдение)", "  0 hits in 1 article: 0.0 %"]


def compared(old, new, archive):
    found = scanned(archive, old, new)
    before, after = (alerts_of(hits, each, AGE) for hits, each in zip(found.hits, (old, new), strict=True))
    return differences(old, new, before, after)


@pytest.mark.parametrize(
    ("old", "new", "fate", "gained", "lost"),
    [
        pytest.param(["НАТО"], ["НАТО"], Fate.UNCHANGED, [], [], id="same"),
        pytest.param(["НАТО"], ["НАТО", "мир"], Fate.CHANGED, ["3"], [], id="wider"),
        pytest.param(["НАТО", "мир"], ["мир"], Fate.CHANGED, [], ["1"], id="narrower"),
        pytest.param(["НАТО"], ["мир"], Fate.CHANGED, ["3"], ["1"], id="other"),
        pytest.param(["НАТО", "реша"], ["реша"], Fate.CHANGED, [], [], id="another article of the story alerts"),
    ],
)
def test_difference_is_told_by_alert(old, new, fate, gained, lost):
    archive = [
        archived("1", "НАТО говори.", story="a"),
        archived("2", "Алиансът реши.", story="a" if "реша" in old else "c"),
        archived("3", "За мир.", story="b"),
    ]

    (found,) = compared(a_list(a_watch(*old)), a_list(a_watch(*new)), archive)

    assert found.fate is fate
    assert ([hit.article.id for hit in found.gained], [hit.article.id for hit in found.lost]) == (gained, lost)


def test_added_and_removed_watches_are_told_with_a_total():
    old, new = a_list(a_watch("НАТО", watch_id="old")), a_list(a_watch("мир", watch_id="new"))

    shown = list(difference_lines(compared(old, new, [archived("1", "НАТО и мир.", story="a")])))

    assert shown[0] == "new: added; alerts +1 -0, 0 as before"
    assert shown[2].strip() == "НАТО и «мир»."
    assert shown[-1] == "total: 2 watches: 1 added, 1 removed, 0 changed, 0 unchanged; alerts +1 -1"


def test_only_what_differs_is_read():
    same, old, new = a_watch("а1", watch_id="same"), a_watch("б1"), a_watch("в1")

    before, after = changed_only(a_list(same, old), a_list(same, new))

    assert (before.watches, after.watches) == ((old,), (new,))


def test_marks_stay_in_a_long_sentence():
    text = "дума " * 200 + "НАТО" + " дума" * 200

    shown = marked(text, [(1000, 1004)])

    assert "«НАТО»" in shown
    assert len(shown) < 320


def test_many_days_are_shown_by_month():
    days = {f"2026-{month:02}-{day:02}": 1 for month in (1, 2, 3) for day in range(1, 29)}

    assert [line.split()[0] for line in bars(days, {"2026-02-03": 2})] == ["2026-01", "2026-02", "2026-03"]


@pytest.mark.parametrize(("part", "whole", "shown"), [(0, 0, "0.0 %"), (1, 8, "12.5 %"), (1, 10_000, "0.01 %")])
def test_share(part, whole, shown):
    assert share(part, whole) == shown


def test_meanings_are_asked_of_the_model_that_the_language_has():
    meaning = Meaning(description="покана за членство", alone=True)
    language = Language(
        analyzer=FakeAnalyzer(),
        index=compile_watches(a_list()),
        catalogue=compile_catalogue(Catalogue()),
        categories=NO_CATEGORIES,
        closeness=lambda description, sentences: [0.9 if "врата" in one else 0.1 for one in sentences],
    )

    found = scanned(
        [archived("1", "Отварят врата."), archived("2", "Вали.")], a_list(a_watch(meaning)), language=language
    )

    assert [hit.article.id for hit in found.hits[0]] == ["1"]
