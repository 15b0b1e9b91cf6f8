"""What a watch file may say; `config/watches/people.yaml` shows all of it by example."""

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, model_validator
from pydantic import Field as Constraint

from worker.forms import latin_of
from worker.matching.concepts import MARK
from worker.matching.patterns import fault_of
from worker.settings.yaml import Strict, nearest
from worker.text.fold import fold_word
from worker.text.words import words_of
from worker.topics.categories import SUBJECTS

#: More words apart than this is no neighbourhood; a sentence is meant.
_MAX_WITHIN = 100
SENTENCE, ARTICLE, ADJACENT = 0, -1, -2
_REACHES = {"sentence": SENTENCE, "adjacent": ADJACENT, "article": ARTICLE}
_ANY_KIND = ("phrase", "phrases", "person", "actor", "together")
#: Which kinds of term each further key belongs to.
_KEY_KINDS = {
    "also": ("person",),
    "surname_needs": ("person",),
    "surname_unless": ("person",),
    "introduced_as": ("person",),
    "name_needs": ("person",),
    "both_genders": ("person",),
    "within": ("together",),
    "alone": ("about",),
    **dict.fromkeys(
        ("needs", "or_lacks", "unless", "near", "not_near", "since", "until", "in", "as", "skip"), _ANY_KIND
    ),
}
_KINDS = (*_ANY_KIND, "about")


def sound(text: str) -> str:
    """The phrase as it is; raises ValueError, in words for people, for one that can find nothing."""
    fault = fault_of(text)
    if any(MARK in part.removeprefix(MARK) for part in text.split()):
        fault = f"«{text}» has a «{MARK}» inside a word; a concept stands by itself, between spaces"
    if fault is not None:
        raise ValueError(fault)
    return text


def _reach(value: object) -> object:
    """`sentence`, `adjacent`, `article` or a number of words, so that one field holds all of them."""
    if isinstance(value, str) and value in _REACHES:
        return _REACHES[value]
    if isinstance(value, int) and not isinstance(value, bool) and 1 < value <= _MAX_WITHIN:
        return value
    raise ValueError(f"must be «sentence», «adjacent», «article» or a number of words from 2 to {_MAX_WITHIN}")


def _topic(text: str) -> str:
    """The code of a category, given by its English key or Bulgarian name; else a key phrase, folded."""
    for key, (number, label) in SUBJECTS.items():
        if fold_word(text) in {key, fold_word(label)}:
            return f"medtop:{number}"
    if text.isascii():
        raise ValueError(f"is no category{nearest(text, list(SUBJECTS))}")
    return fold_word(sound(text))


def _weight(value: float) -> float:
    if value == 0:
        raise ValueError("weighs nothing; leave the term out, or give it a weight above or below 0")
    return value


def _clock(value: object) -> object:
    """A time of the day, „08:30“."""
    if isinstance(value, str):
        try:
            clock = time.fromisoformat(value)
        except ValueError as error:
            raise ValueError("is no time of the day such as «08:30»") from error
        if clock.tzinfo is not None:
            raise ValueError("is a time in Bulgaria; leave out its offset")
        return clock
    return value


def _list(value: object) -> object:
    """One value stands for a list of it."""
    return value if isinstance(value, list) else [value]


def _pace(value: object) -> object:
    return [] if value == "instant" else _list(value)


def _tag_term(term: object) -> str:
    return "tagged-term" if isinstance(term, dict) else "tagged-text"


Text = Annotated[str, AfterValidator(sound)]
_Weight = Annotated[float, Constraint(ge=-1000, le=1000), AfterValidator(_weight)]
Texts = Annotated[list[Text], Constraint(min_length=1)]
_Groups = Annotated[list[Texts], Constraint(min_length=2)]
_Names = Annotated[list[str], BeforeValidator(_list)]
_Empty: Any = Constraint(default_factory=list)


class TermPart(Strict):
    """A term with more to say than its words."""

    phrase: Text | None = None
    phrases: Texts | None = None
    person: Text | None = None
    actor: str | None = None
    together: _Groups | None = None
    about: Annotated[str, Constraint(min_length=10, max_length=200)] | None = None
    also: list[Text] = _Empty
    surname_needs: list[Text] = _Empty
    surname_unless: list[Text] = _Empty
    introduced_as: list[Text] = _Empty
    name_needs: list[Text] = _Empty
    both_genders: bool = False
    within: Annotated[int, BeforeValidator(_reach)] = SENTENCE
    needs: list[Text] = _Empty
    or_lacks: list[Text] = _Empty
    unless: list[Text] = _Empty
    near: list[Text] = _Empty
    not_near: list[Text] = _Empty
    since: date | None = None
    until: date | None = None
    fields: Annotated[list[Literal["title", "summary", "body"]], BeforeValidator(_list)] = Constraint(
        default_factory=list, alias="in"
    )
    entity: Literal["PER", "ORG", "LOC", "EVT", "PRO"] | None = Constraint(default=None, alias="as")
    skip: Annotated[list[Literal["negated", "past"]], BeforeValidator(_list)] = _Empty
    alone: bool = False
    weight: _Weight = 1.0

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(f"a term is exactly one of {_listed(_KINDS, 'and')}")
        given = {{"fields": "in", "entity": "as"}.get(key, key) for key in self.model_fields_set}
        for key, allowed in _KEY_KINDS.items():
            if key in given and kinds[0] not in allowed:
                raise ValueError(f"`{key}` belongs to {_listed(allowed, 'or')}, not to `{kinds[0]}`")
        if self.or_lacks and not self.needs:
            raise ValueError("`or_lacks` is another way to meet `needs`, which is not there")
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"begins on {self.since} and ends before, on {self.until}")
        return self


_Term = Annotated[
    Annotated[Text, Tag("tagged-text")] | Annotated[TermPart, Tag("tagged-term")],
    Discriminator(_tag_term),
]


class ConceptPart(Strict):
    """A named set of names."""

    strong: Texts
    weak: list[Text] = _Empty
    context: list[Text] = _Empty
    none: list[Text] = _Empty

    @model_validator(mode="after")
    def _has_use(self) -> Self:
        if self.context and not self.weak:
            raise ValueError("`context` settles the names under `weak`, of which there are none")
        return self


class ExamplePart(Strict):
    """A golden example with more than its text."""

    title: str = ""
    text: str = ""
    on: date | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not words_of(f"{self.title} {self.text}"):
            raise ValueError("an example needs a `text` or a `title` with words in it")
        return self


def _example(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


_Examples = list[Annotated[ExamplePart, BeforeValidator(_example)]]


_Terms = Annotated[list[_Term], Constraint(min_length=1)]


class WatchPart(Strict):
    """One watch."""

    id: Annotated[str, Constraint(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    name: Annotated[str, Constraint(min_length=1, max_length=120)]
    kind: Literal["actor", "topic"]
    any: _Terms | None = None
    all: _Terms | None = None
    weak: list[Text] = _Empty
    context: list[Text] = _Empty
    none: list[Text] = _Empty
    needs: list[Text] = _Empty
    unless: list[Text] = _Empty
    about: list[Annotated[str, AfterValidator(_topic)]] = _Empty
    threshold: Annotated[float, Constraint(gt=0, le=1000)] = 1.0
    outlets: _Names = _Empty
    not_outlets: _Names = _Empty
    sections: _Names = _Empty
    not_sections: _Names = _Empty
    languages: Annotated[list[Annotated[str, Constraint(pattern=r"^[a-z]{2}$")]], BeforeValidator(_list)] = _Empty
    severity: Literal["low", "normal", "high", "urgent"] = "normal"
    expires: date | None = None
    channels: list[str] = _Empty
    pace: Annotated[list[Annotated[time, BeforeValidator(_clock)]], BeforeValidator(_pace)] = _Empty
    follow: bool = False
    must_match: _Examples = _Empty
    must_not_match: _Examples = _Empty

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        mine, every = self.any or [], self.all or []
        if not mine and not every:
            raise ValueError("says nothing to look for: give it terms under `any` or `all`")
        weights = [term.weight if isinstance(term, TermPart) else 1.0 for term in mine]
        most = sum(weight for weight in weights if weight > 0)
        if weights and round(most, 6) < self.threshold:
            raise ValueError(
                f"can never fire: all its terms weigh {most:g}, less than its threshold {self.threshold:g}"
            )
        if not mine and all(isinstance(term, TermPart) and term.weight < 0 for term in every):
            raise ValueError("can never fire: all its terms speak against it")
        if self.context and not self.weak:
            raise ValueError("`context` settles the names under `weak`, of which there are none")
        if self.weak and not mine:
            raise ValueError("`weak` names stand beside those under `any`, of which there are none")
        if not any(_can_lead(term) for term in (*mine, *every)):
            raise ValueError("can never fire: only meanings (`about`) speak for it; say `alone: true` or add words")
        return self


def _can_lead(term: "str | TermPart") -> bool:
    return isinstance(term, str) or term.about is None or term.alone


def named_watch(value: object) -> object:
    """A watch in one line is its own name, id and only term."""
    if not isinstance(value, str):
        return value
    kind = "actor" if value[:1].isupper() else "topic"
    return {"id": slug(value), "name": value, "kind": kind, "any": [value]}


def slug(name: str) -> str:
    """An id made of a name: Latin letters, digits and hyphens."""
    latin = "-".join(latin_of(word.key) for word in words_of(name))
    return "".join(sign for sign in latin if sign.isascii() and (sign.isalnum() or sign == "-"))[:64].strip("-")


_Watch = Annotated[WatchPart, BeforeValidator(named_watch)]
_ConceptName = Annotated[str, Constraint(pattern=r"^[^\W_][\w-]{0,63}$")]


def _concept(value: object) -> object:
    return {"strong": value} if isinstance(value, list) else value


class WatchesFile(Strict):
    """One whole file."""

    watchlist: Annotated[str, Constraint(min_length=1, max_length=120)]
    channels: list[str] = _Empty
    concepts: dict[_ConceptName, Annotated[ConceptPart, BeforeValidator(_concept)]] = Constraint(default_factory=dict)
    watches: Annotated[list[_Watch], Constraint(min_length=1)] | None = None

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.watches and not self.concepts:
            raise ValueError("holds neither `watches` nor `concepts`")
        return self


def _listed(names: Sequence[str], word: str) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"
