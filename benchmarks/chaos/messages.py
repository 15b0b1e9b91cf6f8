"""What a message says, read from the words that a person sees; pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

REPEATED = "възможно повторение"
DIGEST = "Обобщение: "
_CODE = r"преписка\W{1,3}(?P<code>\d{5})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The pairs of watch and event that a message tells of, in order."""

    pairs: tuple[tuple[str, str], ...]
    is_marked: bool
    is_digest: bool


class Reader:
    """Reads messages about some watches."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """`names`: watch ids by the names that are shown."""
        self._names = names
        alternatives = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        # „Защо: NAME – …“ in a message, „NAME (3)“ above the stories of a digest; signs of markup may stand between.
        self._single = re.compile(rf"Защо:\W{{1,6}}(?P<name>{alternatives})\b")
        self._grouped = re.compile(rf"(?P<name>{alternatives}) \\?\(\d+\\?\)|{_CODE}")
        self._code = re.compile(_CODE)

    def read(self, text: str) -> Told:
        """The whole text of one message, its title included."""
        is_digest = DIGEST in text
        return Told(
            pairs=tuple(dict.fromkeys(self._in_digest(text) if is_digest else self._in_single(text))),
            is_marked=REPEATED in text,
            is_digest=is_digest,
        )

    def read_event(self, event: Mapping[str, object]) -> Told:
        """The JSON of a webhook."""
        notices = event.get("alerts")
        is_digest = isinstance(notices, list)
        pairs = [self._pair(one) for one in (notices if isinstance(notices, list) else [event])]
        return Told(
            pairs=tuple(pair for pair in pairs if pair),
            is_marked=event.get("maybe_repeated") is True,
            is_digest=is_digest,
        )

    def _in_single(self, text: str) -> Iterable[tuple[str, str]]:
        code, name = self._code.search(text), self._single.search(text)
        return [(self._names[name["name"]], code["code"])] if code and name else []

    def _in_digest(self, text: str) -> Iterable[tuple[str, str]]:
        watch = ""
        for found in self._grouped.finditer(text):
            if found["name"]:
                watch = self._names[found["name"]]
            elif watch:
                yield watch, found["code"]

    def _pair(self, notice: object) -> tuple[str, str] | None:
        if not isinstance(notice, dict) or not isinstance(notice.get("watch"), dict):
            return None
        code = self._code.search(str(notice.get("title")))
        return (str(notice["watch"].get("id")), code["code"]) if code else None
