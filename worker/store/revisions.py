"""Which incoming articles are new, which are edits of articles that we know? Pure.

One address often stands in several feeds of an outlet, here with the full text and there with a teaser, and
some pages change with the clock. So a text that the article had before is no edit, a shorter text from
another feed is none either, and an article is analysed again a limited number of times.
"""

import hashlib
from collections import ChainMap, Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from worker.models.news import Article, ArticleId, FeedId
from worker.store.columns import storable
from worker.text.identity import article_number, is_retitled, is_weak, strongest_first

MAX_REVISIONS = 10
# PostgreSQL cannot index a text of more than about 2700 bytes.
_LONGEST_KEY = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What decides about an edit of a stored article."""

    feed_id: FeedId
    revision: int
    #: hashes of all texts it had so far
    texts_seen: tuple[str, ...]
    #: code points of title, summary and body together
    size: int
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What the articles of one poll are, each by the id of the stored article."""

    new: Mapping[ArticleId, Article]
    edits: Mapping[ArticleId, Article]
    known: int
    #: keys that were not known, with the article that they name from now on
    keys: Mapping[str, ArticleId]
    #: articles whose text stayed while their feed gives them another address
    moved: Mapping[ArticleId, Article]


def owners_of(articles: Sequence[Article], owners: Mapping[str, ArticleId]) -> dict[ArticleId, ArticleId]:
    """For incoming articles of which a key is known, by their own id: the stored article."""
    found = {}
    for article in articles:
        owner = next((owners[key] for key in strongest_first(article.keys) if key in owners), None)
        if owner is not None:
            found[article.id] = owner
    return found


def retitled(articles: Sequence[Article], recent: Mapping[ArticleId, Known]) -> dict[ArticleId, ArticleId]:
    """Which of these unknown articles are edits under new keys: same feed, same number in the address, alike titles.

    `recent` are the articles that may have been edited: seen lately, and not in the document any more.
    """
    numbered: dict[tuple[FeedId, str], list[ArticleId]] = {}
    for id_, known in recent.items():
        if number := article_number(known.url):
            numbered.setdefault((known.feed_id, number), []).append(id_)
    found: dict[ArticleId, ArticleId] = {}
    for article in articles:
        number = article_number(article.url)
        same = numbered.get((article.feed_id, number), []) if number else []
        owner = next((id_ for id_ in same if is_retitled(recent[id_].title, article.title)), None)
        if owner is not None and owner not in found.values():
            found[article.id] = owner
    return found


def sort_out(
    articles: Sequence[Article],
    owners: Mapping[str, ArticleId],
    known: Mapping[ArticleId, Known],
    renamed: Mapping[ArticleId, ArticleId] | None = None,
) -> Sorted:
    """New articles, edits and known ones; any known key, or the id, tells which article it is.

    Of several articles in one call that are the same one, the first speaks; the others only add their keys.
    `renamed` are the edits that no key tells, by their own ids.
    """
    new: dict[ArticleId, Article] = {}
    edits: dict[ArticleId, Article] = {}
    moved: dict[ArticleId, Article] = {}
    keys: dict[str, ArticleId] = {}
    heard: set[ArticleId] = set()
    named = ChainMap(keys, dict(owners))
    for article in _without_shared_paths(articles):
        owner = _owner(article, named, known, new) or (renamed or {}).get(article.id, article.id)
        if owner not in heard and owner not in known:
            new[owner] = article
        elif owner not in heard and is_edit(article, known[owner]):
            edits[owner] = article
        elif owner not in heard and _is_moved(article, known[owner]):
            moved[owner] = article
        heard.add(owner)
        keys |= {key: owner for key in article.keys if key not in owners and key not in keys}
    count = len(articles) - len(new) - len(edits)
    return Sorted(new=new, edits=edits, known=count, keys=keys, moved=moved)


def _owner(
    article: Article,
    owners: Mapping[str, ArticleId],
    known: Mapping[ArticleId, Known],
    new: Mapping[ArticleId, Article],
) -> ArticleId | None:
    """The article that the strongest known key names; a weak one only when the headline says the same."""
    for key in strongest_first(article.keys):
        owner = owners.get(key)
        if owner is None:
            continue
        title = known[owner].title if owner in known else new[owner].title if owner in new else ""
        if not is_weak(key) or is_retitled(title, article.title):
            return owner
    return None


def _without_shared_paths(articles: Sequence[Article]) -> list[Article]:
    """A path that stands on two hosts in one document names no article."""
    uses = Counter(key for article in articles for key in set(article.keys) if is_weak(key))
    shared = {key for key, count in uses.items() if count > 1}
    if not shared:
        return list(articles)
    return [replace(article, keys=tuple(key for key in article.keys if key not in shared)) for article in articles]


def _is_moved(article: Article, known: Known) -> bool:
    return bool(article.url and known.url) and article.url != known.url and article.feed_id == known.feed_id


def is_edit(article: Article, known: Known) -> bool:
    """Whether the incoming article makes a new revision of the known one."""
    # Not by the number of revisions, among which are texts of pages that the outlet did not edit.
    if len(known.texts_seen) >= MAX_REVISIONS or content_hash(article) in known.texts_seen:
        return False
    return article.feed_id == known.feed_id or content_size(article) > known.size


def content_hash(article: Article) -> str:
    """The same for articles with the same title, summary and body."""
    text = f"{article.title}\x1f{article.summary}\x1f{article.body}"
    return hashlib.sha256(text.encode()).hexdigest()


def content_size(article: Article) -> int:
    """Code points of title, summary and body together."""
    return len(article.title) + len(article.summary) + len(article.body)


def as_stored(article: Article) -> Article:
    """The article as it comes back from a database: storable text, and keys short enough for an index, sorted."""
    return replace(
        article,
        url=storable(article.url),
        title=storable(article.title),
        summary=storable(article.summary),
        body=storable(article.body),
        keys=tuple(sorted({_short_key(storable(key)) for key in article.keys})),
    )


def _short_key(key: str) -> str:
    encoded = key.encode()
    return key if len(encoded) <= _LONGEST_KEY else "sha256:" + hashlib.sha256(encoded).hexdigest()
