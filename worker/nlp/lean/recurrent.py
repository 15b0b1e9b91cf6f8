"""Two-way LSTMs over many rows of different lengths.

Torch runs packed rows through its slow path. Rows filled up on the right go through oneDNN instead, four times
faster for a few rows; to keep the filling out of the results, the way back is a second LSTM over each row reversed
in itself. What is computed beyond the end of a row is never read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

#: Cells of one layout, filling included: bounds the memory of one run.
_MAX_CELLS = 8_192
#: Rows are run together while the filling stays below this share of the longest.
_MAX_FILLING = 0.15
#: So many steps of filling are cheaper than a run of their own.
_FREE_FILLING = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of the given lengths side by side, steps first: a tensor `[steps, rows, …]`."""

    lengths: NDArray[np.int64]
    #: `[rows, steps]`, true inside a row
    inside: NDArray[np.bool_]
    #: `[steps * rows]`: reading the cells in this order reverses each row in itself
    reversal: Tensor

    @classmethod
    def of(cls, lengths: Sequence[int]) -> "Layout":
        """Lengths are at least 1."""
        sizes = np.asarray(lengths, dtype=np.int64)
        steps = np.arange(int(sizes.max()), dtype=np.int64)
        inside = steps < sizes[:, None]
        turned = np.where(inside, sizes[:, None] - 1 - steps, steps)
        cells = turned.T * len(sizes) + np.arange(len(sizes))
        return cls(sizes, inside, torch.from_numpy(np.ascontiguousarray(cells).reshape(-1)))

    def filled(self, values: NDArray[Any], filling: int = 0) -> Tensor:
        """`[steps, rows]` of the values that come row after row."""
        cells = np.full(self.inside.shape, filling, dtype=values.dtype)
        cells[self.inside] = values
        return torch.from_numpy(np.ascontiguousarray(cells.T))


class BothWays:
    """A two-way `nn.LSTM` as pairs of one-way ones, with the same weights."""

    def __init__(self, lstm: nn.LSTM, hidden: Tensor | None = None, cell: Tensor | None = None) -> None:
        """`hidden` and `cell` are learned first states, `[2 * layers, 1, size]`."""
        self._layers = [
            (_one_way(lstm, layer, ""), _one_way(lstm, layer, "_reverse")) for layer in range(lstm.num_layers)
        ]
        self._hidden, self._cell = hidden, cell

    def run(self, inputs: Tensor, layout: Layout) -> Tensor:
        """`[steps, rows, 2 * size]` from `[steps, rows, input size]`."""
        for number, (ahead, back) in enumerate(self._layers):
            forward, _ = ahead(inputs, self._first(2 * number, inputs))
            backward, _ = back(_turned(inputs, layout), self._first(2 * number + 1, inputs))
            inputs = torch.cat((forward, _turned(backward, layout)), 2)
        return inputs

    def _first(self, number: int, inputs: Tensor) -> tuple[Tensor, Tensor] | None:
        return first_state(self._hidden, self._cell, slice(number, number + 1), inputs.shape[1])


def first_state(hidden: Tensor | None, cell: Tensor | None, layers: slice, rows: int) -> tuple[Tensor, Tensor] | None:
    """Learned first states of some layers for so many rows."""
    if hidden is None or cell is None:
        return None
    return hidden[layers].expand(-1, rows, -1).contiguous(), cell[layers].expand(-1, rows, -1).contiguous()


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of rows that are best run together, so that little is filled up; longest first."""
    batch: list[int] = []
    longest = 0
    for number in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        length = lengths[number]
        filling = longest - length
        if batch and (
            (filling > _FREE_FILLING and filling > _MAX_FILLING * longest) or (len(batch) + 1) * longest > _MAX_CELLS
        ):
            yield batch
            batch = []
        longest = longest if batch else length
        batch.append(number)
    if batch:
        yield batch


def _turned(cells: Tensor, layout: Layout) -> Tensor:
    return cells.flatten(0, 1).index_select(0, layout.reversal).view_as(cells)


def _one_way(lstm: nn.LSTM, layer: int, way: str) -> nn.LSTM:
    weights = {
        name: getattr(lstm, f"{name}_l{layer}{way}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    }
    single = nn.LSTM(weights["weight_ih"].shape[1], lstm.hidden_size)
    single.load_state_dict({f"{name}_l0": weight for name, weight in weights.items()})
    return single.eval()
