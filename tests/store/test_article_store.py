"""The contract of ArticleStore."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.store.values import LEASE, NOW, Stores, a_fingerprint, a_record, an_article, analyse, claim_one, swept
from worker.models.alert import Grouped
from worker.models.news import FORMS_ONLY, Article, ArticleId, DateClaim, StoryId
from worker.ports import Added, Stale
from worker.store.revisions import MAX_REVISIONS

SECOND = timedelta(seconds=1)


def added(new: tuple[str, ...] = (), revised: tuple[str, ...] = (), known: int = 0) -> Added:
    return Added(
        new=tuple(ArticleId(name) for name in new), revised=tuple(ArticleId(name) for name in revised), known=known
    )


def test_new_article_comes_back_as_it_was_added(stores: Stores) -> None:
    article = an_article(summary="Ред първи\nред втори", keys=("a", "b"))

    outcome = stores.articles.add([article], NOW)

    assert outcome == added(new=("a1",))
    assert claim_one(stores) == article


def test_same_article_again_is_known(stores: Stores) -> None:
    stores.articles.add([an_article()], NOW)

    assert stores.articles.add([an_article(seen_at=NOW + LEASE)], NOW + LEASE) == added(known=1)


@pytest.mark.parametrize(
    "edited",
    [an_article(title="Друго"), an_article(summary="Друго"), an_article(body="Друго")],
    ids=["title", "summary", "body"],
)
def test_changed_text_is_a_revision_to_be_analysed_again(stores: Stores, edited: Article) -> None:
    analyse(stores, an_article())
    edited = replace(edited, seen_at=NOW + LEASE)

    outcome = stores.articles.add([edited], NOW + LEASE)

    assert outcome == added(revised=("a1",))
    assert claim_one(stores, NOW + LEASE) == replace(edited, revision=2, seen_at=NOW)


def test_any_known_key_identifies_an_article_and_brings_its_other_keys(stores: Stores) -> None:
    stores.articles.add([an_article("a1", keys=("url-1", "guid-1"))], NOW)

    moved = stores.articles.add([an_article("a2", keys=("url-2", "guid-1"))], NOW)
    by_new_key = stores.articles.add([an_article("a3", keys=("url-2",))], NOW)

    assert (moved, by_new_key) == (added(known=1), added(known=1))
    assert claim_one(stores).keys == ("guid-1", "url-1", "url-2")


def test_of_articles_that_share_a_key_within_one_call_the_first_speaks(stores: Stores) -> None:
    poll = [
        an_article("a1", keys=("x",)),
        an_article("a2", title="Друго", keys=("y", "x")),
        an_article("a3", keys=("y",)),
    ]

    first = stores.articles.add(poll, NOW)
    again = stores.articles.add(poll, NOW)

    assert (first, again) == (added(new=("a1",), known=2), added(known=3))
    assert claim_one(stores) == replace(an_article("a1"), keys=("x", "y"))


def test_article_without_keys_is_known_by_its_id(stores: Stores) -> None:
    stores.articles.add([an_article(keys=())], NOW)

    assert stores.articles.add([an_article(keys=())], NOW) == added(known=1)


def test_text_that_comes_back_is_no_edit(stores: Stores) -> None:
    stores.articles.add([an_article(title="Първо")], NOW)
    stores.articles.add([an_article(title="Второ")], NOW)

    assert stores.articles.add([an_article(title="Първо")], NOW) == added(known=1)
    assert claim_one(stores).title == "Второ"


def test_shorter_text_from_another_feed_is_no_edit(stores: Stores) -> None:
    stores.articles.add([an_article(body="Пълният текст на статията.")], NOW)

    assert stores.articles.add([an_article(body="", feed="dnes-sviat")], NOW) == added(known=1)


def test_longer_text_from_another_feed_is_an_edit(stores: Stores) -> None:
    stores.articles.add([an_article(body="")], NOW)

    assert stores.articles.add([an_article(body="Пълният текст.", feed="dnes-sviat")], NOW) == added(revised=("a1",))
    assert claim_one(stores).feed_id == "dnes"


def test_page_that_changes_with_the_clock_is_analysed_a_limited_number_of_times(stores: Stores) -> None:
    stores.articles.add([an_article()], NOW)

    outcomes = [stores.articles.add([an_article(body=f"Часът е {hour}.")], NOW) for hour in range(15)]

    assert [bool(outcome.revised) for outcome in outcomes] == [True] * (MAX_REVISIONS - 1) + [False] * 6
    assert claim_one(stores).revision == MAX_REVISIONS


def test_large_poll_is_stored_and_recognised(stores: Stores) -> None:
    poll = [an_article(f"a{number}", seen_at=NOW + number * SECOND) for number in range(1203)]

    first = stores.articles.add(poll, NOW)
    again = stores.articles.add(poll, NOW)

    assert first.new == tuple(article.id for article in poll)
    assert again == added(known=1203)


def test_articles_are_claimed_once_oldest_first(stores: Stores) -> None:
    stores.articles.add(
        [an_article(name, seen_at=NOW + age * SECOND) for name, age in (("b", 2), ("a", 3), ("c", 1))], NOW
    )

    first = stores.articles.claim_pending(NOW, LEASE, 2)
    second = stores.articles.claim_pending(NOW, LEASE, 2)
    third = stores.articles.claim_pending(NOW, LEASE, 2)

    assert [[article.id for article in claimed] for claimed in (first, second, third)] == [["c", "b"], ["a"], []]


def test_article_whose_attempt_did_not_finish_comes_alone(stores: Stores) -> None:
    names = ("a", "b", "c", "d")
    stores.articles.add([an_article(name, seen_at=NOW + age * SECOND) for age, name in enumerate(names)], NOW)
    stores.articles.claim_pending(NOW, LEASE, 2)
    later = NOW + LEASE
    swept(stores, later)

    claims = [[article.id for article in stores.articles.claim_pending(later, LEASE, 4)] for _ in range(4)]

    assert claims == [["a"], ["b"], ["c", "d"], []]


def test_fresh_article_does_not_wait_with_a_suspect(stores: Stores) -> None:
    stores.articles.add([an_article("suspect", seen_at=NOW + SECOND)], NOW)
    stores.articles.claim_pending(NOW, LEASE, 1)
    stores.articles.add([an_article("older"), an_article("newer", seen_at=NOW + 2 * SECOND)], NOW)
    swept(stores, NOW + LEASE)

    claims = [[a.id for a in stores.articles.claim_pending(NOW + LEASE, LEASE, 4)] for _ in range(2)]

    assert claims == [["older", "newer"], ["suspect"]]


def test_analysed_articles_give_their_fingerprints_oldest_first(stores: Stores) -> None:
    hour = timedelta(hours=1)
    ages = (("young", 1), ("old", 3), ("middle", 2))
    for name, age in ages:
        analyse(stores, an_article(name), story=f"s-{name}", fingerprint_at=NOW - age * hour)
    stores.articles.add([an_article("waiting")], NOW)

    grouped = stores.articles.grouped_since(NOW - 2 * hour)

    assert grouped == tuple(
        Grouped(fingerprint=a_fingerprint(an_article(name), NOW - age * hour), story_id=StoryId(f"s-{name}"))
        for name, age in (("middle", 2), ("young", 1))
    )
    assert stores.articles.grouped_since(NOW - 2 * hour) == grouped


def test_edited_article_stays_in_its_story_until_it_is_analysed_again(stores: Stores) -> None:
    analyse(stores, an_article())
    before = stores.articles.grouped_since(NOW - LEASE)
    stores.articles.add([an_article(title="Нова редакция")], NOW)

    assert stores.articles.grouped_since(NOW - LEASE) == before


def test_new_analysis_replaces_the_fingerprint(stores: Stores) -> None:
    analyse(stores, an_article(), fingerprint_at=NOW)
    stores.articles.grouped_since(NOW - LEASE)

    analyse(stores, an_article(title="Нова редакция"), story="s2", fingerprint_at=NOW - SECOND)

    (grouped,) = stores.articles.grouped_since(NOW - LEASE)
    assert (grouped.fingerprint.at, grouped.story_id) == (NOW - SECOND, "s2")


def test_story_of_an_article_is_that_of_its_last_analysis(stores: Stores) -> None:
    analyse(stores, an_article(), story="s1")
    stores.articles.add([an_article("a2"), an_article(title="Нова редакция")], NOW)

    found = [stores.articles.story_of(ArticleId(name)) for name in ("a1", "a2", "none")]

    assert found == ["s1", None, None]


def test_article_in_quarantine_is_not_claimed(stores: Stores) -> None:
    stores.articles.add([an_article()], NOW)
    article = claim_one(stores)

    stores.articles.quarantine(article.id, "the analysis failed", article.revision)

    assert swept(stores, NOW + LEASE).pending_articles == 0
    assert stores.articles.claim_pending(NOW + LEASE, LEASE, 10) == ()
    assert stores.alerts.apply(a_record(article, 0), NOW) == Stale(claim_lost=True)


def test_edit_takes_an_article_out_of_quarantine(stores: Stores) -> None:
    stores.articles.add([an_article()], NOW)
    stores.articles.quarantine(claim_one(stores).id, "the analysis failed", 1)

    stores.articles.add([an_article(title="Поправено заглавие")], NOW)

    assert claim_one(stores).revision == 2


def test_edit_that_arrives_during_a_failing_analysis_is_not_set_aside(stores: Stores) -> None:
    stores.articles.add([an_article()], NOW)
    failed = claim_one(stores)
    stores.articles.add([an_article(title="Поправено заглавие")], NOW)

    stores.articles.quarantine(failed.id, "the analysis failed", failed.revision)

    assert claim_one(stores).title == "Поправено заглавие"


def test_analysed_article_cannot_be_set_aside(stores: Stores) -> None:
    analyse(stores, an_article())

    stores.articles.quarantine(ArticleId("a1"), "too late", 1)

    assert stores.articles.add([an_article(title="Ново")], NOW).revised == ("a1",)


@pytest.mark.parametrize("odd", ["край\x00на", "половин \ud83d знак", "emoji 😀", "'; DROP TABLE feeds; --"])
def test_odd_characters_keep_offsets(stores: Stores, odd: str) -> None:
    stores.articles.add([an_article(title=odd, keys=(odd,))], NOW)
    again = stores.articles.add([an_article("a2", title=odd, keys=(odd,))], NOW)

    article = claim_one(stores)

    assert len(article.title) == len(odd)
    assert again == added(known=1)


def test_very_long_keys_identify(stores: Stores) -> None:
    keys = ("https://dnes.example/?" + "ж" * 5000, "https://dnes.example/?" + "ж" * 4999 + "ш")
    articles: list[Article] = [an_article(f"a{number}", keys=(key,)) for number, key in enumerate(keys)]

    assert stores.articles.add(articles, NOW) == added(new=("a0", "a1"))
    assert stores.articles.add(articles, NOW) == added(known=2)


def by_forms(stores: Stores, article: Article) -> None:
    """Analyses an article without language models."""
    stores.articles.add([article], article.seen_at)
    record = a_record(claim_one(stores, article.seen_at), stores.alerts.version())
    analysis = replace(record.analysis, model=FORMS_ONLY)
    stores.alerts.apply(replace(record, analysis=analysis), article.seen_at)


def test_articles_analysed_by_forms_wait_again(stores: Stores) -> None:
    by_forms(stores, an_article())

    renewed = stores.articles.renew_unconfirmed(NOW)

    assert renewed == 1
    assert claim_one(stores).id == "a1"
    assert stores.articles.renew_unconfirmed(NOW) == 0


def test_older_articles_and_those_that_models_analysed_do_not_wait_again(stores: Stores) -> None:
    by_forms(stores, an_article("a1"))
    analyse(stores, an_article("a2", seen_at=NOW + LEASE))

    assert stores.articles.renew_unconfirmed(NOW + SECOND) == 0


def of_number(name: str, title: str, *, feed: str = "dnes", seen_at: datetime = NOW) -> Article:
    """An article whose address and keys change with its headline, but for the number."""
    url = f"https://dnes.example/{name}-1190222.html"
    article = an_article(name, title=title, feed=feed, seen_at=seen_at, keys=(f"url:{url}", f"guid:{feed}:{name}"))
    return replace(article, url=url)


def test_edit_that_changes_all_its_keys_is_a_revision(stores: Stores) -> None:
    stores.articles.add([of_number("a1", "Съветът прие бюджета за 2027 г.")], NOW)
    edited = of_number("a2", "Съветът прие бюджета за 2027 г. с 40 гласа", seen_at=NOW + LEASE)

    first = stores.articles.add([edited], NOW + LEASE)
    again = stores.articles.add([edited], NOW + LEASE)

    article = claim_one(stores)
    assert (first, again) == (added(revised=("a1",)), added(known=1))
    assert (article.id, article.revision, article.url) == ("a1", 2, edited.url)
    assert {"guid:dnes:a1", "guid:dnes:a2"} < set(article.keys)


@pytest.mark.parametrize(
    ("title", "feed", "hours"),
    [
        pytest.param("Радев замина за Брюксел", "dnes", 1, id="another headline"),
        pytest.param("Съветът прие бюджета за 2027 г. с 40 гласа", "utre", 1, id="another feed"),
        pytest.param("Съветът прие бюджета за 2027 г. с 40 гласа", "dnes", 49, id="too late"),
    ],
)
def test_same_number_alone_makes_no_edit(stores: Stores, title: str, feed: str, hours: int) -> None:
    later = NOW + timedelta(hours=hours)
    stores.articles.add([of_number("a1", "Съветът прие бюджета за 2027 г.")], NOW)

    assert stores.articles.add([of_number("a2", title, feed=feed, seen_at=later)], later) == added(new=("a2",))


def test_two_articles_of_one_document_are_two(stores: Stores) -> None:
    poll = [of_number("a1", "Съветът прие бюджета за 2027 г."), of_number("a2", "Съветът прие бюджета за 2027 г.!")]

    assert stores.articles.add(poll, NOW) == added(new=("a1", "a2"))
    assert stores.articles.add(poll, NOW + LEASE) == added(known=2)


def test_moved_link_is_taken_over_without_a_revision_and_both_name_the_article(stores: Stores) -> None:
    keys = ("guid:dnes:7", "url:dnes.example/istorii/7")
    stores.articles.add([an_article(keys=keys)], NOW)
    moved = replace(an_article("a2", keys=("guid:dnes:7", "url:dnes.example/novini/7")), url="https://dnes.example/n/7")

    outcome = stores.articles.add([moved], NOW)

    article = claim_one(stores)
    assert outcome == added(known=1)
    assert (article.url, article.revision) == ("https://dnes.example/n/7", 1)
    assert set(article.keys) == {*keys, "url:dnes.example/novini/7"}


def test_identifier_wins_over_an_address_that_another_article_had(stores: Stores) -> None:
    stores.articles.add([an_article("a1", keys=("guid:dnes:1", "url:a"))], NOW)
    stores.articles.add([an_article("a2", title="Второ", keys=("guid:dnes:2", "url:b"))], NOW)

    edited = an_article("a3", title="Второ, с поправка", keys=("guid:dnes:2", "url:a"))

    assert stores.articles.add([edited], NOW) == added(revised=("a2",))


def test_path_on_another_host_names_the_article_only_with_its_headline(stores: Stores) -> None:
    path = "path:dnes:/novini/savetat-prie-novia-byudzhet"
    stores.articles.add([an_article("a1", title="Съветът прие бюджета", keys=("url:a", path))], NOW)
    same = an_article("a2", title="Съветът прие бюджета", keys=("url:b", path))
    other = an_article("a3", title="Радев замина за Брюксел", keys=("url:c", path))

    assert stores.articles.add([same], NOW) == added(known=1)
    assert stores.articles.add([other], NOW) == added(new=("a3",))


def test_path_that_stands_on_two_hosts_at_once_names_none(stores: Stores) -> None:
    path = "path:dnes:?p=44250"
    poll = [an_article("a1", keys=("url:a?p=44250", path)), an_article("a2", keys=("url:b?p=44250", path))]

    assert stores.articles.add(poll, NOW) == added(new=("a1", "a2"))


def test_date_ahead_stays_that_of_the_first_sight_through_edits(stores: Stores) -> None:
    ahead = replace(an_article(), published_at=NOW, date_claim=DateClaim.AHEAD, published_raw="утре")
    later = NOW + LEASE
    edited = replace(an_article(title="Поправено", seen_at=later), published_at=later, date_claim=DateClaim.AHEAD)
    stores.articles.add([ahead], NOW)

    stores.articles.add([edited], later)

    assert claim_one(stores).published_at == NOW


def test_what_an_article_says_of_its_date_and_kind_comes_back(stores: Stores) -> None:
    article = replace(
        an_article(), published_at=None, published_raw="вчера", date_claim=DateClaim.NONE, is_routine=True
    )

    stores.articles.add([article], NOW)

    assert claim_one(stores) == article
