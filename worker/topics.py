"""What an article is about, as key phrases in the words of the article; pure.

A first version: names in canonical form and noun phrases, ranked by where and how often they stand. It knows no
subject categories.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from worker.models.news import Analysis, Article, Field, Sentence, Token, Topic
from worker.text.fold import fold_word, tidy

MAX_TOPICS = 8
_MIN_TOPICS = 3
#: Beyond the first three, phrases with less than this share of the best are left out.
_MIN_SCORE = 0.3
_FIELD_WEIGHTS = {Field.TITLE: 3.0, Field.SUMMARY: 2.0, Field.BODY: 1.0}
_WORDS_FACTORS = {1: 0.6, 2: 1.3}
_MANY_WORDS_FACTOR = 1.5
_NAME_FACTOR = 1.0
_MAX_ADJECTIVES = 2
#: What a head noun that also stands alone adds to its phrase.
_HEAD_SHARE = 0.5
_MIN_LETTERS = 3
_QUOTES = frozenset('„“”«»"')
#: Nouns that name no subject: time, quantity, persons and things in general.
_EMPTY_NOUNS = frozenset(
    str.split(
        """
    година ден час минута месец седмица век днес вчера утре сутрин вечер нощ следобед сряда понеделник вторник
    четвъртък петък събота неделя януари февруари март април май юни юли август септември октомври ноември декември
    път време място част страна човек хора случай начин край начало брой процент сто хиляда милион милиард лев евро
    долар дума думи въпрос ред вид повод име момент период срок ръка глава нещо всичко половина метър километър
    градус декар заглавие снимка видео статия новина разлика възможност причина резултат мнение
    """
    )
)
#: Adjectives that place or count rather than describe.
_EMPTY_ADJECTIVES = frozenset(
    str.split(
        """
    нов стар голям малък пръв първи втори трети четвърти пети шести последен предпоследен следващ предишен минал идещ
    друг цял същ самият различен целия сегашен днешен вчерашен утрешен тазгодишен миналогодишен среден общ добър лош
    висок нисък важен основен главен отделен един два три
    """
    )
)


@dataclass(slots=True)
class _Candidate:
    """One phrase and what was seen of it so far; the first form seen wins among equally short ones."""

    lemmas: tuple[str, ...]
    is_name: bool
    weight: float = 0.0
    forms: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return min(self.forms, key=len)

    @property
    def value(self) -> float:
        if self.is_name:
            return self.weight * _NAME_FACTOR
        return self.weight * _WORDS_FACTORS.get(len(self.lemmas), _MANY_WORDS_FACTOR)


def topics_of(article: Article, analysis: Analysis) -> tuple[Topic, ...]:
    """Up to eight key phrases, strongest first with score 1; fewer where the text has no more to name."""
    candidates: dict[str, _Candidate] = {}
    for key, lemmas, form, weight, is_name in _sightings(article, analysis):
        candidate = candidates.setdefault(key, _Candidate(lemmas, is_name))
        candidate.weight += weight
        candidate.forms.append(form)
    for candidate in candidates.values():
        if len(candidate.lemmas) > 1 and not candidate.is_name and candidate.lemmas[-1] in candidates:
            candidate.weight += _HEAD_SHARE * candidates[candidate.lemmas[-1]].weight
    ranked = sorted(candidates.values(), key=lambda one: -one.value)
    chosen = list(islice(_distinct(ranked), MAX_TOPICS))
    if not chosen:
        return ()
    best = chosen[0].value
    kept = [one for place, one in enumerate(chosen) if place < _MIN_TOPICS or one.value >= _MIN_SCORE * best]
    return tuple(Topic(name=one.shown, score=round(one.value / best, 4)) for one in kept)


def _distinct(ranked: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """Leaves out a phrase whose words are all in a stronger one, and the longer form of a stronger one."""
    taken: list[frozenset[str]] = []
    for candidate in ranked:
        words = frozenset(candidate.lemmas)
        if not any(words <= other or other <= words for other in taken):
            taken.append(words)
            yield candidate


def _sightings(article: Article, analysis: Analysis) -> Iterator[tuple[str, tuple[str, ...], str, float, bool]]:
    """Key, lemmas, form as shown, weight and whether it is a name, for all names and then all noun phrases."""
    outlet = fold_word(article.outlet)
    for mention in analysis.mentions:
        name = _tidied_name(mention.name)
        key = fold_word(name)
        if len(key) > 1 and key != outlet:
            yield key, tuple(key.split()), name, _FIELD_WEIGHTS[mention.field], True
    for part, weight in _FIELD_WEIGHTS.items():
        text = article.text_of(part)
        covered = [(mention.start, mention.end) for mention in analysis.mentions if mention.field is part]
        for sentence in analysis.sentences.get(part, ()):
            for phrase in _phrases(sentence, text, covered):
                lemmas = tuple(fold_word(token.lemma) for token in phrase)
                yield " ".join(lemmas), lemmas, _shown(phrase, text, sentence), weight, False


def _phrases(sentence: Sentence, text: str, covered: Sequence[tuple[int, int]]) -> Iterator[tuple[Token, ...]]:
    """Nouns with the adjectives right before them, outside names."""
    adjectives: list[Token] = []
    for token in sentence.tokens:
        named = any(start < token.end and token.start < end for start, end in covered)
        gap = text[adjectives[-1].end : token.start] if adjectives else ""
        if gap.strip():
            adjectives = []
        if token.upos == "NOUN" and not named and _is_telling(token):
            yield (*adjectives[-_MAX_ADJECTIVES:], token)
            adjectives = []
        elif token.upos == "ADJ" and not named and fold_word(token.lemma).isalpha():
            adjectives = [] if fold_word(token.lemma) in _EMPTY_ADJECTIVES else [*adjectives, token]
        else:
            adjectives = []


def _is_telling(noun: Token) -> bool:
    lemma = fold_word(noun.lemma)
    return len(lemma) >= _MIN_LETTERS and lemma.isalpha() and lemma not in _EMPTY_NOUNS


def _shown(phrase: Sequence[Token], text: str, sentence: Sentence) -> str:
    """As a reader would write it on its own: without the definite article, small letters but for acronyms."""
    shouted = text[sentence.start : sentence.end].isupper()
    head = phrase[-1]
    if len(phrase) == 1 and _is_believable(fold_word(head.lemma), text[head.start : head.end].lower()):
        written = tidy(text[head.start : head.end]).text
        return written if _is_acronym(written) and not shouted else fold_word(head.lemma)
    return " ".join(_indefinite(token, tidy(text[token.start : token.end]).text, shouted) for token in phrase)


def _indefinite(token: Token, written: str, shouted: bool) -> str:
    if _is_acronym(written) and not shouted:
        return written
    word, lemma = written.lower(), fold_word(token.lemma)
    if token.upos == "ADJ":
        return _indefinite_adjective(word, lemma)
    if any(word == lemma + article for article in ("ът", "ят", "та", "то", "те", "а", "я")):
        return lemma
    return word[:-2] if word.endswith(("ите", "ията", "ата")) else word


def _indefinite_adjective(word: str, lemma: str) -> str:
    if word.endswith(("щия", "щият")):
        return word.removesuffix("т").removesuffix("ия")
    if word.endswith(("ия", "ият")):
        return lemma if _is_believable(lemma, word) else word
    return word[:-2] if word.endswith(("ата", "ото", "ите")) else word


def _is_believable(lemma: str, word: str) -> bool:
    """Verbs are cited in the first person, which shows where the lemmatiser took a noun or adjective for one."""
    return lemma[:2] == word[:2] and not (lemma.endswith(("м", "я")) and lemma not in word)


def _tidied_name(name: str) -> str:
    """Without the signs at its ends that an entity may be cut off with, and without a lone quotation mark."""
    spaced = " ".join(name.split()).strip(" -–—.,;:")
    quotes = [char for char in spaced if char in _QUOTES]
    return spaced if len(quotes) % 2 == 0 else spaced.replace(quotes[0], "")


def _is_acronym(written: str) -> bool:
    return len(written) > 1 and written.isupper()
