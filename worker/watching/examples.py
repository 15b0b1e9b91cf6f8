"""The golden examples of watches, judged as the running service judges articles."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from worker.examining import Examined, examine_each, verdict_of
from worker.matching.verdicts import Verdict
from worker.models.news import Article, ArticleId, FeedId
from worker.models.watch import Example, Layer, Match, Watch, WatchId, Watchlist
from worker.ports import Language
from worker.text.times import SOFIA

_BATCH = 32
_SHOWN_SIGNS = 80
_SHOWN_EVIDENCE = 3
_NOON = time(12)
_HOW = {Layer.FORMS: "by word forms", Layer.MODELS: "by the language models"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An example on which its watch does not do what it must."""

    watch_id: WatchId
    #: False: the watch must stay silent on it
    must_match: bool
    #: within its list, from 0
    number: int
    #: the beginning of its text
    text: str
    #: what kept the watch from firing, or what made it fire
    why: str

    @property
    def key(self) -> str:
        """The list of its watch that it stands in."""
        return "must_match" if self.must_match else "must_not_match"

    @property
    def place(self) -> str:
        """Where it stands in its watch: `must_match[2]`."""
        return f"{self.key}[{self.number}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of all examples of a watchlist."""

    failures: tuple[Failure, ...] = ()
    tried: int = 0
    #: examples for which there was no time
    untried: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    watch: Watch
    must_match: bool
    number: int
    example: Example


def _never() -> bool:
    return False


def try_examples(
    watchlist: Watchlist, language: Language, now: datetime, is_over: Callable[[], bool] = _never
) -> Trial:
    """Every example against its own watch, in watch order; `language` has the index of this watchlist.

    `is_over` is asked between batches, so that no number of examples stops whoever waits.
    """
    cases = list(_cases(watchlist))
    failures: list[Failure] = []
    for start in range(0, len(cases), _BATCH):
        if is_over():
            return Trial(failures=tuple(failures), tried=start, untried=len(cases) - start)
        failures += _failures(cases[start : start + _BATCH], language, now)
    return Trial(failures=tuple(failures), tried=len(cases))


def _cases(watchlist: Watchlist) -> Iterator[_Case]:
    for watch in watchlist.watches:
        for must_match, examples in ((True, watch.must_match), (False, watch.must_not_match)):
            for number, example in enumerate(examples):
                yield _Case(watch=watch, must_match=must_match, number=number, example=example)


def _failures(cases: Sequence[_Case], language: Language, now: datetime) -> Iterator[Failure]:
    articles = {ArticleId(str(number)): case for number, case in enumerate(cases)}
    examined, failed = examine_each([_article(name, case, now) for name, case in articles.items()], language)
    causes = dict(failed)
    known = {one.article.id: one for one in examined}
    for name, case in articles.items():
        why = f"cannot be analysed: {causes[name]}" if name in causes else _why(case, known[name], language)
        if why:
            yield Failure(
                watch_id=case.watch.id,
                must_match=case.must_match,
                number=case.number,
                text=_shortened(f"{case.example.title} {case.example.text}"),
                why=why,
            )


def _why(case: _Case, examined: Examined, language: Language) -> str:
    """What is wrong with the outcome; empty where it is as it must be."""
    verdict = verdict_of(examined, case.watch.id, language)
    if case.must_match:
        return "" if verdict.match else f"does not match: {_refused(verdict)}"
    return f"matches {_fired(verdict.match)}" if verdict.match else ""


def _refused(verdict: Verdict) -> str:
    reason = str(verdict.refusal or "").replace("_", " ")
    return f"{reason} ({verdict.detail})" if verdict.detail else reason


def _fired(match: Match) -> str:
    found = dict.fromkeys(f"«{evidence.text}» for «{evidence.term}»" for evidence in match.evidence)
    shown = ", ".join(list(found)[:_SHOWN_EVIDENCE]) + (" …" if len(found) > _SHOWN_EVIDENCE else "")
    return f"{_HOW[match.layer]}: {shown}"


def _article(name: ArticleId, case: _Case, now: datetime) -> Article:
    """The example as an article of an outlet and section that its watch looks at: its text is what is tried."""
    scope, example = case.watch.scope, case.example
    published_at = now if example.on is None else datetime.combine(example.on, _NOON, SOFIA).astimezone(UTC)
    section = min(scope.sections, default="")
    return Article(
        id=name,
        feed_id=FeedId(""),
        outlet=min(scope.outlets, default=""),
        url=f"https://example.invalid/{section}/" if section else "",
        title=example.title,
        summary="",
        body=example.text,
        published_at=published_at,
        seen_at=published_at,
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_SIGNS else line[: _SHOWN_SIGNS - 1].rstrip() + "…"
