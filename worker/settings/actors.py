"""The catalogue of known actors: every `*.yaml` of one directory; `config/actors/state.yaml` shows the form."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic import Field as Constraint

from worker.models.actor import Actor, ActorId, Catalogue
from worker.models.news import MentionKind
from worker.settings.yaml import Problems, Strict, nearest, read_quickly
from worker.text.fold import fold_word
from worker.text.words import words_of


def _has_word(text: str) -> str:
    if not words_of(text):
        raise ValueError("must hold a word")
    return text


def _known_kind(text: str) -> str:
    if text not in MentionKind.__members__:
        raise ValueError(f"must be one of {', '.join(MentionKind)}{nearest(text, list(MentionKind))}")
    return text


_Name = Annotated[str, Constraint(max_length=200), AfterValidator(_has_word)]


class ActorPart(Strict):
    """One actor."""

    id: Annotated[str, Constraint(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    name: _Name
    kind: Annotated[str, AfterValidator(_known_kind)]
    aliases: list[_Name] = Constraint(default_factory=list)
    weak: list[_Name] = Constraint(default_factory=list)
    about: Annotated[str, Constraint(max_length=200)] = ""
    wikidata: Annotated[str, Constraint(pattern=r"^(Q[0-9]+)?$")] = ""


class ActorsFile(Strict):
    """One file of the catalogue."""

    actors: Annotated[list[ActorPart], Constraint(min_length=1)]


def read_actors(directory: Path, problems: Problems) -> Catalogue:
    """All actors, in the order of files and in them; without the directory, none. Faults go to `problems`."""
    found: list[tuple[Path, int, ActorPart]] = []
    for path in sorted(directory.glob("*.yaml")):
        part = read_quickly(path, ActorsFile, problems)
        found += ((path, number, actor) for number, actor in enumerate(part.actors if part else ()))
    ids: dict[str, Path] = {}
    names: dict[str, str] = {}
    for path, number, actor in found:
        where = f"actors[{number}]"
        if actor.id in ids:
            problems.add(path, None, f"{where}.id", f"«{actor.id}» stands in {ids[actor.id]} already")
        ids.setdefault(actor.id, path)
        for name in _distinct([actor.name, *actor.aliases]):
            other = names.setdefault(fold_word(name), actor.id)
            if other != actor.id:
                problems.add(path, None, where, f"«{name}» is a name of «{other}» already; make it weak in one")
    return Catalogue(actors=tuple(_actor(part) for _, _, part in found))


def _distinct(names: Iterable[str]) -> Iterable[str]:
    return {fold_word(name): name for name in names}.values()


def _actor(part: ActorPart) -> Actor:
    return Actor(
        id=ActorId(part.id),
        name=part.name,
        kind=MentionKind(part.kind),
        aliases=tuple(part.aliases),
        weak=tuple(part.weak),
        about=part.about,
        wikidata=part.wikidata,
    )
