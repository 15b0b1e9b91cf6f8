"""Sentences put right where words leave no doubt: cut once more, or joined again; pure.

A full stop that the tokenizer took for a sign of its own, not for the end of an abbreviation, ends a sentence when a
capital or a number comes next, and so does the abbreviation of an amount („2,5 млрд. лв.“) before a capitalised word.
Talk begins with a dash, and a passer-by who is asked is named in a line of his own („Иван Колев (35 г.), шофьор,
София:“). A title or the kind of a place („ген.“, „гр.“) never ends a sentence, and none begins with a small letter
after one without an end.
"""

from collections.abc import Iterator, Sequence

from worker.nlp.lean.segment import Segment

_STOPS = frozenset((".", "!", "?"))
_DASHES = frozenset(("-", "–", "—"))
_AMOUNTS = frozenset(("лв.", "млн.", "млрд.", "хил.", "др.", "т.н."))
_NEVER_LAST = frozenset(
    str.split(
        """
    ген. полк. подп. майор. кап. лейт. серж. гл.серж. проф. доц. акад. инж. адв. арх. д-р св. гр. с. о. обл. общ. кв.
    ул. бул. жк. бл. пл. стр. чл. ал. вж. срв. виж.
    """
    )
)
#: Words before the colon.
_SHORTEST_SPEAKER, _LONGEST_SPEAKER = 8, 18


def sentences_again(segments: Sequence[Segment]) -> list[Segment]:
    """The sentences of one paragraph, joined and cut where they must be; themselves where nothing speaks for it."""
    joined: list[Segment] = []
    for segment in segments:
        if joined and _runs_on(joined[-1], segment):
            joined[-1] = _joined(joined[-1], segment)
        else:
            joined.append(segment)
    return [part for segment in joined for part in _cut(segment)]


def _runs_on(before: Segment, segment: Segment) -> bool:
    last, first = before.words[-1], segment.words[0]
    if last.lower() in _NEVER_LAST:
        return first[0].isupper() or first[0].isdigit()
    return (last.isalpha() or last == ",") and first[0].islower()


def _joined(before: Segment, segment: Segment) -> Segment:
    return Segment(
        words=before.words + segment.words, starts=before.starts + segment.starts, ends=before.ends + segment.ends
    )


def _cut(segment: Segment) -> Iterator[Segment]:
    begin = 0
    for position in range(len(segment.words) - 1):
        if _ends(segment, begin, position):
            yield _part(segment, begin, position + 1)
            begin = position + 1
    yield _part(segment, begin, len(segment.words)) if begin else segment


def _ends(segment: Segment, begin: int, position: int) -> bool:
    words = segment.words
    word, following = words[position], words[position + 1]
    if segment.ends[position] == segment.starts[position + 1]:
        return False
    if word == ":":
        return _is_speaker(words[begin:position])
    if word.lower() in _AMOUNTS:
        return following[0].isupper() and following.isalpha()
    if word not in _STOPS or (position and _is_initial(words[position - 1])):
        return False
    if following in _DASHES and position + 2 < len(words):
        return words[position + 2][0].isupper()
    return following[0].isupper() or following[0].isdigit()


def _is_speaker(words: Sequence[str]) -> bool:
    """Name, age in brackets, trade, town."""
    if not _SHORTEST_SPEAKER <= len(words) <= _LONGEST_SPEAKER or not words[0][0].isupper():
        return False
    return ")" in words and "г." in words and words[-2] == "," and words[-1][0].isupper()


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isupper()


def _part(segment: Segment, begin: int, end: int) -> Segment:
    return Segment(words=segment.words[begin:end], starts=segment.starts[begin:end], ends=segment.ends[begin:end])
