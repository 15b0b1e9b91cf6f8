"""The command that proposes, as a diff, what a false alarm or a miss should change in a watch."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker.cli.explaining import article_of, is_stored, stored_article
from worker.cli.inputs import archive_engine, language_of, text_of, watch_in, watches_at
from worker.cli.service import settings_of
from worker.errors import ConfigError

if TYPE_CHECKING:
    from worker.models.news import Article
    from worker.models.watch import Watch, Watchlist
    from worker.settings.load import Settings
    from worker.tuning.edits import Edit
    from worker.tuning.proposals import Bench
    from worker.tuning.suggesting import Suggestion
    from worker.tuning.trying import Archived, Prepared

_DAYS = timedelta(days=30)
#: Archived alerts that a change is held against, and archived articles in which its noise is counted.
_MAX_ALERTS = 100
_MAX_NOISE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Archive:
    alerted: "Sequence[Archived]" = ()
    sample: "Sequence[Archived]" = ()


@click.command()
@click.option("--watch", "watch_id", required=True, help="The watch that should have been silent, or fired.")
@click.option("--false-alarm", "wanted", flag_value="silence", help="It should have been silent.")
@click.option("--missed", "wanted", flag_value="alert", help="It should have fired.")
@click.option("--text", help="The text, where no article is named.")
@click.option("--title", default="", help="Headline of the text.")
@click.option("--pick", type=click.IntRange(min=1), default=1, show_default=True, help="Which proposal the diff takes.")
@click.option("--models/--forms", "with_models", default=True, help="Let the models read article and examples.")
@click.option("--write", is_flag=True, help="Change the watch file; else it is only shown how.")
@click.argument("article", default="-")
@click.pass_context
def suggest(
    context: click.Context,
    /,
    article: str,
    *,
    watch_id: str,
    wanted: str | None,
    text: str | None,
    title: str,
    pick: int,
    with_models: bool,
    write: bool,
) -> int:
    """Propose an edit of a watch for ARTICLE: an id or address in the database, or - for a text on standard input.

    Each proposal was tried: golden examples hold, and what it costs in archived alerts is told. The best one is
    shown as a diff together with a golden example that keeps it. The exit code is 1 where nothing was found.
    """
    from worker.tuning.suggesting import for_false_alarm, for_missed, suggestion_lines
    from worker.tuning.trying import by_forms

    if wanted is None:
        raise click.UsageError("say --false-alarm or --missed")
    wants_silence = wanted == "silence"
    settings = settings_of(context)
    watchlist = watches_at(context, settings.paths.watches_dir)
    watch = watch_in(watchlist, watch_id)
    now = datetime.now(UTC)
    subject = _subject(context, article, text, title, now)
    archive = _archived(settings, watch, now, wants_noise=not wants_silence)
    prepare = _preparing(context, watchlist, with_models=with_models)
    bench = _bench(watch, watchlist, prepare, subject, archive)
    if wants_silence:
        found = for_false_alarm(bench, prepare, now, pick)
    else:
        sample = [by_forms(one.article, one.language) for one in archive.sample]
        found = for_missed(bench, prepare, now, sample, pick)
    for line in suggestion_lines(found, bench, len(archive.sample)):
        print(line)
    return _propose(context, settings.paths.watches_dir, bench, found, write=write)


def _subject(context: click.Context, article: str, text: str | None, title: str, now: datetime) -> "Article":
    if text is None and article != "-":
        if not is_stored(article):
            raise ConfigError((f"«{article}» is no id or address of an article; give a text with --text",))
        return stored_article(context, article)[0].archived.article
    return article_of(title, text if text is not None else text_of("-"), now)


def _archived(settings: "Settings", watch: "Watch", now: datetime, *, wants_noise: bool) -> _Archive:
    """What the database keeps of the last weeks; nothing where there is none yet."""
    from worker.store.archive import alerted_since, articles_since

    engine = archive_engine(settings)
    if engine is None:
        return _Archive()
    try:
        alerted = alerted_since(engine, watch.id, now - _DAYS, _MAX_ALERTS)
        sample = tuple(articles_since(engine, now - _DAYS, _MAX_NOISE)) if wants_noise else ()
    finally:
        engine.dispose()
    return _Archive(alerted=alerted, sample=sample)


def _preparing(context: click.Context, watchlist: "Watchlist", *, with_models: bool) -> "Callable[[Article], Prepared]":
    from worker.tuning.trying import by_forms, by_models

    if not with_models:
        return by_forms
    language = language_of(context, watchlist)
    return lambda article: by_models((article,), language)[0]


def _bench(
    watch: "Watch",
    watchlist: "Watchlist",
    prepare: "Callable[[Article], Prepared]",
    subject: "Article",
    archive: _Archive,
) -> "Bench":
    from worker.tuning.proposals import Bench
    from worker.tuning.trying import of_example

    now = datetime.now(UTC)
    return Bench(
        watch,
        watchlist.concepts,
        prepare(subject),
        must_match=[prepare(of_example(example, now)) for example in watch.must_match],
        must_not_match=[prepare(of_example(example, now)) for example in watch.must_not_match],
        alerted=[prepare(one.article) for one in archive.alerted],
    )


def _propose(context: click.Context, directory: Path, bench: "Bench", found: "Suggestion", *, write: bool) -> int:
    """Shows the diff, or writes it; 1 where there is nothing to change."""
    from worker.tuning.edits import EditError, edit_of_example, edited, edits_of, unified

    edits: list[Edit] = list(edits_of(found.picked)) if found.picked else []
    if found.example is not None and (edits or not found.proposals):
        edits.append(edit_of_example(found.key, found.example))
    if not edits:
        return 1
    path = _file_of(bench.watch, directory)
    raw = path.read_bytes().decode("utf-8")
    # Lines may end as on Windows; the rest of the file must not change.
    ends = "\r\n" if "\r\n" in raw else "\n"
    before = raw.replace("\r\n", "\n")
    try:
        after = edited(before, bench.watch, edits)
    except EditError as error:
        print(f"  {path} was not changed: {error}")
        return 1
    _require_sound(context, path, after, bench, found)
    if write:
        path.write_bytes(after.replace("\n", ends).encode())
        print(f"  {path} is changed; see it with your version control, and run «vestitel check»")
    else:
        print(unified(_shown(path), before, after), end="")
    return 0


def _file_of(watch: "Watch", directory: Path) -> Path:
    from worker.tuning.edits import holds

    for path in sorted(directory.glob("*")):
        if path.suffix in {".yaml", ".yml"} and holds(path.read_text("utf-8"), watch):
            return path
    raise ConfigError((f"{directory}: no file holds the watch «{watch.id}» in a form that can be edited",))


def _require_sound(context: click.Context, path: Path, after: str, bench: "Bench", found: "Suggestion") -> None:
    """Reads the changed file as the service would, and asks the changed watch once more; raises ConfigError."""
    from worker.tuning.trying import fires, index_of

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_text(after, encoding="utf-8")
        watchlist = watches_at(context, copy)
    watch = watch_in(watchlist, bench.watch.id)
    if fires(bench.subject, index_of((watch,), watchlist.concepts)) is (found.key == "must_not_match"):
        raise ConfigError((f"{path}: the edit does not do what was tried; change watch «{watch.id}» by hand",))


def _shown(path: Path) -> str:
    """The path as `patch -p1` finds it from here."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix().lstrip("/")
