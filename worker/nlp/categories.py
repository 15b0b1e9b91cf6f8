"""The shipped weights of the category model, read from their file."""

import zipfile
from pathlib import Path

import numpy as np

from worker.errors import AnalysisError
from worker.topics.categories import SUBJECTS, CategoryModel

SHIPPED = Path(__file__).parent / "models" / "categories.npz"
#: knows no word, so that every article is without a category
NO_CATEGORIES = CategoryModel(
    rows={},
    weights=np.zeros((0, len(SUBJECTS)), dtype=np.float32),
    salience=np.zeros(0, dtype=np.float32),
    bias=np.zeros(len(SUBJECTS), dtype=np.float32),
    temperature=1.0,
)


def read_categories(path: Path = SHIPPED) -> CategoryModel:
    """The model of one file as `training.categories` writes it; raises AnalysisError when missing or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            keys = kept["words"].tobytes().decode("utf-8").split("\n")
            return CategoryModel(
                rows={key: row for row, key in enumerate(keys)},
                weights=kept["weights"].astype(np.float32),
                salience=kept["salience"].astype(np.float32),
                bias=kept["bias"].astype(np.float32),
                temperature=float(kept["temperature"]),
            )
    except FileNotFoundError as error:
        raise AnalysisError(f"the category model {path} is missing; install Vestitel again") from error
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise AnalysisError(f"the category model {path} is damaged ({error}); install Vestitel again") from error
