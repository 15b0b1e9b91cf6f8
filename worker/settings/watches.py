"""The watch files: every `*.yaml` of one directory, together one watchlist."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.matching.concepts import spellings
from worker.models.actor import Catalogue
from worker.models.watch import Concept, Conditions, Meaning, Person, Phrase, Term, Together, Watch, Watchlist
from worker.settings.watch_files import WatchesFile, WatchPart
from worker.settings.watch_parts import WatchMaker, concept_of
from worker.settings.yaml import Problems, content_of, line_at, line_with, read_document

_VERSION_SIGNS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """One file that was read."""

    path: Path
    document: WatchesFile


def watch_files_in(directory: Path) -> tuple[Path, ...]:
    """The watch files of a directory by name; hidden ones are no business of ours (locks and copies of editors)."""
    found = (path for path in directory.glob("*") if path.suffix in {".yaml", ".yml"})
    return tuple(sorted(path for path in found if not path.name.startswith(".")))


def version_of(contents: Iterable[bytes]) -> str:
    """The version of watch files with these contents: the beginning of the SHA-256 of all their bytes."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(content)
    return digest.hexdigest()[:_VERSION_SIGNS]


def read_watches(directory: Path, problems: Problems, catalogue: Catalogue | None = None) -> Watchlist:
    """All watches of the directory, by file name and then in file order; faults go to `problems`.

    `catalogue` serves terms that name one of its actors. The version changes with any edit.
    """
    paths = watch_files_in(directory)
    if not paths:
        problems.add(directory, None, "", "holds no watch files (*.yaml); see the README for an example")
    contents = []
    sources = []
    for path in paths:
        document = read_document(path, WatchesFile, problems)
        if document is not None:
            contents.append(content_of(path))
            sources.append(_Source(path=path, document=document))
    actors = {str(actor.id): actor for actor in (catalogue or Catalogue()).actors}
    maker = WatchMaker(actors, _concepts(sources, problems), problems)
    watches: dict[str, tuple[Watch, Path]] = {}
    for source in sources:
        for watch in _watches(source, maker, watches, problems):
            watches[watch.id] = (watch, source.path)
    if len(sources) == len(paths):
        # With a file missing, so may be its concepts.
        _refuse_bad_phrases(sources, watches, maker.concepts, problems)
    return Watchlist(
        watches=tuple(watch for watch, _ in watches.values()), version=version_of(contents), concepts=maker.concepts
    )


def place_in_file(directory: Path, watch_id: str, key: str, number: int) -> str:
    """`file:line` of an item of a list of a watch; the directory where it is not found any more."""
    for path in watch_files_in(directory):
        document = read_document(path, WatchesFile, Problems())
        for position, watch in enumerate((document and document.watches) or ()):
            if watch.id == watch_id:
                line = line_at(path, ("watches", position, key, number))
                return f"{path}:{line}" if line else f"{path}"
    return f"{directory}"


def _concepts(sources: Sequence[_Source], problems: Problems) -> dict[str, Concept]:
    concepts: dict[str, Concept] = {}
    for source in sources:
        for name, part in source.document.concepts.items():
            if name in concepts:
                line = line_with(source.path, rf"^\s+{re.escape(name)}\s*:")
                problems.add(source.path, line, f"concepts.{name}", "is defined in another file already")
            concepts[name] = concept_of(name, part)
    return concepts


def _watches(
    source: _Source, maker: WatchMaker, known: Mapping[str, tuple[Watch, Path]], problems: Problems
) -> Iterator[Watch]:
    """The watches of one file; those whose id is taken are faults, and left out."""
    mine: set[str] = set()
    document = source.document
    for number, part in enumerate(document.watches or ()):
        if part.id in mine or part.id in known:
            taken = source.path if part.id in mine else known[part.id][1]
            line = _line_of_id(source.path, part, again=part.id in mine)
            problems.add(source.path, line, f"watches[{number}].id", f"«{part.id}» is used in {taken.name} already")
            continue
        mine.add(part.id)
        yield maker.watch(part, document.watchlist, document.channels, source.path)


def _refuse_bad_phrases(
    sources: Sequence[_Source],
    watches: Mapping[str, tuple[Watch, Path]],
    concepts: Mapping[str, Concept],
    problems: Problems,
) -> None:
    """Phrases whose concepts are missing, lead in a circle or unfold without end, each told once."""
    told: set[str] = set()
    texts: list[tuple[Path, str, str]] = []
    for source in sources:
        for name in source.document.concepts:
            concept = concepts[name]
            of_concept = (*concept.strong, *concept.weak, *concept.context, *concept.none)
            texts += ((source.path, f"concepts.{name}", phrase.text) for phrase in of_concept)
    for watch, path in watches.values():
        texts += ((path, f"watch {watch.id}", phrase.text) for phrase in _phrases_of(watch))
    for path, where, text in texts:
        try:
            spellings(text, concepts)
        except ValueError as error:
            message = str(error)
            if message not in told:
                told.add(message)
                # A phrase written over two lines is not found; its watch or concept is.
                line = line_with(path, re.escape(text)) or line_with(path, re.escape(re.split(r"[ .]", where)[-1]))
                problems.add(path, line, where, message)


def _phrases_of(watch: Watch) -> Iterator[Phrase]:
    yield from (*watch.none, *watch.needs, *watch.unless)
    for term in (*watch.terms, *watch.all):
        yield from _phrases_of_term(term)


def _phrases_of_term(term: Term) -> Iterator[Phrase]:
    match term:
        case Phrase():
            yield term
        case Person():
            yield from (*term.surname_needs, *term.surname_unless, *term.introduced_as, *term.name_needs)
            yield from _phrases_of_conditions(term.conditions)
        case Together():
            yield from (phrase for group in term.groups for phrase in group)
            yield from _phrases_of_conditions(term.conditions)
        case Meaning():
            pass


def _phrases_of_conditions(conditions: Conditions) -> tuple[Phrase, ...]:
    return (*conditions.needs, *conditions.or_lacks, *conditions.unless, *conditions.near, *conditions.not_near)


def _line_of_id(path: Path, part: WatchPart, *, again: bool) -> int | None:
    """Line of the first watch with this id, or of the next one (`again`); the id of one in one line is made of it."""
    by_id = rf"(?:^|[\s{{,-])id\s*:\s*[\"']?{re.escape(part.id)}[\"']?\s*(?:[#,}}]|$)"
    in_one_line = rf"^\s*-\s*[\"']?{re.escape(part.name)}[\"']?\s*(?:#|$)"
    return line_with(path, f"{by_id}|{in_one_line}", skip=int(again))
