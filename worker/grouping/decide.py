"""Whom an article is told to: the first rule that applies wins, and every match gets its reason; pure.

Replaying a plan with its own alerts in the history plans nothing new, so a plan may be made twice.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from worker.models.alert import (
    Alert,
    AlertId,
    Decided,
    Decision,
    DeliveryId,
    Grouping,
    History,
    Notice,
    Plan,
    Quote,
    Reason,
    Story,
)
from worker.models.attribution import UNSTATED, Attribution
from worker.models.news import Article, Field, StoryId
from worker.models.watch import ChannelId, Evidence, Match, Watch, WatchId, Watchlist
from worker.text.fragments import fragment_of
from worker.text.times import SOFIA

MAX_QUOTES = 3
#: One alert of a watch about a story; later developments of it are not alerted.
_REVISION = 1


def plan_alerts(  # noqa: PLR0917 - all seven are what a decision depends on; the use case reads in this order
    article: Article,
    matches: Sequence[Match],
    story: Story,
    history: History,
    watchlist: Watchlist,
    now: datetime,
    max_age: timedelta,
    *,
    is_confirmed: bool = True,
    attribution: Attribution = UNSTATED,
) -> Plan:
    """What is decided about each match, in order, and the alerts that follow; `watchlist` holds every match's watch.

    Alerts on matches that no language model stands behind say so.
    """
    watches = {watch.id: watch for watch in watchlist.watches}
    alerted = {watch_id for watch_id, story_id in history.alerted if story_id == story.id}
    decided: list[Decided] = []
    alerts: list[Alert] = []
    for match in matches:
        watch = watches[match.watch_id]
        reason = _reason(article, story, watch, match.watch_id in alerted, now, max_age)
        decision = decision_for(reason)
        decided.append(Decided(match=match, decision=decision, reason=reason))
        if decision is not Decision.DROP:
            alerted.add(match.watch_id)
            notice = _notice(match, article=article, watch=watch, reason=reason, version=watchlist.version)
            notice = replace(notice, unconfirmed=not is_confirmed, attribution=attribution)
            alerts.append(_alert(match, notice, article=article, story=story, watch=watch, now=now))
    return Plan(history_version=history.version, story=story, decided=tuple(decided), alerts=tuple(alerts))


def decision_for(reason: Reason) -> Decision:
    """What each reason means for the match."""
    match reason:
        case Reason.BASELINE | Reason.TOO_OLD | Reason.EXPIRED | Reason.ALREADY_ALERTED:
            return Decision.DROP
        case Reason.PACED:
            return Decision.HOLD
        case Reason.FIRST_OF_STORY | Reason.NEW_FOR_WATCH | Reason.FEED_FAULT | Reason.FEED_RECOVERED:
            return Decision.NOTIFY


def alert_id(watch_id: WatchId, story_id: StoryId, revision: int) -> AlertId:
    """The same alert has the same id, whoever plans it."""
    return AlertId(_stable_hash("alert", watch_id, story_id, str(revision)))


def delivery_id(alert_id: AlertId, channel: ChannelId) -> DeliveryId:
    """The same alert has one delivery for each channel, whoever makes it."""
    return DeliveryId(_stable_hash("delivery", alert_id, channel))


def quotes_of(article: Article, evidence: Iterable[Evidence]) -> tuple[Quote, ...]:
    """Up to three different sentences in reading order; the title, which a message shows anyway, only if alone."""
    sentences: dict[tuple[Field, int, int], list[Evidence]] = {}
    for span in evidence:
        sentences.setdefault((span.field, span.sentence_start, span.sentence_end), []).append(span)
    order = list(Field)
    below_title = [key for key in sentences if key[0] is not Field.TITLE]
    quotes: dict[str, Quote] = {}
    for key in sorted(below_title or sentences, key=lambda key: (order.index(key[0]), key[1], key[2])):
        quote = _quote(article, sentences[key])
        quotes.setdefault(quote.text, quote)
    return tuple(quotes.values())[:MAX_QUOTES]


def next_of(pace: Sequence[time], now: datetime) -> datetime | None:
    """The next of these times of the day in Bulgaria, not before `now`; None for no pace.

    A time that the change to summer time leaves out is taken as the same time after it.
    """
    today = now.astimezone(SOFIA).date()
    moments = (
        datetime.combine(today + timedelta(days=day), at, tzinfo=SOFIA).astimezone(UTC) for day in (0, 1) for at in pace
    )
    return min((moment for moment in moments if moment >= now), default=None)


def _reason(  # noqa: PLR0917 - a row of rules, the first that applies wins
    article: Article, story: Story, watch: Watch, already: bool, now: datetime, max_age: timedelta
) -> Reason:
    if article.baseline:
        return Reason.BASELINE
    if now - (article.published_at or article.seen_at) > max_age:
        return Reason.TOO_OLD
    if watch.expires is not None and watch.expires <= now.astimezone(SOFIA).date():
        return Reason.EXPIRED
    if already:
        return Reason.ALREADY_ALERTED
    if watch.pace:
        return Reason.PACED
    is_first = story.grouping is Grouping.FIRST and article.revision == 1
    return Reason.FIRST_OF_STORY if is_first else Reason.NEW_FOR_WATCH


def _alert(match: Match, notice: Notice, *, article: Article, story: Story, watch: Watch, now: datetime) -> Alert:
    return Alert(
        id=alert_id(watch.id, story.id, _REVISION),
        watch_id=match.watch_id,
        story_id=story.id,
        article_id=article.id,
        revision=_REVISION,
        notice=notice,
        created_at=now,
        channels=watch.channels,
        held_until=next_of(watch.pace, now),
    )


def _notice(match: Match, *, article: Article, watch: Watch, reason: Reason, version: str) -> Notice:
    return Notice(
        watch_id=watch.id,
        watch_name=watch.name,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published_at=article.published_at,
        seen_at=article.seen_at,
        quotes=quotes_of(article, match.evidence),
        match_reason=match.reason,
        decision_reason=reason,
        watchlist_version=version,
        severity=watch.severity,
        parts=article.parts,
        is_excerpt=fragment_of(article) is not None,
    )


def _quote(article: Article, spans: Sequence[Evidence]) -> Quote:
    start, end = spans[0].sentence_start, spans[0].sentence_end
    sentence = article.text_of(spans[0].field)[start:end]
    start += len(sentence) - len(sentence.lstrip())
    text = sentence.strip()
    marks: list[tuple[int, int]] = []
    for first, last in sorted((span.start - start, span.end - start) for span in spans):
        if marks and first < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(last, marks[-1][1]))
        else:
            marks.append((first, last))
    return Quote(text=text, marks=tuple(marks))


def _stable_hash(*parts: str) -> str:
    # Length first, so that no two lists of parts are written alike.
    written = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(written.encode(), digest_size=16).hexdigest()
