"""Commands about alerts: what people were told of which story, and that somebody knows."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from worker.cli.instants import local, since_of
from worker.cli.people import AS_JSON, AUTHOR, SHORT, author_of, full_id, print_facts, print_json
from worker.cli.service import settings_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.models.alert import AlertId
    from worker.store.views import AlertRow

_REMEDY = "«vestitel alerts list» shows them"


@click.group()
def alerts() -> None:
    """Alerts: what people were told of which story."""


@alerts.command(name="list")
@click.option("--watch", help="Only of this watch.")
@click.option("--since", help="Made so long ago at most (8h, 2d), or since a moment (2026-11-25 08:00).")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@AS_JSON
@click.pass_context
def list_alerts(context: click.Context, watch: str | None, since: str | None, limit: int, *, as_json: bool) -> None:
    """Show the last alerts, newest first."""
    from worker.cli.feed_tables import table
    from worker.models.watch import WatchId
    from worker.store.outbox_views import alert_rows
    from worker.wiring import opened

    begin = since_of(since, datetime.now(UTC)) if since else None
    with opened(settings_of(context)) as parts:
        of_watch = WatchId(watch) if watch else None
        found = alert_rows(parts.engine, watch_id=of_watch, since=begin, limit=limit)
    if as_json:
        print_json(found)
        return
    if not found:
        print("no such alerts")
        return
    print(table(("alert", "made", "watch", "story", "no.", "why", "sent to", "title"), [_row(one) for one in found]))


@alerts.command()
@click.argument("alert")
@AS_JSON
@click.pass_context
def show(context: click.Context, alert: str, *, as_json: bool) -> None:
    """Show everything that is known of one alert, and what became of it on each channel."""
    from worker.store.outbox_views import alert_row
    from worker.wiring import opened

    with opened(settings_of(context)) as parts:
        found = alert_row(parts.engine, _full(parts.engine, alert))
    if found is None:
        return
    if as_json:
        print_json(found)
        return
    notice = found.notice
    print_facts(
        (
            ("alert", found.id),
            ("watch", f"{found.watch_id} ({notice.watch_name})"),
            ("story", found.story_id),
            ("number", f"{found.revision}{', amends the first message' if found.is_amendment else ''}"),
            ("why", f"{notice.decision_reason.value}; {notice.match_reason}"),
            ("title", f"«{notice.title}»"),
            ("outlet", notice.outlet),
            ("link", notice.url),
            ("outlets", ", ".join(one.outlet for one in notice.sources.outlets)),
            ("sources", notice.sources.independent or ""),
            ("severity", notice.severity.value),
            ("made", local(found.created_at)),
            ("seen by", f"{found.acknowledged_by}, {local(found.acknowledged_at)}" if found.acknowledged_at else ""),
            *(("proof", f"„{quote.text}“") for quote in notice.quotes),
            *((f"to {one.channel}", f"{one.state.value} {one.reason or ''}  {one.id}") for one in found.deliveries),
        )
    )


@alerts.command()
@click.argument("alert")
@AUTHOR
@click.pass_context
def ack(context: click.Context, alert: str, author: str | None) -> int:
    """Say that you know: later news of the story only amend its message."""
    from worker.wiring import opened

    who = author_of(author)
    with opened(settings_of(context)) as parts:
        full = _full(parts.engine, alert)
        is_done = parts.alerts.acknowledge(full, who, datetime.now(UTC))
    print(f"{full}  " + ("is acknowledged with all of its story" if is_done else "is gone"))
    return 0 if is_done else 1


def _row(one: "AlertRow") -> tuple[str, ...]:
    sent = ", ".join(f"{delivery.channel} {delivery.state.value}" for delivery in one.deliveries)
    why = one.notice.decision_reason.value + (", known" if one.acknowledged_at else "")
    return (
        *(one.id[:SHORT], local(one.created_at), one.watch_id, one.story_id[:SHORT], str(one.revision)),
        *(why, sent or "–", f"«{one.notice.title}»"),
    )


def _full(engine: "Engine", alert: str) -> "AlertId":
    from worker.models.alert import AlertId
    from worker.store.outbox_views import alert_ids

    return AlertId(full_id("alert", alert, partial(alert_ids, engine), _REMEDY))
