"""Commands for those who write watches: the forms of a phrase, a watch over the archive, the effect of an edit."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from worker.cli.inputs import (
    DAYS,
    DEFAULT_DAYS,
    FROM_FILE,
    archive_engine,
    archive_of,
    language_of,
    watch_in,
    watches_at,
    watchlist_of,
)
from worker.errors import ConfigError, ServiceError, StoreError

if TYPE_CHECKING:
    from worker.models.watch import Watchlist
    from worker.settings.load import Settings
    from worker.tuning.scan import Scan
    from worker.tuning.trying import Prepared

_LIMIT = click.option("--limit", type=click.IntRange(min=1), help="At most so many articles, the newest.")
_BY = click.option(
    "--models/--forms", "with_models", default=True, help="Let the models read what a watch found something in."
)
#: So many of the last articles are looked at to see how common a term is.
_SAMPLE = 2_000
_KINDS = (
    *("base", "definite", "plural", "count", "vocative", "gender", "comparative", "verb", "verbal_noun"),
    *("relational", "possessive", "latin", "cyrillic"),
)


@click.command()
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Only forms of this kind; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the forms as JSON.")
@click.argument("phrase")
@click.pass_context
def forms(context: click.Context, phrase: str, kinds: tuple[str, ...], *, as_json: bool) -> None:
    """Show every form by which PHRASE, written as in a watch, is found, by word and kind.

    With a concept in it («$нато») each of its spellings is shown.
    """
    from worker.forms import FormKind
    from worker.matching.concepts import MARK, spellings
    from worker.tuning.spelling import forms_lines, forms_of_phrase

    wanted = frozenset(FormKind(kind) for kind in kinds) or None
    try:
        concepts = watchlist_of(context, None).concepts if MARK in phrase else {}
        found = [forms_of_phrase(each.text, wanted) for each in spellings(phrase, concepts)]
    except ValueError as error:
        raise ConfigError((str(error),)) from error
    if as_json:
        shown = [
            {"phrase": one.text, "words": [{"word": word.written, "forms": word.kinds} for word in one.words]}
            for one in found
        ]
        print(json.dumps(shown[0] if len(shown) == 1 else shown, ensure_ascii=False, indent=2))
        return
    for one in found:
        for line in forms_lines(one):
            print(line)


@click.command()
@DAYS
@FROM_FILE
@_LIMIT
@click.option("--samples", type=click.IntRange(min=0), default=5, show_default=True, help="Last hits to show.")
@_BY
@click.argument("watch")
@click.pass_context
def backtest(context: click.Context, /, watch: str, *, samples: int, **how: Any) -> int:
    """Show what WATCH would have found in the archive: an id, or a file of watches that need not be installed.

    Word forms look at everything; the models then read only articles in which they found something of the watch.
    """
    from worker.tuning.backtest import backtest_lines

    watchlist = _chosen(context, watch)
    max_age = _max_age(context)
    scan, is_whole = _scan(context, (watchlist,), **how)
    for one in watchlist.watches:
        for line in backtest_lines(scan, one, watchlist, max_age, samples=samples):
            print(line)
    return 0 if is_whole else 1


@click.command()
@DAYS
@FROM_FILE
@_LIMIT
@_BY
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.pass_context
def diff(context: click.Context, /, old: Path, new: Path, **how: Any) -> int:
    """Show the alerts that an edit of watches would have gained (+) and lost (-): OLD and NEW are directories or files.

    The exit code is 1 when anything differs.
    """
    from worker.tuning.difference import changed_only, difference_lines, differences
    from worker.tuning.scan import alerts_of

    both = (watches_at(context, old), watches_at(context, new))
    max_age = _max_age(context)
    # What stayed the same finds the same; nothing of it needs to be read.
    scan, _ = _scan(context, changed_only(*both), **how)
    before, after = (alerts_of(hits, each, max_age) for hits, each in zip(scan.hits, both, strict=True))
    found = differences(*both, before, after)
    for line in difference_lines(found):
        print(line)
    return int(any(one.differs for one in found))


def _chosen(context: click.Context, watch: str) -> "Watchlist":
    """The watches of a file or directory, or the one with an id."""
    from dataclasses import replace

    path = Path(watch)
    if path.suffix in {".yaml", ".yml"} or path.is_dir():
        if not path.exists():
            raise ConfigError((f"{path}: there is no such file",))
        return watches_at(context, path)
    watchlist = watchlist_of(context, None)
    return replace(watchlist, watches=(watch_in(watchlist, watch),))


def _scan(
    context: click.Context,
    watchlists: "Sequence[Watchlist]",
    *,
    days: int | None,
    file: str | None,
    limit: int | None,
    with_models: bool,
) -> "tuple[Scan, bool]":
    """What the watches find, told how; whether every line of the input was good."""
    from worker.tuning.scan import scan
    from worker.tuning.showing import plural
    from worker.tuning.trying import index_of

    indexes = [index_of(each.watches, each.concepts) for each in watchlists]
    with archive_of(context, days, file, limit) as archive:
        language = language_of(context, _joined(watchlists)) if with_models else None
        done = scan(archive.articles, indexes, language)
    print(f"{archive.name}: {plural(done.read, 'article')}, {done.candidates:,} with something of the watches", end="")
    print(f", {done.confirmed:,} read by the models" if with_models else ", by word forms alone")
    if archive.left_out:
        print(f"  {plural(archive.left_out, 'older article')} left out by --limit")
    return done, archive.is_whole


def _joined(watchlists: "Sequence[Watchlist]") -> "Watchlist":
    """All of them as one, so that the models know every meaning that any of them asks for."""
    from dataclasses import replace

    watches = tuple(watch for each in watchlists for watch in each.watches)
    concepts = {name: concept for each in watchlists for name, concept in each.concepts.items()}
    return replace(watchlists[-1], watches=watches, concepts=concepts)


def _max_age(context: click.Context) -> timedelta:
    """The age from which on articles do not alert; that of the service unless there is a whole configuration."""
    from worker.cli.service import settings_of
    from worker.models.rules import AlertRules
    from worker.wiring import policy_of

    try:
        return policy_of(settings_of(context)).rules.max_age
    except ServiceError:
        return AlertRules().max_age


def note_lines(settings: "Settings") -> Iterator[str]:
    """What in the watches is allowed and yet hardly meant, with the place in its file, for `vestitel check`."""
    from worker.text.times import SOFIA
    from worker.tuning.warnings import Subject, warnings_of

    sample: Sequence[Prepared] = ()
    try:
        sample = _sample(settings)
    except StoreError as error:
        yield f"how common terms are was not looked at: {error}"
    found = warnings_of(settings.watchlist, sample, today=datetime.now(SOFIA).date())
    places = _Places(settings.paths.watches_dir)
    for note in found:
        if note.subject is not Subject.NO_EXAMPLES:
            yield f"{places.of(note.watch_id, note.term)}: watch {note.watch_id}: {note.message}"
    bare = [str(note.watch_id) for note in found if note.subject is Subject.NO_EXAMPLES]
    if bare:
        watches = "watch has" if len(bare) == 1 else "watches have"
        yield f"{len(bare)} {watches} no golden examples (`must_match`, `must_not_match`): {', '.join(bare)}"


def _sample(settings: "Settings") -> "Sequence[Prepared]":
    from worker.store.archive import articles_since
    from worker.tuning.trying import by_forms

    engine = archive_engine(settings)
    if engine is None:
        return ()
    try:
        since = datetime.now(UTC) - timedelta(days=DEFAULT_DAYS)
        return [by_forms(one.article, one.language) for one in articles_since(engine, since, _SAMPLE)]
    finally:
        engine.dispose()


class _Places:
    """Where watches and their phrases stand in the files of a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        paths = sorted(path for path in directory.glob("*") if path.suffix in {".yaml", ".yml"})
        self._files = [(path, path.read_text("utf-8-sig").splitlines()) for path in paths]

    def of(self, watch_id: str, term: str) -> str:
        """File and line of a phrase of a watch, or of the watch; the directory where it is not found."""
        named = re.compile(rf"(?:^|[\s{{,-])id\s*:\s*[\"']?{re.escape(watch_id)}[\"']?\s*(?:[#,}}]|$)")
        for path, lines in self._files:
            start = next((number for number, line in enumerate(lines) if named.search(line)), None)
            if start is not None:
                rest = enumerate(lines[start:], start) if term else ()
                return f"{path}:{1 + next((number for number, line in rest if term in line), start)}"
        return str(self._directory)
