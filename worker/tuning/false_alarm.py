"""What would keep a watch silent on an article that it should not have alerted; pure.

First what cancels the finding itself (`none`: the namesake, the longer name), then a word beside it that no true
alert has (`unless`), and last what all true alerts have and this article lacks (`needs`).
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from worker.matching.given_names import GIVEN_NAMES
from worker.models.news import Field
from worker.models.watch import Evidence, Match
from worker.tuning.proposals import Bench, Proposal, dictionary_form, is_content, is_name, is_telling
from worker.tuning.trying import Prepared

#: Words before and after a finding that may belong to it.
_EXTENTS = ((1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (0, 3), (2, 1))
_MAX_WORDS_TRIED = 30
_MAX_OF_KIND = 5
_MAX_NEEDS = 3
#: With fewer true alerts, what they have in common is chance.
_FEWEST_TRUE = 3


def false_alarm_proposals(bench: Bench, match: Match) -> tuple[Proposal, ...]:
    """Changes that silence the article, each tried; those of one kind with the fewest archived alerts lost first."""
    found: list[Proposal] = []
    for kind in (_cancelling(bench, match), _silencing(bench, match), _needed(bench)):
        found += sorted(islice(kind, _MAX_OF_KIND), key=lambda one: one.lost)
    return tuple(found)


def _cancelling(bench: Bench, match: Match) -> Iterator[Proposal]:
    """`none` phrases: one that is enough, else one for each finding until the article is silent."""
    told: set[str] = set()
    whole: list[str] = []
    for evidence in match.evidence:
        is_covered = False
        for phrase, why in _around(bench.subject, evidence):
            if phrase in told:
                is_covered = True
                continue
            told.add(phrase)
            proposal = Proposal(key="none", phrases=(phrase,), why=why)
            tried = bench.tried(proposal, wanted=False)
            if tried is not None:
                yield tried
            elif not is_covered and bench.harmless(proposal):
                is_covered = True
                whole.append(phrase)
                joint = Proposal(key="none", phrases=tuple(whole), why="around the findings")
                if len(whole) > 1 and (tried := bench.tried(joint, wanted=False)):
                    yield tried


def _around(one: Prepared, evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Phrases that contain the finding and more; each in dictionary form and as written."""
    words = one.words.words
    places = [
        place
        for place, word in enumerate(words)
        if word.field is evidence.field and evidence.start <= word.word.start and word.word.end <= evidence.end
    ]
    if not places:
        return
    first, last = places[0], places[-1]
    for before, after in _extents(one, first, last):
        begin, end = first - before, last + after
        chosen = [(word, first <= place <= last) for place, word in enumerate(words[begin : end + 1], begin)]
        is_person = before and not after and words[begin].word.key in GIVEN_NAMES
        why = "another given name before it" if is_person else "what stands around it"
        # A term with a capital in it found a name, also at the beginning of a sentence.
        names = evidence.term != evidence.term.lower()
        kept = [is_name(one, word) or (is_found and names) for word, is_found in chosen]
        plain = " ".join(
            word.word.written if keep else dictionary_form(one, word)
            for (word, _), keep in zip(chosen, kept, strict=True)
        )
        written = " ".join(
            word.word.written if keep else word.word.key for (word, _), keep in zip(chosen, kept, strict=True)
        )
        yield plain, why
        if written != plain:
            yield written, why


def _extents(one: Prepared, first: int, last: int) -> Sequence[tuple[int, int]]:
    """How many words before and after make a phrase with the finding; what ends in names first, then the shortest."""
    words = one.words.words
    found: list[tuple[bool, tuple[int, int]]] = []
    for before, after in _EXTENTS:
        begin, end = first - before, last + after
        if begin < 0 or end >= len(words) or not all(word.joined for word in words[begin + 1 : end + 1]):
            continue
        edges = [words[begin]] * bool(before) + [words[end]] * bool(after)
        are_names = all(is_name(one, edge) for edge in edges)
        if are_names or all(is_name(one, edge) or is_content(one, edge) for edge in edges):
            found.append((not are_names, (before, after)))
    return [extent for _, extent in sorted(found, key=lambda each: each[0])]


def _silencing(bench: Bench, match: Match) -> Iterator[Proposal]:
    """`unless` words from the sentences of the findings, then from the headline, the nearest first."""
    for text in islice(dict.fromkeys(_beside(bench.subject, match)), _MAX_WORDS_TRIED):
        proposal = Proposal(key="unless", phrases=(text,), why="a word beside it that no true alert has")
        tried = bench.tried(proposal, wanted=False)
        if tried is not None and not tried.lost:
            yield tried


def _beside(one: Prepared, match: Match) -> Iterator[str]:
    """Telling words that are no part of a finding, by their distance to one."""
    found: list[tuple[bool, int, str]] = []
    for word in one.words.words:
        same_field = [evidence for evidence in match.evidence if evidence.field is word.field]
        if any(evidence.start <= word.word.start < evidence.end for evidence in same_field):
            continue
        is_near = any(evidence.sentence_start <= word.word.start < evidence.sentence_end for evidence in same_field)
        if (is_near or word.field is Field.TITLE) and is_telling(one, word):
            distance = min((abs(word.word.start - evidence.start) for evidence in same_field), default=0)
            found.append((not is_near, distance, dictionary_form(one, word)))
    yield from (text for _, _, text in sorted(found))


def _needed(bench: Bench) -> Iterator[Proposal]:
    """`needs` words that every true alert has, where the watch asks for none so far."""
    true = [*bench.must_match, *bench.alerted]
    if bench.watch.needs or len(true) < _FEWEST_TRUE:
        return
    common = _telling_words(true[0])
    for one in true[1:]:
        common = [text for text in common if text in set(_telling_words(one))]
    found = 0
    for text in common:
        proposal = Proposal(key="needs", phrases=(text,), why=f"all {len(true)} true alerts and examples have it")
        tried = bench.tried(proposal, wanted=False)
        if tried is not None and found < _MAX_NEEDS:
            found += 1
            yield tried


def _telling_words(one: Prepared) -> Sequence[str]:
    return list(dict.fromkeys(dictionary_form(one, word) for word in one.words.words if is_telling(one, word)))
