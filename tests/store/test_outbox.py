"""The contract of AlertStore: what waits, follows, amends, is put together, silenced or dropped."""

from datetime import datetime, timedelta

import pytest

from tests.store.values import (
    LEASE,
    NOW,
    Stores,
    an_alert,
    an_article,
    analyse,
    claimed,
    history_of,
    swept,
)
from worker.grouping.decide import delivery_id
from worker.models.alert import Alert, AlertId, Grouping, Notice
from worker.models.delivery import DeliveryId, Digest, Receipt
from worker.models.news import ArticleId, StoryId
from worker.models.silence import Silence, SilenceId
from worker.models.watch import ChannelId, WatchId

MINUTE = timedelta(minutes=1)
DESK = ChannelId("desk")
MORNING = NOW + timedelta(hours=8)


def tell(stores: Stores, name: str, story: str, **about: object) -> tuple[DeliveryId, ...]:
    """An article of a story, with an alert of it."""
    article = an_article(name)
    alert = an_alert(article, story=story, **about)  # type: ignore[arg-type]  # passed on as given
    return analyse(stores, article, story=story, grouping=Grouping.SAME_EVENT, alerts=(alert,))


def id_of(alert: str, channel: str = "desk") -> DeliveryId:
    return delivery_id(alert, ChannelId(channel))


def send(stores: Stores, delivery_id: DeliveryId, now: datetime = NOW, remote_id: str | None = "77") -> None:
    assert stores.alerts.mark_sent(claimed(stores, delivery_id, now), Receipt(remote_id=remote_id), now)


def a_silence(watch: str | None = "nato", story: str | None = None, start: datetime = NOW) -> Silence:
    return Silence(
        id=SilenceId(f"{watch}-{story}"),
        watch_id=WatchId(watch) if watch else None,
        story_id=StoryId(story) if story else None,
        author="Иван",
        comment="учение",
        starts_at=start,
        ends_at=start + timedelta(days=1),
    )


def test_held_alert_is_not_due_before_it_is_flushed(stores: Stores) -> None:
    due = tell(stores, "a1", "s1", held_until=MORNING)

    assert due == ()
    assert swept(stores, MORNING).due == ()
    assert stores.alerts.held_channels(MORNING - MINUTE) == ()
    assert stores.alerts.held_channels(MORNING) == (DESK,)


def test_one_held_alert_goes_by_itself(stores: Stores) -> None:
    tell(stores, "a1", "s1", held_until=MORNING)

    flushed = stores.alerts.flush(DESK, MORNING, 12)

    assert (flushed.due, flushed.in_digests, flushed.dropped) == ((id_of("nato-s1-1"),), 0, 0)
    assert isinstance(claimed(stores, flushed.due[0], MORNING).content, Notice)


def test_several_held_alerts_become_one_digest_and_flushing_again_adds_nothing(stores: Stores) -> None:
    for number in range(3):
        tell(stores, f"a{number}", f"s{number}", held_until=MORNING, at=NOW + number * MINUTE)

    flushed = stores.alerts.flush(DESK, MORNING, 12)
    again = stores.alerts.flush(DESK, MORNING, 12)

    assert (len(flushed.due), flushed.in_digests) == (1, 3)
    assert again.due == ()
    digest = claimed(stores, flushed.due[0], MORNING).content
    assert isinstance(digest, Digest)
    assert [notice.url for notice in digest.notices] == [f"https://dnes.example/a{number}" for number in range(3)]
    assert swept(stores, MORNING).due == ()


def test_of_one_story_a_digest_tells_the_newest(stores: Stores) -> None:
    tell(stores, "a1", "s1", held_until=MORNING)
    tell(stores, "a2", "s1", held_until=MORNING, revision=2, at=NOW + MINUTE)

    flushed = stores.alerts.flush(DESK, MORNING, 12)

    assert (flushed.due, flushed.dropped) == ((id_of("nato-s1-2"),), 1)


def test_long_digest_is_parted_evenly(stores: Stores) -> None:
    for number in range(13):
        tell(stores, f"a{number}", f"s{number}", held_until=MORNING)

    flushed = stores.alerts.flush(DESK, MORNING, 12)

    contents = [claimed(stores, id_, MORNING).content for id_ in flushed.due]
    assert sorted(len(one.notices) for one in contents if isinstance(one, Digest)) == [6, 7]


def test_silence_drops_what_waits(stores: Stores) -> None:
    (first,) = tell(stores, "a1", "s1")
    tell(stores, "a2", "s2", held_until=MORNING)
    stores.alerts.add_silence(a_silence())

    claim = stores.alerts.claim(first, NOW, LEASE)
    flushed = stores.alerts.flush(DESK, MORNING, 12)

    assert (claim, flushed.due, flushed.dropped) == (None, (), 1)
    assert swept(stores, MORNING).due == ()


def test_silence_takes_a_story_out_of_a_digest_that_waits(stores: Stores) -> None:
    for number in range(2):
        tell(stores, f"a{number}", f"s{number}", held_until=MORNING)
    (digest,) = stores.alerts.flush(DESK, MORNING, 12).due
    stores.alerts.add_silence(a_silence(None, "s0"))

    content = claimed(stores, digest, MORNING).content

    assert isinstance(content, Digest)
    assert [notice.url for notice in content.notices] == ["https://dnes.example/a1"]


def test_silence_holds_from_its_start_until_a_person_ends_it(stores: Stores) -> None:
    stores.alerts.add_silence(a_silence(start=NOW + MINUTE))

    before, during = history_of(stores, now=NOW).silences, history_of(stores, now=NOW + MINUTE).silences
    is_ended = stores.alerts.end_silence(SilenceId("nato-None"), NOW + 2 * MINUTE)
    after = history_of(stores, now=NOW + 2 * MINUTE).silences

    assert (before, during, is_ended, after) == ((), (a_silence(start=NOW + MINUTE),), True, ())
    assert not stores.alerts.end_silence(SilenceId("nato-None"), NOW + 2 * MINUTE)
    assert not stores.alerts.end_silence(SilenceId("none"), NOW)
    assert stores.alerts.version() == 2


def test_follow_up_answers_the_first_message(stores: Stores) -> None:
    (first,) = tell(stores, "a1", "s1")
    send(stores, first)
    (second,) = tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE)

    thread = claimed(stores, second, NOW + MINUTE).thread

    assert thread is not None
    assert (thread.first_alert_id, thread.remote_id) == ("nato-s1-1", "77")


def test_follow_up_waits_for_the_first_message_for_a_while(stores: Stores) -> None:
    (first,) = tell(stores, "a1", "s1")
    (second,) = tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE)

    early = stores.alerts.claim(second, NOW + MINUTE, LEASE)
    late = claimed(stores, second, NOW + 12 * MINUTE)

    assert early is None
    assert (late.attempts, late.thread and late.thread.first_alert_id) == (1, "nato-s1-2")
    assert stores.alerts.claim(first, NOW + 12 * MINUTE, LEASE) is not None


def test_amendment_waits_for_its_first_message_and_names_it(stores: Stores) -> None:
    (first,) = tell(stores, "a1", "s1")
    (amendment,) = tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE, is_amendment=True)

    early = stores.alerts.claim(amendment, NOW + MINUTE, LEASE)
    send(stores, first, NOW + MINUTE)
    late = claimed(stores, amendment, NOW + 3 * MINUTE)

    assert early is None
    assert late.is_amendment
    assert late.thread is not None
    assert late.thread.remote_id == "77"


@pytest.mark.parametrize("end", ["dead", "dropped", "digest"])
def test_amendment_of_a_message_that_never_came_is_dropped(stores: Stores, end: str) -> None:
    held = MORNING if end == "digest" else None
    tell(stores, "a1", "s1", held_until=held)
    (amendment,) = tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE, is_amendment=True)
    first = id_of("nato-s1-1")
    match end:
        case "dead":
            stores.alerts.mark_dead(claimed(stores, first), "auth", NOW, maybe_accepted=False)
        case "dropped":
            stores.alerts.drop((first,), "Иван", NOW)
        case _:
            tell(stores, "a3", "s3", held_until=MORNING)
            stores.alerts.flush(DESK, MORNING, 12)

    assert stores.alerts.claim(amendment, MORNING, LEASE) is None
    assert amendment not in swept(stores, MORNING + LEASE).due


def test_only_the_newest_amendment_is_sent(stores: Stores) -> None:
    (first,) = tell(stores, "a1", "s1")
    send(stores, first)
    (older,) = tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE, is_amendment=True)
    (newer,) = tell(stores, "a3", "s1", revision=3, at=NOW + 2 * MINUTE, is_amendment=True)

    assert stores.alerts.claim(older, NOW + 3 * MINUTE, LEASE) is None
    assert claimed(stores, newer, NOW + 3 * MINUTE).is_amendment
    assert swept(stores, NOW + 3 * MINUTE).due == ()


def test_amendment_waits_while_an_older_one_is_under_way(stores: Stores) -> None:
    (first,) = tell(stores, "a1", "s1")
    send(stores, first)
    (older,) = tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE, is_amendment=True)
    claimed(stores, older, NOW + MINUTE)
    (newer,) = tell(stores, "a3", "s1", revision=3, at=NOW + 2 * MINUTE, is_amendment=True)

    assert stores.alerts.claim(newer, NOW + 3 * MINUTE, LEASE) is None
    assert newer in swept(stores, NOW + 4 * MINUTE).due


def test_amendment_keeps_the_words_of_the_message_that_it_amends(stores: Stores) -> None:
    tell(stores, "a1", "s1", held_until=MORNING)
    tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE, held_until=MORNING)
    (second,) = stores.alerts.flush(DESK, MORNING, 12).due
    send(stores, second, MORNING)
    (amendment,) = tell(stores, "a3", "s1", revision=3, at=MORNING + MINUTE, is_amendment=True)

    content = claimed(stores, amendment, MORNING + MINUTE).content

    assert isinstance(content, Notice)
    assert (content.url, content.revision) == (an_article("a2").url, 3)


def test_first_message_that_comes_after_a_later_one_rests(stores: Stores) -> None:
    tell(stores, "a1", "s1", held_until=MORNING)
    (urgent,) = tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE)
    send(stores, urgent, now=NOW + MINUTE)

    (first,) = stores.alerts.flush(DESK, MORNING, 12).due

    assert stores.alerts.claim(first, MORNING, LEASE) is None
    assert swept(stores, MORNING).due == ()


def test_story_that_a_silence_kept_from_everybody_is_not_told(stores: Stores) -> None:
    tell(stores, "a1", "s1", held_until=MORNING)
    stores.alerts.add_silence(a_silence())
    stores.alerts.flush(DESK, MORNING, 12)

    (known,) = history_of(stores, "s1").told.values()

    assert known.is_unheard
    assert known.revision == 1


def test_history_tells_what_a_watch_knows_of_a_story(stores: Stores) -> None:
    tell(stores, "a1", "s1", held_until=MORNING)
    tell(stores, "a2", "s1", revision=2, at=NOW + MINUTE, is_amendment=True)

    history = history_of(stores, "s1")

    told = history.told[WatchId("nato"), StoryId("s1")]
    assert (told.revision, told.loud, told.loud_at, told.is_acknowledged) == (2, 1, MORNING, False)
    assert (told.first.url, told.last.url) == ("https://dnes.example/a1", "https://dnes.example/a2")
    assert [member.article_id for member in history.members[StoryId("s1")]] == ["a1", "a2"]
    assert history.recent == {}


def test_alerts_that_went_at_once_are_recent(stores: Stores) -> None:
    tell(stores, "a1", "s1")
    tell(stores, "a2", "s1", revision=2, is_amendment=True)
    tell(stores, "a3", "s3", held_until=MORNING)

    assert history_of(stores, since=NOW).recent == {DESK: (NOW,)}
    assert history_of(stores, since=NOW + MINUTE).recent == {}


def merge(stores: Stores, name: str, into: str, part: str, *alerts: Alert) -> None:
    analyse(stores, an_article(name), story=into, grouping=Grouping.SAME_EVENT, merges=(part,), alerts=alerts)


def test_stories_that_became_one_are_told_as_one(stores: Stores) -> None:
    (first,) = tell(stores, "a1", "s1")
    tell(stores, "a2", "s2", watch="bnb")
    send(stores, first)
    ahead = stores.alerts.history((StoryId("s2"),), NOW, NOW, (StoryId("s1"),))
    merge(stores, "a3", "s2", "s1")
    merge(stores, "a4", "s0", "s2")
    history = history_of(stores, "s0")

    assert set(ahead.told) == {(WatchId("nato"), StoryId("s2")), (WatchId("bnb"), StoryId("s2"))}
    assert set(history.told) == {(WatchId("nato"), StoryId("s0")), (WatchId("bnb"), StoryId("s0"))}
    assert {one.article_id for one in history.members[StoryId("s0")]} == {"a1", "a2", "a3", "a4"}
    assert {one.story_id for one in stores.articles.grouped_since(NOW - LEASE)} == {"s0"}
    assert stores.articles.story_of(ArticleId("a1")) == "s0"
    (follow_up,) = tell(stores, "a5", "s0", revision=2, at=NOW + MINUTE)
    thread = claimed(stores, follow_up, NOW + MINUTE).thread
    assert thread is not None
    assert (thread.story_id, thread.first_alert_id, thread.remote_id) == ("s0", "nato-s1-1", "77")


def test_silence_of_a_story_covers_what_it_became(stores: Stores) -> None:
    tell(stores, "a1", "s1")
    stores.alerts.add_silence(a_silence(None, "s1"))
    merge(stores, "a2", "s2", "s1")

    (silence,) = history_of(stores).silences
    assert silence.story_id == "s2"


def test_person_says_that_they_know(stores: Stores) -> None:
    tell(stores, "a1", "s1")
    version = stores.alerts.version()

    known = [stores.alerts.acknowledge(AlertId(name), "Иван", NOW) for name in ("nato-s1-1", "nato-s1-1", "none")]

    assert known == [True, True, False]
    assert stores.alerts.version() == version + 1
    assert history_of(stores, "s1").told[WatchId("nato"), StoryId("s1")].is_acknowledged


def test_person_releases_and_drops(stores: Stores) -> None:
    tell(stores, "a1", "s1", held_until=MORNING, channels=("desk", "mail"))
    ids = (id_of("nato-s1-1"), id_of("nato-s1-1", "mail"))

    released = stores.alerts.release((ids[0], DeliveryId("none")), NOW)
    dropped = stores.alerts.drop(ids[1:], "Иван", NOW)

    assert (released, dropped) == (ids[:1], ids[1:])
    assert swept(stores).due == ids[:1]
    assert stores.alerts.flush(ChannelId("mail"), MORNING, 12).due == ()
    assert stores.alerts.drop(ids[1:], "Иван", NOW) == ()


def test_amendment_that_its_channel_cannot_make_rests(stores: Stores) -> None:
    (first,) = tell(stores, "a1", "s1")
    delivery = claimed(stores, first)

    assert stores.alerts.mark_dropped(delivery, "cannot_amend")
    assert not stores.alerts.mark_dropped(delivery, "cannot_amend")
    assert swept(stores, NOW + LEASE).due == ()
