"""Celery tasks: each binds its ids, calls one use case, logs one event and enqueues what follows."""

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from worker import lookback, paging, pipeline, polls, telling
from worker.celery_app import (
    ANALYSE_PENDING,
    DELIVER,
    FIND_SPIKES,
    FLUSH_HELD,
    MAKE_REVIEWS,
    POLL_DUE_FEEDS,
    POLL_FEED,
    READ_DUE_PAGES,
    READ_PAGE,
    RENEW_SUBSCRIPTIONS,
    SWEEP,
    TASK_LIMIT_S,
)
from worker.delivering import DeliveryOutcome
from worker.errors import ServiceError
from worker.feed_wiring import renew
from worker.logs import get_log
from worker.models.delivery import DeliveryId
from worker.models.feed import Feed
from worker.models.health import Condition
from worker.models.news import ArticleId, FeedId
from worker.models.watch import Watchlist
from worker.paging import PageOutcome
from worker.pipeline import Analysed
from worker.polling.states import PollOutcome
from worker.polls import Polled
from worker.ports import Flushed, Language
from worker.settings.load import Settings
from worker.task_process import Process
from worker.wiring import Parts

# A tick enqueues so many, those longest unpolled first; the others come with the next ticks.
_FEEDS_AT_ONCE = 50
_PAGES_AT_ONCE = 10
_FINE_POLLS = {PollOutcome.OK, PollOutcome.UNCHANGED, PollOutcome.RETIRED}
#: nothing was asked
_SILENT_POLLS = {PollOutcome.NOT_DUE, PollOutcome.PUT_OFF}
_DELIVERY_LEVELS = {
    DeliveryOutcome.SENT: logging.INFO,
    DeliveryOutcome.DROPPED: logging.INFO,
    DeliveryOutcome.FAILED: logging.WARNING,
    DeliveryOutcome.CLAIM_LOST: logging.WARNING,
    DeliveryOutcome.DEAD: logging.ERROR,
}


def register(app: Celery, settings: Settings, queue: str) -> Process:
    """Makes the tasks known to `app` and builds their parts in each worker process."""
    process = Process(settings, queue, app)
    worker_process_init.connect(process.start, weak=False)
    for name, task in (
        (POLL_DUE_FEEDS, _poll_due_feeds),
        (POLL_FEED, _poll_feed),
        (READ_DUE_PAGES, _read_due_pages),
        (READ_PAGE, _read_page),
        (ANALYSE_PENDING, _analyse_pending),
        (DELIVER, _deliver),
        (SWEEP, _sweep),
        (FLUSH_HELD, _flush_held),
        (FIND_SPIKES, _find_spikes),
        (MAKE_REVIEWS, _make_reviews),
        (RENEW_SUBSCRIPTIONS, _renew_subscriptions),
    ):
        app.task(name=name)(_at_the_boundary(process, name, task))
    return process


def _at_the_boundary(process: Process, name: str, task: Callable[..., dict[str, Any] | None]) -> Callable[..., None]:
    """The one broad `except`: a failed run is logged whole, and the work stays in the database for the next."""

    @functools.wraps(task)
    def run(*ids: str) -> None:
        log = get_log()
        began = time.monotonic()
        try:
            process.build()
            process.parts.beat(process.queue, TASK_LIMIT_S)
            event = task(process, *ids)
            process.parts.beat(process.queue)
        except ServiceError as error:
            log.error("task.failed", task=name, ids=ids, cause=str(error))  # noqa: TRY400 - foreseen: the sentence says it
        except Exception:
            log.exception("task.crashed", task=name, ids=ids)
        else:
            if event is not None:
                log.log(event.pop("level"), **event, duration_s=round(time.monotonic() - began, 3))

    return run


def _poll_due_feeds(process: Process) -> None:
    parts = process.parts
    for feed_id in parts.feeds.due(parts.clock(), _FEEDS_AT_ONCE):
        process.look(POLL_FEED, feed_id)


def _poll_feed(process: Process, feed_id: str) -> dict[str, Any] | None:
    feed = process.parts.feeds_by_id.get(FeedId(feed_id))
    polled = Polled(outcome=PollOutcome.RETIRED) if feed is None else _poll(process.parts, feed)
    if polled.outcome in _SILENT_POLLS:
        return None
    if polled.new or polled.revised:
        process.look(ANALYSE_PENDING)
    level = logging.INFO if polled.outcome in _FINE_POLLS else logging.WARNING
    return {"level": level, "event": "feed.polled", "feed": feed_id, **_facts(polled)}


def _poll(parts: Parts, feed: Feed) -> Polled:
    return polls.poll_feed(
        feed,
        source=parts.source,
        feeds=parts.feeds,
        articles=parts.articles,
        lease=parts.policy.feed_lease,
        clock=parts.clock,
        jitter=random.uniform(-1, 1),  # noqa: S311 - spreads load, guards nothing
    )


def _read_due_pages(process: Process) -> None:
    parts = process.parts
    for article_id in parts.pages.due(parts.clock(), _PAGES_AT_ONCE):
        process.look(READ_PAGE, article_id)


def _read_page(process: Process, article_id: str) -> dict[str, Any] | None:
    parts = process.parts
    read = paging.read_page(
        ArticleId(article_id),
        source=parts.page_source,
        pages=parts.pages,
        lease=parts.policy.page_lease,
        max_age=parts.policy.rules.max_age,
        clock=parts.clock,
    )
    if read.outcome in {PageOutcome.NOT_DUE, PageOutcome.PUT_OFF}:
        return None
    if read.outcome is PageOutcome.READ:
        process.look(ANALYSE_PENDING)
    # A page that is no article is nobody's fault; that a publisher does not answer may be.
    return {"level": logging.INFO, "event": "page.read", "article": article_id, **_facts(read)}


def _analyse_pending(process: Process) -> dict[str, Any] | None:
    analysed = _analyse(process.parts, process.language, process.watchlist)
    if not analysed.claimed:
        return None
    for delivery_id in analysed.deliveries:
        process.look(DELIVER, delivery_id)
    process.look(ANALYSE_PENDING)
    level = logging.WARNING if analysed.quarantined or analysed.stale else logging.INFO
    return {"level": level, "event": "articles.analysed", **_facts(analysed)}


def _analyse(parts: Parts, language: Language, watchlist: Watchlist) -> Analysed:
    return pipeline.analyse_pending(
        articles=parts.articles,
        alerts=parts.alerts,
        language=language,
        watchlist=watchlist,
        policy=parts.policy,
        clock=parts.clock,
    )


def _deliver(process: Process, delivery_id: str) -> dict[str, Any] | None:
    parts = process.parts
    delivered = pipeline.deliver(
        DeliveryId(delivery_id), alerts=parts.alerts, channels=parts.channels, policy=parts.policy, clock=parts.clock
    )
    if delivered.outcome is DeliveryOutcome.NOT_DUE:
        return None
    level = _DELIVERY_LEVELS[delivered.outcome]
    return {"level": level, "event": "delivery.tried", "delivery": delivery_id, **_facts(delivered)}


def _sweep(process: Process) -> dict[str, Any] | None:
    parts = process.parts
    swept = pipeline.sweep(alerts=parts.alerts, policy=parts.policy, clock=parts.clock)
    told = telling.tell_operators(store=parts.feed_notices, channels=parts.operators, clock=parts.clock)
    for delivery_id in (*swept.due, *told.deliveries):
        process.look(DELIVER, delivery_id)
    for one in told.notices:
        facts = {"feed": one.feed_id, "condition": one.condition, "reason": one.reason, "evidence": one.evidence}
        get_log().log(logging.INFO if one.condition is Condition.OK else logging.WARNING, "feed.told", **facts)
    if not (swept.released or swept.quarantined or swept.dead):
        return None
    level = logging.WARNING if swept.quarantined or swept.dead else logging.INFO
    return {"level": level, "event": "store.swept", **_facts(swept)}


def _flush_held(process: Process) -> dict[str, Any] | None:
    parts = process.parts
    flushed = pipeline.flush_held(alerts=parts.alerts, policy=parts.policy, clock=parts.clock)
    for delivery_id in flushed.due:
        process.look(DELIVER, delivery_id)
    return {"level": logging.INFO, "event": "held.flushed", **_facts(flushed)} if flushed != Flushed() else None


def _find_spikes(process: Process) -> dict[str, Any] | None:
    return _looked_back(process, lookback.find_spikes, "spikes.found")


def _make_reviews(process: Process) -> dict[str, Any] | None:
    return _looked_back(process, lookback.make_reviews, "reviews.made")


def _looked_back(process: Process, look: Callable[..., tuple[DeliveryId, ...]], event: str) -> dict[str, Any] | None:
    parts = process.parts
    made = look(store=parts.lookback, watchlist=process.watchlist, policy=parts.policy, clock=parts.clock)
    for delivery_id in made:
        process.look(DELIVER, delivery_id)
    return {"level": logging.INFO, "event": event, "deliveries": len(made)} if made else None


def _renew_subscriptions(process: Process) -> dict[str, Any] | None:
    parts = process.parts
    renewed = renew(process.settings, parts.engine, parts.clock)
    if not (renewed.asked or renewed.left):
        return None
    level = logging.WARNING if renewed.failed else logging.INFO
    return {"level": level, "event": "subscriptions.renewed", **_facts(renewed)}


def _facts(outcome: Any) -> dict[str, Any]:
    """The fields of a use case's outcome that say something; sequences as their length."""
    values = {name: getattr(outcome, name) for name in outcome.__dataclass_fields__}
    return {name: len(value) if isinstance(value, tuple) else value for name, value in values.items() if value != ""}
