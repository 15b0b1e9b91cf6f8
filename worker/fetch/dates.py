"""Publication dates as feeds write them, to UTC.

RFC 822, ISO 8601 and the W3C profile, and the ways Bulgarian sites write dates for people. No date is ever
made up: words such as „днес“ would need a clock, and a guess would look like the outlet's own claim.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from worker.text.fold import fold_word
from worker.text.times import SOFIA

_NOON = 12
_YEARS = range(1990, 2100)
_MONTHS = (
    ("януари", "january"),
    ("февруари", "february"),
    ("март", "march"),
    ("април", "april"),
    ("май", "may"),
    ("юни", "june"),
    ("юли", "july"),
    ("август", "august"),
    ("септември", "september"),
    ("октомври", "october"),
    ("ноември", "november"),
    ("декември", "december"),
)
_SHORTEST_MONTH = 3
_ZONES: dict[str, tzinfo] = {
    "z": UTC,
    "ut": UTC,
    "utc": UTC,
    "gmt": UTC,
    "cet": timezone(timedelta(hours=1)),
    "cest": timezone(timedelta(hours=2)),
    "bst": timezone(timedelta(hours=1)),
    "msk": timezone(timedelta(hours=3)),
    "est": timezone(timedelta(hours=-5)),
    "edt": timezone(timedelta(hours=-4)),
    "pst": timezone(timedelta(hours=-8)),
    "pdt": timezone(timedelta(hours=-7)),
}
_DATE_FORMS = (
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})(?!\d)(?:\s*г\b\.?)?"),
    re.compile(
        r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<name>[^\W\d_]+)[.,]?[\s-]+(?P<year>\d{4}|\d{2})(?![\d:])"
        r"(?:\s*г\b\.?)?"
    ),
    re.compile(r"\b(?P<name>[a-z]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?!\d)"),
)
# A full stop between hours and minutes only where „ч.“ follows: „09.15 ч.“.
_TIME = re.compile(
    r"(?<![\d:+-])(?P<hour>\d{1,2})(?::|\.(?=\d\d\s*ч))(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*ч\b\.?)?(?:\s*(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = re.compile(r"^\s*(?P<name>[a-z]{1,4})?\s*(?:(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?)?")


def parse_published(raw: str) -> datetime | None:
    """The instant that the words mean, in UTC; None when they name no day.

    Without an offset it is the time of Sofia, without a time it is noon there.
    """
    text = re.sub(r"(?<=\d)t(?=\d)", " ", fold_word(raw))
    for form in _DATE_FORMS:
        found = form.search(text)
        if found:
            month = _month(found)
            rest = f"{text[: found.start()]} \n {text[found.end() :]}"
            return _instant(_year(found["year"]), month, int(found["day"]), rest) if month else None
    return _asctime(text)


def _instant(year: int, month: int, day: int, rest: str) -> datetime | None:
    time = _TIME.search(rest)
    try:
        if time is None:
            local = datetime(year, month, day, _NOON, tzinfo=SOFIA)
        else:
            hour, second = int(time["hour"]), min(int(time["second"] or 0), 59)
            if time["half"]:
                hour = hour % 12 + (12 if time["half"] == "p" else 0)
            zone = _zone(rest[time.end() :])
            local = datetime(year, month, day, hour, int(time["minute"]), second, tzinfo=zone)
    except ValueError:
        return None
    # Outside of these years it is a placeholder: the Unix epoch, year one.
    return local.astimezone(UTC) if year in _YEARS else None


def _month(found: re.Match[str]) -> int | None:
    groups = found.groupdict()
    if groups.get("month"):
        return int(groups["month"])
    name = groups["name"]
    if name == "ян":
        return 1
    if len(name) < _SHORTEST_MONTH:
        return None
    return next(
        (number for number, names in enumerate(_MONTHS, 1) if any(full.startswith(name) for full in names)), None
    )


def _year(digits: str) -> int:
    year = int(digits)
    # RFC 5322 §4.3
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)  # noqa: PLR2004 - the rule's own numbers


def _zone(rest: str) -> tzinfo:
    found = _ZONE.match(rest)
    if found is None:
        return SOFIA
    if found["sign"]:
        offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        return timezone(-offset if found["sign"] == "-" else offset)
    return _ZONES.get(found["name"] or "", SOFIA)


def _asctime(text: str) -> datetime | None:
    """The form of C's `asctime`, where the year comes last: „tue nov 24 09:15:00 2026“."""
    found = re.search(
        r"\b(?P<name>[a-z]{3})\s+(?P<day>\d{1,2})\s+(?P<rest>\d{2}:\d{2}(?::\d{2})?.*)\s(?P<year>\d{4})$", text.strip()
    )
    month = _month(found) if found else None
    return _instant(int(found["year"]), month, int(found["day"]), found["rest"]) if found and month else None
