"""Word vectors, which several models of a directory share; loaded once while any of them holds them."""

from pathlib import Path
from weakref import WeakValueDictionary

from stanza.models.common.pretrain import Pretrain

#: By file as it was: path, time of change, size.
_LOADED: WeakValueDictionary[tuple[str, int, int], Pretrain] = WeakValueDictionary()


def vectors_of(file: str) -> Pretrain:
    """The vectors of `file`, which nobody may change; raises OSError, RuntimeError or UnpicklingError."""
    state = Path(file).stat()
    key = (file, state.st_mtime_ns, state.st_size)
    found = _LOADED.get(key)
    if found is None:
        found = Pretrain(file)
        found.load()
        _LOADED[key] = found
    return found
