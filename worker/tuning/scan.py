"""What watches find in an archive, and whom they would have told; pure.

Word forms over everything first; the models, which take a hundred times longer, read only what a watch found
something in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from worker.grouping.decide import plan_alerts
from worker.grouping.fingerprint import fingerprint
from worker.grouping.stories import StoryWindow, assign_story
from worker.matching.terms import WatchIndex
from worker.models.alert import Grouped, Grouping, History, Story
from worker.models.news import Article, StoryId
from worker.models.rules import AlertRules
from worker.models.watch import Match, WatchId, Watchlist
from worker.ports import Language
from worker.text.times import SOFIA
from worker.tuning.trying import Archived, Prepared, by_forms, by_models, judge

_BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article in which a watch fired."""

    article: Article
    match: Match
    story: StoryId


@dataclass(slots=True)
class Scan:
    """What was found; `hits` by number of the index, in the order of the archive."""

    hits: list[list[Hit]]
    #: articles read, by day in Bulgaria
    days: dict[str, int] = field(default_factory=dict)
    #: articles in which any watch found something
    candidates: int = 0
    #: read by the models
    confirmed: int = 0
    #: articles whose story was known; the others were grouped among the hits alone
    grouped: int = 0

    @property
    def read(self) -> int:
        """Articles read."""
        return sum(self.days.values())


def scan(archive: Iterable[Archived], indexes: Sequence[WatchIndex], language: Language | None) -> Scan:
    """The hits of each index in the archive, oldest article first; without a language by word forms alone."""
    done = Scan(hits=[[] for _ in indexes])
    window = StoryWindow(())
    for one, prepared in _read(archive, indexes, language, done):
        judged = [judge(prepared, index) for index in indexes]
        if not any(verdict.match for found in judged for verdict in found):
            continue
        story = one.story or _story_of(prepared, window)
        done.grouped += one.story is not None
        for hits, found in zip(done.hits, judged, strict=True):
            hits.extend(Hit(article=one.article, match=each.match, story=story) for each in found if each.match)
    return done


def _read(
    archive: Iterable[Archived], indexes: Sequence[WatchIndex], language: Language | None, done: Scan
) -> Iterator[tuple[Archived, Prepared]]:
    """The candidates in order, as well read as can be."""
    waiting: list[Archived] = []
    for one in archive:
        day = f"{one.article.seen_at.astimezone(SOFIA):%Y-%m-%d}"
        done.days[day] = done.days.get(day, 0) + 1
        prepared = by_forms(one.article, one.language)
        if not any(index.find(prepared.words.words).of_watches for index in indexes):
            continue
        done.candidates += 1
        if language is None:
            yield one, prepared
            continue
        waiting.append(one)
        if len(waiting) == _BATCH:
            yield from _confirmed(waiting, language, done)
            waiting = []
    if language is not None:
        yield from _confirmed(waiting, language, done)


def _confirmed(waiting: Sequence[Archived], language: Language, done: Scan) -> Iterator[tuple[Archived, Prepared]]:
    found = by_models([one.article for one in waiting], language) if waiting else ()
    done.confirmed += sum(prepared.analysis.is_confirmed for prepared in found)
    return zip(waiting, found, strict=True)


def _story_of(prepared: Prepared, window: StoryWindow) -> StoryId:
    """A story among the hits so far: all that is known of an article that the service did not group."""
    mark = fingerprint(prepared.article, prepared.analysis)
    story = assign_story(mark, window, None)
    for part in story.merges:
        window.merge(part, story.id)
    window.add(Grouped(fingerprint=mark, story_id=story.id))
    return story.id


def alerts_of(hits: Iterable[Hit], watchlist: Watchlist, max_age: timedelta) -> Mapping[tuple[WatchId, StoryId], Hit]:
    """The first alerts that the hits would have caused when their articles were seen; by watch and story, in order."""
    alerted: dict[tuple[WatchId, StoryId], Hit] = {}
    for hit in hits:
        key = (hit.match.watch_id, hit.story)
        if key in alerted:
            continue
        story = Story(id=hit.story, grouping=Grouping.SAME_EVENT)
        rules = AlertRules(max_age=max_age)
        plan = plan_alerts(hit.article, (hit.match,), story, History(version=0), watchlist, hit.article.seen_at, rules)
        if plan.alerts:
            alerted[key] = hit
    return alerted
