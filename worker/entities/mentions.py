"""The article's mentions, from the model's spans and the catalogue's hits; pure.

The catalogue is right about what it knows for certain, the model about how far a name reaches and about all others.
A capital at the beginning of a sentence proves no name, and a weak name needs the model or its actor in the article.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from worker.entities.agreement import agreed_kinds
from worker.entities.index import CatalogueIndex, Hit
from worker.entities.meetings import HEADS, Stretch, meetings
from worker.entities.nominative import full_name, nominative
from worker.matching.reading import ArticleWords, TextWord, read_article
from worker.models.actor import Actor
from worker.models.news import Analysis, Article, Field, Mention, MentionKind, Token
from worker.text.fold import fold_word, tidy

_OPENING, _CLOSING = "„“«\"'‘", "“”»\"'’"
_QUOTES = frozenset(_OPENING + _CLOSING)
_ARTICLES = ("ът", "ят", "та", "то", "те")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """A stretch of one field that may be a mention."""

    field: Field
    start: int
    end: int
    kind: MentionKind
    #: who is meant, where the catalogue says so
    actor: Actor | None = None


def resolve(
    article: Article, analysis: Analysis, index: CatalogueIndex, read: ArticleWords | None = None
) -> tuple[Mention, ...]:
    """Mentions in reading order, without overlaps, each with its canonical name; `read` as for `with_entities`."""
    read = read or read_article(article, analysis)
    found = [span for mention in analysis.mentions if (span := _trimmed(article, mention)) is not None]
    hits = _hits(article, read, index)
    first = _first_tokens(analysis)
    spans = [span for span in _merged(found, hits) if _may_stand(article, span, first)]
    spans = _agreed(article, spans)
    return _named(article, _ordered([*_meetings(read, spans), *spans]), first)


def _agreed(article: Article, spans: Sequence[_Span]) -> list[_Span]:
    """The spans with one kind for one name; the catalogue's own stay as they are."""
    names = [fold_word(_spaced(article.text_of(span.field)[span.start : span.end])) for span in spans]
    kinds = agreed_kinds([(name, span.kind) for name, span in zip(names, spans, strict=True)])
    return [
        replace(span, kind=kinds[name]) if name in kinds and span.actor is None else span
        for name, span in zip(names, spans, strict=True)
    ]


def _meetings(read: ArticleWords, spans: Sequence[_Span]) -> list[_Span]:
    """Summits named by their mentions, as mentions of their own."""
    if not any(word.word.key in HEADS for word in read.words):
        return []
    stretches = [stretch for span in spans if (stretch := _stretch(read, span)) is not None]
    return [
        _Span(
            field=read.words[first].field,
            start=read.words[first].word.start,
            end=read.words[last].word.end,
            kind=MentionKind.EVT,
        )
        for first, last in meetings(read.words, stretches)
    ]


def _stretch(read: ArticleWords, span: _Span) -> Stretch | None:
    inside = [
        number
        for number, word in enumerate(read.words)
        if word.field is span.field and word.word.start >= span.start and word.word.end <= span.end
    ]
    return (inside[0], inside[-1], span.kind) if inside else None


def _trimmed(article: Article, mention: Mention) -> _Span | None:
    """The model's span without quotation marks around the whole name; None for what is no name."""
    text = article.text_of(mention.field)
    start, end = mention.start, mention.end
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    inside = text[start + 1 : end - 1]
    if end - start > 1 and text[start] in _QUOTES and text[end - 1] in _QUOTES and not _quotes_in(inside):
        start, end = start + 1, end - 1
    elif start < end and text[start] in _QUOTES and not _quotes_in(text[start + 1 : end]):
        start += 1
    elif start < end and text[end - 1] in _QUOTES and not _quotes_in(text[start : end - 1]):
        end -= 1
    if not any(char.isalnum() for char in text[start:end]):
        return None
    return _Span(field=mention.field, start=start, end=end, kind=mention.kind)


def _quotes_in(text: str) -> bool:
    return any(char in _QUOTES for char in text)


def _may_stand(article: Article, span: _Span, first: Mapping[tuple[Field, int], Token]) -> bool:
    """Names of people are capitalised and take no article: „Социологът“ begins a sentence, nothing more."""
    if span.kind is not MentionKind.PER or span.actor is not None:
        return True
    text = article.text_of(span.field)[span.start : span.end]
    token = first.get((span.field, span.start))
    lemma = fold_word(token.lemma) if token is not None and token.end >= span.end else None
    return any(char.isupper() for char in text) and fold_word(text) not in {f"{lemma}{end}" for end in _ARTICLES}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hits:
    certain: tuple[_Span, ...]
    #: strong names at the beginning of a sentence, and weak ones: each needs something beside it
    doubtful: tuple[_Span, ...]


def _hits(article: Article, read: ArticleWords, index: CatalogueIndex) -> _Hits:
    certain: list[_Span] = []
    doubtful: list[_Span] = []
    seen_inside = {
        word.word.key
        for position, word in enumerate(read.words)
        if word.word.written[:1].isupper() and not _begins(read.words, position)
    }
    hits = index.find(read.words)
    places: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        places.setdefault((hit.first, hit.last), []).append(hit)
    for (first, last), group in places.items():
        strong = [hit for hit in group if not hit.weak] or group
        if len({hit.actor.id for hit in strong}) > 1:
            continue
        span = _span_of(article, read.words, strong[0])
        single = first == last and not _is_telling(read.words[first].word.written)
        unproven = single and _begins(read.words, first) and read.words[first].word.key not in seen_inside
        (doubtful if strong[0].weak or unproven else certain).append(span)
    return _Hits(certain=tuple(certain), doubtful=tuple(doubtful))


def _begins(words: Sequence[TextWord], position: int) -> bool:
    return position == 0 or words[position - 1].sentence != words[position].sentence


def _is_telling(written: str) -> bool:
    """A spelling that no ordinary word has: capitals throughout, digits, or a capital inside."""
    return any(char.isdigit() for char in written) or any(char.isupper() for char in written[1:])


def _span_of(article: Article, words: Sequence[TextWord], hit: Hit) -> _Span:
    """From the first word to the last, with the quotation marks that belong to a part of the name."""
    field = words[hit.first].field
    text = article.text_of(field)
    start, end = words[hit.first].word.start, words[hit.last].word.end
    inside = text[start:end]
    if any(char in "„«" for char in inside) and text[end : end + 1] in _CLOSING and text[end : end + 1]:
        end += 1
    elif hit.first < hit.last and any(char in "“”»" for char in inside) and text[start - 1 : start] in {"„", "«"}:
        start -= 1
    return _Span(field=field, start=start, end=end, kind=hit.actor.kind, actor=hit.actor)


def _merged(found: Sequence[_Span], hits: _Hits) -> list[_Span]:
    """The catalogue's certain names over the model's, and its doubtful ones where something speaks for them."""
    people = [hit for hit in (*hits.certain, *hits.doubtful) if hit.kind is MentionKind.PER]
    taken = [_grown(hit, found, people) for hit in hits.certain]
    spans = taken + [span for span in found if not any(_overlap(span, one) for one in taken)]
    present = {span.actor.id for span in taken if span.actor is not None}
    # Twice, because what one name proves speaks for another.
    for _ in range(2):
        for hit in hits.doubtful:
            if hit.actor is not None and _settle(hit, spans, known=hit.actor.id in present):
                present.add(hit.actor.id)
    return _ordered(spans)


def _settle(hit: _Span, spans: list[_Span], *, known: bool) -> bool:
    """Puts a doubtful name among the spans where the model or its actor speaks for it; whether it did."""
    beside = [span for span in spans if _overlap(span, hit)]
    same = next((span for span in beside if (span.start, span.end) == (hit.start, hit.end)), None)
    if len(beside) == 1 and same is not None and same.actor is None:
        # A known person's surname may be taken for anything, in lists and in Latin letters.
        if known or same.kind is hit.kind or hit.kind is MentionKind.PER:
            spans[spans.index(same)] = hit
            return True
    elif not beside and known:
        spans.append(hit)
        return True
    return False


def _ordered(spans: Sequence[_Span]) -> list[_Span]:
    """In reading order; of those that overlap the one that begins first, and of those the longest."""
    order = list(Field)
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda one: (order.index(one.field), one.start, -one.end)):
        if not kept or not _overlap(kept[-1], span):
            kept.append(span)
    return kept


def _grown(hit: _Span, found: Sequence[_Span], people: Sequence[_Span]) -> _Span:
    """The model's longer name of the same kind around a known one („Министерство на отбраната на Украйна“).

    Not where a person is named in it: then the model ran two names together.
    """
    for span in found:
        around = span.field is hit.field and span.start <= hit.start and hit.end <= span.end
        longer = around and span.kind is hit.kind and (span.start, span.end) != (hit.start, hit.end)
        if longer and (hit.kind is MentionKind.PER or not any(_overlap(span, person) for person in people)):
            return span
    return hit


def _overlap(one: _Span, other: _Span) -> bool:
    return one.field is other.field and one.start < other.end and other.start < one.end


def _named(article: Article, spans: Sequence[_Span], first: Mapping[tuple[Field, int], Token]) -> tuple[Mention, ...]:
    texts = [_spaced(article.text_of(span.field)[span.start : span.end]) for span in spans]
    people = sorted(
        {_person(text, span) for text, span in zip(texts, spans, strict=True) if span.kind is MentionKind.PER},
        key=lambda name: (-len(name.split()), name),
    )
    return tuple(
        Mention(
            field=span.field,
            start=span.start,
            end=span.end,
            text=article.text_of(span.field)[span.start : span.end],
            kind=span.kind,
            name=_name(text, span, first, people),
        )
        for text, span in zip(texts, spans, strict=True)
    )


def _person(text: str, span: _Span) -> str:
    """The person as this mention alone gives it: known by full name, else as written."""
    return text if span.actor is None or _is_bare_surname(text, span.actor) else span.actor.name


def _name(text: str, span: _Span, first: Mapping[tuple[Field, int], Token], people: Sequence[str]) -> str:
    if span.actor is not None and not _is_bare_surname(text, span.actor):
        return span.actor.name
    if span.kind is MentionKind.PER:
        longer = full_name(text, people)
        return span.actor.name if span.actor is not None and longer == text else longer
    token = first.get((span.field, span.start))
    return nominative(text, token.lemma, token.upos, span.kind) if token else text


def _is_bare_surname(text: str, actor: Actor) -> bool:
    """The article itself may name another bearer of the surname in full."""
    full = {fold_word(name) for name in (actor.name, *actor.aliases)}
    return actor.kind is MentionKind.PER and fold_word(text) not in full


def _first_tokens(analysis: Analysis) -> dict[tuple[Field, int], Token]:
    return {(field, token.start): token for field, token in _tokens(analysis)}


def _tokens(analysis: Analysis) -> Iterator[tuple[Field, Token]]:
    for field, sentences in analysis.sentences.items():
        for sentence in sentences:
            for token in sentence.tokens:
                yield field, token


def _spaced(text: str) -> str:
    return " ".join(tidy(text).text.split())


def with_entities(
    article: Article, analysis: Analysis, index: CatalogueIndex, read: ArticleWords | None = None
) -> Analysis:
    """The analysis with its mentions resolved against the catalogue; `read` are its words where they are known."""
    return replace(analysis, mentions=resolve(article, analysis, index, read))
