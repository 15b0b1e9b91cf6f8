"""Which incoming articles are new and which are edits, whatever the feeds do."""

from hypothesis import given
from hypothesis import strategies as st

from tests.store.values import an_article
from worker.models.news import Article, ArticleId
from worker.store.revisions import MAX_REVISIONS, Known, as_stored, content_hash, content_size, sort_out

KEYS = st.lists(st.sampled_from("klmn"), max_size=3).map(tuple)
ARTICLES = st.builds(
    lambda name, keys, body, feed: an_article(name, keys=keys, body=body, feed=feed),
    st.sampled_from(["a1", "a2", "a3"]),
    KEYS,
    st.sampled_from(["", "Кратко.", "По-дълъг текст."]),
    st.sampled_from(["dnes", "utre"]),
)
POLLS = st.lists(ARTICLES, max_size=6)


def known_of(article: Article, revision: int = 1) -> Known:
    return Known(
        feed_id=article.feed_id,
        revision=revision,
        texts_seen=(*(f"older-{number}" for number in range(1, revision)), content_hash(article)),
        size=content_size(article),
    )


@given(POLLS)
def test_every_article_is_counted_once(poll: list[Article]) -> None:
    found = sort_out(poll, {}, {})

    assert len(found.new) + len(found.edits) + found.known == len(poll)
    assert not found.edits


@given(POLLS)
def test_same_poll_again_brings_nothing(poll: list[Article]) -> None:
    first = sort_out(poll, {}, {})
    known = {id_: known_of(article) for id_, article in first.new.items()}

    again = sort_out(poll, first.keys, known)

    assert (dict(again.new), dict(again.edits), dict(again.keys)) == ({}, {}, {})


@given(POLLS)
def test_no_key_names_an_article_that_is_not_stored(poll: list[Article]) -> None:
    found = sort_out(poll, {}, {})

    assert set(found.keys.values()) <= set(found.new)
    assert set(found.keys) == {key for article in poll for key in article.keys}


def test_last_revision_is_final() -> None:
    old = an_article(body="Старо.")
    known = {ArticleId("a1"): known_of(old, MAX_REVISIONS)}

    assert sort_out([an_article(body="Ново.")], {}, known).known == 1


@given(st.lists(st.text(st.characters(categories=None), max_size=700), max_size=4))
def test_stored_form_is_stable_and_its_keys_fit_an_index(keys: list[str]) -> None:
    stored = as_stored(an_article(keys=tuple(keys)))

    assert as_stored(stored) == stored
    assert all(len(key.encode()) <= 500 for key in stored.keys)
