"""Parts of watch files made into watches, and what they need of the catalogue into concepts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from worker.forms import paired_surname
from worker.models.actor import Actor
from worker.models.news import Field, MentionKind
from worker.models.watch import (
    ChannelId,
    Concept,
    Conditions,
    Example,
    Meaning,
    Person,
    Phrase,
    Reach,
    Scope,
    Setting,
    Severity,
    Term,
    Together,
    Watch,
    WatchId,
    WatchKind,
)
from worker.settings.watch_files import ADJACENT, ARTICLE, SENTENCE, ConceptPart, ExamplePart, TermPart, WatchPart
from worker.settings.yaml import Problems, line_with, nearest
from worker.text.fold import fold_word

_REACHES = {ARTICLE: Reach.ARTICLE, ADJACENT: Reach.ADJACENT, SENTENCE: Reach.SENTENCE}


def concept_of(name: str, part: ConceptPart) -> Concept:
    """A concept as a file has it."""
    return Concept(
        name=name,
        strong=_phrases(part.strong),
        weak=_phrases(part.weak),
        context=_phrases(part.context),
        none=_phrases(part.none),
    )


class WatchMaker:
    """Makes watches; the concepts that they need beside those of the files are added to `concepts`."""

    def __init__(self, actors: Mapping[str, Actor], concepts: Mapping[str, Concept], problems: Problems) -> None:
        self._actors = actors
        self._problems = problems
        self.concepts = dict(concepts)

    def watch(self, part: WatchPart, watchlist: str, channels: Sequence[str], path: Path) -> Watch:
        """One watch of the file at `path`, with the file's channels unless it has its own."""
        terms = tuple(self._term(term, path, f"watch {part.id}") for term in part.any or ())
        every = tuple(self._term(term, path, f"watch {part.id}") for term in part.all or ())
        if part.weak:
            name = f"watch:{part.id}"
            self.concepts[name] = Concept(
                name=name, strong=_speaking(terms), weak=_phrases(part.weak), context=_phrases(part.context)
            )
            # One finding of a weak name is worth what the watch asks for: its context has spoken for it.
            terms += (Together(groups=((Phrase(text=f"${name}"),),), weight=part.threshold),)
        return Watch(
            id=WatchId(part.id),
            name=part.name,
            kind=WatchKind(part.kind),
            terms=terms,
            all=every,
            none=_phrases(part.none),
            needs=_phrases(part.needs),
            unless=_phrases(part.unless),
            about=frozenset(part.about),
            threshold=part.threshold,
            scope=_scope(part),
            severity=Severity(part.severity),
            expires=part.expires,
            channels=tuple(ChannelId(channel) for channel in part.channels or channels),
            pace=tuple(sorted(part.pace)),
            follows=part.follow,
            must_match=tuple(_example(example) for example in part.must_match),
            must_not_match=tuple(_example(example) for example in part.must_not_match),
            watchlist=watchlist,
        )

    def _term(self, term: str | TermPart, path: Path, where: str) -> Term:
        if isinstance(term, str):
            return Phrase(text=term)
        if term.about is not None:
            return Meaning(description=term.about, alone=term.alone, weight=term.weight)
        conditions = _conditions(term)
        if term.person is not None:
            return replace(
                _person(term.person, [*term.also, *_paired(term)], conditions, term.weight),
                surname_needs=_phrases(term.surname_needs),
                surname_unless=_phrases(term.surname_unless),
                introduced_as=_phrases(term.introduced_as),
                name_needs=_phrases(term.name_needs),
            )
        if term.actor is not None:
            return self._actor(term.actor, term, path, where)
        if term.phrase is not None and conditions == Conditions():
            return Phrase(text=term.phrase, weight=term.weight)
        groups = term.together or [term.phrases or [term.phrase or ""]]
        return Together(
            groups=tuple(_phrases(group) for group in groups),
            reach=_REACHES.get(term.within, Reach.WORDS),
            within_words=max(term.within, 0),
            conditions=conditions,
            weight=term.weight,
        )

    def _actor(self, actor_id: str, term: TermPart, path: Path, where: str) -> Term:
        """A person by name, or all names of an actor as a concept of its own."""
        actor = self._actors.get(actor_id)
        if actor is None:
            line = line_with(path, rf"actor[\"']?\s*:\s*[\"']?{re.escape(actor_id)}\b")
            message = f"no actor «{actor_id}» in the catalogue{nearest(actor_id, list(self._actors))}"
            self._problems.add(path, line, where, message)
            return Phrase(text=actor_id)
        surname = _parted(actor.name)[1]
        if actor.kind is MentionKind.PER and surname in actor.weak:
            return _person(actor.name, actor.aliases, _conditions(term), term.weight)
        name = f"actor:{actor.id}"
        self.concepts[name] = Concept(
            name=name, strong=_phrases([actor.name, *actor.aliases]), weak=_phrases(actor.weak), entity=actor.name
        )
        return Together(groups=((Phrase(text=f"${name}"),),), conditions=_conditions(term), weight=term.weight)


def _speaking(terms: Sequence[Term]) -> tuple[Phrase, ...]:
    """The phrases of a watch that name its subject by themselves, so that weak names beside them mean it."""
    found: list[Phrase] = []
    for term in terms:
        match term:
            case Phrase():
                found.append(term)
            case Person():
                found.append(Phrase(text=f"{term.given} {term.surname}".strip()))
            case Together():
                found += term.groups[0] if len(term.groups) == 1 else ()
            case Meaning():
                pass
    return tuple(found)


def _conditions(term: TermPart) -> Conditions:
    return Conditions(
        needs=_phrases(term.needs),
        or_lacks=_phrases(term.or_lacks),
        unless=_phrases(term.unless),
        near=_phrases(term.near),
        not_near=_phrases(term.not_near),
        since=term.since,
        until=term.until,
        fields=frozenset(Field(name) for name in term.fields),
        entity=MentionKind(term.entity) if term.entity else None,
        skips=frozenset(Setting(name) for name in term.skip),
    )


def _scope(part: WatchPart) -> Scope:
    def folded(names: Sequence[str]) -> frozenset[str]:
        return frozenset(fold_word(name) for name in names)

    return Scope(
        outlets=folded(part.outlets),
        not_outlets=folded(part.not_outlets),
        sections=folded(part.sections),
        not_sections=folded(part.not_sections),
        languages=frozenset(part.languages),
    )


def _example(part: ExamplePart) -> Example:
    return Example(title=part.title, text=part.text, on=part.on)


def _paired(term: TermPart) -> Iterator[str]:
    """The names of those who bear the other gender's form of the surname, where the term asks for them."""
    for name in (term.person or "", *term.also) if term.both_genders else ():
        given, surname = _parted(name)
        other = paired_surname(surname)
        if other is not None:
            yield f"{given} {other}".strip()


def _person(name: str, also: Sequence[str], conditions: Conditions, weight: float) -> Person:
    names = [_parted(spelling) for spelling in (name, *also)]
    given, surname = names[0]
    return Person(
        given=given,
        surname=surname,
        other_given=_others((given for given, _ in names), given),
        other_surnames=_others((surname for _, surname in names), surname),
        conditions=conditions,
        weight=weight,
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


def _phrases(texts: Sequence[str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(text=text) for text in texts)
