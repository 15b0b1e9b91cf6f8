"""Which watches does an article satisfy, and where; a pure function of article, analysis and compiled watches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.matching.evidence import JOINER, Span, evidence_of, reason_of
from worker.matching.people import People, is_of_another, name_at, persons_found
from worker.matching.reading import ArticleWords, read_article
from worker.matching.terms import Found, Role, WatchIndex
from worker.matching.together import windows
from worker.models.news import Analysis, Article
from worker.models.watch import Match, Person, Phrase, Together, Watch
from worker.text.times import SOFIA

_SPEAKING = frozenset({Role.TERM, Role.SURNAME, Role.GROUP})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """An article ready to be judged."""

    article: Article
    read: ArticleWords
    people: People
    about: frozenset[str]


def find_matches(
    article: Article, analysis: Analysis | None, index: WatchIndex, about: frozenset[str] = frozenset()
) -> tuple[Match, ...]:
    """The watches that the article satisfies, in watch order; without an analysis by forms alone.

    `about` holds what the article is about: codes of categories and folded key phrases; while nothing is known of
    that, no watch asks for it. The score is the weight of the different terms found, as a share of twice the
    threshold, at most 1.
    """
    read = read_article(article, analysis)
    people = People(analysis.mentions if analysis else ())
    text = _Text(article=article, read=read, people=people, about=about)
    judged = (_judge(text, index, number, found) for number, found in sorted(index.find(read.words).items()))
    return tuple(match for match in judged if match is not None)


def _judge(text: _Text, index: WatchIndex, number: int, found: Sequence[Found]) -> Match | None:
    watch = index.watches[number]
    if _is_silenced(watch, found) or (watch.about and text.about and not watch.about & text.about):
        return None
    against = _Against([one for one in found if one.slot.role is Role.NONE])
    surnames = {one.first for one in found if one.slot.role is Role.SURNAME}
    weight = 0.0
    spans: list[Span] = []
    for term_number, of_term in _by_term(found):
        term = watch.terms[term_number]
        if isinstance(term, Person):
            kept = _person(text, term, of_term, index.givens[number, term_number], against)
        else:
            speaking = [one for one in of_term if one.slot.role in _SPEAKING and not against.cancels(one)]
            if index.has_person[number]:
                speaking = [o for o in speaking if not is_of_another(text.read.words, o.last, surnames, text.people)]
            kept = _phrases(text, term, of_term, speaking)
        spans += kept
        weight += term.weight if kept else 0.0
    if not spans or weight < watch.threshold:
        return None
    evidence = evidence_of(text.article, text.read, spans)
    return Match(
        watch_id=watch.id,
        article_id=text.article.id,
        score=min(1.0, weight / (2 * watch.threshold)),
        reason=reason_of(evidence),
        evidence=evidence,
    )


def _is_silenced(watch: Watch, found: Sequence[Found]) -> bool:
    roles = {one.slot.role for one in found}
    return Role.UNLESS in roles or (bool(watch.needs) and Role.NEEDS not in roles)


def _by_term(found: Sequence[Found]) -> Iterator[tuple[int, list[Found]]]:
    """What was found for each term that speaks at all, with its conditions, in the order of the watch's terms."""
    by_term: dict[int, list[Found]] = {}
    for one in found:
        if one.slot.role not in {Role.NONE, Role.NEEDS, Role.UNLESS}:
            by_term.setdefault(one.slot.term, []).append(one)
    for number in sorted(by_term):
        if any(one.slot.role in _SPEAKING for one in by_term[number]):
            yield number, by_term[number]


def _person(
    text: _Text, person: Person, found: Sequence[Found], givens: frozenset[str], against: "_Against"
) -> list[Span]:
    surnames = [one for one in found if one.slot.role is Role.SURNAME]
    named = [name_at(text.read.words, one, givens, text.people) for one in surnames]
    cancelled = {name for name in named if against.overlaps(name.first, name.last)}
    confirmed = not person.surname_needs or len(surnames) < len(found)
    label = surnames[0].slot.text
    return [(n.first, n.last, label) for n in persons_found(named, cancelled=cancelled, confirmed=confirmed)]


def _phrases(text: _Text, term: Phrase | Together, found: Sequence[Found], speaking: Sequence[Found]) -> list[Span]:
    if isinstance(term, Phrase):
        return [(one.first, one.last, term.text) for one in speaking]
    if not _applies(term, found, text.article):
        return []
    spans: list[Span] = []
    for window in windows(term, speaking, text.read.words):
        label = JOINER.join(one.slot.text for one in window)
        spans += [(one.first, one.last, label) for one in window]
    return spans


def _applies(term: Together, found: Sequence[Found], article: Article) -> bool:
    roles = {one.slot.role for one in found}
    if Role.TERM_UNLESS in roles or (term.needs and Role.TERM_NEEDS not in roles):
        return False
    # Offices change hands at midnight in Bulgaria.
    day = (article.published_at or article.seen_at).astimezone(SOFIA).date()
    return (term.since is None or term.since <= day) and (term.until is None or day < term.until)


class _Against:
    """The `none` phrases found in an article; they cancel what they share a word with."""

    def __init__(self, found: Sequence[Found]) -> None:
        self._spans: dict[int, tuple[int, int]] = {}
        for one in sorted(found, key=lambda one: one.last - one.first):
            # The longest phrase over a word decides, so that a finding is not longer than all of them by chance.
            self._spans.update(dict.fromkeys(range(one.first, one.last + 1), (one.first, one.last)))

    def overlaps(self, first: int, last: int) -> bool:
        """Whether a span shares a word with one of them."""
        return any(word in self._spans for word in range(first, last + 1))

    def cancels(self, one: Found) -> bool:
        """Whether a finding is cancelled: it shares a word with one that it does not contain as part of itself."""
        spans = {self._spans[word] for word in range(one.first, one.last + 1) if word in self._spans}
        return any(
            not (one.first <= first and last <= one.last and last - first < one.last - one.first)
            for first, last in spans
        )
