"""What the tasks of one worker process use: its stores and channels, and in the `nlp` worker models and watches.

It is built once per process, after the fork: database connections and models do not survive one.
"""

import math
import os
import time
from datetime import timedelta

from celery import Celery
from kombu.exceptions import OperationalError

from worker.celery_app import QUEUE_NLP, TASK_LIMIT_S, enqueue
from worker.errors import AnalysisError, ServiceError
from worker.logs import get_log
from worker.models.watch import Watchlist
from worker.ports import Language
from worker.processes import die_with_parent
from worker.reloading import WatchesInForce
from worker.settings.load import Settings
from worker.store.notes import note_models_fault, note_watchlist
from worker.wiring import Parts, connect, forms_language, language_for

#: Models that could not be loaded are tried again so often; then the articles of so long a time are analysed again.
_MODELS_RETRY_S = 60.0
_RENEWED = timedelta(hours=48)


class Process:
    """The parts of one worker process, built once in it."""

    def __init__(self, settings: Settings, queue: str, app: Celery) -> None:
        self.settings = settings
        self.queue = queue
        self.app = app
        self._parent = os.getpid()
        self._parts: Parts | None = None
        self._language: Language | None = None
        self._watches: WatchesInForce | None = None
        self._language_fault = ""
        self._renew_language_at = 0.0

    def start(self, **_: object) -> None:
        """Builds everything this queue's tasks use; called in the child, after the fork."""
        die_with_parent(self._parent)
        try:
            self.build()
        except ServiceError as error:
            # Celery would go on with half a process; the next task tries again, and says so if it cannot.
            get_log().error("process.unready", cause=str(error))

    def build(self) -> None:
        """Builds what is missing, and takes over watch files that changed; raises ServiceError."""
        self._parts = self._parts or connect(self.settings)
        if self.queue != QUEUE_NLP:
            return
        self._watches = self._watches or WatchesInForce(self.settings)
        if time.monotonic() >= self._renew_language_at:
            self._renew_language(self._parts, self._watches)
        elif self._watches.have_changed():
            self._renew_watches(self._parts, self._watches, self.language)
        if self._watches.untold is not None:
            note_watchlist(self._parts.engine, self._watches.untold)
            self._watches.untold = None

    def _renew_language(self, parts: Parts, watches: WatchesInForce) -> None:
        """The models, or word forms alone until they can be loaded; what was analysed meanwhile is done again."""
        settings = self.settings
        try:
            language, fault = language_for(watches.watchlist, settings.catalogue, settings.paths.models_dir), ""
        except AnalysisError as error:
            language, fault = self._language or forms_language(watches.watchlist, settings.catalogue), str(error)
        if fault and fault != self._language_fault:
            get_log().error("models.missed", cause=fault, retry_in_s=_MODELS_RETRY_S)
        note_models_fault(parts.engine, fault)
        had_fault, self._language_fault = self._language_fault, fault
        if language is not self._language:
            self._renew_watches(parts, watches, language)
        if not fault:
            renewed = parts.articles.renew_unconfirmed(parts.clock() - _RENEWED)
            if renewed or had_fault:
                get_log().info("models.found", articles=renewed)
        self._renew_language_at = time.monotonic() + _MODELS_RETRY_S if fault else math.inf

    def _renew_watches(self, parts: Parts, watches: WatchesInForce, language: Language) -> None:
        # Their examples may take a while, and nobody should take that for a process that hangs.
        parts.beat(self.queue, TASK_LIMIT_S)
        self._language = watches.renewed(language, parts.clock(), is_confirmed=not self._language_fault)

    @property
    def parts(self) -> Parts:
        """Stores, channels and source; `build` comes first."""
        assert self._parts is not None, "build() was not called"  # noqa: S101 - a fault of ours, not of the world
        return self._parts

    @property
    def language(self) -> Language:
        """Models and watches, in the `nlp` worker; `build` comes first."""
        assert self._language is not None, "build() was not called"  # noqa: S101 - a fault of ours, not of the world
        return self._language

    @property
    def watchlist(self) -> Watchlist:
        """The watches that `language` finds; both change together."""
        assert self._watches is not None, "build() was not called"  # noqa: S101 - a fault of ours, not of the world
        return self._watches.watchlist

    def look(self, task: str, *ids: str) -> None:
        """Enqueues; without a broker the next tick finds the work in the database."""
        try:
            enqueue(self.app, task, *ids)
        except (OperationalError, OSError) as error:
            get_log().warning("message.lost", task=task, cause=type(error).__name__)
