"""What people want to know about, and what was found for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import NewType

from worker.models.news import ArticleId, Field, MentionKind

WatchId = NewType("WatchId", str)
ChannelId = NewType("ChannelId", str)


class WatchKind(StrEnum):
    """What somebody follows; shown to people, the terms alone decide when a watch fires."""

    ACTOR = "actor"
    TOPIC = "topic"


class Severity(StrEnum):
    """How much a match matters to the people of a watch, from least to most."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Layer(StrEnum):
    """What a finding rests on: word forms alone, or what the language models say of the text."""

    FORMS = "A"
    MODELS = "B"


class Reach(StrEnum):
    """Within what the phrases of a term must stand together."""

    WORDS = "words"
    SENTENCE = "sentence"
    ADJACENT = "adjacent"
    ARTICLE = "article"


class Setting(StrEnum):
    """A sentence's attitude to what it says; a term may decline to count in some."""

    NEGATED = "negated"
    PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that must stand next to each other, each in any inflected form.

    Written in dictionary form. A capital in the phrase demands a capital in the text and a word in capitals
    an acronym; `дума*` takes any ending; `=дума` takes exactly this form; `дума/слово` takes either.
    `$име` stands for every name of the concept „име“.
    """

    text: str
    #: share of the threshold that one finding is worth
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What must hold in an article for one term to count in it; nothing is asked by default."""

    #: at least one must stand somewhere in the article
    needs: tuple[Phrase, ...] = ()
    #: an article that contains none of these has what `needs` asks for; empty: no such way
    or_lacks: tuple[Phrase, ...] = ()
    #: the term counts for nothing in an article that contains one of these
    unless: tuple[Phrase, ...] = ()
    #: a finding counts only in a sentence that holds one of these, and in none that holds one of those
    near: tuple[Phrase, ...] = ()
    not_near: tuple[Phrase, ...] = ()
    #: counts in articles published from this day on, and before that day (an office and its holder)
    since: date | None = None
    until: date | None = None
    #: counts only where it stands in one of these fields; empty: in all
    fields: frozenset[Field] = frozenset()
    #: counts only as part of a name of this kind, where models have read the article
    entity: MentionKind | None = None
    #: does not count in such sentences
    skips: frozenset[Setting] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A human being: the full name, or the surname while the article names nobody else who bears it."""

    given: str
    surname: str
    #: other spellings of the given name, for instance Latin ones or a short form
    other_given: tuple[str, ...] = ()
    #: other spellings of the surname
    other_surnames: tuple[str, ...] = ()
    #: a bare surname counts only where one of these stands in the article; empty: always
    surname_needs: tuple[Phrase, ...] = ()
    #: and not where two of these do and fewer of those, unless the full name stands there too
    surname_unless: tuple[Phrase, ...] = ()
    #: what the person is called right before the full name; another calling there („пчеларят“) tells of a namesake
    introduced_as: tuple[Phrase, ...] = ()
    #: the full name too, where many bear it; empty: always
    name_needs: tuple[Phrase, ...] = ()
    conditions: Conditions = Conditions()
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One phrase of every group, within one sentence or another reach.

    With a single group: any of its phrases, which are then worth their weight once.
    """

    groups: tuple[tuple[Phrase, ...], ...]
    reach: Reach = Reach.SENTENCE
    #: with `Reach.WORDS`: at most so many words from first to last
    within_words: int = 0
    conditions: Conditions = Conditions()
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a sentence says, in whatever words: counts by closeness in meaning, where the model for it is installed."""

    description: str
    #: may fire the watch without any other term; else it only adds to others
    alone: bool = False
    weight: float = 1.0


Term = Phrase | Person | Together | Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A named set of names for one thing, which any watch may use as `$name`."""

    name: str
    #: names that always mean it
    strong: tuple[Phrase, ...]
    #: names that mean it only where a strong one stands in the article, or its context does
    weak: tuple[Phrase, ...] = ()
    #: words that settle a weak name: one in its sentence, or two different ones in the article
    context: tuple[Phrase, ...] = ()
    #: phrases that cancel a weak name that they overlap
    none: tuple[Phrase, ...] = ()
    #: canonical name of the entity that it is; a mention of that is as good as a strong name
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which articles a watch looks at; everything by default. Texts are compared folded."""

    #: names of outlets or ids of feeds
    outlets: frozenset[str] = frozenset()
    not_outlets: frozenset[str] = frozenset()
    #: parts of the path of the article's address („sport“, „bulgaria“)
    sections: frozenset[str] = frozenset()
    not_sections: frozenset[str] = frozenset()
    #: ISO 639-1; an article whose language nobody looked at is taken
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A golden example: a text on which the watch must fire, or must not."""

    title: str = ""
    text: str = ""
    #: the day it was published; None: whatever day it is
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One subject someone follows: `terms` speak for it, `none` against it."""

    id: WatchId
    #: as shown to people, Bulgarian
    name: str
    kind: WatchKind
    terms: tuple[Term, ...]
    #: each must be found, whatever the others weigh
    all: tuple[Term, ...] = ()
    #: phrases that cancel a finding that they overlap (a namesake, a longer name), unless it contains them
    none: tuple[Phrase, ...] = ()
    #: at least one must stand somewhere in the article; empty: no such condition
    needs: tuple[Phrase, ...] = ()
    #: the watch stays silent on an article that contains one of these
    unless: tuple[Phrase, ...] = ()
    #: codes of categories and folded key phrases, one of which the article must be about; empty: no such condition
    about: frozenset[str] = frozenset()
    #: weights of different terms found are added; the watch fires from here on
    threshold: float = 1.0
    scope: Scope = Scope()
    severity: Severity = Severity.NORMAL
    #: the first day on which it alerts no more
    expires: date | None = None
    channels: tuple[ChannelId, ...] = ()
    #: times of the day in Bulgaria for which alerts wait; empty: at once
    pace: tuple[time, ...] = ()
    #: a further independent source of a story is told again, and not only written into the first message
    follows: bool = False
    must_match: tuple[Example, ...] = ()
    must_not_match: tuple[Example, ...] = ()
    watchlist: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """All watches in force, and the version they were read as."""

    watches: tuple[Watch, ...]
    #: hash of the files' content, shown with every alert
    version: str
    concepts: Mapping[str, Concept] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span that justifies a match, with the sentence it stands in."""

    field: Field
    start: int
    end: int
    #: `article.text_of(field)[start:end]`
    text: str
    #: the watch's own term that was found
    term: str
    sentence_start: int
    sentence_end: int
    layer: Layer = Layer.FORMS

    def __post_init__(self) -> None:
        if not 0 <= self.sentence_start <= self.start < self.end <= self.sentence_end:
            raise ValueError(f"evidence {self.start}:{self.end} lies outside its sentence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A watch that an article satisfies, and why."""

    watch_id: WatchId
    article_id: ArticleId
    #: 0–1; 1 when the threshold is reached twice over
    score: float
    #: one line for people: which terms in which forms
    reason: str
    evidence: tuple[Evidence, ...]
    #: weights of the terms found, and what they had to reach
    weight: float = 1.0
    threshold: float = 1.0
    #: A when word forms alone would have fired the watch
    layer: Layer = Layer.FORMS

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 1:
            raise ValueError(f"score {self.score} is not within 0–1")
        if not self.evidence:
            raise ValueError(f"match of {self.watch_id} has no evidence")
