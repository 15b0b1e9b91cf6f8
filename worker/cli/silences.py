"""Commands about silences: a person's dated «not now» for a watch, a story, or a story by one watch."""

import secrets
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click

from worker.cli.inputs import watch_in
from worker.cli.instants import local, moment_of, span_of
from worker.cli.people import AS_JSON, AUTHOR, SHORT, author_of, full_id, print_json
from worker.cli.service import settings_of
from worker.errors import ConfigError

if TYPE_CHECKING:
    from worker.store.outbox_views import SilenceRow


@click.group()
def silence() -> None:
    """Silences: nobody is told of a watch or a story for a while."""


@silence.command()
@click.option("--watch", help="Id of the watch.")
@click.option("--story", help="Id of the story; «vestitel alerts list» shows it.")
@click.option("--for", "span", help="How long from now: 30m, 8h, 3d, 2w.")
@click.option("--until", help="Until when, in Bulgaria: 08:00, 2026-11-25, «2026-11-25 08:00».")
@click.option("--reason", required=True, help="Why, for the others.")
@AUTHOR
@click.pass_context
def add(  # noqa: PLR0917 - the options of the command
    context: click.Context,
    watch: str | None,
    story: str | None,
    span: str | None,
    until: str | None,
    reason: str,
    author: str | None,
) -> None:
    """Tell nobody of a watch, of a story, or of a story by one watch, from now on for a while."""
    from worker.models.news import StoryId
    from worker.models.silence import Silence, SilenceId
    from worker.models.watch import WatchId
    from worker.store.told_stories import story_ids
    from worker.wiring import opened

    if watch is None and story is None:
        raise ConfigError(("name what is to be silent, with --watch, --story or both",))
    if not reason.strip():
        raise ConfigError(("--reason is empty; say why, so that the others know",))
    who, now = author_of(author), datetime.now(UTC)
    ends_at = _end(span, until, now)
    settings = settings_of(context)
    with opened(settings) as parts:
        of_story = None
        if story is not None:
            of_story = full_id("story", story, partial(story_ids, parts.engine), "«vestitel alerts list» shows them")
        asked = Silence(
            id=SilenceId(secrets.token_hex(8)),
            watch_id=WatchId(watch_in(settings.watchlist, watch).id) if watch is not None else None,
            story_id=StoryId(of_story) if of_story is not None else None,
            author=who,
            comment=reason.strip(),
            starts_at=now,
            ends_at=ends_at,
        )
        parts.alerts.add_silence(asked)
    print(f"{asked.id}  silent until {local(ends_at)}")


@silence.command(name="list")
@click.option("--all", "is_all", is_flag=True, help="Those that are over, too.")
@AS_JSON
@click.pass_context
def list_silences(context: click.Context, *, is_all: bool, as_json: bool) -> None:
    """Show the silences in force, last to end first."""
    from worker.cli.feed_tables import table
    from worker.store.outbox_views import silence_rows
    from worker.wiring import opened

    with opened(settings_of(context)) as parts:
        found = silence_rows(parts.engine, datetime.now(UTC), is_all=is_all)
    if as_json:
        print_json(found)
        return
    if not found:
        print("no silences" if is_all else "no silences in force")
        return
    print(table(("silence", "watch", "story", "from", "until", "state", "who", "why"), [_row(one) for one in found]))


@silence.command()
@click.argument("silence_id", metavar="SILENCE")
@click.pass_context
def expire(context: click.Context, silence_id: str) -> int:
    """End a silence now."""
    from worker.models.silence import SilenceId
    from worker.store.outbox_views import silence_ids
    from worker.wiring import opened

    with opened(settings_of(context)) as parts:
        find = partial(silence_ids, parts.engine)
        full = full_id("silence", silence_id, find, "«vestitel silence list --all» shows them")
        is_ended = parts.alerts.end_silence(SilenceId(full), datetime.now(UTC))
    print(f"{full}  " + ("is over" if is_ended else "was over already"))
    return 0 if is_ended else 1


def _end(span: str | None, until: str | None, now: datetime) -> datetime:
    if (span is None) == (until is None):
        raise ConfigError(("say how long, with either --for 8h or --until «2026-11-25 08:00»",))
    try:
        ends_at = now + span_of(span) if span is not None else moment_of(until or "", now)
    except OverflowError as error:
        raise ConfigError((f"--for {span} ends after the calendar; choose less",)) from error
    if ends_at <= now:
        raise ConfigError((f"--until {until} is over already; choose a later moment",))
    return ends_at


def _row(one: "SilenceRow") -> tuple[str, ...]:
    asked = one.silence
    state = "in force" if one.is_in_force else f"ended {local(one.ended_at)}" if one.ended_at else "over"
    return (
        *(asked.id[:SHORT], asked.watch_id or "any", (asked.story_id or "any")[:SHORT]),
        *(local(asked.starts_at), local(asked.ends_at), state, asked.author, asked.comment),
    )
