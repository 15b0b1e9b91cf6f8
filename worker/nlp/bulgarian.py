"""Text to Analysis with the shipped Stanza models, which `worker.nlp.lean` runs.

Nothing is ever downloaded: the models lie beside this file. Each paragraph is read by itself, tidied (see
`worker.text.fold`), and offsets are mapped back to the text as given. One thread: two torch threads in two processes
on two cores were measured seven times slower.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

from worker.errors import AnalysisError
from worker.models.news import Analysis, Article, Field, Mention, MentionKind, Sentence, Token
from worker.text.fold import Folded, tidy

if TYPE_CHECKING:
    from worker.nlp.lean.reader import Reader, ReadSentence
    from worker.nlp.lean.spans import Span
    from worker.nlp.pipeline_reader import PipelineReader

SHIPPED = Path(__file__).parent / "models"
#: What lies beyond is matched by forms only; the longest real article seen has a fifth of it.
MAX_FIELD_CHARS = 30_000
#: Words longer than this are not words, and the character models slow down on them.
_MAX_LINE_CHARS = 5_000
#: Read when torch is imported. oneDNN keeps what it compiled for each size of a batch, by default for 1024 of them:
#: 150 MB more for a gain that could not be measured.
_TORCH_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64"}
#: What Stanza writes where it finds nothing.
_NONE = "_"


@dataclass(frozen=True, slots=True)
class _Paragraph:
    article: int
    field: Field
    #: where `folded` begins in the field, in the field's own code points
    offset: int
    source: str
    folded: Folded


class StanzaAnalyzer:
    """Loads the models once; `analyse` may then be called for any number of batches."""

    def __init__(self, directory: Path) -> None:
        """Raises AnalysisError when a model is missing, damaged or cannot be loaded."""
        card = verified_card(directory)
        self.model = f"{card['name']}-{card['version']}"
        self.reader = _load(directory, card["processors"])

    @classmethod
    def shipped(cls) -> "StanzaAnalyzer":
        """The models that come with this package."""
        return cls(SHIPPED)

    def analyse(self, articles: Sequence[Article]) -> tuple[Analysis, ...]:
        """One analysis for each article, in order; raises AnalysisError naming the article where it is known."""
        paragraphs = [p for number, article in enumerate(articles) for p in _paragraphs(number, article)]
        read = self._read([p.folded.text for p in paragraphs], articles)
        sentences: list[dict[Field, list[Sentence]]] = [{field: [] for field in Field} for _ in articles]
        mentions: list[list[Mention]] = [[] for _ in articles]
        for paragraph, its_sentences in zip(paragraphs, read, strict=True):
            for sentence, found in _placed(its_sentences, paragraph):
                sentences[paragraph.article][paragraph.field].append(sentence)
                mentions[paragraph.article].extend(found)
        return tuple(
            Analysis(model=self.model, sentences={f: tuple(s) for f, s in by_field.items()}, mentions=tuple(found))
            for by_field, found in zip(sentences, mentions, strict=True)
        )

    def _read(self, texts: Sequence[str], articles: Sequence[Article]) -> "list[list[ReadSentence]]":
        try:
            return self.reader.read(texts)
        except (RuntimeError, ValueError, IndexError, KeyError, AssertionError, TypeError, RecursionError) as error:
            only = articles[0].id if len(articles) == 1 else None
            raise AnalysisError(f"the language models failed ({type(error).__name__}: {error})", only) from error


def verified_card(directory: Path) -> dict[str, Any]:
    """The model card, after every file was found with its checksum; raises AnalysisError."""
    try:
        card: dict[str, Any] = json.loads((directory / "card.json").read_bytes())
        for name, digest in card["sha256"].items():
            if hashlib.sha256((directory / name).read_bytes()).hexdigest() != digest:
                raise AnalysisError(f"the model file {directory / name} is damaged; install Vestitel again")
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise AnalysisError(f"the language models in {directory} are incomplete ({error})") from error
    return card


def _load(directory: Path, processors: str) -> "Reader | PipelineReader":
    for name, value in _TORCH_ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        # Two seconds and 400 MB that only this process pays.
        from worker.nlp.pipeline_reader import reader_of  # noqa: PLC0415

        return reader_of(directory, processors)
    except ImportError as error:
        raise AnalysisError(f"the language library is not installed ({error}); run «make setup»") from error
    except (RuntimeError, ValueError, LookupError, TypeError, EOFError, OSError, UnpicklingError) as error:
        raise AnalysisError(f"the language models in {directory} cannot be loaded ({error})") from error


def _paragraphs(number: int, article: Article) -> Iterator[_Paragraph]:
    for field in Field:
        text = article.text_of(field)[:MAX_FIELD_CHARS]
        offset = 0
        for line in text.split("\n"):
            for start, end in _stretches(line):
                source = line[start:end]
                if any(char.isalnum() for char in source):
                    yield _Paragraph(number, field, offset + start, source, tidy(source))
            offset += len(line) + 1


def _stretches(line: str) -> Iterator[tuple[int, int]]:
    """The line in parts that the models can take, cut behind a full stop or a space where there is one."""
    start = 0
    while start < len(line):
        end = min(start + _MAX_LINE_CHARS, len(line))
        if end < len(line):
            half = start + _MAX_LINE_CHARS // 2
            cut = max(line.rfind(". ", half, end) + 1, line.rfind(" ", half, end) if ". " not in line[half:end] else 0)
            end = cut if cut > half else end
        yield start, end
        start = end


def _placed(sentences: "Sequence[ReadSentence]", paragraph: _Paragraph) -> Iterator[tuple[Sentence, list[Mention]]]:
    for sentence in sentences:
        words = sentence.segment
        places = zip(words.starts, words.ends, strict=True)
        columns = zip(words.words, places, sentence.lemmas, sentence.upos, strict=True)
        tokens = tuple(token for column in columns if (token := _token(*column, paragraph)) is not None)
        if not tokens:
            continue
        mentions = [one for span in sentence.spans if (one := _mention(span, sentence, paragraph)) is not None]
        yield Sentence(start=tokens[0].start, end=tokens[-1].end, tokens=tokens), mentions


def _token(word: str, place: tuple[int, int], lemma: str, upos: str, paragraph: _Paragraph) -> Token | None:
    start, end = _span(*place, paragraph)
    if start >= end:
        return None
    return Token(start=start, end=end, lemma=_something(lemma) or word, upos=_something(upos))


def _something(value: str) -> str:
    return "" if value == _NONE else value


def _mention(span: "Span", sentence: "ReadSentence", paragraph: _Paragraph) -> Mention | None:
    """As the model found it; `worker.entities` gives it its name."""
    if span.kind not in MentionKind.__members__:
        return None
    start, end = _span(sentence.segment.starts[span.first], sentence.segment.ends[span.last], paragraph)
    if start >= end:
        return None
    text = paragraph.source[start - paragraph.offset : end - paragraph.offset]
    return Mention(field=paragraph.field, start=start, end=end, text=text, kind=MentionKind(span.kind), name=text)


def _span(start: int, end: int, paragraph: _Paragraph) -> tuple[int, int]:
    start, end = paragraph.folded.original_span(start, end)
    return start + paragraph.offset, end + paragraph.offset
