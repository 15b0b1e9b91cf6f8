"""`feeds.yaml` with feeds added, and otherwise byte for byte as it was.

The new text is read as the service would read it before it replaces the old one, so that no addition can break the
configuration, and it replaces it in one step.
"""

import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, SequenceNode

from worker.errors import ConfigError
from worker.settings.feeds import read_listed_feeds
from worker.settings.yaml import Problems
from worker.text.fold import fold_word
from worker.text.sites import is_own_machine, site_of
from worker.tuning.edits import scalar

_LONGEST_ID = 40
#: say nothing of whose the feed is
_COMMON = frozenset({"rss", "feed", "feeds", "news"})
_LATIN = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъьюя",
        "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y yu ya".split(),  # noqa: SIM905 - aligned
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFeed:
    """A feed to be added."""

    id: str
    outlet: str
    url: str
    kind: str = "feed"
    section: str = ""
    note: str = ""
    enabled: bool = True


def id_for(outlet: str, url: str, taken: Sequence[str]) -> str:
    """An id that nobody has, from the name of the site, or of the outlet where the address has no name."""
    name = "" if is_own_machine(url) else site_of(url).partition(".")[0]
    latin = "".join(_LATIN.get(sign, sign) for sign in fold_word(outlet).lower())
    is_telling = name and name not in _COMMON and not name.isdigit()
    stem = re.sub(r"[^a-z0-9]+", "-", name if is_telling else latin).strip("-")[:_LONGEST_ID] or "feed"
    used = frozenset(taken)
    number, found = 1, stem
    while found in used:
        number += 1
        found = f"{stem}-{number}"
    return found


def piece_of(feed: NewFeed, indent: str = "  ") -> str:
    """The feed as it stands in `feeds.yaml`."""
    rows = [("id", feed.id if not feed.id.isdigit() else f'"{feed.id}"'), ("outlet", scalar(feed.outlet))]
    rows += [("section", scalar(feed.section))] if feed.section else []
    rows += [("url", _address(feed.url))]
    rows += [("kind", feed.kind)] if feed.kind != "feed" else []
    rows += [("enabled", "false")] if not feed.enabled else []
    rows += [("note", scalar(feed.note))] if feed.note else []
    first, *others = (f"{key}: {value}" for key, value in rows)
    return "".join([f"{indent}- {first}\n", *(f"{indent}  {row}\n" for row in others)])


def with_feeds(text: str, feeds: Sequence[NewFeed]) -> str:
    """The text of `feeds.yaml` with these behind its last feed; raises ConfigError where it has no list of feeds."""
    node = YAML(typ="rt", pure=True).compose(text)
    listed = next((value for key, value in node.value if key.value == "feeds"), None) if _is_map(node) else None
    if not isinstance(listed, SequenceNode) or listed.flow_style or not listed.value:
        raise ConfigError(("feeds.yaml: has no list of feeds, each on lines of its own, to add to",))
    indent = " " * listed.start_mark.column
    lines = text.splitlines(keepends=True)
    at = _last_line(listed.value[-1]) + 1
    if lines and not lines[min(at, len(lines)) - 1].endswith("\n"):
        lines[min(at, len(lines)) - 1] += "\n"
    return "".join([*lines[:at], *(piece_of(feed, indent) for feed in feeds), *lines[at:]])


def add_feeds(path: Path, feeds: Sequence[NewFeed]) -> None:
    """Writes these into the file; raises ConfigError, and changes nothing, where the result would have faults."""
    before = path.read_bytes()
    is_marked = before.startswith(b"\xef\xbb\xbf")
    after = with_feeds(before.decode("utf-8-sig"), feeds)
    written = after.encode("utf-8-sig" if is_marked else "utf-8")
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".yaml")
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        problems = Problems()
        read_listed_feeds(draft, problems)
        if problems.lines:
            raise ConfigError(tuple(line.replace(str(draft), str(path)) for line in problems.lines))
        draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _is_map(node: object) -> bool:
    return isinstance(node, MappingNode)


def _last_line(node: object) -> int:
    """The line, from 0, on which the last scalar of a node ends; a collection's own end is where the next begins."""
    while isinstance(node, MappingNode | SequenceNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark = node.end_mark  # type: ignore[attr-defined]  # what is left is a node
    ends_before = mark.column == 0 and mark.line > node.start_mark.line  # type: ignore[attr-defined]  # as above
    return int(mark.line - 1 if ends_before else mark.line)


def _address(url: str) -> str:
    """The address in YAML, plain unless a sign in it would be read as something else."""
    is_plain = re.fullmatch(r"https?://[\w./~%=&;+@$*()!'-]+(?:\?[\w./~%=&;+@$*()!'-]*)?", url)
    return url if is_plain else '"' + url.replace("\\", "\\\\").replace('"', '\\"') + '"'
