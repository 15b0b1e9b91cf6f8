"""Whom an article is told to, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.values import NOON, an_article
from worker.grouping.decide import alert_id, decision_for, delivery_id, plan_alerts
from worker.grouping.told import PastAlert, told_of
from worker.models.alert import AlertId, Decision, Grouping, History, Plan, Quote, Reason, Route, Story, Told
from worker.models.news import Article, ArticleId, Field, StoryId
from worker.models.rules import AlertRules, QuietHours
from worker.models.silence import Silence, SilenceId
from worker.models.story import NO_SOURCES, Member
from worker.models.watch import (
    ChannelId,
    Evidence,
    Match,
    Person,
    Phrase,
    Severity,
    Watch,
    WatchId,
    WatchKind,
    Watchlist,
)

RULES = AlertRules()
MAX_AGE = RULES.max_age
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
    """Everybody named was told of the story by an article of the outlet of `an_article`."""
    return History(version=4, told={(WatchId(watch), StoryId(story)): told(watch, story) for watch, story in alerted})


def told(
    watch: str, story: str, article: Article | None = None, *, loud: int = 1, is_acknowledged: bool = False
) -> Told:
    found = plan_alerts(
        article or an_article(body=BODY),
        [a_match(watch, RADEV)],
        Story(id=StoryId(story), grouping=Grouping.FIRST),
        History(version=0),
        WATCHLIST,
        NOON,
        RULES,
    )
    notice = found.alerts[0].notice
    return Told(revision=1, first=notice, last=notice, loud=loud, loud_at=NOON, is_acknowledged=is_acknowledged)


def a_story(grouping: Grouping = Grouping.FIRST) -> Story:
    return Story(id=StoryId("s1"), grouping=grouping)


def planned(
    article: Article | None = None,
    matches: Sequence[Match] = MATCHES[:1],
    story: Story | None = None,
    known: History | None = None,
) -> Plan:
    return plan_alerts(
        article or an_article(body=BODY), matches, story or a_story(), known or history(), WATCHLIST, NOON, RULES
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

    assert [(one.reason, one.decision) for one in plan.decided] == [
        (reason, decision_for(reason, WATCHLIST.watches[0]))
    ]
    assert bool(plan.alerts) is (decision_for(reason, WATCHLIST.watches[0]) is Decision.NOTIFY)


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
    assert alert.routes == tuple(Route(channel=channel) for channel in CHANNELS)
    assert not alert.is_amendment
    notice = alert.notice
    assert (notice.watch_id, notice.watch_name, notice.watchlist_version) == ("radev", "Radev", "v7")
    assert (notice.title, notice.outlet, notice.url) == ("Вето", article.outlet, article.url)
    assert (notice.published_at, notice.seen_at) == (article.published_at, article.seen_at)
    assert (notice.match_reason, notice.decision_reason) == ("radev found", Reason.FIRST_OF_STORY)
    assert notice.quotes == (Quote(text="Радев наложи вето.", marks=((0, 5),)),)


OTHER = an_article("a2", body=BODY, outlet="Вчера")
A_STORY = StoryId("s1")
#: told by „Днес“ at noon
KNOWN = History(
    version=4,
    told={(WatchId("radev"), A_STORY): told("radev", "s1")},
    members={A_STORY: (Member(article_id=ArticleId("a1"), outlet="Днес", url="https://dnes.example/a1", at=NOON),)},
)
TWO_PERSONS = Watch(
    id=WatchId("radev"),
    name="Двама",
    kind=WatchKind.ACTOR,
    terms=(Person(given="Румен", surname="Радев"), Person(given="Делян", surname="Пеевски")),
    channels=CHANNELS,
)


def follow_up(
    *spans: Evidence,
    watch: Watch = WATCHLIST.watches[0],
    known: History = KNOWN,
    article: Article = OTHER,
    copy_of: str | None = None,
    now: datetime = NOON + timedelta(minutes=5),
) -> Plan:
    story = Story(id=A_STORY, grouping=Grouping.SAME_EVENT, copy_of=ArticleId(copy_of) if copy_of else None)
    watches = Watchlist(watches=(watch,), version="v8")
    return plan_alerts(article, [a_match("radev", *spans or (RADEV,))], story, known, watches, now, RULES)


def acknowledged(known: History) -> History:
    return replace(known, told={key: replace(one, is_acknowledged=True) for key, one in known.told.items()})


@pytest.mark.parametrize(
    ("plan", "reason", "decision"),
    [
        pytest.param(follow_up(copy_of="a1"), Reason.NEW_OUTLET, Decision.AMEND, id="a copy in another outlet"),
        pytest.param(follow_up(), Reason.NEW_SOURCE, Decision.AMEND, id="another outlet's own words"),
        pytest.param(
            follow_up(article=an_article("a3", body=BODY)), Reason.ALREADY_ALERTED, Decision.DROP, id="the same outlet"
        ),
        pytest.param(
            follow_up(watch=replace(WATCHLIST.watches[0], follows=True), now=NOON + timedelta(hours=2)),
            Reason.NEW_SOURCE,
            Decision.NOTIFY,
            id="another source, which the watch follows",
        ),
        pytest.param(
            follow_up(watch=replace(WATCHLIST.watches[0], severity=Severity.HIGH)),
            Reason.HIGHER_SEVERITY,
            Decision.NOTIFY,
            id="it matters more now",
        ),
        pytest.param(
            follow_up(PEEVSKI, watch=TWO_PERSONS, now=NOON + timedelta(hours=2)),
            Reason.NEW_ACTOR,
            Decision.NOTIFY,
            id="another of the watch's persons",
        ),
        pytest.param(
            follow_up(PEEVSKI, watch=TWO_PERSONS), Reason.SOON_AFTER, Decision.HOLD, id="the same within the hour"
        ),
        pytest.param(
            follow_up(PEEVSKI, watch=TWO_PERSONS, known=acknowledged(KNOWN), now=NOON + timedelta(hours=2)),
            Reason.ACKNOWLEDGED,
            Decision.AMEND,
            id="the same, but a person said that they know",
        ),
    ],
)
def test_what_is_new_in_a_known_story_decides(plan: Plan, reason: Reason, decision: Decision) -> None:
    assert [(one.reason, one.decision) for one in plan.decided] == [(reason, decision)]


def test_an_amendment_is_the_first_message_with_the_outlets_of_now() -> None:
    alert = follow_up(copy_of="a1").alerts[0]

    first = KNOWN.told[WatchId("radev"), A_STORY].first
    assert alert.is_amendment
    assert alert.revision == alert.notice.revision == 2
    assert (alert.notice.title, alert.notice.quotes) == (first.title, first.quotes)
    assert [one.outlet for one in alert.notice.sources.outlets] == ["Днес", "Вчера"]


def test_several_that_waited_for_one_moment_count_as_one_message() -> None:
    plan = follow_up(PEEVSKI, watch=TWO_PERSONS)
    alert = plan.alerts[0]
    later = [
        PastAlert(
            watch_id=alert.watch_id,
            story_id=A_STORY,
            revision=number,
            notice=alert.notice,
            decided_at=NOON + timedelta(minutes=number),
            told_at=NOON + timedelta(hours=1),
        )
        for number in range(2, 7)
    ]

    (known,) = told_of((_past(alert.watch_id, A_STORY, KNOWN), *later)).values()

    assert (known.loud, known.revision) == (2, 6)


def test_what_silences_dropped_everywhere_counts_as_not_told() -> None:
    unheard = replace(KNOWN, told={key: replace(one, is_unheard=True) for key, one in KNOWN.told.items()})

    plan = follow_up(known=unheard)

    assert (plan.decided[0].decision, plan.alerts[0].revision) == (Decision.NOTIFY, 2)
    assert not plan.alerts[0].is_amendment


def test_alerts_of_a_version_that_noted_no_outlets_are_not_told_again() -> None:
    before = {
        key: replace(one, first=replace(one.first, sources=NO_SOURCES), last=replace(one.last, sources=NO_SOURCES))
        for key, one in KNOWN.told.items()
    }

    assert follow_up(known=replace(KNOWN, told=before)).decided[0].reason is Reason.ALREADY_ALERTED


def test_a_silence_of_a_story_that_is_joined_now_holds() -> None:
    story = Story(id=StoryId("s0"), grouping=Grouping.SAME_EVENT, merges=(A_STORY,))
    silenced = replace(history(), silences=(a_silence(None, "s1"),))

    plan = plan_alerts(OTHER, MATCHES[:1], story, silenced, WATCHLIST, NOON, RULES)

    assert plan.decided[0].reason is Reason.SILENCED


def test_a_new_person_is_the_last_of_the_terms() -> None:
    other = replace(RADEV, term="вето")

    alert = follow_up(PEEVSKI, other, watch=TWO_PERSONS).alerts[0]

    assert alert.notice.decision_reason is Reason.NEW_ACTOR
    assert alert.notice.terms == ("Радев", "вето", "Пеевски")


def test_a_follow_up_waits_for_an_interval_that_doubles_and_ends_at_a_day() -> None:
    waits = []
    for loud in (1, 2, 3, 4, 5, 6, 40):
        known = replace(KNOWN, told={key: replace(one, loud=loud) for key, one in KNOWN.told.items()})
        route = follow_up(PEEVSKI, watch=TWO_PERSONS, known=known).alerts[0].routes[0]
        assert route.reason is Reason.SOON_AFTER
        assert route.held_until is not None
        waits.append((route.held_until - NOON) // timedelta(hours=1))

    assert waits == [1, 2, 4, 8, 16, 24, 24]


def test_a_follow_up_goes_with_the_one_that_waits_already() -> None:
    later = NOON + timedelta(minutes=50)
    known = replace(KNOWN, told={key: replace(one, loud=2, loud_at=later) for key, one in KNOWN.told.items()})

    assert follow_up(PEEVSKI, watch=TWO_PERSONS, known=known).alerts[0].routes[0].held_until == later


def a_silence(watch: str | None, story: str | None, *, hours: tuple[int, int] = (-1, 1)) -> Silence:
    return Silence(
        id=SilenceId("q1"),
        watch_id=WatchId(watch) if watch else None,
        story_id=StoryId(story) if story else None,
        author="Мария",
        comment="знаем",
        starts_at=NOON + timedelta(hours=hours[0]),
        ends_at=NOON + timedelta(hours=hours[1]),
    )


@pytest.mark.parametrize(
    ("silence", "is_told"),
    [
        pytest.param(a_silence("radev", None), False, id="the watch"),
        pytest.param(a_silence(None, "s1"), False, id="the story"),
        pytest.param(a_silence("radev", "s1"), False, id="the story by the watch"),
        pytest.param(a_silence("peevski", None), True, id="another watch"),
        pytest.param(a_silence("radev", "s2"), True, id="another story"),
        pytest.param(a_silence("radev", None, hours=(-2, 0)), True, id="just over"),
        pytest.param(a_silence("radev", None, hours=(0, 1)), False, id="just begun"),
    ],
)
def test_nobody_is_told_under_a_silence(silence: Silence, *, is_told: bool) -> None:
    plan = planned(known=replace(history(), silences=(silence,)))

    assert bool(plan.alerts) is is_told
    assert (plan.decided[0].reason is Reason.SILENCED) is not is_told


def test_a_watch_of_which_every_channel_sleeps_is_held_and_another_told() -> None:
    night = QuietHours(start=time(10), end=time(20))
    rules = replace(RULES, quiet={CHANNELS[0]: (night,)})

    half = plan_alerts(OTHER, MATCHES[:1], a_story(), history(), WATCHLIST, NOON, rules)
    whole = plan_alerts(
        OTHER,
        MATCHES[:1],
        a_story(),
        history(),
        WATCHLIST,
        NOON,
        replace(rules, quiet=dict.fromkeys(CHANNELS, (night,))),
    )

    assert half.decided[0].decision is Decision.NOTIFY
    assert [route.reason for route in half.alerts[0].routes] == [Reason.QUIET_HOURS, None]
    assert (whole.decided[0].decision, whole.decided[0].reason) == (Decision.HOLD, Reason.QUIET_HOURS)


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


def with_alerts(plan: Plan, known: History) -> History:
    """The history after a plan."""
    told_now = {
        key: found
        for alert in plan.alerts
        for key, found in told_of(
            (
                *(_past(watch, story, known) for watch, story in known.told if watch == alert.watch_id),
                PastAlert(
                    watch_id=alert.watch_id,
                    story_id=alert.story_id,
                    revision=alert.revision,
                    notice=alert.notice,
                    decided_at=alert.created_at,
                    told_at=alert.routes[0].held_until or alert.created_at,
                    is_amendment=alert.is_amendment,
                    is_acknowledged=False,
                ),
            )
        ).items()
    }
    return replace(known, version=known.version + 1, told={**known.told, **told_now})


def _past(watch: WatchId, story: StoryId, known: History) -> PastAlert:
    before = known.told[watch, story]
    return PastAlert(
        watch_id=watch,
        story_id=story,
        revision=before.revision,
        notice=before.last,
        decided_at=before.loud_at,
        told_at=before.loud_at,
        is_amendment=False,
        is_acknowledged=before.is_acknowledged,
    )


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

    after = with_alerts(plan, known)

    again = planned(article, matches, a_story(grouping), after)
    assert not again.alerts
    assert len(plan.decided) == len(matches)
    assert len({alert.id for alert in plan.alerts}) == len(plan.alerts)
    assert all(alert.is_amendment == ((alert.watch_id, alert.story_id) in known.told) for alert in plan.alerts)
