"""Feeds as lines and tables for a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worker.probing import Probe, sentence_of, span
from worker.text.times import SOFIA

if TYPE_CHECKING:
    from worker.models.feed import FeedState
    from worker.models.news import Article, FeedId
    from worker.settings.feeds import ListedFeed
    from worker.store.views import FeedRow

_LONGEST_CELL = 60
#: told in a line with what belongs to it
_TOLD_APART = frozenset({"charset", "charset_was", "charset_at", "repairs"})
_HEAD = ("feed", "status", "entries", "newest", "charset", "validators", "max-age", "ttl", "text", "hub")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as what stands in them."""
    lines = [tuple(head), *(tuple(cell[:_LONGEST_CELL] for cell in row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def probe_table(probes: Sequence[Probe], now: datetime) -> str:
    """One line for each probe, and below it one sentence for each that failed."""
    lines = [table(_HEAD, (_cells(probe, now) for probe in probes))]
    lines += [sentence_of(probe) for probe in probes if not probe.is_good]
    lines += [f"{probe.feed_id}: leads to {probe.led_to}" for probe in probes if probe.led_to]
    lines += [f"{probe.feed_id}: {repair}" for probe in probes for repair in probe.repairs]
    return "\n".join(lines)


def listing(feeds: Sequence["ListedFeed"], rows: "Mapping[FeedId, FeedRow]", now: datetime) -> str:
    """One line for each feed of the configuration."""
    head = ("feed", "state", "last poll", "next poll", "newest entry", "wait", "outlet")
    return table(head, (_row(one, rows.get(one.feed.id), now) for one in feeds))


def details(one: "ListedFeed", state: "FeedState | None") -> str:
    """Everything that is known of a feed, one fact a line."""
    facts = {name: value for name, value in one.part.model_dump(by_alias=True).items() if value not in (None, "", [])}
    facts["polled"] = f"every {span(one.feed.every_s)} at most"
    if state is not None:
        facts |= {"": "", **_facts(state), **_reading_of(state)}
    return "\n".join(f"{name:<16}{_shown(value)}".rstrip() for name, value in facts.items())


def entry_lines(articles: Iterable["Article"]) -> str:
    """The last entries of a feed, newest first."""
    lines = []
    for one in articles:
        claimed = "no date" if one.published_at is None else f"published {local(one.published_at)}"
        revision = f", revision {one.revision}" if one.revision > 1 else ""
        lines.append(f"  {local(one.seen_at)}  ({claimed}{revision})  {one.title or one.summary[:80]}\n    {one.url}")
    return "\n".join(lines)


def local(instant: datetime | None) -> str:
    """`24.11 09:15`, in Sofia."""
    return "–" if instant is None else f"{instant.astimezone(SOFIA):%d.%m %H:%M}"


def _cells(probe: Probe, now: datetime) -> tuple[str, ...]:
    validators = [name for name, has in (("ETag", probe.etag), ("Last-Modified", probe.last_modified)) if has]
    status = f"{probe.outcome}" + (f" {probe.status}" if probe.status is not None else "")
    return (
        probe.feed_id,
        status,
        str(probe.entries) if probe.is_good else "–",
        span((now - probe.newest_at).total_seconds()) if probe.newest_at else "–",
        probe.charset or "–",
        ", ".join(validators) or "–",
        span(probe.fresh_for_s) if probe.fresh_for_s else "–",
        span(probe.ttl_s) if probe.ttl_s else "–",
        probe.text.value if probe.text else "–",
        probe.hub or "–",
    )


def _row(one: "ListedFeed", row: "FeedRow | None", now: datetime) -> tuple[str, ...]:
    feed = one.feed
    if not one.part.enabled:
        return (feed.id, "off", "–", "–", "–", "–", feed.outlet)
    if row is None:
        return (feed.id, "unknown", "–", "–", "–", "–", feed.outlet)
    state = row.state
    due = (state.due_at - now).total_seconds()
    return (
        feed.id,
        row.health.condition.value,
        local(state.polled_at),
        "now" if due <= 0 else f"in {span(due)}",
        local(state.new_entry_at),
        span(state.memory.wait_s or feed.every_s),
        feed.outlet,
    )


def _facts(value: Any, prefix: str = "") -> dict[str, Any]:
    """The fields of a record that say something, those of records within it too."""
    found: dict[str, Any] = {}
    for field in fields(value):
        inner = getattr(value, field.name)
        name = f"{prefix}{field.name}"
        if hasattr(inner, "__dataclass_fields__"):
            found |= _facts(inner, f"{field.name}.")
        elif isinstance(inner, tuple) and len(inner) > 10:  # noqa: PLR2004 - more cannot be read at a glance
            found[name] = f"{len(inner)} values"
        elif inner not in (None, "", ()) and field.name not in _TOLD_APART:
            found[name] = inner
    return found


def _reading_of(state: "FeedState") -> dict[str, str]:
    """How the last document was read: in which encoding, why and since when, and what had to be mended."""
    memory = state.memory
    if memory.charset is None:
        return {}
    charset = memory.charset
    if memory.charset_at is not None:
        charset += f", since {local(memory.charset_at)}; before that {memory.charset_was}"
    return {"charset": charset, "repairs": "; ".join(memory.repairs) or "none were needed"}


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(SOFIA):%Y-%m-%d %H:%M:%S} ({span((datetime.now(UTC) - value).total_seconds())} ago)"
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
