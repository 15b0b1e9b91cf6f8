"""What a directory of language models says of itself: its card, and whether its files are those of the card.

Stanza's own packages come without a card; one is made of their `resources.json`, whose checksums are compared
before, and written beside it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from worker.errors import AnalysisError
from worker.models.news import BULGARIAN

CARD = "card.json"
RESOURCES = "resources.json"
#: what we use of a Stanza package, in the order in which it runs
PROCESSORS = ("tokenize", "pos", "lemma", "ner")
_OFFICIAL = "stanza-bg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The card of a directory; keys that are not known here stand in `more`."""

    directory: Path
    name: str
    version: str
    processors: tuple[str, ...]
    #: by path relative to the directory, with `/`
    sha256: Mapping[str, str]
    scores: Mapping[str, Any]
    sources: Mapping[str, Any]
    more: Mapping[str, Any]

    def size_of(self, file: str) -> int | None:
        """In bytes; None where the file is missing."""
        path = self.directory / file
        return path.stat().st_size if path.is_file() else None


def read_card(directory: Path) -> Card:
    """The card as it stands, nothing verified; raises AnalysisError."""
    try:
        stated: dict[str, Any] = json.loads((directory / CARD).read_bytes())
        return Card(
            directory=directory,
            name=str(stated.pop("name")),
            version=str(stated.pop("version")),
            processors=tuple(str(stated.pop("processors")).split(",")),
            sha256=_mapping(stated.pop("sha256")),
            scores=_mapping(stated.pop("scores", {})),
            sources=_mapping(stated.pop("sources", {})),
            more=stated,
        )
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise AnalysisError(f"the language models in {directory} are incomplete ({error})") from error


def faults_of(card: Card) -> Mapping[str, str]:
    """What is wrong with which file; empty when all are those of the card."""
    return {file: fault for file, digest in card.sha256.items() if (fault := _fault(card.directory / file, digest))}


def require_whole(card: Card, faults: Mapping[str, str]) -> None:
    """Raises AnalysisError naming every file that has a fault."""
    if faults:
        told = ", ".join(f"{file} {fault}" for file, fault in faults.items())
        raise AnalysisError(f"the language models in {card.directory} cannot be used: {told}; install them again")


def adopt(directory: Path) -> None:
    """Writes the card of a Stanza package that has none; raises AnalysisError when that is not what lies there."""
    if (directory / CARD).exists() or not (directory / RESOURCES).exists():
        return
    try:
        resources: dict[str, Any] = json.loads((directory / RESOURCES).read_bytes())[BULGARIAN]
        packages = _default_packages(resources)
        files = {file: _checked(directory, file, md5) for file, md5 in _files(resources, packages)}
        digest = hashlib.sha256((directory / RESOURCES).read_bytes()).hexdigest()
        card = {
            "name": _OFFICIAL,
            "version": metadata.version("stanza"),
            "processors": ",".join(packages),
            "sources": {"stanza": "official package, " + ", ".join(" ".join(pair) for pair in packages.items())},
            "sha256": {**files, RESOURCES: digest},
        }
        (directory / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise AnalysisError(f"{directory} is no Stanza package for Bulgarian that can be used ({error!r})") from error


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"a {type(value).__name__} stands where keys with values must be")
    return value


def _fault(path: Path, digest: str) -> str:
    try:
        return "" if hashlib.sha256(path.read_bytes()).hexdigest() == digest else "is damaged"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"


def _default_packages(resources: Mapping[str, Any]) -> dict[str, str]:
    named = resources.get("default_processors") or resources["packages"]["default"]
    return {processor: named[processor] for processor in PROCESSORS}


def _files(resources: Mapping[str, Any], packages: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Each file that the packages need, once, with its MD5 where it is stated."""
    wanted = list(packages.items())
    for processor, package in wanted:
        stated = resources[processor][package]
        yield f"{BULGARIAN}/{processor}/{package}.pt", stated.get("md5")
        needed = [(one["model"], one["package"]) for one in stated.get("dependencies", ())]
        wanted += [pair for pair in dict.fromkeys(needed) if pair not in wanted]


def _checked(directory: Path, file: str, md5: str | None) -> str:
    content = (directory / file).read_bytes()
    if md5 is not None and hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise ValueError(f"{file} is damaged")
    return hashlib.sha256(content).hexdigest()
