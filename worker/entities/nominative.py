"""A name as a dictionary would have it: without the definite article, which sits on the first word; pure.

Endings decide, and the model's lemma only where an ending alone cannot (a vowel that falls, a short article). Surnames
are never changed: Радева is not Радев.
"""

from collections.abc import Sequence

from worker.models.news import MentionKind
from worker.text.fold import fold_word

#: Definite adjectives before another word, whose bare form follows from the ending alone.
_ADJECTIVES = (("ският", "ски"), ("ския", "ски"), ("шкия", "шки"), ("шкият", "шки"), ("цкия", "цки"), ("цкият", "цки"))
#: Endings of bare masculine adjectives, to believe a lemma by.
_BARE = ("ен", "ски", "шки", "цки", "ов", "ев", "ав", "ив", "ин", *"шщтрдмлк")
#: Names that the press writes with the article („до Дунава“, „Сенатът реши“) although they are proper names.
_TAKE_ARTICLE = frozenset(
    str.split(
        """
    алианс балкан босфор бундесрат бундестаг вардар ватикан дунав елбрус изток искър кавказ кнесет конгрес кремъл запад
    меджлис олимп осъм парламент пентагон пирин рейн сейм сенат синод съвет съюз тибър урал хемус юг ямал янтра
    """
    )
)
#: Adjectives in -зък; others in -зкия come from names (Ормузкия проток).
_IN_ZAK = frozenset({"близък", "дързък", "низък"})
_SHORTEST = 3
_VOWELS = "аеиоуъюя"


def nominative(text: str, lemma: str, upos: str, kind: MentionKind) -> str:
    """`text` without the article of its first word; `lemma` and `upos` are those of that word.

    Spaces are made single; people keep their names as they stand.
    """
    words = text.split()
    if not words or kind is MentionKind.PER:
        return " ".join(words)
    words[0] = _bare(words[0], fold_word(lemma), upos, kind, followed=len(words) > 1)
    return " ".join(words)


def _bare(word: str, lemma: str, upos: str, kind: MentionKind, *, followed: bool) -> str:
    """The first word without its article."""
    folded = fold_word(word)
    if "-" in word and word.partition("-")[0].isupper() and folded.endswith(("-а", "-ът", "-то", "-та")):
        return word.partition("-")[0]
    if word.isupper() or not folded.replace("-", "").isalpha() or folded.isascii() or len(folded) <= _SHORTEST:
        return word
    if followed and (adjective := _adjective(folded, lemma, upos)):
        return _cased(word, adjective)
    if upos != "ADJ" and (noun := _noun(folded, lemma, kind)) != folded:
        return _cased(word, noun)
    if folded.endswith(("ата", "ята", "стта", "ото", "ето", "ите")) and not _is_whole(folded, lemma, kind, followed):
        return word[:-2]
    return word


def _is_whole(folded: str, lemma: str, kind: MentionKind, followed: bool) -> bool:
    """A place of one word keeps an ending that only looks like an article, unless the model takes it for one."""
    return kind is MentionKind.LOC and not followed and lemma == folded


def _adjective(folded: str, lemma: str, upos: str) -> str:
    """A masculine adjective without its article; empty for what is none."""
    for definite, bare in _ADJECTIVES:
        if folded.endswith(definite):
            return folded[: -len(definite)] + bare
    if folded in {"светия", "светият"}:
        return "свети"
    if not folded.endswith(("ия", "ият")):
        return ""
    stem = folded.removesuffix("т").removesuffix("ия")
    if stem.endswith("зк") and lemma not in _IN_ZAK:
        return stem + "и"
    if lemma[:1] == folded[:1] and lemma != folded and lemma.endswith(_BARE) and _skeleton(lemma) == _skeleton(stem):
        return lemma
    return stem if upos == "ADJ" and not stem.endswith("н") else ""


def _skeleton(word: str) -> str:
    """Consonants only: what a falling or changing vowel leaves alone."""
    return "".join(letter for letter in word if letter not in "аеиоуъюяь")


def _noun(folded: str, lemma: str, kind: MentionKind) -> str:
    """A masculine noun without its article; the short article looks like the ending of many names of places."""
    bare = folded.removesuffix("ът") if folded.endswith("ът") else folded.removesuffix("а")
    if bare in _TAKE_ARTICLE:
        return bare
    for article, endings in (("ът", ("",)), ("ят", ("й", "")), ("а", ("",)), ("я", ("й", ""))):
        if not folded.endswith(article) or (len(article) == 1 and kind is MentionKind.LOC):
            continue
        stem = folded[: -len(article)]
        for ending in endings:
            if lemma == stem + ending:
                return lemma
        if len(article) > 1 and stem[-1] not in _VOWELS:
            return lemma if _skeleton(lemma) == _skeleton(stem) and lemma[:2] == stem[:2] else stem
    return folded


def _cased(word: str, folded: str) -> str:
    """The comparison form with the capital that the word began with."""
    if fold_word(word) == folded:
        return word
    return folded[:1].upper() + folded[1:] if word[:1].isupper() else folded


def full_name(name: str, people: Sequence[str]) -> str:
    """The longest of the article's names that ends in this one; `people` come longest first."""
    folded = fold_word(name)
    return next((longer for longer in people if fold_word(longer).endswith(" " + folded)), name)
