"""Bulgarian words for what a message says: clean, on one line each, in the time of Sofia. Pure."""

import re
from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from worker.models.attribution import Attribution
from worker.models.news import Part
from worker.models.story import Appearance, OriginBasis, Sources, StoryOrigin
from worker.models.watch import Severity
from worker.notify.excerpt import one_line
from worker.text.times import SOFIA

REPEATED = "(възможно повторение)"
UNCONFIRMED = "(непотвърдено)"
URGENCY = {Severity.HIGH: "ВАЖНО:", Severity.URGENT: "СПЕШНО:"}
HIGHER = {Severity.HIGH: "Вече е важно", Severity.URGENT: "Вече е спешно"}
DAY_NAMES = ("пн", "вт", "ср", "чт", "пт", "сб", "нд")
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
#: so many other outlets are named; of more of them, …
_NAMED = 4
#: … so many
_NAMED_OF_MANY = 3
_BARS = "▁▂▃▅▇"
_ONE = 1


def link(url: str) -> str:
    """The address if it may be clicked – http(s), whole, of bearable length – else nothing."""
    return url if _LINK.fullmatch(url) else ""


def moment(instant: datetime, beside: datetime | None = None) -> str:
    """„24 ноември 2026 г., 09:15 ч.“ in Sofia; without the year where that of `beside` is the same."""
    local = _local(instant)
    year = "" if beside is not None and _local(beside).year == local.year else f" {local.year} г."
    return f"{local.day} {_MONTHS[local.month - 1]}{year}, {local:%H:%M} ч."


def week(first_day: date) -> str:
    """„16–22 ноември 2026 г.“, „30 ноември – 6 декември 2026 г.“."""
    # The last days of the calendar have no week after them.
    last_day = first_day + min(timedelta(days=6), date.max - first_day)
    if (first_day.year, first_day.month) == (last_day.year, last_day.month):
        return f"{first_day.day}–{_day(last_day)} {last_day.year} г."
    year = "" if first_day.year == last_day.year else f" {first_day.year} г."
    return f"{_day(first_day)}{year} – {_day(last_day)} {last_day.year} г."


def sentences(count: int) -> str:
    """„(и още 3 изречения)“."""
    return f"(и още {count} {'изречение' if count == _ONE else 'изречения'})"


def left_out(count: int) -> str:
    """„и още 5“."""
    return f"… и още {count}"


def alerts(count: int) -> str:
    """„7 известия“."""
    return f"{count} {'известие' if count == _ONE else 'известия'}"


def stories(count: int) -> str:
    """„42 теми“."""
    return f"{count} {'тема' if count == _ONE else 'теми'}"


def media(count: int) -> str:
    """„4 медии“, never parted by the end of a line."""
    return f"{count}\u00a0{'медия' if count == _ONE else 'медии'}"


def change(now: int, before: int) -> str:
    """„с 12 повече от предишната седмица“."""
    if now == before:
        return "колкото предишната седмица"
    return f"с {abs(now - before)} {'повече' if now > before else 'по-малко'} от предишната седмица"


def bars(days: Sequence[int]) -> str:
    """„▁▂▃▅▇“, one sign a day; the busiest day is the highest."""
    most = max((*days, 1))
    return "".join(_BARS[-(-max(day, 0) * (len(_BARS) - 1) // most)] for day in days)


def parts_read(parts: Sequence[Part]) -> str:
    """„заглавие и резюме“, „заглавие, резюме и пълен текст“."""
    return listed([_PARTS[part] for part in parts])


def listed(names: Sequence[str]) -> str:
    """„А, Б и В“."""
    return f"{', '.join(names[:-1])} и {names[-1]}" if len(names) > 1 else "".join(names)


def source_of(attribution: Attribution, *, is_excerpt: bool) -> str:
    """„ТАСС (чрез БТА)“, or that none is stated."""
    if attribution.origin is None:
        return "не е посочен в откъса" if is_excerpt else "не е посочен"
    relay = f" (чрез {one_line(attribution.relay)})" if attribution.relay else ""
    return one_line(attribution.origin) + relay


def others(sources: Sources, outlet: str) -> tuple[Appearance, ...]:
    """The other outlets that have the story, in the order in which they had it."""
    return tuple(one for one in sources.outlets if one.outlet != outlet and one_line(one.outlet))


def elsewhere(sources: Sources, outlet: str) -> str:
    """„Дневник, БНТ, Сега и още 4 (2 независими източника; първо: БТА)“; empty where nobody else has the story."""
    return "".join(text for text, _ in elsewhere_pieces(sources, outlet))


def elsewhere_pieces(sources: Sources, outlet: str) -> tuple[tuple[str, str], ...]:
    """The same in pieces, the names with the addresses that they lead to; other pieces have none."""
    appearances = others(sources, outlet)
    named = appearances[: _NAMED if len(appearances) <= _NAMED else _NAMED_OF_MANY]
    if not named:
        return ()
    rest = len(appearances) - len(named)
    pieces: list[tuple[str, str]] = []
    for number, one in enumerate(named):
        if number:
            pieces.append((" и " if number == len(named) - 1 and not rest else ", ", ""))
        pieces.append((one_line(one.outlet), link(one.url)))
    known = "; ".join(filter(None, (_independent(sources.independent), _first(sources.origin))))
    end = (f" и още {rest}" if rest else "") + (f" ({known})" if known else "")
    return (*pieces, (end, "")) if end else tuple(pieces)


def _independent(count: int) -> str:
    if count <= 0:
        return ""
    return f"{count} независим източник" if count == _ONE else f"{count} независими източника"


def _first(origin: StoryOrigin | None) -> str:
    """Texts that agree prove less than what outlets say themselves."""
    if origin is None or not one_line(origin.name):
        return ""
    if origin.basis is OriginBasis.TEXT:
        return f"по текст, съвпадащ с {one_line(origin.name)}"
    return f"първо: {one_line(origin.name)}"


def _local(instant: datetime) -> datetime:
    # The first and last year have no room for an offset.
    return instant.astimezone(SOFIA) if MINYEAR < instant.year < MAXYEAR else instant


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"
