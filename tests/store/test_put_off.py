"""What is put off is given back as if it had never been taken."""

from datetime import timedelta

from tests.store.test_page_store import TEASER, analysed, begun
from tests.store.values import LEASE, NOW, Stores, a_feed
from worker.fulltext import MAX_ATTEMPTS
from worker.models.news import FeedId

DNES = FeedId("dnes")
WAIT = timedelta(seconds=5)


def test_feed_put_off_stays_due_but_is_not_listed_before_its_time(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    before = stores.feeds.get(DNES)
    stores.feeds.begin(DNES, NOW, LEASE)

    stores.feeds.put_off(DNES, NOW + WAIT)

    assert stores.feeds.get(DNES) == before
    assert stores.feeds.due(NOW + WAIT / 2, 10) == ()
    assert stores.feeds.due(NOW + WAIT, 10) == (DNES,)
    assert stores.feeds.begin(DNES, NOW + WAIT, LEASE) is not None


def test_feed_put_off_many_times_is_under_no_suspicion(stores: Stores) -> None:
    stores.feeds.sync([a_feed()], NOW)
    for number in range(10):
        at = NOW + number * WAIT
        assert stores.feeds.begin(DNES, at, LEASE) is not None
        stores.feeds.put_off(DNES, at + WAIT)

    begun_last = stores.feeds.begin(DNES, NOW + 10 * WAIT, LEASE)

    assert begun_last is not None
    assert stores.feeds.begin(DNES, NOW + 10 * WAIT + LEASE, LEASE) is not None


def test_page_put_off_waits_and_costs_no_attempt(stores: Stores) -> None:
    analysed(stores)
    for number in range(MAX_ATTEMPTS + 3):
        at = NOW + number * WAIT
        wanted = begun(stores, at)
        assert wanted.attempts == 1
        stores.pages.put_off(wanted, at + WAIT)

    after = NOW + (MAX_ATTEMPTS + 3) * WAIT

    assert stores.pages.due(after - WAIT / 2, 10) == ()
    assert stores.pages.due(after, 10) == (TEASER.id,)
