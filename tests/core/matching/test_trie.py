"""The trie finds what a scan over all phrases finds, word by word."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.matching.builders import an_analysis, an_article
from worker.matching.patterns import agrees, steps_of
from worker.matching.reading import read_article
from worker.matching.trie import Trie
from worker.models.watch import Layer

_WORDS = ("гора", "гори", "горят", "Гори", "горски", "кон", "коне", "Кони", "НАТО", "Нато", "ЕС", "натовски", "в")
_STEMS = ("гор", "гора", "кон", "кони", "нат", "НАТ")
_SEPARATORS = (" ", " ", " ", ", ", ". ", "-", "\n")

_ONE = st.one_of(
    st.sampled_from(_WORDS), st.sampled_from(_WORDS).map("={}".format), st.sampled_from(_STEMS).map("{}*".format)
)
_EITHER = st.one_of(_ONE, _ONE, st.lists(_ONE, min_size=2, max_size=3).map("/".join))


def _phrases(step):
    return st.lists(st.lists(step, min_size=1, max_size=3).map(" ".join), max_size=14, unique=True)


_TEXTS = st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_SEPARATORS)), max_size=12).map(
    lambda parts: "".join(word + separator for word, separator in parts)
)
_LEMMAS = st.dictionaries(st.sampled_from(_WORDS), st.sampled_from(_WORDS), max_size=6)


def words_in(text, lemmas=None):
    article = an_article(body=text)
    return read_article(article, None if lemmas is None else an_analysis(article, lemmas)).words


def found_by_trie(phrases, words):
    """Phrase, first and last word, with the least layer."""
    trie: Trie[str] = Trie()
    for phrase in phrases:
        trie.add(steps_of(phrase), phrase)
    trie.settle()
    return best((phrase, hit.first, hit.last, hit.layer) for hit in trie.find(words) for phrase in hit.ends)


def found_by_scan(phrases, words):
    return best(
        (phrase, first, first + len(steps) - 1, max(layers))
        for phrase in phrases
        for steps in [steps_of(phrase)]
        for first in range(len(words) - len(steps) + 1)
        for inside in [words[first : first + len(steps)]]
        if all(word.joined for word in inside[1:])
        for layers in product(*(accepted_as(step, word) for step, word in zip(steps, inside, strict=True)))
    )


def accepted_as(step, word):
    """The layers by which a word satisfies a step."""
    for pattern in step:
        if agrees(pattern.case, word.word.written):
            key = word.word.key
            if key in pattern.forms or (pattern.prefix and key.startswith(pattern.prefix)):
                yield Layer.FORMS
            if pattern.lemmas & set(word.lemmas):
                yield Layer.MODELS


def best(found):
    least: dict[tuple[str, int, int], Layer] = {}
    for phrase, first, last, layer in found:
        least[phrase, first, last] = min(layer, least.get((phrase, first, last), layer))
    return least


@given(phrases=_phrases(_EITHER), text=_TEXTS)
@settings(max_examples=200, deadline=None)
def test_trie_finds_by_forms_what_a_scan_finds(phrases, text):
    words = words_in(text)
    assert found_by_trie(phrases, words) == found_by_scan(phrases, words)


@given(phrases=_phrases(_ONE), text=_TEXTS, lemmas=_LEMMAS)
@settings(max_examples=200, deadline=None)
def test_trie_finds_by_lemmas_what_a_scan_finds(phrases, text, lemmas):
    words = words_in(text, lemmas)
    assert found_by_trie(phrases, words) == found_by_scan(phrases, words)


@given(phrases=_phrases(_EITHER), text=_TEXTS, lemmas=_LEMMAS)
@settings(max_examples=200, deadline=None)
def test_trie_finds_alternatives_by_lemmas_where_a_scan_finds_them(phrases, text, lemmas):
    words = words_in(text, lemmas)
    assert set(found_by_trie(phrases, words)) == set(found_by_scan(phrases, words))


@given(phrases=_phrases(_ONE), texts=st.lists(_TEXTS, min_size=2, max_size=3), lemmas=_LEMMAS)
@settings(max_examples=50, deadline=None)
def test_what_was_read_before_never_changes_what_is_found(phrases, texts, lemmas):
    trie: Trie[str] = Trie()
    for phrase in phrases:
        trie.add(steps_of(phrase), phrase)
    trie.settle()

    for text in (*texts, *texts):
        # With and without lemmas, for what is remembered of a word hangs on them.
        for known in (lemmas, None):
            words = words_in(text, known)
            found = best((phrase, hit.first, hit.last, hit.layer) for hit in trie.find(words) for phrase in hit.ends)
            assert found == found_by_scan(phrases, words)


@pytest.mark.parametrize("count", [6, 7, 40])
def test_a_node_with_many_ways_on_finds_the_same(count):
    phrases = [f"=дума{number} =край" for number in range(count)] + ["дум* край", "дума1/дума2 край"]
    words = words_in("дума1 край. дума5 край. дума край")

    assert found_by_trie(phrases, words) == found_by_scan(phrases, words)


def test_words_are_found_by_their_first_in_reading_order():
    trie: Trie[str] = Trie()
    for phrase in ("гора", "гори гора", "гори"):
        trie.add(steps_of(phrase), phrase)
    trie.settle()

    hits = trie.find(words_in("Гори гора"))

    assert [hit.first for hit in hits] == sorted(hit.first for hit in hits)


@pytest.mark.parametrize(
    ("phrase", "text", "layer"),
    [
        pytest.param("кон гори", "кон гори", Layer.FORMS, id="forms"),
        pytest.param("кон мрежа", "кон гори", Layer.MODELS, id="last word by its lemma"),
        pytest.param("мрежа кон", "гори кон", Layer.MODELS, id="first word by its lemma"),
    ],
)
def test_phrase_is_of_the_layer_of_its_weakest_word(phrase, text, layer):
    assert found_by_trie([phrase], words_in(text, {"гори": "мрежа"})) == {(phrase, 0, 1): layer}


def test_phrase_without_steps_is_never_found():
    trie: Trie[str] = Trie()
    trie.add((), "нищо")
    trie.settle()

    assert trie.find(words_in("гори")) == []


def test_phrases_of_the_same_words_share_a_hit():
    trie: Trie[str] = Trie()
    for end in ("едно", "друго", "едно"):
        trie.add(steps_of("гора"), end)
    trie.settle()

    assert [hit.ends for hit in trie.find(words_in("гората"))] == [["едно", "друго"]]
