"""Who answers for this service to the publishers whose servers it asks."""

import re
from collections.abc import Iterable
from importlib import metadata
from urllib.parse import urlsplit

from worker.models.feed import Feed
from worker.text.sites import is_own_machine

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
#: would end the comment of a User-Agent (RFC 9110 §5.6.5), or the header itself
_UNWRITABLE = re.compile(r"[^\x21-\x27\x2a-\x5b\x5d-\x7e]")


def known_contact(contact: str) -> str:
    """The contact itself; raises ValueError unless it is empty or made of pages and e-mail addresses."""
    for part in _parts(contact):
        is_page = urlsplit(part).scheme in {"http", "https"} and bool(urlsplit(part).hostname)
        if _UNWRITABLE.search(part) or not (is_page or _MAIL.fullmatch(part)):
            raise ValueError(
                "must be the address of a page (https://…), an e-mail address, or both with a space between"
            )
    return contact


def user_agent(contact: str) -> str:
    """Our name, our version, and whom to ask: `Vestitel/0.1.0 (+https://desk.example/bot; mailto:a@desk.example)`."""
    named = "; ".join(f"mailto:{part}" if _MAIL.fullmatch(part) else f"+{part}" for part in _parts(contact))
    return f"Vestitel/{metadata.version('vestitel')}" + (f" ({named})" if named else "")


def missing_contact(contact: str, feeds: Iterable[Feed]) -> str:
    """Why these feeds may not be polled, for people; empty where they may: feeds of this machine need no contact."""
    others = sum(not is_own_machine(feed.url) for feed in feeds)
    if _parts(contact) or not others:
        return ""
    return (
        f"is empty, and {others} feeds are of other people: write there (or into VESTITEL_CONTACT) a page or an e-mail "
        "address of yours, so that publishers know whom to ask; until then nothing of theirs is polled"
    )


def _parts(contact: str) -> list[str]:
    return contact.replace(",", " ").replace(";", " ").split()
