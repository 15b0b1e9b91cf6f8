"""The command that says, stage by stage, why a text or an article of the archive alerts or does not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.cli.inputs import WATCHES, language_of, text_of, watch_in, watchlist_of
from worker.errors import ConfigError

if TYPE_CHECKING:
    from worker.models.alert import Told
    from worker.models.news import Article
    from worker.models.watch import WatchId
    from worker.store.archive import StoredAlert, StoredArticle

_ARTICLE_ID = re.compile(r"[0-9a-f]{16}")


@click.command()
@WATCHES
@click.option("--title", default="", help="Headline of the text.")
@click.option("--watch", "watch_id", help="Only this watch, also where it finds nothing.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="As if it were published on this day.")
@click.argument("text")
@click.pass_context
def explain(
    context: click.Context,
    *,
    watches_dir: Path | None,
    title: str,
    watch_id: str | None,
    day: datetime | None,
    text: str,
) -> int:
    """Show what is made of TEXT and why: names, topics, every watch that fires or stays silent, the decision.

    TEXT may be - for standard input, or the id or address of an article in the database, whose stored matches,
    alerts and deliveries are then shown too. Nothing is fetched and nothing is sent.
    """
    from worker.tuning.explaining import Case, explained
    from worker.tuning.trying import by_models

    now = datetime.now(UTC)
    stored, max_age = stored_article(context, text) if is_stored(text) else (None, None)
    article = stored.archived.article if stored else article_of(title, text_of(text), now)
    watchlist = watchlist_of(context, watches_dir)
    only = watch_in(watchlist, watch_id).id if watch_id else None
    if day is not None:
        article = _dated(article, day)
    if stored:
        for line in stored_lines(stored):
            print(line)
        print("by today's watches and models, as when it was seen:")
    case = Case(
        prepared=by_models((article,), language_of(context, watchlist))[0],
        watchlist=watchlist,
        now=max(article.seen_at, article.published_at or article.seen_at) if stored or day else now,
        max_age=max_age,
        story=stored.archived.story if stored else None,
        told=told_by_others(stored) if stored else {},
    )
    for line in explained(case, only):
        print(line)
    return 0


def is_stored(text: str) -> bool:
    """Whether a text is the id or the address of an article rather than its words."""
    from worker.text.urls import is_web_url

    return bool(_ARTICLE_ID.fullmatch(text)) or (is_web_url(text) and not any(sign.isspace() for sign in text.strip()))


def stored_article(context: click.Context, name: str) -> "tuple[StoredArticle, timedelta]":
    """The article of the archive, and the age from which on one does not alert; raises ConfigError, StoreError."""
    from worker.cli.service import settings_of
    from worker.store.archive import find_stored
    from worker.wiring import open_store, policy_of

    settings = settings_of(context)
    engine = open_store(settings)
    try:
        found = find_stored(engine, name)
    finally:
        engine.dispose()
    if found is None:
        raise ConfigError((f"the archive does not hold {name}; nothing is fetched, give the text instead",))
    return found, policy_of(settings).rules.max_age


def told_by_others(stored: "StoredArticle") -> "Mapping[WatchId, Told]":
    """What the people of each watch were told of the article's story because of its other articles."""
    from worker.grouping.told import PastAlert, told_of

    story = stored.archived.story
    past = (
        PastAlert(
            watch_id=one.watch_id,
            story_id=story,
            revision=one.revision,
            notice=one.notice,
            decided_at=one.created_at,
            told_at=one.created_at,
            is_amendment=one.is_amendment,
        )
        for one in stored.alerts
        if story is not None and one.article_id != stored.archived.article.id
    )
    return {watch_id: told for (watch_id, _), told in told_of(past).items()}


def article_of(title: str, body: str, now: datetime) -> "Article":
    """A text that somebody typed, as an article of this moment; raises ConfigError where it has no words."""
    from worker.tuning.trying import a_text

    if not f"{title}{body}".strip():
        raise ConfigError(("the text has no text in «title», «summary» or «body»",))
    try:
        f"{title}{body}".encode()
    except UnicodeEncodeError as error:
        raise ConfigError((f"the text holds half of a surrogate pair at {error.start}",)) from error
    return a_text(title, body, now)


def _dated(article: "Article", day: datetime) -> "Article":
    """As published at noon of a day in Bulgaria, and seen then."""
    from worker.text.times import SOFIA

    at = day.replace(hour=12, tzinfo=SOFIA).astimezone(UTC)
    return replace(article, published_at=at, seen_at=at)


def stored_lines(stored: "StoredArticle") -> Iterator[str]:
    """What the database knows of an article, from its feed to its deliveries."""
    from worker.tuning.showing import minute

    article = stored.archived.article
    yield f"article     {article.id}  {article.outlet}  «{article.title}»"
    if article.url:
        yield f"            {article.url}"
    edited = f", edited {minute(stored.revised_at)}" if article.revision > 1 else ""
    baseline = "; stood in the feed before we watched it, so it never alerts" if article.baseline else ""
    revision = f"revision {article.revision}{edited}{baseline}"
    yield f"seen        {minute(article.seen_at)} in feed {article.feed_id}; {revision}"
    if stored.analysed_at is None:
        yield f"analysed    not yet; state {stored.state}" + (f": {stored.reason}" if stored.reason else "")
        return
    again = "" if stored.state == "done" else f"; now {stored.state}" + (f": {stored.reason}" if stored.reason else "")
    yield f"analysed    {minute(stored.analysed_at)} with {stored.model}; language {stored.archived.language}{again}"
    copy = f"; repeats {stored.copy_of}" if stored.copy_of else ""
    articles = f"{stored.story_size} article" + ("" if stored.story_size == 1 else "s")
    yield f"story       {stored.archived.story} ({stored.grouping}), {articles}{copy}"
    for match in stored.matches:
        yield f"match       {match.watch_id}: score {match.score:.2f}, {match.reason}"
        yield f"            {match.decision} ({match.decision_reason}), by watchlist {match.watchlist_version}"
    if not stored.matches:
        yield "match       none when it was analysed"
    for alert in stored.alerts:
        yield from _alert_lines(alert, stored)


def _alert_lines(alert: "StoredAlert", stored: "StoredArticle") -> Iterator[str]:
    from worker.tuning.showing import minute

    cause = (
        "" if alert.article_id == stored.archived.article.id else f", caused by {alert.article_id} of the same story"
    )
    yield f"alert       {alert.watch_id} {minute(alert.created_at)}{cause}"
    for one in alert.deliveries:
        sent = f" {minute(one.sent_at)}" if one.sent_at else ""
        attempts = f"{one.attempts} attempt" + ("" if one.attempts == 1 else "s")
        yield f"            {one.channel}: {one.state.value}{sent}, {attempts}" + (
            f", {one.reason}" if one.reason else ""
        )
