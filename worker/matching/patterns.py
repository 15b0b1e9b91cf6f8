"""One word of a term as a test for one word of a text; the syntax of terms is defined here.

`дума` any form of it · `дума*` any ending · `=дума` this form only · `дума/слово` either ·
`Дума` also a capital · `ДУМА` all capitals.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from worker.forms import FormKind, forms_of, is_surname_like
from worker.text.words import Word, words_of

#: A shorter stem before `*` takes in half the language.
MIN_PREFIX = 3
#: Shorter acronyms stand for something else in another script.
_TELLING = 4
_OF_SURNAME = frozenset({FormKind.POSSESSIVE, FormKind.LATIN, FormKind.CYRILLIC})
_OF_COMMON = frozenset({FormKind.DEFINITE, FormKind.PLURAL, FormKind.COUNT, FormKind.GENDER})
_NOT_OWN = frozenset({FormKind.RELATIONAL})
#: „Радеви“ are more people than the one who is watched.
_NOT_PERSON = _NOT_OWN | {FormKind.PLURAL}
#: Patterns of which a word must satisfy one.
Step = tuple["Pattern", ...]


class Case(StrEnum):
    """What a term's spelling demands of the text's."""

    ANY = "any"
    CAPITAL = "capital"
    ALL_CAPITALS = "all_capitals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Accepts a word by comparison form, by lemma or by its beginning, where its case agrees."""

    forms: frozenset[str]
    lemmas: frozenset[str] = frozenset()
    prefix: str = ""
    case: Case = Case.ANY


def fault_of(text: str) -> str | None:
    """Why `text` cannot be a phrase, in one clause; None when it can."""
    words = words_of(text)
    if not words:
        return f"«{text}» has no word in it"
    for word in words:
        if text[word.end : word.end + 1] == "*" and len(word.key) < MIN_PREFIX:
            return f"«{word.written}*» is too short before its star; write at least {MIN_PREFIX} letters"
    stars = sum(text[word.end : word.end + 1] == "*" for word in words)
    marks = sum(text[max(word.start - 1, 0) : word.start] == "=" for word in words)
    if text.count("*") != stars or text.count("=") != marks:
        return f"«{text}» has a «*» that ends no word or a «=» that begins none"
    return None


def steps_of(text: str) -> tuple[Step, ...]:
    """The patterns of a phrase: a step for each word, with more than one pattern where a slash stands."""
    steps: list[Step] = []
    end = 0
    for word in words_of(text):
        patterns = _patterns(text, word)
        if steps and text[end : word.start].strip("*=") == "/":
            steps[-1] = (*steps[-1], *patterns)
        else:
            steps.append(patterns)
        end = word.end
    return tuple(steps)


def name_steps(surname: str) -> tuple[Step, ...]:
    """The patterns of a surname: its own form in Cyrillic or Latin and its possessive, never a lemma."""
    return tuple(
        (
            Pattern(
                forms=frozenset(forms_of(word.written, kinds=_OF_SURNAME)),
                case=Case.CAPITAL if is_capitalised(word.written) else Case.ANY,
            ),
        )
        for word in words_of(surname)
    )


def is_capitalised(written: str) -> bool:
    """Whether a word begins with a capital."""
    return written[:1].isupper()


def agrees(case: Case, written: str) -> bool:
    """Whether a word of the text is spelled as `case` demands; capitals throughout satisfy every demand."""
    if case is Case.ANY:
        return True
    return written.isupper() if case is Case.ALL_CAPITALS else is_capitalised(written)


def _patterns(text: str, word: Word) -> Step:
    if text[word.end : word.end + 1] == "*":
        return (Pattern(forms=frozenset(), prefix=word.key, case=_case(word.written)),)
    if text[max(word.start - 1, 0) : word.start] == "=":
        return (Pattern(forms=frozenset({word.key}), case=_case(word.written)),)
    return _inflected(word.written, word.key)


@lru_cache(maxsize=200_000)
def _inflected(written: str, key: str) -> Step:
    """The same word has the same patterns in all phrases, which so share its forms."""
    case = _case(written)
    if case is Case.ANY:
        return (Pattern(forms=frozenset(forms_of(written)), lemmas=frozenset({key})),)
    surname = case is Case.CAPITAL and is_surname_like(key)
    forms = forms_of(written)
    left_out = _NOT_PERSON if surname else _NOT_OWN
    if case is Case.ALL_CAPITALS and len(key) < _TELLING:
        # „BNB“ is many things, and seldom БНБ.
        left_out |= {FormKind.LATIN}
    own = Pattern(
        forms=frozenset(form for form, kind in forms.items() if kind not in left_out),
        lemmas=frozenset(),
        case=case,
    )
    if case is Case.CAPITAL and not surname:
        # A capital may also begin the name of something: „Висш съдебен съвет“.
        common = forms_of(written.lower(), kinds=_OF_COMMON)
        own = replace(own, forms=own.forms | frozenset(common), lemmas=frozenset({key}))
    # „натовски“ is said of НАТО in small letters.
    relational = frozenset(form for form, kind in forms.items() if kind is FormKind.RELATIONAL)
    return (own, Pattern(forms=relational)) if relational else (own,)


def _case(written: str) -> Case:
    if written[1:].isupper() and written.isupper():
        return Case.ALL_CAPITALS
    return Case.CAPITAL if is_capitalised(written) else Case.ANY
