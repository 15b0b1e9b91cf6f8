"""Why a watch that found something does not fire: the one thing without which it would; pure.

Found by trying: the watch is judged again without each of its phrases under `none` and each condition of its terms.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from worker.models.watch import Concept, Conditions, Meaning, Person, Reach, Term, Together, Watch
from worker.text.words import words_of
from worker.tuning.trying import Prepared, fires, index_of, spoken_by

#: Names of the conditions in a watch file.
_KEYS = {"fields": "in", "entity": "as", "skips": "skip"}
_MAX_TOLD = 3


def causes_of(one: Prepared, watch: Watch, concepts: Mapping[str, Concept]) -> tuple[str, ...]:
    """What keeps the watch silent, each a clause for a person: the first few things without which it would fire."""
    found: list[str] = []
    for changed, cause in _without(watch):
        if fires(one, index_of((changed,), concepts)):
            found.append(cause)
            if len(found) == _MAX_TOLD:
                return tuple(found)
    if found:
        return tuple(found)
    for term in (*watch.terms, *watch.all):
        if isinstance(term, Person) and _stands(one, term.surname):
            return (f"«{term.surname}» is somebody else here, or part of a longer name",)
    return ("only some of the words that belong together stand in the text",)


def _stands(one: Prepared, name: str) -> bool:
    keys = [word.key for word in words_of(name)]
    return any(word.word.key in keys for word in one.words.words)


def missing_parts(one: Prepared, watch: Watch, concepts: Mapping[str, Concept]) -> tuple[str, ...]:
    """The terms under `all` that do not count."""
    missing = []
    for term in watch.all:
        alone = replace(watch, terms=(replace(term, weight=watch.threshold),), all=())
        if not fires(one, index_of((alone,), concepts)):
            missing.append(_named(term))
    return tuple(missing)


def _without(watch: Watch) -> Iterator[tuple[Watch, str]]:
    """The watch without one of its restrictions, and what that one is called."""
    for phrase in watch.none:
        rest = tuple(each for each in watch.none if each is not phrase)
        yield replace(watch, none=rest), f"`none` «{phrase.text}» cancels what was found"
    if len(watch.none) > 1:
        yield replace(watch, none=()), "several phrases under `none` cancel what was found"
    for number, term in enumerate(watch.terms):
        for changed, cause in _relaxed(term):
            terms = (*watch.terms[:number], changed, *watch.terms[number + 1 :])
            yield replace(watch, terms=terms), cause


def _relaxed(term: Term) -> Iterator[tuple[Term, str]]:
    if not isinstance(term, Person | Together):
        return
    free = Conditions()
    for each in fields(free):
        if getattr(term.conditions, each.name) != getattr(free, each.name):
            conditions = replace(term.conditions, **{each.name: getattr(free, each.name)})
            key = _KEYS.get(each.name, each.name)
            yield replace(term, conditions=conditions), f"`{key}` of the term {_named(term)} keeps it from counting"
    if isinstance(term, Person):
        if term.surname_needs:
            cause = f"`surname_needs` of the term {_named(term)} is not met"
            yield replace(term, surname_needs=()), cause
        if term.name_needs:
            yield replace(term, name_needs=()), f"`name_needs` of the term {_named(term)} is not met"
    elif len(term.groups) > 1 and term.reach is not Reach.ARTICLE:
        within = f"{term.within_words} words" if term.reach is Reach.WORDS else f"one {term.reach.value}"
        within = {Reach.ADJACENT: "two adjacent sentences"}.get(term.reach, within)
        cause = f"the words of the term {_named(term)} do not stand within {within}"
        yield replace(term, reach=Reach.ARTICLE, within_words=0), cause


def _named(term: Term) -> str:
    if isinstance(term, Meaning):
        return f"«{term.description}»"
    spoken = spoken_by(term)
    return f"«{spoken[0].text}»" + (" …" if len(spoken) > 1 else "")
