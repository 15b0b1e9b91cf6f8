"""What people want to know about, and what was found for them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from worker.models.news import ArticleId, Field

WatchId = NewType("WatchId", str)
ChannelId = NewType("ChannelId", str)


class WatchKind(StrEnum):
    """What somebody follows; shown to people, the terms alone decide when a watch fires."""

    ACTOR = "actor"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words that must stand next to each other, each in any inflected form.

    Written in dictionary form. A capital in the phrase demands a capital in the text and a word in capitals
    an acronym; `дума*` takes any ending; `=дума` takes exactly this form; `дума/слово` takes either.
    """

    text: str
    #: share of the threshold that one finding is worth
    weight: float = 1.0


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
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """One phrase of every group, within one sentence or within a number of words.

    With a single group: any of its phrases, which are then worth their weight once. The conditions bind this
    term only, where those of the watch bind all.
    """

    groups: tuple[tuple[Phrase, ...], ...]
    #: None: anywhere in one sentence; else at most so many words from first to last
    within_words: int | None = None
    #: anywhere in the article; then `within_words` has no meaning
    anywhere: bool = False
    #: at least one must stand somewhere in the article; empty: no such condition
    needs: tuple[Phrase, ...] = ()
    #: the term counts for nothing in an article that contains one of these
    unless: tuple[Phrase, ...] = ()
    #: counts in articles published from this day on, and before that day (an office and its holder)
    since: date | None = None
    until: date | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """One subject someone follows: `terms` speak for it, `none` against it."""

    id: WatchId
    #: as shown to people, Bulgarian
    name: str
    kind: WatchKind
    terms: tuple[Phrase | Person | Together, ...]
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
    channels: tuple[ChannelId, ...] = ()
    watchlist: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """All watches in force, and the version they were read as."""

    watches: tuple[Watch, ...]
    #: hash of the files' content, shown with every alert
    version: str


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

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 1:
            raise ValueError(f"score {self.score} is not within 0–1")
        if not self.evidence:
            raise ValueError(f"match of {self.watch_id} has no evidence")
