"""Commands about feeds: how they fare, what they answer, and how they come into the configuration."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.cli.feed_inputs import (
    chosen_feeds,
    database_of,
    discovered,
    feed_settings,
    listed_feeds,
    require_contact,
)
from worker.errors import ConfigError
from worker.text.urls import url_key

if TYPE_CHECKING:
    from worker.fetch.discover import Found
    from worker.settings.feed_edits import NewFeed
    from worker.settings.load import Settings

_SHOWN_ENTRIES = 10
_AT_ONCE = 4
_WRITE = click.option("--write", is_flag=True, help="Write it into feeds.yaml; comments and order stay.")


@click.group()
def feeds() -> None:
    """Feeds: how they fare, what they answer, and how they come into the configuration."""


@feeds.command(name="list")
@click.option("--all", "with_off", is_flag=True, help="Those that are switched off too.")
@click.pass_context
def list_feeds(context: click.Context, *, with_off: bool) -> None:
    """Show each feed with its state, its last and its next poll."""
    from worker.cli.feed_tables import listing
    from worker.cli.inputs import archive_engine
    from worker.store.views import feed_rows

    settings = feed_settings(context)
    engine = archive_engine(settings)
    rows = feed_rows(engine) if engine is not None else ()
    shown = [one for one in listed_feeds(settings) if with_off or one.part.enabled]
    print(listing(shown, {row.state.feed_id: row for row in rows}, datetime.now(UTC)))


@feeds.command()
@click.argument("feed_id", metavar="FEED")
@click.pass_context
def show(context: click.Context, feed_id: str) -> None:
    """Show everything that is known of one feed, and its last entries."""
    from worker.cli.feed_tables import details, entry_lines, probe_table
    from worker.cli.inputs import archive_engine
    from worker.store.archive import last_of_feed
    from worker.store.feeds import SqlFeedStore
    from worker.store.probes import probe_of_feed
    from worker.store.subscriptions import SqlSubscriptionStore

    settings = feed_settings(context)
    (one,) = chosen_feeds(listed_feeds(settings), (feed_id,))
    engine = archive_engine(settings)
    print(details(one, SqlFeedStore(engine).get(one.feed.id) if engine is not None else None))
    if engine is None:
        return
    probe = probe_of_feed(engine, one.feed.id)
    if probe is not None:
        print(f"\nfirst poll, {probe.at:%Y-%m-%d %H:%M} UTC:\n{probe_table((probe,), probe.at)}")
    subscription = SqlSubscriptionStore(engine).get(one.feed.id)
    if subscription is not None:
        print(f"\nhub {subscription.hub}: {subscription.state.value} {subscription.reason}".rstrip())
    print(f"\nlast entries:\n{entry_lines(last_of_feed(engine, one.feed.id, _SHOWN_ENTRIES)) or '  none'}")


@feeds.command()
@click.argument("ids", nargs=-1, metavar="[FEED]...")
@click.option("--all", "every", is_flag=True, help="All feeds that are polled.")
@click.option("--with-off", is_flag=True, help="With --all: those that are switched off too.")
@click.pass_context
def test(context: click.Context, ids: tuple[str, ...], *, every: bool, with_off: bool) -> int:
    """Ask each feed once, as a poll would, and say what it answers; exit 1 if one fails.

    No state changes; robots.txt and the distance between requests to one publisher hold, so that many feeds of one
    publisher take a while.
    """
    from worker.cli.feed_tables import probe_table
    from worker.feed_wiring import tester

    settings = feed_settings(context)
    listed = listed_feeds(settings)
    if bool(ids) == every:
        raise ConfigError(("name the feeds to test, or say --all",))
    chosen = [one for one in listed if with_off or one.part.enabled] if every else chosen_feeds(listed, ids)
    require_contact(settings, *(one.part.url for one in chosen))
    with database_of(settings) as engine, tester(settings, engine) as ask, ThreadPoolExecutor(_AT_ONCE) as pool:
        probes = list(pool.map(ask, [one.feed for one in chosen]))
    print(probe_table(probes, datetime.now(UTC)))
    good = sum(probe.is_good for probe in probes)
    print(f"{good} of {len(probes)} feeds can be read")
    return 0 if good == len(probes) else 1


@feeds.command()
@click.argument("url")
@click.pass_context
def discover(context: click.Context, url: str) -> int:
    """Find the feeds of a site by the address of one of its pages; exit 1 if there is none."""
    discovery = discovered(context, url)
    for found in discovery.found:
        print(f"{found.url}  {found.kind.value}, {found.entries} entries, {found.how}  {found.title}".rstrip())
    for sentence in discovery.in_vain:
        print(f"  {sentence}", file=sys.stderr)
    if not discovery.found:
        print("no feed was found", file=sys.stderr)
    return 0 if discovery.found else 1


@feeds.command()
@click.argument("url")
@click.option("--outlet", help="The publisher's name, as alerts show it (else the title of the page, else its host).")
@_WRITE
@click.pass_context
def add(context: click.Context, url: str, outlet: str | None, *, write: bool) -> int:
    """Make the lines for feeds.yaml of a feed, or of the feeds of a page; exit 1 where there is none to add."""
    settings = feed_settings(context)
    discovery = discovered(context, url)
    known = {url_key(one.part.url) for one in listed_feeds(settings)}
    fresh = [found for found in discovery.found if url_key(found.url) not in known]
    for found in discovery.found:
        if url_key(found.url) in known:
            print(f"{found.url} is in feeds.yaml already", file=sys.stderr)
    if not discovery.found:
        print(f"no feed was found at {url}; «vestitel feeds discover {url}» says where we looked", file=sys.stderr)
    if write and len(fresh) > 1:
        print("there are several; add the one that you want by its own address", file=sys.stderr)
    new = _new_feeds(settings, fresh, outlet or discovery.title)
    _write_or_print(settings, new, write=write and len(new) == 1)
    return 0 if new and not (write and len(new) > 1) else 1


@feeds.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_WRITE
@click.pass_context
def import_feeds(context: click.Context, file: Path, *, write: bool) -> int:
    """Make the lines for feeds.yaml of the feeds in an OPML file that are not in it yet."""
    from worker.settings.feed_edits import NewFeed, id_for
    from worker.settings.opml import read_opml

    settings = feed_settings(context)
    listed = listed_feeds(settings)
    known, taken = {url_key(one.part.url) for one in listed}, [one.part.id for one in listed]
    opml = read_opml(str(file), file.read_bytes())
    for sentence in opml.left_out:
        print(f"{file}: {sentence}", file=sys.stderr)
    new = []
    for outline in opml.outlines:
        if url_key(outline.url) in known:
            continue
        taken.append(id_for(outline.title, outline.url, taken))
        new.append(NewFeed(id=taken[-1], outlet=outline.title[:120], url=outline.url, section=outline.group[:300]))
    _write_or_print(settings, new, write=write)
    print(f"{len(new)} new feeds, {len(opml.outlines) - len(new)} known already", file=sys.stderr)
    return 1 if opml.left_out else 0


@feeds.command()
@click.option("--opml", "as_opml", is_flag=True, help="As OPML 2.0 for feed readers (else in the form of feeds.yaml).")
@click.option("--all", "with_off", is_flag=True, help="Those that are switched off too.")
@click.pass_context
def export(context: click.Context, *, as_opml: bool, with_off: bool) -> None:
    """Print the list of feeds."""
    from worker.settings.feed_edits import NewFeed, piece_of
    from worker.settings.opml import opml_of

    shown = [one for one in listed_feeds(feed_settings(context)) if with_off or one.part.enabled]
    if as_opml:
        print(opml_of(shown, "Vestitel", datetime.now(UTC)), end="")
        return
    print("feeds:")
    for one in shown:
        part = one.part
        new = NewFeed(
            id=part.id, outlet=part.outlet, url=part.url, kind=part.kind, section=part.section, enabled=part.enabled
        )
        print(piece_of(new), end="")


def _new_feeds(settings: "Settings", fresh: "list[Found]", outlet: str) -> "list[NewFeed]":
    from urllib.parse import urlsplit

    from worker.settings.feed_edits import NewFeed, id_for

    taken = [one.part.id for one in listed_feeds(settings)]
    new = []
    for found in fresh:
        name = outlet or urlsplit(found.url).hostname or found.url
        taken.append(id_for(name, found.url, taken))
        section = found.title if found.title != name else ""
        new.append(
            NewFeed(id=taken[-1], outlet=name[:120], url=found.url, kind=found.kind.value, section=section[:300])
        )
    return new


def _write_or_print(settings: "Settings", new: "list[NewFeed]", *, write: bool) -> None:
    from worker.settings.feed_edits import add_feeds, piece_of
    from worker.settings.feeds import FEEDS_FILE

    if not new:
        return
    print("".join(piece_of(feed) for feed in new), end="")
    if write:
        path = settings.paths.config_dir / FEEDS_FILE
        add_feeds(path, new)
        print(f"written into {path}; a running service takes it over when it is started again", file=sys.stderr)
