"""Without language models: alerts by word forms, marked, and analysed again when the models are back."""

from datetime import timedelta

import pytest

from tests.core.grouping.values import an_article
from tests.fakes import FakeAnalyzer
from tests.pipeline.test_pipeline import WATCHLIST, Desk, a_reading, an_entry
from worker.grouping.fingerprint import fingerprint
from worker.grouping.stories import StoryWindow, assign_story
from worker.matching.match import find_matches
from worker.matching.terms import compile_watches
from worker.models.alert import Grouped, Grouping
from worker.nlp.forms import FormsAnalyzer
from worker.nlp.language import LanguageGuesser
from worker.topics.phrases import phrases_of


@pytest.fixture(scope="module")
def forms() -> FormsAnalyzer:
    return FormsAnalyzer(LanguageGuesser())


def test_forms_match_as_without_any_analysis(forms):
    article = an_article(title="Срещата на НАТО", body="Решение на НАТО и БНБ. Още текст.")
    index = compile_watches(WATCHLIST)

    (analysis,) = forms.analyse([article])

    assert find_matches(article, analysis, index) == find_matches(article, None, index) != ()
    assert phrases_of(article, analysis) == ()
    assert analysis.language == "bg"


def test_forms_group_reports_of_one_event(forms):
    first = an_article(
        "a", title="Пожар гори край Хасково", body="Голям пожар гори край Хасково от вчера.", outlet="Едно"
    )
    second = an_article("b", title="Пожарът край Хасково гори", body="Пожарът край Хасково още гори.", outlet="Две")
    one, two = (fingerprint(article, *forms.analyse([article])) for article in (first, second))

    story = assign_story(one, StoryWindow(()), None)
    again = assign_story(two, StoryWindow([Grouped(fingerprint=one, story_id=story.id)]), None)

    assert {"пожар", "хасков"} <= set(one.terms)
    assert (again.id, again.grouping) == (story.id, Grouping.SAME_EVENT)


def test_alert_by_forms_is_marked_and_not_repeated_when_the_models_are_back(forms):
    desk = Desk(a_reading(an_entry(1, "Новина за НАТО")), analyzer=forms)
    desk.poll()
    (delivery,) = desk.analyse().deliveries
    desk.deliver(delivery)

    desk.analyzer = FakeAnalyzer()
    renewed = desk.articles.renew_unconfirmed(desk.now - timedelta(hours=48))
    again = desk.analyse()

    assert [notice.unconfirmed for notice in desk.channel.notices] == [True]
    assert (renewed, again.stored, again.deliveries) == (1, 1, ())
    assert desk.articles.renew_unconfirmed(desk.now - timedelta(hours=48)) == 0


def test_alert_by_models_is_not_marked():
    desk = Desk(a_reading(an_entry(1, "Новина за НАТО")))
    desk.poll()

    desk.deliver(desk.analyse().deliveries[0])

    assert [notice.unconfirmed for notice in desk.channel.notices] == [False]


def test_articles_seen_before_are_left_alone(forms):
    desk = Desk(a_reading(an_entry(1, "Новина за НАТО")), analyzer=forms)
    desk.poll()
    desk.analyse()

    assert desk.articles.renew_unconfirmed(desk.now + timedelta(seconds=1)) == 0
