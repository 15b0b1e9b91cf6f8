"""Commands about whom and what the news names: the catalogue, names it lacks, and what is on the rise."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from worker.cli.service import settings_of
from worker.text.times import SOFIA

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.entities.trends import Sighting

_DAYS = click.option("--days", type=click.IntRange(1, 365), default=7, show_default=True, help="How far to look back.")
_LIMIT = click.option("--limit", type=click.IntRange(min=1), default=30, show_default=True)


@click.group()
def entities() -> None:
    """Known actors, and names that the news brings."""


@entities.command(name="list")
@click.argument("words", nargs=-1)
@click.pass_context
def list_entities(context: click.Context, words: tuple[str, ...]) -> None:
    """Show the actors of the catalogue, or those with all of WORDS in one of their names."""
    from worker.text.fold import fold_word

    wanted = [fold_word(word) for word in words]
    for actor in settings_of(context).catalogue.actors:
        names = [actor.name, *actor.aliases, *actor.weak]
        if all(any(word in fold_word(name) for name in names) for word in wanted):
            print(f"{actor.id}  {actor.kind}  {'; '.join(names)}" + (f"  ({actor.about})" if actor.about else ""))


@entities.command(name="new")
@_DAYS
@_LIMIT
@click.option("--least", type=click.IntRange(min=1), default=3, show_default=True, help="In so many articles.")
@click.pass_context
def new_entities(context: click.Context, days: int, limit: int, least: int) -> None:
    """Propose names that the catalogue does not know, ready to be put into a file of config/actors/."""
    from worker.entities.trends import proposals
    from worker.store.sightings import names_seen
    from worker.wiring import opened

    settings = settings_of(context)
    known = frozenset(actor.name for actor in settings.catalogue.actors)
    with opened(settings) as parts:
        seen = names_seen(parts.engine, datetime.now(UTC) - timedelta(days=days))
    for one in proposals(seen, known, least)[:limit]:
        name = one.name.replace("\\", "\\\\").replace('"', '\\"')
        print(f'  - {{id: , name: "{name}", kind: {one.kind}}}', end="")
        print(f"  # {one.articles} articles, {one.outlets} outlets, for instance {one.article_id}")


@entities.command(name="trends")
@_DAYS
@_LIMIT
@click.pass_context
def entity_trends(context: click.Context, days: int, limit: int) -> None:
    """Show the names of today's news („най-споменавани“), the greatest rise against their own past first."""
    from worker.store.sightings import names_seen

    _print_trends(context, names_seen, days, limit)


@click.group()
def topics() -> None:
    """What the news is about."""


@topics.command(name="trends")
@_DAYS
@_LIMIT
@click.pass_context
def topic_trends(context: click.Context, days: int, limit: int) -> None:
    """Show the topics of today's news, the greatest rise against their own past first."""
    from worker.store.sightings import topics_seen

    _print_trends(context, topics_seen, days, limit)


@topics.command(name="find")
@_DAYS
@_LIMIT
@click.argument("words", nargs=-1, required=True)
@click.pass_context
def find_topics(context: click.Context, days: int, limit: int, words: tuple[str, ...]) -> None:
    """Show the articles with a topic that holds all of WORDS, newest first."""
    from worker.store.sightings import topics_seen
    from worker.text.fold import fold_word
    from worker.wiring import opened

    wanted = [fold_word(word) for word in words]
    with opened(settings_of(context)) as parts:
        seen = topics_seen(parts.engine, datetime.now(UTC) - timedelta(days=days))
    found = [one for one in seen if all(word in fold_word(one.name) for word in wanted)]
    found.sort(key=lambda one: (one.seen_at, one.article_id), reverse=True)
    for one in found[:limit]:
        print(f"{one.seen_at.astimezone(SOFIA):%Y-%m-%d %H:%M}  {one.article_id}  {one.outlet}  «{one.name}»")


def _print_trends(
    context: click.Context, seen_in: "Callable[[Engine, datetime], Sequence[Sighting]]", days: int, limit: int
) -> None:
    from worker.entities.trends import trends
    from worker.wiring import opened

    now = datetime.now(UTC)
    with opened(settings_of(context)) as parts:
        seen = seen_in(parts.engine, now - timedelta(days=days + 1))
    for one in trends(seen, now.astimezone(SOFIA).date(), days)[:limit]:
        print(
            f"{one.rise:6.1f}×  {one.articles:4} articles  {one.outlets:3} outlets  usually {one.usual:6.1f} a day"
            f"  {one.kind:8}  {one.name}"
        )
