"""A document cut to the size that a channel takes: whole lines and whole marks always, shorter words where needed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from worker.notify.document import Document, Fitted, Line, Look, Paragraph, Text
from worker.notify.excerpt import excerpt, one_unit, shorten
from worker.notify.wording import left_out, sentences

#: the words around a message take no more of it than this, so that there is room for a proof
_WORDS = 0.8
#: how far the shares of the words are cut back until that is so
_CUTS = (1.0, 0.6, 0.36, 0.2, 0.1, 0.04)
#: a quote shorter than this proves nothing
_LEAST_QUOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How a channel counts."""

    #: of the whole message
    limit: int
    #: what a line takes as it is written, its end included
    line: Callable[[Line], int]
    #: what a character of text takes as it is written
    cost: Callable[[str], int] = one_unit
    #: what a mark takes besides
    mark: int = 0
    #: nobody reads a longer sentence there
    quote: int = 2000
    #: nor more sentences of one article
    quotes: int = 20


def fitted(document: Document, measure: Measure) -> Fitted:
    """What of the document a channel shows; all of it where there is room.

    Words are shortened to their shares, and the quotes share what is left. Paragraphs that are spare lose their links,
    then all but their headlines, and only then are they left out from the end and counted.
    """
    needed = [paragraph for paragraph in document.paragraphs if not paragraph.is_spare]
    scale = next((cut for cut in _CUTS if _size(needed, measure, cut) <= measure.limit * _WORDS), _CUTS[-1])
    room = measure.limit - _size(needed, measure, scale) - _counts(document, measure)
    shown: list[Paragraph] = []
    spared = 0
    for cut in _plain_enough(document, measure, scale, room):
        if not cut.is_spare:
            shown.append(cut)
            continue
        size = _size([cut], measure, 1.0)
        if spared or size > room:
            spared += 1
            continue
        room -= size
        shown.append(cut)
    return _with_count(_with_quotes(shown, room, measure), document, spared)


def _plain_enough(document: Document, measure: Measure, scale: float, room: int) -> list[Paragraph]:
    """All paragraphs with their words cut, the spare ones as plain as it takes to have room for all of them."""
    paragraphs: list[Paragraph] = []
    for plain in (_as_they_are, _without_links, _headlines):
        paragraphs = [
            replace(one, lines=tuple(_bounded(plain(one.lines) if one.is_spare else one.lines, measure, scale)))
            for one in document.paragraphs
        ]
        if _size([one for one in paragraphs if one.is_spare], measure, 1.0) <= room:
            break
    return paragraphs


def _as_they_are(lines: Sequence[Line]) -> Sequence[Line]:
    return lines


def _without_links(lines: Sequence[Line]) -> Sequence[Line]:
    return [replace(line, texts=tuple(replace(text, url="") for text in line.texts)) for line in lines]


def _headlines(lines: Sequence[Line]) -> Sequence[Line]:
    """What each story is called; of a paragraph without a story, its first line."""
    plain = _without_links(lines)
    return [line for line in plain if line.look is Look.STORY] or plain[:1]


def _with_quotes(shown: Sequence[Paragraph], room: int, measure: Measure) -> list[tuple[tuple[Line, ...], bool]]:
    """Each paragraph's lines with the quotes that fit; true: it is spare."""
    waiting = sum(min(len(paragraph.quotes), measure.quotes) for paragraph in shown)
    frame = measure.line(Line(look=Look.QUOTE))
    done: list[tuple[tuple[Line, ...], bool]] = []
    for paragraph in shown:
        lines = list(paragraph.lines)
        for number, quote in enumerate(paragraph.quotes[: measure.quotes]):
            # What shorter quotes leave over goes to the later ones.
            share = room // waiting - frame
            waiting -= 1
            if share < _LEAST_QUOTE and (number or not paragraph.is_proof):
                continue
            cut = excerpt(quote, max(min(share, measure.quote), 0), measure.cost, measure.mark)
            lines.append(Line(look=Look.QUOTE, quote=cut))
            room -= measure.line(lines[-1])
        count = len(paragraph.quotes) - (len(lines) - len(paragraph.lines))
        if count and paragraph.is_proof:
            lines.append(Line(look=Look.SMALL, texts=(Text(text=sentences(count)),)))
        done.append((tuple(lines), paragraph.is_spare))
    return done


def _with_count(done: Sequence[tuple[tuple[Line, ...], bool]], document: Document, count: int) -> Fitted:
    """The count of what was left out stands where that would stand."""
    paragraphs = [lines for lines, _ in done]
    if count:
        after = max((at for at, (_, is_spare) in enumerate(done) if is_spare), default=None)
        if after is None:
            after = next(at for at, paragraph in enumerate(document.paragraphs) if paragraph.is_spare) - 1
        paragraphs.insert(after + 1, (Line(texts=(Text(text=left_out(count)),)),))
    return tuple(lines for lines in paragraphs if lines)


def _counts(document: Document, measure: Measure) -> int:
    """Room for what says how much was left out."""
    lines = [Line(texts=(Text(text=left_out(999)),))] if any(one.is_spare for one in document.paragraphs) else []
    lines += [Line(look=Look.SMALL, texts=(Text(text=sentences(999)),)) for one in document.paragraphs if one.is_proof]
    return sum(map(measure.line, lines)) + measure.line(Line())


def _size(paragraphs: Sequence[Paragraph], measure: Measure, scale: float) -> int:
    lines = [line for paragraph in paragraphs for line in _bounded(paragraph.lines, measure, scale)]
    # Between two paragraphs stands an empty line.
    return sum(map(measure.line, lines)) + len(paragraphs) * measure.line(Line())


def _bounded(lines: Sequence[Line], measure: Measure, scale: float) -> Iterator[Line]:
    for line in lines:
        texts = tuple(one for text in line.texts if (one := _short(text, measure, scale)).text)
        if texts:
            yield replace(line, texts=texts)


def _short(text: Text, measure: Measure, scale: float) -> Text:
    """A link that takes too much is no link; what said nothing else is empty then."""
    room = max(int(measure.limit * text.share * scale), 1)
    url = text.url
    if url and measure.line(Line(texts=(Text(text=text.text[:1], url=url),))) > max(room, measure.limit * scale / 4):
        url = ""
    if text.is_label:
        return text if url else replace(text, text="", url="")
    # Every character takes one at least, so what lies further on cannot be shown and need not be measured.
    return replace(text, text=shorten(text.text[: room + 2], room, measure.cost), url=url)
