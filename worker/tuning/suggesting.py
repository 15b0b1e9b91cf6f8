"""A change of a watch for one article, with the golden example that keeps it: what is shown as a diff; pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.matching.verdicts import Verdict
from worker.models.news import Article
from worker.models.watch import Example, Match, Watch
from worker.text.times import SOFIA
from worker.tuning.explaining import REFUSALS
from worker.tuning.false_alarm import false_alarm_proposals
from worker.tuning.missed import missed_proposals, nearest_sentence
from worker.tuning.proposals import Bench, Proposal, with_additions
from worker.tuning.showing import one_line, plural
from worker.tuning.trying import Prepared, fires, index_of, of_example, verdict_of

Prepare = Callable[[Article], Prepared]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What may be done about one article; the best proposal first."""

    verdict: Verdict | None
    proposals: tuple[Proposal, ...]
    #: the one that the example goes with
    picked: Proposal | None
    #: holds with the proposal that was picked, and without any where the watch does what is wanted already
    example: Example | None
    #: under which key the example belongs
    key: str


def for_false_alarm(bench: Bench, prepare: Prepare, now: datetime, pick: int = 1) -> Suggestion:
    """Keeps the watch silent on the article of the bench; `pick` counts the proposals from 1."""
    verdict = verdict_of(bench.subject, bench.watch, bench.concepts)
    match = verdict.match if verdict else None
    if match is None:
        example = _example(bench.subject, None, None, bench, prepare, now, wanted=False)
        return Suggestion(verdict=verdict, proposals=(), picked=None, example=example, key="must_not_match")
    ranked = tuple(sorted(false_alarm_proposals(bench, match), key=lambda one: one.lost > 0))
    picked = next(iter(ranked[pick - 1 : pick]), None)
    example = None
    if picked is not None:
        example = _example(bench.subject, _sentence(bench.subject, match), picked, bench, prepare, now, wanted=False)
    return Suggestion(verdict=verdict, proposals=ranked, picked=picked, example=example, key="must_not_match")


def for_missed(bench: Bench, prepare: Prepare, now: datetime, archive: Sequence[Prepared], pick: int = 1) -> Suggestion:
    """Makes the watch fire on the article of the bench, with as little else as can be."""
    verdict = verdict_of(bench.subject, bench.watch, bench.concepts)
    if verdict is not None and verdict.match is not None:
        sentence = _sentence(bench.subject, verdict.match)
        example = _example(bench.subject, sentence, None, bench, prepare, now, wanted=True)
        return Suggestion(verdict=verdict, proposals=(), picked=None, example=example, key="must_match")
    found = with_additions(missed_proposals(bench, verdict), bench.watch, bench.concepts, archive)
    picked = next(iter(found[pick - 1 : pick]), None)
    example = None
    if picked is not None:
        number = nearest_sentence(bench)
        start, end = bench.subject.words.sentences[number]
        field = next(word.field for word in bench.subject.words.words if word.sentence == number)
        sentence = bench.subject.article.text_of(field)[start:end]
        example = _example(bench.subject, sentence, picked, bench, prepare, now, wanted=True)
    return Suggestion(verdict=verdict, proposals=found, picked=picked, example=example, key="must_match")


def _sentence(one: Prepared, match: Match) -> str:
    first = match.evidence[0]
    return one.article.text_of(first.field)[first.sentence_start : first.sentence_end]


def _example(  # noqa: PLR0917 - the article, what of it may be enough, and what it must show
    subject: Prepared,
    sentence: str | None,
    proposal: Proposal | None,
    bench: Bench,
    prepare: Prepare,
    now: datetime,
    *,
    wanted: bool,
) -> Example | None:
    """The shortest part of the article that shows the fault, and that the change puts right."""
    before = index_of((bench.watch,), bench.concepts)
    after = before if proposal is None else index_of((proposal.applied(bench.watch),), bench.concepts)
    for example in _parts(subject.article, sentence, bench.watch):
        tried = prepare(of_example(example, now))
        shows = proposal is None or fires(tried, before) is not wanted
        if shows and fires(tried, after) is wanted:
            return example
    return None


def _parts(article: Article, sentence: str | None, watch: Watch) -> Iterator[Example]:
    """Sentence, headline with sentence, everything; dated where a term of the watch goes by the day."""
    title, whole = one_line(article.title), one_line(f"{article.summary}\n{article.body}")
    published = article.published_at or article.seen_at
    on = published.astimezone(SOFIA).date() if _goes_by_day(watch) else None
    if sentence is not None:
        yield Example(text=one_line(sentence), on=on)
        yield Example(title=title, text=one_line(sentence), on=on)
    yield Example(title=title, text=whole, on=on)


def _goes_by_day(watch: Watch) -> bool:
    conditions = [getattr(term, "conditions", None) for term in (*watch.terms, *watch.all)]
    return any(one is not None and (one.since or one.until) for one in conditions)


def suggestion_lines(found: Suggestion, bench: Bench, archived: int) -> Iterator[str]:
    """What the watch does now, and each proposal with what was tried."""
    watch, verdict = bench.watch, found.verdict
    wants_silence = found.key == "must_not_match"
    if verdict is None:
        state = "finds nothing in this article"
    elif verdict.match is not None:
        state = f"fires on this article: {verdict.match.reason}"
    else:
        state = f"is silent on this article: {REFUSALS[verdict.refusal]}" if verdict.refusal else "is silent"
        state += f" ({verdict.detail})" if verdict.detail else ""
    yield f"{watch.id} ({watch.name}) {state}"
    fires_now = verdict is not None and verdict.match is not None
    if fires_now is not wants_silence:
        yield "  it does what is wanted already; a golden example would keep it so"
        return
    if not found.proposals:
        yield "  nothing was found that puts it right without breaking a golden example; it takes a person"
        return
    examples = plural(len(bench.must_match) + len(bench.must_not_match), "golden example")
    yield f"  each holds with {examples}, and was tried on {plural(len(bench.alerted), 'archived alert')}"
    for number, one in enumerate(found.proposals, start=1):
        phrases = ", ".join(f"«{text}»" for text in one.phrases)
        yield f"  {number}. {one.key}: {phrases}  – {one.why}; {_cost(one, archived)}"


def _cost(one: Proposal, archived: int) -> str:
    lost = f"loses {plural(one.lost, 'archived alert')}" if one.lost else "loses no archived alert"
    if one.added is None or not archived:
        return lost
    return f"adds {one.added:,} of {plural(archived, 'archived article')}; {lost}"
