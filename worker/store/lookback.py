"""Counts of what the watches found, and what was told of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, func, select, update

from worker.grouping.decide import delivery_id, stable_hash
from worker.grouping.spikes import Volume
from worker.lookback import Sighting
from worker.models.alert import Notice, Route
from worker.models.delivery import DeliveryId, DeliveryState, DigestId, Review
from worker.models.news import StoryId
from worker.models.silence import Silence
from worker.models.watch import ChannelId, WatchId
from worker.store.encoding import notice_from_json, notice_to_json
from worker.store.encoding_digests import review_to_json
from worker.store.engine import insert, reading, writing
from worker.store.flushing import REVIEW, pending_row
from worker.store.outgoing import in_chunks, silences_at, surviving
from worker.store.schema import alerts, articles, deliveries, matches, stories
from worker.store.schema_alerts import digests, spikes


class SqlLookbackStore:
    """The LookbackStore; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sightings(self, since: datetime) -> tuple[Sighting, ...]:
        """The stories that each watch had from `since` on, oldest first."""
        first = func.min(articles.c.seen_at).label("at")
        query = (
            select(matches.c.watch_id, articles.c.story_id, first)
            .join(articles, articles.c.article_id == matches.c.article_id)
            .where(articles.c.seen_at >= since, articles.c.baseline.is_(False), articles.c.story_id.is_not(None))
            .group_by(matches.c.watch_id, articles.c.story_id)
            .order_by(first, articles.c.story_id, matches.c.watch_id)
        )
        with reading(self._engine) as connection:
            return tuple(
                Sighting(watch_id=WatchId(watch_id), story_id=StoryId(story_id), at=at)
                for watch_id, story_id, at in connection.execute(query)
            )

    def first_match(self, watch_id: WatchId) -> datetime | None:
        """When the watch first found anything."""
        query = (
            select(func.min(articles.c.seen_at))
            .join(matches, matches.c.article_id == articles.c.article_id)
            .where(matches.c.watch_id == watch_id, articles.c.baseline.is_(False))
        )
        with reading(self._engine) as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def spiking(self) -> frozenset[WatchId]:
        """Watches whose spike was told and is not over."""
        with reading(self._engine) as connection:
            return frozenset(map(WatchId, connection.scalars(select(spikes.c.watch_id).where(_is_open()))))

    def calm(self, watch_ids: Collection[WatchId], now: datetime) -> None:
        """Their spikes are over."""
        with writing(self._engine) as connection:
            calmed = update(spikes).where(spikes.c.watch_id.in_(watch_ids), _is_open())
            connection.execute(calmed.values(calmed_at=now))

    def tell_spike(
        self, watch_id: WatchId, volume: Volume, notice: Notice, routes: Sequence[Route], now: datetime
    ) -> tuple[DeliveryId, ...]:
        """Stores it, unless others told it meanwhile; gives the deliveries that need not wait."""
        with writing(self._engine) as connection:
            of_watch = select(spikes.c.calmed_at).where(spikes.c.watch_id == watch_id)
            before = connection.scalars(of_watch).all()
            if None in before:
                return ()
            id_ = stable_hash("spike", watch_id, str(len(before)))
            row = {
                "spike_id": id_,
                "watch_id": watch_id,
                "stories": volume.stories,
                "usual": volume.usual,
                "notice": notice_to_json(notice),
                "created_at": now,
            }
            begun = insert(connection, spikes).values(row).on_conflict_do_nothing().returning(spikes.c.spike_id)
            if connection.scalars(begun).one_or_none() is None:
                return ()
            rows = [_spike_row(id_, route, now) for route in routes]
            if rows:
                connection.execute(insert(connection, deliveries).values(rows).on_conflict_do_nothing())
        return tuple(delivery_id(id_, route.channel) for route in routes if route.held_until is None)

    def top_stories(self, story_ids: Collection[StoryId], limit: int) -> tuple[tuple[StoryId, str, int], ...]:
        """Id, title of the first article and number of outlets, most outlets first."""
        outlets = func.count(articles.c.outlet.distinct())
        counted: list[tuple[int, str]] = []
        with reading(self._engine) as connection:
            for some in in_chunks(sorted(story_ids)):
                query = select(outlets, articles.c.story_id).where(articles.c.story_id.in_(some))
                counted += [(number, id_) for number, id_ in connection.execute(query.group_by(articles.c.story_id))]
            best = sorted(counted, key=lambda one: (-one[0], one[1]))[:limit]
            return tuple((StoryId(id_), _first_title(connection, id_), number) for number, id_ in best)

    def first_notices(self, subjects: Collection[tuple[WatchId, StoryId]]) -> Mapping[tuple[WatchId, StoryId], Notice]:
        """What each watch was first told of each story, where it was told anything."""
        wanted = set(subjects)
        found: dict[tuple[WatchId, StoryId], Notice] = {}
        with reading(self._engine) as connection:
            for some in in_chunks(sorted({story_id for _, story_id in wanted})):
                query = (
                    select(alerts.c.watch_id, surviving.label("story_id"), alerts.c.notice)
                    .join(stories, stories.c.story_id == alerts.c.story_id)
                    .where(surviving.in_(some))
                    .order_by(alerts.c.created_at, alerts.c.revision)
                )
                for watch_id, story_id, notice in connection.execute(query):
                    subject = WatchId(watch_id), StoryId(story_id)
                    if subject in wanted and subject not in found:
                        found[subject] = notice_from_json(notice)
        return found

    def silences(self, now: datetime) -> tuple[Silence, ...]:
        """Those in force."""
        with reading(self._engine) as connection:
            return silences_at(connection, now)

    def is_reviewed(self, review_id: DigestId) -> bool:
        """Whether this review was made."""
        query = select(digests.c.digest_id).where(digests.c.digest_id == review_id)
        with reading(self._engine) as connection:
            return connection.scalar(query) is not None

    def tell_review(self, review: Review, channel: ChannelId, now: datetime) -> tuple[DeliveryId, ...]:
        """Stores it, unless others made it meanwhile; gives its delivery."""
        row = {
            "digest_id": review.id,
            "channel": channel,
            "kind": REVIEW,
            "content": review_to_json(review),
            "created_at": now,
        }
        with writing(self._engine) as connection:
            made = insert(connection, digests).values(row).on_conflict_do_nothing().returning(digests.c.digest_id)
            if connection.scalars(made).one_or_none() is None:
                return ()
            id_ = delivery_id(review.id, channel)
            connection.execute(deliveries.insert().values(pending_row(id_, channel, now, digest_id=review.id)))
        return (id_,)


def _is_open() -> ColumnElement[bool]:
    return spikes.c.calmed_at.is_(None)


def _spike_row(spike_id: str, route: Route, now: datetime) -> dict[str, object]:
    held = {}
    if route.held_until is not None:
        held = {
            "state": DeliveryState.HELD,
            "next_attempt_at": route.held_until,
            "reason": route.reason.value if route.reason else None,
        }
    id_ = delivery_id(spike_id, route.channel)
    return (
        pending_row(id_, route.channel, now, spike_id=spike_id, held_until=route.held_until) | {"reason": None} | held
    )


def _first_title(connection: Connection, story_id: str) -> str:
    query = select(articles.c.title).where(articles.c.story_id == story_id)
    return str(connection.scalars(query.order_by(articles.c.seen_at, articles.c.article_id).limit(1)).one())
