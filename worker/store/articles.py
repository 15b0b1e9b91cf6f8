"""Articles, and who may analyse which of them now."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, RowMapping, Select, and_, func, select, update

from worker.models.alert import Grouped
from worker.models.news import FORMS_ONLY, Article, ArticleId, DateClaim, FeedId, StoryId, TextOrigin
from worker.ports import Added
from worker.store.engine import lock, reading, writing
from worker.store.fingerprints import FingerprintCache
from worker.store.revisions import Known, as_stored, content_hash, owners_of, retitled, sort_out
from worker.store.schema import article_keys, articles, revisions
from worker.text.identity import EDIT_REACH, article_number

_ADD_LOCK = 7_301_002
# Databases limit the number of parameters of a statement.
_CHUNK = 500
#: what is kept of a revision that another replaces
_KEPT = ("article_id", "revision", "revised_at", "url", "title", "summary", "body", "published_at", "published_raw")


class ArticleState(StrEnum):
    """Life of an article: NEW → DONE, NEW again when it is edited, or QUARANTINED."""

    NEW = "new"
    DONE = "done"
    QUARANTINED = "quarantined"


class SqlArticleStore:
    """The ArticleStore; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._fingerprints = FingerprintCache()

    def add(self, incoming: Sequence[Article], now: datetime) -> Added:
        """Stores new articles and edits; `revisions` says what is one."""
        stored = [as_stored(article) for article in incoming]
        with writing(self._engine) as connection:
            # Two polls may bring one article under different keys.
            lock(connection, _ADD_LOCK)
            owners = _owners(connection, {key for article in stored for key in article.keys})
            ids = {article.id for article in stored} | set(owners.values())
            known = dict(_known(connection, ids))
            renamed = _renamed(connection, stored, owners, known, now)
            found = sort_out(stored, owners, known, renamed)
            if found.new:
                connection.execute(
                    articles.insert(), [_new_row(id_, article, now) for id_, article in found.new.items()]
                )
            for id_, article in found.edits.items():
                _edit(connection, id_, article, known[id_], now)
            for id_, article in found.moved.items():
                connection.execute(update(articles).where(articles.c.article_id == id_).values(url=article.url))
            if found.keys:
                rows = [{"key": key, "article_id": owner} for key, owner in found.keys.items()]
                connection.execute(article_keys.insert(), rows)
        return Added(new=tuple(found.new), revised=tuple(found.edits), known=found.known)

    def claim_pending(self, now: datetime, lease: timedelta, limit: int) -> tuple[Article, ...]:
        """Articles to analyse, oldest first; one whose earlier attempt did not finish comes alone."""
        query = waiting().order_by(articles.c.seen_at, articles.c.article_id).limit(limit)
        with writing(self._engine) as connection:
            rows = connection.execute(query.with_for_update(skip_locked=True)).mappings().all()
            is_suspect = bool(rows) and rows[0]["attempts"] > 0
            claimed = rows[:1] if is_suspect else [row for row in rows if row["attempts"] == 0]
            ids = [row["article_id"] for row in claimed]
            connection.execute(
                update(articles)
                .where(articles.c.article_id.in_(ids))
                .values(attempts=articles.c.attempts + 1, leased_until=now + lease)
            )
            keys = _keys(connection, ids)
        return tuple(article_in(row, tuple(keys.get(row["article_id"], ()))) for row in claimed)

    def grouped_since(self, since: datetime) -> tuple[Grouped, ...]:
        """Fingerprints with their stories, oldest first, of analysed articles from `since` on.

        An edited article stays with its earlier fingerprint until the edit is analysed, so that its story
        does not vanish for those that arrive meanwhile.
        """
        with reading(self._engine) as connection:
            return self._fingerprints.grouped_since(connection, since)

    def story_of(self, article_id: ArticleId) -> StoryId | None:
        """The story that an earlier revision of this article was put into, if any."""
        with reading(self._engine) as connection:
            found = connection.scalar(select(articles.c.story_id).where(articles.c.article_id == article_id))
        return None if found is None else StoryId(found)

    def quarantine(self, article_id: ArticleId, reason: str, revision: int) -> None:
        """Sets an article aside, unless it was edited since; it rests until it is edited or released."""
        with writing(self._engine) as connection:
            connection.execute(
                update(articles)
                .where(
                    articles.c.article_id == article_id,
                    articles.c.state == ArticleState.NEW,
                    articles.c.revision == revision,
                )
                .values(state=ArticleState.QUARANTINED, reason=reason, leased_until=None)
            )

    def renew_unconfirmed(self, since: datetime) -> int:
        """Lets articles seen from `since` on that were analysed by word forms alone wait for analysis; how many.

        What they alerted stands: a watch is told about a story once.
        """
        with writing(self._engine) as connection:
            found = connection.execute(
                update(articles)
                .where(
                    articles.c.state == ArticleState.DONE,
                    articles.c.model == FORMS_ONLY,
                    articles.c.seen_at >= since,
                )
                .values(state=ArticleState.NEW, attempts=0, leased_until=None)
                .returning(articles.c.article_id)
            )
            return len(found.all())

    def release(self, article_ids: Sequence[ArticleId]) -> tuple[ArticleId, ...]:
        """Lets articles out of quarantine to be analysed again; gives those that were in it."""
        with writing(self._engine) as connection:
            released = connection.scalars(
                update(articles)
                .where(articles.c.article_id.in_(article_ids), articles.c.state == ArticleState.QUARANTINED)
                .values(state=ArticleState.NEW, reason=None, attempts=0, leased_until=None)
                .returning(articles.c.article_id)
            ).all()
        return tuple(ArticleId(id_) for id_ in article_ids if id_ in released)


def waiting(*columns: Column[Any]) -> Select[Any]:
    """All articles, or these columns of them, that wait for analysis and are in nobody's hands.

    A claim that ran out is not free before the sweep has seen it: renewed at once, no text was ever cut off too often.
    """
    free = articles.c.leased_until.is_(None)
    return select(*columns or (articles,)).where(articles.c.state == ArticleState.NEW, free)


def _chunks(values: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))


def _owners(connection: Connection, keys: Collection[str]) -> dict[str, ArticleId]:
    owners = {}
    for chunk in _chunks(keys):
        for row in connection.execute(select(article_keys).where(article_keys.c.key.in_(chunk))):
            owners[row.key] = ArticleId(row.article_id)
    return owners


def _keys(connection: Connection, article_ids: Sequence[str]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    query = select(article_keys).where(article_keys.c.article_id.in_(article_ids))
    for row in connection.execute(query):
        keys.setdefault(row.article_id, []).append(row.key)
    # Sorted here, because databases order text each in their own way.
    return {article_id: sorted(found) for article_id, found in keys.items()}


def _known(connection: Connection, ids: Collection[str]) -> Iterator[tuple[ArticleId, Known]]:
    for chunk in _chunks(ids):
        yield from _known_where(connection, articles.c.article_id.in_(chunk))


def _known_where(connection: Connection, condition: ColumnElement[bool]) -> Iterator[tuple[ArticleId, Known]]:
    size = func.length(articles.c.title) + func.length(articles.c.summary) + func.length(articles.c.body)
    columns = (articles.c.article_id, articles.c.feed_id, articles.c.revision, articles.c.texts_seen)
    query = select(*columns, articles.c.title, articles.c.url, size.label("size")).where(condition)
    for row in connection.execute(query.order_by(articles.c.seen_at.desc(), articles.c.article_id)):
        yield (
            ArticleId(row.article_id),
            Known(
                feed_id=FeedId(row.feed_id),
                revision=row.revision,
                texts_seen=tuple(row.texts_seen),
                size=row.size,
                title=row.title,
                url=row.url,
            ),
        )


def _renamed(
    connection: Connection,
    incoming: Sequence[Article],
    owners: Mapping[str, ArticleId],
    known: dict[ArticleId, Known],
    now: datetime,
) -> dict[ArticleId, ArticleId]:
    """Edits whose keys all changed with them; what is known of the edited articles goes to `known`."""
    present = owners_of(incoming, owners)
    strange = [article for article in incoming if article.id not in present and article.id not in known]
    strange = [article for article in strange if article_number(article.url)]
    if not strange:
        return {}
    lately = articles.c.seen_at >= now - EDIT_REACH
    feeds = {article.feed_id for article in strange}
    recent = dict(_known_where(connection, and_(articles.c.feed_id.in_(feeds), lately)))
    gone = {id_: found for id_, found in recent.items() if id_ not in known}
    renamed = retitled(strange, gone)
    known |= {id_: gone[id_] for id_ in renamed.values()}
    return renamed


def _new_row(article_id: ArticleId, article: Article, now: datetime) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "feed_id": article.feed_id,
        "outlet": article.outlet,
        "seen_at": article.seen_at,
        "baseline": article.baseline,
        "revision": 1,
        **_text_columns(article, (), now),
    }


def _edit(connection: Connection, article_id: ArticleId, article: Article, known: Known, now: datetime) -> None:
    values = {"revision": known.revision + 1, **_text_columns(article, known.texts_seen, now)}
    if article.date_claim is DateClaim.AHEAD:
        values["published_at"] = articles.c.seen_at
    is_it = articles.c.article_id == article_id
    kept = select(*(articles.c[name] for name in _KEPT)).where(is_it)
    connection.execute(revisions.insert().from_select(_KEPT, kept))
    connection.execute(update(articles).where(is_it).values(values))


def _text_columns(article: Article, texts_seen: tuple[str, ...], now: datetime) -> Mapping[str, Any]:
    """The columns that change with an edit: the text, and the analysis to be done again."""
    hashed = content_hash(article)
    return {
        "url": article.url,
        "title": article.title,
        "summary": article.summary,
        "body": article.body,
        "published_at": article.published_at,
        "published_raw": article.published_raw,
        "date_claim": article.date_claim,
        "is_routine": article.is_routine,
        "text_origin": article.text_origin,
        "revised_at": now,
        "content_hash": hashed,
        "texts_seen": [*texts_seen, hashed],
        "state": ArticleState.NEW,
        "attempts": 0,
        "leased_until": None,
        "reason": None,
    }


def article_in(row: RowMapping, keys: tuple[str, ...] = ()) -> Article:
    """The article in a row of `articles`, by column name."""
    return Article(
        id=ArticleId(row["article_id"]),
        feed_id=FeedId(row["feed_id"]),
        outlet=row["outlet"],
        url=row["url"],
        title=row["title"],
        summary=row["summary"],
        body=row["body"],
        published_at=row["published_at"],
        seen_at=row["seen_at"],
        revision=row["revision"],
        baseline=row["baseline"],
        keys=keys,
        published_raw=row["published_raw"],
        date_claim=DateClaim(row["date_claim"]),
        is_routine=row["is_routine"],
        text_origin=TextOrigin(row["text_origin"]),
    )
