"""Where a story came from, and how many sources stand behind it."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.values import NOON
from worker.grouping.sources import sources_of
from worker.models.attribution import UNSTATED, Attribution, Cue
from worker.models.news import ArticleId
from worker.models.story import Member, OriginBasis, Sources, StoryOrigin


def by(origin: str, cue: Cue = Cue.PASSED_ON, relay: str | None = None) -> Attribution:
    return Attribution(origin=origin, cue=cue, relay=relay)


OWN_BTA = by("БТА", Cue.OWN)


def member(
    name: str, outlet: str, attribution: Attribution = UNSTATED, *, copy_of: str | None = None, minutes: int = 0
) -> Member:
    return Member(
        article_id=ArticleId(name),
        outlet=outlet,
        url=f"https://news.example/{name}",
        at=NOON + timedelta(minutes=minutes),
        attribution=attribution,
        copy_of=None if copy_of is None else ArticleId(copy_of),
    )


def names(sources: Sources) -> tuple[str, ...]:
    return tuple(one.outlet for one in sources.outlets)


def test_one_agency_text_in_eight_outlets_is_one_source() -> None:
    copies = [member(f"c{number}", f"Вестник {number}", copy_of="wire", minutes=number) for number in range(1, 8)]

    sources = sources_of([member("wire", "БТА", OWN_BTA), *copies])

    assert sources.independent == 1
    assert names(sources) == ("БТА", *(f"Вестник {number}" for number in range(1, 8)))


@pytest.mark.parametrize(
    ("members", "independent"),
    [
        pytest.param([member("a", "Сега"), member("b", "Труд")], 2, id="two outlets that name nobody"),
        pytest.param([member("a", "Сега"), member("b", "Сега")], 1, id="two texts of one outlet"),
        pytest.param(
            [member("a", "Сега", by("АФП")), member("b", "Труд", by("АФП"))], 1, id="own texts after one agency"
        ),
        pytest.param([member("a", "Сега", by("АФП")), member("b", "Труд", by("АП"))], 2, id="two agencies"),
        pytest.param(
            [member("a", "Сега", by("АФП", Cue.ACCORDING)), member("b", "Труд", by("АФП", Cue.SECONDARY))],
            2,
            id="the agency stands behind a claim only",
        ),
        pytest.param(
            [member("wire", "БТА", OWN_BTA), member("copy", "Сега", copy_of="wire"), member("own", "Сега")],
            2,
            id="an outlet with a copy and a text of its own",
        ),
        pytest.param(
            [member("a", "Сега", by("БТА")), member("b", "Труд", by("БГНЕС"), copy_of="a")],
            1,
            id="one text that two agencies are named for",
        ),
        pytest.param(
            [member("a", "БТА", by("ДПА", relay="БТА")), member("b", "Труд", by("БТА"))],
            1,
            id="an article names only the relay of what another names whole",
        ),
        pytest.param(
            [
                member("a", "БТА", by("ДПА", relay="БТА")),
                member("b", "БТА", by("АП", relay="БТА")),
                member("c", "Труд", by("БТА")),
            ],
            3,
            id="a relay of two origins stands for neither",
        ),
        pytest.param([member("a", "Сега", copy_of="gone"), member("b", "Труд")], 2, id="copy of an article elsewhere"),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_sources_count_once(members: list[Member], independent: int) -> None:
    assert sources_of(members).independent == independent


STATED_AFP = StoryOrigin(name="АФП", basis=OriginBasis.STATED)


@pytest.mark.parametrize(
    ("members", "origin"),
    [
        pytest.param([member("a", "Сега"), member("b", "Труд", minutes=5)], None, id="the first to be seen is none"),
        pytest.param([member("a", "Сега", by("АФП"))], None, id="one outlet alone says so"),
        pytest.param(
            [member("a", "Сега", by("АФП")), member("b", "Сега", by("АФП"))], None, id="the same outlet twice"
        ),
        pytest.param(
            [member("a", "Сега", by("АФП"), minutes=5), member("b", "Труд", by("АФП")), member("c", "Дума", by("АП"))],
            STATED_AFP,
            id="two agree, one does not",
        ),
        pytest.param(
            [
                member("a", "Сега", by("АФП")),
                member("b", "Труд", by("АП"), minutes=1),
                member("c", "Дума", by("АП"), minutes=2),
                member("d", "Монитор", by("АФП"), minutes=3),
            ],
            STATED_AFP,
            id="the earlier of two that as many agree on",
        ),
        pytest.param(
            [member("wire", "БТА", OWN_BTA, minutes=5), member("b", "Труд", copy_of="wire")],
            StoryOrigin(name="БТА", basis=OriginBasis.TEXT),
            id="the agency whose text another has without a word of it",
        ),
        pytest.param(
            [member("wire", "БТА", by("ДПА", relay="БТА")), member("b", "Труд", copy_of="wire")],
            StoryOrigin(name="БТА", basis=OriginBasis.TEXT),
            id="its text, though it has it from elsewhere",
        ),
        pytest.param(
            [member("wire", "БТА", OWN_BTA), member("b", "Труд"), member("c", "Сега")],
            None,
            id="an agency that nobody repeats",
        ),
        pytest.param(
            [
                member("w1", "БТА", OWN_BTA),
                member("b", "Труд", copy_of="w1"),
                member("w2", "Фокус", by("Фокус", Cue.OWN)),
                member("c", "Сега", copy_of="w2"),
            ],
            None,
            id="two agencies that as many repeat",
        ),
    ],
)
def test_origin_is_what_several_state_or_whose_text_is_repeated(
    members: list[Member], origin: StoryOrigin | None
) -> None:
    assert sources_of(members).origin == origin


def test_statement_of_several_goes_before_likeness_of_text() -> None:
    members = [
        member("wire", "БТА", by("АФП", relay="БТА")),
        member("copy", "Труд", by("АФП"), copy_of="wire"),
        member("more", "Сега", copy_of="wire"),
    ]

    assert sources_of(members).origin == STATED_AFP


def test_outlets_stand_in_order_of_appearance() -> None:
    members = [member("a", "Сега", minutes=9), member("b", "Труд"), member("c", "Сега", minutes=3)]

    assert names(sources_of(members)) == ("Труд", "Сега")


ATTRIBUTIONS = st.sampled_from(
    (UNSTATED, OWN_BTA, by("БТА"), by("АФП"), by("АФП", relay="БТА"), by("АП", Cue.ACCORDING))
)
MEMBERS = st.lists(
    st.tuples(st.sampled_from(("БТА", "Сега", "Труд", "Дума")), ATTRIBUTIONS, st.integers(0, 9), st.integers(0, 3)),
    max_size=10,
).map(
    lambda drawn: [
        member(f"m{number}", outlet, said, minutes=at, copy_of=f"m{original}" if original != number else None)
        for number, (outlet, said, at, original) in enumerate(drawn)
    ]
)


@given(MEMBERS, st.randoms(use_true_random=False))
def test_order_of_members_changes_nothing(members: list[Member], order: random.Random) -> None:
    shuffled = list(members)
    order.shuffle(shuffled)

    assert sources_of(shuffled) == sources_of(members)


@given(MEMBERS)
def test_a_further_copy_adds_an_outlet_and_no_source(members: list[Member]) -> None:
    before = sources_of(members)
    for original in members:
        after = sources_of([*members, member("new", "Монитор", copy_of=original.article_id, minutes=60)])

        assert after.independent == before.independent
        assert names(after) == (*names(before), "Монитор")


@given(MEMBERS)
def test_there_are_at_most_as_many_sources_as_articles(members: list[Member]) -> None:
    assert (len(members) > 0) <= sources_of(members).independent <= len(members)
