"""Whether a sentence denies what a term says, or tells of it as past: by the words around the finding; pure.

Rules of thumb for news language, not an understanding of it: a term asks for them only where it wants them.
"""

import re
from collections.abc import Sequence

from worker.matching.reading import TextWord
from worker.models.watch import Setting

#: A negation reaches so many words forward, within its clause.
_NEGATION_REACH = 6


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATIONS = _listed("не няма нямаше няма без нито никога отрече отрича отричат отрекоха опроверга опровергава")
#: Not negations: „не само“, „не по-малко“, „не на последно място“.
_NOT_NEGATED = _listed("само по на толкова")
_PAST_WORDS = _listed(
    """
    тогава тогавашен тогавашния тогавашният тогавашната тогавашното тогавашните някога някогашен някогашния някогашният
    някогашната някогашното някогашните навремето годишнина годишнината годишнини юбилей юбилея юбилеят
    """
)
_AGO_UNITS = _listed("година години месеца месец десетилетия десетилетие век века")
_YEAR = re.compile(r"(?:19|20)\d\d$")


def settings_of(words: Sequence[TextWord], first: int, year: int) -> frozenset[Setting]:
    """The settings of what begins at `words[first]`, in an article of this year."""
    found = set()
    if _is_negated(words, first):
        found.add(Setting.NEGATED)
    if _is_past(words, first, year):
        found.add(Setting.PAST)
    return frozenset(found)


def _is_negated(words: Sequence[TextWord], first: int) -> bool:
    position = first
    for _ in range(_NEGATION_REACH):
        if not words[position].joined:
            return False
        position -= 1
        if words[position].word.key in _NEGATIONS:
            return words[position + 1].word.key not in _NOT_NEGATED
    return False


def _is_past(words: Sequence[TextWord], first: int, year: int) -> bool:
    """An earlier year, „преди години“ or a word such as „някогашен“ in the sentence."""
    sentence = words[first].sentence
    start = first
    while start > 0 and words[start - 1].sentence == sentence:
        start -= 1
    keys = []
    for word in words[start:]:
        if word.sentence != sentence:
            break
        keys.append(word.word.key)
    if any(key in _PAST_WORDS or (_YEAR.match(key) and int(key) < year - 1) for key in keys):
        return True
    return any(
        key == "преди" and not _AGO_UNITS.isdisjoint(keys[number + 1 : number + 4]) for number, key in enumerate(keys)
    )
