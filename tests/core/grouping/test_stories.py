"""Which story an article belongs to."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grouping.values import grouped, printed
from worker.grouping.stories import StoryWindow, assign_story
from worker.models.alert import Fingerprint, Grouping
from worker.models.news import StoryId

WIRE = (
    "Специализиран екип на Военноморските сили унищожи контролирано морска мина, открита край Шабла. Плаващият "
    "предмет е забелязан рано сутринта от екипаж на риболовен кораб, който е подал сигнал на телефон 112. На място "
    "са изпратени хеликоптер и катер с водолази от базата във Варна. Мината е изтеглена и взривена в 10,40 часа."
)
TRIMMED = (
    "Специализиран екип на Военноморските сили унищожи контролирано морска мина, открита край Шабла, предаде "
    "агенцията. Плаващият предмет е забелязан рано сутринта от екипаж на риболовен кораб, който е подал сигнал."
)
MINE = printed("mine", "Военни водолази унищожиха мина край Шабла", WIRE, names=("Шабла",))
MINE_COPY = printed("copy", "Взривиха бомба в морето, рибари я видели", TRIMMED, hours=1, names=("Шабла",))
MINE_REPORT = printed(
    "report",
    "Рибарите от Шабла разказват за мината",
    "Екипаж на риболовен кораб от Шабла видял мина в морето и подал сигнал. Водолази на флота я взривиха край брега. "
    "Капитанът разказа, че отначало я взели за шамандура.",
    hours=4,
    names=("Шабла",),
)
FIRE = printed(
    "fire",
    "Горски пожар в Сакар наближава две села",
    "Огънят в Сакар планина обхвана четири хиляди декара иглолистна гора и наближава къщите на две села, съобщи "
    "кметът на Тополовград. Шестдесет възрастни хора са настанени в читалището.",
    hours=2,
    names=("Сакар", "Тополовград"),
)
FOOTBALL = printed(
    "football",
    "Пловдивчани победиха с гол в добавеното време",
    "Резервата отбеляза победния гол пред девет хиляди зрители на стадиона, а треньорът похвали публиката и вратаря. "
    "Реваншът е след седмица на неутрален терен.",
    hours=3,
)
#: Articles about other things, as many as come in a few hours.
OTHERS = tuple(
    printed(f"o{number}", f"мина дума{number} нещо{number}", "кораб водолази брега") for number in range(300)
)


def window_of(*fingerprints: Fingerprint) -> StoryWindow:
    return StoryWindow(grouped(fingerprint, f"story-{fingerprint.article_id}") for fingerprint in fingerprints)


def partition(fingerprints: Iterable[Fingerprint]) -> frozenset[frozenset[str]]:
    """The articles by story, after each was put into the window in turn."""
    window = StoryWindow(())
    stories: dict[str, set[str]] = {}
    for fingerprint in fingerprints:
        story = assign_story(fingerprint, window, None)
        window.add(grouped(fingerprint, story.id))
        stories.setdefault(story.id, set()).add(fingerprint.article_id)
    return frozenset(frozenset(members) for members in stories.values())


def test_first_article_starts_a_story_named_after_it() -> None:
    story = assign_story(MINE, StoryWindow(()), None)

    assert story.grouping is Grouping.FIRST
    assert "mine" in story.id
    assert story.copy_of is None


def test_other_event_starts_a_story() -> None:
    story = assign_story(FIRE, window_of(MINE, FOOTBALL), None)

    assert (story.grouping, story.score) == (Grouping.FIRST, 0.0)


def test_trimmed_wire_copy_under_another_headline_is_a_copy() -> None:
    story = assign_story(MINE_COPY, window_of(MINE, FIRE), None)

    assert (story.id, story.grouping, story.copy_of) == ("story-mine", Grouping.COPY, "mine")
    assert story.score >= 0.5


def test_full_text_seen_after_its_trimmed_copy_joins_its_story() -> None:
    story = assign_story(MINE, window_of(MINE_COPY), None)

    assert (story.id, story.grouping) == ("story-copy", Grouping.COPY)


def test_copy_names_the_earliest_of_equal_originals() -> None:
    earlier = printed("earlier", "Мина", WIRE, hours=-3)
    third = printed("third", "Мина в морето", WIRE, hours=2)

    assert assign_story(third, window_of(MINE, earlier), None).copy_of == "earlier"


def test_copy_names_an_earlier_original_that_is_nearly_as_good() -> None:
    edited = printed("edited", "Мина", WIRE.replace("Специализиран", "Елитен"), hours=-3)
    third = printed("third", "Мина в морето", WIRE, hours=2)

    assert assign_story(third, window_of(MINE, edited), None).copy_of == "edited"


def test_copy_names_the_better_original_before_an_earlier_partial_one() -> None:
    partial = printed("partial", "Мина", TRIMMED, hours=-3)
    third = printed("third", "Мина в морето", WIRE, hours=2)

    assert assign_story(third, window_of(MINE, partial), None).copy_of == "mine"


@pytest.mark.parametrize(
    ("title", "twin", "is_copy"),
    [
        # 7 words: 3 shingles
        pytest.param("Кметът на Шабла подаде оставка заради скандала", None, True, id="same long headline"),
        # 5 words: 1 shingle
        pytest.param("Времето днес и утре сутринта", None, False, id="same short headline"),
        pytest.param(
            "Кметът на Шабла подаде оставка заради скандала",
            "Кметът на Шабла подаде оставка заради скандала снощи",
            False,
            id="headline with one word more",
        ),
    ],
)
def test_headlines_alone_are_copies_only_when_long_and_equal(title: str, twin: str | None, is_copy: bool) -> None:
    story = assign_story(printed("b", twin or title), window_of(printed("a", title)), None)

    assert (story.copy_of == "a") is is_copy


def test_long_article_quoting_a_short_notice_is_no_copy_of_it() -> None:
    # The notice has 18 words and so 14 shingles, the article 14 + 60 of which all but 14 are its own.
    text = "Водата в квартал Дружба спира утре от девет до седемнадесет часа заради ремонт на стария водопровод под улицата."
    notice = printed("notice", "Спират водата", text)
    article = printed("article", "Ремонт", text + " ".join(f" дума{number}" for number in range(60)))

    assert assign_story(article, window_of(notice), None).copy_of is None
    assert assign_story(notice, window_of(article), None).copy_of == "article"


def test_report_of_the_event_in_other_words_joins_its_story() -> None:
    story = assign_story(MINE_REPORT, window_of(MINE, FIRE, FOOTBALL), None)

    assert (story.id, story.grouping, story.copy_of) == ("story-mine", Grouping.SAME_EVENT, None)
    assert 0.5 < story.score <= 1


@pytest.mark.parametrize(
    ("hours", "grouping"),
    [
        pytest.param(71, Grouping.COPY, id="within reach"),
        pytest.param(-71, Grouping.COPY, id="within reach, published before"),
        pytest.param(73, Grouping.FIRST, id="beyond reach"),
        pytest.param(-73, Grouping.FIRST, id="beyond reach, published before"),
    ],
)
def test_only_articles_of_three_days_are_compared(hours: float, grouping: Grouping) -> None:
    again = printed("again", "Военни водолази унищожиха мина край Шабла", WIRE, hours=hours)

    assert assign_story(again, window_of(MINE), None).grouping is grouping


def test_likeness_fades_with_time() -> None:
    soon, late = (replace(MINE_REPORT, at=printed("x", "x", hours=hours).at) for hours in (1, 20))

    window = window_of(MINE)

    assert assign_story(soon, window, None).score > assign_story(late, window, None).score > 0


def test_article_analysed_before_keeps_its_story() -> None:
    story = assign_story(MINE_COPY, window_of(MINE), StoryId("its own"))

    assert (story.id, story.grouping, story.copy_of) == ("its own", Grouping.KEPT, "mine")


def test_article_is_not_compared_with_its_own_earlier_revision() -> None:
    assert assign_story(MINE, window_of(MINE), None).grouping is Grouping.FIRST


def test_earlier_revision_of_the_article_changes_no_likeness() -> None:
    report = replace(MINE_REPORT, names=frozenset({"шабла", "флот"}))
    known = (replace(MINE, names=frozenset({"шабла", "варна"})), *OTHERS[:40])
    without = assign_story(report, window_of(*known), None)

    assert 0 < without.score < 0.999
    assert assign_story(report, window_of(*known, report), None) == without


def test_shared_names_add_likeness() -> None:
    nameless = replace(MINE_REPORT, names=frozenset())
    window = window_of(MINE, *OTHERS[:20])

    assert assign_story(MINE_REPORT, window, None).score > assign_story(nameless, window, None).score > 0


def test_added_again_an_article_replaces_what_was_known() -> None:
    revised = replace(FOOTBALL, article_id=MINE_COPY.article_id)
    window = window_of(MINE, MINE_COPY, *OTHERS)

    window.add(grouped(revised, "story-football"))

    assert len(window) == 2 + len(OTHERS)
    assert list(window.members(StoryId("story-copy"))) == []
    fresh = assign_story(MINE_REPORT, window_of(MINE, revised, *OTHERS), None)
    assert fresh.score < 0.999
    assert assign_story(MINE_REPORT, window, None) == fresh


def test_large_story_is_not_joined_through_one_odd_member() -> None:
    reports = [replace(MINE, article_id=printed(f"m{number}", "x").article_id) for number in range(8)]
    both = replace(MINE, article_id=FOOTBALL.article_id, terms={**MINE.terms, **FIRE.terms}, shingles=frozenset())
    window = StoryWindow(grouped(one, "mine") for one in (*reports, both))

    assert assign_story(FIRE, StoryWindow([grouped(both, "mine")]), None).grouping is Grouping.SAME_EVENT
    assert assign_story(FIRE, window, None).grouping is Grouping.FIRST


NAMES = {"бойко борисо", "зоран заев", "скопие", "джес бейли", "сащ"}
TREATY = replace(
    printed(
        "treaty",
        "Заев и Борисов подписаха договора в Скопие",
        "Премиерите Бойко Борисов и Зоран Заев подписаха договора за добросъседство в Скопие. Документът има 14 члена "
        "и беше договарян 18 години. Церемонията видяха 250 гости, сред които посланикът на САЩ Джес Бейли.",
    ),
    names=frozenset(NAMES),
)
ENGLISH = (
    "The prime ministers of Bulgaria and Macedonia, Boyko Borissov and Zoran Zaev, signed a friendship treaty of 14 "
    "articles in Skopje on Tuesday after 18 years of talks. US ambassador Jess Baily was among the 250 guests."
)
RUSSIAN = (
    "Премьер-министры Бойко Борисов и Зоран Заев подписали в Скопье договор о добрососедстве. Документ из 14 статей "
    "согласовывали 18 лет. На церемонии были 250 гостей, среди них посол США Джесс Бейли."
)
STADIUM = (
    "Bulgarian prime minister Boyko Borissov and his host Zoran Zaev opened a football stadium with 33 000 seats. "
    "It cost 60 million euro and took 4 years."
)


@pytest.mark.parametrize(
    ("title", "text", "names", "grouping"),
    [
        pytest.param(
            "Borissov and Zaev sign treaty in Skopje", ENGLISH, NAMES, Grouping.SAME_EVENT, id="English, same event"
        ),
        pytest.param("Борисов и Заев подписали договор", RUSSIAN, NAMES, Grouping.SAME_EVENT, id="Russian, same event"),
        pytest.param(
            "Borissov opens stadium in Skopje",
            STADIUM,
            {"бойко борисо", "зоран заев", "скопие"},
            Grouping.FIRST,
            id="English, the same people elsewhere",
        ),
        pytest.param("Borissov and Zaev sign treaty", ENGLISH, (), Grouping.FIRST, id="English, nobody recognised"),
    ],
)
def test_report_in_another_language_joins_by_names_and_numbers(
    title: str, text: str, names: Iterable[str], grouping: Grouping
) -> None:
    foreign = replace(printed("foreign", title, text, hours=1), names=frozenset(names))

    assert assign_story(foreign, window_of(TREATY, MINE, FIRE, FOOTBALL), None).grouping is grouping


def score_beside(*others: Fingerprint) -> float:
    return assign_story(MINE_REPORT, window_of(MINE, *others), None).score


def out_of_reach(fingerprint: Fingerprint) -> Fingerprint:
    """The same words, so that they are as rare as before."""
    return replace(fingerprint, at=fingerprint.at - timedelta(days=30))


def test_more_competitors_demand_more_likeness() -> None:
    assert score_beside(*OTHERS) < score_beside(*map(out_of_reach, OTHERS))


def test_one_competitor_counts_as_two() -> None:
    assert score_beside(*OTHERS[:1]) == score_beside(*map(out_of_reach, OTHERS[:1]))
    assert score_beside(*OTHERS[:9]) < score_beside(*map(out_of_reach, OTHERS[:9]))


def test_articles_without_words_are_stories_of_their_own() -> None:
    nothing = [printed(f"n{number}", "") for number in range(3)]

    assert partition(nothing) == {frozenset({"n0"}), frozenset({"n1"}), frozenset({"n2"})}


@given(st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_change_clearly_separate_stories(order: random.Random) -> None:
    arriving = [MINE, MINE_COPY, FIRE, FOOTBALL]
    order.shuffle(arriving)

    assert partition(arriving) == {frozenset({"mine", "copy"}), frozenset({"fire"}), frozenset({"football"})}


@given(st.randoms(use_true_random=False))
def test_order_within_the_window_changes_nothing(order: random.Random) -> None:
    known = [grouped(one, f"story-{one.article_id}") for one in (MINE, MINE_COPY, FIRE, FOOTBALL)]
    expected = assign_story(MINE_REPORT, StoryWindow(known), None)
    order.shuffle(known)

    assert assign_story(MINE_REPORT, StoryWindow(known), None) == expected


WORD = st.sampled_from(["мина", "пожар", "гол", "шабла", "сакар", "вот", "съвет", "влак", "мост", "цена"])
TEXT = st.lists(WORD, max_size=25).map(" ".join)


@given(st.lists(st.tuples(TEXT, st.integers(-80, 80)), max_size=12))
def test_every_article_gets_one_story_and_the_same_one_again(texts: list[tuple[str, int]]) -> None:
    arriving = [printed(f"a{number}", "", text, hours=hours) for number, (text, hours) in enumerate(texts)]
    window = StoryWindow(())
    for one in arriving:
        story = assign_story(one, window, None)

        assert story == assign_story(one, window, None)
        assert 0 <= story.score <= 1
        assert story.copy_of != one.article_id
        assert (story.grouping is Grouping.FIRST) == (story.id == f"story-{one.article_id}")
        window.add(grouped(one, story.id))
