"""Commands that check the service and run it, whole or one process of it."""

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from worker.errors import AnalysisError, ConfigError

if TYPE_CHECKING:
    from worker.settings.load import Settings

ROLE_NAMES = ("broker", "fetch", "nlp", "deliver", "scheduler", "web")


def settings_of(context: click.Context, *, needs_watches: bool = True) -> "Settings":
    """The configuration that this command was pointed at; raises ConfigError."""
    from worker.settings.load import read_settings

    options: Any = context.obj
    settings = read_settings(options.config_dir, os.environ, needs_watches=needs_watches)
    if options.log is None:
        return settings
    return replace(settings, service=settings.service.model_copy(update={"log": options.log}))


@click.command()
@click.pass_context
def up(context: click.Context) -> int:
    """Run the whole service on this machine until Ctrl-C or SIGTERM."""
    from worker.embedded import run_service
    from worker.settings.load import require_contact

    _end_with_supervisor()
    settings = settings_of(context)
    require_contact(settings)
    return run_service(settings, os.environ)


@click.command()
@click.argument("name", type=click.Choice(ROLE_NAMES))
@click.pass_context
def role(context: click.Context, name: str) -> None:
    """Run one process of the service (see Procfile)."""
    from worker.logs import set_up_logging
    from worker.roles import run_role
    from worker.settings.accepted import AcceptedWatches
    from worker.settings.load import require_contact

    _end_with_supervisor()
    settings = settings_of(context, needs_watches=False)
    if name == "fetch":
        require_contact(settings)
    # A process that is started again while somebody edits goes by the watches that were good before.
    if settings.watch_faults and not AcceptedWatches(settings).recall().last_good:
        raise ConfigError(settings.watch_faults)
    set_up_logging(settings.service.log, name)
    run_role(name, settings)


@click.command()
@click.pass_context
def migrate(context: click.Context) -> None:
    """Bring the database to this version, and make the configured feeds known to it."""
    from datetime import UTC, datetime

    from worker.wiring import prepare_store

    prepare_store(settings_of(context), datetime.now(UTC))
    print("the database is ready")


@click.command()
@click.option("--no-examples", is_flag=True, help="Do not try the golden examples of the watches (seconds).")
@click.pass_context
def check(context: click.Context, *, no_examples: bool) -> None:
    """Check the configuration and say what would run; every fault at once, exit code 2.

    The golden examples of the watches are tried with the language models, as the service tries them.
    """
    from worker.cli.examples import try_all
    from worker.cli.watches import note_lines
    from worker.settings.contact import missing_contact

    settings, faults = _checked(context)
    tried = None if no_examples else try_all(context.obj.config_dir, os.environ)
    if tried is not None:
        faults += tried.faults
    if settings is None or faults:
        if tried is not None and tried.faults:
            print(tried.line)
        raise ConfigError(faults)
    lists = {watch.watchlist for watch in settings.watchlist.watches}
    print(f"configuration {settings.paths.config_dir} is good")
    print(f"  {len(settings.feeds)} feeds of {len({feed.outlet for feed in settings.feeds})} outlets")
    print(
        f"  {len(settings.watchlist.watches)} watches in {len(lists)} watchlists, version {settings.watchlist.version}"
    )
    if tried is not None:
        print(f"  {tried.line}")
    print(f"  {len(settings.catalogue.actors)} known actors")
    print(
        f"  {len(settings.channels)} channels: " + ", ".join(f"{c.id} ({c.kind})" for c in settings.channels.values())
    )
    print(f"  {_models_line(settings)}")
    if missing := missing_contact(settings.service.contact, settings.feeds):
        print(f"  warning: contact in service.yaml {missing}")
    for line in note_lines(settings):
        print(f"  note: {line}")


def _checked(context: click.Context) -> "tuple[Settings | None, tuple[str, ...]]":
    """The configuration, if it can be used, and every fault but those of examples."""
    from worker.settings.load import require_models

    try:
        settings = settings_of(context)
        require_models(settings)
    except ConfigError as error:
        return None, error.problems
    return settings, ()


def _models_line(settings: "Settings") -> str:
    """What there is to read the articles with; that it is missing stops nothing."""
    from worker.wiring import verify_language

    try:
        return f"language models {verify_language(settings.paths.models_dir)}"
    except AnalysisError as error:
        return f"warning: {error}; the service would go by word forms alone, and mark its alerts as unconfirmed"


@click.command()
@click.option("--fresh", is_flag=True, help="Forget an interrupted run instead of carrying it on.")
@click.option("--data", "data", type=click.Path(), default=None, help="Directory of the run (else var/demo).")
def demo(*, fresh: bool, data: str | None) -> int:
    """Run the whole service, offline, on a recorded news morning; exit 0 only if every alert arrived once."""
    from pathlib import Path

    from worker.demo.run import run_demo

    return run_demo(Path(data or "var/demo").absolute(), fresh=fresh, environment=os.environ)


def _end_with_supervisor() -> None:
    """A process that a supervisor started ends with it."""
    from worker.processes import die_with_parent

    parent = os.environ.get("VESTITEL_SUPERVISOR")
    if parent is None:
        return
    if not parent.isdigit():
        raise ConfigError((f"VESTITEL_SUPERVISOR must be a process id, found {parent!r}",))
    die_with_parent(int(parent))
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # a pipe is a TextIOWrapper
