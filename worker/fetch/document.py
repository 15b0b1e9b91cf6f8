"""A server's answer made ready for the parser: text in UTF-8 that begins with a feed's root element.

What is no feed stops here with a sentence. Document types are taken out, and with them every entity that could
grow; the parser then has nothing to expand or to fetch.
"""

import re
from dataclasses import dataclass

from worker.errors import FetchError, FetchReason
from worker.fetch.charset import decode_document

_PROLOG = b'<?xml version="1.0" encoding="utf-8"?>\n'
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# References beyond Unicode and to halves of UTF-16 pairs, which make feedparser give up the whole document.
_NO_CHARACTER = re.compile(
    r"&#(?:0*(?:[1-9][0-9]{6,}|5529[6-9]|55[3-9][0-9]{2}|56[0-9]{3}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3])(?![0-9])"
    r"|x0*(?:[1-9a-f][0-9a-f]{5,}|d[89a-f][0-9a-f]{2})(?![0-9a-f]));?",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s*")
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_START = re.compile(r"<\?xml\b|<(?:[\w.-]+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_START_WITHIN = 65536
_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ROOTS = frozenset({"rss", "feed", "rdf"})
_ENTRY = re.compile(r"<(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_REPLACED = "\ufffd"
#: more entries of a document are not read
MOST_ENTRIES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed document in UTF-8, with a prolog that says so."""

    body: bytes
    #: as it was read, and what said so
    charset: str
    #: what was mended, each in a few words
    repairs: tuple[str, ...] = ()
    #: the text before the first entry
    head: str = ""


def read_document(feed_id: str, body: bytes, content_type: str) -> Document:
    """The document without what stands before it; raises FetchError NOT_A_FEED for anything but RSS, RDF or Atom."""
    decoded = decode_document(body, content_type)
    text, illegal = _ILLEGAL.subn("", decoded.text)
    text, impossible = _NO_CHARACTER.subn("\ufffd", text)
    if not text.strip():
        raise FetchError(feed_id, FetchReason.NOT_A_FEED, "the document is empty")
    if _PAGE.match(text, _behind_comments(text)):
        raise FetchError(feed_id, FetchReason.NOT_A_FEED, "the address gives a web page")
    start = _START.search(text, 0, _START_WITHIN)
    if start is None:
        raise FetchError(feed_id, FetchReason.NOT_A_FEED, "the document holds no RSS, RDF or Atom element")
    junk, text = text[: start.start()], text[start.start() :]
    head_end = _head_end(text)
    root = _ROOT.match(text, head_end)
    if root is None or root[1].lower() not in _ROOTS:
        element = root[1] if root else "nothing"
        raise FetchError(feed_id, FetchReason.NOT_A_FEED, f"the document's outermost element is {element[:40]}")
    found = {
        "junk before the document": bool(junk.strip("\ufeff \t\r\n")),
        f"illegal characters: {illegal}": illegal,
        f"references to no character: {impossible}": impossible,
        f"undecodable characters: {decoded.text.count(_REPLACED)}": _REPLACED in decoded.text,
        "document type left out": _DOCTYPE.search(text, 0, head_end),
    }
    text, first, is_cut = _bounded(text[head_end:], root[0][1:])
    found[f"more than {MOST_ENTRIES} entries"] = is_cut
    return Document(
        body=_PROLOG + text.encode("utf-8", "replace"),
        charset=decoded.charset,
        repairs=tuple(what for what, is_so in found.items() if is_so),
        head=text[: first + 1][:_START_WITHIN],
    )


def _bounded(text: str, root: str) -> tuple[str, int, bool]:
    """The text without entries far beyond those that are taken, where its first entry begins, and whether it was cut.

    Twice as many stay as are taken, since what looks like the beginning of an entry may stand in another's text.
    """
    first = number = 0
    for number, found in enumerate(_ENTRY.finditer(text), 1):
        first = first or found.start()
        if number > 2 * MOST_ENTRIES:
            closing = f"</channel></{root}>" if root.lower().endswith("rss") else f"</{root}>"
            return text[: found.start()] + closing, first, True
    return text, first or len(text), number > MOST_ENTRIES


def _behind_comments(text: str) -> int:
    """Where the first thing begins that is neither white space nor a comment."""
    position = _end_of_space(text, 0)
    while text.startswith("<!--", position) and (end := text.find("-->", position)) >= 0:
        position = _end_of_space(text, end + len("-->"))
    return position


def _end_of_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _head_end(text: str) -> int:
    """Where the root element begins: behind comments, instructions and the document type."""
    position = 0
    while True:
        position = text.find("<", position)
        if position < 0:
            return len(text)
        if text.startswith("<!--", position):
            end = text.find("-->", position)
        elif text.startswith("<?", position):
            end = text.find("?>", position)
        elif doctype := _DOCTYPE.match(text, position):
            end = doctype.end() - 1
        else:
            return position
        position = end + 1 if end >= 0 else len(text)
