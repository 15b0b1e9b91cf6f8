"""YAML files checked against a model, with the line of every fault; nothing is defaulted on a bad value.

ruamel.yaml in round-trip mode, because it reads YAML 1.2 (`no` and `12:30` stay words) and knows the line of
each key; pydantic, because it reports all faults of a document at once.
"""

import difflib
import re
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLWarning
from ruamel.yaml.reader import ReaderError

Model = TypeVar("Model", bound=BaseModel)

_MAX_FILE_BYTES = 5 * 1024 * 1024
_MAX_VALUES = 1_000_000
#: What the YAML library raises for a bad document; the last four where a tag does not fit its value.
_REFUSALS = (
    *(YAMLError, YAMLWarning, ValueError, RecursionError),
    *(ArithmeticError, AttributeError, LookupError, TypeError),
)


class Strict(BaseModel):
    """A part of a configuration file; unknown keys and values of another type are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Problems:
    """Faults found so far, in the order in which they were found."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, path: Path, line: int | None, where: str, message: str) -> None:
        """One fault: file, line counted from 1 (None: the whole file), path to the key, and what is wrong."""
        place = f"{path}:{line}" if line is not None else f"{path}"
        self._lines.append(f"{place}: {where}: {message}" if where else f"{place}: {message}")

    @property
    def lines(self) -> tuple[str, ...]:
        """One sentence per fault."""
        return tuple(self._lines)


def read_quickly(path: Path, model: type[Model], problems: Problems) -> Model | None:
    """As `read_document`, in a third of the time for a large file without faults; those are looked for in a second
    reading, since the quick one does not know the lines.
    """
    try:
        text = path.read_bytes()[: _MAX_FILE_BYTES + 1].decode("utf-8-sig")
        document: object = YAML(typ="safe", pure=True).load(text) if len(text) <= _MAX_FILE_BYTES else None
        if isinstance(document, dict) and _weight(document, {}) <= _MAX_VALUES:
            return model.model_validate(_plain(document))
    except (OSError, ValueError, YAMLError, RecursionError, AttributeError, TypeError, KeyError):
        pass
    return read_document(path, model, problems)


def read_document(path: Path, model: type[Model], problems: Problems) -> Model | None:
    """The file as `model`, or None when it has faults, which are added to `problems`."""
    document = _load(path, problems)
    if document is None:
        return None
    if _weight(document, {}) > _MAX_VALUES:
        problems.add(path, None, "", f"unfolds to more than {_MAX_VALUES} values through its aliases; write them out")
        return None
    try:
        return model.model_validate(_plain(document))
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            loc = tuple(fault["loc"])
            problems.add(path, _line_of(document, loc), _dotted(loc), _sentence(model, loc, dict(fault)))
        return None


def nearest(word: str, known: Sequence[str]) -> str:
    """`; did you mean «…»?` for the known word nearest to this one, or nothing when none is near."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean «{found[0]}»?" if found else ""


def line_with(path: Path, pattern: str, *, skip: int = 0) -> int | None:
    """The line, from 1, of the file in which a pattern is found for the first time, or after so many; else None."""
    expression = re.compile(pattern)
    text = content_of(path).decode("utf-8-sig", "replace")
    lines = [n for n, line in enumerate(text.splitlines(), start=1) if expression.search(line)]
    return next(iter(lines[skip:]), None)


def line_at(path: Path, loc: tuple[int | str, ...]) -> int | None:
    """The line, from 1, of a key or item of a file; None where the file is none any more."""
    document = _load(path, Problems())
    return None if document is None else _line_of(document, loc)


def content_of(path: Path) -> bytes:
    """The bytes of a file that was read before; nothing where it has gone since."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _load(path: Path, problems: Problems) -> CommentedMap | None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        problems.add(path, None, "", f"cannot be read ({error.strerror or error}); create it or correct the path")
        return None
    if len(raw) > _MAX_FILE_BYTES:
        problems.add(path, None, "", f"is larger than {_MAX_FILE_BYTES >> 20} MiB; split it")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add(path, raw.count(b"\n", 0, error.start) + 1, "", "is not UTF-8; save the file as UTF-8")
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", YAMLWarning)
            document: object = YAML(typ="rt", pure=True).load(text)
    except _REFUSALS as error:
        line, cause = _refusal(error, text)
        problems.add(path, line, "", f"is not YAML: {cause}")
    else:
        if isinstance(document, CommentedMap):
            return document
        found = "nothing" if document is None else f"a {type(document).__name__}"
        problems.add(path, 1, "", f"must hold keys with values, found {found}")
    return None


def _refusal(error: Exception, text: str) -> tuple[int | None, str]:
    """The line of what the YAML library refused, as far as it tells, and the sentence for it."""
    match error:
        case MarkedYAMLError():
            line = error.problem_mark.line + 1 if error.problem_mark else None
            return line, str(error.problem or error.context or "syntax error")
        case ReaderError():
            return text.count("\n", 0, error.position) + 1, f"holds the sign U+{error.character:04X}; remove it"
        case YAMLWarning():
            lines = re.findall(r"line ([0-9]+)", str(error))
            return int(lines[-1]) if lines else None, str(error).strip().splitlines()[0]
        case YAMLError() | ValueError() | RecursionError():
            said = str(error).strip()
            return _line_of_bad_date(text), said.splitlines()[0] if said else "nested too deep"
        case _:
            # The library trips over tags (`!!omap`) on values that they do not fit.
            tag = re.search(r"(?m)(?:^|\s)!", text)
            line = text.count("\n", 0, tag.end()) + 1 if tag else None
            return line, "a tag (`!…`) does not fit its value; remove it"


def _line_of_bad_date(text: str) -> int | None:
    """The line of the first thing that looks like a date and is none; the library does not say where it met one."""
    for number, line in enumerate(text.split("\n"), start=1):
        for year, month, day in re.findall(r"\b([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})\b", line):
            try:
                date(int(year), int(month), int(day))
            except ValueError:
                return number
    return None


def _weight(value: object, known: dict[int, int]) -> int:
    """The number of values once all aliases are followed; `known` keeps it for each container."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        # Stands while the container is counted: one that holds itself is without end.
        known[id(value)] = _MAX_VALUES + 1
        inside = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_weight(item, known) for item in inside)
    return known[id(value)]


def _plain(value: object) -> Any:
    """Containers and scalars of plain Python types, so that strict validation accepts them."""
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _line_of(document: CommentedMap, loc: tuple[int | str, ...]) -> int | None:
    """Line, from 1, of the innermost part of `loc` that the document has."""
    line = int(document.lc.line) + 1
    node: object = document
    for part in loc:
        try:
            if isinstance(node, CommentedMap) and part in node:
                line = int(node.lc.key(part)[0]) + 1
                node = node[part]
            elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
                line = int(node.lc.item(part)[0]) + 1
                node = node[part]
        except (AttributeError, KeyError, TypeError):
            break
    return line


def _dotted(loc: tuple[int | str, ...]) -> str:
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        elif not part.startswith(("function-", "tagged-")):
            path += f".{part}" if path else str(part)
    return path


def _sentence(model: type[BaseModel], loc: tuple[int | str, ...], fault: dict[str, Any]) -> str:
    if fault["type"] == "extra_forbidden":
        return f"unknown key{nearest(str(loc[-1]), _keys_at(model, loc[:-1]))}"
    if fault["type"] == "missing":
        return "is missing"
    found = fault.get("input")
    shown = f", found {found!r}" if isinstance(found, str | int | float | bool) else ""
    message = str(fault["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:] + shown


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Keys allowed at `loc`, as far as the model's annotations tell."""
    current: type[BaseModel] = model
    for part in loc:
        if not isinstance(part, str):
            continue
        field = current.model_fields.get(part)
        inner = _models_in(field.annotation) if field else tuple(m for m in _models_in(current) if m.__name__ == part)
        if inner:
            current = inner[0]
    return tuple(field.alias or name for name, field in current.model_fields.items())


def _models_in(annotation: object) -> tuple[type[BaseModel], ...]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    inner: tuple[type[BaseModel], ...] = ()
    for argument in getattr(annotation, "__args__", ()):
        inner += _models_in(argument)
    return inner
