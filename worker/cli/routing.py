"""`vestitel route`: where an alert of a watch would go, when, and why; nothing is sent."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from worker.cli.inputs import archive_engine, watch_in
from worker.cli.instants import local, moment_of
from worker.cli.people import AS_JSON

if TYPE_CHECKING:
    from worker.models.alert import History, Plan, Route
    from worker.models.rules import AlertRules
    from worker.models.watch import ChannelId, Watch
    from worker.settings.load import Settings

_SEVERITIES = ("low", "normal", "high", "urgent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What one channel would get."""

    channel: str
    kind: str
    #: None: nothing
    at: datetime | None
    is_now: bool
    why: str


@click.command()
@click.argument("watch")
@click.option("--severity", type=click.Choice(_SEVERITIES), help="As if the watch had this severity.")
@click.option("--at", "moment", help="As if it were then, in Bulgaria: 23:30, «2026-11-28 10:00».")
@AS_JSON
@click.pass_context
def route(context: click.Context, watch: str, severity: str | None, moment: str | None, *, as_json: bool) -> int:
    """Say for each channel whether an alert of WATCH would go now, when else, and why; nothing is sent.

    A new story is assumed. The exit code is 1 when the alert would reach nobody.
    """
    from worker.grouping.routing import trial
    from worker.models.watch import Severity
    from worker.settings.channel_manners import alert_rules
    from worker.settings.load import settings_without_secrets

    now = datetime.now(UTC)
    at = moment_of(moment, now) if moment else now
    settings, unset = settings_without_secrets(context.obj.config_dir, os.environ)
    chosen = watch_in(settings.watchlist, watch)
    chosen = replace(chosen, severity=Severity(severity)) if severity else chosen
    rules = alert_rules(settings.service, settings.channels)
    history = _history(settings, rules, at)
    plan = trial(chosen, history.silences, history.recent, rules, at)
    outlooks = tuple(_outlooks(plan, chosen, settings, unset, history, rules))
    if as_json:
        shown: dict[str, Any] = {"watch": chosen.id, "severity": chosen.severity.value, "at": at.isoformat()}
        shown |= {"decision": plan.decided[0].decision.value, "reason": plan.decided[0].reason.value}
        print(json.dumps(shown | {"channels": [_as_json(one) for one in outlooks]}, ensure_ascii=False, indent=2))
    else:
        print(f"{chosen.id} ({chosen.name}), severity {chosen.severity.value}, at {local(at)} in Bulgaria")
        for one in outlooks:
            when = "now" if one.is_now else f"at {local(one.at)}" if one.at else "not at all"
            print(f"  {one.channel} ({one.kind}): {when}" + (f" – {one.why}" if one.why else ""))
        for line in _notes(history, chosen):
            print(f"note: {line}")
    return 0 if any(one.at for one in outlooks) else 1


def _outlooks(  # noqa: PLR0917 - all that an answer depends on
    plan: "Plan",
    watch: "Watch",
    settings: "Settings",
    unset: "Mapping[ChannelId, tuple[str, ...]]",
    history: "History",
    rules: "AlertRules",
) -> Iterator[Outlook]:
    refused = "" if plan.alerts else _refusal(plan, watch, history)
    routes = {one.channel: one for one in plan.alerts[0].routes} if plan.alerts else {}
    for channel in dict.fromkeys(watch.channels):
        part = settings.channels[channel]
        missing = unset.get(channel, ())
        way = routes.get(channel)
        if way is None or missing:
            why = refused or f"environment variable {', '.join(missing)} is not set"
            yield Outlook(channel=channel, kind=part.kind, at=None, is_now=False, why=why)
            continue
        at = way.held_until or plan.alerts[0].created_at
        why = _why(way, watch, part.quiet, rules)
        yield Outlook(channel=channel, kind=part.kind, at=at, is_now=way.held_until is None, why=why)


def _refusal(plan: "Plan", watch: "Watch", history: "History") -> str:
    """Why there would be no alert at all."""
    from worker.grouping.routing import NO_STORY
    from worker.models.alert import Reason

    reason = plan.decided[0].reason
    if reason is Reason.EXPIRED:
        return f"the watch expired on {watch.expires}"
    if reason is Reason.SILENCED:
        found = next(one for one in history.silences if one.covers(watch.id, NO_STORY, one.starts_at))
        return f"silenced until {local(found.ends_at)} by {found.author}: {found.comment} ({found.id})"
    return reason.value


def _why(way: "Route", watch: "Watch", quiet: list[str], rules: "AlertRules") -> str:
    from worker.models.alert import Reason

    match way.reason:
        case Reason.PACED:
            return f"the watch wants its alerts at {', '.join(f'{one:%H:%M}' for one in watch.pace)}"
        case Reason.FLOOD:
            minutes = rules.flood_window.total_seconds() / 60
            return f"{rules.flood_alerts} alerts or more came within {minutes:g} minutes; the next ones go together"
        case Reason.QUIET_HOURS:
            return f"quiet hours of the channel ({', '.join(quiet)}), which only urgent alerts break"
        case _:
            return way.reason.value if way.reason else ""


def _notes(history: "History", watch: "Watch") -> Iterator[str]:
    stories = [one for one in history.silences if one.story_id is not None and one.watch_id in {None, watch.id}]
    for one in stories:
        yield f"story {one.story_id} is silenced until {local(one.ends_at)} by {one.author}: {one.comment}"


def _history(settings: "Settings", rules: "AlertRules", at: datetime) -> "History":
    """Silences and the alerts of the last while; none where there is no database yet."""
    from worker.grouping.routing import NO_STORY
    from worker.models.alert import History
    from worker.store.alerts import SqlAlertStore

    engine = archive_engine(settings)
    if engine is None:
        return History(version=0)
    try:
        return SqlAlertStore(engine).history((NO_STORY,), at, at - rules.flood_window)
    finally:
        engine.dispose()


def _as_json(one: Outlook) -> dict[str, Any]:
    at = one.at.isoformat() if one.at else None
    return {"channel": one.channel, "kind": one.kind, "at": at, "is_now": one.is_now, "why": one.why}
