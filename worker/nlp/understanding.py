"""The `about:` terms of a watchlist, made answerable by the model of meaning and the watches' own golden examples."""

from collections.abc import Iterator, Sequence

from worker.matching.closeness import Cut, calibrate
from worker.models.watch import Example, Meaning, Watch, Watchlist
from worker.nlp.meaning import Meaning as Model
from worker.nlp.meaning import Subject, load_meaning


class Understanding:
    """How surely sentences say what descriptions mean; one description has one cut, whichever watches use it."""

    def __init__(self, model: Model, watchlist: Watchlist) -> None:
        self._model = model
        self._subjects: dict[str, tuple[Subject, Cut]] = {}
        for description, watches in _described(watchlist).items():
            yes = [_text(example) for watch in watches for example in watch.must_match]
            no = [_text(example) for watch in watches for example in watch.must_not_match]
            subject = model.subject(description, yes, no)
            self._subjects[description] = subject, calibrate(subject.must_match, subject.must_not_match)

    def __call__(self, description: str, sentences: Sequence[str]) -> tuple[float, ...]:
        """0-1 for each sentence, in order; raises AnalysisError."""
        subject, cut = self._subjects[description]
        return tuple(cut.probability(one) for one in self._model.closeness(subject, sentences))

    def faults(self) -> Iterator[tuple[str, str]]:
        """Descriptions that their own examples say little about, each with a sentence for people."""
        for description, (_, cut) in self._subjects.items():
            if cut.fault:
                yield description, cut.fault


def understanding_of(watchlist: Watchlist) -> Understanding | None:
    """None where no watch asks for a meaning or the model is not installed; raises AnalysisError for a broken one."""
    if not _described(watchlist):
        return None
    model = load_meaning()
    return None if model is None else Understanding(model, watchlist)


def _described(watchlist: Watchlist) -> dict[str, list[Watch]]:
    found: dict[str, list[Watch]] = {}
    for watch in watchlist.watches:
        for term in (*watch.terms, *watch.all):
            if isinstance(term, Meaning):
                found.setdefault(term.description, []).append(watch)
    return found


def _text(example: Example) -> str:
    return f"{example.title}. {example.text}" if example.title and example.text else example.title or example.text
