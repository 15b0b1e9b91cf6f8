"""One canonical nominative name for every mention of an entity in an article.

Bulgarian names carry definite articles (Алиансът, Европейската комисия) and articles name a person in full once
and by surname afterwards. Surnames themselves are never changed: Радева is not Радев.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.models.news import Field, Mention, MentionKind, Token
from worker.text.fold import fold_word, tidy

_ARTICLES = ("ът", "ят", "та", "то", "те")
#: The short masculine article looks like the ending of many place names (Прага, Йокохама).
_SHORT_ARTICLES = ("а", "я")
_ADJECTIVE_ENDINGS = (("ският", "ски"), ("ския", "ски"), ("ата", "а"), ("ото", "о"), ("ите", "и"))
_QUOTES = "„“”«»\"'‘’"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A span that the model took for a name, with the tokens that it covers."""

    field: Field
    start: int
    end: int
    text: str
    kind: MentionKind
    tokens: tuple[Token, ...]


def named(found: Sequence[Found]) -> tuple[Mention, ...]:
    """Mentions with their canonical names; quotation marks around a whole name are left out.

    Lower-case spans taken for a person are dropped: the training data marks groups („демократите“) so.
    """
    kept = [trimmed for item in found if (trimmed := _trimmed(item)) is not None]
    people = sorted({_spaced(item.text) for item in kept if item.kind is MentionKind.PER}, key=lambda n: (-len(n), n))
    return tuple(
        Mention(
            field=item.field,
            start=item.start,
            end=item.end,
            text=item.text,
            kind=item.kind,
            name=_full_name(_spaced(item.text), people) if item.kind is MentionKind.PER else _nominative(item),
        )
        for item in kept
    )


def _trimmed(item: Found) -> Found | None:
    text = item.text.rstrip()
    start = item.start + len(text) - len(text.lstrip())
    text = text.strip()
    if len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES and not _quotes_in(text[1:-1]):
        start, text = start + 1, text[1:-1]
    elif text and text[0] in _QUOTES and not _quotes_in(text[1:]):
        start, text = start + 1, text[1:]
    elif text and text[-1] in _QUOTES and not _quotes_in(text[:-1]):
        text = text[:-1]
    if not any(char.isalnum() for char in text):
        return None
    if item.kind is MentionKind.PER and not _may_be_person(text, item.tokens):
        return None
    return replace(item, start=start, end=start + len(text), text=text)


def _may_be_person(text: str, tokens: Sequence[Token]) -> bool:
    """Names of people are capitalised and take no article: „Социологът“ begins a sentence, nothing more."""
    with_article = len(tokens) == 1 and _is_definite(fold_word(text), fold_word(tokens[0].lemma), _ARTICLES)
    return any(char.isupper() for char in text) and not with_article


def _is_definite(folded: str, lemma: str, articles: Sequence[str]) -> bool:
    return any(folded == lemma + article for article in articles)


def _quotes_in(text: str) -> bool:
    return any(quote in text for quote in _QUOTES)


def _spaced(text: str) -> str:
    return " ".join(tidy(text).text.split())


def _full_name(name: str, people: Sequence[str]) -> str:
    folded = fold_word(name)
    for longer in people:
        if fold_word(longer).endswith(" " + folded):
            return longer
    return name


def _nominative(item: Found) -> str:
    words = _spaced(item.text).split(" ")
    first = item.tokens[0] if item.tokens else None
    if first is None:
        return " ".join(words)
    head, lemma = words[0], fold_word(first.lemma)
    folded = fold_word(head)
    if first.upos == "ADJ" and len(words) > 1:
        for definite, bare in _ADJECTIVE_ENDINGS:
            if folded.endswith(definite):
                words[0] = head[: len(head) - len(definite)] + bare
                break
    elif _is_definite(folded, lemma, _ARTICLES if item.kind is MentionKind.LOC else _ARTICLES + _SHORT_ARTICLES):
        words[0] = head[: len(lemma)]
    return " ".join(words)
