"""Text to Analysis with the shipped Stanza models; the only module that sees a Stanza object.

Nothing is ever downloaded: the models lie beside this file and `download_method` is None. Each paragraph goes to
Stanza as a document of its own, tidied (see `worker.text.fold`), and offsets are mapped back to the text as given.
One thread: two torch threads in two processes on two cores were measured seven times slower.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.errors import AnalysisError
from worker.models.news import Analysis, Article, Field, MentionKind, Sentence, Token
from worker.nlp.names import Found, named
from worker.text.fold import Folded, tidy

SHIPPED = Path(__file__).parent / "models"
#: What lies beyond is matched by forms only; the longest real article seen has a fifth of it.
MAX_FIELD_CHARS = 30_000
#: Words longer than this are not words, and the character models slow down on them.
_MAX_LINE_CHARS = 5_000


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
        self._pipeline = _load(directory, card["processors"])

    @classmethod
    def shipped(cls) -> "StanzaAnalyzer":
        """The models that come with this package."""
        return cls(SHIPPED)

    def analyse(self, articles: Sequence[Article]) -> tuple[Analysis, ...]:
        """One analysis for each article, in order; raises AnalysisError naming the article where it is known."""
        paragraphs = [p for number, article in enumerate(articles) for p in _paragraphs(number, article)]
        documents = self._run([p.folded.text for p in paragraphs], articles)
        sentences: list[dict[Field, list[Sentence]]] = [{field: [] for field in Field} for _ in articles]
        found: list[list[Found]] = [[] for _ in articles]
        for paragraph, document in zip(paragraphs, documents, strict=True):
            for sentence, names in _read(document, paragraph):
                sentences[paragraph.article][paragraph.field].append(sentence)
                found[paragraph.article].extend(names)
        return tuple(
            Analysis(model=self.model, sentences={f: tuple(s) for f, s in by_field.items()}, mentions=named(names))
            for by_field, names in zip(sentences, found, strict=True)
        )

    def _run(self, texts: Sequence[str], articles: Sequence[Article]) -> list[Any]:
        import stanza  # noqa: PLC0415 - a second and 400 MB that only this process pays
        import torch  # noqa: PLC0415

        if not texts:
            return []
        try:
            with torch.inference_mode():
                documents: list[Any] = self._pipeline.bulk_process([stanza.Document([], text=text) for text in texts])
        except (RuntimeError, ValueError, IndexError, KeyError, AssertionError, TypeError, RecursionError) as error:
            only = articles[0].id if len(articles) == 1 else None
            raise AnalysisError(f"the language models failed ({type(error).__name__}: {error})", only) from error
        return documents


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


def _load(directory: Path, processors: str) -> Any:
    # Read by OpenMP when torch is imported, so it must stand before.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        import stanza  # noqa: PLC0415 - a second and 400 MB that only this process pays
        import torch  # noqa: PLC0415

        torch.set_num_threads(1)
        return stanza.Pipeline(
            "bg",
            dir=str(directory),
            download_method=None,
            processors=processors,
            use_gpu=False,
            logging_level="ERROR",
        )
    except ImportError as error:
        raise AnalysisError(f"the language library is not installed ({error}); run «make setup»") from error
    except (RuntimeError, ValueError, KeyError, EOFError, OSError) as error:
        raise AnalysisError(f"the language models in {directory} cannot be loaded ({error})") from error


def _paragraphs(number: int, article: Article) -> Iterator[_Paragraph]:
    for field in Field:
        text = article.text_of(field)[:MAX_FIELD_CHARS]
        offset = 0
        for line in text.split("\n"):
            for start in range(0, len(line), _MAX_LINE_CHARS):
                source = line[start : start + _MAX_LINE_CHARS]
                if any(char.isalnum() for char in source):
                    yield _Paragraph(number, field, offset + start, source, tidy(source))
            offset += len(line) + 1


def _read(document: Any, paragraph: _Paragraph) -> Iterator[tuple[Sentence, list[Found]]]:
    for sentence in document.sentences:
        tokens = [token for word in sentence.tokens if (token := _token(word, paragraph)) is not None]
        if not tokens:
            continue
        names = [name for span in sentence.ents if (name := _name(span, tokens, paragraph)) is not None]
        yield Sentence(start=tokens[0].start, end=tokens[-1].end, tokens=tuple(tokens)), names


def _token(token: Any, paragraph: _Paragraph) -> Token | None:
    word = token.words[0]
    start, end = _span(token.start_char, token.end_char, paragraph)
    return Token(start=start, end=end, lemma=word.lemma or token.text, upos=word.upos or "") if start < end else None


def _name(span: Any, tokens: Sequence[Token], paragraph: _Paragraph) -> Found | None:
    if span.type not in MentionKind.__members__:
        return None
    start, end = _span(span.start_char, span.end_char, paragraph)
    return Found(
        field=paragraph.field,
        start=start,
        end=end,
        text=paragraph.source[start - paragraph.offset : end - paragraph.offset],
        kind=MentionKind(span.type),
        tokens=tuple(token for token in tokens if token.start >= start and token.end <= end),
    )


def _span(start: int, end: int, paragraph: _Paragraph) -> tuple[int, int]:
    start, end = paragraph.folded.original_span(start, end)
    return start + paragraph.offset, end + paragraph.offset
