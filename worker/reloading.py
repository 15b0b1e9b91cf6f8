"""The watches that a worker process goes by: read, tried on their examples, and swapped whole while it runs.

What has faults changes nothing. What fails its examples is replaced by its last good version. Language models stay
loaded; the caller swaps between two tasks, so that no article is judged by half of one version.
"""

import time
from collections.abc import Sequence
from datetime import datetime

from worker.errors import AnalysisError, ConfigError, StoreError
from worker.logs import get_log
from worker.models.watch import Meaning, WatchId, Watchlist
from worker.ports import Language
from worker.settings.accepted import AcceptedWatches, Recalled
from worker.settings.load import Settings, reread_watches
from worker.settings.watches import watch_files_in
from worker.store.notes import FailingExample, Fate, WatchlistNote
from worker.watching.accepted import Accepted, accept, recalled
from worker.watching.examples import Failure, Trial, try_examples
from worker.wiring import with_watches

#: The directory is looked at no more often.
_LOOK_S = 5.0
#: A file that is still being written must lie still for so long; half of one may be good YAML.
_REST_S = 1.0
#: Trying examples may take so long, less than Celery gives a process to start; later ones are not tried.
_TRIAL_S = 60.0
_NOTED = 20

_Stamp = tuple[tuple[str, int, int], ...]


class WatchesInForce:
    """The watches of one process; they change only when it asks for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._accepted = AcceptedWatches(settings)
        self._recalled: Recalled | None = None
        self._is_loaded = False
        self._read: _Stamp = ()
        self._coming: _Stamp | None = None
        self._look_at = 0.0
        self.watchlist: Watchlist = settings.watchlist
        #: what others should know; whoever tells them empties it
        self.untold: WatchlistNote | None = None

    def have_changed(self) -> bool:
        """Whether the watch files are others than those last read, and lie still."""
        now = time.monotonic()
        if now < self._look_at:
            return False
        found = _stamp(self._settings)
        if found == self._read:
            self._look_at, self._coming = now + _LOOK_S, None
            return False
        if found != self._coming:
            self._look_at, self._coming = now + _REST_S, found
            return False
        return True

    def renewed(self, language: Language, now: datetime, *, is_confirmed: bool) -> Language:
        """The language with the watches as the files now have them, as far as they are good.

        `is_confirmed` says that the language has its models.
        """
        began = time.monotonic()
        # Before anything is read: a change meanwhile is another one.
        self._read, self._coming = _stamp(self._settings), None
        last_good = self._recall().last_good
        try:
            candidate = reread_watches(self._settings)
            language = with_watches(language, candidate, has_models=is_confirmed)
        except ConfigError as error:
            return self._refused(language, error.problems, has_models=is_confirmed)
        except (AnalysisError, ValueError) as error:
            return self._refused(language, (str(error),), has_models=is_confirmed)
        deadline = began + _TRIAL_S
        trial = try_examples(candidate, language, now, lambda: time.monotonic() > deadline)
        unsure = _unsure(candidate, language, is_confirmed=is_confirmed)
        accepted = accept(candidate, last_good, trial.failures, unsure)
        if accepted.watchlist.watches != candidate.watches:
            language = with_watches(language, accepted.watchlist, has_models=is_confirmed)
        self.untold = _note(accepted)
        self._keep(accepted)
        self._tell(accepted, trial, time.monotonic() - began)
        # Last, so that an interruption of all this leaves watchlist and index as they were, both.
        self.watchlist, self._is_loaded = accepted.watchlist, True
        return language

    def _refused(self, language: Language, faults: Sequence[str], *, has_models: bool) -> Language:
        """Everything as it was; in a process that begins, as it was when it was last good."""
        kept = self._recall()
        if not self._is_loaded and kept.last_good:
            self.watchlist = recalled(kept.version, kept.last_good)
        self._is_loaded = True
        shown = tuple(fault.removeprefix(f"{self._settings.paths.watches_dir}/") for fault in faults)
        count = len(self.watchlist.watches)
        self.untold = WatchlistNote(version=self.watchlist.version, watches=count, faults=shown[:_NOTED])
        get_log().error("watchlist.refused", version=self.watchlist.version, watches=count, faults=list(shown[:_NOTED]))
        if language.index.watches is self.watchlist.watches:
            return language
        try:
            return with_watches(language, self.watchlist, has_models=has_models)
        except AnalysisError:
            return with_watches(language, self.watchlist, has_models=False)

    def _recall(self) -> Recalled:
        if self._recalled is None:
            try:
                self._recalled = self._accepted.recall()
            except StoreError as error:
                get_log().warning("watchlist.forgotten", cause=str(error))
                self._recalled = Recalled(last_good={})
        return self._recalled

    def _keep(self, accepted: Accepted) -> None:
        version = accepted.watchlist.version
        self._recalled = Recalled(version=version, last_good=accepted.last_good)
        try:
            self._accepted.keep(version, accepted.last_good)
        except StoreError as error:
            get_log().warning("watchlist.unkept", cause=str(error))

    def _tell(self, accepted: Accepted, trial: Trial, duration_s: float) -> None:
        is_whole = not (accepted.failures or trial.untried)
        log = get_log().info if is_whole else get_log().warning
        log(
            "watchlist.loaded",
            version=accepted.watchlist.version,
            watches=len(accepted.watchlist.watches),
            kept=list(accepted.kept),
            dropped=list(accepted.dropped),
            examples=trial.tried,
            untried=trial.untried,
            failing=[f"{one.watch_id}: {one.place}" for one in accepted.failures],
            duration_s=round(duration_s, 3),
        )


def _unsure(watchlist: Watchlist, language: Language, *, is_confirmed: bool) -> frozenset[WatchId]:
    """Watches that need a model which is not there: any of them, or the one that understands descriptions."""
    return frozenset(
        watch.id
        for watch in watchlist.watches
        if not is_confirmed
        or (language.closeness is None and any(isinstance(term, Meaning) for term in (*watch.terms, *watch.all)))
    )


def _stamp(settings: Settings) -> _Stamp:
    """Names, sizes and times of change of the watch files."""
    found = []
    for path in watch_files_in(settings.paths.watches_dir):
        try:
            state = path.stat()
        except OSError:
            found.append((path.name, -1, -1))
        else:
            found.append((path.name, state.st_size, state.st_mtime_ns))
    return tuple(found)


def _note(accepted: Accepted) -> WatchlistNote:
    names = {watch.id: watch.name for watch in accepted.watchlist.watches}
    fates = {**dict.fromkeys(accepted.kept, Fate.KEPT), **dict.fromkeys(accepted.dropped, Fate.DROPPED)}

    def example(failure: Failure) -> FailingExample:
        return FailingExample(
            watch=names.get(failure.watch_id, failure.watch_id),
            must_match=failure.must_match,
            text=failure.text,
            why=failure.why,
            fate=fates.get(failure.watch_id, Fate.UNPROVEN),
        )

    return WatchlistNote(
        version=accepted.watchlist.version,
        watches=len(accepted.watchlist.watches),
        failing=tuple(example(failure) for failure in accepted.failures[:_NOTED]),
    )
