"""What outlets publish and what we read in it: from the feed to the analysed article.

All instants are aware UTC. All offsets are code points, half-open `[start, end)`, into one field of the
article exactly as it is stored (`article.text_of(field)[start:end]` is the text meant).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

FeedId = NewType("FeedId", str)
ArticleId = NewType("ArticleId", str)
StoryId = NewType("StoryId", str)

#: the language that the models read (ISO 639-1)
BULGARIAN = "bg"
#: stands as the model of an analysis that was made without any, by word forms alone
FORMS_ONLY = "forms"


class Field(StrEnum):
    """The parts of an article in reading order."""

    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"


class TextOrigin(StrEnum):
    """Where the body of an article comes from."""

    FEED = "feed"
    PAGE = "page"


class Part(StrEnum):
    """What of an article was read, in reading order."""

    TITLE = "title"
    SUMMARY = "summary"
    #: the full text, from the feed
    BODY = "body"
    #: the full text, from the article's page
    PAGE = "page"


class MentionKind(StrEnum):
    """Kinds of entity, those of the BSNLP shared tasks."""

    PER = "PER"
    ORG = "ORG"
    LOC = "LOC"
    EVT = "EVT"
    PRO = "PRO"


def require_utc(instant: datetime | None, name: str) -> None:
    """Raises ValueError unless `instant` is absent or aware with offset zero."""
    if instant is not None and (instant.tzinfo is None or instant.utcoffset()):
        raise ValueError(f"{name} must be an aware UTC instant, not {instant!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as the feed states it; the markup is untouched."""

    guid: str | None
    #: absolute address, or None where the feed gives none
    url: str | None
    title_html: str
    summary_html: str
    #: full text where the feed carries it, else empty
    content_html: str
    #: the feed's own words, kept as evidence
    published_raw: str | None
    published_at: datetime | None
    #: False where other entries of the document, saying something else, share the address
    url_is_identity: bool = True


class DateClaim(StrEnum):
    """What an article's publication date is worth."""

    STATED = "stated"
    #: the feed gives none that can be read
    NONE = "none"
    #: more than an hour ahead; when we first saw the article stands for it
    AHEAD = "ahead"
    #: more than a day ahead, so none is kept
    FAR_AHEAD = "far_ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry after cleaning; the unit of analysis. Its text never changes within one revision."""

    id: ArticleId
    feed_id: FeedId
    outlet: str
    #: canonical address, or empty where the feed gives none
    url: str
    title: str
    summary: str
    body: str
    published_at: datetime | None
    seen_at: datetime
    #: counts edits of the text, from 1
    revision: int = 1
    #: stood in the feed before we began to watch it
    baseline: bool = False
    #: what identifies this article: canonical address, and the feed's own identifier
    keys: tuple[str, ...] = ()
    #: the feed's own words for the date, of this revision
    published_raw: str | None = None
    date_claim: DateClaim = DateClaim.STATED
    #: a newscast, a horoscope, the weather of every day: belongs to no event, so to no story of others
    is_routine: bool = False
    #: of the body
    text_origin: TextOrigin = TextOrigin.FEED

    def __post_init__(self) -> None:
        require_utc(self.published_at, "published_at")
        require_utc(self.seen_at, "seen_at")
        if self.revision < 1:
            raise ValueError(f"revision counts from 1, not {self.revision}")

    @property
    def parts(self) -> tuple[Part, ...]:
        """What of it was read."""
        body = Part.PAGE if self.text_origin is TextOrigin.PAGE else Part.BODY
        texts = ((Part.TITLE, self.title), (Part.SUMMARY, self.summary), (body, self.body))
        return tuple(part for part, text in texts if text)

    def text_of(self, field: Field) -> str:
        """The text of one field, empty where the article has none."""
        match field:
            case Field.TITLE:
                return self.title
            case Field.SUMMARY:
                return self.summary
            case Field.BODY:
                return self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word or sign with its dictionary form as the model gives it."""

    start: int
    end: int
    lemma: str
    #: universal part of speech, empty where the model gives none
    upos: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of one field; its tokens lie inside `[start, end)` and do not overlap."""

    start: int
    end: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A span of one field that names something."""

    field: Field
    start: int
    end: int
    text: str
    kind: MentionKind
    #: canonical nominative name of what is meant, the same for every mention of it in the article
    name: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"mention span {self.start}:{self.end} is empty or negative")


class TopicKind(StrEnum):
    """Kinds of topic."""

    CATEGORY = "category"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What an article is about."""

    name: str
    #: probability of a category; weight of a phrase, relative to the strongest phrase of the article
    score: float
    kind: TopicKind
    #: of a category: `medtop:` and the number of the IPTC Media Topic
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """Sentences, tokens and mentions of one article by one model version."""

    #: name and version of what produced it
    model: str
    sentences: Mapping[Field, tuple[Sentence, ...]]
    mentions: tuple[Mention, ...]
    #: ISO 639-1; None where nobody looked
    language: str | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether models made it, rather than word forms alone."""
        return self.model != FORMS_ONLY
