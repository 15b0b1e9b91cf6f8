"""An alert as an entry of our own feeds: one for each watch and story, which later alerts about the story update. Pure.

Everything from outside is text: it is made fit for XML and for one line first, and put into elements, never pasted.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from worker.grouping.decide import delivery_id
from worker.models.alert import Notice
from worker.models.delivery import Delivery
from worker.models.news import StoryId
from worker.models.watch import ChannelId, WatchId
from worker.notify.document import Document, Line, Look, runs_of
from worker.notify.excerpt import one_line, shorten
from worker.notify.layout import document_of, front_of, news_of
from worker.notify.wording import link, moment
from worker.store.told_stories import ToldAlert, ToldStory

#: our feeds lay alerts out as channels do
_CHANNEL = ChannelId("feed")
#: the space of names that the ids of our feeds and entries are unique in
_OURS = uuid5(NAMESPACE_URL, "tag:vestitel,2026:feeds")
_SUMMARY_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """What both kinds of feed show of a story."""

    id: str
    watch_id: WatchId
    watch_name: str
    story_id: StoryId
    #: one line of plain text
    title: str
    outlet: str
    #: empty where there is no address that may be clicked
    url: str
    #: plain text; empty where nothing was quoted
    summary: str
    html: str
    published_at: datetime
    updated_at: datetime
    #: the last notice, for its facts
    notice: Notice


def stable_id(kind: str, name: str) -> str:
    """A URN that names the same thing for ever (RFC 4287 §4.2.6)."""
    return uuid5(_OURS, f"{kind}:{name}").urn


def entry_of(told: ToldStory) -> FeedEntry:
    """The story as it was told first, with the outlets of now and what was told later."""
    first, last = told.alerts[0], told.alerts[-1]
    notice = replace(first.notice, sources=last.notice.sources, severity=last.notice.severity)
    front = front_of(severity=notice.severity, unconfirmed=notice.unconfirmed)
    document = document_of(_delivery(first, notice))
    return FeedEntry(
        id=stable_id("alert", first.id),
        watch_id=told.watch_id,
        watch_name=one_line(notice.watch_name) or told.watch_id,
        story_id=told.story_id,
        title=f"{front}{one_line(notice.title) or '(без заглавие)'}",
        outlet=one_line(notice.outlet),
        url=link(notice.url),
        summary=_summary(document),
        html=_html(document, tuple(one for one in told.alerts[1:] if not one.is_amendment)),
        published_at=first.at,
        updated_at=max(one.at for one in told.alerts),
        notice=replace(notice, revision=last.notice.revision),
    )


def _delivery(alert: ToldAlert, notice: Notice) -> Delivery:
    return Delivery(
        id=delivery_id(alert.id, _CHANNEL),
        alert_id=alert.id,
        channel=_CHANNEL,
        attempts=1,
        maybe_repeated=False,
        content=notice,
    )


def _summary(document: Document) -> str:
    quotes = (quote for paragraph in document.paragraphs for quote in paragraph.quotes)
    return next((shorten(quote.text, _SUMMARY_LIMIT) for quote in quotes), "")


def _html(document: Document, later: tuple[ToldAlert, ...]) -> str:
    root = ET.Element("div")
    for line in _lines(document):
        if line.look is not Look.TITLE:
            _add_line(root, line)
    if later:
        ET.SubElement(root, "p").text = "По-късно:"
        _add_later(ET.SubElement(root, "ul"), later)
    return ET.tostring(root, encoding="unicode", method="html")


def _lines(document: Document) -> Iterator[Line]:
    for paragraph in document.paragraphs:
        yield from paragraph.lines
        yield from (Line(look=Look.QUOTE, quote=quote) for quote in paragraph.quotes)


def _add_line(parent: ET.Element, line: Line) -> None:
    tag = {Look.QUOTE: "blockquote", Look.SMALL: "small"}.get(line.look, "p")
    element = ET.SubElement(parent, tag)
    for run in runs_of(line):
        _add_run(element, run.text, "strong" if run.is_marked or run.is_strong else "", run.url)


def _add_later(parent: ET.Element, later: tuple[ToldAlert, ...]) -> None:
    for alert in later:
        item, news = ET.SubElement(parent, "li"), news_of(alert.notice)
        _add_run(item, f"{moment(alert.at)} {news}".strip() + ": ", "", "")
        _add_run(item, one_line(alert.notice.title), "", link(alert.notice.url))
        _add_run(item, f" ({one_line(alert.notice.outlet)})", "", "")


def _add_run(parent: ET.Element, text: str, tag: str, url: str) -> None:
    """Words at the end of an element, within a tag or none."""
    if url:
        ET.SubElement(parent, "a", href=url).text = text
    elif tag:
        ET.SubElement(parent, tag).text = text
    elif len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
