"""A watch file with values added to one watch, and otherwise byte for byte as it was; pure.

The file is read by ruamel.yaml only to learn where each part of it stands; the text is then changed in place, because
writing a document back would move comments and break lines that nobody touched.
"""

import difflib
import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from worker.models.watch import Example, Phrase, Watch
from worker.tuning.proposals import Proposal

_PLAIN = re.compile(r"[^\W\d_][\w-]*(?: [\w-]+)*")
_WORDS_OF_YAML = frozenset(("true", "false", "null", "yes", "no", "on", "off"))


class Edit(NamedTuple):
    """One value for the list under one key of a watch, as YAML in one line."""

    key: str
    value: str


class EditError(ValueError):
    """The file cannot be changed by a line; the message says why, for a person."""


def edits_of(proposal: Proposal) -> tuple[Edit, ...]:
    """The edits that a proposal stands for."""
    if proposal.weight == 1:
        return tuple(Edit(proposal.key, scalar(text)) for text in proposal.phrases)
    return tuple(
        Edit(proposal.key, f"{{phrase: {scalar(text)}, weight: {proposal.weight:g}}}") for text in proposal.phrases
    )


def edit_of_example(key: str, example: Example) -> Edit:
    """A golden example under `must_match` or `must_not_match`."""
    if not example.title and example.on is None:
        return Edit(key, _quoted(example.text))
    parts = {"title": example.title, "text": example.text}
    written = [f"{name}: {_quoted(text)}" for name, text in parts.items() if text]
    if example.on is not None:
        written.append(f"on: {example.on.isoformat()}")
    return Edit(key, "{" + ", ".join(written) + "}")


def scalar(text: str) -> str:
    """A phrase as YAML, plain where that is safe."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML else _quoted(text)


def edited(text: str, watch: Watch, edits: Sequence[Edit]) -> str:
    """The text of a watch file with these edits; raises EditError."""
    for edit in edits:
        text = _with(text, watch, edit)
    return text


def holds(text: str, watch: Watch) -> bool:
    """Whether a watch file holds a watch."""
    return _find(text, watch) is not None


def unified(path: str, before: str, after: str) -> str:
    """The difference, as `patch -p1` takes it."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _with(text: str, watch: Watch, edit: Edit) -> str:
    node = _find(text, watch)
    if node is None:
        raise EditError(f"there is no watch «{watch.id}» in the file")
    if isinstance(node, ScalarNode):
        return _inserted(text, node.start_mark.index, _end(node), _spelled_out(watch, node, edit))
    for key, value in node.value:
        if key.value == edit.key:
            return _into_list(text, key, value, edit)
    if node.flow_style:
        at = node.end_mark.index - 1
        return _inserted(text, at, at, f", {edit.key}: [{edit.value}]")
    indent = " " * int(node.value[0][0].start_mark.column)
    lines = f"{indent}{edit.key}:\n{indent}  - {edit.value}\n"
    return _below(text, _end(node), lines)


def _into_list(text: str, key: Node, value: Node, edit: Edit) -> str:
    if value.start_mark.index < key.end_mark.index or value.anchor:
        raise EditError(f"its `{edit.key}` is shared with other watches by «&» or «*»; add {edit.value} by hand")
    if not isinstance(value, SequenceNode):
        raise EditError(f"its `{edit.key}` is no list; add {edit.value} by hand")
    if not value.flow_style:
        column = value.start_mark.column
        return _below(text, _end(value), f"{' ' * column}- {edit.value}\n")
    if not value.value:
        return _inserted(text, value.start_mark.index, value.end_mark.index, f"[{edit.value}]")
    at = _end(value.value[-1])
    return _inserted(text, at, at, f", {edit.value}")


def _find(text: str, watch: Watch) -> MappingNode | ScalarNode | None:
    """The part of the file that is the watch: a mapping with its id, or its name alone."""
    try:
        document = YAML(typ="rt", pure=True).compose(text)
    except YAMLError as error:
        raise EditError("it is not YAML") from error
    for key, value in document.value if isinstance(document, MappingNode) else ():
        if key.value != "watches" or not isinstance(value, SequenceNode):
            continue
        for node in value.value:
            if isinstance(node, ScalarNode) and node.value == watch.name and watch.terms == (Phrase(text=node.value),):
                return node
            if isinstance(node, MappingNode) and any(k.value == "id" and v.value == watch.id for k, v in node.value):
                return node
    return None


def _spelled_out(watch: Watch, node: ScalarNode, edit: Edit) -> str:
    """A watch of one line as one that can hold more."""
    gap = "\n" + " " * int(node.start_mark.column)
    terms = [scalar(node.value), edit.value] if edit.key == "any" else [scalar(node.value)]
    lines = [f"id: {watch.id}", f"name: {scalar(watch.name)}", f"kind: {watch.kind}", f"any: [{', '.join(terms)}]"]
    if edit.key != "any":
        lines += [f"{edit.key}:", f"  - {edit.value}"]
    return gap.join(lines)


def _end(node: Node) -> int:
    """Where the text of a node ends; the mark of a block collection lies beyond the comments after it."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (None, last)
        if key is not None and value.start_mark.index < key.end_mark.index:
            raise EditError("it ends with an alias («*»); add the lines by hand")
        return _end(value)
    return int(node.end_mark.index)


def _below(text: str, end: int, lines: str) -> str:
    """The text with lines after the line in which `end` lies."""
    if text[end - 1 : end] == "\n":
        # A block scalar ends after its last line.
        return _inserted(text, end, end, lines)
    at = text.find("\n", end)
    return f"{text}\n{lines}" if at < 0 else _inserted(text, at + 1, at + 1, lines)


def _inserted(text: str, start: int, end: int, new: str) -> str:
    return f"{text[:start]}{new}{text[end:]}"


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
