"""The judge of the chaos run: what it must find, and what it must let pass."""

import pytest

from benchmarks.chaos.judge import Acceptance, Planned, delays, judge
from benchmarks.chaos.messages import Reader
from benchmarks.chaos.news import invent, names_of, watches

PAIR, OTHER = ("mills", "10001"), ("mines", "10002")
PLANNED = {Planned(*PAIR, "mail"), Planned(*OTHER, "mail")}


def taken(*told, at=1.0, is_answered=True, **more) -> Acceptance:
    return Acceptance(channel="mail", told=told, at=at, is_answered=is_answered, **more)


def verdict(*accepted, interruptions=()):
    return judge(PLANNED, accepted, interruptions)["mail"]


def test_all_that_was_planned_came():
    found = verdict(taken(PAIR), taken(OTHER, at=2))

    assert found.is_good
    assert (found.accepted, found.messages, found.repeats_marked) == (2, 2, 0)


def test_what_no_channel_took_is_lost():
    found = verdict(taken(PAIR))

    assert found.lost == [Planned(*OTHER, "mail")]
    assert not found.is_good


def test_a_channel_that_took_nothing_lost_everything():
    assert len(verdict().lost) == 2


def test_a_message_whose_answer_was_lost_counts_as_come():
    assert verdict(taken(PAIR, is_answered=False), taken(OTHER)).is_good


@pytest.mark.parametrize("told", [(("mills", "10009"),), (("mines", "10001"),), ()])
def test_what_nobody_planned_is_wrong(told):
    found = verdict(taken(PAIR), taken(OTHER), taken(*told))

    assert len(found.wrong) == 1
    assert not found.is_good


def test_what_was_planned_for_another_channel_is_wrong():
    found = judge(PLANNED, [Acceptance(channel="ntfy", told=(PAIR,), at=1, is_answered=True)], ())

    assert len(found["ntfy"].wrong) == 1


@pytest.mark.parametrize(
    ("is_answered", "interruptions", "is_marked", "expected"),
    [
        # first answer lost, marked: fine
        (False, (), True, (1, 0, 0)),
        # first answer lost, but not marked
        (False, (), False, (0, 1, 0)),
        # answered, and the sender killed between the two: fine
        (True, (1.5,), True, (1, 0, 0)),
        (True, (1.5,), False, (0, 1, 0)),
        # answered, and nobody killed between the two
        (True, (0.5, 3.5), True, (1, 0, 1)),
        (True, (), False, (0, 1, 1)),
    ],
)
def test_repeats_need_a_cause_and_a_mark(is_answered, interruptions, is_marked, expected):
    found = verdict(
        taken(PAIR, is_answered=is_answered),
        taken(OTHER),
        taken(PAIR, at=3, is_marked=is_marked),
        interruptions=interruptions,
    )

    assert (found.repeats_marked, len(found.unmarked), len(found.causeless)) == expected
    assert found.is_good == (expected == (1, 0, 0))


def test_the_cause_may_lie_before_any_of_the_messages_and_the_order_is_that_of_time():
    lost = taken(PAIR, at=1, is_answered=False)
    heard = taken(PAIR, at=2, is_marked=True)

    assert verdict(heard, taken(OTHER), lost).is_good


def test_each_story_of_a_digest_counts():
    found = verdict(taken(PAIR, OTHER, is_digest=True))

    assert found.is_good
    assert (found.messages, found.in_digests) == (1, 2)


def test_a_story_that_came_alone_and_in_a_digest_came_twice():
    assert len(verdict(taken(PAIR), taken(PAIR, OTHER, at=2, is_digest=True)).unmarked) == 1


def test_amendments_are_no_repeats_and_no_messages():
    found = verdict(taken(PAIR), taken(OTHER), taken(PAIR, at=3, amends=(PAIR,)))

    assert found.is_good
    assert (found.messages, found.amendments) == (2, 1)


def test_an_amendment_alone_tells_nobody():
    assert verdict(taken(PAIR, amends=(PAIR,)), taken(OTHER)).lost == [Planned(*PAIR, "mail")]


def test_an_amendment_of_another_message_is_wrong():
    assert len(verdict(taken(PAIR), taken(OTHER), taken(PAIR, at=3, amends=(OTHER,))).wrong) == 1


def test_delays_are_those_of_first_messages():
    accepted = [taken(PAIR, at=9), taken(PAIR, at=5), taken(OTHER, at=12), taken(OTHER, at=4, amends=(OTHER,))]

    assert delays(PLANNED, accepted, {"10001": 2.0, "10002": 11.0}) == [1.0, 3.0]


READER = Reader({"Мелници": "mills", "Рудници": "mines"})


def test_a_message_names_its_story_and_its_watch():
    text = "<b>(възможно повторение) Нает мост край Новосело, преписка 10001</b>\nАлфа\n\nЗащо: Мелници – „мелница“"

    told = READER.read(text)

    assert (told.pairs, told.is_marked, told.is_digest) == ((PAIR,), True, False)


def test_a_digest_names_its_stories_by_watch():
    text = (
        "**Обобщение: 3 известия**\n\n**Мелници \\(2\\)**\n• [Мост, преписка 10001](<http://x>)\nАлфа\n"
        "• Път, преписка 10003\n\n**Рудници \\(1\\)**\n• Хор, преписка 10002\nБета"
    )

    told = READER.read(text)

    assert told.pairs == (PAIR, ("mills", "10003"), OTHER)
    assert told.is_digest
    assert not told.is_marked


def test_a_message_about_nothing_known_tells_nothing():
    assert READER.read("Проба на канала").pairs == ()


def test_the_events_of_a_webhook():
    notice = {"watch": {"id": "mills"}, "title": "Мост, преписка 10001"}

    assert READER.read_event({**notice, "maybe_repeated": True}).is_marked
    digest = READER.read_event({"alerts": [notice, {**notice, "title": "Път, преписка 10003"}]})
    assert (digest.pairs, digest.is_digest, digest.is_marked) == ((PAIR, ("mills", "10003")), True, False)


def test_the_news_is_as_long_as_asked_and_the_same_for_a_seed():
    news = invent(5, articles=300, alerts=70)

    assert news == invent(5, articles=300, alerts=70)
    assert news != invent(6, articles=300, alerts=70)
    assert len(news.items) == 300
    assert len({(one.watch, one.event) for one in news.planned}) == 70
    assert len({(one.outlet, one.code) for one in news.items}) == 300
    assert {one.channel for one in news.planned} == {"telegram", "slack", "discord", "hook", "mail", "ntfy"}
    assert set(names_of(watches()).values()) >= {one.watch for one in news.planned}
