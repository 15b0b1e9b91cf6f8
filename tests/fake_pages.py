"""A page store in memory and a page source that does what a test tells it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from tests.fake_memory import Memory, PageSlot, is_over
from worker.errors import FetchError, PageError, PutOffError
from worker.fulltext import MAX_ATTEMPTS
from worker.models.news import ArticleId, TextOrigin
from worker.models.page import PageText, WantedPage


class FakePageStore:
    def __init__(self, memory: Memory) -> None:
        self.memory = memory

    def due(self, now: datetime, limit: int) -> tuple[ArticleId, ...]:
        due = [(slot.next_attempt_at, id_) for id_, slot in self.memory.pages.items() if self._is_due(slot, now)]
        return tuple(id_ for _, id_ in sorted(due)[:limit])

    def begin(self, article_id: ArticleId, now: datetime, lease: timedelta) -> WantedPage | None:
        slot = self.memory.pages.get(article_id)
        if slot is None or not self._is_due(slot, now):
            return None
        article = self.memory.articles[article_id].article
        is_cut_off, is_edited = slot.attempts >= MAX_ATTEMPTS, article.revision != slot.revision
        if is_cut_off or is_edited:
            slot.state, slot.outcome = "given_up", "unfinished" if is_cut_off else "edited"
            return None
        slot.attempts += 1
        slot.leased_until = now + lease
        return WantedPage(
            article_id=article_id,
            feed_id=article.feed_id,
            revision=article.revision,
            url=article.url,
            title=article.title,
            summary=article.summary,
            body=article.body,
            seen_at=article.seen_at,
            attempts=slot.attempts,
        )

    def put_text(self, wanted: WantedPage, page: PageText, now: datetime) -> bool:
        slot, page_slot = self.memory.articles[wanted.article_id], self.memory.pages[wanted.article_id]
        is_put = slot.article.revision == wanted.revision
        if is_put:
            slot.article = replace(
                slot.article, body=page.text, text_origin=TextOrigin.PAGE, revision=wanted.revision + 1
            )
            slot.state, slot.attempts, slot.leased_until, slot.reason = "new", 0, None, None
        page_slot.state, page_slot.outcome, page_slot.leased_until = (
            "read" if is_put else "given_up",
            None if is_put else "edited",
            None,
        )
        return is_put

    def put_failure(
        self, wanted: WantedPage, reason: str, cause: str, again_at: datetime | None, now: datetime
    ) -> None:
        slot = self.memory.pages[wanted.article_id]
        slot.outcome, slot.leased_until = reason, None
        if again_at is None:
            slot.state = "given_up"
        else:
            slot.next_attempt_at = again_at

    def put_off(self, wanted: WantedPage, until: datetime) -> None:
        slot = self.memory.pages[wanted.article_id]
        slot.next_attempt_at, slot.leased_until, slot.attempts = until, None, slot.attempts - 1

    @staticmethod
    def _is_due(slot: PageSlot, now: datetime) -> bool:
        return slot.state == "wanted" and slot.next_attempt_at <= now and is_over(slot.leased_until, now)


class FakePageSource:
    """Gives the answers that a test queued, in order."""

    def __init__(self, answers: Iterable[str | FetchError | PageError | PutOffError] = ()) -> None:
        self.answers = list(answers)
        self.asked: list[WantedPage] = []

    def read(self, wanted: WantedPage) -> PageText:
        self.asked.append(wanted)
        answer = self.answers.pop(0)
        if isinstance(answer, FetchError | PageError | PutOffError):
            raise answer
        return PageText(text=answer, final_url=wanted.url)
