"""Articles, sentences and figures as lines of text for an operator; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from worker.grouping.notices import quotes_of
from worker.models.news import Article
from worker.models.watch import Evidence, Layer, Match
from worker.text.times import SOFIA

#: What a finding rests on, in the words of the people who read it.
LAYER_WORDS = {Layer.FORMS: "A по форми", Layer.MODELS: "B с модел"}
_BAR = 40
_MAX_QUOTE = 300
_MOST_DAYS = 62
#: Letters of a date by which days and months are told apart.
_DAY, _MONTH = 10, 7


def minute(instant: datetime | None) -> str:
    """Day and time in Bulgaria; a dash where there is none."""
    return "–" if instant is None else f"{instant.astimezone(SOFIA):%Y-%m-%d %H:%M}"


def headline(article: Article) -> str:
    """When, where and under which title an article was seen, with its id."""
    title = one_line(article.title) or one_line(article.summary or article.body)[:80]
    return f"{minute(article.seen_at)}  {article.outlet or '–'}  «{title}»  {article.id}"


def proof(article: Article, match: Match) -> str:
    """The sentence that proves a match best, what was found in it marked «…»."""
    quote = quotes_of(article, match.evidence)[0]
    return marked(quote.text, quote.marks)


def sentence_of(article: Article, one: Evidence) -> str:
    """The sentence of one piece of evidence, which is marked «…»."""
    start = one.sentence_start
    text = article.text_of(one.field)[start : one.sentence_end]
    return marked(text, ((one.start - start, one.end - start),))


def marked(text: str, marks: Iterable[tuple[int, int]]) -> str:
    """The text in one line with «…» around each mark; a very long one is cut around the first."""
    shown, at = "", 0
    first = 0
    for start, end in marks:
        shown += text[at:start]
        first = first or len(shown)
        shown += f"«{text[start:end]}»"
        at = end
    shown = one_line(shown + text[at:])
    if len(shown) <= _MAX_QUOTE:
        return shown
    begin = max(0, min(first - _MAX_QUOTE // 2, len(shown) - _MAX_QUOTE))
    cut = shown[begin : begin + _MAX_QUOTE]
    return ("… " if begin else "") + cut + (" …" if begin + _MAX_QUOTE < len(shown) else "")


def one_line(text: str) -> str:
    """The text with every run of spaces and line ends as one space."""
    return " ".join(text.split())


def share(part: int, whole: int) -> str:
    """A share in percent, with a second figure where it is small."""
    percent = 100 * part / whole if whole else 0.0
    return f"{percent:.1f} %" if percent >= 1 or not part else f"{percent:.2g} %"


def plural(number: int, noun: str, many: str = "") -> str:
    """„1 hit“, „1,234 hits“; `many` where the noun takes more than an s."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def bars(days: Mapping[str, int], hits: Mapping[str, int]) -> Iterator[str]:
    """A line with a bar for each day that was read, oldest first; for each month where there are too many days."""
    size = _DAY if len(days) <= _MOST_DAYS else _MONTH
    counted = Counter({day[:size]: 0 for day in days})
    for day, number in hits.items():
        counted[day[:size]] += number
    most = max(counted.values(), default=0)
    for day, number in sorted(counted.items()):
        length = -(-number * _BAR // most) if most else 0
        yield f"  {day}  {number:>5}  {'█' * length}".rstrip()
