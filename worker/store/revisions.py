"""Which incoming articles are new, which are edits of articles that we know? Pure.

One address often stands in several feeds of an outlet, here with the full text and there with a teaser, and
some pages change with the clock. So a text that the article had before is no edit, a shorter text from
another feed is none either, and an article is analysed again a limited number of times.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from worker.models.news import Article, ArticleId, FeedId
from worker.store.columns import storable

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What the articles of one poll are, each by the id of the stored article."""

    new: Mapping[ArticleId, Article]
    edits: Mapping[ArticleId, Article]
    known: int
    #: keys that were not known, with the article that they name from now on
    keys: Mapping[str, ArticleId]


def sort_out(articles: Sequence[Article], owners: Mapping[str, ArticleId], known: Mapping[ArticleId, Known]) -> Sorted:
    """New articles, edits and known ones; any known key, or the id, tells which article it is.

    Of several articles in one call that are the same one, the first speaks; the others only add their keys.
    """
    new: dict[ArticleId, Article] = {}
    edits: dict[ArticleId, Article] = {}
    keys: dict[str, ArticleId] = {}
    heard: set[ArticleId] = set()
    for article in articles:
        owner = next((found for key in article.keys if (found := keys.get(key) or owners.get(key))), article.id)
        if owner not in heard and owner not in known:
            new[owner] = article
        elif owner not in heard and is_edit(article, known[owner]):
            edits[owner] = article
        heard.add(owner)
        keys |= {key: owner for key in article.keys if key not in owners and key not in keys}
    return Sorted(new=new, edits=edits, known=len(articles) - len(new) - len(edits), keys=keys)


def is_edit(article: Article, known: Known) -> bool:
    """Whether the incoming article makes a new revision of the known one."""
    if known.revision >= MAX_REVISIONS or content_hash(article) in known.texts_seen:
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
