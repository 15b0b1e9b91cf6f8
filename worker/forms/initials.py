"""The abbreviation of a name of several words."""

from worker.forms.kinds import listed
from worker.text.words import words_of

_SKIPPED = listed(
    """
    и на за по в във с със от към при до или у о над под без
    """
)
#: An abbreviation has two letters at least, and no name so many words.
_FEWEST, _MOST = 2, 8


def initials(phrase: str) -> str | None:
    """„Българска народна банка“ gives „БНБ“; None where the phrase has one word of weight, or too many."""
    letters = [word.key[0].upper() for word in words_of(phrase) if word.key not in _SKIPPED and word.key.isalpha()]
    return "".join(letters) if _FEWEST <= len(letters) <= _MOST else None
