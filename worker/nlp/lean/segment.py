"""Text to sentences of words with their places: Stanza's tokenizer model, its features computed in one go.

What Stanza does to its input and to the predictions is done here too: runs of white space are one space, an address
of a page or of a mailbox is one word, a word longer than the model's longest sequence is read as unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.common.vocab import PAD, UNK
from stanza.models.tokenization.data import PER_CHAR_FEAT_FUNCS, POSITION_FEAT_FUNCS, WHITESPACE_RE
from stanza.models.tokenization.trainer import Trainer
from stanza.models.tokenization.utils import MASK_RE
from torch import Tensor
from torch.nn import functional

from worker.nlp.lean.files import ModelFiles, need
from worker.nlp.lean.recurrent import BothWays, Layout, batches

#: No match of Stanza's expression for addresses is without one of these.
_SIGNS_OF_ADDRESS = ("@", "http", "www.", ".gov", ".org", ".edu", ".net", ".co")
#: Stanza reads at least so many characters at once, whatever the model says.
_LEAST_WINDOW = 1000
_SPACE = ord(" ")
_CODE_POINTS = 0x110000
_UNSEEN = -1


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence: its words as the models read them, and where each lies in the text given."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A text with every run of white space as one space; `places[i]` is where character `i` was."""

    text: str
    codes: NDArray[np.uint32]
    places: NDArray[np.int64]

    @classmethod
    def of(cls, given: str) -> "_Line":
        text = WHITESPACE_RE.sub(" ", given.rstrip())
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        places = np.arange(len(codes), dtype=np.int64)
        if "  " in text:
            spaces = codes == _SPACE
            kept = ~(spaces & np.concatenate(([False], spaces[:-1])))
            codes, places = codes[kept], places[kept]
            text = codes.tobytes().decode("utf-32-le", "surrogatepass")
        return cls(text, codes, places)


class _Alphabet:
    """What the model knows of each character: a row of its embedding and its features."""

    def __init__(self, trainer: Trainer) -> None:
        self._vocab = trainer.vocab
        self._embedding: Tensor = trainer.model.embeddings.weight.detach()
        features = trainer.args["feat_funcs"]
        self._features = [PER_CHAR_FEAT_FUNCS[name] for name in features if name in PER_CHAR_FEAT_FUNCS]
        self._positions = [name for name in ("end_of_para", "start_of_para") if name in features]
        need("tokenizer", known_features=set(features) <= PER_CHAR_FEAT_FUNCS.keys() | POSITION_FEAT_FUNCS)
        blank = (self._vocab.unit2id(PAD), (0.0,) * len(self._features))
        self._rows = {blank: 0}
        self._table = self._made()
        self._row_of = np.full(_CODE_POINTS, _UNSEEN, dtype=np.int16)

    def rows(self, codes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Row numbers for `inputs`; 0 is the row of what is no character."""
        rows = self._row_of[codes]
        if (rows == _UNSEEN).any():
            for code in np.unique(codes[rows == _UNSEEN]):
                char = chr(code)
                key = (self._vocab.unit2id(char), tuple(float(feature(char)) for feature in self._features))
                # Characters outside the alphabet share few rows, so their number stays bounded.
                self._row_of[code] = self._rows.setdefault(key, len(self._rows))
            self._table = self._made()
            rows = self._row_of[codes]
        return rows.astype(np.int64)

    def inputs(self, rows: Tensor, first: Tensor, last: Tensor) -> Tensor:
        """`[steps, rows, input size]`; `first` and `last` are 1 where a text begins and ends."""
        flags = {"start_of_para": first, "end_of_para": last}
        return torch.cat((self._table[rows], *(flags[name].unsqueeze(2) for name in self._positions)), 2)

    def _made(self) -> Tensor:
        numbers = torch.tensor([number for number, _ in self._rows])
        features = torch.tensor([features for _, features in self._rows], dtype=torch.float32)
        return torch.cat((self._embedding[numbers], features), 1)


class Segmenter:
    """The tokenizer model of a directory."""

    def __init__(self, files: ModelFiles) -> None:
        """Raises OSError, RuntimeError, UnpicklingError or ValueError when the model cannot be loaded or run."""
        trainer = Trainer(model_file=files.model("tokenize"), device="cpu")
        args = trainer.args
        need(
            "tokenizer",
            layers_of_recurrence_only=args["conv_res"] is None,
            no_language_model_of_characters=not args.get("charlm_forward_file"),
            no_dictionary=not args["use_dictionary"],
            no_words_of_many=not args["use_mwt"],
            line_feeds_kept=not args["skip_newline"],
        )
        model = trainer.model.eval()
        self._alphabet = _Alphabet(trainer)
        self._model = model
        self._first = BothWays(model.rnn)
        self._second = BothWays(model.rnn2) if args["hierarchical"] else None
        self._sharpness = args["hier_invtemp"]
        self._longest_word = args["max_seqlen"]
        self._window = max(_LEAST_WINDOW, args["max_seqlen"])

    def segment(self, texts: Sequence[str]) -> list[list[Segment]]:
        """The sentences of each text; a text is one paragraph without line feeds."""
        lines = [_Line.of(text) for text in texts]
        breaks = [np.zeros(len(line.codes), dtype=np.int64) for line in lines]
        begun = [(number, 0) for number, line in enumerate(lines) if len(line.codes)]
        while begun:
            begun = self._advance(lines, breaks, begun)
        return [self._sentences(line, found) for line, found in zip(lines, breaks, strict=True)]

    def _advance(
        self, lines: Sequence[_Line], breaks: Sequence[NDArray[np.int64]], begun: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """Fills `breaks` for a window of each text begun; gives where the next windows of long texts begin."""
        unfinished: list[tuple[int, int]] = []
        sizes = [min(len(lines[number].codes) - start, self._window) for number, start in begun]
        for batch in batches(sizes):
            found = self._read([(lines[begun[n][0]], begun[n][1], sizes[n]) for n in batch])
            for n, labels in zip(batch, found, strict=True):
                number, start = begun[n]
                left = len(lines[number].codes) - start
                ends = np.flatnonzero(labels == 2)  # noqa: PLR2004 - Stanza's label of the end of a sentence
                done = int(ends[-1]) + 1 if left > self._window and len(ends) else len(labels)
                breaks[number][start : start + done] = labels[:done]
                if done < left:
                    unfinished.append((number, start + done))
        return unfinished

    @torch.inference_mode()
    def _read(self, windows: Sequence[tuple[_Line, int, int]]) -> list[NDArray[np.int64]]:
        """A label for each character of each window (line, start, size): 0 inside a word, 1 its end, 2 a sentence's."""
        rows: list[NDArray[np.int64]] = []
        for line, start, size in windows:
            read = self._alphabet.rows(line.codes[start : start + size])
            # Stanza ends what it can read at once with a blank.
            rows.append(np.append(read, 0) if len(line.codes) < self._window else read)
        layout = Layout.of([len(row) for row in rows])
        first = torch.zeros(layout.inside.T.shape)
        last = torch.zeros(layout.inside.T.shape)
        for column, (line, start, size) in enumerate(windows):
            first[0, column] = start == 0
            last[size - 1, column] = start + size == len(line.codes)
        labels = self._labels(self._alphabet.inputs(layout.filled(np.concatenate(rows)), first, last), layout)
        return [labels[:size, column] for column, (_, _, size) in enumerate(windows)]

    def _labels(self, inputs: Tensor, layout: Layout) -> NDArray[np.int64]:
        model = self._model
        read = self._first.run(inputs, layout)
        word, sentence = model.tok_clf(read), model.sent_clf(read)
        if self._second:
            if self._sharpness > 0:
                read = read * (1 - torch.sigmoid(-word * self._sharpness))
            read = self._second.run(read, layout)
            word, sentence = word + model.tok_clf2(read), sentence + model.sent_clf2(read)
        ends = functional.logsigmoid(word)
        scores = torch.cat(
            (
                functional.logsigmoid(-word),
                ends + functional.logsigmoid(-sentence),
                ends + functional.logsigmoid(sentence),
            ),
            2,
        )
        labels: NDArray[np.int64] = np.argmax(scores.numpy(), axis=2)
        return labels

    def _sentences(self, line: _Line, labels: NDArray[np.int64]) -> list[Segment]:
        if not len(labels):
            return []
        labels[-1] = 2
        _join_addresses(line.text, labels)
        ends = np.flatnonzero(labels)
        starts = np.concatenate(([0], ends[:-1] + 1))
        starts += line.codes[starts] == _SPACE
        words = starts <= ends
        starts, ends = starts[words], ends[words]
        text, longest = line.text, self._longest_word
        read = [text[start : end + 1] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        read = [word if len(word) <= longest else UNK for word in read]
        froms, tos = line.places[starts].tolist(), (line.places[ends] + 1).tolist()
        cuts = [0, *(np.flatnonzero(labels[ends] == 2) + 1).tolist()]  # noqa: PLR2004 - as above
        if cuts[-1] != len(read):
            cuts.append(len(read))
        return [Segment(tuple(read[a:b]), tuple(froms[a:b]), tuple(tos[a:b])) for a, b in pairwise(cuts) if a < b]


def _join_addresses(text: str, labels: NDArray[np.int64]) -> None:
    if not any(sign in text for sign in _SIGNS_OF_ADDRESS):
        return
    for match in MASK_RE.finditer(text):
        start, end = match.span()
        labels[start : end - 1] = 0
        if labels[end - 1] == 0:
            labels[end - 1] = 1
