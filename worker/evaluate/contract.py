"""The evaluation contract: news items as JSON lines in, what the service makes of them as JSON lines out.

Input: `{"id", "title", "summary", "body", "outlet", "published"}`; only `id` and some text are needed, other keys
are ignored. Output: see `results`. Both are fixed, so that versions of the service can be compared.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from worker.examining import Examined, examine_each
from worker.grouping.stories import StoryWindow, assign_story
from worker.models.alert import Grouped
from worker.models.news import Article, ArticleId, FeedId, Topic
from worker.ports import Language
from worker.text.times import SOFIA

#: Articles analysed at once; the same as the service's default.
BATCH = 32
_TEXT_KEYS = ("title", "summary", "body", "outlet", "published")
_YEARS = range(1900, 2201)


class BadLineError(ValueError):
    """A line that is not an item; the message says why."""


def item_of(line: str, now: datetime) -> tuple[str | int, Article]:
    """The identifier as given and the item; `now` stands in for a missing publication time; raises BadLineError."""
    identifier, item = _identified(line)
    texts: dict[str, str] = {}
    for key in _TEXT_KEYS:
        value = item.get(key)
        if value is not None and not isinstance(value, str):
            raise BadLineError(f"«{key}» must be a string, found {type(value).__name__}")
        texts[key] = _without_surrogates(value or "", key)
    if not any(texts[key].strip() for key in ("title", "summary", "body")):
        raise BadLineError("has no text in «title», «summary» or «body»")
    published = _instant(texts["published"])
    return identifier, Article(
        id=ArticleId(str(identifier)),
        feed_id=FeedId("input"),
        outlet=texts["outlet"],
        url="",
        title=texts["title"],
        summary=texts["summary"],
        body=texts["body"],
        published_at=published,
        seen_at=published or now,
    )


def results(
    lines: Iterable[tuple[int, str]], language: Language, now: datetime, complain: Callable[[int, str], None]
) -> Iterator[dict[str, Any]]:
    """`{"id", "watches", "entities", "topics", "story", "copy_of"}` for each good line, in order.

    Lines come with their numbers; `complain` is told the number and the fault of each bad one. Stories group the
    items of this input in its order, as the service does in the order in which it sees them; a line that is out
    already keeps its story also where a later item shows that two stories are one.
    """
    run = _Run(language, complain)
    batch: list[tuple[int, Article]] = []
    for number, line in lines:
        if not line.strip():
            continue
        try:
            identifier, article = item_of(line, now)
        except BadLineError as error:
            complain(number, str(error))
            continue
        if article.id in run.identifiers:
            complain(number, f"repeats the id {article.id}")
            continue
        run.identifiers[article.id] = identifier
        batch.append((number, article))
        if len(batch) == BATCH:
            yield from run.conclude(batch)
            batch = []
    yield from run.conclude(batch)


class _Run:
    """What lasts from the first line to the last: the identifiers as given, and the stories so far."""

    def __init__(self, language: Language, complain: Callable[[int, str], None]) -> None:
        self.identifiers: dict[str, str | int] = {}
        self._language = language
        self._complain = complain
        self._window = StoryWindow(())

    def conclude(self, batch: Sequence[tuple[int, Article]]) -> Iterator[dict[str, Any]]:
        """The results of one batch, in order."""
        if not batch:
            return
        numbers = {article.id: number for number, article in batch}
        articles = [article for _, article in batch]
        examined, failed = examine_each(articles, self._language)
        for article_id, cause in failed:
            self._complain(numbers[article_id], cause)
        for one in examined:
            story = assign_story(one.fingerprint, self._window, None)
            for part in story.merges:
                self._window.merge(part, story.id)
            self._window.add(Grouped(fingerprint=one.fingerprint, story_id=story.id))
            copied = story.copy_of
            yield {
                **result_of(one),
                "id": self.identifiers[one.article.id],
                "story": story.id,
                "copy_of": None if copied is None else self.identifiers[copied],
            }


def result_of(examined: Examined) -> dict[str, Any]:
    """The output form but for its story; `start` and `end` are code points into the field as given."""
    return {
        "id": examined.article.id,
        "watches": [
            {
                "watch": match.watch_id,
                "score": round(match.score, 4),
                "weight": match.weight,
                "threshold": match.threshold,
                "layer": match.layer.value,
                "reason": match.reason,
                "evidence": [
                    {
                        "field": e.field.value,
                        "start": e.start,
                        "end": e.end,
                        "text": e.text,
                        "term": e.term,
                        "sentence": [e.sentence_start, e.sentence_end],
                        "layer": e.layer.value,
                    }
                    for e in match.evidence
                ],
            }
            for match in examined.matches
        ],
        "entities": [
            {
                "field": mention.field.value,
                "start": mention.start,
                "end": mention.end,
                "text": mention.text,
                "type": mention.kind.value,
                "name": mention.name,
            }
            for mention in examined.analysis.mentions
        ],
        "topics": [_topic(topic) for topic in examined.topics],
    }


def _topic(topic: Topic) -> dict[str, Any]:
    form = {"topic": topic.name, "score": round(topic.score, 4), "kind": topic.kind.value}
    return {**form, "code": topic.code} if topic.code else form


def gold_of(line: str) -> Mapping[str, Any]:
    """The labels of one line of a gold file; raises BadLineError when it has none."""
    identifier, item = _identified(line)
    for key, is_good in _LABELS.items():
        if not is_good(item.get(key)):
            raise BadLineError(f"has no «{key}», or not as it must be: score needs labelled items")
    return {"copy_of": None, **item, "id": identifier}


def _identified(line: str) -> tuple[str | int, dict[str, Any]]:
    try:
        item: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"is not JSON ({error})") from error
    if not isinstance(item, dict):
        raise BadLineError("is not a JSON object")
    identifier = item.get("id")
    if not isinstance(identifier, str | int) or isinstance(identifier, bool) or identifier == "":
        raise BadLineError("has no «id» (a string or a number)")
    return _without_surrogates(identifier, "id") if isinstance(identifier, str) else identifier, item


def _instant(published: str) -> datetime | None:
    if not published:
        return None
    try:
        instant = datetime.fromisoformat(published)
        instant = (instant if instant.tzinfo else instant.replace(tzinfo=SOFIA)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadLineError(f"«published» is not an ISO 8601 time: {published[:40]!r}") from error
    if instant.year not in _YEARS:
        raise BadLineError(f"«published» lies outside the years {_YEARS[0]} to {_YEARS[-1]}: {published[:40]!r}")
    return instant


def _without_surrogates(value: str, key: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadLineError(f"«{key}» holds half of a surrogate pair at {error.start}") from error
    return value


def _are_names(labels: object) -> bool:
    return isinstance(labels, list) and all(isinstance(label, str) for label in labels)


def _are_entities(labels: object) -> bool:
    return isinstance(labels, list) and all(
        isinstance(label, dict)
        and all(isinstance(label.get(key), str) for key in ("field", "type"))
        and all(isinstance(label.get(key), int) for key in ("start", "end"))
        for label in labels
    )


def _is_name(label: object) -> bool:
    return isinstance(label, str)


_LABELS: Mapping[str, Callable[[object], bool]] = {"fires": _are_names, "story": _is_name, "entities": _are_entities}
