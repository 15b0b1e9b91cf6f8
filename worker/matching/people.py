"""Who is meant by a surname in an article: the person of a watch, or somebody else who bears it."""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from worker.matching.given_names import GIVEN_NAMES, TITLES
from worker.matching.patterns import is_capitalised
from worker.matching.places import Mentioned
from worker.matching.reading import TextWord
from worker.matching.terms import Found
from worker.models.news import MentionKind

#: Given name, father's name and one more name may stand before a surname.
_NAMES_BEFORE = 3
#: No given name ends so, but callings with the article do; „Генсекът“ begins a sentence.
_ARTICLES = ("ът", "ят", "ката")
_SURNAME_ENDINGS = ("ов", "ев", "ски", "ова", "ева", "ска")


class Naming(StrEnum):
    """How a surname stands in the text."""

    FULL = "full"
    BARE = "bare"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Named:
    """A surname found, with the names before it that belong to it: `words[first:last + 1]`."""

    naming: Naming
    first: int
    last: int


def name_at(words: Sequence[TextWord], found: Found, givens: Collection[str], people: Mentioned) -> Named:
    """How the surname at `found` is named.

    `givens` are the person's given names, `people` the mentions in the article.
    """
    position = found.first
    for _ in range(_NAMES_BEFORE):
        if not words[position].joined or not is_capitalised(words[position - 1].word.written):
            break
        position -= 1
        if _is_given(words[position], givens):
            other = _is_middle_name(words, found) or _has_longer_name(words, position, givens)
            return Named(Naming.OTHER if other else Naming.FULL, position, found.last)
    if _has_other_given(words, found, people):
        return Named(Naming.OTHER, found.first - 1, found.last)
    return Named(Naming.BARE, found.first, found.last)


def persons_found(named: Sequence[Named], *, cancelled: AbstractSet[Named], confirmed: bool) -> tuple[Named, ...]:
    """The findings that mean the person, in reading order.

    A full name always counts, and with one in the article every bare surname. Without one the bare ones count
    when the watch's condition is met (`confirmed`) and the article names nobody else who bears the surname.
    A full name that a `none` phrase cancelled is a namesake in full: then only the other terms can speak.
    """
    if any(name.naming is Naming.FULL for name in cancelled):
        return ()
    mine = tuple(name for name in named if name not in cancelled and name.naming is not Naming.OTHER)
    if any(name.naming is Naming.FULL for name in mine):
        return mine
    others = bool(cancelled) or any(name.naming is Naming.OTHER for name in named)
    return mine if confirmed and not others else ()


def is_called_otherwise(words: Sequence[TextWord], name: Named, callings: Collection[int]) -> bool:
    """Whether a calling with the article stands before a full name and is none of the person's, whose last words stand
    at the places `callings`: „пчеларят Кирил Петков“, „19-годишният Кирил Петков“.
    """
    before = name.first - 1
    if name.naming is not Naming.FULL or not words[name.first].joined or before in callings:
        return False
    return words[before].word.key.endswith(_ARTICLES)


def is_of_another(words: Sequence[TextWord], last: int, surnames: Collection[int], people: Mentioned) -> bool:
    """Whether the office that ends at `last` is given to somebody else: „президентът на Украйна Петро Порошенко“.

    `surnames` are the places where the surname of the watch's own person stands.
    """
    after = last + 1
    if after >= len(words) or not words[after].joined or not is_capitalised(words[after].word.written):
        return False
    if any(place in surnames for place in range(after, after + _NAMES_BEFORE + 1)):
        return False
    if words[after].word.key in GIVEN_NAMES or _is_two_names(words, after):
        return True
    span = people.around(words[after], MentionKind.PER)
    return span is not None and words[last].word.end <= span[0]


def _is_two_names(words: Sequence[TextWord], first: int) -> bool:
    """Whether two capitalised words in small letters otherwise stand here, as given name and surname do."""
    pair = words[first : first + 2]
    return len(pair) > 1 and pair[1].joined and all(each.word.written.istitle() for each in pair)


def _is_given(word: TextWord, givens: Collection[str]) -> bool:
    key = word.word.key
    return key in givens or (word.initial and any(name.startswith(key) for name in givens))


def _has_longer_name(words: Sequence[TextWord], position: int, givens: Collection[str]) -> bool:
    """Whether the initial at `position` is only a middle name: „Иван Р. Радев“."""
    if not (words[position].initial and words[position].joined):
        return False
    before = words[position - 1].word
    return is_capitalised(before.written) and before.key in GIVEN_NAMES and before.key not in givens


def _has_other_given(words: Sequence[TextWord], found: Found, people: Mentioned) -> bool:
    surname = words[found.first]
    if not surname.joined:
        return False
    before = words[found.first - 1]
    if before.initial or (is_capitalised(before.word.written) and before.word.key in GIVEN_NAMES):
        return True
    if not is_capitalised(before.word.written) or before.word.key in TITLES or before.word.key.endswith(_ARTICLES):
        return False
    span = people.around(before, MentionKind.PER)
    return span is not None and surname.word.end <= span[1]


def _is_middle_name(words: Sequence[TextWord], found: Found) -> bool:
    """Whether another surname follows, so that this one is the father's name: „Кирил Петков Иванов“."""
    after = found.last + 1
    if after >= len(words) or not words[after].joined:
        return False
    word = words[after].word
    return is_capitalised(word.written) and word.key.endswith(_SURNAME_ENDINGS) and word.key not in TITLES
