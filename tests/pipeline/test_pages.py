"""From a teaser that leaves a watch undecided to the alert that its page justifies."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.categories import A_MODEL
from tests.fake_pages import FakePageSource, FakePageStore
from tests.pipeline.test_pipeline import FEED, POLICY, Desk, a_reading, a_watch, an_entry
from worker import paging, pipeline
from worker.entities.index import compile_catalogue
from worker.errors import FetchError, FetchReason, PageError, Pause, PutOffError
from worker.matching.terms import compile_watches
from worker.models.actor import Catalogue
from worker.models.feed import FullText
from worker.models.news import ArticleId, Part
from worker.models.page import PageFault
from worker.models.watch import Phrase, Watchlist
from worker.paging import PageOutcome
from worker.ports import Language

#: fires on НАТО where the text speaks of a budget too
UNDECIDED = replace(a_watch("nato", "НАТО"), needs=(Phrase(text="бюджет"),))
WATCHLIST = Watchlist(watches=(UNDECIDED, a_watch("bnb", "БНБ")), version="v1")
TEASER = an_entry(1, "Срещата на НАТО", "Министрите се събраха в Брюксел...")
PAGE = "Министрите се събраха в Брюксел. НАТО иска по-голям бюджет за отбрана, предаде БТА."


class PagedDesk(Desk):
    """The use cases with a page source, for one watchlist and one policy."""

    def __init__(self, *pages, full_text=FullText.UNDECIDED, entry=TEASER):
        super().__init__(a_reading(entry), a_reading(entry, etag='"2"'))
        self.pages = FakePageStore(self.memory)
        self.page_source = FakePageSource(pages)
        self.policy = replace(POLICY, full_text={FEED.id: full_text})

    def analyse(self):
        language = Language(
            analyzer=self.analyzer,
            index=compile_watches(WATCHLIST),
            catalogue=compile_catalogue(Catalogue()),
            categories=A_MODEL,
        )
        return pipeline.analyse_pending(
            articles=self.articles,
            alerts=self.alerts,
            language=language,
            watchlist=WATCHLIST,
            policy=self.policy,
            clock=lambda: self.now,
        )

    def read_pages(self):
        return [
            paging.read_page(
                article_id,
                source=self.page_source,
                pages=self.pages,
                lease=self.policy.page_lease,
                max_age=self.policy.rules.max_age,
                clock=lambda: self.now,
            )
            for article_id in self.pages.due(self.now, 10)
        ]

    def alerts_told(self):
        return list(self.memory.alerts.values())


def test_undecided_teaser_alerts_after_its_page_was_read():
    desk = PagedDesk(PAGE)

    desk.poll()
    first = desk.analyse()
    (read,) = desk.read_pages()
    second = desk.analyse()

    assert (first.matches, read.outcome, second.matches) == (0, PageOutcome.READ, 1)
    (alert,) = desk.alerts_told()
    assert alert.notice.parts == (Part.TITLE, Part.SUMMARY, Part.PAGE)
    assert (alert.notice.attribution.origin, alert.notice.is_excerpt) == ("БТА", False)
    assert any("бюджет" in quote.text for quote in alert.notice.quotes)


def test_page_is_fetched_once_however_often_the_feed_repeats_its_teaser():
    desk = PagedDesk(PAGE)

    desk.poll(), desk.analyse(), desk.read_pages(), desk.analyse()
    polled = desk.poll()
    again = desk.analyse(), desk.read_pages()

    assert (polled.new, polled.revised) == (0, 0)
    assert (again[0].claimed, again[1]) == (0, [])
    assert len(desk.page_source.asked) == 1
    assert len(desk.alerts_told()) == 1


def test_what_the_teaser_alerted_is_not_alerted_again_by_the_page():
    entry = an_entry(1, "БНБ и НАТО се договориха", "Подробности следват...")
    desk = PagedDesk(PAGE + " БНБ мълчи.", entry=entry)

    desk.poll()
    first = desk.analyse()
    desk.read_pages()
    second = desk.analyse()

    assert [alert.watch_id for alert in desk.alerts_told()] == ["bnb", "nato"]
    assert (len(first.deliveries), len(second.deliveries)) == (1, 1)


@pytest.mark.parametrize(
    "failure",
    [
        PageError("a", PageFault.PAYWALL.value, "само за абонати"),
        FetchError("one", FetchReason.NOT_FOUND, "status 404"),
    ],
    ids=["refused", "not found"],
)
def test_page_that_cannot_be_taken_is_given_up_and_blocks_nothing(failure):
    desk = PagedDesk(failure)

    desk.poll(), desk.analyse()
    (read,) = desk.read_pages()
    desk.now += timedelta(hours=5)

    assert (read.outcome, read.is_given_up, read.cause) == (PageOutcome.FAILED, True, failure.cause)
    assert (desk.read_pages(), desk.analyse().claimed) == ([], 0)
    assert [slot.state for slot in desk.memory.articles.values()] == ["done"]


def test_page_is_tried_again_after_a_failure_that_passes():
    desk = PagedDesk(FetchError("one", FetchReason.TIMEOUT), PAGE)

    desk.poll(), desk.analyse()
    (failed,) = desk.read_pages()
    at_once = desk.read_pages()
    desk.now += timedelta(minutes=10)
    (read,) = desk.read_pages()

    assert (failed.outcome, failed.is_given_up, at_once) == (PageOutcome.FAILED, False, [])
    assert (read.outcome, read.attempts) == (PageOutcome.READ, 2)


def test_page_waits_for_its_publisher_without_losing_an_attempt():
    put_off = [PutOffError("one", Pause.HOST, 5.0, "one.example") for _ in range(4)]
    desk = PagedDesk(*put_off, PAGE)

    desk.poll(), desk.analyse()
    reads = []
    for _ in range(5):
        reads += desk.read_pages()
        desk.now += timedelta(seconds=5)

    assert [read.outcome for read in reads] == [*[PageOutcome.PUT_OFF] * 4, PageOutcome.READ]
    assert reads[-1].attempts == 1


@pytest.mark.parametrize(
    ("full_text", "entry", "is_read"),
    [
        (FullText.NEVER, TEASER, False),
        (FullText.UNDECIDED, TEASER, True),
        (FullText.UNDECIDED, an_entry(1, "Времето утре", "Ще вали..."), False),
        (FullText.UNDECIDED, an_entry(1, "НАТО", "Бюджет на НАТО..."), False),
        (FullText.ALWAYS, an_entry(1, "Времето утре", "Ще вали..."), True),
        (FullText.ALWAYS, an_entry(1, "Старо", "Ще вали...", minutes=-60), False),
    ],
    ids=["never", "undecided", "nothing found", "fired", "always", "baseline"],
)
def test_policy_and_verdicts_say_whose_page_is_read(full_text, entry, is_read):
    desk = PagedDesk(PAGE, full_text=full_text, entry=entry)

    desk.poll(), desk.analyse()

    assert bool(desk.read_pages()) is is_read


def test_page_that_nobody_wants_is_not_read():
    desk = PagedDesk()

    read = paging.read_page(
        ArticleId("unknown"), source=desk.page_source, pages=desk.pages, lease=timedelta(1), max_age=timedelta(1),
        clock=lambda: desk.now,
    )  # fmt: skip

    assert read.outcome is PageOutcome.NOT_DUE
