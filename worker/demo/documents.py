"""Feed documents of the invented outlets, with the faults of real ones (windows-1251, lying prologs, junk, …)."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from worker.demo.morning import DemoItem, DemoOutlet
from worker.text.times import SOFIA

_MONTHS = (
    "януари февруари март април май юни юли август септември октомври ноември декември".split()  # noqa: SIM905
)
#: Real feeds show a window of their newest items only.
_WINDOW = 40
_LOOKALIKES = str.maketrans("асеорх", "aceopx")
_OLD = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One answer of an outlet's server."""

    body: bytes
    headers: Mapping[str, str]
    etag: str | None


def document_of(
    outlet: DemoOutlet, items: Sequence[DemoItem], base: str, began: datetime, elapsed_s: float
) -> Document:
    """The outlet's feed `elapsed_s` seconds into the morning that began at `began`; `base` is the server's address."""
    shown = sorted((i for i in items if i.old or i.at_s <= elapsed_s), key=lambda i: (not i.old, i.at_s), reverse=True)
    shown = shown[:_WINDOW]
    text = _FORMATS[outlet.format](outlet, [_Item(outlet, item, base, began, elapsed_s) for item in shown], base)
    body, declared = _encoded(outlet, text)
    if "bom-and-junk" in outlet.quirks:
        body = "\ufeff\n  \n".encode() + body
    if "truncated-document" in outlet.quirks and shown:
        body = body[:-25]
    headers = {"Content-Type": "application/xml" + (f"; charset={declared}" if declared else "")}
    etag = None
    if "not-modified" in outlet.quirks:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers["ETag"] = etag
    if "gzip" in outlet.quirks:
        body = gzip.compress(body)
        headers["Content-Encoding"] = "gzip"
    return Document(body=body, headers=headers, etag=etag)


def published_at(item: DemoItem, began: datetime) -> datetime:
    """The time that the item claims."""
    return began - _OLD if item.old else began + timedelta(seconds=item.at_s)


def item_of_url(url: str) -> str:
    """The item id in an article's address."""
    return url.partition("?")[0].rstrip("/").rpartition("/")[2]


class _Item:
    """One item as its outlet writes it into the document."""

    def __init__(self, outlet: DemoOutlet, item: DemoItem, base: str, began: datetime, elapsed_s: float) -> None:
        quirks = outlet.quirks
        text = item.text_at(elapsed_s)
        edited = text is not item.first
        path = f"/{outlet.id}/news/{item.id}"
        self.url = path if "relative-links" in quirks else base + path
        if "tracking-parameters" in quirks:
            self.url += "?utm_source=rss&utm_medium=feed" + ("&fbclid=x1" if edited else "")
        if "bare-ampersand" not in quirks:
            self.url = escape(self.url)
        self.guid = "" if "no-guid" in quirks else f"{outlet.id}-{item.id}"
        if edited and "guid-changes" in quirks:
            self.guid += "-2"
        self.date = _date(outlet, published_at(item, began))
        self.iso_date = published_at(item, began).isoformat()
        self.title = _words(outlet, text.title)
        self.summary = _words(outlet, text.summary)
        if "html-summary" in quirks:
            picture = f'<p><img src="{base}/{outlet.id}/p.jpg" alt="снимка"/></p>'
            self.summary = escape(f"{picture}<p>{self.summary}</p><br/><a href='/more'>още</a>")
        self.body = "".join(f"<p>{_words(outlet, part)}</p>" for part in text.body.split("\n") if part.strip())


def _words(outlet: DemoOutlet, text: str) -> str:
    if "homoglyphs" in outlet.quirks:
        text = " ".join(_with_lookalike(word) for word in text.split(" "))
    if "soft-hyphens" in outlet.quirks:
        text = " ".join(f"{word[:5]}\u00ad{word[5:]}" if len(word) > 9 else word for word in text.split(" "))  # noqa: PLR2004
    escaped = escape(text)
    return escape(escaped) if "double-escaped" in outlet.quirks else escaped


def _with_lookalike(word: str) -> str:
    """The second letter of every word, where it looks the same, in the other script."""
    return word[:1] + word[1:2].translate(_LOOKALIKES) + word[2:] if len(word) > 3 else word  # noqa: PLR2004


def _date(outlet: DemoOutlet, instant: datetime) -> str:
    local = instant.astimezone(SOFIA)
    if "bulgarian-dates" in outlet.quirks:
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year} г., {local:%H:%M:%S} ч."
    if "no-timezone" in outlet.quirks:
        return f"{local:%Y-%m-%d %H:%M:%S}"
    return format_datetime(local)


def _rss2(outlet: DemoOutlet, items: Sequence[_Item], base: str) -> str:
    parts = [
        f"<item><title>{item.title}</title><link>{item.url}</link>"
        + (f'<guid isPermaLink="false">{item.guid}</guid>' if item.guid else "")
        + f"<pubDate>{item.date}</pubDate><description>{item.summary}</description>"
        + (f"<content:encoded><![CDATA[{item.body}]]></content:encoded>" if item.body else "")
        + "</item>"
        for item in items
    ]
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{base}/{outlet.id}/</link><description>Новини</description>\n"
        + "\n".join(parts)
        + "\n</channel></rss>"
    )


def _atom(outlet: DemoOutlet, items: Sequence[_Item], base: str) -> str:
    parts = [
        f'<entry><title>{item.title}</title><link href="{item.url}"/>'
        f"<id>tag:example.test,2026:{item.guid or item.url}</id><updated>{item.iso_date}</updated>"
        f'<published>{item.iso_date}</published><summary type="html">{item.summary}</summary>'
        + (f'<content type="html">{escape(item.body)}</content>' if item.body else "")
        + "</entry>"
        for item in items
    ]
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(outlet.name)}</title><id>{base}/{outlet.id}/</id>\n" + "\n".join(parts) + "\n</feed>"
    )


def _rdf(outlet: DemoOutlet, items: Sequence[_Item], base: str) -> str:
    parts = [
        f'<item rdf:about="{item.url}"><title>{item.title}</title><link>{item.url}</link>'
        f"<dc:date>{item.iso_date}</dc:date><description>{item.summary}</description>"
        + (f"<content:encoded>{escape(item.body)}</content:encoded>" if item.body else "")
        + "</item>"
        for item in items
    ]
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f'<channel rdf:about="{base}/{outlet.id}/"><title>{escape(outlet.name)}</title>'
        f"<link>{base}/{outlet.id}/</link><description>Новини</description></channel>\n"
        + "\n".join(parts)
        + "\n</rdf:RDF>"
    )


_FORMATS = {"rss2": _rss2, "atom": _atom, "rdf": _rdf}


def _encoded(outlet: DemoOutlet, text: str) -> tuple[bytes, str | None]:
    """Bytes of the document, and the charset that the HTTP header names, if any."""
    if "lying-prolog" in outlet.quirks:
        return f'<?xml version="1.0" encoding="windows-1251"?>\n{text}'.encode(), None
    if "undeclared-charset" in outlet.quirks:
        return f'<?xml version="1.0"?>\n{text}'.encode("windows-1251", "xmlcharrefreplace"), None
    declared = outlet.charset
    prolog = f'<?xml version="1.0" encoding="{declared}"?>\n'
    return (prolog + text).encode(declared, "xmlcharrefreplace"), declared
