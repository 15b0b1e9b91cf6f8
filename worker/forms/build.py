"""All forms of one word of a term: which paradigms its spelling allows, and their forms joined.

The term does not tell the part of speech, so a word gets every paradigm that its ending allows.
"""

from collections.abc import Iterator, Mapping

from worker.forms.adjectives import adjective_forms, is_adjective_like
from worker.forms.function_words import FUNCTION_WORDS
from worker.forms.kinds import Form, FormKind, tagged
from worker.forms.latin import cyrillic_variants, latin_variants
from worker.forms.names import name_forms
from worker.forms.nouns import noun_forms
from worker.forms.relational import acronym_relational, name_relational
from worker.forms.verbal_nouns import is_verbal_noun, verbs_of
from worker.forms.verbs import is_verb_like, verb_forms
from worker.text.fold import fold_word

#: Shorter words have no forms of their own („на“, „от“, „ЕС“).
_SHORTEST = 3
#: Two letters, and yet a word that is inflected.
_SHORT = frozenset(("ад", "ум", "ос", "яд", "юг", "як", "ям", "ща"))
#: Verbs that are nothing else.
_ONLY_VERB = ("вам", "ирам")


def forms_of(word: str, *, kinds: frozenset[FormKind] | None = None) -> Mapping[str, FormKind]:
    """Comparison forms of a word as the term writes it, each with its kind; the word itself first.

    A capital makes it a name, capitals throughout an acronym. `kinds` keeps only forms of these kinds beside the word.
    A form that several kinds share has the first of them.
    """
    key = fold_word(word)
    found = {key: FormKind.BASE}
    if (len(key) < _SHORTEST and key not in _SHORT) or not key.isalpha():
        return found
    for form, kind in _candidates(word, key):
        if (kinds is None or kind in kinds) and len(form) >= _SHORTEST and form not in FUNCTION_WORDS:
            found.setdefault(form, kind)
    return found


def _candidates(word: str, key: str) -> Iterator[Form]:
    if key.isascii():
        return tagged(FormKind.CYRILLIC, cyrillic_variants(key))
    if word.isupper():
        return _of_acronym(key)
    return _of_name(key) if word[0].isupper() else _of_common(key)


def _of_acronym(key: str) -> Iterator[Form]:
    yield from acronym_relational(key)
    yield from tagged(FormKind.LATIN, latin_variants(key)[:1])


def _of_name(key: str) -> Iterator[Form]:
    yield from name_forms(key)
    yield from name_relational(key)
    yield from tagged(FormKind.LATIN, latin_variants(key))


def _of_common(key: str) -> Iterator[Form]:
    verb = is_verb_like(key)
    if not (verb and key.endswith(_ONLY_VERB)):
        yield from noun_forms(key)
    if is_adjective_like(key):
        yield from adjective_forms(key)
    if verb:
        yield from verb_forms(key)
    if is_verbal_noun(key):
        yield from _of_action(key)


def _of_action(key: str) -> Iterator[Form]:
    """The verbs of both aspects that a noun of action stands for."""
    imperfective, perfective = verbs_of(key)
    for verb in imperfective:
        yield verb, FormKind.VERB
        yield from verb_forms(verb)
    for verb in perfective:
        yield verb, FormKind.VERB
        yield from verb_forms(verb, perfective=True)
