"""The golden examples of a configuration, tried for `vestitel check`."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import AnalysisError, ConfigError

if TYPE_CHECKING:
    from worker.models.actor import Catalogue
    from worker.models.watch import Watchlist
    from worker.ports import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of it."""

    faults: tuple[str, ...]
    #: how many were tried, in what time and how
    line: str


def try_all(config_dir: Path | None, environment: Mapping[str, str]) -> Tried | None:
    """Every example of every watch; None where the files of the watches have faults, which others tell."""
    from worker.settings.load import catalogue_of, models_of, watches_of
    from worker.settings.watches import place_in_file, read_watches
    from worker.settings.yaml import Problems
    from worker.watching.examples import try_examples

    problems = Problems()
    try:
        directory = watches_of(config_dir, environment)
        catalogue, models = catalogue_of(config_dir, environment), models_of(config_dir, environment)
    except ConfigError:
        return None
    watchlist = read_watches(directory, problems, catalogue)
    if problems.lines:
        return None
    if not any((*watch.must_match, *watch.must_not_match) for watch in watchlist.watches):
        return Tried(faults=(), line="no examples (must_match, must_not_match) in the watches")
    language, how, is_whole = _language(watchlist, catalogue, models)
    began = time.monotonic()
    trial = try_examples(watchlist, language, datetime.now(UTC))
    took = time.monotonic() - began
    faults = tuple(
        f"{place_in_file(directory, one.watch_id, one.key, one.number)}: watch {one.watch_id}: {one.place}: "
        f"«{one.text}» {one.why}"
        for one in trial.failures
    )
    outcome = f"{len(faults)} of {trial.tried} examples fail" if faults else f"all {trial.tried} examples hold"
    line = f"{outcome}, tried in {took:.1f} s {how}"
    # Namesakes need the models: what fails without them is no fault of the watch.
    return Tried(faults=faults if is_whole else (), line=line)


def _language(watchlist: "Watchlist", catalogue: "Catalogue", models: Path | None) -> "tuple[Language, str, bool]":
    """The language, what it is in words, and whether nothing of it is missing."""
    from worker.models.watch import Meaning
    from worker.wiring import forms_language, language_for

    try:
        language = language_for(watchlist, catalogue, models)
    except AnalysisError as error:
        return forms_language(watchlist, catalogue), f"by word forms alone ({error})", False
    terms = (term for watch in watchlist.watches for term in (*watch.terms, *watch.all))
    if language.closeness is None and any(isinstance(term, Meaning) for term in terms):
        return language, "with the language models, but without the one for `about`", False
    return language, "with the language models", True
