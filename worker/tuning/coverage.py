"""Whether one phrase is found wherever another one is; pure. What cannot be proved is answered with no."""

from collections.abc import Sequence

from worker.matching.patterns import Case, Pattern, Step

_STRICTNESS = (Case.ANY, Case.CAPITAL, Case.ALL_CAPITALS)


def covers(wide: Sequence[Step], narrow: Sequence[Step]) -> bool:
    """Whether every text that holds `narrow` holds `wide` in just the same words."""
    return len(wide) == len(narrow) > 0 and all(
        all(any(_covers(ours, theirs) for ours in step) for theirs in other)
        for step, other in zip(wide, narrow, strict=True)
    )


def lies_within(inner: Sequence[Step], outer: Sequence[Step]) -> bool:
    """Whether every text that holds `outer` holds `inner` in some of its words."""
    size = len(inner)
    return any(covers(inner, outer[start : start + size]) for start in range(len(outer) - size + 1))


def _covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether one pattern accepts every word that the other one accepts."""
    if _STRICTNESS.index(wide.case) > _STRICTNESS.index(narrow.case):
        return False
    if narrow.prefix and not (wide.prefix and narrow.prefix.startswith(wide.prefix)):
        return False
    by_form = all(form in wide.forms or (wide.prefix and form.startswith(wide.prefix)) for form in narrow.forms)
    return by_form and narrow.lemmas <= wide.lemmas
