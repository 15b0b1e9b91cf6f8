"""SlavicNER documents as text with spans, and as sentences of words with tags."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.written import Tagged, tagged

#: The topics with Bulgarian documents; each can be left out of training to be tested on.
TOPICS = ("asia_bibi", "brexit", "covid-19", "nord_stream", "ryanair")
#: Russian documents only; never left out.
WAR = "russia_-_ukraine_war"
_COLUMNS = 5
_SHORT = 5

Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document; spans are code points into `text`, the longest of those that overlap."""

    name: str
    text: str
    spans: tuple[Span, ...]


def documents(shared: Path, topic: str, language: str) -> Iterator[Document]:
    """Documents of a topic in the order of their names; none where the language has none."""
    root = shared / "nlp/slavner"
    for path in sorted((root / "raw" / topic / language).glob("*")):
        folder = root / "ner" / topic / language
        labels = next((p for p in (folder / f"{path.name}.tsv", folder / f"{path.stem}.tsv") if p.exists()), None)
        if labels is not None:
            with path.open(encoding="utf-8", newline="") as file:
                text = file.read()
            yield Document(name=path.name, text=text, spans=_spans(labels.read_text(encoding="utf-8")))


def _spans(labels: str) -> tuple[Span, ...]:
    rows = [line.split("\t") for line in labels.splitlines()]
    found = sorted(
        ((int(row[0]), int(row[1]), row[4]) for row in rows if len(row) >= _COLUMNS), key=lambda s: (s[0], -s[1])
    )
    kept: list[Span] = []
    for span in found:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


def sentences(documents_: Iterator[Document], seen: set[str]) -> Iterator[Tagged]:
    """Tagged sentences; one longer than a few words that was `seen` is left out, for agencies are copied."""
    for document in documents_:
        for sentence in tagged(document.text, list(document.spans)):
            key = " ".join(word for word, _ in sentence)
            if len(sentence) > _SHORT and key in seen:
                continue
            seen.add(key)
            yield sentence
