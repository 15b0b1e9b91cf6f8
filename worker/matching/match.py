"""Which watches does an article satisfy, and where; a pure function of article, analysis and compiled watches."""

from collections.abc import Iterable, Sequence

from worker.matching.counting import Closeness, Counted, Text, count
from worker.matching.evidence import evidence_of, reason_of
from worker.matching.places import Mentioned
from worker.matching.reading import ArticleWords, read_article
from worker.matching.scope import out_of_scope
from worker.matching.terms import Found, Role, WatchIndex
from worker.matching.verdicts import Refusal, Verdict
from worker.models.news import Analysis, Article
from worker.models.watch import Layer, Match, Meaning, Watch
from worker.text.times import SOFIA

_MAX_SHOWN = 5
#: Weights are sums of what people write in decimals.
_PLACES = 6


def find_matches(  # noqa: PLR0917 - an article, what is known of it, and what is wanted
    article: Article,
    analysis: Analysis | None,
    index: WatchIndex,
    about: frozenset[str] = frozenset(),
    closeness: Closeness | None = None,
    read: ArticleWords | None = None,
) -> tuple[Match, ...]:
    """The watches that the article satisfies, in watch order; without an analysis by forms alone.

    `about` holds what the article is about: codes of categories and folded key phrases; while nothing is known of
    that, no watch asks for it. `closeness` serves terms that ask for a meaning; without it they find nothing.
    `read` are the article's words, where somebody has read them already. The score is the weight of the different
    terms found, as a share of twice the threshold, at most 1.
    """
    found = verdicts(article, analysis, index, about, closeness, read)
    return tuple(verdict.match for verdict in found if verdict.match is not None)


def verdicts(  # noqa: PLR0917 - as above
    article: Article,
    analysis: Analysis | None,
    index: WatchIndex,
    about: frozenset[str] = frozenset(),
    closeness: Closeness | None = None,
    read: ArticleWords | None = None,
) -> tuple[Verdict, ...]:
    """As `find_matches`, with the watches that were looked at and did not fire, and why."""
    read = read or read_article(article, analysis)
    findings = index.find(read.words)
    if not findings.of_watches:
        return ()
    text = Text(
        article=article,
        analysis=analysis,
        about=about,
        read=read,
        mentioned=Mentioned(analysis.mentions if analysis else ()),
        # Offices change hands at midnight in Bulgaria.
        day=(article.published_at or article.seen_at).astimezone(SOFIA).date(),
        of_concepts=findings.of_concepts,
        entities=index.entities,
        names=frozenset(mention.name for mention in analysis.mentions) if analysis else frozenset(),
        closeness=closeness,
    )
    return tuple(_judge(text, index, number, found) for number, found in sorted(findings.of_watches.items()))


def _judge(text: Text, index: WatchIndex, number: int, found: Sequence[Found]) -> Verdict:
    watch = index.watches[number]
    found = [one for one in found if text.is_meant(one)]
    refused = _refused(text, watch, found)
    if refused is not None:
        return refused
    counted = count(text, index, number, found)
    mine = [one for one in counted if one.number < len(watch.terms)]
    weight = round(sum(one.weight for one in (mine if watch.terms else counted)), _PLACES)
    missing = len(watch.all) - (len(counted) - len(mine))
    speaking = [one for one in counted if one.weight > 0]
    if not speaking:
        meanings = (f"„{term.description}“" for term in index.terms[number] if isinstance(term, Meaning))
        detail = _texts(text, found) or f"no sentence says {', '.join(meanings)}"
        return Verdict(watch_id=watch.id, refusal=Refusal.NOTHING_LEFT, detail=detail)
    if missing:
        detail = f"{missing} of {len(watch.all)} terms of `all`"
        return Verdict(watch_id=watch.id, refusal=Refusal.PART_MISSING, detail=detail, weight=weight)
    if watch.terms and weight < watch.threshold:
        detail = f"{weight:g} of {watch.threshold:g}: {_texts(text, found)}"
        return Verdict(watch_id=watch.id, refusal=Refusal.TOO_LIGHT, detail=detail, weight=weight)
    layer = Layer.FORMS if _fires_by_forms(watch, counted, found) else Layer.MODELS
    return Verdict(watch_id=watch.id, match=_match(text, watch, speaking, weight, layer), weight=weight)


def _fires_by_forms(watch: Watch, counted: Sequence[Counted], found: Sequence[Found]) -> bool:
    """Whether the watch would fire without what only models make out; what speaks against it counts in any case."""
    by_forms = [one for one in counted if one.layer is Layer.FORMS or one.weight < 0]
    mine = [one for one in by_forms if one.number < len(watch.terms)]
    if len(by_forms) - len(mine) < len(watch.all):
        return False
    if watch.needs and not any(one.slot.role is Role.NEEDS and one.layer is Layer.FORMS for one in found):
        return False
    return not watch.terms or round(sum(one.weight for one in mine), _PLACES) >= watch.threshold


def _match(text: Text, watch: Watch, counted: Sequence[Counted], weight: float, layer: Layer) -> Match:
    evidence = evidence_of(text.article, text.read, (span for one in counted for span in one.spans))
    return Match(
        watch_id=watch.id,
        article_id=text.article.id,
        score=min(1.0, weight / (2 * watch.threshold)),
        reason=reason_of(evidence),
        evidence=evidence,
        weight=weight,
        threshold=watch.threshold,
        layer=layer,
    )


def _refused(text: Text, watch: Watch, found: Sequence[Found]) -> Verdict | None:
    """The verdict where a condition of the whole watch is not met."""
    outside = out_of_scope(text.article, text.analysis, watch.scope)
    if outside is not None:
        return Verdict(watch_id=watch.id, refusal=Refusal.OUT_OF_SCOPE, detail=outside)
    roles = {one.slot.role for one in found}
    if Role.UNLESS in roles:
        detail = _texts(text, [one for one in found if one.slot.role is Role.UNLESS])
        return Verdict(watch_id=watch.id, refusal=Refusal.SILENCED, detail=detail)
    if watch.needs and Role.NEEDS not in roles:
        return Verdict(watch_id=watch.id, refusal=Refusal.NEEDS_MISSING, detail=_some(p.text for p in watch.needs))
    if watch.about and text.about and not watch.about & text.about:
        return Verdict(watch_id=watch.id, refusal=Refusal.NOT_ABOUT, detail=_some(sorted(watch.about)))
    return None


def _texts(text: Text, found: Sequence[Found]) -> str:
    """What was found, as written, each once."""
    words = text.read.words
    return _some(" ".join(word.word.written for word in words[one.first : one.last + 1]) for one in found)


def _some(texts: Iterable[str]) -> str:
    shown = list(dict.fromkeys(f"«{one}»" for one in texts))
    return ", ".join(shown[:_MAX_SHOWN]) + (" …" if len(shown) > _MAX_SHOWN else "")
