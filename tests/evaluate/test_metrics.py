"""The arithmetic of the quality figures, by hand and by their bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.evaluate.metrics import (
    BCubed,
    Counts,
    b_cubed,
    copy_counts,
    counts_by_label,
    counts_of,
    members_of_larger,
    pair_counts,
    summed,
)


@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        # right of found 6 of 8, right of wanted 6 of 10, twice 6 of 8 + 10
        pytest.param(Counts(true=6, false=2, missed=4), 0.75, 0.6, 2 / 3, id="some of each"),
        pytest.param(Counts(true=3), 1.0, 1.0, 1.0, id="all right"),
        pytest.param(Counts(false=2), 0.0, 0.0, 0.0, id="nothing to find, something found"),
        pytest.param(Counts(missed=2), 0.0, 0.0, 0.0, id="something to find, nothing found"),
        pytest.param(Counts(), 1.0, 1.0, 1.0, id="nothing to find, nothing found"),
    ],
)
def test_counts_give_precision_recall_and_f1(counts: Counts, precision: float, recall: float, f1: float) -> None:
    assert (counts.precision, counts.recall, counts.f1) == pytest.approx((precision, recall, f1))


def test_sets_are_compared_member_by_member() -> None:
    assert counts_of(["a", "b", "b", "c"], ["b", "c", "d"]) == Counts(true=2, false=1, missed=1)


def test_labels_are_counted_each_over_all_items() -> None:
    gold = {"1": ["nato", "radev"], "2": ["nato"], "3": []}
    found = {"1": ["nato"], "2": ["radev"], "3": ["schengen"]}

    counts = counts_by_label(gold, found)

    assert dict(counts) == {
        "nato": Counts(true=1, missed=1),
        "radev": Counts(false=1, missed=1),
        "schengen": Counts(false=1),
    }
    assert list(counts) == sorted(counts)
    assert summed(counts.values()) == Counts(true=1, false=2, missed=2)


GOLD = {"a": "x", "b": "x", "c": "x", "d": "y", "e": "z"}


@pytest.mark.parametrize(
    ("groups", "precision", "recall"),
    [
        pytest.param(GOLD, 1.0, 1.0, id="the same"),
        # P all 1; R: 3 × 1/3 + 1 + 1 = 3 of 5
        pytest.param(dict(zip("abcde", "12345", strict=True)), 1.0, 0.6, id="every item alone"),
        # P: 3 × 3/5 + 1/5 + 1/5 = 2.2 of 5; R all 1
        pytest.param(dict.fromkeys("abcde", "1"), 0.44, 1.0, id="all in one"),
        # groups ab, cd, e. P: 1 + 1 + 1/2 + 1/2 + 1 = 4 of 5; R: 2/3 + 2/3 + 1/3 + 1 + 1 = 3.667 of 5
        pytest.param(dict(zip("abcde", "11223", strict=True)), 0.8, 11 / 15, id="one moved"),
    ],
)
def test_b_cubed_is_the_mean_over_items(groups: dict[str, str], precision: float, recall: float) -> None:
    found = b_cubed(GOLD, groups)

    assert (found.precision, found.recall) == pytest.approx((precision, recall))
    assert found.f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_b_cubed_over_some_items_still_sees_all_groups() -> None:
    # groups ab, cd, e; of a, b, c alone: P 1 + 1 + 1/2 of 3; R 2/3 + 2/3 + 1/3 of 3
    found = b_cubed(GOLD, dict(zip("abcde", "11223", strict=True)), members_of_larger(GOLD))

    assert (found.precision, found.recall) == pytest.approx((5 / 6, 5 / 9))


def test_b_cubed_of_no_items_is_perfect() -> None:
    assert b_cubed({}, {}) == BCubed(precision=1.0, recall=1.0)


@pytest.mark.parametrize(
    ("groups", "counts"),
    [
        pytest.param(GOLD, Counts(true=3), id="the same"),
        pytest.param(dict(zip("abcde", "12345", strict=True)), Counts(missed=3), id="every item alone"),
        # 5 over 2 = 10 pairs
        pytest.param(dict.fromkeys("abcde", "1"), Counts(true=3, false=7), id="all in one"),
        # ab right, cd wrong, ac and bc missed
        pytest.param(dict(zip("abcde", "11223", strict=True)), Counts(true=1, false=1, missed=2), id="one moved"),
    ],
)
def test_pairs_of_one_story_are_counted(groups: dict[str, str], counts: Counts) -> None:
    assert pair_counts(GOLD, groups) == counts


def test_members_of_larger_groups_are_listed() -> None:
    assert members_of_larger(GOLD) == ("a", "b", "c")


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        pytest.param({"a": None, "b": "a", "c": None}, Counts(true=1), id="found"),
        pytest.param({"a": "b", "b": None, "c": None}, Counts(true=1), id="found the other way round"),
        pytest.param({"a": None, "b": None, "c": "a"}, Counts(false=1, missed=1), id="another"),
        pytest.param({"a": "b", "b": "a", "c": None}, Counts(true=1), id="both ways count once"),
    ],
)
def test_copies_are_counted_as_pairs(found: dict[str, str | None], counts: Counts) -> None:
    assert copy_counts({"a": None, "b": "a", "c": None}, found) == counts


ITEMS = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("123")), max_size=12)


@given(ITEMS)
def test_figures_of_any_grouping_are_bounded(labels: list[tuple[str, str]]) -> None:
    gold = {str(number): story for number, (story, _) in enumerate(labels)}
    groups = {str(number): group for number, (_, group) in enumerate(labels)}

    cubed, pairs = b_cubed(gold, groups), pair_counts(gold, groups)

    assert all(0 <= figure <= 1 + 1e-9 for figure in (cubed.precision, cubed.recall, cubed.f1))
    assert all(0 <= figure <= 1 for figure in (pairs.precision, pairs.recall, pairs.f1))
    assert min(pairs.true, pairs.false, pairs.missed) >= 0
    # Exchanging gold and groups exchanges precision and recall.
    turned = b_cubed(groups, gold)
    assert (turned.precision, turned.recall) == pytest.approx((cubed.recall, cubed.precision))


@given(ITEMS)
def test_the_perfect_grouping_has_figures_of_one(labels: list[tuple[str, str]]) -> None:
    gold = {str(number): story for number, (story, _) in enumerate(labels)}
    renamed = {item: f"story-{story}" for item, story in gold.items()}

    cubed, pairs = b_cubed(gold, renamed), pair_counts(gold, renamed)

    assert (cubed.precision, cubed.recall, cubed.f1) == pytest.approx((1, 1, 1))
    assert (pairs.precision, pairs.recall, pairs.f1) == (1, 1, 1)
