"""The alert store in memory, over the `Memory` of the other stores in memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.fake_memory import ArticleSlot, DeliverySlot, Memory, PageSlot, SilenceSlot, is_waiting
from worker.grouping.decide import delivery_id as id_of
from worker.grouping.digest import Held, NewDigest, flush_of, in_order, is_silenced
from worker.grouping.notices import in_place_of
from worker.grouping.threads import Drop, DropReason, Go, Threaded, Wait, turn_of
from worker.grouping.told import PastAlert, told_of
from worker.models.alert import Alert, AlertId, History, Notice
from worker.models.delivery import Delivery, DeliveryId, DeliveryState, Digest, Receipt, Review, Thread
from worker.models.news import StoryId
from worker.models.silence import Silence, SilenceId
from worker.models.story import Member
from worker.models.watch import ChannelId
from worker.ports import Applied, Flushed, Record, Stale, Swept
from worker.store.records import told_at

_HELD, _PENDING, _SENDING = DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.SENDING


class FakeAlertStore:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def version(self) -> int:
        return self.memory.version

    def history(
        self, story_ids: Sequence[StoryId], now: datetime, since: datetime, merges: Sequence[StoryId] = ()
    ) -> History:
        become = {id_: id_ for id_ in story_ids} | dict.fromkeys(merges, *story_ids[:1])
        become |= {part: become[whole] for part, whole in self.memory.merged.items() if whole in become}
        past = [
            PastAlert(
                watch_id=alert.watch_id,
                story_id=become[alert.story_id],
                revision=alert.revision,
                notice=alert.notice,
                decided_at=alert.created_at,
                told_at=told_at(alert),
                is_amendment=alert.is_amendment,
                is_acknowledged=alert.id in self.memory.acknowledged,
                is_unheard=self._is_unheard(alert),
            )
            for alert in self.memory.alerts.values()
            if alert.story_id in become
        ]
        members = {id_: self._members(id_, become) for id_ in dict.fromkeys(become.values())}
        return History(
            version=self.memory.version,
            told=told_of(past),
            members={id_: found for id_, found in members.items() if found},
            silences=self._silences(now),
            recent=self._recent(since),
        )

    def _is_unheard(self, alert: Alert) -> bool:
        slots = [slot for slot in self.memory.deliveries.values() if slot.delivery.alert_id == alert.id]
        silenced = (DeliveryState.DROPPED, DropReason.SILENCED.value)
        return bool(slots) and all((slot.state, slot.reason) == silenced for slot in slots)

    def _members(self, story_id: StoryId, become: dict[StoryId, StoryId]) -> tuple[Member, ...]:
        members = []
        for slot in self.memory.articles.values():
            record = slot.record
            if record is None or become.get(self.memory.story(record.plan.story.id)) != story_id:
                continue
            members.append(
                Member(
                    article_id=slot.article.id,
                    outlet=slot.article.outlet,
                    url=slot.article.url,
                    at=record.fingerprint.at,
                    attribution=record.attribution,
                    copy_of=record.plan.story.copy_of,
                )
            )
        return tuple(sorted(members, key=lambda one: (one.at, one.article_id)))

    def _silences(self, now: datetime) -> tuple[Silence, ...]:
        slots = self.memory.silences.values()
        known = [slot.silence for slot in slots if slot.ended_at is None]
        return tuple(
            replace(one, story_id=self.memory.story(one.story_id)) if one.story_id else one
            for one in sorted(known, key=lambda one: (one.starts_at, one.id))
            if one.starts_at <= now < one.ends_at
        )

    def _recent(self, since: datetime) -> dict[ChannelId, tuple[datetime, ...]]:
        found: dict[ChannelId, list[datetime]] = {}
        for slot in self.memory.deliveries.values():
            is_alert = slot.subject is not None and slot.subject.story_id is not None
            at = slot.created_at
            is_quiet = slot.held_until is not None or slot.delivery.is_amendment
            if is_alert and not is_quiet and at is not None and at >= since:
                found.setdefault(slot.delivery.channel, []).append(at)
        return {channel: tuple(sorted(instants)) for channel, instants in found.items()}

    def apply(self, record: Record, now: datetime) -> Applied | Stale:
        slot = self.memory.articles.get(record.article.id)
        is_claimed = slot is not None and slot.state == "new" and slot.article.revision == record.article.revision
        if slot is None or not is_claimed:
            return Stale(claim_lost=True)
        if record.plan.history_version != self.memory.version:
            return Stale()
        story = record.plan.story
        is_moved = slot.record is None or self.memory.story(slot.record.plan.story.id) != story.id
        slot.record, slot.state, slot.leased_until, slot.reason = record, "done", None, None
        for part in story.merges:
            into = {one: story.id for one, whole in self.memory.merged.items() if whole == part}
            self.memory.merged |= into | {part: story.id}
        self._want_page(record, now)
        created = [alert for alert in record.plan.alerts if self._is_new(alert)]
        if created or is_moved or story.merges:
            self.memory.version += 1
        return Applied(deliveries=tuple(self._enqueue(created, now)), history_version=self.memory.version)

    def _want_page(self, record: Record, now: datetime) -> None:
        wanted, known = record.page, self.memory.pages.get(record.article.id)
        if wanted is None or not wanted.is_wanted or (known and known.revision >= record.article.revision):
            return
        self.memory.pages[record.article.id] = PageSlot(
            revision=record.article.revision, reason=wanted.reason, detail=wanted.detail, next_attempt_at=now
        )

    def _is_new(self, alert: Alert) -> bool:
        return self.memory.alerts.setdefault((alert.watch_id, alert.story_id, alert.revision), alert) is alert

    def _enqueue(self, alerts: Iterable[Alert], now: datetime) -> Iterator[DeliveryId]:
        for alert in alerts:
            for route in {route.channel: route for route in alert.routes}.values():
                delivery = Delivery(
                    id=id_of(alert.id, route.channel),
                    alert_id=alert.id,
                    channel=route.channel,
                    attempts=0,
                    maybe_repeated=False,
                    content=alert.notice,
                    is_amendment=alert.is_amendment,
                )
                subject = Held(
                    delivery_id=delivery.id,
                    watch_id=alert.watch_id,
                    story_id=alert.story_id,
                    decided_at=alert.created_at,
                    revision=alert.revision,
                )
                self.memory.deliveries[delivery.id] = DeliverySlot(
                    delivery=delivery,
                    state=_HELD if route.held_until else _PENDING,
                    next_attempt_at=route.held_until or now,
                    held_until=route.held_until,
                    reason=route.reason.value if route.held_until and route.reason else None,
                    subject=subject,
                    created_at=now,
                )
                if route.held_until is None:
                    yield delivery.id

    def _subject(self, slot: DeliverySlot) -> Held | None:
        one = slot.subject
        return replace(one, story_id=self.memory.story(one.story_id)) if one and one.story_id else one

    def claim(self, delivery_id: DeliveryId, now: datetime, lease: timedelta) -> Delivery | None:
        slot = self.memory.deliveries.get(delivery_id)
        if slot is None or slot.state is not _PENDING or slot.next_attempt_at > now:
            return None
        content = self._content(slot, now)
        if content is None:
            slot.state, slot.reason = DeliveryState.DROPPED, DropReason.SILENCED.value
            return None
        thread, own = None, self._subject(slot)
        if own is not None and own.story_id is not None:
            turn = self._turn(slot, own, now)
            if isinstance(turn, Drop):
                slot.state, slot.reason = DeliveryState.DROPPED, turn.reason.value
            elif isinstance(turn, Wait):
                slot.next_attempt_at = turn.until
            if not isinstance(turn, Go):
                return None
            first = turn.first
            thread = Thread(
                story_id=own.story_id,
                first_alert_id=first.alert_id if first else AlertId(slot.delivery.alert_id),
                remote_id=first.remote_id if first else None,
            )
            if slot.delivery.is_amendment and first is not None and isinstance(content, Notice):
                sent = next(alert.notice for alert in self.memory.alerts.values() if alert.id == first.alert_id)
                content = in_place_of(sent, content)
        slot.state, slot.leased_until = _SENDING, now + lease
        slot.delivery = replace(slot.delivery, attempts=slot.delivery.attempts + 1)
        return replace(slot.delivery, content=content, thread=thread)

    def _content(self, slot: DeliverySlot, now: datetime) -> Notice | Digest | Review | None:
        own = self._subject(slot)
        content = slot.delivery.content
        if own is not None:
            return None if is_silenced(own.watch_id, own.story_id, self._silences(now), now) else content
        if not isinstance(content, Digest):
            return content
        parts = {id_: one for id_, one in self.memory.deliveries.items() if one.digest_id == content.id and one.subject}
        kept = []
        for one in in_order([held for part in parts.values() if (held := self._subject(part))]):
            part = parts[one.delivery_id]
            if part.state is not DeliveryState.IN_DIGEST:
                continue
            if is_silenced(one.watch_id, one.story_id, self._silences(now), now):
                part.state, part.reason = DeliveryState.DROPPED, DropReason.SILENCED.value
            elif isinstance(part.delivery.content, Notice):
                kept.append(part.delivery.content)
        return replace(content, notices=tuple(kept)) if kept else None

    def _turn(self, slot: DeliverySlot, own: Held, now: datetime) -> Go | Wait | Drop:
        thread = {
            id_: _threaded(other, subject)
            for id_, other in self.memory.deliveries.items()
            if (subject := self._subject(other)) is not None
            and (subject.watch_id, subject.story_id) == (own.watch_id, own.story_id)
            and other.delivery.channel == slot.delivery.channel
        }
        return turn_of(thread[slot.delivery.id], list(thread.values()), now)

    def mark_sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> bool:
        slot = self.memory.deliveries[delivery.id]
        if slot.state is DeliveryState.SENT or slot.delivery.attempts != delivery.attempts:
            return False
        slot.state, slot.reason, slot.remote_id = DeliveryState.SENT, None, receipt.remote_id
        slot.leased_until = None
        return True

    def mark_failed(
        self, delivery: Delivery, reason: str, next_attempt_at: datetime, *, failures: int, maybe_accepted: bool
    ) -> bool:
        slot = self._sending(delivery)
        if slot is None:
            return False
        slot.state, slot.reason, slot.next_attempt_at = _PENDING, reason, next_attempt_at
        is_repeat = slot.delivery.maybe_repeated or maybe_accepted
        slot.delivery = replace(slot.delivery, failures=failures, maybe_repeated=is_repeat)
        return True

    def mark_dead(self, delivery: Delivery, reason: str, now: datetime, *, maybe_accepted: bool) -> bool:
        slot = self._sending(delivery)
        if slot is None:
            return False
        slot.state, slot.reason = DeliveryState.DEAD, reason
        slot.delivery = replace(slot.delivery, maybe_repeated=slot.delivery.maybe_repeated or maybe_accepted)
        return True

    def mark_dropped(self, delivery: Delivery, reason: str) -> bool:
        slot = self._sending(delivery)
        if slot is None:
            return False
        slot.state, slot.reason = DeliveryState.DROPPED, reason
        return True

    def _sending(self, delivery: Delivery) -> DeliverySlot | None:
        slot = self.memory.deliveries[delivery.id]
        if slot.state is not _SENDING or slot.delivery.attempts != delivery.attempts:
            return None
        slot.leased_until = None
        return slot

    def held_channels(self, now: datetime) -> tuple[ChannelId, ...]:
        slots = self.memory.deliveries.values()
        due = {slot.delivery.channel for slot in slots if slot.state is _HELD and slot.next_attempt_at <= now}
        return tuple(sorted(due))

    def flush(self, channel: ChannelId, now: datetime, size: int) -> Flushed:
        due = [
            self._subject(slot)
            for slot in self.memory.deliveries.values()
            if slot.state is _HELD and slot.next_attempt_at <= now and slot.delivery.channel == channel
        ]
        plan = flush_of(channel, [one for one in due if one is not None], self._silences(now), now, size)
        self._set(plan.silenced, DeliveryState.DROPPED, DropReason.SILENCED.value)
        self._set(plan.superseded, DeliveryState.DROPPED, DropReason.SUPERSEDED.value)
        self._set(plan.alone, _PENDING, None)
        for id_ in plan.alone:
            self.memory.deliveries[id_].next_attempt_at = now
        made = tuple(self._make(channel, one, now) for one in plan.digests)
        return Flushed(
            due=(*plan.alone, *made),
            in_digests=sum(len(one.members) for one in plan.digests),
            dropped=len(plan.silenced) + len(plan.superseded),
        )

    def _set(self, ids: Iterable[DeliveryId], state: DeliveryState, reason: str | None) -> None:
        for id_ in ids:
            self.memory.deliveries[id_].state, self.memory.deliveries[id_].reason = state, reason

    def _make(self, channel: ChannelId, digest: NewDigest, now: datetime) -> DeliveryId:
        self._set(digest.members, DeliveryState.IN_DIGEST, None)
        for id_ in digest.members:
            self.memory.deliveries[id_].digest_id = digest.id
        delivery = Delivery(
            id=id_of(digest.id, channel),
            alert_id=digest.id,
            channel=channel,
            attempts=0,
            maybe_repeated=False,
            content=Digest(id=digest.id, notices=(), at=now),
        )
        slot = DeliverySlot(delivery=delivery, next_attempt_at=now, created_at=now, digest_id=digest.id)
        self.memory.deliveries.setdefault(delivery.id, slot)
        return delivery.id

    def add_silence(self, silence: Silence) -> None:
        self.memory.silences[silence.id] = SilenceSlot(silence=silence)
        self.memory.version += 1

    def end_silence(self, silence_id: SilenceId, now: datetime) -> bool:
        slot = self.memory.silences.get(silence_id)
        if slot is None or slot.ended_at is not None or slot.silence.ends_at <= now:
            return False
        slot.ended_at = now
        self.memory.version += 1
        return True

    def acknowledge(self, alert_id: AlertId, who: str, now: datetime) -> bool:
        if all(alert.id != alert_id for alert in self.memory.alerts.values()):
            return False
        self.memory.version += alert_id not in self.memory.acknowledged
        self.memory.acknowledged.add(alert_id)
        return True

    def replay(self, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
        def revive(slot: DeliverySlot) -> None:
            slot.state, slot.reason, slot.next_attempt_at = _PENDING, None, now
            slot.delivery = replace(slot.delivery, failures=0)

        return self._change(delivery_ids, lambda slot: slot.state is DeliveryState.DEAD, revive)

    def release(self, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
        def free(slot: DeliverySlot) -> None:
            slot.state, slot.reason, slot.next_attempt_at = _PENDING, None, now

        def waits(slot: DeliverySlot) -> bool:
            return slot.state is _HELD or (slot.state is _PENDING and slot.next_attempt_at > now)

        return self._change(delivery_ids, waits, free)

    def drop(self, delivery_ids: Sequence[DeliveryId], who: str, now: datetime) -> tuple[DeliveryId, ...]:
        def forget(slot: DeliverySlot) -> None:
            slot.state, slot.reason = DeliveryState.DROPPED, f"by: {who}"

        return self._change(delivery_ids, lambda slot: slot.state in {_HELD, _PENDING, DeliveryState.DEAD}, forget)

    def _change(
        self,
        delivery_ids: Sequence[DeliveryId],
        may: Callable[[DeliverySlot], bool],
        change: Callable[[DeliverySlot], None],
    ) -> tuple[DeliveryId, ...]:
        slots = [self.memory.deliveries[id_] for id_ in dict.fromkeys(delivery_ids) if id_ in self.memory.deliveries]
        changed = [slot for slot in slots if may(slot)]
        for slot in changed:
            change(slot)
        return tuple(slot.delivery.id for slot in changed)

    def sweep(self, now: datetime, analysis_attempts: int, delivery_attempts: int, limit: int) -> Swept:
        articles = self._articles_over(now)
        poison = [slot for slot in articles if slot.attempts >= analysis_attempts]
        for slot in articles:
            slot.leased_until = None
        for slot in poison:
            slot.state, slot.reason = "quarantined", "unfinished"
        sendings = self._sendings_over(now)
        dead = [slot for slot in sendings if slot.delivery.failures + 1 >= delivery_attempts]
        for sending in sendings:
            sending.state, sending.leased_until, sending.next_attempt_at = _PENDING, None, now
            failures = sending.delivery.failures + 1
            sending.delivery = replace(sending.delivery, failures=failures, maybe_repeated=True)
        for sending in dead:
            sending.state, sending.reason = DeliveryState.DEAD, "interrupted"
        return Swept(
            due=self._due(now)[:limit],
            pending_articles=sum(is_waiting(slot) for slot in self.memory.articles.values()),
            released=len(articles) - len(poison) + len(sendings) - len(dead),
            quarantined=tuple(slot.article.id for slot in poison),
            dead=tuple(slot.delivery.id for slot in dead),
        )

    def _articles_over(self, now: datetime) -> list[ArticleSlot]:
        slots = self.memory.articles.values()
        return [slot for slot in slots if slot.state == "new" and slot.leased_until and slot.leased_until <= now]

    def _sendings_over(self, now: datetime) -> list[DeliverySlot]:
        slots = [slot for slot in self.memory.deliveries.values() if slot.state is _SENDING]
        return [slot for slot in slots if slot.leased_until and slot.leased_until <= now]

    def _due(self, now: datetime) -> tuple[DeliveryId, ...]:
        slots = [slot for slot in self.memory.deliveries.values() if slot.state is _PENDING]
        due = sorted((slot.next_attempt_at, slot.delivery.id) for slot in slots if slot.next_attempt_at <= now)
        return tuple(id_ for _, id_ in due)


def _threaded(slot: DeliverySlot, subject: Held) -> Threaded:
    return Threaded(
        delivery_id=slot.delivery.id,
        alert_id=AlertId(slot.delivery.alert_id),
        state=slot.state,
        is_amendment=slot.delivery.is_amendment,
        decided_at=subject.decided_at,
        revision=subject.revision,
        next_attempt_at=slot.next_attempt_at,
        remote_id=slot.remote_id,
        attempts=slot.delivery.attempts,
    )
