"""How channels that take one string write a document: their signs, how they count, and how much they take. Pure.

What comes from a feed is text and never markup: it is tidied first, shortened next, and escaped last, so that no
cut falls into an entity, a tag or a pair of signs.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from worker.models.delivery import Delivery
from worker.notify.document import Document, Line, Look, Run, runs_of
from worker.notify.excerpt import one_unit
from worker.notify.fitting import Measure, fitted
from worker.notify.layout import document_of

Pair = tuple[str, str]
_NOTHING = ("", "")
_ENTITIES = {"&": 5, "<": 4, ">": 4}
_BMP_END = 0xFFFF
#: signs that mean something in the Markdown of chats wherever they stand
_MARKDOWN = re.compile(r"([\\`*_~|<>\[\]#])")
#: and those that mean something at the start of a line
_AT_START = re.compile(r"^(\s*\d*)([-+.)])")
_IN_URL = str.maketrans(
    {
        "(": "%28",
        ")": "%29",
        "<": "%3C",
        ">": "%3E",
        "\\": "%5C",
        "|": "%7C",
        "`": "%60",
        "*": "%2A",
        "_": "%5F",
        "~": "%7E",
    }
)


def utf16(char: str) -> int:
    """UTF-16 units, as most chats count."""
    return 2 if ord(char) > _BMP_END else 1


def as_it_is(text: str) -> str:
    """No escaping at all."""
    return text


def _address_alone(text: str, url: str) -> str:
    return f"{text}\n{url}" if text else url


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The signs of one kind of channel."""

    limit: int
    #: what a sign of the finished message counts
    unit: Callable[[str], int] = one_unit
    #: what a character of text counts once it is escaped
    cost: Callable[[str], int] = one_unit
    text: Callable[[str], str] = as_it_is
    #: of an escaped text and a raw address; of an empty text where there is nothing to say but the address
    link: Callable[[str, str], str] = _address_alone
    #: what a link says that says nothing else; empty: the address stands for itself
    label: str = ""
    strong: Pair = _NOTHING
    mark: Pair = ("«", "»")
    #: around a line
    looks: Mapping[Look, Pair] = field(default_factory=lambda: {Look.QUOTE: ("— ", ""), Look.STORY: ("• ", "")})
    line_end: str = "\n"
    longest_quote: int = 2000
    most_quotes: int = 20

    def size(self, written: str) -> int:
        """What the channel counts of a finished text."""
        return sum(map(self.unit, written))

    def line(self, line: Line) -> str:
        """One line as the channel takes it."""
        before, after = self.looks.get(line.look, _NOTHING)
        return before + "".join(map(self._run, runs_of(line))) + after

    def _run(self, run: Run) -> str:
        if run.is_label:
            return self.link(self.text(run.text) if self.label else "", run.url)
        shown = self.text(run.text)
        if run.is_marked:
            shown = f"{self.mark[0]}{shown}{self.mark[1]}"
        if run.is_strong and shown.strip():
            # Signs of emphasis must touch the words that they mean.
            inner = shown.strip()
            start = shown.index(inner)
            shown = f"{shown[:start]}{self.strong[0]}{inner}{self.strong[1]}{shown[start + len(inner) :]}"
        has_link = run.url and (self.label or not run.is_aside)
        return self.link(shown, run.url) if has_link else shown


def written(delivery: Delivery, style: Style) -> str:
    """A delivery as one string within the style's limit."""
    return written_document(document_of(delivery), style)


def written_document(document: Document, style: Style) -> str:
    """The same of a document that is there already."""
    measure = Measure(
        limit=style.limit,
        line=lambda line: style.size(style.line(line)) + style.size(style.line_end),
        cost=style.cost,
        mark=style.size("".join(style.mark)),
        quote=style.longest_quote,
        quotes=style.most_quotes,
    )
    end = style.line_end
    return (end + end).join(end.join(map(style.line, lines)) for lines in fitted(document, measure))


def escaped(text: str) -> str:
    """Text inside an element of HTML."""
    return escape(text, quote=False)


def markdown(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return _AT_START.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", text))


def _entity_utf16(char: str) -> int:
    return _ENTITIES.get(char) or utf16(char)


def _markdown_utf16(char: str) -> int:
    # Every point may stand after a number, and every hyphen at a start.
    return 2 if _MARKDOWN.match(char) or char in "-+.)" else utf16(char)


def _markdown_signs(char: str) -> int:
    return 2 if _MARKDOWN.match(char) or char in "-+.)@" else 1


def _mattermost_text(text: str) -> str:
    # A word joiner keeps @all and @channel from ringing everywhere (mattermost.com: «mentions»).
    return markdown(text).replace("@", "@\u2060")


def _html_link(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{text}</a>'


#: the Bot API counts UTF-16 units after parsing; we count the markup too, so that no reading of the rule is broken
TELEGRAM = Style(
    limit=4096,
    unit=utf16,
    cost=_entity_utf16,
    text=escaped,
    link=_html_link,
    label="html",
    strong=("<b>", "</b>"),
    mark=("<b>", "</b>"),
    looks={
        Look.QUOTE: ("<blockquote>", "</blockquote>"),
        Look.STORY: ("• ", ""),
        Look.SMALL: ("<i>", "</i>"),
    },
    longest_quote=1200,
    most_quotes=8,
)
TELEGRAM_PLAIN = Style(limit=4096, unit=utf16, cost=utf16, longest_quote=1200, most_quotes=8)
CONSOLE = Style(limit=200_000)
MAIL_TEXT = Style(limit=200_000)
#: discord.com/developers/docs/resources/webhook: `content`
DISCORD = Style(
    limit=2000,
    unit=utf16,
    cost=_markdown_utf16,
    text=markdown,
    link=lambda text, url: f"[{text}](<{url.translate(_IN_URL)}>)",
    label="markdown",
    strong=("**", "**"),
    mark=("**", "**"),
    looks={Look.QUOTE: ("> ", ""), Look.STORY: ("• ", ""), Look.SMALL: ("-# ", "")},
    longest_quote=800,
    most_quotes=8,
)
#: the longest post of Mattermost since 5.0, in code points
MATTERMOST = Style(
    limit=16_383,
    cost=_markdown_signs,
    text=_mattermost_text,
    link=lambda text, url: f"[{text}]({url.translate(_IN_URL)})",
    label="markdown",
    strong=("**", "**"),
    mark=("**", "**"),
    looks={Look.QUOTE: ("> ", ""), Look.STORY: ("• ", "")},
    longest_quote=1200,
    most_quotes=8,
)
#: creators.viber.com: the longest text; it knows no markup
VIBER = Style(limit=7000, unit=utf16, cost=utf16, longest_quote=1200, most_quotes=8)


def _json_bytes(char: str) -> int:
    """UTF-8 inside a JSON string."""
    return 2 if char in '"\\\n' else len(char.encode("utf-8", "replace"))


#: docs.ntfy.sh: 4,096 bytes; its server reads a JSON body of twice that, so escapes are counted too
NTFY = Style(limit=4000, unit=_json_bytes, cost=_json_bytes, longest_quote=1200, most_quotes=8)
#: an event of 65,536 bytes holds plain text and HTML, and an edit holds both twice
MATRIX_PLAIN = Style(limit=12_000, unit=_json_bytes, cost=_json_bytes, longest_quote=2400, most_quotes=8)


def _entity_json_bytes(char: str) -> int:
    return _ENTITIES.get(char) or _json_bytes(char)


MATRIX_HTML = Style(
    limit=15_000,
    unit=_json_bytes,
    cost=_entity_json_bytes,
    text=escaped,
    link=_html_link,
    label="html",
    strong=("<b>", "</b>"),
    mark=("<b>", "</b>"),
    looks={Look.QUOTE: ("<blockquote>", "</blockquote>"), Look.STORY: ("• ", ""), Look.SMALL: ("<small>", "</small>")},
    line_end="<br>",
    longest_quote=2400,
    most_quotes=8,
)
#: Apprise splits what is longer than a service takes
APPRISE = Style(limit=20_000, unit=utf16, cost=utf16, longest_quote=1200, most_quotes=8)
