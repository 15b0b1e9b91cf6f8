"""What identifies an article across polls, feeds of one outlet and edits; pure.

Keys are compared as a whole: any known key names the article. From the strongest on: the feed's identifier, the
address, the text of an entry that has neither; the path alone, without scheme and host, where it says enough to
name one article of its feed (sites move to https, to another host, and their identifiers with them).
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from worker.models.news import Entry
from worker.text.fold import fold_word
from worker.text.urls import is_web_url, url_key

_GUID, _URL, _TEXT, _PATH = "guid:", "url:", "text:", "path:"
_STRENGTH = (_GUID, _URL, _TEXT, _PATH)
#: a path names an article by a number of so many digits, or by so many words
_NUMBER_DIGITS = 5
_SLUG = re.compile(r"(?:[^\W_]|%[0-9A-F]{2})+(?:[-_](?:[^\W_]|%[0-9A-F]{2})+){3}")
_NUMBER = re.compile(r"(?<![0-9A-F%])\d{4,18}(?!\d)")
_DATE_DIGITS = 8
_YEAR_DIGITS = 4
#: a headline that was edited resembles the old one at least so much
ALIKE = 0.75
#: and its article was first seen so long ago at most
EDIT_REACH = timedelta(hours=48)
_LONGEST_TITLE = 300
#: a longer path is nobody's slug, and would take long to look through
_LONGEST_PATH = 500


def keys_of(entry: Entry, feed_id: str, text: str) -> tuple[str, ...]:
    """The keys of an entry; its address first, so that two feeds of one outlet agree on the article's id.

    An identifier that is an address joins the address's key space. What names no article is no key: a home page,
    the live page of many entries, a part of a page.
    """
    address = url_key(entry.url) if entry.url else ""
    keys = [_URL + address] if entry.url_is_identity and _names_a_page(address) else []
    if entry.guid:
        key = url_key(entry.guid) if is_web_url(entry.guid) and "#" not in entry.guid else ""
        is_shared = key == address and not entry.url_is_identity
        keys.append(_URL + key if _names_a_page(key) and not is_shared else f"{_GUID}{feed_id}:{entry.guid}")
    keys += [f"{_PATH}{feed_id}:{path}" for key in keys if (path := _telling_path(key.removeprefix(_URL)))]
    if not keys:
        stated = f"{text}\n{entry.published_raw}"
        keys.append(f"{_TEXT}{feed_id}:{hashlib.sha256(stated.encode()).hexdigest()}")
    return tuple(dict.fromkeys(keys))


def strongest_first(keys: Iterable[str]) -> list[str]:
    """The keys in the order in which they are believed: an identifier that stays wins over a link that moves."""
    return sorted(keys, key=lambda key: (_rank(key), key))


def is_weak(key: str) -> bool:
    """Whether the key is one that two articles may share, on two hosts."""
    return key.startswith(_PATH)


def article_number(url: str) -> str:
    """The number by which an address asks for its article, empty where it has none: the longest, no date or year."""
    numbers = [found for found in _NUMBER.findall(_path_of(url_key(url))) if not _is_date(found)]
    return max(reversed(numbers), key=len, default="")


def is_retitled(old: str, new: str) -> bool:
    """Whether one headline is an edit of the other."""
    one, other = fold_word(old[:_LONGEST_TITLE]), fold_word(new[:_LONGEST_TITLE])
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _rank(key: str) -> int:
    return next((rank for rank, kind in enumerate(_STRENGTH) if key.startswith(kind)), len(_STRENGTH))


def _names_a_page(key: str) -> bool:
    """Whether an address's key says more than a host."""
    return "/" in key or "?" in key


def _telling_path(key: str) -> str:
    """The path and query of an address's key, empty where they are too common to name an article."""
    path = _path_of(key)
    if not path or len(path) > _LONGEST_PATH:
        return ""
    number = article_number(f"https://a{path}")
    return path if len(number) >= _NUMBER_DIGITS or _SLUG.search(path) else ""


def _path_of(key: str) -> str:
    """Path and query of an address's key."""
    return key[min((place for sign in "/?" if (place := key.find(sign)) >= 0), default=len(key)) :]


def _is_date(digits: str) -> bool:
    if len(digits) == _YEAR_DIGITS:
        return digits.startswith(("19", "20"))
    if len(digits) != _DATE_DIGITS:
        return False
    try:
        datetime.strptime(digits, "%Y%m%d")  # noqa: DTZ007 - asked only whether there is such a day
    except ValueError:
        return False
    return digits.startswith(("19", "20"))
