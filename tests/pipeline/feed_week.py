"""A week of a newsroom's feeds in seconds: servers with rhythms, headers and faults, and the real scheduler on a clock.

Everything that decides is the service's own: the use case, the state after each poll, the order of turns. Played
are only the servers, the store of articles (by identity alone) and time.
"""

import heapq
import math
import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.fake_memory import Memory
from tests.fake_stores import FakeArticleStore, FakeFeedStore
from worker import polls
from worker.errors import FetchError, FetchReason
from worker.models.feed import Feed, FeedClass, FeedState, Reading, Unchanged, Validators
from worker.models.news import Article, ArticleId, Entry, FeedId
from worker.polling.turns import Due, in_turn, outage, spread
from worker.ports import Added
from worker.text.times import SOFIA

START = datetime(2026, 11, 23, tzinfo=UTC)
#: per hour of the day in Sofia, relative to the busiest
# fmt: off
_DAY = (
    0.1, 0.06, 0.04, 0.04, 0.06, 0.15, 0.4, 0.7, 0.9, 1.0, 1.0, 1.0,
    0.95, 0.95, 0.9, 0.9, 0.9, 0.85, 0.75, 0.6, 0.5, 0.4, 0.3, 0.2,
)
# fmt: on
_WEEKEND = 0.5
_TICK_S = 5.0
_FETCHERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What feeds of one kind are like: entries an hour at the busiest, entries a document, times of the server."""

    name: str
    feed_class: FeedClass
    every_s: float
    per_hour: tuple[float, float]
    window: tuple[int, int]
    share: float


KINDS = (
    Kind(name="агенция", feed_class=FeedClass.AGENCY, every_s=600, per_hour=(3.5, 25), window=(30, 100), share=0.2),
    Kind(name="портал", feed_class=FeedClass.DEFAULT, every_s=900, per_hour=(2.5, 10), window=(20, 50), share=0.35),
    Kind(
        name="малка медия", feed_class=FeedClass.DEFAULT, every_s=900, per_hour=(0.3, 1.3), window=(10, 30), share=0.2
    ),
    Kind(name="областна", feed_class=FeedClass.REGIONAL, every_s=3600, per_hour=(1, 3), window=(20, 40), share=0.15),
    Kind(name="анализи", feed_class=FeedClass.ANALYSIS, every_s=3600, per_hour=(0.05, 0.4), window=(10, 20), share=0.1),
)


@dataclass(slots=True, kw_only=True)
class Request:
    at: datetime
    is_conditional: bool
    status: int


@dataclass(slots=True, kw_only=True)
class Server:
    """One feed's server, with the entries of its whole week."""

    kind: Kind
    feed: Feed
    published: list[datetime]
    window: int
    #: every eighth feed shares its site with others
    site: str
    #: headers
    max_age_s: float = 0.0
    ttl_s: float = 0.0
    has_validators: bool = True
    #: answers 304 for whole days though it publishes
    lies: bool = False
    #: (from, to) during which it answers with a failure
    down: tuple[tuple[datetime, datetime], ...] = ()
    retry_after_s: float | None = None
    requests: list[Request] = field(default_factory=list)
    #: no request may come before
    not_before: datetime = START
    early: int = 0
    wrong_conditions: int = 0
    given: Validators = field(default_factory=Validators)
    served: set[int] = field(default_factory=set)

    @property
    def is_plain(self) -> bool:
        """It never fails, never lies, and asks for no longer waits than ours."""
        return not (self.down or self.lies) and max(self.max_age_s, self.ttl_s) <= self.kind.every_s

    def answer(self, state: FeedState, now: datetime) -> Reading | Unchanged:
        self.early += now < self.not_before
        conditional = state.validators != Validators()
        self.wrong_conditions += conditional and state.validators != self.given
        count = self._count(now)
        for start, end in self.down:
            if start <= now < end:
                self._note(now, conditional, 503, self.retry_after_s or 0.0)
                raise FetchError(self.feed.id, FetchReason.SERVER, "status 503", self.retry_after_s)
        current = self._validators(count)
        is_lie = self.lies and conditional and int((now - START).total_seconds() // 86400) % 7 in {2, 3}
        if conditional and (state.validators == current or is_lie):
            self._note(now, conditional, 304, self.max_age_s, self.ttl_s)
            return Unchanged(validators=state.validators, fresh_for_s=self.max_age_s)
        self._note(now, conditional, 200, self.max_age_s, self.ttl_s)
        shown = range(count - 1, max(count - self.window, 0) - 1, -1)
        self.served |= set(shown)
        self.given = current
        return Reading(
            entries=tuple(_entry(self.feed, number, self.published[number]) for number in shown),
            validators=current,
            body_hash=f"{self.feed.id}-{count}",
            fresh_for_s=self.max_age_s,
            ttl_s=self.ttl_s,
        )

    def _count(self, now: datetime) -> int:
        return max(bisect_right(self.published, now), 1)

    def _validators(self, count: int) -> Validators:
        return Validators(etag=f'W/"{count}"', url=self.feed.url) if self.has_validators else Validators()

    def _note(self, now: datetime, conditional: bool, status: int, *asked_s: float) -> None:
        self.requests.append(Request(at=now, is_conditional=conditional, status=status))
        self.not_before = now + timedelta(seconds=max(asked_s))


class NamedArticles(FakeArticleStore):
    """Knows articles by their ids alone, because texts are not what this is about."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory)
        self.seen: dict[ArticleId, datetime] = {}
        self.titles: dict[ArticleId, str] = {}

    def add(self, articles: Sequence[Article], now: datetime) -> Added:
        new = [article for article in articles if article.id not in self.seen]
        for article in new:
            self.seen[article.id] = now
            self.titles[article.id] = article.title
        return Added(new=tuple(article.id for article in new), revised=(), known=len(articles) - len(new))


@dataclass(slots=True, kw_only=True)
class Week:
    """What happened."""

    servers: list[Server]
    #: title to the instants at which an article of it was stored
    stored: dict[str, list[datetime]]
    #: seconds between due and begun
    lateness_s: list[float]
    memory: Memory

    def delays(self, kind: Kind, *, daytime: bool, after: datetime) -> list[float]:
        """Minutes from standing in the feed to being stored, of servers that ask for nothing and never fail."""
        found = []
        for server in self.servers:
            if server.kind is not kind or not server.is_plain:
                continue
            for number, at in enumerate(server.published):
                if at < after or (daytime and not 8 <= at.astimezone(SOFIA).hour < 21):
                    continue
                times = self.stored.get(_title(server.feed, number))
                if times:
                    found.append((times[0] - at).total_seconds() / 60)
        return sorted(found)

    def detections(self) -> list[tuple[float, float]]:
        """Minutes between the two polls around each entry of plain servers, and until it was stored."""
        found = []
        for server in filter(lambda one: one.is_plain, self.servers):
            polled = [request.at for request in server.requests]
            for number, at in enumerate(server.published):
                after = bisect_right(polled, at)
                if 0 < after < len(polled) and (times := self.stored.get(_title(server.feed, number))):
                    interval = (polled[after] - polled[after - 1]).total_seconds() / 60
                    found.append((interval, (times[0] - at).total_seconds() / 60))
        return found


def simulate(feeds: int, days: float, seed: int = 1, outage_h: tuple[float, float] | None = None) -> Week:
    """So many feeds for so many days; `outage_h`: hours from the start between which the service itself is off."""
    chance = random.Random(seed)
    servers = {server.feed.id: server for server in _servers(feeds, days, chance)}
    memory = Memory()
    store, articles = FakeFeedStore(memory), NamedArticles(memory)
    store.sync([server.feed for server in servers.values()], START)
    desk = _Desk(servers, memory, store, articles, chance)
    end = START + timedelta(days=days)
    if outage_h is None:
        desk.run(START, end)
    else:
        off, on = (START + timedelta(hours=hours) for hours in outage_h)
        desk.run(START, off)
        desk.come_back(off, on)
        desk.run(on, end)
    stored: dict[str, list[datetime]] = defaultdict(list)
    for article_id, at in articles.seen.items():
        stored[articles.titles[article_id]].append(at)
    return Week(servers=list(servers.values()), stored=stored, lateness_s=desk.lateness_s, memory=memory)


class _Desk:
    """The service's ticks and its fetching processes, each of which is at one feed for as long as its server takes."""

    def __init__(
        self,
        servers: dict[FeedId, Server],
        memory: Memory,
        store: FakeFeedStore,
        articles: NamedArticles,
        chance: random.Random,
    ) -> None:
        self.servers = servers
        self.memory = memory
        self.store = store
        self.articles = articles
        self.chance = chance
        self.lateness_s: list[float] = []
        self._source = _Source(servers)
        self._heap = [(START, id_) for id_ in servers]
        self._waiting: dict[str, Due] = {}
        #: when each process is free again, and with which site it is busy until then
        self._free = [(START, "")] * _FETCHERS

    def run(self, start: datetime, end: datetime) -> None:
        """Ticks as long as anything is due; the ticks between are nothing but time."""
        at = start
        while at < end:
            if not self._waiting and self._heap[0][0] > at:
                at += math.ceil((self._heap[0][0] - at).total_seconds() / _TICK_S) * timedelta(seconds=_TICK_S)
            while self._heap and self._heap[0][0] <= at:
                self._wait(heapq.heappop(self._heap)[1])
            if at < end:
                self._tick(at)
            at += timedelta(seconds=_TICK_S)

    def come_back(self, off: datetime, on: datetime) -> None:
        """What fell due while nobody looked is spread, as the store does it at its first look."""
        for _, id_ in [one for one in self._heap if one[0] <= on]:
            self._wait(id_)
        self._heap = [one for one in self._heap if one[0] > on]
        for name, due_at in spread(list(self._waiting.values()), outage(off, on), on).items():
            slot = self.memory.feeds[FeedId(name)]
            slot.state = replace(slot.state, due_at=due_at)
            heapq.heappush(self._heap, (due_at, FeedId(name)))
            del self._waiting[name]

    def _wait(self, id_: FeedId) -> None:
        state, server = self.memory.feeds[id_].state, self.servers[id_]
        self._waiting[id_] = Due(
            feed_id=id_,
            site=server.site,
            url=server.feed.url,
            due_at=state.due_at,
            polled_at=state.polled_at,
            wait_s=state.memory.wait_s,
        )

    def _tick(self, at: datetime) -> None:
        busy = frozenset(site for until, site in self._free if until > at)
        idle = sum(until <= at for until, _ in self._free)
        # The queue before the processes is short because a site is listed once; what does not fit waits for a tick.
        for name in in_turn(list(self._waiting.values()), busy, idle):
            one = self._waiting.pop(name)
            took_s = 10.0 if self.chance.random() < 0.02 else self.chance.uniform(0.2, 2.0)
            slot = next(number for number, (until, _) in enumerate(self._free) if until <= at)
            self._free[slot] = (at + timedelta(seconds=took_s), one.site)
            if one.polled_at is not None:
                self.lateness_s.append((at - one.due_at).total_seconds())
            self._poll(self.servers[FeedId(name)], at)

    def _poll(self, server: Server, at: datetime) -> None:
        self._source.now = at
        polls.poll_feed(
            server.feed,
            source=self._source,
            feeds=self.store,
            articles=self.articles,
            lease=timedelta(seconds=60),
            clock=lambda: at,
            jitter=self.chance.uniform(-1, 1),
            clean=_clean,
        )
        state = self.memory.feeds[server.feed.id].state
        if state.memory.gone_at is None:
            heapq.heappush(self._heap, (state.due_at, server.feed.id))


class _Source:
    def __init__(self, servers: dict[FeedId, Server]) -> None:
        self.servers = servers
        self.now = START

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        return self.servers[feed.id].answer(state, self.now)


def _servers(feeds: int, days: float, chance: random.Random) -> list[Server]:
    made: list[Server] = []
    for kind in KINDS:
        for number in range(round(feeds * kind.share)):
            name = f"{kind.feed_class.value}-{kind.window[0]}-{len(made)}"
            feed = Feed(
                id=FeedId(name),
                outlet=kind.name,
                url=f"https://{name}.example/rss",
                every_s=kind.every_s,
                feed_class=kind.feed_class,
            )
            rate = math.exp(chance.uniform(*map(math.log, kind.per_hour)))
            server = Server(
                kind=kind,
                feed=feed,
                published=_publications(rate, days, chance),
                window=chance.randint(*kind.window),
                site=f"shared-{len(made) % 3}" if number % 8 == 0 else name,
            )
            _trait(server, number, chance)
            made.append(server)
    return made


def _trait(server: Server, number: int, chance: random.Random) -> None:
    """Every tenth server or so is special, each in its way."""
    match number % 16:
        case 3:
            server.max_age_s = chance.choice([1200.0, 1800.0, 3600.0, 5400.0])
        case 5:
            server.ttl_s, server.max_age_s = 3600.0, server.kind.every_s * 2
        case 7:
            server.has_validators = False
        case 9:
            begin = START + timedelta(hours=chance.uniform(20, 100))
            server.down = ((begin, begin + timedelta(hours=chance.uniform(1, 6))),)
            server.retry_after_s = 1800.0
        case 11:
            begin = START + timedelta(hours=chance.uniform(20, 100))
            server.down = ((begin, begin + timedelta(hours=2)),)
        case 13:
            server.lies = True
        case _:
            pass


def _publications(rate: float, days: float, chance: random.Random) -> list[datetime]:
    """Instants from three days before the start on, thinned from the busiest rate."""
    at = START - timedelta(days=3)
    found: list[datetime] = []
    end = START + timedelta(days=days)
    while True:
        at += timedelta(hours=chance.expovariate(rate))
        if at >= end:
            return sorted(found) or [START - timedelta(hours=1)]
        local = at.astimezone(SOFIA)
        weight = _DAY[local.hour] * (_WEEKEND if local.weekday() >= 5 else 1)
        if chance.random() < weight:
            found.append(at)


def _title(feed: Feed, number: int) -> str:
    return f"{feed.id} {number}"


def _entry(feed: Feed, number: int, at: datetime) -> Entry:
    key = (feed.id, number)
    found = _ENTRIES.get(key)
    if found is None:
        found = Entry(
            guid=f"{feed.id}-{number}",
            url=None,
            title_html=_title(feed, number),
            summary_html="",
            content_html="",
            published_raw=None,
            published_at=at,
        )
        _ENTRIES[key] = found
    return found


def _clean(entry: Entry, feed: Feed, state: FeedState, now: datetime) -> Article:
    """The article with nothing but what tells it from others and when it was published."""
    name = entry.guid or ""
    found = _ARTICLES.get(name)
    if found is None:
        found = Article(
            id=ArticleId(name),
            feed_id=feed.id,
            outlet=feed.outlet,
            url="",
            title=entry.title_html,
            summary="",
            body="",
            published_at=entry.published_at,
            seen_at=now,
        )
        _ARTICLES[name] = found
    return found


_ARTICLES: dict[str, Article] = {}
_ENTRIES: dict[tuple[str, int], Entry] = {}


def summary(week: Week) -> Counter[str]:
    """Requests by kind of answer."""
    return Counter(
        f"{'conditional' if request.is_conditional else 'unconditional'} {request.status}"
        for server in week.servers
        for request in server.requests
    )


def middle(values: Sequence[float]) -> float:
    """The median of sorted values."""
    return values[len(values) // 2]


def ninety_fifth(values: Sequence[float]) -> float:
    """The 95th percentile of sorted values."""
    return values[min(len(values) - 1, int(0.95 * len(values)))]


def on_time(week: Week, within_s: float = 60.0) -> float:
    """The share of polls that began so soon after they were due."""
    return sum(late <= within_s for late in week.lateness_s) / len(week.lateness_s)


def lost(week: Week) -> list[str]:
    """Entries that stood in a served document and were not stored."""
    return [
        _title(server.feed, number)
        for server in week.servers
        for number in server.served
        if _title(server.feed, number) not in week.stored
    ]


def missed(week: Week, end: datetime) -> list[str]:
    """Entries of servers without any oddity that came and went unseen; the last hours are still to be read."""
    return [
        _title(server.feed, number)
        for server in week.servers
        if server.is_plain
        for number, at in enumerate(server.published)
        if START <= at < end - timedelta(hours=7) and number not in server.served
    ]
