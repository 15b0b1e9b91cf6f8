"""What the commands about feeds are pointed at: the configured feeds, the database, somebody's site."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.cli.service import settings_of
from worker.errors import ConfigError, FetchError, PutOffError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.fetch.discover import Discovery
    from worker.settings.feeds import ListedFeed
    from worker.settings.load import Settings


def feed_settings(context: click.Context) -> "Settings":
    """The configuration, whatever is wrong with the watches; raises ConfigError."""
    return settings_of(context, needs_watches=False)


def listed_feeds(settings: "Settings") -> "tuple[ListedFeed, ...]":
    """All feeds of the configuration in file order, those that are switched off too."""
    from worker.settings.feeds import FEEDS_FILE, read_listed_feeds
    from worker.settings.yaml import Problems

    problems = Problems()
    listed = read_listed_feeds(settings.paths.config_dir / FEEDS_FILE, problems)
    if problems.lines:
        raise ConfigError(problems.lines)
    return listed


def chosen_feeds(listed: "tuple[ListedFeed, ...]", ids: tuple[str, ...]) -> "list[ListedFeed]":
    """The feeds with these ids; raises ConfigError with the nearest one."""
    from worker.settings.yaml import nearest

    by_id = {one.part.id: one for one in listed}
    faults = [f"there is no feed «{name}»{nearest(name, list(by_id))}" for name in ids if name not in by_id]
    if faults:
        raise ConfigError(tuple(faults))
    return [by_id[name] for name in dict.fromkeys(ids)]


def require_contact(settings: "Settings", *urls: str) -> None:
    """Raises ConfigError where servers of other people would not know whom to ask."""
    from worker.models.feed import Feed
    from worker.models.news import FeedId
    from worker.settings.contact import missing_contact

    asked = [Feed(id=FeedId("-"), outlet="-", url=url, every_s=60) for url in urls]
    fault = missing_contact(settings.service.contact, asked)
    if fault:
        raise ConfigError((f"{settings.paths.config_dir / 'service.yaml'}: contact: {fault}",))


@contextmanager
def database_of(settings: "Settings") -> "Iterator[Engine]":
    """The database, which knows what each publisher was asked last; before the first start one for this command."""
    import tempfile

    from worker.cli.inputs import archive_engine
    from worker.store.engine import connect
    from worker.store.migrate import migrate

    engine = archive_engine(settings)
    with tempfile.TemporaryDirectory(prefix="vestitel-") as folder:
        if engine is None:
            engine = connect(None, Path(folder))
            migrate(engine)
        try:
            yield engine
        finally:
            engine.dispose()


def discovered(context: click.Context, url: str) -> "Discovery":
    """The feeds of the site of an address; raises ConfigError where it cannot be had."""
    from worker.feed_wiring import discoverer
    from worker.settings.feeds import known_feed_url

    try:
        known_feed_url(url)
    except ValueError as error:
        raise ConfigError((f"{url}: {error}",)) from error
    settings = feed_settings(context)
    require_contact(settings, url)
    try:
        with database_of(settings) as engine, discoverer(settings, engine) as find:
            return find(url)
    except (FetchError, PutOffError) as error:
        raise ConfigError((_page_fault(url, error),)) from error


def _page_fault(url: str, error: FetchError | PutOffError) -> str:
    from worker.probing import ADVICE

    if isinstance(error, PutOffError) and not isinstance(error.__cause__, FetchError):
        return f"{url}: it was not asked ({error.pause.value}); try again in {error.wait_s:.0f} s"
    failure = error if isinstance(error, FetchError) else error.__cause__
    assert isinstance(failure, FetchError)  # noqa: S101 - as was tested above
    what, remedy = ADVICE[failure.reason]
    return f"{url}: {what} ({failure.cause}); {remedy}"
