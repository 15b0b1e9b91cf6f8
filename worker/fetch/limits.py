"""Limits that a process sets itself before it reads what others wrote; the system holds them."""

import resource
from contextlib import suppress

_MIB = 1024 * 1024
_MOST_FILES = 16


def confine(memory_mib: int) -> None:
    """From now on no more memory than that, few open files, and nothing written to a file."""
    _limit(resource.RLIMIT_AS, memory_mib * _MIB)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _MOST_FILES)


def allow_processor(seconds: int) -> None:
    """The system ends this process when it has computed so much longer than until now."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + 1 + seconds)


def _limit(kind: int, value: int) -> None:
    """Sets the soft limit, as far as the system knows it."""
    _, hard = resource.getrlimit(kind)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
