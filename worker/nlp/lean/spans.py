"""Sentences to names and their kinds: Stanza's recogniser of names, decoded for many sentences at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.common.vocab import PAD_ID, UNK_ID, VOCAB_PREFIX_SIZE
from stanza.models.ner.trainer import Trainer, fix_singleton_tags
from stanza.models.ner.utils import decode_from_bioes
from torch import Tensor, nn

from worker.nlp.lean.files import ModelFiles, need
from worker.nlp.lean.recurrent import BothWays, Layout, batches
from worker.nlp.lean.vectors import vectors_of
from worker.nlp.lean.wordrows import Letters, WordRows, numbers

_OUTSIDE = "O"


@dataclass(frozen=True, slots=True)
class Span:
    """A name: the words `first` to `last` of a sentence, both included, and its kind as the model calls it."""

    first: int
    last: int
    kind: str


class SpanFinder:
    """The recogniser of a directory."""

    def __init__(self, files: ModelFiles) -> None:
        """Raises OSError, RuntimeError, UnpicklingError or ValueError when the model cannot be loaded or run."""
        vectors = files.vectors("ner")
        pretrain = vectors_of(vectors) if vectors else None
        trainer = Trainer(
            args={"charlm_forward_file": None, "charlm_backward_file": None},
            model_file=files.model("ner"),
            pretrain=pretrain,
            device="cpu",
        )
        args = trainer.args
        need(
            "name",
            no_language_model=not args.get("charlm") and not args.get("bert_model"),
            word_vectors=args["word_emb_dim"] > 0 and "word" in trainer.vocab,
            letters=bool(args["char"]) and args["char_emb_dim"] > 0 and not args["char_rec_dropout"],
            one_set_of_tags=len(trainer.model.tag_clfs) == 1,
        )
        self._model = trainer.model.eval()
        if pretrain is not None and torch.equal(self._model.word_emb.weight, pretrain.emb):
            # Stanza made a copy of its own, 20 MB.
            self._model.word_emb.weight = nn.Parameter(pretrain.emb, requires_grad=False)
        self._vocab = trainer.vocab
        self._lower_case = args.get("lowercase", True)
        self._letters = Letters(
            self._model.charmodel, self._vocab["char"], lower_case=args.get("char_lowercase", False)
        )
        self._reader = BothWays(
            self._model.taggerlstm.lstm,
            self._model.taggerlstm_h_init.detach(),
            self._model.taggerlstm_c_init.detach(),
        )
        self._steps: NDArray[np.float32] = self._model.crits[0]._transitions.detach().numpy()  # noqa: SLF001 - public nowhere
        tags = self._vocab["tag"]
        # The model can answer with what stands for no tag; Stanza takes the first tag then.
        numbered = (max(number, VOCAB_PREFIX_SIZE) for number in range(len(self._steps)))
        self._tags: list[str] = [tags.id2unit([number])[0] for number in numbered]
        self._words = WordRows(self._read_alone, self._model.taggerlstm.lstm.input_size)

    @torch.inference_mode()
    def spans(self, sentences: Sequence[Sequence[str]]) -> list[list[Span]]:
        """The names of each sentence, in order; sentences are not empty."""
        result: list[list[Span]] = [[] for _ in sentences]
        for batch in batches([len(sentence) for sentence in sentences]):
            layout = Layout.of([len(sentences[n]) for n in batch])
            words = self._words.rows([word for n in batch for word in sentences[n]])
            read = self._reader.run(words[layout.filled(np.arange(len(words), dtype=np.int64))], layout)
            paths = best_paths(self._model.tag_clfs[0](read).numpy(), self._steps, layout.lengths)
            for n, path in zip(batch, paths.T.tolist(), strict=True):
                result[n] = _decoded([self._tags[number] for number in path[: len(sentences[n])]])
        return result

    def _read_alone(self, words: Sequence[str]) -> Tensor:
        model = self._model
        cased = [word.lower() for word in words] if self._lower_case else list(words)
        known = numbers(self._vocab["word"], cased)
        vectors = model.word_emb(known)
        if "delta" in self._vocab:
            learned = numbers(self._vocab["delta"], cased)
            # A word without a correction of its own is not an unknown word.
            learned[(learned == UNK_ID) & (known != UNK_ID)] = PAD_ID
            vectors = vectors + model.delta_emb(learned)
        read = torch.cat((vectors, self._letters.read(words)), 1)
        return read if model.input_transform is None else model.input_transform(read)


def best_paths(
    scores: NDArray[np.float32], steps: NDArray[np.float32], lengths: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The best tags `[steps, rows]` by Viterbi; `scores` is `[steps, rows, tags]`, `steps` from tag to tag."""
    size, rows, _ = scores.shape
    best = scores[0]
    reached = [best]
    origins: list[NDArray[np.int64]] = []
    arriving = np.ascontiguousarray(steps.T)
    for score in scores[1:]:
        ways = best[:, None, :] + arriving
        origin = ways.argmax(2)
        origins.append(origin)
        best = score + np.take_along_axis(ways, origin[:, :, None], 2)[:, :, 0]
        reached.append(best)
    every = np.arange(rows)
    paths = np.zeros((size, rows), dtype=np.int64)
    tags = np.zeros(rows, dtype=np.int64)
    for step in range(size - 1, -1, -1):
        if step < size - 1:
            tags = origins[step][every, tags]
        tags = np.where(lengths - 1 == step, reached[step].argmax(1), tags)
        paths[step] = tags
    return paths


def _decoded(tags: Sequence[str]) -> list[Span]:
    if all(tag == _OUTSIDE for tag in tags):
        return []
    return [Span(found["start"], found["end"], found["type"]) for found in decode_from_bioes(fix_singleton_tags(tags))]
