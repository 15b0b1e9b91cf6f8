"""Where the parts of a Stanza model directory lie, as its `resources.json` says and `stanza.Pipeline` reads it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LANGUAGE = "bg"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model directory; KeyError where its `resources.json` does not name what is asked for."""

    directory: Path
    resources: dict[str, Any]

    @classmethod
    def of(cls, directory: Path) -> "ModelFiles":
        """Raises OSError or ValueError when `resources.json` cannot be read."""
        resources: dict[str, Any] = json.loads((directory / "resources.json").read_bytes())
        return cls(directory, resources[_LANGUAGE])

    def model(self, processor: str) -> str:
        """The model that `stanza.Pipeline` takes for `processor` when none is named."""
        return self._path(processor, self._package(processor))

    def vectors(self, processor: str) -> str | None:
        """The word vectors that the model of `processor` was trained on; None where it needs none."""
        for needed in self.resources[processor][self._package(processor)].get("dependencies", ()):
            if needed["model"] == "pretrain":
                return self._path("pretrain", needed["package"])
        return None

    def _package(self, processor: str) -> str:
        return str(self.resources["default_processors"][processor])

    def _path(self, kind: str, package: str) -> str:
        return str(self.directory / _LANGUAGE / kind / f"{package}.pt")


def need(model: str, **facts: bool) -> None:
    """Raises ValueError naming each of `facts` that does not hold: the model is of a kind that we cannot run."""
    missing = [name.replace("_", " ") for name, holds in facts.items() if not holds]
    if missing:
        raise ValueError(f"the {model} model is of another kind than this program runs; needed: {', '.join(missing)}")
