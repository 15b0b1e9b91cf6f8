"""The recent articles as story grouping knows them: by term, by name, by story, by time."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from worker.models.alert import Fingerprint, Grouped
from worker.models.news import ArticleId, StoryId

#: Reports further apart than this are of different events.
REACH = timedelta(hours=72)


class StoryWindow:
    """The recent articles by their terms; grows by `add`, for one thread.

    The order of adding changes nothing. An article added again replaces what was known of it.
    """

    def __init__(self, recent: Iterable[Grouped]) -> None:
        self._articles: dict[ArticleId, Grouped] = {}
        self._postings: defaultdict[str, dict[ArticleId, float]] = defaultdict(dict)
        self._names: Counter[str] = Counter()
        self._members: defaultdict[StoryId, dict[ArticleId, Fingerprint]] = defaultdict(dict)
        self._instants: list[datetime] = []
        for grouped in recent:
            self.add(grouped)

    def add(self, grouped: Grouped) -> None:
        """Makes one article known, or what changed in it."""
        fingerprint = grouped.fingerprint
        self._forget(fingerprint.article_id)
        self._articles[fingerprint.article_id] = grouped
        self._members[grouped.story_id][fingerprint.article_id] = fingerprint
        for term, weight in fingerprint.terms.items():
            self._postings[term][fingerprint.article_id] = weight
        self._names.update(fingerprint.names)
        insort(self._instants, fingerprint.at)

    def _forget(self, article_id: ArticleId) -> None:
        known = self._articles.pop(article_id, None)
        if known is None:
            return
        del self._members[known.story_id][article_id]
        for term in known.fingerprint.terms:
            del self._postings[term][article_id]
        self._names.subtract(known.fingerprint.names)
        del self._instants[bisect_left(self._instants, known.fingerprint.at)]

    def merge(self, from_: StoryId, into: StoryId) -> None:
        """Makes every known article of one story an article of another; of a story that nobody knows, nothing."""
        if from_ == into:
            return
        moved = self._members.pop(from_, {})
        for article_id in moved:
            self._articles[article_id] = replace(self._articles[article_id], story_id=into)
        self._members[into].update(moved)

    def get(self, article_id: ArticleId) -> Grouped | None:
        """What is known of one article."""
        return self._articles.get(article_id)

    def __len__(self) -> int:
        return len(self._articles)

    def holders(self, term: str) -> Mapping[ArticleId, float]:
        """The weight of a term in every article that has it."""
        return self._postings.get(term, {})

    def name_count(self, name: str) -> int:
        """The number of articles that name somebody or something."""
        return self._names[name]

    def members(self, story_id: StoryId) -> Iterable[Fingerprint]:
        """The known articles of a story."""
        return self._members.get(story_id, {}).values()

    def count_near(self, at: datetime) -> int:
        """The number of articles within reach of an instant."""
        return bisect_right(self._instants, at + REACH) - bisect_left(self._instants, at - REACH)
