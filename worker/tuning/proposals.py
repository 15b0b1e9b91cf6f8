"""A proposed change of a watch, and what it must live up to before anybody is shown it; pure.

No change is proposed that breaks a golden example. What it does to the alerts of the last weeks is told, not decided:
some of those may be false alarms too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from worker.forms.function_words import FUNCTION_WORDS
from worker.matching.reading import TextWord
from worker.matching.terms import WatchIndex
from worker.models.news import Mention
from worker.models.watch import Concept, Phrase, Watch, WatchId
from worker.topics.wording import EMPTY_ADJECTIVES, EMPTY_NOUNS
from worker.tuning.trying import Prepared, fires, index_of, judge

Key = Literal["any", "none", "needs", "unless"]
_FEWEST_LETTERS = 4
_EMPTY = EMPTY_NOUNS | EMPTY_ADJECTIVES
_CONTENT = frozenset(("NOUN", "PROPN", "ADJ"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Phrases for one key of a watch."""

    key: Key
    phrases: tuple[str, ...]
    #: where they come from, a few words for a person
    why: str
    weight: float = 1.0
    #: archived alerts that would be lost
    lost: int = 0
    #: archived articles that would be added
    added: int | None = None

    def applied(self, watch: Watch) -> Watch:
        """The watch with it."""
        phrases = tuple(Phrase(text=text, weight=self.weight) for text in self.phrases)
        match self.key:
            case "any":
                return replace(watch, terms=(*watch.terms, *phrases))
            case "none":
                return replace(watch, none=(*watch.none, *phrases))
            case "needs":
                return replace(watch, needs=(*watch.needs, *phrases))
            case "unless":
                return replace(watch, unless=(*watch.unless, *phrases))


class Bench:
    """What a changed watch is held against; what it fails already proves nothing, and is left out."""

    def __init__(
        self,
        watch: Watch,
        concepts: Mapping[str, Concept],
        subject: Prepared,
        *,
        must_match: Sequence[Prepared] = (),
        must_not_match: Sequence[Prepared] = (),
        alerted: Sequence[Prepared] = (),
    ) -> None:
        self.watch = watch
        self.concepts = concepts
        self.subject = subject
        now = index_of((watch,), concepts)
        self.must_match = [one for one in must_match if fires(one, now)]
        self.must_not_match = [one for one in must_not_match if not fires(one, now)]
        self.alerted = [one for one in alerted if one.article.id != subject.article.id and fires(one, now)]

    def tried(self, proposal: Proposal, *, wanted: bool) -> Proposal | None:
        """The proposal with what it costs; None unless the subject then fires as `wanted` and all examples hold."""
        index = index_of((proposal.applied(self.watch),), self.concepts)
        return self._costed(proposal, index) if fires(self.subject, index) is wanted else None

    def harmless(self, proposal: Proposal) -> Proposal | None:
        """As `tried`, whatever becomes of the subject."""
        return self._costed(proposal, index_of((proposal.applied(self.watch),), self.concepts))

    def _costed(self, proposal: Proposal, index: WatchIndex) -> Proposal | None:
        holds = all(fires(one, index) for one in self.must_match)
        if not holds or any(fires(one, index) for one in self.must_not_match):
            return None
        return replace(proposal, lost=sum(not fires(one, index) for one in self.alerted))


def with_additions(
    proposals: Sequence[Proposal], watch: Watch, concepts: Mapping[str, Concept], archive: Sequence[Prepared]
) -> tuple[Proposal, ...]:
    """Each with the number of articles that it would add to those in which the watch fires now; the fewest first."""
    tried = [replace(one.applied(watch), id=WatchId(str(number))) for number, one in enumerate(proposals)]
    index = index_of((watch, *tried), concepts)
    added = dict.fromkeys((each.id for each in tried), 0)
    for one in archive:
        firing = {verdict.watch_id for verdict in judge(one, index) if verdict.match}
        if watch.id not in firing:
            for watch_id in firing:
                added[watch_id] += 1
    counted = [replace(one, added=added[WatchId(str(number))]) for number, one in enumerate(proposals)]
    return tuple(sorted(counted, key=lambda one: one.added or 0))


def is_content(one: Prepared, word: TextWord) -> bool:
    """Whether a word is a noun, a name or an adjective, as far as anybody knows."""
    key = word.word.key
    if len(key) < _FEWEST_LETTERS or not key.isalpha() or key in FUNCTION_WORDS:
        return False
    upos = _upos(one, word)
    return upos in _CONTENT if upos else True


def is_telling(one: Prepared, word: TextWord) -> bool:
    """Whether a word by itself says what a text is about."""
    return word.word.key not in _EMPTY and _EMPTY.isdisjoint(word.lemmas) and is_content(one, word)


def dictionary_form(one: Prepared, word: TextWord) -> str:
    """The word as a term would write it: a name as it stands, another word by its lemma where there is one."""
    if is_name(one, word) or len(word.lemmas) != 1:
        return word.word.written if is_name(one, word) else word.word.key
    lemma = word.lemmas[0]
    return lemma if lemma[:2] == word.word.key[:2] else word.word.key


def is_name(one: Prepared, word: TextWord) -> bool:
    """Whether a capital is more than the beginning of a sentence."""
    if not word.word.written[:1].isupper():
        return False
    if word.word.written.isupper() and len(word.word.written) > 1:
        return True
    if any(_covers(mention, word) for mention in one.analysis.mentions):
        return True
    begins, _ = one.words.sentences[word.sentence]
    return word.word.start - begins > 1


def _covers(mention: Mention, word: TextWord) -> bool:
    return mention.field is word.field and mention.start <= word.word.start and word.word.end <= mention.end


def _upos(one: Prepared, word: TextWord) -> str:
    for sentence in one.analysis.sentences.get(word.field, ()):
        if sentence.start <= word.word.start < sentence.end:
            return next((token.upos for token in sentence.tokens if token.start == word.word.start), "")
    return ""
