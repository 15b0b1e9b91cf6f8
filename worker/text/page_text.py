"""Is what was found on a page the text of its article? Pure.

Publishers put other things at an article's address: a question about cookies, an offer to subscribe, a teaser, the
home page. What is taken for a text without being one would make watches fire on it, so doubt refuses.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from worker.models.page import PageFault, WantedPage
from worker.text.fold import fold_word
from worker.text.sites import site_of
from worker.text.words import words_of

_STEM = 6
_LEAST_LETTERS = 4
#: of the feed's words, so many must stand on the page
_LEAST_SHARED = 0.3
#: fewer words tell nothing
_LEAST_WORDS = 4
#: a text of this length is more than a teaser, whatever stands below it
_TEASER_SIGNS = 1500
_CONSENT = re.compile(
    r"бисквитк|cookie|съгласие(?:то)?\s+(?:ви|за|си)|приемам\s+(?:всички)?|личните?\s+(?:ви\s+)?данни|нашите\s+партньори|consent",
    re.IGNORECASE,
)
_LEAST_CONSENTS = 2
_PAYWALL = re.compile(
    r"само\s+за\s+абонати|достъпн[аои]?\s+(?:само\s+)?(?:за|с)\s+абон|абонирайте\s+се,?\s+за\s+да|за\s+да\s+(?:прочетете|продължите)[^.\n]{0,60}"
    r"(?:абон|влезте|регистр)|продължете\s+(?:да\s+четете|четенето)[^.\n]{0,40}абон|станете\s+абонат|вече\s+сте\s+абонат|"
    r"остават?\s+ви\s+\d+[^.\n]{0,30}статии|subscribers?\s+only|subscribe\s+to\s+(?:continue|read)",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[ \t\u00a0]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a page gave."""

    #: the article's paragraphs, as far as something looked like an article
    text: str
    #: all that a reader sees, in any order
    visible: str
    #: the page says itself that it is not free (schema.org `isAccessibleForFree`)
    is_closed: bool


def tidy_paragraphs(text: str) -> str:
    """One paragraph on each line, single spaces, a paragraph that stands twice once."""
    lines = (_PUNCTUATION.sub(" ", line).strip() for line in text.splitlines())
    return "\n".join(dict.fromkeys(line for line in lines if line))


def leads_to_another(asked: str, final: str) -> bool:
    """Whether an article's address ends at another publisher's site."""
    return urlsplit(asked).hostname != urlsplit(final).hostname and site_of(asked) != site_of(final)


def leads_elsewhere(asked: str, final: str) -> bool:
    """Whether an article's address ends at a home page."""
    asked_parts, final_parts = urlsplit(asked), urlsplit(final)
    is_home = not final_parts.path.strip("/") and not final_parts.query
    return is_home and bool(asked_parts.path.strip("/") or asked_parts.query)


def fault_of(  # noqa: PLR0911 - a row of rules, the first that applies
    wanted: WantedPage, found: Found
) -> tuple[PageFault, str] | None:
    """Why it is not the article's text, with what says so; None where it is. The first rule that applies."""
    known = max((wanted.body, wanted.summary), key=len)
    shared = shared_words(f"{wanted.title}\n{known}", found.text)
    is_related = shared is None or shared >= _LEAST_SHARED
    if found.is_closed:
        return PageFault.PAYWALL, "isAccessibleForFree: false"
    if (paywall := _PAYWALL.search(found.visible)) and len(found.text) < _TEASER_SIGNS:
        return PageFault.PAYWALL, _shown(paywall)
    consents = {fold_word(one.group()) for one in _CONSENT.finditer(found.text or found.visible)}
    if not (is_related and found.text) and len(consents) >= _LEAST_CONSENTS:
        return PageFault.COOKIE_WALL, ", ".join(sorted(consents)[:3])
    if not found.text:
        return PageFault.NO_TEXT, f"{len(found.visible)} signs visible"
    if not is_related:
        return PageFault.UNRELATED, f"{shared:.0%} of the feed's words stand on the page"
    if len(found.text) <= len(known):
        return PageFault.SHORTER, f"{len(found.text)} signs, the feed gave {len(known)}"
    return None


def shared_words(known: str, text: str) -> float | None:
    """The share of the known text's longer words that the other holds too, by stems; None where they are too few."""
    wanted = _stems(known)
    return len(wanted & _stems(text)) / len(wanted) if len(wanted) >= _LEAST_WORDS else None


def _stems(text: str) -> set[str]:
    return {word.key[:_STEM] for word in words_of(text) if len(word.key) >= _LEAST_LETTERS}


def _shown(found: re.Match[str]) -> str:
    return " ".join(found.group().split())[:80]
