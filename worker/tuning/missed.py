"""What would make a watch fire on an article that it missed; pure.

Names, key phrases and noun phrases of the sentence that comes nearest to the watch's own words. A term that fires
is not yet a good one: how many articles of the archive it would add is told with it.
"""

from collections.abc import Iterator
from itertools import pairwise

from worker.matching.concepts import spellings
from worker.matching.verdicts import Refusal, Verdict
from worker.models.news import Field, TopicKind
from worker.text.words import words_of
from worker.topics.noun_phrases import noun_phrases_in
from worker.tuning.proposals import Bench, Proposal, dictionary_form, is_content, is_name, is_telling
from worker.tuning.trying import Prepared, spoken_by

_STEM_LETTERS = 4
_FEWEST_LETTERS = 4
_MAX_PROPOSALS = 12


def missed_proposals(bench: Bench, verdict: Verdict | None) -> tuple[Proposal, ...]:
    """Terms that make the watch fire, each tried; where it fires but for its `needs`, words for those."""
    if verdict is not None and verdict.refusal is Refusal.NEEDS_MISSING:
        wanted = [("needs", text, why) for text, why in _words(bench)]
    else:
        wanted = [("any", text, why) for text, why in _phrases(bench)]
    weight = max(1.0, bench.watch.threshold - (verdict.weight if verdict else 0.0))
    found: list[Proposal] = []
    for key, text, why in dict.fromkeys(wanted):
        if key == "needs":
            proposal = Proposal(key="needs", phrases=(text,), why=why)
        else:
            proposal = Proposal(key="any", phrases=(text,), why=why, weight=weight)
        tried = bench.tried(proposal, wanted=True)
        if tried is not None:
            found.append(tried)
    distinct = {one.phrases: one for one in reversed(found)}
    return tuple(reversed(distinct.values()))[:_MAX_PROPOSALS]


def nearest_sentence(bench: Bench) -> int:
    """Number of the sentence with most of the watch's own words, whatever their form; else the first."""
    stems = _own_stems(bench)
    counts: dict[int, set[str]] = {}
    for word in bench.subject.words.words:
        counts.setdefault(word.sentence, set()).update({_stem(word.word.key)} & stems)
    return max(counts, key=lambda sentence: len(counts[sentence]), default=0)


def _own_stems(bench: Bench) -> frozenset[str]:
    """Beginnings of the telling words that speak for the watch."""
    return frozenset(
        _stem(word.key)
        for term in (*bench.watch.terms, *bench.watch.all)
        for phrase in spoken_by(term)
        for spelled in spellings(phrase.text, bench.concepts)
        for word in words_of(spelled.text)
        if len(word.key) >= _FEWEST_LETTERS
    )


def _stem(key: str) -> str:
    return key[:_STEM_LETTERS]


def _phrases(bench: Bench) -> Iterator[tuple[str, str]]:
    """Candidates, those that say most first; single words, which are seldom enough, last."""
    one = bench.subject
    sentence = nearest_sentence(bench)
    found = [(text, "around a word of the watch") for text in _around_own(bench, sentence)]
    found += ((text, "a name in the nearest sentence") for text in _names(one, sentence))
    found += ((text, "of the nearest sentence") for text in _noun_phrases(one, sentence))
    found += ((topic.name, "what the article is about") for topic in one.topics if topic.kind is TopicKind.PHRASE)
    found += _pairs(one, sentence)
    yield from sorted(found, key=lambda each: " " not in each[0])


def _around_own(bench: Bench, sentence: int) -> Iterator[str]:
    """Phrases of two to four words of the sentence with a word in them that the watch has too."""
    one, stems = bench.subject, _own_stems(bench)
    words = [word for word in one.words.words if word.sentence == sentence]
    for size in (3, 2, 4):
        for start in range(len(words) - size + 1):
            chosen = words[start : start + size]
            is_own = any(_stem(word.word.key) in stems for word in chosen)
            edges = (chosen[0], chosen[-1])
            if is_own and all(word.joined for word in chosen[1:]) and all(is_content(one, edge) for edge in edges):
                yield " ".join(dictionary_form(one, word) for word in chosen)


def _names(one: Prepared, sentence: int) -> Iterator[str]:
    start, end = one.words.sentences[sentence]
    field = _field_of(one, sentence)
    for mention in one.analysis.mentions:
        if mention.field is field and start <= mention.start < end:
            yield mention.name
    run: list[str] = []
    for word in one.words.words:
        inside = word.sentence == sentence and is_name(one, word)
        if run and not (inside and word.joined):
            yield " ".join(run)
            run = []
        if inside:
            run.append(word.word.written)
    if run:
        yield " ".join(run)


def _noun_phrases(one: Prepared, sentence: int) -> Iterator[str]:
    field, start = _field_of(one, sentence), one.words.sentences[sentence][0]
    covered = [(mention.start, mention.end) for mention in one.analysis.mentions if mention.field is field]
    for read in one.analysis.sentences.get(field, ()):
        if read.start == start:
            yield from (found.shown for found in noun_phrases_in(read, one.article.text_of(field), covered, 1.0))


def _pairs(one: Prepared, sentence: int) -> Iterator[tuple[str, str]]:
    """Two telling words side by side: all there is without models."""
    words = [word for word in one.words.words if word.sentence == sentence]
    for first, second in pairwise(words):
        if second.joined and is_telling(one, first) and is_telling(one, second):
            yield f"{dictionary_form(one, first)} {dictionary_form(one, second)}", "two words of the nearest sentence"


def _words(bench: Bench) -> Iterator[tuple[str, str]]:
    sentence = nearest_sentence(bench)
    for word in bench.subject.words.words:
        if word.sentence == sentence and is_telling(bench.subject, word):
            yield dictionary_form(bench.subject, word), "of the nearest sentence"


def _field_of(one: Prepared, sentence: int) -> Field:
    return next((word.field for word in one.words.words if word.sentence == sentence), Field.TITLE)
