"""What holds of the outbox whatever happens, in memory and, less often, on SQLite."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fake_pages import FakePageStore
from tests.fakes import (
    FakeAlertStore,
    FakeAmendingChannel,
    FakeArticleStore,
    FakeFeedNoticeStore,
    FakeFeedStore,
    Memory,
)
from tests.store.conftest import sql_stores
from tests.store.values import NOW, Stores, a_record, an_alert, an_article, claim_one, swept
from worker import pipeline
from worker.models.alert import Grouping, Notice
from worker.models.delivery import DeliveryId, Digest
from worker.models.silence import Silence, SilenceId
from worker.models.watch import ChannelId, WatchId
from worker.pipeline import Policy
from worker.ports import Applied
from worker.store.engine import connect

MINUTE = timedelta(minutes=1)
DESK = ChannelId("desk")
POLICY = Policy(digest_size=3)


@dataclass(frozen=True)
class Step:
    """An alert of one of four stories for one of two watches."""

    watch: str
    story: int
    is_amendment: bool
    held_minutes: int | None


STEPS = st.lists(
    st.builds(
        Step,
        watch=st.sampled_from(("nato", "bnb")),
        story=st.integers(0, 3),
        is_amendment=st.booleans(),
        held_minutes=st.none() | st.integers(1, 20),
    ),
    max_size=12,
)


def in_memory() -> Stores:
    memory = Memory()
    return Stores(
        feeds=FakeFeedStore(memory),
        articles=FakeArticleStore(memory),
        alerts=FakeAlertStore(memory),
        pages=FakePageStore(memory),
        feed_notices=FakeFeedNoticeStore(memory),
    )


def decide(stores: Stores, steps: Sequence[Step], *, again: bool = False) -> None:
    """Stores an alert for each step, one minute after the other; again: which changes nothing."""
    revisions: Counter[tuple[str, int]] = Counter()
    for number, step in enumerate(steps):
        at = NOW + number * MINUTE
        article = an_article(f"a{number}")
        revisions[step.watch, step.story] += 1
        revision = revisions[step.watch, step.story]
        is_amendment = step.is_amendment and revision > 1
        held = None if step.held_minutes is None or is_amendment else at + step.held_minutes * MINUTE
        alert = an_alert(
            article,
            story=f"s{step.story}",
            watch=step.watch,
            revision=revision,
            at=at,
            held_until=held,
            is_amendment=is_amendment,
        )
        if not again:
            stores.articles.add([article], NOW)
            claim_one(stores)
        record = a_record(
            article, stores.alerts.version(), story=f"s{step.story}", alerts=(alert,), grouping=Grouping.SAME_EVENT
        )
        assert isinstance(stores.alerts.apply(record, at), Applied) is not again


def drain(
    stores: Stores, channel: FakeAmendingChannel, order: Callable[[list[DeliveryId]], list[DeliveryId]] = list
) -> None:
    """Flushes, sweeps and delivers for a day and a half, every ten minutes."""
    for tick in range(220):
        now = NOW + tick * 10 * MINUTE

        def clock(now: datetime = now) -> datetime:
            return now

        pipeline.flush_held(alerts=stores.alerts, policy=POLICY, clock=clock)
        due = list(swept(stores, now).due)
        if not due and tick > 160:
            return
        for id_ in order(due):
            pipeline.deliver(id_, alerts=stores.alerts, channels={DESK: channel}, policy=POLICY, clock=clock)


def said(channel: FakeAmendingChannel) -> Counter[tuple[str, str, int]]:
    """Watch, address and revision of everything that was sent, in digests or not."""
    contents = [one.content for one in channel.sent] + [one.content for one, _ in channel.amended]
    notices = [one for one in contents if isinstance(one, Notice)]
    notices += [notice for one in contents if isinstance(one, Digest) for notice in one.notices]
    return Counter((one.watch_id, one.url, one.revision) for one in notices)


def check_all(make: Callable[[], Stores], steps: Sequence[Step], seed: int) -> None:
    stores, channel = make(), FakeAmendingChannel()
    decide(stores, steps)
    drain(stores, channel)
    once = said(channel)

    decide(stores, steps, again=True)
    drain(stores, channel)
    other, backwards = make(), FakeAmendingChannel()
    decide(other, steps)
    drain(other, backwards, lambda due: due[seed % max(1, len(due)) :][::-1] + due[: seed % max(1, len(due))])

    # Replay adds nothing, nothing is said twice, and whoever comes first, the same is said.
    assert said(channel) == once
    assert all(count == 1 for count in once.values())
    assert set(said(backwards)) == set(once)
    # A message says last what is newest, and a digest says one thing of a story.
    assert last_said(backwards, steps) == last_said(channel, steps)
    for digest in (one.content for one in channel.sent if isinstance(one.content, Digest)):
        subjects = [(notice.watch_id, story_of(steps, notice.url)) for notice in digest.notices]
        assert len(subjects) == len(set(subjects))
    # Of each watch and story that anything was decided about, something was said.
    assert len({(watch, story_of(steps, url)) for watch, url, _ in once}) == len({(s.watch, s.story) for s in steps})


def last_said(channel: FakeAmendingChannel, steps: Sequence[Step]) -> dict[tuple[str, int], int]:
    """The revision that the last amendment of each watch and story made."""
    shown: dict[tuple[str, int], int] = {}
    for one, _ in channel.amended:
        assert isinstance(one.content, Notice)
        subject = one.content.watch_id, story_of(steps, one.content.url)
        assert one.content.revision > shown.get(subject, 0)
        shown[subject] = one.content.revision
    return shown


def story_of(steps: Sequence[Step], url: str) -> int:
    return steps[int(url.rpartition("/a")[2])].story


def silenced(make: Callable[[], Stores], steps: Sequence[Step]) -> None:
    stores, channel = make(), FakeAmendingChannel()
    decide(stores, steps)
    silence = Silence(
        id=SilenceId("one"),
        watch_id=WatchId("nato"),
        story_id=None,
        author="Иван",
        comment="",
        starts_at=NOW,
        ends_at=NOW + timedelta(days=9),
    )
    stores.alerts.add_silence(silence)
    drain(stores, channel)

    assert all(watch != "nato" for watch, _, _ in said(channel))


@given(steps=STEPS, seed=st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_outbox_in_memory(steps: list[Step], seed: int) -> None:
    check_all(in_memory, steps, seed)


@given(steps=STEPS)
@settings(max_examples=60, deadline=None)
def test_nobody_is_told_under_a_silence(steps: list[Step]) -> None:
    silenced(in_memory, steps)


@given(steps=STEPS, seed=st.integers(0, 99))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_outbox_on_sqlite(migrated_file: Path, steps: list[Step], seed: int) -> None:
    folders = []

    def make() -> Stores:
        folders.append(Path(tempfile.mkdtemp()))
        shutil.copy(migrated_file, folders[-1] / "vestitel.db")
        return sql_stores(connect(None, folders[-1]))

    try:
        check_all(make, steps, seed)
        silenced(make, steps)
    finally:
        for folder in folders:
            shutil.rmtree(folder)
