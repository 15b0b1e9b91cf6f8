"""Stores in memory, for tests of the use cases.

The three share one `Memory`, as the real ones share a database; the contract suite in `tests/store` holds
them to the behaviour of the real ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.fake_memory import ArticleSlot, DeliverySlot, FeedSlot, Memory, is_over, is_pollable, is_waiting
from worker.grouping.decide import delivery_id
from worker.models.alert import AlertId, Grouped, Notice
from worker.models.delivery import Delivery, DeliveryId
from worker.models.feed import Feed, FeedState, Validators
from worker.models.health import Condition, FeedNotice, NetworkStanding, Standing
from worker.models.news import Article, ArticleId, DateClaim, FeedId, StoryId
from worker.models.watch import ChannelId
from worker.polling.addresses import moved_house
from worker.polling.turns import Due, in_turn, outage, spread
from worker.ports import Added
from worker.store.feed_notices import health_of
from worker.store.revisions import Known, as_stored, content_hash, content_size, owners_of, retitled, sort_out
from worker.telling import notice_id
from worker.text.identity import EDIT_REACH
from worker.text.sites import site_of

_TEXT = ("url", "title", "summary", "body", "published_at", "published_raw", "date_claim", "is_routine", "text_origin")


class FakeFeedStore:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def sync(self, feeds: Sequence[Feed], now: datetime) -> None:
        slots = self.memory.feeds
        for feed in feeds:
            slot = slots.get(feed.id)
            if slot is None:
                slots[feed.id] = FeedSlot(feed=feed, state=FeedState(feed_id=feed.id, added_at=now, due_at=now))
                continue
            if slot.retired:
                slot.state = replace(slot.state, due_at=now, memory=replace(slot.state.memory, gone_at=None))
            if feed.url != slot.feed.url:
                slot.state = replace(slot.state, due_at=now, failures=0, validators=Validators(), body_hash=None)
                slot.state = replace(slot.state, memory=moved_house(slot.state.memory))
                slot.enqueued_until, slot.leased_until, slot.attempts = None, None, 0
            slot.feed, slot.retired = feed, False
        for missing in slots.keys() - {feed.id for feed in feeds}:
            slots[missing].retired = True

    def due(self, now: datetime, limit: int) -> tuple[FeedId, ...]:
        slots = self.memory.feeds
        for slot in slots.values():
            _forget_wrong_clock(slot, now)
        found = [_due(slot) for slot in slots.values() if is_pollable(slot, now) and is_over(slot.enqueued_until, now)]
        moved = spread(found, outage(self.memory.feeds_looked_at, now), now)
        self.memory.feeds_looked_at = now
        for id_, due_at in moved.items():
            slots[FeedId(id_)].state = replace(slots[FeedId(id_)].state, due_at=due_at)
        held = [slot for slot in slots.values() if not slot.retired and not _is_free(slot, now)]
        busy = frozenset(site_of(slot.feed.url) for slot in held)
        chosen = in_turn([one for one in found if one.feed_id not in moved], busy, limit)
        for name in chosen:
            slots[FeedId(name)].enqueued_until = now + timedelta(seconds=10)
        return tuple(map(FeedId, chosen))

    def begin(self, feed_id: FeedId, now: datetime, lease: timedelta) -> FeedState | None:
        slot = self.memory.feeds.get(feed_id)
        if slot is None or not is_pollable(slot, now):
            return None
        slot.attempts += 1
        slot.leased_until = now + (max(lease, timedelta(hours=1)) if slot.attempts >= 3 else lease)
        return slot.state

    def get(self, feed_id: FeedId) -> FeedState | None:
        slot = self.memory.feeds.get(feed_id)
        return None if slot is None or slot.retired else slot.state

    def put(self, state: FeedState) -> None:
        slot = self.memory.feeds.get(state.feed_id)
        if slot is not None:
            slot.state = replace(state, added_at=slot.state.added_at)
            slot.enqueued_until, slot.leased_until, slot.attempts = None, None, 0

    def put_off(self, feed_id: FeedId, until: datetime) -> None:
        slot = self.memory.feeds.get(feed_id)
        if slot is not None and slot.attempts:
            slot.enqueued_until, slot.leased_until, slot.attempts = until, None, slot.attempts - 1


def _forget_wrong_clock(slot: FeedSlot, now: datetime) -> None:
    too_far = now + timedelta(hours=49)
    if slot.state.due_at > too_far:
        slot.state = replace(slot.state, due_at=now)
    if slot.leased_until is not None and slot.leased_until > too_far:
        slot.leased_until = None
    if slot.enqueued_until is not None and slot.enqueued_until > too_far:
        slot.enqueued_until = None


def _due(slot: FeedSlot) -> Due:
    return Due(
        feed_id=slot.feed.id,
        site=site_of(slot.feed.url),
        url=slot.feed.url,
        due_at=slot.state.due_at,
        polled_at=slot.state.polled_at,
        wait_s=slot.state.memory.wait_s,
    )


def _is_free(slot: FeedSlot, now: datetime) -> bool:
    return is_over(slot.leased_until, now) and is_over(slot.enqueued_until, now)


class FakeFeedNoticeStore:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def standings(self) -> tuple[Standing, ...]:
        slots = sorted((slot for slot in self.memory.feeds.values() if not slot.retired), key=lambda slot: slot.feed.id)
        return tuple(
            Standing(
                feed_id=slot.feed.id,
                outlet=slot.feed.outlet,
                url=slot.feed.url,
                health=health_of(slot.state.memory.health, slot.attempts),
                outcome=slot.state.outcome,
                failures=slot.state.failures,
                failing_since=slot.state.memory.failing_since,
                told=slot.told,
            )
            for slot in slots
        )

    def network(self) -> NetworkStanding:
        return NetworkStanding(lost_at=self.memory.network_lost_at, is_told=self.memory.network_told)

    def tell(
        self, told: Sequence[tuple[FeedNotice, Notice]], channels: Sequence[ChannelId], now: datetime
    ) -> tuple[DeliveryId, ...]:
        created = []
        for one, notice in told:
            if self._is_first_to_tell(one):
                self.memory.feed_notices.append((one, notice, now))
                created += [self._enqueue(one, notice, channel, now) for channel in dict.fromkeys(channels)]
        return tuple(created)

    def _is_first_to_tell(self, one: FeedNotice) -> bool:
        is_end = one.condition is Condition.OK
        if one.feed_id is None:
            is_first = self.memory.network_told is is_end
            self.memory.network_told = not is_end
            return is_first
        slot = self.memory.feeds.get(FeedId(one.feed_id))
        if slot is None or slot.told != one.told:
            return False
        slot.told = None if is_end else one.condition
        return True

    def _enqueue(self, one: FeedNotice, notice: Notice, channel: ChannelId, now: datetime) -> DeliveryId:
        id_ = AlertId(notice_id(one, now))
        delivery = Delivery(
            id=delivery_id(id_, channel),
            alert_id=id_,
            channel=channel,
            attempts=0,
            maybe_repeated=False,
            content=notice,
        )
        self.memory.deliveries[delivery.id] = DeliverySlot(delivery=delivery, next_attempt_at=now)
        return delivery.id


class FakeArticleStore:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def add(self, articles: Sequence[Article], now: datetime) -> Added:
        slots = self.memory.articles
        stored = [as_stored(article) for article in articles]
        found = sort_out(stored, self.memory.keys, dict(self._known()), self._renamed(stored, now))
        for id_, article in found.new.items():
            slots[id_] = ArticleSlot(article=replace(article, revision=1), texts_seen=(content_hash(article),))
        for id_, article in found.edits.items():
            old = slots[id_]
            text = {name: getattr(article, name) for name in _TEXT}
            if article.date_claim is DateClaim.AHEAD:
                text["published_at"] = old.article.seen_at
            slots[id_] = ArticleSlot(
                article=replace(old.article, revision=old.article.revision + 1, **text),
                texts_seen=(*old.texts_seen, content_hash(article)),
                record=old.record,
            )
        for id_, article in found.moved.items():
            slots[id_].article = replace(slots[id_].article, url=article.url)
        self.memory.keys |= found.keys
        return Added(new=tuple(found.new), revised=tuple(found.edits), known=found.known)

    def _known(self) -> Iterator[tuple[ArticleId, Known]]:
        for id_, slot in self.memory.articles.items():
            article = slot.article
            yield (
                id_,
                Known(
                    feed_id=article.feed_id,
                    revision=article.revision,
                    texts_seen=slot.texts_seen,
                    size=content_size(article),
                    title=article.title,
                    url=article.url,
                ),
            )

    def _renamed(self, stored: Sequence[Article], now: datetime) -> dict[ArticleId, ArticleId]:
        present = owners_of(stored, self.memory.keys)
        slots = self.memory.articles
        strange = [article for article in stored if article.id not in present and article.id not in slots]
        gone = {
            id_: known
            for id_, known in self._known()
            if slots[id_].article.seen_at >= now - EDIT_REACH and id_ not in present.values()
        }
        return retitled(strange, gone)

    def claim_pending(self, now: datetime, lease: timedelta, limit: int) -> tuple[Article, ...]:
        slots = [slot for slot in self.memory.articles.values() if is_waiting(slot)]
        slots.sort(key=lambda slot: (slot.article.seen_at, slot.article.id))
        first = slots[:limit]
        claimed = first[:1] if first and first[0].attempts else [slot for slot in first if not slot.attempts]
        for slot in claimed:
            slot.attempts += 1
            slot.leased_until = now + lease
        return tuple(replace(slot.article, keys=self._keys_of(slot.article.id)) for slot in claimed)

    def _keys_of(self, article_id: ArticleId) -> tuple[str, ...]:
        return tuple(sorted(key for key, owner in self.memory.keys.items() if owner == article_id))

    def grouped_since(self, since: datetime) -> tuple[Grouped, ...]:
        records = [slot.record for slot in self.memory.articles.values() if slot.record]
        grouped = [
            Grouped(fingerprint=record.fingerprint, story_id=self.memory.story(record.plan.story.id))
            for record in records
            if record.fingerprint.at >= since
        ]
        return tuple(sorted(grouped, key=lambda found: (found.fingerprint.at, found.fingerprint.article_id)))

    def story_of(self, article_id: ArticleId) -> StoryId | None:
        slot = self.memory.articles.get(article_id)
        return self.memory.story(slot.record.plan.story.id) if slot and slot.record else None

    def quarantine(self, article_id: ArticleId, reason: str, revision: int) -> None:
        slot = self.memory.articles.get(article_id)
        if slot is not None and slot.state == "new" and slot.article.revision == revision:
            slot.state, slot.reason, slot.leased_until = "quarantined", reason, None

    def renew_unconfirmed(self, since: datetime) -> int:
        slots = [
            slot
            for slot in self.memory.articles.values()
            if slot.state == "done" and slot.record and not slot.record.analysis.is_confirmed
        ]
        renewed = [slot for slot in slots if slot.article.seen_at >= since]
        for slot in renewed:
            slot.state, slot.attempts, slot.leased_until = "new", 0, None
        return len(renewed)

    def release(self, article_ids: Sequence[ArticleId]) -> tuple[ArticleId, ...]:
        released = [id_ for id_ in article_ids if self._is_quarantined(id_)]
        for id_ in released:
            slot = self.memory.articles[id_]
            slot.state, slot.reason, slot.attempts, slot.leased_until = "new", None, 0, None
        return tuple(released)

    def _is_quarantined(self, article_id: ArticleId) -> bool:
        return article_id in self.memory.articles and self.memory.articles[article_id].state == "quarantined"
