"""What is allowed in a watchlist and yet hardly meant; pure.

A note is told where it can be proved, or counted in the archive; a person decides. Nothing here stops a service.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from worker.matching.concepts import MARK, spellings
from worker.matching.patterns import Step, steps_of
from worker.models.watch import Concept, Conditions, Person, Phrase, Term, Together, Watch, WatchId, Watchlist
from worker.text.words import words_of
from worker.tuning.coverage import covers, lies_within
from worker.tuning.showing import share
from worker.tuning.trying import Prepared, index_of, judge, spoken_by

#: A word in more of the archive than this says little by itself.
COMMON_SHARE = 0.02
#: In a smaller sample a share means nothing.
LEAST_SAMPLE = 200


class Subject(StrEnum):
    """What a note is about."""

    SAME_TERM = "same_term"
    TOO_COMMON = "too_common"
    NEVER = "never"
    EXPIRED = "expired"
    NO_EXAMPLES = "no_examples"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something that a person may want to look at."""

    subject: Subject
    watch_id: WatchId
    message: str
    #: the phrase that it is about, as the file has it; empty: the watch
    term: str = ""


def warnings_of(
    watchlist: Watchlist, sample: Sequence[Prepared], *, today: date, common_share: float = COMMON_SHARE
) -> tuple[Note, ...]:
    """The notes on a watchlist, by subject and then in watch order; an empty `sample` tells nothing of commonness."""
    return (
        *_same_terms(watchlist),
        *_too_common(watchlist, sample, common_share),
        *(note for watch in watchlist.watches for note in _never(watch, watchlist, today)),
        *(note for watch in watchlist.watches for note in _of_watch(watch, today)),
    )


def _of_watch(watch: Watch, today: date) -> Iterator[Note]:
    if watch.expires is not None and watch.expires <= today:
        message = f"expired on {watch.expires} and alerts no more; remove it or give it another day"
        yield Note(subject=Subject.EXPIRED, watch_id=watch.id, message=message)
    if not watch.must_match and not watch.must_not_match:
        message = "has no golden examples (`must_match`, `must_not_match`)"
        yield Note(subject=Subject.NO_EXAMPLES, watch_id=watch.id, message=message)


def _same_terms(watchlist: Watchlist) -> Iterator[Note]:
    """Phrases that speak alone in several watches; one line for each phrase, at the first of them."""
    owners: dict[str, list[WatchId]] = {}
    for watch in watchlist.watches:
        texts = {" ".join(phrase.text.split()) for term in watch.terms for phrase in _speaking_alone(watch, term)}
        for text in sorted(texts):
            owners.setdefault(text, []).append(watch.id)
    for text, ids in owners.items():
        if len(ids) > 1 and MARK not in text:
            message = f"the term «{text}» stands in {len(ids)} watches: {', '.join(ids)}; each of them alerts on it"
            yield Note(subject=Subject.SAME_TERM, watch_id=ids[0], message=message, term=text)


def _speaking_alone(watch: Watch, term: Term) -> tuple[Phrase, ...]:
    """The phrases of a term any of which fires the watch without conditions."""
    if term.weight < watch.threshold or watch.needs or watch.about or watch.all:
        return ()
    if isinstance(term, Together) and (len(term.groups) > 1 or term.conditions != Conditions()):
        return ()
    if isinstance(term, Person) and (term.conditions != Conditions() or term.name_needs):
        return ()
    return spoken_by(term)


def _too_common(watchlist: Watchlist, sample: Sequence[Prepared], common_share: float) -> Iterator[Note]:
    """One-word terms in small letters that are found too often, each tried alone on the sample."""
    if len(sample) < LEAST_SAMPLE:
        return
    tried = {
        WatchId(f"{watch.id} {phrase.text}"): (watch, phrase)
        for watch in watchlist.watches
        for term in watch.terms
        for phrase in _speaking_alone(watch, term)
        if _is_plain_word(phrase.text)
    }
    probes = [
        replace(watch, id=id_, terms=(replace(phrase, weight=watch.threshold),))
        for id_, (watch, phrase) in tried.items()
    ]
    index = index_of(probes, watchlist.concepts)
    counts = dict.fromkeys(tried, 0)
    for one in sample:
        for verdict in judge(one, index):
            counts[verdict.watch_id] += verdict.match is not None
    for id_, (watch, phrase) in tried.items():
        if counts[id_] > common_share * len(sample):
            message = (
                f"the term «{phrase.text}» alone fires in {share(counts[id_], len(sample))} of the last"
                f" {len(sample)} articles; add a word, a condition (`needs`, `near`) or a lower weight"
            )
            yield Note(subject=Subject.TOO_COMMON, watch_id=watch.id, message=message, term=phrase.text)


def _is_plain_word(text: str) -> bool:
    return len(words_of(text)) == 1 and text.islower() and MARK not in text


def _never(watch: Watch, watchlist: Watchlist, today: date) -> Iterator[Note]:
    concepts = watchlist.concepts
    none, unless = ([_sure_steps(phrase, concepts) for phrase in each] for each in (watch.none, watch.unless))
    ended: dict[str, date] = {}
    for term in (*watch.terms, *watch.all):
        conditions = term.conditions if isinstance(term, Person | Together) else Conditions()
        spoken = spoken_by(term)
        if spoken and conditions.until is not None and conditions.until <= today:
            ended[spoken[0].text] = conditions.until
        elif not isinstance(term, Person):
            own = [_sure_steps(phrase, concepts) for phrase in conditions.unless]
            yield from _contradictions(watch, spoken, concepts, none, [*unless, *own])
    if ended and len(ended) == len({spoken_by(term)[0].text for term in (*watch.terms, *watch.all) if spoken_by(term)}):
        # An office that ended among other terms is history, not a fault.
        terms = ", ".join(f"«{text}» ({until})" for text, until in ended.items())
        message = f"finds no longer in new articles what has ended (`until`): {terms}"
        yield Note(subject=Subject.NEVER, watch_id=watch.id, message=message, term=next(iter(ended)))


def _contradictions(
    watch: Watch,
    spoken: Sequence[Phrase],
    concepts: Mapping[str, Concept],
    none: Sequence[Sequence[Sequence[Step]]],
    unless: Sequence[Sequence[Sequence[Step]]],
) -> Iterator[Note]:
    """Phrases that the watch's own `none` or `unless` takes back wherever they stand."""
    for phrase in spoken:
        mine = _steps(phrase, concepts)
        if mine and all(any(covers(theirs, one) for each in none for theirs in each) for one in mine):
            why = "its own `none` cancels it always"
        elif mine and all(any(lies_within(theirs, one) for each in unless for theirs in each) for one in mine):
            why = "its own `unless` silences it always"
        else:
            continue
        message = f"the term «{phrase.text}» can never match: {why}"
        yield Note(subject=Subject.NEVER, watch_id=watch.id, message=message, term=phrase.text)


def _steps(phrase: Phrase, concepts: Mapping[str, Concept]) -> Sequence[Sequence[Step]]:
    """The steps of each spelling of a phrase."""
    return [steps_of(one.text) for one in spellings(phrase.text, concepts)]


def _sure_steps(phrase: Phrase, concepts: Mapping[str, Concept]) -> Sequence[Sequence[Step]]:
    """The same without weak names, which count only in their context."""
    return [steps_of(one.text) for one in spellings(phrase.text, concepts) if not one.weak_of]
