"""The last good version of every watch, kept in the data directory so that it outlives a restart.

`watches/accepted/` holds a copy of the watch files for each version that still serves a watch (so never more of them
than watches), and `index.json`, which says what serves which watch. Every step is a rename, under a lock of its own:
two processes may write at once, and a crash leaves the old state or the new one.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from worker.errors import StoreError
from worker.models.watch import ChannelId, WatchId, Watchlist
from worker.settings.load import Settings
from worker.settings.watches import read_watches, version_of, watch_files_in
from worker.settings.yaml import Problems

_INDEX = "index.json"
_LOCK = "lock"
_NEW = ".new-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What was in force when it was last kept."""

    version: str = ""
    #: for each watch the watchlist in which it was good
    last_good: Mapping[WatchId, Watchlist]


class AcceptedWatches:
    """The store of good watches of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._root = settings.paths.data_dir / "watches" / "accepted"

    def recall(self) -> Recalled:
        """What is kept; watches whose copy is damaged or no longer understood are left out. Raises StoreError."""
        if not (self._root / _INDEX).is_file():
            return Recalled(last_good={})
        with self._locked():
            index = _index_in(self._root)
            sets = {version: self._set(version) for version in sorted(set(index.watches.values()))}
        good: dict[WatchId, Watchlist] = {}
        for watch_id, version in index.watches.items():
            found = sets[version]
            if found is not None and any(watch.id == watch_id for watch in found.watches):
                good[WatchId(watch_id)] = found
        return Recalled(version=index.version, last_good=good)

    def keep(self, version: str, last_good: Mapping[WatchId, Watchlist]) -> None:
        """Keeps these versions, and no others; raises StoreError.

        A version that is not kept yet is copied from the watch files; when they have changed since they were read,
        nothing is kept: the change is on its way here.
        """
        index = {watch_id: source.version for watch_id, source in last_good.items()}
        with self._locked():
            for needed in sorted(set(index.values())):
                if not (self._root / needed).is_dir() and not self._copy(needed):
                    return
            _write(self._root / f"{_NEW}{_INDEX}", json.dumps({"version": version, "watches": index}).encode())
            (self._root / f"{_NEW}{_INDEX}").replace(self._root / _INDEX)
            for path in self._root.iterdir():
                if path.is_dir() and path.name not in index.values():
                    shutil.rmtree(path)

    def _copy(self, version: str) -> bool:
        contents = {path.name: path.read_bytes() for path in watch_files_in(self._settings.paths.watches_dir)}
        if version_of(contents.values()) != version:
            return False
        # Private, as `mkdtemp` makes them all.
        copy = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._root))
        for name, content in contents.items():
            _write(copy / name, content)
        copy.rename(self._root / version)
        return True

    def _set(self, version: str) -> Watchlist | None:
        problems = Problems()
        watchlist = read_watches(self._root / version, problems, self._settings.catalogue)
        if problems.lines or watchlist.version != version:
            return None
        known = self._settings.channels
        defaults = tuple(ChannelId(name) for name in self._settings.service.default_channels)
        routed = (
            replace(watch, channels=tuple(name for name in watch.channels if name in known) or defaults)
            for watch in watchlist.watches
        )
        return replace(watchlist, watches=tuple(routed))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            for directory in (self._root.parent, self._root):
                directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)
        except OSError as error:
            cause = error.strerror or str(error)
            raise StoreError(f"{self._root}: the accepted watches cannot be read or kept ({cause})") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    version: str
    watches: Mapping[str, str]


def _index_in(root: Path) -> _Index:
    try:
        stored = json.loads((root / _INDEX).read_bytes())
        watches = {str(watch_id): str(version) for watch_id, version in stored["watches"].items()}
        version = str(stored["version"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{root / _INDEX}: is damaged; the next good watches replace it") from error
    # A name from a file becomes a path, so it may be nothing but what we wrote.
    is_ours = all(name.isascii() and name.isalnum() for name in watches.values())
    return _Index(version=version, watches=watches if is_ours else {})


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
