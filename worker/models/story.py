"""A story seen as a whole: who reported it, where it came from, how many sources stand behind it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.models.attribution import UNSTATED, Attribution
from worker.models.news import ArticleId, require_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One article of a story, as far as it bears on where the story came from."""

    article_id: ArticleId
    outlet: str
    #: empty where the feed gives none
    url: str
    #: the publication time where it is credible, else when we saw it
    at: datetime
    #: what its text says of its source
    attribution: Attribution = UNSTATED
    #: the article that it repeats nearly word for word, if any; not always a member
    copy_of: ArticleId | None = None

    def __post_init__(self) -> None:
        require_utc(self.at, "at")


class OriginBasis(StrEnum):
    """How the origin of a story is known; it decides what people may be told of it."""

    #: members say so themselves, and no other statement has more of them behind it
    STATED = "stated"
    #: the texts of others equal that of an agency; „по текст, съвпадащ с …“ is all that may be said
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryOrigin:
    """Who reported a story first."""

    #: canonical name of an agency or another publisher
    name: str
    basis: OriginBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """An outlet that has a story, with its first article on it."""

    outlet: str
    #: empty where the feed gives none
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the members of a story say together."""

    #: None: not known; being seen first proves nothing
    origin: StoryOrigin | None
    #: each once, in order of their first articles; messages link to these (the lead's change: keep it)
    outlets: tuple[Appearance, ...]
    #: sources that did not take it from each other, as far as the texts tell; copies are no sources
    independent: int


#: of a story that nobody asked about
NO_SOURCES = Sources(origin=None, outlets=(), independent=0)
