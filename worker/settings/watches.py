"""The watch files: every `*.yaml` of one directory, together one watchlist.

The format is shown by example at the top of `config/watches/people.yaml`.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, model_validator
from pydantic import Field as Constraint

from worker.matching.patterns import fault_of
from worker.models.watch import ChannelId, Person, Phrase, Together, Watch, WatchId, WatchKind, Watchlist
from worker.settings.yaml import Problems, Strict, nearest, read_document
from worker.text.fold import fold_word
from worker.topics.categories import SUBJECTS

#: More words apart than this is no neighbourhood; a sentence is meant.
_MAX_WITHIN = 100
_SENTENCE, _ARTICLE = 0, -1
_REACHES = {"sentence": _SENTENCE, "article": _ARTICLE}
#: Which kinds of term each further key belongs to.
_KEY_KINDS = {
    "also": ("person",),
    "surname_needs": ("person",),
    "within": ("together",),
    "needs": ("phrase", "phrases", "together"),
    "unless": ("phrase", "phrases", "together"),
    "since": ("phrase", "phrases", "together"),
    "until": ("phrase", "phrases", "together"),
}


def _sound(text: str) -> str:
    fault = fault_of(text)
    if fault is not None:
        raise ValueError(fault)
    return text


def _reach(value: object) -> object:
    """`sentence` (0), `article` (-1) or a number of words, so that one field holds all three."""
    if isinstance(value, str) and value in _REACHES:
        return _REACHES[value]
    if isinstance(value, int) and not isinstance(value, bool) and 1 < value <= _MAX_WITHIN:
        return value
    raise ValueError(f"must be «sentence», «article» or a number of words from 2 to {_MAX_WITHIN}")


def _topic(text: str) -> str:
    """The code of a category, given by its English key or Bulgarian name; else a key phrase, folded."""
    for key, (number, label) in SUBJECTS.items():
        if fold_word(text) in {key, fold_word(label)}:
            return f"medtop:{number}"
    if text.isascii():
        raise ValueError(f"is no category{nearest(text, list(SUBJECTS))}")
    return fold_word(_sound(text))


def _is_plain(term: object) -> str:
    return "tagged-term" if isinstance(term, dict) else "tagged-text"


_Text = Annotated[str, AfterValidator(_sound)]
_Weight = Annotated[float, Constraint(gt=0, le=1000)]
_TextsGiven = Annotated[list[_Text], Constraint(min_length=1)]
_Groups = Annotated[list[_TextsGiven], Constraint(min_length=2)]


class TermPart(Strict):
    """A term with more to say than its words."""

    phrase: _Text | None = None
    phrases: _TextsGiven | None = None
    person: _Text | None = None
    together: _Groups | None = None
    also: list[_Text] = Constraint(default_factory=list)
    surname_needs: list[_Text] = Constraint(default_factory=list)
    within: Annotated[int, BeforeValidator(_reach)] = _SENTENCE
    needs: list[_Text] = Constraint(default_factory=list)
    unless: list[_Text] = Constraint(default_factory=list)
    since: date | None = None
    until: date | None = None
    weight: _Weight = 1.0

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in ("phrase", "phrases", "person", "together") if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError("a term is exactly one of `phrase`, `phrases`, `person` and `together`")
        for key, allowed in _KEY_KINDS.items():
            if key in self.model_fields_set and kinds[0] not in allowed:
                raise ValueError(f"`{key}` belongs to {' or '.join(f'`{k}`' for k in allowed)}, not to `{kinds[0]}`")
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"begins on {self.since} and ends before, on {self.until}")
        return self


_Term = Annotated[
    Annotated[_Text, Tag("tagged-text")] | Annotated[TermPart, Tag("tagged-term")],
    Discriminator(_is_plain),
]


class WatchPart(Strict):
    """One watch."""

    id: Annotated[str, Constraint(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    name: Annotated[str, Constraint(min_length=1, max_length=120)]
    kind: Literal["actor", "topic"]
    any: Annotated[list[_Term], Constraint(min_length=1)]
    none: list[_Text] = Constraint(default_factory=list)
    needs: list[_Text] = Constraint(default_factory=list)
    unless: list[_Text] = Constraint(default_factory=list)
    about: list[Annotated[str, AfterValidator(_topic)]] = Constraint(default_factory=list)
    threshold: _Weight = 1.0
    channels: list[str] = Constraint(default_factory=list)

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        most = sum(term.weight if isinstance(term, TermPart) else 1.0 for term in self.any)
        if most < self.threshold:
            raise ValueError(
                f"can never fire: all its terms weigh {most:g}, less than its threshold {self.threshold:g}"
            )
        return self


class WatchesFile(Strict):
    """One whole file."""

    watchlist: Annotated[str, Constraint(min_length=1, max_length=120)]
    channels: list[str] = Constraint(default_factory=list)
    watches: Annotated[list[WatchPart], Constraint(min_length=1)]


def read_watches(directory: Path, problems: Problems) -> Watchlist:
    """All watches of the directory, by file name and then in file order; faults go to `problems`.

    The version is the beginning of the SHA-256 of the files' bytes, so it changes with any edit.
    """
    paths = sorted(path for path in directory.glob("*") if path.suffix in {".yaml", ".yml"})
    if not paths:
        problems.add(directory, None, "", "holds no watch files (*.yaml); see the README for an example")
    digest = hashlib.sha256()
    watches: list[Watch] = []
    places: dict[str, str] = {}
    for path in paths:
        document = read_document(path, WatchesFile, problems)
        if document is None:
            continue
        digest.update(path.read_bytes())
        for number, part in enumerate(document.watches):
            if part.id in places:
                line = _line_of_id(path, part.id, again=places[part.id].startswith(f"{path.name}:"))
                message = f"«{part.id}» is used in {places[part.id]} already"
                problems.add(path, line, f"watches[{number}].id", message)
            places.setdefault(part.id, f"{path.name}: watches[{number}]")
            watches.append(_watch(part, document))
    return Watchlist(watches=tuple(watches), version=digest.hexdigest()[:12])


def _line_of_id(path: Path, watch_id: str, *, again: bool) -> int | None:
    """Line of the first watch with this id, or of the next one (`again`)."""
    pattern = re.compile(rf"(?:^|[\s{{,-])id\s*:\s*[\"']?{re.escape(watch_id)}[\"']?\s*(?:[#,}}]|$)")
    lines = [n for n, line in enumerate(path.read_text("utf-8").splitlines(), start=1) if pattern.search(line)]
    return next(iter(lines[int(again) :]), None)


def _watch(part: WatchPart, document: WatchesFile) -> Watch:
    return Watch(
        id=WatchId(part.id),
        name=part.name,
        kind=WatchKind(part.kind),
        terms=tuple(_term(term) for term in part.any),
        none=_phrases(part.none),
        needs=_phrases(part.needs),
        unless=_phrases(part.unless),
        about=frozenset(part.about),
        threshold=part.threshold,
        channels=tuple(ChannelId(channel) for channel in part.channels or document.channels),
        watchlist=document.watchlist,
    )


def _term(term: str | TermPart) -> Phrase | Person | Together:
    if isinstance(term, str):
        return Phrase(text=term)
    if term.person is not None:
        return _person(term.person, term)
    if term.phrase is not None and not (term.needs or term.unless or term.since or term.until):
        return Phrase(text=term.phrase, weight=term.weight)
    groups = term.together or [term.phrases or [term.phrase or ""]]
    return Together(
        groups=tuple(_phrases(group) for group in groups),
        within_words=term.within if term.within > 0 else None,
        anywhere=term.within == _ARTICLE,
        needs=_phrases(term.needs),
        unless=_phrases(term.unless),
        since=term.since,
        until=term.until,
        weight=term.weight,
    )


def _person(name: str, term: TermPart) -> Person:
    names = [_parted(spelling) for spelling in (name, *term.also)]
    given, surname = names[0]
    return Person(
        given=given,
        surname=surname,
        other_given=_others((given for given, _ in names), given),
        other_surnames=_others((surname for _, surname in names), surname),
        surname_needs=_phrases(term.surname_needs),
        weight=term.weight,
    )


def _parted(name: str) -> tuple[str, str]:
    """Given name and surname; the surname begins with its particles („Урсула | фон дер Лайен“)."""
    words = name.split()
    last = len(words) - 1
    while last > 1 and words[last - 1].islower():
        last -= 1
    return (words[0], " ".join(words[last:])) if last > 0 else ("", name.strip())


def _others(names: Iterator[str], first: str) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(names) if name and name != first)


def _phrases(texts: list[str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(text=text) for text in texts)
