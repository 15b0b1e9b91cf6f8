"""Hand-written stand-ins for the outside world, for tests of the use cases; they do what a test tells them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.fake_alerts import FakeAlertStore
from tests.fake_memory import Memory
from tests.fake_stores import FakeArticleStore, FakeFeedNoticeStore, FakeFeedStore
from worker.errors import AnalysisError, DeliveryError, FetchError, ParseError
from worker.models.alert import Notice
from worker.models.delivery import Delivery, Receipt
from worker.models.feed import Feed, FeedState, Reading, Unchanged
from worker.models.news import Analysis, Article, ArticleId, FeedId, Field, Mention, MentionKind, Sentence, Token
from worker.text.words import words_of

__all__ = [
    "FakeAlertStore",
    "FakeAmendingChannel",
    "FakeAnalyzer",
    "FakeArticleStore",
    "FakeChannel",
    "FakeFeedNoticeStore",
    "FakeFeedSource",
    "FakeFeedStore",
    "Memory",
]


class FakeFeedSource:
    """Gives the answers that a test queued for a feed, in order; afterwards nothing new."""

    def __init__(self, answers: Mapping[FeedId, Sequence[Reading | Unchanged | FetchError | ParseError]]) -> None:
        self.answers = {feed_id: list(queued) for feed_id, queued in answers.items()}
        self.asked: list[tuple[Feed, FeedState]] = []

    def read(self, feed: Feed, state: FeedState) -> Reading | Unchanged:
        self.asked.append((feed, state))
        queued = self.answers.get(feed.id)
        answer = queued.pop(0) if queued else Unchanged(validators=state.validators)
        if isinstance(answer, FetchError | ParseError):
            raise answer
        return answer


class FakeAnalyzer:
    """Splits at full stops; a word's lemma is its comparison form; mentions are the names that a test gives."""

    def __init__(self, names: Mapping[str, MentionKind] | None = None, fails_on: Iterable[str] = ()) -> None:
        self.names = names or {}
        self.fails_on = frozenset(fails_on)
        self.batches: list[tuple[ArticleId, ...]] = []

    def analyse(self, articles: Sequence[Article]) -> tuple[Analysis, ...]:
        self.batches.append(tuple(article.id for article in articles))
        for article in articles:
            if article.id in self.fails_on:
                raise AnalysisError("told to fail", article.id)
        return tuple(self._analysis(article) for article in articles)

    def _analysis(self, article: Article) -> Analysis:
        return Analysis(
            model="fake 1",
            sentences={name: tuple(_sentences(article.text_of(name))) for name in Field},
            mentions=tuple(self._mentions(article)),
        )

    def _mentions(self, article: Article) -> Iterator[Mention]:
        for part in Field:
            for name, kind in self.names.items():
                for found in re.finditer(re.escape(name), article.text_of(part)):
                    yield Mention(
                        field=part, start=found.start(), end=found.end(), text=found.group(), kind=kind, name=name
                    )


def _sentences(text: str) -> Iterator[Sentence]:
    for found in re.finditer(r"[^.!?\s][^.!?]*[.!?]?", text):
        start = found.start()
        words = words_of(found.group())
        yield Sentence(
            start=start,
            end=found.end(),
            tokens=tuple(Token(start=start + word.start, end=start + word.end, lemma=word.key) for word in words),
        )


class FakeChannel:
    """Accepts everything, but for the failures that a test queued."""

    def __init__(self, failures: Iterable[DeliveryError] = ()) -> None:
        self.failures = list(failures)
        self.sent: list[Delivery] = []

    @property
    def notices(self) -> list[Notice]:
        """What was sent of single alerts."""
        return [one.content for one in self.sent if isinstance(one.content, Notice)]

    def send(self, delivery: Delivery) -> Receipt:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(delivery)
        return Receipt(remote_id=f"remote-{len(self.sent)}")


class FakeAmendingChannel(FakeChannel):
    """The same, and its messages can be changed."""

    def __init__(self, failures: Iterable[DeliveryError] = ()) -> None:
        super().__init__(failures)
        self.amended: list[tuple[Delivery, str]] = []

    def amend(self, delivery: Delivery, remote_id: str) -> Receipt:
        if self.failures:
            raise self.failures.pop(0)
        self.amended.append((delivery, remote_id))
        return Receipt(remote_id=remote_id)
