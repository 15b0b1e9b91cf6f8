"""Paragraphs to sentences with all that the models say of them, as `stanza.Pipeline` says it of each sentence.

Everything is done for all paragraphs of a batch together. Only the modules of this package see Stanza's classes.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from worker.nlp.lean.files import ModelFiles
from worker.nlp.lean.lemma import Lemmatizer
from worker.nlp.lean.resplit import sentences_again
from worker.nlp.lean.segment import Segment, Segmenter
from worker.nlp.lean.spans import Span, SpanFinder
from worker.nlp.lean.tag import Tagger


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence; its columns are equally long. Stanza's «_» for nothing found stands in them as it is."""

    segment: Segment
    lemmas: Sequence[str]
    #: empty strings where the models give no parts of speech
    upos: Sequence[str]
    spans: Sequence[Span]


class Reader:
    """The models of a directory; each stage may be called alone, with what the stage before it gave."""

    def __init__(self, directory: Path, processors: str, *, put_right: bool = True) -> None:
        """`processors` as for `stanza.Pipeline`, comma-separated; `put_right` off gives exactly what that would.

        Raises KeyError, OSError, RuntimeError, UnpicklingError or ValueError when a model cannot be loaded or run.
        """
        logging.getLogger("stanza").setLevel(logging.ERROR)
        torch.set_num_threads(1)
        named = {name.strip() for name in processors.split(",")}
        files = ModelFiles.of(directory)
        self._put_right = put_right
        self._segmenter = Segmenter(files)
        self._tagger = Tagger(files) if "pos" in named else None
        self._lemmatizer = Lemmatizer(files) if "lemma" in named else None
        self._finder = SpanFinder(files) if "ner" in named else None

    def read(self, texts: Sequence[str]) -> list[list[ReadSentence]]:
        """The sentences of each text; a text is one paragraph without line feeds."""
        segments = self.segments(texts)
        flat = [segment for paragraph in segments for segment in paragraph]
        upos = self.upos(flat)
        columns = zip(flat, self.lemmas(flat, upos), upos, self.spans(flat), strict=True)
        sentences = (ReadSentence(*column) for column in columns)
        return [[next(sentences) for _ in paragraph] for paragraph in segments]

    def segments(self, texts: Sequence[str]) -> list[list[Segment]]:
        """The first stage: sentences and words of each text."""
        segments = self._segmenter.segment(texts)
        if not self._put_right:
            return segments
        return [sentences_again(paragraph) for paragraph in segments]

    def upos(self, segments: Sequence[Segment]) -> list[list[str]]:
        """The second stage: parts of speech, or empty strings."""
        if self._tagger is None:
            return [[""] * len(segment.words) for segment in segments]
        return self._tagger.tags([segment.words for segment in segments])

    def lemmas(self, segments: Sequence[Segment], upos: Sequence[Sequence[str]]) -> list[list[str]]:
        """The third stage: lemmas, or empty strings."""
        if self._lemmatizer is None:
            return [[""] * len(segment.words) for segment in segments]
        tagged = [
            (word, tag or None)
            for segment, tags in zip(segments, upos, strict=True)
            for word, tag in zip(segment.words, tags, strict=True)
        ]
        lemmas = iter(self._lemmatizer.lemmas(tagged))
        return [[next(lemmas) for _ in segment.words] for segment in segments]

    def spans(self, segments: Sequence[Segment]) -> list[list[Span]]:
        """The last stage: names."""
        if self._finder is None:
            return [[] for _ in segments]
        return self._finder.spans([segment.words for segment in segments])
