"""The page store's contract: a page is wanted once for each text, read by one, and its text is no edit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from tests.store.conftest import sql_stores
from tests.store.values import LEASE, NOW, Stores, a_record, an_article, claim_one
from worker.fulltext import MAX_ATTEMPTS
from worker.models.attribution import Attribution, Cue, SourceSpan
from worker.models.news import FORMS_ONLY, Article, Field, TextOrigin
from worker.models.page import PageDecision, PageReason, PageText, WantedPage
from worker.ports import Applied
from worker.store.engine import reading
from worker.store.revisions import MAX_REVISIONS
from worker.store.schema import articles, pages

WANTED = PageDecision(reason=PageReason.UNDECIDED, detail="short; bnb: too_light")
PAGE = PageText(text="Целият текст на страницата.", final_url="https://dnes.example/a1")
TEASER = an_article(body="", summary="Откъс от новината")


def analysed(stores: Stores, article: Article = TEASER, page: PageDecision | None = WANTED) -> Article:
    stores.articles.add([article], NOW)
    return analysed_again(stores, page)


def analysed_again(stores: Stores, page: PageDecision | None = WANTED) -> Article:
    claimed = claim_one(stores)
    applied = stores.alerts.apply(a_record(claimed, stores.alerts.version(), page=page), NOW)
    assert isinstance(applied, Applied)
    return claimed


def begun(stores: Stores, at=NOW) -> WantedPage:
    wanted = stores.pages.begin(TEASER.id, at, LEASE)
    assert wanted is not None
    return wanted


def test_page_is_wanted_with_the_record_and_begun_once(stores):
    analysed(stores)

    due = stores.pages.due(NOW, 10)
    wanted, again = begun(stores), stores.pages.begin(TEASER.id, NOW, LEASE)

    assert due == (TEASER.id,)
    assert (wanted.url, wanted.summary, wanted.revision, wanted.attempts) == (TEASER.url, TEASER.summary, 1, 1)
    assert again is None
    assert stores.pages.due(NOW, 10) == ()


@pytest.mark.parametrize("page", [None, PageDecision(reason=PageReason.WHOLE)])
def test_page_that_is_not_wanted_is_never_due(stores, page):
    analysed(stores, page=page)

    assert stores.pages.due(NOW, 10) == ()
    assert stores.pages.begin(TEASER.id, NOW, LEASE) is None


def test_text_of_a_page_is_analysed_as_a_new_revision(stores):
    analysed(stores)

    is_put = stores.pages.put_text(begun(stores), PAGE, NOW)
    article = claim_one(stores)

    assert is_put
    assert (article.body, article.text_origin, article.revision) == (PAGE.text, TextOrigin.PAGE, 2)
    assert (article.title, article.summary) == (TEASER.title, TEASER.summary)
    assert stores.pages.due(NOW + timedelta(days=1), 10) == ()


def test_feed_that_repeats_its_teaser_does_not_undo_the_page(stores):
    analysed(stores)
    stores.pages.put_text(begun(stores), PAGE, NOW)

    added = stores.articles.add([TEASER], NOW)

    assert (added.new, added.revised, added.known) == ((), (), 1)
    assert claim_one(stores).body == PAGE.text


def test_edit_by_the_outlet_replaces_the_page_and_may_want_it_again(stores):
    analysed(stores)
    stores.pages.put_text(begun(stores), PAGE, NOW)
    analysed_again(stores, page=None)

    added = stores.articles.add([replace(TEASER, summary="Поправен откъс от новината")], NOW)
    edited = analysed_again(stores)

    assert added.revised == (TEASER.id,)
    assert (edited.revision, edited.text_origin, edited.body) == (3, TextOrigin.FEED, "")
    assert begun(stores).revision == 3


def test_texts_of_pages_do_not_use_up_the_edits_of_an_article(stores):
    analysed(stores)
    stores.pages.put_text(begun(stores), PAGE, NOW)
    analysed_again(stores, page=None)

    edits = [stores.articles.add([replace(TEASER, summary=f"Откъс {n}")], NOW).revised for n in range(MAX_REVISIONS)]

    assert sum(map(len, edits)) == MAX_REVISIONS - 1


def test_page_of_a_text_that_was_edited_meanwhile_is_dropped(stores):
    analysed(stores)
    wanted = begun(stores)
    stores.articles.add([replace(TEASER, summary="Поправен откъс от новината")], NOW)

    is_put = stores.pages.put_text(wanted, PAGE, NOW)

    assert not is_put
    assert claim_one(stores).body == ""


def test_page_is_left_when_the_article_was_edited_before_it_was_begun(stores):
    analysed(stores)
    stores.articles.add([replace(TEASER, summary="Поправен откъс от новината")], NOW)

    assert stores.pages.begin(TEASER.id, NOW, LEASE) is None
    assert stores.pages.due(NOW, 10) == ()


def test_same_text_analysed_again_does_not_want_its_page_twice(stores):
    stores.articles.add([TEASER], NOW)
    record = a_record(claim_one(stores), 0, page=WANTED)
    stores.alerts.apply(replace(record, analysis=replace(record.analysis, model=FORMS_ONLY)), NOW)
    stores.pages.put_failure(begun(stores), "paywall", "само за абонати", None, NOW)
    assert stores.articles.renew_unconfirmed(NOW - timedelta(days=1)) == 1

    analysed_again(stores)

    assert stores.pages.due(NOW + timedelta(days=1), 10) == ()


def test_failed_page_waits_for_its_next_attempt(stores):
    analysed(stores)
    again_at = NOW + timedelta(minutes=10)

    stores.pages.put_failure(begun(stores), "timeout", "", again_at, NOW)

    assert stores.pages.due(NOW, 10) == ()
    assert begun(stores, again_at).attempts == 2


def test_page_that_is_put_off_has_lost_no_attempt(stores):
    analysed(stores)
    until = NOW + timedelta(seconds=5)

    stores.pages.put_off(begun(stores), until)

    assert stores.pages.due(NOW, 10) == ()
    assert begun(stores, until).attempts == 1


def test_reading_that_was_cut_off_is_begun_again_and_given_up_in_the_end(stores):
    analysed(stores)
    moments = [NOW + number * LEASE for number in range(MAX_ATTEMPTS + 1)]

    attempts = [stores.pages.begin(TEASER.id, at, LEASE) for at in moments]

    assert [wanted and wanted.attempts for wanted in attempts] == [*range(1, MAX_ATTEMPTS + 1), None]
    assert stores.pages.due(NOW + timedelta(days=1), 10) == ()


def test_source_and_fate_of_a_page_stand_in_the_database(engine: Engine) -> None:
    stores = sql_stores(engine)
    span = SourceSpan(field=Field.SUMMARY, start=0, end=10, text="предаде БТА")
    stores.articles.add([TEASER], NOW)
    source = Attribution(origin="ТАСС", relay="БТА", cue=Cue.CITED, span=span)
    record = a_record(claim_one(stores), 0, page=WANTED, attribution=source)
    stores.alerts.apply(record, NOW)

    stores.pages.put_failure(begun(stores), "cookie_wall", "бисквитки", None, NOW)

    with reading(engine) as connection:
        article = connection.execute(select(articles)).one()
        page = connection.execute(select(pages)).one()
    assert (article.origin, article.relay, article.attribution["cue"]) == ("ТАСС", "БТА", "cited")
    assert (page.state, page.outcome, page.cause, page.reason, page.detail) == (
        "given_up", "cookie_wall", "бисквитки", "undecided", WANTED.detail,
    )  # fmt: skip
