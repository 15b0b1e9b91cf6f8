"""What the spelling alone says of the language of a Cyrillic text: letters, small words, endings; pure.

Short headlines of neighbouring languages are too little for statistics of letter sequences, yet one ы, ќ or „със“
decides. Only the Cyrillic languages that come near Bulgarian feeds are known here.
"""

import re
from collections.abc import Iterator, Mapping

from worker.text.fold import fold_tidied, tidy

CYRILLIC = ("bg", "ru", "uk", "mk", "sr")
#: Names in Latin letters are usual in Cyrillic text, the other way round they are not.
_CYRILLIC_SHARE = 0.3
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
#: What a word with letters that other alphabets lack is worth, and one that only some of the languages have.
_LETTER_WEIGHT = 2.0
_WORD_WEIGHT = 1.0
_ENDING_WEIGHT = 0.5
_LETTERS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile("[ыэё]"), ("ru",)),
    (re.compile("[іїєґ]"), ("uk",)),
    (re.compile("[ѓќѕ]"), ("mk",)),
    (re.compile("[ђћ]"), ("sr",)),
    (re.compile("[јљњџ]"), ("mk", "sr")),
    # Russian has ъ before е, ё, ю, я only; the others have none.
    (re.compile("ъ(?![еёюя])"), ("bg",)),
    # Bulgarian has ь before о only.
    (re.compile("ь(?!о)"), ("ru", "uk")),
    (re.compile("щ"), ("bg", "ru", "uk")),
    (re.compile("[ьюяй]"), ("bg", "ru", "uk")),
)
# fmt: off
_SMALL_WORDS = {
    "bg": "ще през още няма заради край защо която което които където когато са сме бе след при също това тази този "
          "тези му си ни най нас от в с е се да за на не по как или между у без има бил била били за",
    "mk": "во од со кај дека што беше бидејќи поради нема ова оваа овој тоа сите низ меѓу кои како ги го им му се да "
          "е за на не по или без има до",
    "ru": "в с к о об от из до для что как это его их они или уже будет будут был была было были при под после чтобы "
          "если все который которые стал стали стала можно нужно нет во со также сегодня года лет за на не по без",
    "sr": "у са од код из због који која које су шта што није нису биће се да за после против на не по или без до о",
    "uk": "у в з із зі до від що та про після або вже буде був була було як це його їх не під щодо за на по без",
}
_ENDINGS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"(?:ться|тся|ший|кий|ного|кого|ому|ях|ами|ями|ной|кой|ил|ал|ел|или)\Z"), ("ru", "uk")),
    (re.compile(r"(?:ият|ите|ията|ото|еха|иха|аха|яха|ява|ават|яват|ствие|ние)\Z"), ("bg",)),
    (re.compile(r"(?:ниот|киот|рот|тот|лот|вот|ање|аат|уваат|еше|аа)\Z"), ("mk",)),
    (re.compile(r"(?:ују|ају|ије|ња|ома|ог|ских)\Z"), ("sr",)),
)
# fmt: on
_LANGUAGES_OF = {
    word: tuple(language for language in CYRILLIC if word in _SMALL_WORDS[language].split())
    for words in _SMALL_WORDS.values()
    for word in words.split()
}


def is_cyrillic(text: str) -> bool:
    """Whether enough of its letters are Cyrillic for it to be written in a language that uses them."""
    tidied = tidy(text).text
    letters = sum(map(str.isalpha, tidied))
    return letters > 0 and len(_CYRILLIC.findall(tidied)) >= _CYRILLIC_SHARE * letters


def spelling_votes(text: str) -> Mapping[str, float]:
    """How much speaks for each of `CYRILLIC`; a sign that several of them share speaks for each in part."""
    votes = dict.fromkeys(CYRILLIC, 0.0)
    for word in _WORD.findall(fold_tidied(tidy(text).text)):
        for languages, weight in _signs_of(word):
            for language in languages:
                votes[language] += weight / len(languages)
    return votes


def _signs_of(word: str) -> Iterator[tuple[tuple[str, ...], float]]:
    for pattern, languages in _LETTERS:
        if pattern.search(word):
            yield languages, _LETTER_WEIGHT
    if word in _LANGUAGES_OF:
        yield _LANGUAGES_OF[word], _WORD_WEIGHT
        return
    for pattern, languages in _ENDINGS:
        if pattern.search(word):
            yield languages, _ENDING_WEIGHT
