"""What story grouping compares, written and read in bulk.

Every analysis reads the window of the last days again, thousands of fingerprints of which few are new since
the last time. Which articles are in the window, and in which story, is always asked; only the fingerprints
themselves, which do not change within one revision, are remembered.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from worker.models.alert import Fingerprint, Grouped
from worker.models.news import ArticleId, StoryId
from worker.store.encoding import shingles_from_bytes, shingles_to_bytes
from worker.store.schema import articles, fingerprints

_CHUNK = 500


def write_fingerprint(connection: Connection, fingerprint: Fingerprint, revision: int) -> None:
    """Replaces the article's fingerprint."""
    connection.execute(delete(fingerprints).where(fingerprints.c.article_id == fingerprint.article_id))
    connection.execute(
        fingerprints.insert().values(
            article_id=fingerprint.article_id,
            revision=revision,
            outlet=fingerprint.outlet,
            at=fingerprint.at,
            terms=dict(fingerprint.terms),
            names=sorted(fingerprint.names),
            shingles=shingles_to_bytes(fingerprint.shingles),
        )
    )


class FingerprintCache:
    """The fingerprints of the window that was read last, by article and revision."""

    def __init__(self) -> None:
        self._remembered: dict[tuple[str, int], Fingerprint] = {}

    def grouped_since(self, connection: Connection, since: datetime) -> tuple[Grouped, ...]:
        """Fingerprints with their stories, oldest first."""
        columns = (fingerprints.c.article_id, fingerprints.c.revision, articles.c.story_id)
        rows = connection.execute(
            select(*columns)
            .join(articles, articles.c.article_id == fingerprints.c.article_id)
            .where(fingerprints.c.at >= since, articles.c.story_id.is_not(None))
            .order_by(fingerprints.c.at, fingerprints.c.article_id)
        ).all()
        remembered = self._remembered
        missing = [article_id for article_id, revision, _ in rows if (article_id, revision) not in remembered]
        read = dict(_read(connection, missing))
        window = {}
        grouped = []
        for article_id, revision, story_id in rows:
            key = (article_id, revision)
            fingerprint = remembered.get(key) or read.get(key)
            # None: a newer revision was stored between the two reads; the history version tells the planner.
            if fingerprint is not None:
                window[key] = fingerprint
                grouped.append(Grouped(fingerprint=fingerprint, story_id=StoryId(story_id)))
        self._remembered = window
        return tuple(grouped)


def _read(connection: Connection, article_ids: Sequence[str]) -> Iterator[tuple[tuple[str, int], Fingerprint]]:
    for start in range(0, len(article_ids), _CHUNK):
        chunk = article_ids[start : start + _CHUNK]
        yield from _decoded(connection.execute(select(fingerprints).where(fingerprints.c.article_id.in_(chunk))))


def _decoded(rows: Iterable[Row[Any]]) -> Iterator[tuple[tuple[str, int], Fingerprint]]:
    for row in rows:
        yield (
            (row.article_id, row.revision),
            Fingerprint(
                article_id=ArticleId(row.article_id),
                outlet=row.outlet,
                at=row.at,
                terms=row.terms,
                names=frozenset(row.names),
                shingles=shingles_from_bytes(row.shingles),
            ),
        )
