"""The contract of AlertStore."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.values import (
    DELIVERY_ATTEMPTS,
    LEASE,
    NOW,
    Stores,
    a_notice,
    a_record,
    alert_one,
    an_alert,
    an_article,
    analyse,
    claim_one,
    claimed,
    history_of,
    nothing,
    swept,
)
from worker.models.alert import Grouping, History
from worker.models.delivery import Delivery, DeliveryId, Receipt, Thread
from worker.models.news import StoryId
from worker.models.watch import WatchId
from worker.ports import Applied, Stale

SECOND = timedelta(seconds=1)


def test_history_is_empty_before_anything_is_applied(stores: Stores) -> None:
    assert history_of(stores, "s1") == History(version=0)


def test_apply_gives_one_delivery_for_each_channel_of_an_alert(stores: Stores) -> None:
    deliveries = alert_one(stores, channels=("desk", "mail"))

    sent_to = [claimed(stores, delivery_id).channel for delivery_id in deliveries]
    assert sent_to == ["desk", "mail"]


def test_alerts_show_in_the_history_of_their_story(stores: Stores) -> None:
    alert_one(stores)

    assert set(history_of(stores, "s1", "s9").told) == {(WatchId("nato"), StoryId("s1"))}
    assert history_of(stores, "s9").told == {}


def test_plan_for_an_older_history_is_stale_and_stores_nothing(stores: Stores) -> None:
    stores.articles.add([an_article("a1"), an_article("a2", seen_at=NOW + SECOND)], NOW)
    first, second = stores.articles.claim_pending(NOW, LEASE, 2)
    stores.alerts.apply(a_record(first, 0, story="s1"), NOW)
    late = a_record(second, 0, story="s2", alerts=(an_alert(second, story="s2"),))

    outcome = stores.alerts.apply(late, NOW)

    assert outcome == Stale()
    assert history_of(stores, "s2") == History(version=1)
    assert [grouped.story_id for grouped in stores.articles.grouped_since(NOW - LEASE)] == ["s1"]
    again = replace(late, plan=replace(late.plan, history_version=1))
    assert isinstance(stores.alerts.apply(again, NOW), Applied)


def test_record_applied_twice_is_stale_the_second_time(stores: Stores) -> None:
    article = an_article()
    stores.articles.add([article], NOW)
    record = a_record(claim_one(stores), 0, alerts=(an_alert(article, story="s1"),))

    first = stores.alerts.apply(record, NOW)
    again = stores.alerts.apply(record, NOW)

    assert isinstance(first, Applied)
    assert again == Stale(claim_lost=True)


def test_edit_that_arrives_during_the_analysis_is_not_lost(stores: Stores) -> None:
    stores.articles.add([an_article()], NOW)
    old = claim_one(stores)
    stores.articles.add([an_article(title="Нова редакция")], NOW)

    outcome = stores.alerts.apply(a_record(old, 0), NOW)

    assert outcome == Stale(claim_lost=True)
    assert claim_one(stores).title == "Нова редакция"


def test_assignment_to_a_story_moves_the_history_on(stores: Stores) -> None:
    analyse(stores, an_article("a1"), story="s1")
    analyse(stores, an_article("a2"), story="s1", grouping=Grouping.COPY)

    assert stores.alerts.version() == 2


def test_analysis_again_with_the_same_story_leaves_the_history(stores: Stores) -> None:
    analyse(stores, an_article(), story="s1")
    analyse(stores, an_article(title="Нова редакция"), story="s1", grouping=Grouping.KEPT)

    assert stores.alerts.version() == 1


def test_alert_in_a_kept_story_moves_the_history_on(stores: Stores) -> None:
    analyse(stores, an_article(), story="s1")
    edited = an_article(title="Нова редакция")
    analyse(stores, edited, story="s1", grouping=Grouping.KEPT, alerts=(an_alert(edited, story="s1"),))

    history = history_of(stores, "s1")
    assert (history.version, set(history.told)) == (2, {(WatchId("nato"), StoryId("s1"))})


def test_watch_is_alerted_once_about_a_revision_of_a_story(stores: Stores) -> None:
    first, second = an_article("a1"), an_article("a2")
    analyse(stores, first, alerts=(an_alert(first, story="s1", alert_id="x"),))

    repeated = analyse(stores, second, alerts=(an_alert(second, story="s1", alert_id="y"),))

    assert repeated == ()
    assert len(swept(stores).due) == 1


def test_apply_succeeds_after_the_lease_ended_when_nobody_else_did_the_work(stores: Stores) -> None:
    stores.articles.add([an_article()], NOW)
    article = claim_one(stores)
    swept(stores, NOW + 2 * LEASE)

    outcome = stores.alerts.apply(a_record(article, 0), NOW + 2 * LEASE)

    assert outcome == Applied(deliveries=(), history_version=1)
    assert stores.articles.claim_pending(NOW + 2 * LEASE, LEASE, 1) == ()


def test_claim_gives_all_that_is_sent_and_counts_the_attempt(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)

    alert = an_alert(an_article(), story="s1")
    assert claimed(stores, delivery_id) == Delivery(
        id=delivery_id,
        alert_id=alert.id,
        channel=alert.routes[0].channel,
        attempts=1,
        maybe_repeated=False,
        content=a_notice(an_article()),
        thread=Thread(story_id=alert.story_id, first_alert_id=alert.id),
    )


def test_delivery_is_claimed_once(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    claimed(stores, delivery_id)

    assert stores.alerts.claim(delivery_id, NOW + 9 * LEASE, LEASE) is None


def test_unknown_delivery_is_not_claimed(stores: Stores) -> None:
    assert stores.alerts.claim(DeliveryId("none"), NOW, LEASE) is None


def test_sent_delivery_is_done(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)

    is_marked = stores.alerts.mark_sent(claimed(stores, delivery_id), Receipt(remote_id="77"), NOW)

    assert is_marked
    assert stores.alerts.claim(delivery_id, NOW + LEASE, LEASE) is None
    assert swept(stores, NOW + 9 * LEASE) == nothing()


def test_failed_delivery_waits_for_its_next_attempt(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    at = NOW + 3 * SECOND

    stores.alerts.mark_failed(claimed(stores, delivery_id), "server", at, failures=1, maybe_accepted=False)

    assert stores.alerts.claim(delivery_id, at - SECOND, LEASE) is None
    assert swept(stores, at - SECOND) == nothing()
    assert swept(stores, at) == nothing(due=(delivery_id,))
    assert (claimed(stores, delivery_id, at).attempts, swept(stores, at).due) == (2, ())


def test_delivery_that_may_have_arrived_once_is_marked_for_ever(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    marks = []

    for maybe_accepted in (False, True, False):
        delivery = claimed(stores, delivery_id)
        marks.append(delivery.maybe_repeated)
        stores.alerts.mark_failed(delivery, "network", NOW, failures=1, maybe_accepted=maybe_accepted)
    marks.append(claimed(stores, delivery_id).maybe_repeated)

    assert marks == [False, False, True, True]


def test_failures_are_kept_apart_from_attempts(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    counts = []

    for failures in (0, 0, 1):
        delivery = claimed(stores, delivery_id)
        counts.append((delivery.attempts, delivery.failures))
        assert stores.alerts.mark_failed(delivery, "any", NOW, failures=failures, maybe_accepted=False)
    last = claimed(stores, delivery_id)

    assert [*counts, (last.attempts, last.failures)] == [(1, 0), (2, 0), (3, 0), (4, 1)]


def test_dead_delivery_rests_until_it_is_replayed_without_failures(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    stores.alerts.mark_failed(claimed(stores, delivery_id), "server", NOW, failures=1, maybe_accepted=False)
    is_marked = stores.alerts.mark_dead(claimed(stores, delivery_id), "auth", NOW, maybe_accepted=False)
    resting = swept(stores, NOW + LEASE)

    replayed = stores.alerts.replay((delivery_id, DeliveryId("none"), delivery_id), NOW + LEASE)
    again = claimed(stores, delivery_id, NOW + LEASE)

    assert is_marked
    assert resting == nothing()
    assert replayed == (delivery_id,)
    assert (again.attempts, again.failures, again.maybe_repeated) == (3, 0, False)


@pytest.mark.parametrize("earlier", [False, True], ids=["last", "earlier"])
def test_dead_delivery_that_may_have_arrived_is_replayed_as_a_possible_repeat(stores: Stores, earlier: bool) -> None:
    (delivery_id,) = alert_one(stores)
    first = claimed(stores, delivery_id)
    stores.alerts.mark_failed(first, "network", NOW, failures=1, maybe_accepted=earlier)
    stores.alerts.mark_dead(claimed(stores, delivery_id), "network", NOW, maybe_accepted=not earlier)

    stores.alerts.replay((delivery_id,), NOW)

    assert claimed(stores, delivery_id).maybe_repeated


def test_only_dead_deliveries_are_replayed(stores: Stores) -> None:
    deliveries = alert_one(stores, channels=("desk", "mail"))
    stores.alerts.mark_sent(claimed(stores, deliveries[0]), Receipt(), NOW)

    assert stores.alerts.replay(deliveries, NOW) == ()


def mark(stores: Stores, delivery: Delivery, outcome: str) -> bool:
    match outcome:
        case "sent":
            return stores.alerts.mark_sent(delivery, Receipt(remote_id="77"), NOW + LEASE)
        case "failed":
            return stores.alerts.mark_failed(delivery, "server", NOW, failures=1, maybe_accepted=False)
        case _:
            return stores.alerts.mark_dead(delivery, "auth", NOW + LEASE, maybe_accepted=False)


@pytest.mark.parametrize("outcome", ["sent", "failed", "dead"])
def test_worker_whose_claim_went_to_another_changes_nothing(stores: Stores, outcome: str) -> None:
    (delivery_id,) = alert_one(stores)
    late = claimed(stores, delivery_id)
    swept(stores, NOW + LEASE)
    current = claimed(stores, delivery_id, NOW + LEASE)

    is_marked = mark(stores, late, outcome)

    assert not is_marked
    assert swept(stores, NOW + LEASE) == nothing()
    assert stores.alerts.replay((delivery_id,), NOW) == ()
    assert stores.alerts.mark_failed(current, "server", NOW + LEASE, failures=2, maybe_accepted=False)
    assert swept(stores, NOW + LEASE).due == (delivery_id,)


@pytest.mark.parametrize("outcome", ["failed", "dead"])
def test_failure_told_after_the_sweep_changes_nothing(stores: Stores, outcome: str) -> None:
    (delivery_id,) = alert_one(stores)
    late = claimed(stores, delivery_id)
    swept(stores, NOW + LEASE)

    is_marked = mark(stores, late, outcome)

    assert not is_marked
    assert claimed(stores, delivery_id, NOW + LEASE).maybe_repeated


@pytest.mark.parametrize("attempts", [1, DELIVERY_ATTEMPTS], ids=["pending-again", "given-up"])
def test_acceptance_told_after_the_sweep_saves_the_repeat(stores: Stores, attempts: int) -> None:
    (delivery_id,) = alert_one(stores)
    now = NOW
    for _ in range(attempts):
        late = claimed(stores, delivery_id, now)
        now += LEASE
        swept(stores, now)

    is_marked = stores.alerts.mark_sent(late, Receipt(remote_id="77"), now)

    assert is_marked
    assert swept(stores, now) == nothing()
    assert stores.alerts.claim(delivery_id, now, LEASE) is None
    assert stores.alerts.replay((delivery_id,), now) == ()


def test_worker_of_a_time_before_the_replay_does_not_end_the_new_attempt(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    now = NOW
    first = claimed(stores, delivery_id, now)
    for attempt in range(DELIVERY_ATTEMPTS):
        if attempt:
            claimed(stores, delivery_id, now)
        now += LEASE
        swept(stores, now)
    stores.alerts.replay((delivery_id,), now)
    claimed(stores, delivery_id, now)

    assert not mark(stores, first, "sent")
