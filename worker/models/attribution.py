"""Whom a text says that it comes from, and what of an article was read to learn it."""

from dataclasses import dataclass
from enum import StrEnum

from worker.models.news import Field


class Cue(StrEnum):
    """How a text names its source, from the surest to the weakest."""

    #: „София, 24 ноември /БТА/“ at the start
    DATELINE = "dateline"
    #: „/БТА/“ or „(БГНЕС)“ at the end
    COPY_MARK = "copy_mark"
    #: „Източник: …“
    SOURCE_LINE = "source_line"
    #: „предаде …“
    PASSED_ON = "passed_on"
    #: „цитиран от …“
    CITED = "cited"
    #: „съобщи …“, „информира …“
    REPORTED = "reported"
    #: „като цитира …“, „позовавайки се на …“
    REFERRED = "referred"
    #: „каза пред …“
    TOLD = "told"
    #: the publisher is an agency itself
    OWN = "own"
    #: „пише …“, „отбелязва …“
    SECONDARY = "secondary"
    #: „според …“, „по данни на …“
    ACCORDING = "according"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpan:
    """The words that name the source; `article.text_of(field)[start:end] == text`."""

    field: Field
    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"source span {self.start}:{self.end} is empty or negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The source that a text states itself; likeness to another text is never one."""

    #: who reported it first, by canonical name; None: not stated
    origin: str | None = None
    #: who passed that on, where the text names somebody else as the origin
    relay: str | None = None
    cue: Cue | None = None
    #: None where the publisher alone tells the source
    span: SourceSpan | None = None

    def __post_init__(self) -> None:
        if self.origin is None and (self.relay or self.cue or self.span):
            raise ValueError("without an origin there is no relay, cue or span")


#: nothing in the text says where it comes from
UNSTATED = Attribution()
