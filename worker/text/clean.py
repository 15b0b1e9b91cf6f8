"""Feed markup to plain paragraphs, and an entry to an article.

The markup is scanned here rather than by `html.parser`, whose treatment of unclosed tags and comments differs
between patch releases and takes quadratic time in some: the same entry must give the same text everywhere.
"""

import hashlib
import html
import re
from datetime import datetime, timedelta

from worker.models.feed import Feed, FeedState
from worker.models.news import Article, ArticleId, DateClaim, Entry
from worker.text.fold import fold_word
from worker.text.identity import keys_of
from worker.text.routine import is_routine
from worker.text.tails import without_tails
from worker.text.urls import canonical_url

#: longer markup is cut; no news article comes near, and the analysis would not bear it
_LONGEST = 400_000
_BREAK = "\x1e"
# fmt: off
_BREAKING = frozenset({
    "address", "article", "aside", "blockquote", "br", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})
# fmt: on
_SPACING = frozenset({"audio", "button", "iframe", "img", "input", "object", "td", "th", "video"})
_DROPPED = frozenset({"script", "style", "template"})
_MARKUP = re.compile(r"<(?:(?P<comment>!--)|(?P<cdata>!\[CDATA\[)|(?P<close>/)?(?P<name>[A-Za-z][^\s/<>]*)|[!?/])")
# Quoted values may hold „>“; the bound keeps an unclosed quotation mark from reading on for ever.
_TAG_END = re.compile(r"(?:[^<>\"']|\"[^\"]{0,4000}\"|'[^']{0,4000}')*+>")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1d\x1f\x7f-\x84\x86-\x9f]")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_LEFTOVER = re.compile(r"[<&]+(?=[A-Za-z/!?#])")
_CLAMP_AFTER = timedelta(hours=1)
_REJECT_AFTER = timedelta(hours=24)


def plain_text(markup: str) -> str:
    """The visible text, one paragraph for each line; applied to its own result it changes nothing.

    What was escaped twice is unescaped twice, as feeds do that by mistake; what still looks like markup then
    loses its opening sign.
    """
    text = _without_controls(markup[:_LONGEST].replace(_BREAK, " "))
    for _ in range(2):
        shown = _shown(text)
        if shown == text:
            break
        text = shown
    else:
        if _shown(text) != text:
            text = _LEFTOVER.sub("", text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace(_BREAK, "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def article_from(entry: Entry, feed: Feed, state: FeedState, now: datetime) -> Article | None:
    """The article that an entry states; None when it has neither title nor text.

    A date more than an hour ahead becomes `now`, more than a day ahead none. Entries older than our interest in
    the feed are its baseline; where no date can be believed, those of the first document that we read are.
    """
    title = plain_text(entry.title_html).replace("\n", " ")
    summary = without_tails(plain_text(entry.summary_html), feed.tails)
    content = without_tails(plain_text(entry.content_html), feed.tails)
    if fold_word(summary) == fold_word(title):
        summary = ""
    body = content if len(content) > len(summary) and fold_word(content) != fold_word(title) else ""
    if not (title or summary or body):
        return None
    keys = keys_of(entry, feed.id, title or summary or body)
    published_at, claim = _believed(entry, now)
    is_older = published_at is not None and published_at < state.added_at
    return Article(
        id=ArticleId(hashlib.sha256(keys[0].encode()).hexdigest()[:16]),
        feed_id=feed.id,
        outlet=feed.outlet,
        url=canonical_url(entry.url) if entry.url else "",
        title=title,
        summary=summary,
        body=body,
        published_at=published_at,
        seen_at=now,
        baseline=is_older if claim is DateClaim.STATED else state.body_hash is None,
        keys=keys,
        published_raw=entry.published_raw,
        date_claim=claim,
        is_routine=is_routine(title),
    )


def _believed(entry: Entry, now: datetime) -> tuple[datetime | None, DateClaim]:
    """The publication date as far as it can be, and what it is worth."""
    if entry.published_at is None:
        return None, DateClaim.NONE
    ahead = entry.published_at - now
    if ahead > _REJECT_AFTER:
        return None, DateClaim.FAR_AHEAD
    return (now, DateClaim.AHEAD) if ahead > _CLAMP_AFTER else (entry.published_at, DateClaim.STATED)


def _without_controls(text: str) -> str:
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _shown(text: str) -> str:
    """The text with its markup carried out and its entities replaced, once; breaks are marked."""
    segments, marked_up = _segments(text)
    if marked_up:
        # In markup, line ends are spaces; a text without any keeps its own lines.
        segments = [segment.replace("\n", " ") for segment in segments]
    return "".join(_without_controls(html.unescape(segment)) for segment in segments)


def _segments(text: str) -> tuple[list[str], bool]:
    """Text between markup, with breaks and spaces in place of it; and whether there was any markup."""
    segments: list[str] = []
    position = 0
    last_end = text.rfind(">")
    found = _MARKUP.search(text)
    wrapped = False
    while found and found.start() < last_end:
        wrapped = wrapped or bool(found["cdata"])
        segments.append(text[position : found.start()])
        name = (found["name"] or "").lower()
        segments.append(_BREAK if name in _BREAKING else " " if name in _SPACING | _DROPPED else "")
        position = _end_of(text, found, name)
        found = _MARKUP.search(text, position)
    segments.append(text[position:])
    if wrapped:
        segments = [segment.replace("]]>", "") for segment in segments]
    return segments, position > 0


def _end_of(text: str, found: re.Match[str], name: str) -> int:
    """Where the text goes on after a piece of markup; there is a „>“ behind its start."""
    if found["cdata"]:
        return found.end()
    if found["comment"]:
        end = text.find("-->", found.end())
        return end + 3 if end >= 0 else len(text)
    tag_end = _TAG_END.match(text, found.end())
    end = tag_end.end() if tag_end else text.find(">", found.end()) + 1
    if name in _DROPPED and not found["close"]:
        closing = re.compile(rf"</{name}\b[^<>]{{0,100}}>", re.IGNORECASE).search(text, end)
        return closing.end() if closing else len(text)
    return end
