"""Our own marked-up text (`training/text/*.txt`) as items, and as sentences of words with tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.words import sentences_of, words_of

TEXT = Path(__file__).parent / "text"
_MARK = re.compile(r"\[\[(PER|LOC|ORG|EVT|PRO)\|([^\[\]]+)\]\]")
#: words with tags in BIO
Tagged = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One news item; each field a list of paragraphs with marks in them."""

    category: str
    title: str
    summary: str
    body: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Everything in reading order, with marks."""
        return tuple(part for part in (self.title, self.summary, *self.body) if part)

    @property
    def plain(self) -> tuple[str, str, str]:
        """Title, summary and body without marks."""
        return plain(self.title), plain(self.summary), "\n".join(map(plain, self.body))


def plain(text: str) -> str:
    """Text without marks."""
    return _MARK.sub(r"\2", text)


def written_items() -> Iterator[Item]:
    """All items of all files, in the order of file names; raises ValueError for what cannot be read."""
    for path in sorted(TEXT.glob("*.txt")):
        for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()):
            lines = [line.strip() for line in block.strip().splitlines() if line.strip()]
            if not lines[0].startswith("#"):
                raise ValueError(f"{path}: an item begins without its category: {lines[0][:60]}")
            fields = {"T": "", "S": ""}
            body: list[str] = []
            for line in lines[1:]:
                if line[:2] in {"T:", "S:"}:
                    fields[line[0]] = line[2:].strip()
                elif rest := line.removeprefix("B:").strip():
                    body.append(rest)
            yield Item(category=lines[0].strip("# "), title=fields["T"], summary=fields["S"], body=tuple(body))


def spans_of(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without marks, and start, end and type of each mark in it."""
    text, position = "", 0
    spans: list[tuple[int, int, str]] = []
    for mark in _MARK.finditer(marked):
        text += marked[position : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        position = mark.end()
    text += marked[position:]
    if "[[" in text or "]]" in text:
        raise ValueError(f"a mark that is not closed, or of no known type: {marked[:100]}")
    return text, spans


def tagged(text: str, spans: list[tuple[int, int, str]]) -> Iterator[Tagged]:
    """Sentences of one paragraph; a word belongs to the mark that it begins or ends in."""
    for begin, end in sentences_of(text):
        sentence: Tagged = []
        previous: tuple[int, int, str] | None = None
        for start, stop in words_of(text[begin:end], begin):
            span = next((s for s in spans if s[0] <= start < s[1] or s[0] < stop <= s[1]), None)
            tag = "O" if span is None else ("I-" if span == previous else "B-") + span[2]
            sentence.append((text[start:stop], tag))
            previous = span
        if sentence:
            yield sentence


def written_sentences() -> Iterator[Tagged]:
    """All sentences of our own text."""
    for item in written_items():
        for paragraph in item.paragraphs:
            yield from tagged(*spans_of(paragraph))
