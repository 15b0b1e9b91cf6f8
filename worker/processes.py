"""What a process of ours does about its own life: no orphan outlives its parent, one owner per directory."""

import ctypes
import fcntl
import os
import signal
import sys
from pathlib import Path
from typing import IO

from worker.errors import ConfigError

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Asks the kernel to send SIGTERM when the parent ends; on systems without prctl it does nothing.

    `parent` is the expected parent's process id: when that is gone already, the process ends at once.
    """
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(0)


def own_directory(directory: Path) -> IO[str]:
    """An exclusive lock on `directory`, held until the file is closed; raises ConfigError when others hold it."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (directory / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise ConfigError((f"{directory}: cannot be used for data ({error.strerror}); set VESTITEL_DATA",)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise ConfigError(
            (f"{directory}: is in use by another Vestitel (process {holder}); stop it, or set VESTITEL_DATA",)
        ) from error
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def become_sole(directory: Path, command: list[str]) -> None:
    """Replaces this process by `command` once no other process that came through here holds `directory`.

    The lock stays with the new program until it ends, so that two brokers never write one append-only file.
    """
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.set_inheritable(descriptor, True)  # noqa: FBT003 - its only signature
    os.execv(command[0], command)  # noqa: S606 - the command is ours, and no shell is wanted
