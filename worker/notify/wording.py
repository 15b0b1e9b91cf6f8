"""The facts of a delivery as a Bulgarian reader gets them: clean, on one line each, in the time of Sofia. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, datetime

from worker.models.alert import Delivery, Notice, Quote, Reason
from worker.models.attribution import Attribution
from worker.models.news import Part
from worker.models.watch import Severity
from worker.notify.excerpt import one_line, tidied
from worker.text.times import SOFIA

REPEATED = "(възможно повторение)"
UNCONFIRMED = "(непотвърдено)"
_URGENCY = {Severity.HIGH: "ВАЖНО:", Severity.URGENT: "СПЕШНО:"}
_PARTS = {Part.TITLE: "заглавие", Part.SUMMARY: "резюме", Part.BODY: "пълен текст", Part.PAGE: "пълен текст"}
_MONTHS = (
    "януари",
    "февруари",
    "март",
    "април",
    "май",
    "юни",
    "юли",
    "август",
    "септември",
    "октомври",
    "ноември",
    "декември",
)
#: no white space, control or reordering signs; browsers and mail readers take addresses of this length
_LINK = re.compile(r"https?://[^\s\x00-\x20\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]{1,2000}")
_VERSION_SIGNS = 12
#: about no article, so no watchlist had a say in them
_OF_FEEDS = frozenset({Reason.FEED_FAULT, Reason.FEED_RECOVERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a message says; nothing is shortened or escaped yet."""

    maybe_repeated: bool
    #: found without the language models
    unconfirmed: bool
    #: a word before everything else, or empty
    urgency: str
    watch: str
    headline: str
    #: outlet and time
    origin: str
    #: what of the article was read and where its news come from; empty where nobody noted it
    read: str
    quotes: tuple[Quote, ...]
    #: why the watch fired
    reason: str
    #: empty where there is none that may be clicked
    url: str
    #: for questions to the operator
    ids: str


def facts_of(delivery: Delivery) -> Facts:
    """Everything that is shown of a delivery."""
    notice = delivery.notice
    version = one_line(notice.watchlist_version)[:_VERSION_SIGNS]
    quotes = tuple(quote for quote in map(tidied, notice.quotes) if quote.text)
    return Facts(
        maybe_repeated=delivery.maybe_repeated,
        unconfirmed=notice.unconfirmed,
        urgency=_URGENCY.get(notice.severity, ""),
        watch=one_line(notice.watch_name) or one_line(notice.watch_id),
        headline=one_line(notice.title) or "(без заглавие)",
        origin=", ".join(filter(None, (one_line(notice.outlet), _time_of(notice)))),
        read=_read(notice),
        quotes=quotes,
        reason=one_line(notice.match_reason),
        url=link(notice.url),
        ids=f"Известие {one_line(delivery.alert_id)}"
        + ("" if notice.decision_reason in _OF_FEEDS else f", версия на наблюденията {version}"),
    )


def link(url: str) -> str:
    """The address if it may be clicked – http(s), whole, of bearable length – else nothing."""
    return url if _LINK.fullmatch(url) else ""


def moment(instant: datetime) -> str:
    """„24 ноември 2026 г., 09:15 ч.“ in Sofia."""
    # The first and last year have no room for an offset.
    local = instant.astimezone(SOFIA) if MINYEAR < instant.year < MAXYEAR else instant
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year} г., {local:%H:%M} ч."


def sentences(count: int) -> str:
    """„(и още 3 изречения)“."""
    return f"(и още {count} {'изречение' if count == 1 else 'изречения'})"


def parts_read(parts: Sequence[Part]) -> str:
    """„заглавие и резюме“, „заглавие, резюме и пълен текст“."""
    names = [_PARTS[part] for part in parts]
    return f"{', '.join(names[:-1])} и {names[-1]}" if len(names) > 1 else "".join(names)


def source_of(attribution: Attribution, *, is_excerpt: bool) -> str:
    """„ТАСС (чрез БТА)“, or that none is stated."""
    if attribution.origin is None:
        return "не е посочен в откъса" if is_excerpt else "не е посочен"
    relay = f" (чрез {one_line(attribution.relay)})" if attribution.relay else ""
    return one_line(attribution.origin) + relay


def _read(notice: Notice) -> str:
    """Alerts of earlier versions did not note it."""
    if not notice.parts:
        return ""
    source = source_of(notice.attribution, is_excerpt=notice.is_excerpt)
    return f"прочетено: {parts_read(notice.parts)}; източник: {source}"


def _time_of(notice: Notice) -> str:
    if notice.published_at is None:
        return f"без дата на публикуване, видяна на {moment(notice.seen_at)}"
    return moment(notice.published_at)
