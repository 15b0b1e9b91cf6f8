"""Commands about deliveries: what waits, what was sent, what was given up, and what a person does about it."""

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from worker.cli.instants import local
from worker.cli.people import AS_JSON, AUTHOR, SHORT, author_of, full_id, print_facts, print_json
from worker.cli.service import settings_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.models.delivery import DeliveryId
    from worker.store.outbox_views import OutboxRow

_STATES = ("held", "pending", "sending", "sent", "in_digest", "dropped", "dead")
_OPEN = ("held", "pending", "sending", "dead")
_MOST = 100_000
_REMEDY = "«vestitel deliveries list» shows those that are open, with --state all the others"


@click.group()
def deliveries() -> None:
    """Deliveries: what waits, what was sent, and what was given up."""


@deliveries.command(name="list")
@click.option("--state", "states", multiple=True, type=click.Choice((*_STATES, "all")), help="Repeatable; else: open.")
@click.option("--channel", help="Only to this channel.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@AS_JSON
@click.pass_context
def list_deliveries(
    context: click.Context, states: tuple[str, ...], channel: str | None, limit: int, *, as_json: bool
) -> None:
    """Show deliveries that are not done with (held, pending, sending, dead), newest first."""
    from worker.cli.feed_tables import table
    from worker.models.delivery import DeliveryState
    from worker.models.watch import ChannelId
    from worker.store.outbox_views import delivery_rows
    from worker.wiring import opened

    wanted = () if "all" in states else tuple(DeliveryState(one) for one in states or _OPEN)
    with opened(settings_of(context)) as parts:
        of_channel = ChannelId(channel) if channel else None
        found = delivery_rows(parts.engine, states=wanted, channel=of_channel, limit=limit)
    if as_json:
        print_json(found)
        return
    if not found:
        print("no such deliveries")
        return
    print(table(("delivery", "state", "channel", "when", "attempts", "why", "what"), [_row(one) for one in found]))


@deliveries.command()
@click.argument("delivery")
@AS_JSON
@click.pass_context
def show(context: click.Context, delivery: str, *, as_json: bool) -> None:
    """Show everything that is known of one delivery."""
    from worker.store.outbox_views import delivery_row
    from worker.wiring import opened

    with opened(settings_of(context)) as parts:
        (full,) = _full_ids(parts.engine, (delivery,))
        found = delivery_row(parts.engine, full)
    if found is None:
        return
    if as_json:
        print_json(found)
        return
    one = found.delivery
    print_facts(
        (
            ("delivery", one.id),
            ("alert", one.alert_id),
            ("watch", found.watch_id),
            ("story", found.story_id),
            ("what", title_of(found)),
            ("channel", one.channel),
            ("state", one.state.value),
            ("amends", "the first message of its story" if one.is_amendment else ""),
            ("why", one.reason),
            ("attempts", one.attempts),
            ("may repeat", "an earlier attempt may have arrived" if one.maybe_repeated else ""),
            ("made", local(one.created_at)),
            ("next", local(one.next_attempt_at) if one.state.value in {"held", "pending"} else ""),
            ("digest", one.digest_id),
            ("sent", local(one.sent_at) if one.sent_at else ""),
            ("given up", local(one.dead_at) if one.dead_at else ""),
            ("remote id", one.remote_id),
        )
    )


@deliveries.command()
@click.argument("ids", nargs=-1, required=True)
@click.pass_context
def retry(context: click.Context, ids: tuple[str, ...]) -> int:
    """Send dead deliveries again, and those that wait at once (their ids, or `all` that are dead)."""
    from worker.wiring import opened

    with opened(settings_of(context)) as parts:
        wanted, now = _wanted(parts.engine, ids), datetime.now(UTC)
        done = (*parts.alerts.replay(wanted, now), *parts.alerts.release(wanted, now))
        return _told(parts.engine, wanted, done, "will be sent")


@deliveries.command()
@click.argument("ids", nargs=-1, required=True)
@AUTHOR
@click.pass_context
def drop(context: click.Context, ids: tuple[str, ...], author: str | None) -> int:
    """Never send deliveries that wait or are dead (their ids, or `all` that are dead)."""
    from worker.wiring import opened

    who = author_of(author)
    with opened(settings_of(context)) as parts:
        wanted = _wanted(parts.engine, ids)
        return _told(parts.engine, wanted, parts.alerts.drop(wanted, who, datetime.now(UTC)), "is dropped")


def title_of(row: "OutboxRow") -> str:
    """What a delivery says, in a few words."""
    from worker.models.alert import Notice
    from worker.models.delivery import Digest

    match row.content:
        case Notice() as notice:
            return f"{notice.watch_name}: «{notice.title}»"
        case Digest() as digest:
            return f"digest of {len(digest.notices)} alerts"
        case review:
            return f"the week in review from {review.first_day:%d.%m.%Y}"


def _row(one: "OutboxRow") -> tuple[str, ...]:
    delivery = one.delivery
    when = delivery.sent_at or delivery.dead_at or delivery.next_attempt_at
    return (
        *(delivery.id[:SHORT], delivery.state.value, delivery.channel, local(when), str(delivery.attempts)),
        *(delivery.reason or "–", title_of(one)),
    )


def _wanted(engine: "Engine", ids: tuple[str, ...]) -> "tuple[DeliveryId, ...]":
    from worker.models.delivery import DeliveryState
    from worker.store.outbox_views import delivery_rows

    if ids == ("all",):
        return tuple(one.delivery.id for one in delivery_rows(engine, states=(DeliveryState.DEAD,), limit=_MOST))
    return _full_ids(engine, ids)


def _full_ids(engine: "Engine", ids: tuple[str, ...]) -> "tuple[DeliveryId, ...]":
    from worker.models.delivery import DeliveryId
    from worker.store.outbox_views import delivery_ids

    find = partial(delivery_ids, engine)
    return tuple(dict.fromkeys(DeliveryId(full_id("delivery", one, find, _REMEDY)) for one in ids))


def _told(engine: "Engine", wanted: "tuple[DeliveryId, ...]", done: "tuple[DeliveryId, ...]", what: str) -> int:
    """Says what became of each; 1 unless all were done."""
    from worker.store.outbox_views import delivery_row

    if not wanted:
        print("no dead deliveries")
    for one in wanted:
        row = None if one in done else delivery_row(engine, one)
        print(f"{one}  {what if row is None else f'was left as it is: {row.delivery.state.value}'}")
    return 0 if set(wanted) <= set(done) else 1
