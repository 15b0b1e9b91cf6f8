"""Whom an article is told to, and why."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.values import NOON, an_article
from worker.grouping.decide import alert_id, decision_for, delivery_id, plan_alerts, quotes_of
from worker.models.alert import AlertId, Decision, Grouping, History, Plan, Quote, Reason, Story
from worker.models.news import Article, ArticleId, Field, StoryId
from worker.models.watch import ChannelId, Evidence, Match, Phrase, Watch, WatchId, WatchKind, Watchlist

MAX_AGE = timedelta(hours=24)
BODY = "Радев наложи вето. Пеевски внесе текста."
CHANNELS = (ChannelId("desk"), ChannelId("mail"))


def a_watch(name: str) -> Watch:
    return Watch(
        id=WatchId(name), name=name.capitalize(), kind=WatchKind.ACTOR, terms=(Phrase(text=name),), channels=CHANNELS
    )


WATCHLIST = Watchlist(watches=(a_watch("radev"), a_watch("peevski")), version="v7")


def evidence(part: Field, text: str, form: str, sentence: tuple[int, int]) -> Evidence:
    start = text.index(form)
    return Evidence(
        field=part,
        start=start,
        end=start + len(form),
        text=form,
        term=form,
        sentence_start=sentence[0],
        sentence_end=sentence[1],
    )


RADEV = evidence(Field.BODY, BODY, "Радев", (0, 18))
PEEVSKI = evidence(Field.BODY, BODY, "Пеевски", (19, 40))


def a_match(watch: str, *spans: Evidence) -> Match:
    return Match(
        watch_id=WatchId(watch), article_id=ArticleId("a1"), score=0.5, reason=f"{watch} found", evidence=spans
    )


MATCHES = (a_match("radev", RADEV), a_match("peevski", PEEVSKI))


def history(*alerted: tuple[str, str]) -> History:
    return History(version=4, alerted=frozenset((WatchId(watch), StoryId(story)) for watch, story in alerted))


def a_story(grouping: Grouping = Grouping.FIRST) -> Story:
    return Story(id=StoryId("s1"), grouping=grouping)


def planned(
    article: Article | None = None,
    matches: Sequence[Match] = MATCHES[:1],
    story: Story | None = None,
    known: History | None = None,
) -> Plan:
    return plan_alerts(
        article or an_article(body=BODY), matches, story or a_story(), known or history(), WATCHLIST, NOON, MAX_AGE
    )


OLD = NOON - MAX_AGE - timedelta(seconds=1)
OLD_BASELINE = an_article(body=BODY, baseline=True, published_at=OLD)


@pytest.mark.parametrize(
    ("article", "grouping", "alerted", "reason"),
    [
        pytest.param(OLD_BASELINE, Grouping.FIRST, [("radev", "s1")], Reason.BASELINE, id="baseline before all others"),
        pytest.param(
            an_article(body=BODY, published_at=OLD), Grouping.FIRST, [("radev", "s1")], Reason.TOO_OLD, id="old first"
        ),
        pytest.param(
            an_article(body=BODY, published_at=NOON - MAX_AGE), Grouping.FIRST, [], Reason.FIRST_OF_STORY, id="just not"
        ),
        pytest.param(
            an_article(body=BODY, published_at=None, seen_at=OLD),
            Grouping.FIRST,
            [],
            Reason.TOO_OLD,
            id="seen long ago",
        ),
        pytest.param(
            an_article(body=BODY, published_at=None), Grouping.FIRST, [], Reason.FIRST_OF_STORY, id="no date, just seen"
        ),
        pytest.param(
            an_article(body=BODY), Grouping.SAME_EVENT, [("radev", "s1")], Reason.ALREADY_ALERTED, id="told before"
        ),
        pytest.param(
            an_article(body=BODY), Grouping.SAME_EVENT, [("peevski", "s1")], Reason.NEW_FOR_WATCH, id="told to others"
        ),
        pytest.param(
            an_article(body=BODY), Grouping.FIRST, [("radev", "s2")], Reason.FIRST_OF_STORY, id="told of another story"
        ),
        pytest.param(an_article(body=BODY), Grouping.COPY, [], Reason.NEW_FOR_WATCH, id="copy of something not told"),
        pytest.param(an_article(body=BODY), Grouping.KEPT, [], Reason.NEW_FOR_WATCH, id="edited"),
        pytest.param(
            an_article(body=BODY, revision=2), Grouping.FIRST, [], Reason.NEW_FOR_WATCH, id="edited before analysis"
        ),
    ],
)
def test_first_rule_that_applies_decides(
    article: Article, grouping: Grouping, alerted: list[tuple[str, str]], reason: Reason
) -> None:
    plan = planned(article, story=a_story(grouping), known=history(*alerted))

    assert [(one.reason, one.decision) for one in plan.decided] == [(reason, decision_for(reason))]
    assert bool(plan.alerts) is (decision_for(reason) is Decision.NOTIFY)


def test_each_match_is_decided_in_order_with_its_own_reason() -> None:
    plan = planned(matches=MATCHES, known=history(("radev", "s1")))

    assert [(one.match.watch_id, one.decision) for one in plan.decided] == [
        ("radev", Decision.DROP),
        ("peevski", Decision.NOTIFY),
    ]
    assert [alert.watch_id for alert in plan.alerts] == ["peevski"]


def test_two_matches_of_one_watch_make_one_alert() -> None:
    plan = planned(matches=(MATCHES[0], a_match("radev", PEEVSKI)))

    assert [one.reason for one in plan.decided] == [Reason.FIRST_OF_STORY, Reason.ALREADY_ALERTED]
    assert len(plan.alerts) == 1


def test_plan_states_the_history_it_was_made_for() -> None:
    assert planned().history_version == 4


def test_alert_carries_everything_that_a_message_shows() -> None:
    article = an_article(title="Вето", body=BODY)

    alert = planned(article).alerts[0]

    assert (alert.article_id, alert.story_id, alert.revision, alert.created_at) == ("a1", "s1", 1, NOON)
    assert alert.channels == CHANNELS
    notice = alert.notice
    assert (notice.watch_id, notice.watch_name, notice.watchlist_version) == ("radev", "Radev", "v7")
    assert (notice.title, notice.outlet, notice.url) == ("Вето", article.outlet, article.url)
    assert (notice.published_at, notice.seen_at) == (article.published_at, article.seen_at)
    assert (notice.match_reason, notice.decision_reason) == ("radev found", Reason.FIRST_OF_STORY)
    assert notice.quotes == (Quote(text="Радев наложи вето.", marks=((0, 5),)),)


TITLE = "Радев: вето"
LONG = "Радев и Радев. Пеевски пак. Борисов също. Петков мълчи."


@pytest.mark.parametrize(
    ("article", "spans", "quotes"),
    [
        pytest.param(
            an_article(body="  Радев каза.  "),
            [evidence(Field.BODY, "  Радев каза.  ", "Радев", (0, 15))],
            [Quote(text="Радев каза.", marks=((0, 5),))],
            id="stripped, marks moved along",
        ),
        pytest.param(
            an_article(title=TITLE, body=BODY),
            [evidence(Field.TITLE, TITLE, "Радев", (0, 11)), RADEV],
            [Quote(text="Радев наложи вето.", marks=((0, 5),))],
            id="title only if alone",
        ),
        pytest.param(
            an_article(summary=BODY, body=BODY),
            [RADEV, evidence(Field.SUMMARY, BODY, "Радев", (0, 18))],
            [Quote(text="Радев наложи вето.", marks=((0, 5),))],
            id="the same sentence twice",
        ),
        pytest.param(
            an_article(body=BODY),
            [
                evidence(Field.BODY, BODY, "наложи вето", (0, 18)),
                evidence(Field.BODY, BODY, "Радев наложи", (0, 18)),
            ],
            [Quote(text="Радев наложи вето.", marks=((0, 17),))],
            id="overlapping marks join",
        ),
        pytest.param(
            an_article(body=LONG),
            [
                evidence(Field.BODY, LONG, "Петков", (42, 55)),
                evidence(Field.BODY, LONG, "Борисов", (28, 41)),
                evidence(Field.BODY, LONG, "Пеевски", (15, 27)),
                evidence(Field.BODY, LONG, "Радев", (0, 14)),
            ],
            [
                Quote(text="Радев и Радев.", marks=((0, 5),)),
                Quote(text="Пеевски пак.", marks=((0, 7),)),
                Quote(text="Борисов също.", marks=((0, 7),)),
            ],
            id="the first three in reading order",
        ),
    ],
)
def test_quotes_are_the_sentences_that_prove_the_match(
    article: Article, spans: list[Evidence], quotes: list[Quote]
) -> None:
    assert list(quotes_of(article, spans)) == quotes


def test_ids_depend_on_every_part_and_on_nothing_else() -> None:
    ids = [
        alert_id(WatchId("a"), StoryId("bc"), 1),
        alert_id(WatchId("ab"), StoryId("c"), 1),
        alert_id(WatchId("a"), StoryId("bc"), 2),
        delivery_id(AlertId("a"), ChannelId("bc")),
        delivery_id(AlertId("ab"), ChannelId("c")),
    ]

    assert len(set(ids)) == len(ids)
    # Kept in the database: another value would send everything again after an update.
    assert alert_id(WatchId("radev"), StoryId("story-1"), 1) == "4a94dc11dc8dd86a0503ceaaf509d3a5"
    assert delivery_id(AlertId("a1"), ChannelId("desk")) == "768f24923179ddd77399fa078ccae4b8"


ARTICLES = st.builds(
    lambda age_h, baseline, revision: an_article(
        body=BODY, published_at=NOON - timedelta(hours=age_h), baseline=baseline, revision=revision
    ),
    st.integers(0, 48),
    st.booleans(),
    st.integers(1, 3),
)
WATCHES = st.sampled_from(["radev", "peevski"])
HISTORIES = st.sets(st.tuples(WATCHES, st.sampled_from(["s1", "s2"]))).map(lambda told: history(*told))


@given(article=ARTICLES, watches=st.lists(WATCHES, max_size=4), grouping=st.sampled_from(Grouping), known=HISTORIES)
def test_replaying_a_plan_with_its_alerts_in_the_history_adds_nothing(
    article: Article, watches: list[str], grouping: Grouping, known: History
) -> None:
    matches = [a_match(watch, RADEV) for watch in watches]
    plan = planned(article, matches, a_story(grouping), known)

    told = {(alert.watch_id, alert.story_id) for alert in plan.alerts}
    after = History(version=5, alerted=known.alerted | told)

    assert not planned(article, matches, a_story(grouping), after).alerts
    assert len(plan.decided) == len(matches)
    assert len({alert.id for alert in plan.alerts}) == len(told) == len(plan.alerts)
    assert not told & known.alerted
