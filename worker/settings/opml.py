"""Lists of feeds in OPML 2.0, as feed readers exchange them.

Read with the standard parser behind defusedxml, which refuses document types, and with them every entity that could
grow or fetch; the OPML libraries that are kept up parse the files as HTML, or fetch addresses by themselves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from worker.errors import ConfigError
from worker.settings.feeds import ListedFeed, known_feed_url
from worker.text.urls import url_key

_MOST_BYTES = 5 * 1024 * 1024
_MOST_OUTLINES = 2_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list."""

    title: str
    url: str
    #: the heading it stands under
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlList:
    """The feeds of a list, each address once, and what was left out, one sentence each."""

    outlines: tuple[Outline, ...]
    left_out: tuple[str, ...] = ()


def read_opml(name: str, raw: bytes) -> OpmlList:
    """The feeds of an OPML file; raises ConfigError where it is none."""
    if len(raw) > _MOST_BYTES:
        raise ConfigError((f"{name}: is larger than {_MOST_BYTES >> 20} MiB; split it",))
    try:
        root = fromstring(raw, forbid_dtd=True)
    except DefusedXmlException as exc:
        raise ConfigError((f"{name}: has a document type or entities; remove them",)) from exc
    except (XmlError, ValueError, LookupError) as exc:
        line = exc.position[0] if isinstance(exc, XmlError) else 1
        raise ConfigError((f"{name}:{line}: is not XML ({exc})",)) from exc
    if root.tag.lower() != "opml":
        raise ConfigError((f"{name}: is not OPML; its outermost element is {root.tag[:40]}",))
    body = root.find("body")
    if body is None:
        raise ConfigError((f"{name}: is not OPML; it has no <body>",))
    return _collected(body)


def opml_of(feeds: Iterable[ListedFeed], title: str, at: datetime) -> str:
    """A list of feeds in OPML 2.0, in their order."""
    root = Element("opml", version="2.0")
    head = SubElement(root, "head")
    SubElement(head, "title").text = title
    SubElement(head, "dateCreated").text = format_datetime(at, usegmt=True)
    body = SubElement(root, "body")
    for one in feeds:
        part = one.part
        name = f"{part.outlet} – {part.section}" if part.section else part.outlet
        attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": part.url}
        if part.kind == "sitemap":
            attributes["type"] = "sitemap"
        SubElement(body, "outline", attributes)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _collected(body: Element) -> OpmlList:
    found: dict[str, Outline] = {}
    left_out: list[str] = []
    for element, group in _outlines(body, "", 0):
        # Readers disagree about the case of attribute names.
        given = {name.lower(): value.strip() for name, value in element.attrib.items()}
        url = given.get("xmlurl", "")
        if not url:
            continue
        title = given.get("title") or given.get("text") or ""
        try:
            known_feed_url(url)
        except ValueError as error:
            left_out.append(f"«{(title or url)[:80]}»: its address {error}")
            continue
        if len(found) >= _MOST_OUTLINES:
            left_out.append(f"more than {_MOST_OUTLINES} feeds; the rest is left out")
            break
        outline = Outline(title=title or urlsplit(url).hostname or url, url=url, group=group)
        found.setdefault(url_key(url), outline)
    if _is_deeper(body):
        left_out.append(f"what stands under more than {_DEEPEST} headings is left out")
    return OpmlList(outlines=tuple(found.values()), left_out=tuple(left_out))


def _is_deeper(body: Element) -> bool:
    """Whether outlines stand deeper than those that are read."""
    return body.find("/".join(["outline"] * (_DEEPEST + 2))) is not None


def _outlines(parent: Element, group: str, depth: int) -> Iterator[tuple[Element, str]]:
    for element in parent.findall("outline"):
        yield element, group
        if depth < _DEEPEST:
            heading = element.get("text") or element.get("title") or group
            yield from _outlines(element, heading.strip(), depth + 1)
