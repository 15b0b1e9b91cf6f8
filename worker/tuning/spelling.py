"""Every form by which a phrase or a name is found, grouped for a person; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.forms import FormKind, forms_of, initials
from worker.matching.patterns import fault_of, steps_of
from worker.text.words import Word, words_of
from worker.tuning.showing import plural

#: Words of a form list before the line is broken.
_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WordForms:
    """One word of a phrase with its forms by kind; what is found as well is said in `note`."""

    written: str
    kinds: Mapping[FormKind, tuple[str, ...]]
    note: str = ""

    @property
    def total(self) -> int:
        """How many forms there are."""
        return sum(map(len, self.kinds.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseForms:
    """The words of a phrase, each with its forms."""

    text: str
    words: tuple[WordForms, ...]
    #: its abbreviation, which is no form of it
    initials: str | None = None

    @property
    def is_name(self) -> bool:
        """Whether it may be the name of a person: two or more words, each with a capital first."""
        return len(self.words) > 1 and all(word.written.istitle() for word in self.words)


def forms_of_phrase(text: str, kinds: frozenset[FormKind] | None = None) -> PhraseForms:
    """The forms of every word; raises ValueError, in words for people, for what cannot be a phrase."""
    fault = fault_of(text)
    if fault is not None:
        raise ValueError(fault)
    return PhraseForms(
        text=text, words=tuple(_word(text, word, kinds) for word in words_of(text)), initials=initials(text)
    )


def _word(text: str, word: Word, kinds: frozenset[FormKind] | None) -> WordForms:
    if text[word.end : word.end + 1] == "*":
        return WordForms(written=f"{word.written}*", kinds={}, note=f"any word that begins with «{word.key}»")
    if text[max(word.start - 1, 0) : word.start] == "=":
        return WordForms(written=f"={word.written}", kinds={FormKind.BASE: (word.key,)}, note="this form only")
    found: dict[FormKind, list[str]] = {}
    for form, kind in _accepted(word.written).items():
        if kinds is None or kind in kinds:
            found.setdefault(kind, []).append(form)
    return WordForms(
        written=word.written,
        kinds={kind: tuple(found[kind]) for kind in FormKind if kind in found},
        note=_capitals(word.written),
    )


def _accepted(written: str) -> Mapping[str, FormKind]:
    """The forms that the matcher takes for a word of a term, the word itself first, and what each is to it."""
    kinds = {**forms_of(written.lower()), **forms_of(written)}
    taken = {form for pattern in steps_of(written)[0] for form in pattern.forms}
    known = {form: kind for form, kind in kinds.items() if form in taken}
    return known | dict.fromkeys(sorted(taken - known.keys()), FormKind.BASE)


def _capitals(written: str) -> str:
    if len(written) > 1 and written.isupper():
        return "in capitals only"
    return "with a capital" if written[:1].isupper() else "also any word of this lemma where models read the text"


def forms_lines(found: PhraseForms) -> Iterator[str]:
    """Each word with its forms by kind, and what else the phrase is found by."""
    yield f"{found.text}: " + _joined_by(found.text)
    for word in found.words:
        yield f"  {word.written}  {plural(word.total, 'form')}" + (f", {word.note}" if word.note else "")
        for kind, forms in word.kinds.items():
            first, *rest = _wrapped(forms)
            yield f"    {kind.value:<12}  {first}"
            yield from (f"    {'':<12}  {line}" for line in rest)
    if found.is_name:
        given, surname = found.words[0].written, found.words[-1].written
        yield f"  as `person: {found.text}` also: {given[0]}. {surname}, with father's name between,"
        yield f"    and {surname} alone while the article names nobody else who bears it"
    if found.initials and len(found.words) > 1 and not found.is_name:
        yield f"  not found by {found.initials}: add that as a term of its own"


def _joined_by(text: str) -> str:
    steps = len(steps_of(text))
    return "one word" if steps == 1 else f"{steps} words next to each other, each in any of its forms"


def _wrapped(forms: Sequence[str]) -> list[str]:
    lines = [""]
    for form in forms:
        if lines[-1] and len(lines[-1]) + len(form) > _WIDTH:
            lines.append("")
        lines[-1] += f"{', ' if lines[-1] else ''}{form}"
    return lines
