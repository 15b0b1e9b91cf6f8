"""The use cases that look back: watches with unusual volume, and the week in review; core types and a port only."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from worker.grouping.decide import is_expired, stable_hash
from worker.grouping.digest import is_silenced
from worker.grouping.routes import routes_of
from worker.grouping.spikes import DAY, DAYS, Volume, begins, has_calmed, volume_of
from worker.models.alert import Notice, Quote, Reason, Route
from worker.models.delivery import DeliveryId, DigestId, Review, TopStory, WatchWeek
from worker.models.news import StoryId
from worker.models.rules import WeeklyTime
from worker.models.silence import Silence
from worker.models.watch import ChannelId, Watch, WatchId, Watchlist
from worker.pipeline import STORY_REACH, Policy
from worker.text.times import SOFIA

_WEEK = 7
_TOP_STORIES = 5
_TITLES = 3
#: A review that could not be made for so long is not made any more.
_REVIEW_REACH = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The first match of a watch in a story."""

    watch_id: WatchId
    story_id: StoryId
    at: datetime


class LookbackStore(Protocol):
    """Counts what was found, and keeps what was told of that; each method is one transaction."""

    def sightings(self, since: datetime) -> tuple[Sighting, ...]:
        """The stories that each watch had from `since` on, oldest first; what feeds held at the start is left out."""
        ...

    def first_match(self, watch_id: WatchId) -> datetime | None:
        """When the watch first found anything."""
        ...

    def spiking(self) -> frozenset[WatchId]:
        """Watches whose spike was told and is not over."""
        ...

    def calm(self, watch_ids: Collection[WatchId], now: datetime) -> None:
        """Their spikes are over."""
        ...

    def tell_spike(
        self, watch_id: WatchId, volume: Volume, notice: Notice, routes: Sequence[Route], now: datetime
    ) -> tuple[DeliveryId, ...]:
        """Stores it, unless others told it meanwhile; gives the deliveries that need not wait."""
        ...

    def top_stories(self, story_ids: Collection[StoryId], limit: int) -> tuple[tuple[StoryId, str, int], ...]:
        """Of these: id, title of the first article and number of outlets, most outlets first."""
        ...

    def first_notices(self, subjects: Collection[tuple[WatchId, StoryId]]) -> Mapping[tuple[WatchId, StoryId], Notice]:
        """What each watch was first told of each story, where it was told anything."""
        ...

    def silences(self, now: datetime) -> tuple[Silence, ...]:
        """Those in force."""
        ...

    def is_reviewed(self, review_id: DigestId) -> bool:
        """Whether this review was made."""
        ...

    def tell_review(self, review: Review, channel: ChannelId, now: datetime) -> tuple[DeliveryId, ...]:
        """Stores it, unless others made it meanwhile; gives its delivery."""
        ...


def find_spikes(
    *, store: LookbackStore, watchlist: Watchlist, policy: Policy, clock: Callable[[], datetime]
) -> tuple[DeliveryId, ...]:
    """Tells the people of each watch that has many more stories than it is used to, once until it calms."""
    now = clock()
    # Stories that began before the window are recognised by their earlier articles.
    seen: defaultdict[WatchId, list[Sighting]] = defaultdict(list)
    for sighting in store.sightings(now - DAY * (DAYS + 1) - STORY_REACH):
        seen[sighting.watch_id].append(sighting)
    spiking, silences = store.spiking(), store.silences(now)
    made: list[DeliveryId] = []
    calmed: list[WatchId] = []
    for watch in watchlist.watches:
        volume = _volume(store, watch.id, seen[watch.id], now)
        if watch.id in spiking:
            calmed += [watch.id] if has_calmed(volume) else []
        elif begins(volume) and not is_expired(watch, now) and not is_silenced(watch.id, None, silences, now):
            today = [one.story_id for one in seen[watch.id] if now - DAY < one.at <= now]
            notice = _spike_notice(watch, volume, store.top_stories(today, _TITLES), watchlist.version, now)
            routes = routes_of(watch, {}, policy.rules, now)
            made += store.tell_spike(watch.id, volume, notice, routes, now)
    if calmed:
        store.calm(calmed, now)
    return tuple(made)


def make_reviews(
    *, store: LookbackStore, watchlist: Watchlist, policy: Policy, clock: Callable[[], datetime]
) -> tuple[DeliveryId, ...]:
    """Makes the week in review for each channel whose time it is, once for each week."""
    now = clock()
    made: list[DeliveryId] = []
    for channel, weekly in policy.reviews.items():
        due_at = last_of(weekly, now)
        first_day = due_at.astimezone(SOFIA).date() - timedelta(days=_WEEK)
        id_ = review_id(channel, first_day)
        if now - due_at < _REVIEW_REACH and not store.is_reviewed(id_):
            watches = [watch for watch in watchlist.watches if channel in watch.channels]
            review = _review(store, id_, first_day, watches, now)
            made += store.tell_review(review, channel, now)
    return tuple(made)


def last_of(weekly: WeeklyTime, now: datetime) -> datetime:
    """The last time that it was this day and time in Bulgaria; aware UTC."""
    today = now.astimezone(SOFIA).date()
    day = today - timedelta(days=(today.weekday() - weekly.day) % _WEEK)
    moments = (datetime.combine(one, weekly.at, tzinfo=SOFIA).astimezone(UTC) for one in (day, day - timedelta(_WEEK)))
    return next(moment for moment in moments if moment <= now)


def review_id(channel: ChannelId, first_day: date) -> DigestId:
    """One review for each channel and week, whoever makes it."""
    return DigestId(stable_hash("review", channel, first_day.isoformat()))


def _volume(store: LookbackStore, watch_id: WatchId, seen: Sequence[Sighting], now: datetime) -> Volume:
    instants = [one.at for one in seen]
    volume = volume_of(instants, min(instants, default=now), now)
    if begins(Volume(stories=volume.stories, past=(0,) * DAYS)):
        # Only of the few that have enough stories is it asked since when they are known.
        known_since = store.first_match(watch_id) or now
        volume = volume_of(instants, known_since, now)
    return volume


def _spike_notice(
    watch: Watch, volume: Volume, top: Sequence[tuple[StoryId, str, int]], version: str, now: datetime
) -> Notice:
    usual = f"{volume.usual:.1f}".replace(".", ",").removesuffix(",0")
    return Notice(
        watch_id=watch.id,
        watch_name=watch.name,
        title=f"{watch.name}: {volume.stories} нови теми за 24 часа, обичайно са {usual} на ден",
        outlet="Вестител",
        url="",
        published_at=now,
        seen_at=now,
        quotes=tuple(Quote(text=title, marks=()) for _, title, _ in top),
        match_reason=f"{volume.stories} теми за 24 часа; средно {usual} за {len(volume.past)} предишни дни",
        decision_reason=Reason.SPIKE,
        watchlist_version=version,
        severity=watch.severity,
    )


def _review(store: LookbackStore, id_: DigestId, first_day: date, watches: Sequence[Watch], now: datetime) -> Review:
    silences = store.silences(now)
    start = datetime.combine(first_day - timedelta(days=_WEEK), datetime.min.time(), tzinfo=SOFIA).astimezone(UTC)
    days: defaultdict[WatchId, Counter[int]] = defaultdict(Counter)
    week: defaultdict[StoryId, list[WatchId]] = defaultdict(list)
    followed = {watch.id for watch in watches}
    for one in store.sightings(start - STORY_REACH):
        if one.watch_id not in followed or is_silenced(one.watch_id, one.story_id, silences, now):
            continue
        day = (one.at.astimezone(SOFIA).date() - first_day).days
        days[one.watch_id][day] += 1
        if 0 <= day < _WEEK:
            week[one.story_id].append(one.watch_id)
    weeks = [_watch_week(watch, days[watch.id]) for watch in watches]
    return Review(
        id=id_,
        first_day=first_day,
        watches=tuple(sorted(weeks, key=lambda one: (-sum(one.days), one.watch_name, one.watch_id))),
        stories=_top(store, week),
        at=now,
    )


def _watch_week(watch: Watch, days: Mapping[int, int]) -> WatchWeek:
    return WatchWeek(
        watch_id=watch.id,
        watch_name=watch.name,
        days=tuple(days.get(day, 0) for day in range(_WEEK)),
        before=sum(days.get(day, 0) for day in range(-_WEEK, 0)),
    )


def _top(store: LookbackStore, week: Mapping[StoryId, Sequence[WatchId]]) -> tuple[TopStory, ...]:
    """The stories that most outlets had, of those that people were told of."""
    subjects = [(watch_id, story_id) for story_id, those in week.items() for watch_id in those]
    notices = {
        story_id: notice for (_, story_id), notice in sorted(store.first_notices(subjects).items(), reverse=True)
    }
    top = store.top_stories(list(notices), _TOP_STORIES)
    return tuple(TopStory(notice=notices[story_id], outlets=outlets) for story_id, _, outlets in top)
