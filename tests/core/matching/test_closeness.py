"""The cut of a description, by rows, and what holds for every set of examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.matching.closeness import BACKGROUND, FLOOR, Cut, calibrate, closest, share_of_unrelated

_CLOSENESS = st.floats(-1, 1)
_EXAMPLES = st.lists(_CLOSENESS, max_size=5)


@pytest.mark.parametrize(
    ("must_match", "must_not_match", "cut"),
    [
        ([], [], 0.30),  # (0.35 + 0.25) / 2
        ([0.50], [], 0.325),  # (0.40 + 0.25) / 2
        ([], [0.10], 0.275),  # (0.35 + 0.20) / 2
        ([0.28], [], 0.28),  # 0.2883 lies above the only example
        ([0.60, 0.50], [0.40, 0.42], 0.44),  # 0.39 lies below a neighbour: a margin above it
        ([0.43], [0.42], 0.43),  # no room for the margin
        ([0.30, 0.50], [0.40, 0.20], 0.325),  # mixed: (0.375 + 0.275) / 2
        ([-0.5, -0.5], [-0.5, -0.5], FLOOR),  # never below the floor
    ],
    ids=["none", "a-match", "a-neighbour", "the-lowest", "margin", "no-room", "mixed", "floor"],
)
def test_cut(must_match, must_not_match, cut):
    assert calibrate(must_match, must_not_match).closeness == pytest.approx(cut)


def test_examples_on_the_wrong_side_are_named():
    cut = calibrate([0.30, 0.50], [0.40, 0.20])

    assert (cut.missed, cut.admitted, cut.fault) == ((0,), (0,), "")


def test_description_that_mixes_its_examples_up_is_at_fault():
    assert calibrate([0.30, 0.28], [0.40, 0.29]).fault == (
        "the description does not tell its examples apart: 3 of 4 pairs stand in the wrong order, farthest must_match 2"
        " (0.28) and must_not_match 1 (0.40); name words to look for as well"
    )


def test_description_that_is_far_from_its_own_examples_is_at_fault():
    assert calibrate([0.1, 0.2], []).fault == (
        "no must_match example comes closer to the description (0.20 at best) than unrelated news does (0.24);"
        " describe the subject in other words, or name words to look for"
    )


def test_one_pair_in_the_wrong_order_is_no_fault_yet():
    assert calibrate([0.3], [0.4]).fault == ""


def test_text_is_as_close_as_its_closest_sentence():
    assert (closest([0.1, 0.4, 0.2]), closest([])) == (0.4, -1.0)


def test_share_of_unrelated_goes_by_the_measured_steps():
    assert [share_of_unrelated(c) for c in (-1, 0.06, 0.35, 1)] == pytest.approx([1, 0.25, 0.001, 0.0005])


def test_background_rises():
    assert list(BACKGROUND) == sorted(BACKGROUND)


def test_cut_outside_its_bounds_is_refused():
    with pytest.raises(ValueError, match="is not within"):
        Cut(closeness=0.1)


@given(_EXAMPLES, _EXAMPLES)
def test_cut_is_bounded_and_the_same_again_in_any_order(must_match, must_not_match):
    cut = calibrate(must_match, must_not_match)

    assert FLOOR <= cut.closeness <= 1
    assert calibrate(must_match[::-1], must_not_match[::-1]).closeness == pytest.approx(cut.closeness)


@given(_EXAMPLES, _EXAMPLES, _CLOSENESS, _CLOSENESS)
def test_probability_is_bounded_and_never_falls(must_match, must_not_match, one, other):
    cut = calibrate(must_match, must_not_match)
    low, high = sorted((one, other))

    assert 0 <= cut.probability(low) <= cut.probability(high) <= 1
    assert cut.counts(high) or not cut.counts(low)
    assert cut.counts(one) == (cut.probability(one) >= 0.5) or one == pytest.approx(cut.closeness)


@given(st.lists(_CLOSENESS, min_size=1, max_size=6), _EXAMPLES)
def test_examples_that_can_be_divided_are(must_match, must_not_match):
    cut = calibrate(must_match, must_not_match)

    if min(must_match) > max((FLOOR, *must_not_match)):
        assert (cut.missed, cut.admitted, cut.fault) == ((), (), "")
        assert cut.closeness <= min(must_match)


@given(_EXAMPLES, _EXAMPLES, _CLOSENESS)
def test_one_more_match_at_the_cut_or_below_never_raises_it_when_divided(must_match, must_not_match, more):
    before = calibrate(must_match, must_not_match).closeness

    after = calibrate([*must_match, min(more, before)], must_not_match).closeness

    if min(more, before) > max((FLOOR, *must_not_match)):
        assert after <= before


@given(_CLOSENESS, _CLOSENESS)
def test_share_of_unrelated_never_rises(one, other):
    low, high = sorted((one, other))

    assert 0 <= share_of_unrelated(high) <= share_of_unrelated(low) <= 1
