"""Words, sentences and lemmas against a treebank in CoNLL-U; evaluation only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from training.articles import an_article
from training.silver import bare
from worker.models.news import Field, Sentence
from worker.nlp.bulgarian import StanzaAnalyzer


@dataclass(slots=True)
class _Text:
    """A paragraph: its text, its words with lemmas, and its sentences, as spans."""

    text: str = ""
    words: list[tuple[int, int, str]] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)


def report(path: Path, analyzer: StanzaAnalyzer) -> dict[str, float]:
    """Prints and gives F1 of sentences and words, and the share of right lemmas, in percent.

    Paragraphs are the treebank's own (`# newpar`, `# newdoc`). Lemmas are compared in small letters, without the
    reflexive particle, over the words that were cut alike.
    """
    paragraphs = read(path)
    sentences = [0, 0, 0]
    words = [0, 0, 0]
    right = compared = 0
    for paragraph in paragraphs:
        found = _sentences(paragraph.text, analyzer)
        _count(sentences, set(paragraph.sentences), {(s.start, s.end) for s in found})
        tokens = {(t.start, t.end): t.lemma for s in found for t in s.tokens}
        _count(words, {(start, end) for start, end, _ in paragraph.words}, set(tokens))
        pairs = [(bare(tokens[start, end]), lemma) for start, end, lemma in paragraph.words if (start, end) in tokens]
        compared += len(pairs)
        right += sum(one == other for one, other in pairs)
    figures = {"sentences": _f1(sentences), "words": _f1(words), "lemmas": round(100 * right / compared, 2)}
    print(f"\n{path.name}: {len(paragraphs)} paragraphs, F1 of sentences {figures['sentences']}, of words", end=" ")
    print(f"{figures['words']}, right lemmas {figures['lemmas']} % of {compared}")
    return figures


def read(path: Path) -> list[_Text]:
    """The paragraphs of a treebank, sentences joined by a space."""
    found: list[_Text] = []
    text, rows = "", list[tuple[str, str]]()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("# newpar", "# newdoc")) and (not found or found[-1].text):
            found.append(_Text())
        elif line.startswith("# text = "):
            text = line.removeprefix("# text = ").strip()
        elif line[:1].isdigit() and line.split("\t")[0].isdigit():
            form, lemma = line.split("\t")[1:3]
            rows.append((form, lemma))
        elif not line and rows:
            _append(found, text, rows)
            rows = []
    return found


def _append(found: list[_Text], text: str, rows: Sequence[tuple[str, str]]) -> None:
    if not found:
        found.append(_Text())
    paragraph = found[-1]
    begin = len(paragraph.text) + bool(paragraph.text)
    paragraph.text += (" " if paragraph.text else "") + text
    paragraph.sentences.append((begin, begin + len(text)))
    position = begin
    for form, lemma in rows:
        position = paragraph.text.index(form, position)
        paragraph.words.append((position, position + len(form), bare(lemma)))
        position += len(form)


def _sentences(text: str, analyzer: StanzaAnalyzer) -> Sequence[Sentence]:
    return analyzer.analyse((an_article("paragraph", body=text),))[0].sentences[Field.BODY]


def _count(counts: list[int], gold: set[tuple[int, int]], found: set[tuple[int, int]]) -> None:
    counts[0] += len(gold & found)
    counts[1] += len(found)
    counts[2] += len(gold)


def _f1(counts: Sequence[int]) -> float:
    return round(200 * counts[0] / (counts[1] + counts[2]), 2)
