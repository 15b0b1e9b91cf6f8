"""What a model reads of a word apart from its neighbours, computed once for each word and kept.

A word's vector and the reading of its letters do not depend on the sentence, and they were half of the time.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from worker.nlp.lean.recurrent import BothWays, Layout, batches, first_state

#: Words kept; a batch of articles has a tenth of it. Full, the table is begun anew.
CAPACITY = 30_000


class WordRows:
    """A bounded table of rows by word."""

    def __init__(self, compute: Callable[[Sequence[str]], Tensor], size: int, capacity: int = CAPACITY) -> None:
        """`compute` gives `[words, size]` for different words."""
        self._compute = compute
        self._capacity = capacity
        self._number_of: dict[str, int] = {}
        self._rows = torch.empty((capacity, size))

    def rows(self, words: Sequence[str]) -> Tensor:
        """`[words, size]`, a row for each word in order."""
        known = self._number_of
        unseen = [word for word in dict.fromkeys(words) if word not in known]
        if len(known) + len(unseen) > self._capacity:
            known.clear()
            unseen = list(dict.fromkeys(words))
            if len(unseen) > self._capacity:
                return self._compute(words)
        if unseen:
            first = len(known)
            self._rows[first : first + len(unseen)] = self._compute(unseen)
            known.update(zip(unseen, range(first, first + len(unseen)), strict=True))
        return self._rows.index_select(0, torch.tensor([known[word] for word in words]))


class Letters:
    """Stanza's `CharacterModel`: words read letter by letter."""

    def __init__(self, model: Any, vocabulary: Any, *, lower_case: bool) -> None:
        """`model` reads both ways and keeps the last states, or one way and weighs all states."""
        self._embedding: nn.Embedding = model.char_emb
        self._vocabulary = vocabulary
        self._lower_case = lower_case
        self._weigh = model.char_attn if model.attn else None
        lstm: nn.LSTM = model.charlstm.lstm
        self._first = (model.charlstm_h_init.detach(), model.charlstm_c_init.detach())
        self._one_way = None if lstm.bidirectional else _steps_first(lstm)
        self._both_ways = BothWays(lstm, *self._first) if lstm.bidirectional else None

    def read(self, words: Sequence[str]) -> Tensor:
        """`[words, size]`."""
        spelt = [self._vocabulary.map(word.lower() if self._lower_case else word) for word in words]
        result: Tensor | None = None
        for batch in batches([len(letters) for letters in spelt]):
            read = self._read([spelt[n] for n in batch])
            result = read.new_empty((len(words), read.shape[1])) if result is None else result
            result[torch.tensor(batch)] = read
        assert result is not None  # noqa: S101 - there is a word
        return result

    def _read(self, spelt: Sequence[Sequence[int]]) -> Tensor:
        layout = Layout.of([len(letters) for letters in spelt])
        letters = self._embedding(layout.filled(np.concatenate([np.asarray(word, dtype=np.int64) for word in spelt])))
        if self._one_way:
            states, _ = self._one_way(letters, first_state(*self._first, slice(None), len(spelt)))
        elif self._both_ways:
            states = self._both_ways.run(letters, layout)
        if self._weigh:
            inside = torch.from_numpy(np.ascontiguousarray(layout.inside.T)).unsqueeze(2)
            weighed: Tensor = (states * torch.sigmoid(self._weigh(states)) * inside).sum(0)
            return weighed
        size = states.shape[2] // 2
        ends = states[torch.from_numpy(layout.lengths - 1), torch.arange(len(spelt))]
        return torch.cat((ends[:, :size], states[0, :, size:]), 1)


def numbers(vocabulary: Any, words: Sequence[str]) -> Tensor:
    """The words' numbers in a Stanza vocabulary."""
    found: NDArray[np.int64] = np.asarray(vocabulary.map(words), dtype=np.int64)
    return torch.from_numpy(found)


def _steps_first(lstm: nn.LSTM) -> nn.LSTM:
    twin = nn.LSTM(lstm.input_size, lstm.hidden_size, lstm.num_layers)
    twin.load_state_dict(lstm.state_dict())
    return twin.eval()
