"""A message as a small document, before any channel writes it in its own signs; plain values.

It is laid out once from what is sent. Nothing in it is escaped, and nothing is shortened but what `fitting` shortened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from worker.models.alert import Quote
from worker.models.watch import Severity
from worker.notify.excerpt import pieces


class Look(StrEnum):
    """What a line is, so that each channel can show it in its own way."""

    #: what is new in a story that is known already
    NEWS = "news"
    TITLE = "title"
    #: the name of a watch above what belongs to it
    GROUP = "group"
    #: a story of several
    STORY = "story"
    TEXT = "text"
    QUOTE = "quote"
    #: the days of a week as a row of bars
    BARS = "bars"
    SMALL = "small"


_STRONG = frozenset({Look.NEWS, Look.TITLE, Look.GROUP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A piece of a line, of foreign words or of our own."""

    text: str
    #: the part of the whole message that it may take
    share: float = 0.05
    #: where it leads; empty: nowhere
    url: str = ""
    #: it says no more than that there is a link
    is_label: bool = False
    #: the link is of use only where it takes no room
    is_aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; either texts, or one quote with its marks."""

    look: Look = Look.TEXT
    texts: tuple[Text, ...] = ()
    quote: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Lines that stand together, with the sentences that prove them below."""

    lines: tuple[Line, ...] = ()
    quotes: tuple[Quote, ...] = ()
    #: it may be left out where there is no room, and is counted then
    is_spare: bool = False
    #: at least one of the quotes is shown, and those left out are counted
    is_proof: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A watch in the picture of a week."""

    name: str
    #: stories on each of seven days
    days: tuple[int, ...]
    #: „42 теми, с 12 повече от предишната седмица“
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Everything that a message says."""

    #: the subject of a letter, with the watch in front; one line, not shortened
    subject: str
    #: the title of a notification, as the line of look TITLE has it
    title: str
    severity: Severity
    paragraphs: tuple[Paragraph, ...]
    #: where the first link leads, or empty
    url: str = ""
    #: the picture of a week; the lines of look BARS say the same
    rows: tuple[Row, ...] = ()
    #: the names of its seven days, short
    day_names: tuple[str, ...] = ()


#: a document cut to size: paragraphs of lines, the quotes among them
Fitted = tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Neighbouring signs that are shown alike."""

    text: str
    is_strong: bool = False
    is_marked: bool = False
    url: str = ""
    is_label: bool = False
    is_aside: bool = False


def runs_of(line: Line) -> Iterator[Run]:
    """The line from left to right."""
    is_strong = line.look in _STRONG
    for one in line.texts:
        yield Run(text=one.text, is_strong=is_strong, url=one.url, is_label=one.is_label, is_aside=one.is_aside)
    if line.quote is not None:
        for text, is_marked in pieces(line.quote):
            yield Run(text=text, is_marked=is_marked)
