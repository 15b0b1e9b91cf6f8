"""Whom an article is told to: the first rule that applies wins, and every match gets its reason; pure.

Replaying a plan with its own alerts in the history plans nothing new, so a plan may be made twice.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from worker.grouping.notices import amended, notice_of, terms_of
from worker.grouping.routes import again_after, routes_of
from worker.grouping.sources import sources_of
from worker.models.alert import (
    Alert,
    AlertId,
    Decided,
    Decision,
    Grouping,
    History,
    Notice,
    Plan,
    Reason,
    Route,
    Story,
    Told,
)
from worker.models.attribution import UNSTATED, Attribution
from worker.models.delivery import DeliveryId
from worker.models.news import Article, StoryId
from worker.models.rules import AlertRules
from worker.models.story import Member, Sources
from worker.models.watch import ChannelId, Match, Person, Severity, Watch, WatchId, Watchlist
from worker.text.times import SOFIA

_SEVERITIES = list(Severity)
#: What is told again as a message of its own, and not only written into the first one.
_LOUD_NEWS = frozenset({Reason.HIGHER_SEVERITY, Reason.NEW_ACTOR})


def plan_alerts(  # noqa: PLR0917 - all seven are what a decision depends on; the use case reads in this order
    article: Article,
    matches: Sequence[Match],
    story: Story,
    history: History,
    watchlist: Watchlist,
    now: datetime,
    rules: AlertRules,
    *,
    is_confirmed: bool = True,
    attribution: Attribution = UNSTATED,
) -> Plan:
    """What is decided about each match, in order, and the alerts that follow; `watchlist` holds every match's watch.

    Alerts on matches that no language model stands behind say so.
    """
    watches = {watch.id: watch for watch in watchlist.watches}
    sources = sources_of(_members(article, attribution, story, history))
    decided: list[Decided] = []
    alerts: dict[WatchId, Alert] = {}
    for match in matches:
        watch = watches[match.watch_id]
        told = history.told.get((watch.id, story.id))
        case = _Case(article, story, watch, match, told, sources, now)
        reason = Reason.ALREADY_ALERTED if watch.id in alerts else _reason(case, history, rules)
        decision = decision_for(reason, watch)
        if decision is not Decision.DROP:
            notice = _notice(case, reason, decision, watchlist.version, attribution, is_confirmed=is_confirmed)
            alert = alerts[watch.id] = _alert(case, notice, decision, history, rules)
            decision, reason = _outcome(alert, decision, reason)
        decided.append(Decided(match=match, decision=decision, reason=reason))
    return Plan(history_version=history.version, story=story, decided=tuple(decided), alerts=tuple(alerts.values()))


def decision_for(reason: Reason, watch: Watch) -> Decision:
    """What a reason means for a match, before its channels have a say."""
    match reason:
        case Reason.BASELINE | Reason.TOO_OLD | Reason.EXPIRED | Reason.SILENCED | Reason.ALREADY_ALERTED:
            return Decision.DROP
        case Reason.NEW_SOURCE:
            return Decision.NOTIFY if watch.follows else Decision.AMEND
        case Reason.NEW_OUTLET | Reason.ACKNOWLEDGED:
            return Decision.AMEND
        case Reason.PACED | Reason.SOON_AFTER | Reason.FLOOD | Reason.QUIET_HOURS:
            return Decision.HOLD
        case _:
            return Decision.NOTIFY


def alert_id(watch_id: WatchId, story_id: StoryId, revision: int) -> AlertId:
    """The same alert has the same id, whoever plans it."""
    return AlertId(stable_hash("alert", watch_id, story_id, str(revision)))


def delivery_id(alert_id: str, channel: ChannelId) -> DeliveryId:
    """The same alert, or whatever else is sent, has one delivery for each channel, whoever makes it."""
    return DeliveryId(stable_hash("delivery", alert_id, channel))


def stable_hash(*parts: str) -> str:
    """32 hexadecimal digits that depend on every part; kept in the database, so they may never change."""
    # Length first, so that no two lists of parts are written alike.
    written = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(written.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class _Case:
    """One match and what is known when it is decided."""

    article: Article
    story: Story
    watch: Watch
    match: Match
    told: Told | None
    sources: Sources
    now: datetime

    @property
    def heard(self) -> Told | None:
        """What people really know of the story."""
        return None if self.told is None or self.told.is_unheard else self.told

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms of the watch that were found in the story so far, new persons last: messages name the last one."""
        known = self.heard.last.terms if self.heard else ()
        actors = _actors(self.watch)
        fresh = sorted((term for term in terms_of(self.match) if term not in known), key=actors.__contains__)
        return (*known, *fresh)


def _reason(case: _Case, history: History, rules: AlertRules) -> Reason:
    article, watch, now = case.article, case.watch, case.now
    if article.baseline:
        return Reason.BASELINE
    if now - (article.published_at or article.seen_at) > rules.max_age:
        return Reason.TOO_OLD
    if is_expired(watch, now):
        return Reason.EXPIRED
    parts = (case.story.id, *case.story.merges)
    if any(silence.covers(watch.id, part, now) for silence in history.silences for part in parts):
        return Reason.SILENCED
    if case.heard is not None:
        return _news(case, case.heard)
    is_first = case.story.grouping is Grouping.FIRST and article.revision == 1
    return Reason.FIRST_OF_STORY if is_first else Reason.NEW_FOR_WATCH


def is_expired(watch: Watch, now: datetime) -> bool:
    """Whether a watch alerts no more; its last day ends at midnight in Sofia."""
    return watch.expires is not None and watch.expires <= now.astimezone(SOFIA).date()


def _news(case: _Case, told: Told) -> Reason:
    """What an article says that the people of the watch were not told."""
    if _SEVERITIES.index(case.watch.severity) > _SEVERITIES.index(told.last.severity):
        return Reason.HIGHER_SEVERITY
    known = told.last.sources
    reason = Reason.ALREADY_ALERTED
    if (set(terms_of(case.match)) - set(told.last.terms)) & _actors(case.watch) and told.last.terms:
        reason = Reason.NEW_ACTOR
    elif not known.outlets:
        # An alert of an earlier version, which did not note who had the story.
        reason = Reason.ALREADY_ALERTED
    elif case.sources.independent > known.independent:
        reason = Reason.NEW_SOURCE
    elif {one.outlet for one in case.sources.outlets} - {one.outlet for one in known.outlets}:
        reason = Reason.NEW_OUTLET
    is_loud = decision_for(reason, case.watch) is Decision.NOTIFY
    return Reason.ACKNOWLEDGED if is_loud and told.is_acknowledged else reason


def _actors(watch: Watch) -> frozenset[str]:
    """The persons that a watch follows, as terms are named in matches."""
    persons = [term for term in (*watch.terms, *watch.all) if isinstance(term, Person)]
    return frozenset(name for one in persons for name in (one.surname, *one.other_surnames))


def _notice(
    case: _Case, reason: Reason, decision: Decision, version: str, attribution: Attribution, *, is_confirmed: bool
) -> Notice:
    if decision is Decision.AMEND and case.heard is not None:
        return amended(case.heard, reason, case.sources, case.terms)
    notice = notice_of(
        case.match,
        article=case.article,
        watch=case.watch,
        version=version,
        attribution=attribution,
        is_confirmed=is_confirmed,
    )
    revision = case.told.revision + 1 if case.told else 1
    return replace(notice, decision_reason=reason, sources=case.sources, terms=case.terms, revision=revision)


def _alert(case: _Case, notice: Notice, decision: Decision, history: History, rules: AlertRules) -> Alert:
    is_amendment = decision is Decision.AMEND
    if is_amendment:
        # It makes no sound, so it need not wait; the store lets it wait for the message that it amends.
        routes = tuple(Route(channel=channel) for channel in dict.fromkeys(case.watch.channels))
    else:
        routes = routes_of(case.watch, history.recent, rules, case.now, _not_before(case, notice, rules))
    return Alert(
        id=alert_id(case.watch.id, case.story.id, notice.revision),
        watch_id=case.watch.id,
        story_id=case.story.id,
        article_id=case.article.id,
        revision=notice.revision,
        notice=notice,
        created_at=case.now,
        routes=routes,
        is_amendment=is_amendment,
    )


def _not_before(case: _Case, notice: Notice, rules: AlertRules) -> datetime | None:
    """The earliest moment of a further alert; one that waits already takes this one along."""
    told = case.heard
    if told is None or notice.decision_reason is Reason.HIGHER_SEVERITY:
        return None
    return told.loud_at if told.loud_at > case.now else told.loud_at + again_after(told.loud, rules)


def _outcome(alert: Alert, decision: Decision, reason: Reason) -> tuple[Decision, Reason]:
    """An alert that every channel has to wait for is held, for the reason that the first of them gives."""
    if decision is Decision.AMEND or not alert.routes or any(route.held_until is None for route in alert.routes):
        return decision, reason
    return Decision.HOLD, alert.routes[0].reason or reason


def _members(article: Article, attribution: Attribution, story: Story, history: History) -> Iterable[Member]:
    """The articles of the story with this one as it is now."""
    yield from (one for one in history.members.get(story.id, ()) if one.article_id != article.id)
    yield Member(
        article_id=article.id,
        outlet=article.outlet,
        url=article.url,
        at=min(article.published_at or article.seen_at, article.seen_at),
        attribution=attribution,
        copy_of=story.copy_of,
    )
