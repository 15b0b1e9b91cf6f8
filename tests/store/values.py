"""Builders of values with everything a test does not care about filled in."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from worker.desk import Desk
from worker.models.alert import (
    Alert,
    AlertId,
    Decided,
    Decision,
    Fingerprint,
    Grouping,
    History,
    Notice,
    Plan,
    Quote,
    Reason,
    Route,
    Story,
)
from worker.models.attribution import UNSTATED, Attribution
from worker.models.delivery import Delivery, DeliveryId
from worker.models.feed import Feed
from worker.models.news import (
    Analysis,
    Article,
    ArticleId,
    FeedId,
    Field,
    Mention,
    MentionKind,
    StoryId,
    Topic,
    TopicKind,
)
from worker.models.page import PageDecision
from worker.models.watch import ChannelId, Evidence, Match, WatchId
from worker.paging import PageStore
from worker.ports import AlertStore, Applied, ArticleStore, FeedStore, Record, Swept
from worker.telling import FeedNoticeStore

NOW = datetime(2026, 11, 24, 9, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(minutes=5)
ANALYSIS_ATTEMPTS = 3
DELIVERY_ATTEMPTS = 4
TITLE = "НАТО засилва източния фланг"


class Alerts(AlertStore, Desk, Protocol):
    """What workers and people do, over the same rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Three stores over one memory or database."""

    feeds: FeedStore
    articles: ArticleStore
    alerts: Alerts
    pages: PageStore
    feed_notices: FeedNoticeStore


def a_feed(feed_id: str = "dnes", url: str = "https://dnes.example/rss", outlet: str = "Днес") -> Feed:
    return Feed(id=FeedId(feed_id), outlet=outlet, url=url, every_s=300)


def an_article(
    name: str = "a1",
    *,
    title: str = TITLE,
    summary: str = "",
    body: str = "Алиансът праща още войски.",
    feed: str = "dnes",
    keys: tuple[str, ...] | None = None,
    seen_at: datetime = NOW,
) -> Article:
    return Article(
        id=ArticleId(name),
        feed_id=FeedId(feed),
        outlet="Днес",
        url=f"https://dnes.example/{name}",
        title=title,
        summary=summary,
        body=body,
        published_at=seen_at - timedelta(minutes=3),
        seen_at=seen_at,
        keys=(f"https://dnes.example/{name}",) if keys is None else keys,
    )


def a_fingerprint(article: Article, at: datetime = NOW) -> Fingerprint:
    return Fingerprint(
        article_id=article.id,
        outlet=article.outlet,
        at=at,
        terms={"нато": 1.75, "фланг": 0.5},
        names=frozenset({"нато", "софия"}),
        shingles=frozenset({0, 17, 2**64 - 1}),
    )


def a_match(article: Article, watch: str = "nato") -> Match:
    evidence = Evidence(
        field=Field.TITLE,
        start=0,
        end=4,
        text=article.title[:4],
        term="НАТО",
        sentence_start=0,
        sentence_end=len(article.title),
    )
    return Match(watch_id=WatchId(watch), article_id=article.id, score=0.5, reason="НАТО", evidence=(evidence,))


def a_notice(article: Article, watch: str = "nato") -> Notice:
    return Notice(
        watch_id=WatchId(watch),
        watch_name="НАТО",
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published_at=article.published_at,
        seen_at=article.seen_at,
        quotes=(Quote(text=article.title, marks=((0, 4),)),),
        match_reason="НАТО",
        decision_reason=Reason.FIRST_OF_STORY,
        watchlist_version="v1",
    )


def an_alert(
    article: Article,
    *,
    story: str,
    watch: str = "nato",
    channels: tuple[str, ...] = ("desk",),
    alert_id: str = "",
    revision: int = 1,
    at: datetime = NOW,
    held_until: datetime | None = None,
    is_amendment: bool = False,
) -> Alert:
    reason = Reason.QUIET_HOURS if held_until else None
    return Alert(
        id=AlertId(alert_id or f"{watch}-{story}-{revision}"),
        watch_id=WatchId(watch),
        story_id=StoryId(story),
        article_id=article.id,
        revision=revision,
        notice=replace(a_notice(article, watch), revision=revision),
        created_at=at,
        routes=tuple(Route(channel=ChannelId(name), held_until=held_until, reason=reason) for name in channels),
        is_amendment=is_amendment,
    )


def a_record(
    article: Article,
    version: int,
    *,
    story: str = "s1",
    alerts: tuple[Alert, ...] = (),
    fingerprint_at: datetime = NOW,
    grouping: Grouping = Grouping.FIRST,
    page: PageDecision | None = None,
    attribution: Attribution = UNSTATED,
    merges: tuple[str, ...] = (),
) -> Record:
    decided = Decided(match=a_match(article), decision=Decision.NOTIFY, reason=Reason.FIRST_OF_STORY)
    mention = Mention(field=Field.TITLE, start=0, end=4, text="НАТО", kind=MentionKind.ORG, name="НАТО")
    return Record(
        article=article,
        analysis=Analysis(model="bg 1", sentences={}, mentions=(mention,)),
        topics=(
            Topic(name="политика", score=0.8, kind=TopicKind.CATEGORY, code="medtop:11000000"),
            Topic(name="източен фланг", score=1.0, kind=TopicKind.PHRASE),
        ),
        fingerprint=a_fingerprint(article, fingerprint_at),
        plan=Plan(
            history_version=version,
            story=Story(id=StoryId(story), grouping=grouping, score=0.25, merges=tuple(StoryId(one) for one in merges)),
            decided=(decided,),
            alerts=alerts,
        ),
        watchlist_version="v1",
        page=page,
        attribution=attribution,
    )


def claim_one(stores: Stores, now: datetime = NOW) -> Article:
    """The one article that is claimed now."""
    (article,) = stores.articles.claim_pending(now, LEASE, 1)
    return article


def history_of(stores: Stores, *stories: str, now: datetime = NOW, since: datetime = NOW) -> History:
    return stores.alerts.history(tuple(StoryId(story) for story in stories), now, since)


def analyse(stores: Stores, article: Article, *, now: datetime = NOW, **about: object) -> tuple[DeliveryId, ...]:
    """Adds, claims and applies an article; the alerts are those in `about`."""
    stores.articles.add([article], NOW)
    version = stores.alerts.version()
    stored = a_record(claim_one(stores), version, **about)  # type: ignore[arg-type]  # passed on as given
    applied = stores.alerts.apply(stored, now)
    assert isinstance(applied, Applied)
    return applied.deliveries


def alert_one(stores: Stores, *, channels: tuple[str, ...] = ("desk",)) -> tuple[DeliveryId, ...]:
    """One article, one story, one alert; gives its deliveries."""
    article = an_article()
    return analyse(stores, article, alerts=(an_alert(article, story="s1", channels=channels),))


def claimed(stores: Stores, delivery_id: DeliveryId, now: datetime = NOW) -> Delivery:
    delivery = stores.alerts.claim(delivery_id, now, LEASE)
    assert delivery is not None
    return delivery


def swept(stores: Stores, now: datetime = NOW) -> Swept:
    return stores.alerts.sweep(now, ANALYSIS_ATTEMPTS, DELIVERY_ATTEMPTS, 100)


def nothing(**found: object) -> Swept:
    empty = Swept(due=(), pending_articles=0, released=0, quarantined=(), dead=())
    return replace(empty, **found)  # type: ignore[arg-type]  # fields of Swept
