"""The recorded morning: invented outlets, their items with release times, and the alerts that they must cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from worker.errors import ConfigError
from worker.models.watch import WatchId


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOutlet:
    """An invented outlet and how its feed is made and broken (the quirks of real feeds)."""

    id: str
    name: str
    #: `rss2`, `atom` or `rdf`
    format: str
    charset: str
    quirks: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What an item says, before or after its edit, and the watches that it must fire."""

    title: str
    summary: str
    body: str
    watches: tuple[WatchId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoItem:
    """One news item; seconds count from the start of the morning."""

    id: str
    outlet: str
    at_s: float
    event: str
    first: Text
    #: published before the service began to watch: never alerts
    old: bool
    edit_at_s: float | None = None
    edited: Text | None = None

    def text_at(self, elapsed_s: float) -> Text:
        """What the outlet shows at that second."""
        if self.edited is not None and self.edit_at_s is not None and elapsed_s >= self.edit_at_s:
            return self.edited
        return self.first

    def late_s(self, watch: WatchId) -> float:
        """How long after the item itself the text was published that fires a watch; 0 unless an edit brought it."""
        if self.edit_at_s is None or self.edited is None or watch in self.first.watches:
            return 0.0
        return self.edit_at_s - self.at_s if watch in self.edited.watches else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """Everything that happens."""

    outlets: tuple[DemoOutlet, ...]
    items: tuple[DemoItem, ...]

    @property
    def length_s(self) -> float:
        """When the last thing happens."""
        return max(max(item.at_s, item.edit_at_s or 0.0) for item in self.items)

    def expected(self) -> frozenset[tuple[WatchId, str]]:
        """Each (watch, event) that must be alerted, exactly once for each channel."""
        return frozenset(
            (watch, item.event)
            for item in self.items
            if not item.old
            for watch in item.first.watches + (item.edited.watches if item.edited else ())
        )


def load_morning() -> Morning:
    """The morning that is shipped with the package; raises ConfigError when a file of it is damaged."""
    directory = resources.files("worker.demo") / "morning"
    outlets: list[DemoOutlet] = []
    items: list[DemoItem] = []
    for file in sorted(directory.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".yaml"):
            continue
        document = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
        try:
            outlets.extend(_outlet(part) for part in document.get("outlets", ()))
            items.extend(_item(part) for part in document.get("items", ()))
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError((f"{file.name}: the recorded morning is damaged ({error!r})",)) from error
    return Morning(outlets=tuple(outlets), items=tuple(items))


def _outlet(part: Mapping[str, Any]) -> DemoOutlet:
    return DemoOutlet(
        id=part["id"],
        name=part["name"],
        format=part["format"],
        charset=part["charset"],
        quirks=frozenset(part.get("quirks") or ()),
    )


def _item(part: Mapping[str, Any]) -> DemoItem:
    first = Text(
        title=part["title"].strip(),
        summary=(part.get("summary") or "").strip(),
        body=(part.get("body") or "").strip(),
        watches=tuple(WatchId(watch) for watch in part.get("watches") or ()),
    )
    edit: Mapping[str, Any] | None = part.get("edit")
    return DemoItem(
        id=part["id"],
        outlet=part["outlet"],
        at_s=float(part["at_s"]),
        event=part["event"],
        first=first,
        old=bool(part.get("old")),
        edit_at_s=float(edit["at_s"]) if edit else None,
        edited=_edited(first, edit) if edit else None,
    )


def _edited(first: Text, edit: Mapping[str, Any]) -> Text:
    return Text(
        title=(edit.get("title") or first.title).strip(),
        summary=(edit.get("summary") or first.summary).strip(),
        body=(edit.get("body") or first.body).strip(),
        watches=tuple(WatchId(watch) for watch in edit["watches"]) if "watches" in edit else first.watches,
    )
