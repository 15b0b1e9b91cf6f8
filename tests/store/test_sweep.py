"""The contract of AlertStore: what the sweep finds of workers that are gone."""

from datetime import timedelta

from tests.store.values import (
    ANALYSIS_ATTEMPTS,
    DELIVERY_ATTEMPTS,
    LEASE,
    NOW,
    Stores,
    alert_one,
    an_article,
    claimed,
    nothing,
    swept,
)
from worker.models.delivery import DeliveryId

SECOND = timedelta(seconds=1)


def test_interrupted_sending_is_due_again_as_a_possible_repeat(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    claimed(stores, delivery_id)

    before = swept(stores, NOW + LEASE - SECOND)
    after = swept(stores, NOW + LEASE)

    assert before == nothing()
    assert after == nothing(due=(delivery_id,), released=1)
    assert claimed(stores, delivery_id, NOW + LEASE).maybe_repeated


def test_sending_interrupted_too_often_is_given_up_and_can_be_replayed(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    now = NOW
    dead: list[tuple[DeliveryId, ...]] = []

    for _ in range(DELIVERY_ATTEMPTS):
        claimed(stores, delivery_id, now)
        now += LEASE
        dead.append(swept(stores, now).dead)

    assert dead == [(), (), (), (delivery_id,)]
    assert swept(stores, now) == nothing()
    assert stores.alerts.replay((delivery_id,), now) == (delivery_id,)
    assert claimed(stores, delivery_id, now).maybe_repeated


def test_text_that_ends_every_worker_is_set_aside(stores: Stores) -> None:
    stores.articles.add([an_article("poison"), an_article("sound", seen_at=NOW + SECOND)], NOW)
    now = NOW
    found = []

    for _ in range(ANALYSIS_ATTEMPTS):
        stores.articles.claim_pending(now, LEASE, 1)
        now += LEASE
        found.append(swept(stores, now))

    assert found[0] == nothing(pending_articles=2, released=1)
    assert found[2] == nothing(pending_articles=1, quarantined=("poison",))
    assert [article.id for article in stores.articles.claim_pending(now, LEASE, 5)] == ["sound"]


def test_claim_that_ran_out_is_given_back_by_the_sweep_alone(stores: Stores) -> None:
    stores.articles.add([an_article("poison")], NOW)
    now = NOW
    seen = []

    for _ in range(ANALYSIS_ATTEMPTS + 1):
        claimed_now = stores.articles.claim_pending(now, LEASE, 5)
        now += LEASE
        # An idle worker comes before the sweep, and again after it.
        too_early = stores.articles.claim_pending(now, LEASE, 5)
        seen.append((len(claimed_now), len(too_early), swept(stores, now)))

    given_back = (1, 0, nothing(pending_articles=1, released=1))
    assert seen == [given_back, given_back, (1, 0, nothing(quarantined=("poison",))), (0, 0, nothing())]


def test_waits_that_a_channel_asked_for_leave_all_interruptions(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    for _ in range(2 * DELIVERY_ATTEMPTS):
        delivery = claimed(stores, delivery_id)
        assert stores.alerts.mark_failed(delivery, "rate_limited", NOW, failures=0, maybe_accepted=False)
    claimed(stores, delivery_id)

    after = swept(stores, NOW + LEASE)

    assert after == nothing(due=(delivery_id,), released=1)
    assert claimed(stores, delivery_id, NOW + LEASE).failures == 1


def test_failures_and_interruptions_add_up(stores: Stores) -> None:
    (delivery_id,) = alert_one(stores)
    failed = claimed(stores, delivery_id)
    stores.alerts.mark_failed(failed, "server", NOW, failures=DELIVERY_ATTEMPTS - 1, maybe_accepted=False)
    claimed(stores, delivery_id)

    assert swept(stores, NOW + LEASE) == nothing(dead=(delivery_id,))


def test_articles_in_somebodys_hands_do_not_wait(stores: Stores) -> None:
    stores.articles.add([an_article("a"), an_article("b")], NOW)
    stores.articles.claim_pending(NOW, LEASE, 1)

    assert swept(stores) == nothing(pending_articles=1)


def test_sweep_lists_due_deliveries_longest_due_first_up_to_its_limit(stores: Stores) -> None:
    deliveries = alert_one(stores, channels=("a", "b", "c"))
    for delivery_id, delay in zip(deliveries, (3, 1, 2), strict=True):
        at = NOW + delay * SECOND
        stores.alerts.mark_failed(claimed(stores, delivery_id), "server", at, failures=1, maybe_accepted=False)

    found = stores.alerts.sweep(NOW + LEASE, ANALYSIS_ATTEMPTS, DELIVERY_ATTEMPTS, 2)

    assert found.due == (deliveries[1], deliveries[2])
