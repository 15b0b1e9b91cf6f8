"""A delivery as each kind of channel shows it; pure, tested by golden files.

What comes from a feed is text and never markup: it is tidied first, shortened next, and escaped last, so that no
cut falls into an entity or a tag.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from typing import Any

from worker.models.alert import Delivery, Quote
from worker.notify.excerpt import excerpt, one_unit, pieces, shorten
from worker.notify.wording import REPEATED, UNCONFIRMED, Facts, facts_of, link, sentences

#: Telegram counts UTF-16 units after parsing; we count the markup too, so that no reading of the rule is broken
TELEGRAM_LIMIT = 4096
_TELEGRAM_QUOTES = 8
#: in a chat nobody reads a sentence longer than this
_TELEGRAM_QUOTE_LIMIT = 1200
#: a quote shorter than this proves nothing
_LEAST_QUOTE = 60
_SUBJECT_LIMIT = 200
_MAIL_QUOTES = 20
_QUOTE_LIMIT = 2000
_QUOTE_SIGN = "— "
_ENTITIES = {"&": 5, "<": 4, ">": 4}
_BMP_END = 0xFFFF
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An e-mail; `subject` is one line, `text` and `html` say the same."""

    subject: str
    text: str
    html: str


def _as_it_is(text: str) -> str:
    return text


def _units(char: str) -> int:
    """UTF-16 units, as Telegram counts."""
    return 2 if ord(char) > _BMP_END else 1


def _escaped_units(char: str) -> int:
    return _ENTITIES.get(char) or _units(char)


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _anchor(url: str) -> str:
    return f'<a href="{escape(url)}">Към статията</a>'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """How one kind of channel writes."""

    text: Callable[[str], str] = _as_it_is
    link: Callable[[str], str] = _as_it_is
    strong: tuple[str, str] = ("", "")
    mark: tuple[str, str] = ("«", "»")
    cost: Callable[[str], int] = one_unit

    def quote(self, quote: Quote) -> str:
        before, after = self.mark
        return "".join(
            f"{before}{self.text(piece)}{after}" if marked else self.text(piece) for piece, marked in pieces(quote)
        )

    def title(self, text: str) -> str:
        return f"{self.strong[0]}{self.text(text)}{self.strong[1]}"


_PLAIN = _Style()
_TELEGRAM_PLAIN = _Style(cost=_units)
_TELEGRAM = _Style(text=_escaped, link=_anchor, strong=("<b>", "</b>"), mark=("<b>", "</b>"), cost=_escaped_units)
_MAIL_HTML = _Style(text=_escaped, mark=("<mark>", "</mark>"))


def render_email(delivery: Delivery) -> Message:
    """Subject, plain text and HTML."""
    facts = facts_of(delivery)
    quotes = [excerpt(quote, _QUOTE_LIMIT) for quote in facts.quotes[:_MAIL_QUOTES]]
    subject = shorten(f"{_front(facts)}{facts.watch}: {facts.headline}", _SUBJECT_LIMIT)
    return Message(subject=subject, text=_paragraphs(facts, quotes, _PLAIN) + "\n", html=_page(facts, quotes, subject))


def render_telegram(delivery: Delivery) -> str:
    """Text with Telegram's HTML, within its limit."""
    return _telegram(delivery, _TELEGRAM)


def render_telegram_plain(delivery: Delivery) -> str:
    """The same without any markup, for when Telegram does not take the markup."""
    return _telegram(delivery, _TELEGRAM_PLAIN)


def render_console(delivery: Delivery) -> str:
    """One block of lines; matched words stand in «…»."""
    facts = facts_of(delivery)
    quotes = [excerpt(quote, _QUOTE_LIMIT) for quote in facts.quotes[:_MAIL_QUOTES]]
    first, *above = _above(facts, _PLAIN)
    return "\n  ".join([first, *above, *_quote_lines(facts, quotes, _PLAIN), *_below(facts, _PLAIN)]) + "\n"


def render_webhook(delivery: Delivery) -> Mapping[str, Any]:
    """All facts as JSON knows them. `marks` are offsets in code points, half-open, into their `text`.

    Two attempts of one delivery differ in `maybe_repeated` at most.
    """
    notice = delivery.notice
    return {
        "delivery_id": _encodable(delivery.id),
        "alert_id": _encodable(delivery.alert_id),
        "channel": _encodable(delivery.channel),
        "maybe_repeated": delivery.maybe_repeated,
        "watch": {"id": _encodable(notice.watch_id), "name": _encodable(notice.watch_name)},
        "title": _encodable(notice.title),
        "outlet": _encodable(notice.outlet),
        "url": link(notice.url) or None,
        "published_at": _iso(notice.published_at),
        "seen_at": _iso(notice.seen_at),
        "quotes": [
            {"text": _encodable(quote.text), "marks": [list(mark) for mark in quote.marks]} for quote in notice.quotes
        ],
        "match_reason": _encodable(notice.match_reason),
        "decision_reason": notice.decision_reason.value,
        "watchlist_version": _encodable(notice.watchlist_version),
        "unconfirmed": notice.unconfirmed,
        "severity": notice.severity.value,
        "read": [part.value for part in notice.parts],
        "is_excerpt": notice.is_excerpt,
        "source": {
            "origin": _encodable_or_none(notice.attribution.origin),
            "relay": _encodable_or_none(notice.attribution.relay),
            "stated_as": _encodable_or_none(notice.attribution.span.text if notice.attribution.span else None),
        },
    }


def _telegram(delivery: Delivery, style: _Style) -> str:
    facts = _bounded(facts_of(delivery), style)
    room = TELEGRAM_LIMIT - _size(_paragraphs(facts, (), style)) - len("\n\n")
    mark_cost = len("".join(style.mark))
    quotes: list[Quote] = []
    wanted = facts.quotes[:_TELEGRAM_QUOTES]
    for number, quote in enumerate(wanted):
        # What shorter quotes leave over goes to the later ones; the first one is shown in any case.
        share = room // (len(wanted) - number) - len(_QUOTE_SIGN + "\n")
        if quotes and share < _LEAST_QUOTE:
            break
        quotes.append(excerpt(quote, min(share, _TELEGRAM_QUOTE_LIMIT), style.cost, mark_cost))
        room -= _size(style.quote(quotes[-1])) + len(_QUOTE_SIGN + "\n")
    return _paragraphs(facts, quotes, style)


def _bounded(facts: Facts, style: _Style) -> Facts:
    """Facts that leave room for a quote: what they cost together is below 3500 with all labels."""
    return replace(
        facts,
        watch=shorten(facts.watch, 250, style.cost),
        headline=shorten(facts.headline, 800, style.cost),
        origin=shorten(facts.origin, 250, style.cost),
        read=shorten(facts.read, 150, style.cost),
        reason=shorten(facts.reason, 800, style.cost),
        url=facts.url if _size(style.link(facts.url)) <= 1000 else "",  # noqa: PLR2004 - one of a row of such bounds
        ids=shorten(facts.ids, 150, style.cost),
    )


def _size(text: str) -> int:
    return sum(map(_units, text))


def _front(facts: Facts) -> str:
    marks = (facts.urgency, REPEATED if facts.maybe_repeated else "", UNCONFIRMED if facts.unconfirmed else "")
    return "".join(f"{mark} " for mark in marks if mark)


def _above(facts: Facts, style: _Style) -> list[str]:
    return [
        f"{_front(facts)}Наблюдение: {style.text(facts.watch)}",
        style.title(facts.headline),
        style.text(facts.origin),
        *([style.text(facts.read)] if facts.read else []),
    ]


def _paragraphs(facts: Facts, quotes: Sequence[Quote], style: _Style) -> str:
    parts = (_above(facts, style), _quote_lines(facts, quotes, style), _below(facts, style))
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _quote_lines(facts: Facts, quotes: Sequence[Quote], style: _Style) -> list[str]:
    lines = [_QUOTE_SIGN + style.quote(quote) for quote in quotes]
    left_out = len(facts.quotes) - len(quotes)
    return [*lines, sentences(left_out)] if left_out else lines


def _below(facts: Facts, style: _Style) -> list[str]:
    lines = [f"Защо: {style.text(facts.reason)}"] if facts.reason else []
    if facts.url:
        lines.append(style.link(facts.url))
    return [*lines, style.text(facts.ids)]


def _page(facts: Facts, quotes: Sequence[Quote], subject: str) -> str:
    style = _MAIL_HTML
    link_line = f'<p><a href="{escape(facts.url)}">{_escaped(facts.url)}</a></p>' if facts.url else ""
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="bg"><head><meta charset="utf-8"><title>{_escaped(subject)}</title></head><body>',
        f"<p>{_front(facts)}Наблюдение: <b>{_escaped(facts.watch)}</b></p>",
        f"<h2>{_escaped(facts.headline)}</h2>",
        f"<p>{_escaped(facts.origin)}</p>",
        f"<p>{_escaped(facts.read)}</p>" if facts.read else "",
        *(f"<p>{line}</p>" for line in _quote_lines(facts, quotes, style)),
        f"<p>Защо: {_escaped(facts.reason)}</p>" if facts.reason else "",
        link_line,
        f"<p><small>{_escaped(facts.ids)}</small></p>",
        "</body></html>",
    ]
    return "\n".join(filter(None, lines)) + "\n"


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _encodable_or_none(text: str | None) -> str | None:
    return None if text is None else _encodable(text)


def _encodable(text: str) -> str:
    """The text with each lone surrogate, which UTF-8 cannot hold, replaced by one sign, so that offsets hold."""
    return _SURROGATE.sub("\ufffd", text)
