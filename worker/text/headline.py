"""Headlines in capital letters as a sentence would be written, for models that read names by their capitals; pure.

Which words keep a capital is taken from the rest of the article; of what it does not mention, only abbreviations do.
"""

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum

from worker.text.fold import fold_tidied, tidy

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: A headline of fewer letters is as likely an abbreviation or two.
_LEAST_LETTERS = 8
_SHOUTED_SHARE = 0.7
#: Words so short are names less often than „При“ and „След“ at the beginning of a sentence.
_SMALL_WORD = 4
_VOWELS = frozenset("аеиоуъюяaeiouy")
#: Abbreviations that can be spoken as words, so that their letters do not tell them.
_ABBREVIATIONS = frozenset(
    str.split(
        """
    сащ нато ес оон оссе оае юар унеско уницеф уефа фифа фиа мок
    герб дпс бсп итн пп дб вмро асп кнсб цска
    бан бнт бта бнр бнб апи бабх вкс вап всс гдбоп данс кевр кзк кзп кфн
    мвр мон мрт нап нои нзок нса нси нек аец тец вец мбал умбал
    бим оик рик цик рпу одмвр сдвр сем еи ек ецб мвф сзо
    """
    )
)


class _Written(IntEnum):
    """How a word stands in the rest of the article, in rising order of what it proves."""

    #: with a capital where every word has one
    FIRST = 0
    SMALL = 1
    CAPITAL = 2
    CAPITALS = 3


def is_shouted(headline: str) -> bool:
    """Whether most letters are capitals."""
    cased = [char for char in headline if char.isupper() or char.islower()]
    capitals = sum(char.isupper() for char in cased)
    return len(cased) >= _LEAST_LETTERS and capitals >= _SHOUTED_SHARE * len(cased)


def sentence_case(headline: str, *others: str) -> str:
    """The headline in small letters, of the same length, with capitals where the other texts have them.

    The first word begins with one; so does a word that stands in the others with a capital only.
    """
    written = _written(others)
    pieces: list[str] = []
    end = 0
    for found in _WORD.finditer(headline):
        between = headline[end : found.start()]
        # „Р. ИВАНОВ“: what follows an initial is a name.
        is_named = end == 0 or (between == ". " and _is_initial(headline, end - 1, end))
        pieces += [between, _cased(found, headline, written, is_named=is_named)]
        end = found.end()
    return "".join([*pieces, headline[end:]])


def _cased(found: re.Match[str], headline: str, written: Mapping[str, _Written], *, is_named: bool) -> str:
    word = found.group()
    key = fold_tidied(tidy(word).text)
    seen = written.get(key)
    is_initial = _is_initial(headline, found.start(), found.end())
    if is_initial or seen is _Written.CAPITALS or (seen is None and _is_abbreviation(key)):
        return word
    is_name = seen is _Written.CAPITAL or (seen is _Written.FIRST and len(word) > _SMALL_WORD)
    return word[0] + _small(word[1:]) if is_named or is_name else _small(word)


def _is_initial(headline: str, start: int, end: int) -> bool:
    is_alone = start == 0 or not headline[start - 1].isalpha()
    return end - start == 1 and is_alone and headline[end : end + 1] == "."


def _is_abbreviation(key: str) -> bool:
    return key in _ABBREVIATIONS or (len(key) > 1 and not _VOWELS & set(key))


def _small(word: str) -> str:
    # A few letters change length with their case (İ): those stay, so that offsets hold.
    return "".join(small if len(small := char.lower()) == 1 else char for char in word)


def _written(texts: tuple[str, ...]) -> dict[str, _Written]:
    """How each word of the texts is written at its most telling; lines in capitals tell nothing."""
    written: dict[str, _Written] = {}
    for line in (line for text in texts for line in text.split("\n") if not is_shouted(line)):
        for word, is_first in _words(line):
            key = fold_tidied(tidy(word).text)
            how = _how(word, is_first=is_first)
            if how is not None:
                written[key] = max(how, written.get(key, how))
    return written


def _words(line: str) -> Iterator[tuple[str, bool]]:
    """The words of a line, and whether a sentence begins with them."""
    end = 0
    for found in _WORD.finditer(line):
        between = line[end : found.start()]
        yield found.group(), end == 0 or any(sign in between for sign in '.!?:…„“"«»•')
        end = found.end()


def _how(word: str, *, is_first: bool) -> _Written | None:
    if word.islower():
        return _Written.SMALL
    if len(word) > 1 and word.isupper():
        return _Written.CAPITALS
    if len(word) > 1 and word[0].isupper():
        return _Written.FIRST if is_first else _Written.CAPITAL
    return None
