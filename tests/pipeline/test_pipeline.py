"""The use cases, with the outside world played by fakes and the clock standing still."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.core.categories import A_MODEL
from tests.fakes import (
    FakeAlertStore,
    FakeAmendingChannel,
    FakeAnalyzer,
    FakeArticleStore,
    FakeChannel,
    FakeFeedSource,
    FakeFeedStore,
    Memory,
)
from worker import pipeline, polls
from worker.delivering import RetryPolicy
from worker.entities.index import compile_catalogue
from worker.errors import AnalysisError, DeliveryError, DeliveryReason, FetchError, FetchReason, ParseError
from worker.matching.terms import compile_watches
from worker.models.actor import Catalogue
from worker.models.alert import Notice
from worker.models.delivery import DeliveryId, DeliveryState
from worker.models.feed import Feed, Reading, Unchanged, Validators
from worker.models.news import Entry, FeedId
from worker.models.watch import ChannelId, Phrase, Watch, WatchId, WatchKind, Watchlist
from worker.pipeline import Policy
from worker.ports import Applied, Language, Record, Stale

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
FEED = Feed(id=FeedId("one"), outlet="Едно", url="https://one.example/rss", every_s=600)
OTHER = Feed(id=FeedId("two"), outlet="Две", url="https://two.example/rss", every_s=600)
POLICY = Policy(retry=RetryPolicy(attempts=3, first=timedelta(seconds=10), last=timedelta(minutes=1)))


def a_watch(name: str, *terms: str) -> Watch:
    return Watch(
        id=WatchId(name),
        name=name.upper(),
        kind=WatchKind.ACTOR,
        terms=tuple(Phrase(text=term) for term in terms),
        channels=(ChannelId("desk"),),
        watchlist="опит",
    )


WATCHLIST = Watchlist(watches=(a_watch("nato", "НАТО"), a_watch("bnb", "БНБ")), version="v1")


def an_entry(number: int, title: str, summary: str = "", minutes: int = 1) -> Entry:
    return Entry(
        guid=f"g{number}",
        url=f"https://one.example/{number}",
        title_html=title,
        summary_html=summary,
        content_html="",
        published_raw=None,
        published_at=START + timedelta(minutes=minutes),
    )


def a_reading(*entries: Entry, etag: str = '"1"') -> Reading:
    return Reading(entries=entries, validators=Validators(etag=etag), body_hash=f"hash-{etag}")


class Desk:
    """All use cases around one memory."""

    def __init__(self, *answers, other=(), analyzer=None, channel=None, alerts=None):
        self.memory = Memory()
        self.feeds, self.articles = FakeFeedStore(self.memory), FakeArticleStore(self.memory)
        self.alerts = alerts(self.memory) if alerts else FakeAlertStore(self.memory)
        self.source = FakeFeedSource({FEED.id: answers, OTHER.id: other})
        self.analyzer = analyzer or FakeAnalyzer()
        self.channel = channel or FakeChannel()
        self.now = START
        self.feeds.sync((FEED, OTHER), START)

    def poll(self, feed=FEED):
        """Polls as soon as the feed is due, and not before the next two minutes are over."""
        self.now = max(self.now + timedelta(minutes=2), self.memory.feeds[feed.id].state.due_at)
        return self.poll_now(feed)

    def poll_now(self, feed=FEED):
        return polls.poll_feed(
            feed,
            source=self.source,
            feeds=self.feeds,
            articles=self.articles,
            lease=POLICY.feed_lease,
            clock=lambda: self.now,
            jitter=0.0,
        )

    def analyse(self):
        return pipeline.analyse_pending(
            articles=self.articles,
            alerts=self.alerts,
            language=Language(
                analyzer=self.analyzer,
                index=compile_watches(WATCHLIST),
                catalogue=compile_catalogue(Catalogue()),
                categories=A_MODEL,
            ),
            watchlist=WATCHLIST,
            policy=POLICY,
            clock=lambda: self.now,
        )

    def deliver(self, delivery_id):
        return pipeline.deliver(
            delivery_id,
            alerts=self.alerts,
            channels={ChannelId("desk"): self.channel},
            policy=POLICY,
            clock=lambda: self.now,
        )

    def sweep(self):
        return pipeline.sweep(alerts=self.alerts, policy=POLICY, clock=lambda: self.now)


def test_entry_becomes_one_message_with_its_proof():
    desk = Desk(a_reading(an_entry(1, "Срещата на <b>НАТО</b>", "Решение на НАТО в Брюксел.")))

    polled, analysed = desk.poll(), desk.analyse()
    delivered = desk.deliver(analysed.deliveries[0])

    assert (polled.outcome, polled.new, analysed.stored, delivered.outcome) == ("ok", 1, 1, "sent")
    (notice,) = desk.channel.notices
    assert (notice.title, notice.outlet) == ("Срещата на НАТО", "Едно")
    assert {quote.text[slice(*quote.marks[0])] for quote in notice.quotes} == {"НАТО"}


def test_everything_run_twice_sends_nothing_twice():
    desk = Desk(*[a_reading(an_entry(1, "Новина за НАТО"), etag=f'"{n}"') for n in range(2)])

    first = (desk.poll(), desk.analyse())[1]
    second = (desk.poll(), desk.analyse())[1]
    outcomes = [desk.deliver(first.deliveries[0]).outcome for _ in range(2)]

    assert second.claimed == 0
    assert outcomes == ["sent", "not_due"]
    assert len(desk.channel.sent) == 1


@pytest.mark.parametrize("can_amend", [True, False])
def test_same_event_in_another_outlet_amends_the_message_where_the_channel_can(can_amend):
    text = "Министрите на НАТО се срещнаха в Брюксел и обсъдиха новия бюджет за отбрана на съюза."
    desk = Desk(
        a_reading(an_entry(1, "Министрите се срещнаха", text)),
        other=[a_reading(an_entry(2, "Среща в Брюксел", text))],
        channel=FakeAmendingChannel() if can_amend else FakeChannel(),
    )

    first = (desk.poll(), desk.analyse())[1]
    second = (desk.poll(OTHER), desk.analyse())[1]

    amended = [desk.deliver(id_).outcome for id_ in (*first.deliveries, *second.deliveries)]

    assert amended == ["sent", "sent" if can_amend else "dropped"]
    assert len(desk.channel.sent) == 1
    if isinstance(desk.channel, FakeAmendingChannel):
        ((delivery, remote_id),) = desk.channel.amended
        assert isinstance(delivery.content, Notice)
        outlets = [one.outlet for one in delivery.content.sources.outlets]
        assert (remote_id, outlets) == ("remote-1", ["Едно", "Две"])


def test_edit_alerts_only_the_watch_that_it_newly_hits():
    before = an_entry(1, "Новина за НАТО", "Първи текст.")
    after = replace(before, summary_html="Първи текст. Добавка: и БНБ се изказа.")
    desk = Desk(a_reading(before), a_reading(after, etag='"2"'))

    first = (desk.poll(), desk.analyse())[1]
    polled, second = desk.poll(), desk.analyse()

    assert (polled.new, polled.revised) == (0, 1)
    assert len(first.deliveries) == len(second.deliveries) == 1
    desk.deliver(second.deliveries[0])
    assert desk.channel.notices[0].watch_id == "bnb"


def test_edit_that_changes_headline_address_and_identifier_alerts_only_the_watch_that_it_newly_hits():
    before = an_entry(1, "Съветът на НАТО прие решение за източния фланг", "Първи текст.")
    before = replace(before, guid=None, url="https://one.example/savetat-na-nato-prie-reshenie-1190222.html")
    after = replace(
        before,
        url="https://one.example/savetat-na-nato-prie-vazhno-reshenie-1190222.html",
        title_html="Съветът на НАТО прие важно решение за източния фланг",
        summary_html="Първи текст. Добавка: и БНБ се изказа.",
    )
    desk = Desk(a_reading(before), a_reading(after, etag='"2"'), a_reading(after, etag='"3"'))

    first = (desk.poll(), desk.analyse())[1]
    polled, second = desk.poll(), desk.analyse()
    third = (desk.poll(), desk.analyse())[1]

    assert (polled.new, polled.revised) == (0, 1)
    assert (len(first.deliveries), len(second.deliveries), third.claimed) == (1, 1, 0)
    desk.deliver(second.deliveries[0])
    assert desk.channel.notices[0].watch_id == "bnb"
    assert len(desk.memory.articles) == 1


def test_routine_alerts_but_joins_no_story():
    day = an_entry(1, "Прогноза за времето (обедна)", "Над НАТО ще вали, вятърът ще е умерен от североизток.")
    desk = Desk(
        a_reading(day),
        other=[a_reading(replace(day, guid="g2", url="https://two.example/2", title_html=day.title_html))],
    )

    first = (desk.poll(), desk.analyse())[1]
    second = (desk.poll(OTHER), desk.analyse())[1]

    assert (len(first.deliveries), len(second.deliveries)) == (1, 1)
    stories = {slot.record.plan.story.id for slot in desk.memory.articles.values() if slot.record}
    assert len(stories) == 2


def test_article_published_before_the_feed_was_added_never_alerts():
    desk = Desk(a_reading(an_entry(1, "Стара новина за НАТО", minutes=-60)))

    desk.poll()
    analysed = desk.analyse()

    assert (analysed.stored, analysed.matches, analysed.deliveries) == (1, 1, ())


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        pytest.param(FetchError("one", FetchReason.SERVER, "status 503"), "server", id="server"),
        pytest.param(ParseError("one", "an HTML page"), "not_a_feed", id="not-a-feed"),
    ],
)
def test_failed_poll_backs_off_and_loses_nothing(failure, outcome):
    desk = Desk(failure, a_reading(an_entry(1, "Новина за НАТО")))

    failed = desk.poll()
    due_at = desk.memory.feeds[FEED.id].state.due_at
    recovered = desk.poll()

    assert failed.outcome == outcome
    assert due_at > START + timedelta(minutes=2)
    assert (recovered.outcome, recovered.new) == ("ok", 1)
    assert desk.memory.feeds[FEED.id].state.failures == 0


def test_validators_are_kept_only_after_the_articles():
    desk = Desk(a_reading(an_entry(1, "Новина")))

    class Refusing(FakeArticleStore):
        def add(self, articles, now):
            raise RuntimeError("killed here")

    desk.articles = Refusing(desk.memory)
    with pytest.raises(RuntimeError):
        desk.poll()

    assert desk.memory.feeds[FEED.id].state.validators == Validators()


def test_unchanged_feed_stores_nothing():
    desk = Desk(Unchanged(validators=Validators(etag='"9"')))

    assert desk.poll().outcome == "unchanged"
    assert desk.memory.feeds[FEED.id].state.validators.etag == '"9"'
    assert desk.memory.articles == {}


def test_feed_that_is_not_configured_any_more_is_left_alone():
    desk = Desk()
    desk.feeds.sync((OTHER,), START)

    assert desk.poll().outcome == "retired"
    assert desk.source.asked == []


def test_second_message_for_one_poll_reads_nothing():
    desk = Desk()

    outcomes = [desk.poll().outcome, desk.poll_now().outcome]

    assert outcomes == ["unchanged", "not_due"]
    assert len(desk.source.asked) == 1


def test_feed_that_another_worker_polls_is_left_to_it():
    desk = Desk()
    desk.feeds.begin(FEED.id, START, POLICY.feed_lease)

    during = desk.poll_now().outcome
    desk.now += POLICY.feed_lease
    after = desk.poll_now().outcome

    assert (during, after) == ("not_due", "unchanged")


def test_feed_that_waited_long_in_the_queue_is_no_suspect():
    desk = Desk()
    for _ in range(9):
        desk.feeds.due(desk.now, 10)
        desk.now += timedelta(minutes=1)

    desk.poll()

    assert desk.memory.feeds[FEED.id].attempts == 0
    assert desk.source.asked[0][0] == FEED


def test_article_that_the_models_refuse_is_set_aside_alone():
    desk = Desk(a_reading(an_entry(1, "Новина за НАТО"), an_entry(2, "Новина за БНБ")))
    desk.poll()
    poison = next(slot.article.id for slot in desk.memory.articles.values() if "БНБ" in slot.article.title)
    desk.analyzer.fails_on = frozenset({poison})

    analysed = desk.analyse()

    assert (analysed.claimed, analysed.stored, analysed.quarantined, len(analysed.deliveries)) == (2, 1, 1, 1)
    assert desk.memory.articles[poison].state == "quarantined"
    assert desk.memory.articles[poison].reason == "told to fail"


class EditedMeanwhile(FakeAnalyzer):
    """Refuses every text; the outlet corrects it in that moment."""

    def __init__(self, desk):
        super().__init__()
        self.desk = desk

    def analyse(self, articles):
        corrected = [replace(article, title="Поправено заглавие") for article in articles]
        self.desk.articles.add(corrected, self.desk.now)
        raise AnalysisError("told to fail", articles[0].id)


def test_edit_that_arrives_while_the_models_refuse_the_text_is_analysed():
    desk = Desk(a_reading(an_entry(1, "Новина за НАТО")))
    desk.poll()
    sound, desk.analyzer = desk.analyzer, EditedMeanwhile(desk)

    desk.analyse()
    desk.analyzer = sound
    again = desk.analyse()

    assert (again.claimed, again.stored) == (1, 1)


class Interfering(FakeAlertStore):
    """Another worker decides just before ours stores, once."""

    interfered = False

    def apply(self, record: Record, now: datetime) -> Applied | Stale:
        if not self.interfered:
            self.interfered = True
            self.memory.version += 1
        return super().apply(record, now)


def test_plan_made_on_an_old_history_is_made_again():
    desk = Desk(a_reading(an_entry(1, "Новина за НАТО")), alerts=Interfering)
    desk.poll()

    analysed = desk.analyse()

    assert (analysed.stored, analysed.stale, len(analysed.deliveries)) == (1, 0, 1)


class Robbed(FakeAlertStore):
    """Another worker finished the article before ours stored it."""

    def apply(self, record: Record, now: datetime) -> Applied | Stale:
        return Stale(claim_lost=True)


def test_article_that_another_worker_finished_is_left_to_it():
    desk = Desk(a_reading(an_entry(1, "Новина за НАТО")), alerts=Robbed)
    desk.poll()

    analysed = desk.analyse()

    assert (analysed.deliveries, analysed.stale) == ((), 0)


def failing(*reasons: DeliveryReason, maybe_accepted: bool = False) -> FakeChannel:
    return FakeChannel([DeliveryError("desk", reason, "told to", maybe_accepted=maybe_accepted) for reason in reasons])


def an_alerted_desk(channel: FakeChannel) -> tuple[Desk, DeliveryId]:
    desk = Desk(a_reading(an_entry(1, "Новина за НАТО")), channel=channel)
    desk.poll()
    return desk, desk.analyse().deliveries[0]


def test_failed_delivery_is_due_again_after_its_wait():
    desk, delivery = an_alerted_desk(failing(DeliveryReason.SERVER))

    failed, at_once = desk.deliver(delivery), desk.deliver(delivery)
    desk.now += timedelta(seconds=10)
    due = desk.sweep().due
    again = desk.deliver(delivery)

    assert (failed.outcome, failed.reason, at_once.outcome) == ("failed", "server", "not_due")
    assert due == (delivery,)
    assert again.outcome == "sent"
    assert not desk.channel.sent[0].maybe_repeated


def test_repeat_after_an_unknown_outcome_says_so():
    desk, delivery = an_alerted_desk(failing(DeliveryReason.NETWORK, maybe_accepted=True))

    desk.deliver(delivery)
    desk.now += timedelta(seconds=10)
    desk.deliver(delivery)

    assert desk.channel.sent[0].maybe_repeated


def test_delivery_is_dead_after_its_last_attempt_and_can_be_replayed():
    desk, delivery = an_alerted_desk(failing(*[DeliveryReason.SERVER] * 3))

    outcomes = []
    for _ in range(3):
        outcomes.append(desk.deliver(delivery).outcome)
        desk.now += timedelta(minutes=5)
    replayed = desk.alerts.replay((delivery,), desk.now)
    after = desk.deliver(delivery)

    assert outcomes == ["failed", "failed", "dead"]
    assert replayed == (delivery,)
    assert after.outcome == "sent"


def test_delivery_to_a_channel_that_is_gone_is_dead_with_the_reason():
    desk, delivery = an_alerted_desk(FakeChannel())

    delivered = pipeline.deliver(delivery, alerts=desk.alerts, channels={}, policy=POLICY, clock=lambda: desk.now)

    assert (delivered.outcome, delivered.reason) == ("dead", "no_channel")
    assert desk.memory.deliveries[delivery].state is DeliveryState.DEAD


def test_delivery_cut_off_by_a_kill_is_sent_again_and_marked():
    desk, delivery = an_alerted_desk(FakeChannel())
    desk.alerts.claim(delivery, desk.now, POLICY.delivery_lease)

    before = desk.sweep().due
    desk.now += POLICY.delivery_lease
    after = desk.sweep().due
    desk.deliver(delivery)

    assert (before, after) == ((), (delivery,))
    assert desk.channel.sent[0].maybe_repeated


def test_waits_that_the_channel_asks_for_leave_all_attempts_for_failures():
    asked = [DeliveryReason.RATE_LIMITED] * 2 * POLICY.retry.attempts
    desk, delivery = an_alerted_desk(failing(*asked, *[DeliveryReason.NETWORK] * POLICY.retry.attempts))

    outcomes = []
    for _ in range(len(desk.channel.failures)):
        outcomes.append(desk.deliver(delivery).outcome)
        desk.now += timedelta(minutes=1)

    assert outcomes == ["failed"] * (len(asked) + POLICY.retry.attempts - 1) + ["dead"]


def test_delivery_that_may_have_arrived_before_it_died_is_replayed_as_a_repeat():
    desk, delivery = an_alerted_desk(failing(*[DeliveryReason.NETWORK] * 3, maybe_accepted=True))
    desk.memory.deliveries[delivery].delivery = replace(desk.memory.deliveries[delivery].delivery, failures=2)

    dead = desk.deliver(delivery).outcome
    desk.channel.failures.clear()
    desk.alerts.replay((delivery,), desk.now)
    desk.deliver(delivery)

    assert dead == "dead"
    assert desk.channel.sent[0].maybe_repeated


class SlowChannel(FakeChannel):
    """Takes longer than the lease, while the sweep and perhaps another worker come by."""

    def __init__(self, failures=(), *, is_claimed_again=False):
        super().__init__(failures)
        self.is_claimed_again = is_claimed_again
        self.desk: Any = None

    def send(self, delivery):
        self.desk.now += POLICY.delivery_lease
        self.desk.sweep()
        if self.is_claimed_again:
            self.desk.alerts.claim(delivery.id, self.desk.now, POLICY.delivery_lease)
        return super().send(delivery)


@pytest.mark.parametrize(
    ("reason", "is_claimed_again", "outcome"),
    [
        pytest.param(None, False, "sent", id="accepted-before-anybody-repeats-it"),
        pytest.param(None, True, "claim_lost", id="accepted-while-another-repeats-it"),
        pytest.param(DeliveryReason.SERVER, False, "claim_lost", id="failed-after-the-sweep"),
        pytest.param(DeliveryReason.BAD_REQUEST, True, "claim_lost", id="refused-while-another-repeats-it"),
    ],
)
def test_sender_that_outlives_its_lease(reason, is_claimed_again, outcome):
    failures = () if reason is None else (DeliveryError("desk", reason, "told to"),)
    channel = SlowChannel(failures, is_claimed_again=is_claimed_again)
    desk, delivery = an_alerted_desk(channel)
    channel.desk = desk

    assert desk.deliver(delivery).outcome == outcome
    assert (desk.memory.deliveries[delivery].state is DeliveryState.SENT) == (outcome == "sent")


def test_message_that_is_gone_is_not_amended_and_troubles_nobody():
    text = "Министрите на НАТО решиха в Брюксел да пратят още войски и самолети на източния фланг през март."
    channel = FakeAmendingChannel()
    desk = Desk(a_reading(an_entry(1, "Среща", text)), other=[a_reading(an_entry(2, "Среща", text))], channel=channel)
    first = (desk.poll(), desk.analyse())[1]
    second = (desk.poll(OTHER), desk.analyse())[1]
    desk.deliver(first.deliveries[0])
    channel.failures.append(DeliveryError(ChannelId("desk"), DeliveryReason.MESSAGE_GONE, "deleted"))

    delivered = desk.deliver(second.deliveries[0])

    assert (delivered.outcome, delivered.reason) == ("dropped", "message_gone")
