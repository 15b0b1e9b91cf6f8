"""A host store in memory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.models.hosts import Network, NetworkState, RobotsRecord

_LOOK_AGAIN = timedelta(seconds=2)
_CUT_OFF = 3


@dataclass
class _Slot:
    next_at: datetime
    leased_until: datetime | None
    holder: str | None
    answered_at: datetime | None = None
    unreached_at: datetime | None = None


class FakeHostStore:
    def __init__(self) -> None:
        self.slots: dict[str, _Slot] = {}
        self.records: dict[str, RobotsRecord] = {}
        self.lost_at: datetime | None = None

    def take(
        self, host: str, holder: str, now: datetime, *, lease: timedelta, spacing: timedelta, most: int
    ) -> timedelta | None:
        slot = self.slots.get(host)
        if slot is not None:
            rest = _still(slot.next_at, now)
            if _still(slot.leased_until, now):
                return max(rest, _LOOK_AGAIN)
            if rest:
                return rest
        if sum(bool(_still(one.leased_until, now)) for one in self.slots.values()) >= most:
            return _LOOK_AGAIN
        slot = slot or _Slot(next_at=now, leased_until=None, holder=None)
        slot.next_at, slot.leased_until, slot.holder = now + spacing, now + lease, holder
        self.slots[host] = slot
        return None

    def give_back(
        self, host: str, holder: str, now: datetime, *, reached: bool, rest_until: datetime | None = None
    ) -> NetworkState:
        slot = self.slots.get(host)
        if slot is not None:
            if reached:
                slot.answered_at = now
            else:
                slot.unreached_at = now
            if slot.holder == holder:
                slot.leased_until = slot.holder = None
            if rest_until is not None:
                slot.next_at = max(slot.next_at, rest_until)
        return self._network(now, reached=reached)

    def robots(self, origin: str) -> RobotsRecord | None:
        return self.records.get(origin)

    def keep_robots(self, record: RobotsRecord) -> None:
        self.records[record.origin] = record

    def _network(self, now: datetime, *, reached: bool) -> NetworkState:
        since = self.lost_at
        if reached:
            self.lost_at = None
            return NetworkState(network=Network.FOUND if since else Network.FINE, since=since)
        if since is not None:
            return NetworkState(network=Network.AWAY, since=since)
        answers = [slot.answered_at for slot in self.slots.values() if slot.answered_at]
        asked = self.slots.values()
        unreached = [s for s in asked if s.unreached_at and (not answers or s.unreached_at > max(answers))]
        if len(unreached) < _CUT_OFF:
            return NetworkState(network=Network.FINE)
        self.lost_at = now
        return NetworkState(network=Network.LOST, since=now)


def _still(until: datetime | None, now: datetime) -> timedelta:
    left = until - now if until is not None else timedelta()
    return left if timedelta() < left <= timedelta(days=2) else timedelta()
