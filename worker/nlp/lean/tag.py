"""Sentences to universal parts of speech: Stanza's tagger without the heads that nothing here reads."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from stanza.models.common.utils import simplify_punct
from stanza.models.pos.trainer import Trainer
from torch import Tensor
from torch.nn import functional

from worker.nlp.lean.files import ModelFiles, need
from worker.nlp.lean.recurrent import BothWays, Layout, batches
from worker.nlp.lean.vectors import vectors_of
from worker.nlp.lean.wordrows import Letters, WordRows, numbers


class Tagger:
    """The tagger model of a directory."""

    def __init__(self, files: ModelFiles) -> None:
        """Raises OSError, RuntimeError, UnpicklingError or ValueError when the model cannot be loaded or run."""
        vectors = files.vectors("pos")
        self._pretrain = vectors_of(vectors) if vectors else None
        trainer = Trainer(pretrain=self._pretrain, model_file=files.model("pos"), device="cpu")
        args = trainer.args
        need(
            "tagger",
            no_language_model=not args.get("charlm") and not args.get("bert_model"),
            word_vectors=bool(args["pretrain"]) and self._pretrain is not None,
            letters=bool(args["char"]) and args["char_emb_dim"] > 0 and not args["char_rec_dropout"],
            plain_recurrence=not args["rec_dropout"],
        )
        model = trainer.model.eval()
        self._model = model
        self._vocab = trainer.vocab
        self._own_vectors = args["word_emb_dim"] > 0
        self._letters = Letters(model.charmodel, self._vocab["char"], lower_case=False)
        recurrent = model.taggerlstm
        ways = _both_ways(recurrent.lstm, model.taggerlstm_h_init.detach(), model.taggerlstm_c_init.detach())
        self._layers = list(zip(ways, recurrent.highway, recurrent.gate, strict=True))
        upos = self._vocab["upos"]
        self._names = [upos.id2unit(number) for number in range(len(upos))]
        self._words = WordRows(self._read_alone, recurrent.input_size)

    @torch.inference_mode()
    def tags(self, sentences: Sequence[Sequence[str]]) -> list[list[str]]:
        """A part of speech for each word of each sentence; sentences are not empty."""
        result: list[list[str]] = [[] for _ in sentences]
        for batch in batches([len(sentence) for sentence in sentences]):
            layout = Layout.of([len(sentences[n]) for n in batch])
            words = self._words.rows([word for n in batch for word in sentences[n]])
            cells = layout.filled(np.arange(len(words), dtype=np.int64))
            found = self._upos(words[cells], layout).T.tolist()
            for n, row in zip(batch, found, strict=True):
                result[n] = [self._names[number] for number in row[: len(sentences[n])]]
        return result

    def _upos(self, read: Tensor, layout: Layout) -> Tensor:
        model = self._model
        for layer, highway, gate in self._layers:
            read = layer.run(read, layout) + torch.sigmoid(gate(read)) * torch.tanh(highway(read))
        scores: Tensor = model.upos_clf(functional.relu(model.upos_hid(read)))
        return scores.argmax(2)

    def _read_alone(self, words: Sequence[str]) -> Tensor:
        # The tagger has always seen «?!!» as «?».
        words = [word for (word,) in simplify_punct([[[word] for word in words]])[0]]
        model = self._model
        assert self._pretrain is not None  # noqa: S101 - needed above
        vectors = model.pretrained_emb(numbers(self._pretrain.vocab, [word.lower() for word in words]))
        parts = [model.trans_pretrained(vectors), model.trans_char(self._letters.read(words))]
        if self._own_vectors:
            parts.insert(0, model.word_emb(numbers(self._vocab["word"], words)))
        return torch.cat(parts, 1)


def _both_ways(layers: Iterable[Any], hidden: Tensor, cell: Tensor) -> list[BothWays]:
    return [
        BothWays(layer.lstm, hidden[2 * number : 2 * number + 2], cell[2 * number : 2 * number + 2])
        for number, layer in enumerate(layers)
    ]
