"""Stanza's own Bulgarian package, fetched from its hub."""

import shutil
from collections.abc import Callable
from pathlib import Path

from worker.errors import AnalysisError
from worker.models.news import BULGARIAN
from worker.nlp.cards import PROCESSORS, adopt

#: Fills a directory with the package, or raises whatever its libraries raise.
Download = Callable[[Path], object]


def install(directory: Path, load: Callable[[Path], object], download: Download | None = None) -> None:
    """Fetches the package into `directory`, which it replaces once `load` could load it; raises AnalysisError."""
    arriving = directory.with_name(directory.name + ".new")
    try:
        shutil.rmtree(arriving, ignore_errors=True)
        arriving.mkdir(parents=True)
    except OSError as error:
        raise AnalysisError(f"{arriving} cannot be made ({error.strerror or error})") from error
    try:
        _fetch(arriving, download or _download)
        adopt(arriving)
        load(arriving)
        shutil.rmtree(directory, ignore_errors=True)
        arriving.rename(directory)
    except OSError as error:
        raise AnalysisError(f"the models cannot be put to {directory} ({error.strerror or error})") from error
    finally:
        shutil.rmtree(arriving, ignore_errors=True)


def _fetch(directory: Path, download: Download) -> None:
    try:
        download(directory)
    except Exception as error:
        # Whatever the network, the hub's client and the archive raise, it means the same to the person.
        cause = f"{type(error).__name__}: {error}".split("\n", 1)[0][:200]
        raise AnalysisError(
            "Stanza's hub could not be reached, or did not give its Bulgarian package"
            f" ({cause}); nothing was changed, the models in use stay"
        ) from error


def _download(directory: Path) -> None:
    import stanza  # noqa: PLC0415 - two seconds and 400 MB that only this command pays

    stanza.download(
        BULGARIAN, model_dir=str(directory), processors=",".join(PROCESSORS), package="default", logging_level="ERROR"
    )
