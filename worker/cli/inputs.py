"""What commands are pointed at: texts, watch files that may not be installed, the archive in the database or a file."""

import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worker.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from worker.models.watch import Watch, Watchlist
    from worker.ports import Language
    from worker.settings.load import Settings
    from worker.tuning.trying import Archived

WATCHES = click.option(
    "--watches",
    "watches_dir",
    type=click.Path(path_type=Path),
    help="Directory of watch files (else watches/ of the configuration).",
)
DAYS = click.option("--days", type=click.IntRange(1, 3650), help="How far to look back (30; all of a file).")
FROM_FILE = click.option(
    "--from",
    "file",
    type=click.Path(allow_dash=True, dir_okay=False),
    help="JSON lines of news items to try instead of the database (- for standard input).",
)
DEFAULT_DAYS = 30


class Complaints:
    """Bad lines, told as they are found."""

    def __init__(self, file: str) -> None:
        self._name = "standard input" if file == "-" else file
        self.exit_code = 0

    def add(self, number: int, message: str) -> None:
        """One bad line."""
        self.exit_code = 1
        print(f"{self._name}:{number}: {message}", file=sys.stderr)


@contextmanager
def lines_of(file: str) -> Iterator[Iterable[str]]:
    """The lines of a file, or of standard input for `-`."""
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper
        yield sys.stdin
        return
    with Path(file).open(encoding="utf-8-sig", errors="replace") as lines:
        yield lines


def watchlist_of(context: click.Context, watches_dir: Path | None) -> "Watchlist":
    """The watches of a directory, or those of the configuration; raises ConfigError."""
    from worker.settings.load import watches_of

    options: Any = context.obj
    return watches_at(context, watches_dir or watches_of(options.config_dir, os.environ))


def watches_at(context: click.Context, path: Path) -> "Watchlist":
    """The watches of a directory, or of one file, which may use the concepts that are installed; raises ConfigError."""
    from worker.settings.load import catalogue_of
    from worker.settings.watches import read_watches
    from worker.settings.yaml import Problems

    options: Any = context.obj
    if path.is_file():
        return _draft(context, path)
    if not path.is_dir():
        raise ConfigError((f"{path}: there is no such directory; name one with --watches",))
    problems = Problems()
    watchlist = read_watches(path, problems, catalogue_of(options.config_dir, os.environ))
    if problems.lines:
        raise ConfigError(problems.lines)
    return watchlist


def _draft(context: click.Context, path: Path) -> "Watchlist":
    from worker.matching.terms import compile_watches
    from worker.models.watch import Watchlist
    from worker.settings.load import catalogue_of, watches_of
    from worker.settings.watch_files import WatchesFile
    from worker.settings.watch_parts import WatchMaker, concept_of
    from worker.settings.yaml import Problems, read_document

    options: Any = context.obj
    installed = watches_at(context, watches_of(options.config_dir, os.environ))
    actors = {str(actor.id): actor for actor in catalogue_of(options.config_dir, os.environ).actors}
    problems = Problems()
    document = read_document(path, WatchesFile, problems)
    if document is None:
        raise ConfigError(problems.lines)
    own = {name: concept_of(name, part) for name, part in document.concepts.items()}
    maker = WatchMaker(actors, {**installed.concepts, **own}, problems)
    parts = document.watches or ()
    watches = tuple(maker.watch(part, document.watchlist, document.channels, path) for part in parts)
    if problems.lines:
        raise ConfigError(problems.lines)
    watchlist = Watchlist(watches=watches, version="draft", concepts=maker.concepts)
    try:
        compile_watches(watchlist)
    except ValueError as error:
        raise ConfigError((f"{path}: {error}",)) from error
    return watchlist


def watch_in(watchlist: "Watchlist", watch_id: str) -> "Watch":
    """The watch with this id; raises ConfigError with the nearest one."""
    from worker.settings.yaml import nearest

    found = next((watch for watch in watchlist.watches if watch.id == watch_id), None)
    if found is None:
        known = [str(watch.id) for watch in watchlist.watches]
        raise ConfigError((f"there is no watch «{watch_id}»{nearest(watch_id, known)}",))
    return found


def language_of(context: click.Context, watchlist: "Watchlist", *, models: bool = True) -> "Language":
    """The language models of the configuration, or what there is without them; raises AnalysisError."""
    from worker.settings.load import catalogue_of, models_of
    from worker.wiring import forms_language, language_for

    options: Any = context.obj
    catalogue = catalogue_of(options.config_dir, os.environ)
    if not models:
        return forms_language(watchlist, catalogue)
    return language_for(watchlist, catalogue, models_of(options.config_dir, os.environ))


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Articles to try watches on, oldest first."""

    #: one line for a person
    name: str
    articles: "Iterable[Archived]"
    #: older ones that a limit left out
    left_out: int = 0
    #: whether no line of the file was bad
    is_whole: bool = True


@contextmanager
def archive_of(context: click.Context, days: int | None, file: str | None, limit: int | None) -> Iterator[Archive]:
    """The archive of the database, or of a file; raises ConfigError or StoreError."""
    if file is not None:
        yield _from_file(file, days, limit)
        return
    from worker.cli.service import settings_of
    from worker.wiring import open_store

    engine = open_store(settings_of(context))
    try:
        yield _from_database(engine, days or DEFAULT_DAYS, limit)
    finally:
        engine.dispose()


def _from_database(engine: "Engine", days: int, limit: int | None) -> Archive:
    from worker.store.archive import articles_since, count_since

    since = datetime.now(UTC) - timedelta(days=days)
    total = count_since(engine, since)
    name = f"the archive of the last {days} days"
    left_out = 0 if limit is None else max(0, total - limit)
    return Archive(name=name, articles=articles_since(engine, since, limit), left_out=left_out)


def _from_file(file: str, days: int | None, limit: int | None) -> Archive:
    found, is_whole = read_items(file)
    if days is not None and found:
        since = max(one.article.seen_at for one in found) - timedelta(days=days)
        found = [one for one in found if one.article.seen_at >= since]
    kept: Sequence[Archived] = deque(found, maxlen=limit) if limit is not None else found
    name = "standard input" if file == "-" else file
    return Archive(name=name, articles=kept, left_out=len(found) - len(kept), is_whole=is_whole)


def read_items(file: str) -> "tuple[list[Archived], bool]":
    """The news items of a file in its order, and whether all are good: bad lines are told and left out.

    Raises ConfigError where none is good.
    """
    from worker.evaluate.contract import BadLineError, item_of
    from worker.tuning.trying import Archived

    complaints = Complaints(file)
    now = datetime.now(UTC)
    found: dict[str, Archived] = {}
    with lines_of(file) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                _, article = item_of(line, now)
            except BadLineError as error:
                complaints.add(number, str(error))
                continue
            if article.id in found:
                complaints.add(number, f"repeats the id {article.id}")
                continue
            found[article.id] = Archived(article=article)
    if not found:
        raise ConfigError((f"{file}: holds no news items; see README for the form",))
    return list(found.values()), complaints.exit_code == 0


def text_of(text: str) -> str:
    """The text itself, or all of standard input for `-`."""
    if text != "-":
        return text
    with lines_of(text) as lines:
        return "".join(lines)


def archive_engine(settings: "Settings") -> "Engine | None":
    """The database where there is one already; raises StoreError when it does not answer."""
    from worker.wiring import open_store

    if settings.database_url is None and not (settings.paths.data_dir / "vestitel.db").is_file():
        return None
    return open_store(settings)
