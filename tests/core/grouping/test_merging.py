"""When an article shows that two stories are one."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.test_stories import FIRE, FOOTBALL, MINE, MINE_COPY, MINE_REPORT, OTHERS, WIRE
from tests.core.grouping.values import grouped, printed
from worker.grouping.stories import StoryWindow, assign_story
from worker.models.alert import Fingerprint
from worker.models.news import ArticleId, StoryId

#: The same text by somebody else, so that nothing is nearer to either story than to the other.
TWIN = replace(printed("twin", "Военни водолази унищожиха мина край Шабла", WIRE, hours=2), names=MINE.names)


def test_article_of_two_stories_that_are_alike_makes_them_one() -> None:
    window = StoryWindow((grouped(MINE, "first"), grouped(TWIN, "second"), *(grouped(one, "x") for one in OTHERS[:30])))

    story = assign_story(MINE_COPY, window, None)

    assert (story.id, story.merges) == ("first", ("second",))


def test_story_that_began_first_remains_whichever_the_article_is_likest_to() -> None:
    earlier = replace(TWIN, at=printed("x", "x", hours=-5).at)
    window = StoryWindow((grouped(MINE, "first"), grouped(earlier, "second")))

    assert assign_story(MINE_COPY, window, None).id == "second"
    assert assign_story(MINE_COPY, window, None).merges == ("first",)


def test_article_about_two_events_does_not_make_them_one() -> None:
    both = replace(
        MINE, article_id=ArticleId("both"), terms={**MINE.terms, **FIRE.terms}, names=MINE.names | FIRE.names
    )
    window = StoryWindow((grouped(MINE, "mine"), grouped(FIRE, "fire"), grouped(FOOTBALL, "football")))

    assert assign_story(both, window, None).merges == ()


def test_new_revision_moves_no_story() -> None:
    window = StoryWindow((grouped(MINE, "first"), grouped(TWIN, "second")))

    assert assign_story(MINE_COPY, window, StoryId("first")).merges == ()


def test_one_article_joins_two_stories_at_most() -> None:
    third = replace(TWIN, article_id=ArticleId("third"))
    window = StoryWindow((grouped(MINE, "a"), grouped(TWIN, "b"), grouped(third, "c")))

    assert len(assign_story(MINE_COPY, window, None).merges) == 1


def test_merged_window_equals_one_that_was_read_afterwards() -> None:
    window = StoryWindow((grouped(MINE, "a"), grouped(TWIN, "b"), grouped(FIRE, "c")))
    window.merge(StoryId("b"), StoryId("a"))
    window.merge(StoryId("unknown"), StoryId("a"))
    window.merge(StoryId("a"), StoryId("a"))
    read = StoryWindow((grouped(MINE, "a"), grouped(TWIN, "a"), grouped(FIRE, "c")))

    assert {one.article_id for one in window.members(StoryId("a"))} == {"mine", "twin"}
    assert list(window.members(StoryId("b"))) == []
    assert assign_story(MINE_REPORT, window, None) == assign_story(MINE_REPORT, read, None)


def history(arriving: list[Fingerprint]) -> tuple[list[tuple[Fingerprint, str]], StoryWindow]:
    """Articles with the stories they end in, as a database would hold them, and the window that grew with them."""
    window = StoryWindow(())
    rows: list[tuple[Fingerprint, str]] = []
    for one in arriving:
        story = assign_story(one, window, None)
        for part in story.merges:
            window.merge(part, story.id)
        rows = [(known, story.id if place in story.merges else place) for known, place in rows]
        rows.append((one, story.id))
        window.add(grouped(one, story.id))
    return rows, window


@given(st.randoms(use_true_random=False))
def test_window_grown_by_one_worker_decides_as_one_read_by_another(order: random.Random) -> None:
    arriving = [MINE, MINE_COPY, TWIN, FIRE, FOOTBALL, *OTHERS[:4]]
    order.shuffle(arriving)
    rows, grown = history(arriving)
    order.shuffle(rows)
    read = StoryWindow(grouped(one, story) for one, story in rows)

    assert assign_story(MINE_REPORT, grown, None) == assign_story(MINE_REPORT, read, None)
