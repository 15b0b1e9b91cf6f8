"""What is sent, laid out as a document: what a reader on a phone needs first stands first. Pure."""

from collections.abc import Iterator

from worker.models.alert import Notice, Quote, Reason
from worker.models.delivery import Delivery, Digest, Review
from worker.models.watch import Severity
from worker.notify.document import Document, Line, Look, Paragraph, Text
from worker.notify.excerpt import one_line, tidied
from worker.notify.overview import digest_document, review_document
from worker.notify.wording import (
    HIGHER,
    REPEATED,
    UNCONFIRMED,
    URGENCY,
    elsewhere_pieces,
    link,
    moment,
    parts_read,
    source_of,
)

_VERSION_SIGNS = 12
#: about no article, so no watchlist had a say in them
_OF_FEEDS = frozenset({Reason.FEED_FAULT, Reason.FEED_RECOVERED})


def document_of(delivery: Delivery) -> Document:
    """Everything that is shown of a delivery."""
    match delivery.content:
        case Digest() as digest:
            return digest_document(digest, front_of(maybe_repeated=delivery.maybe_repeated))
        case Review() as review:
            return review_document(review, front_of(maybe_repeated=delivery.maybe_repeated))
        case Notice() as notice:
            return _notice_document(notice, delivery)


def front_of(*, severity: Severity = Severity.NORMAL, maybe_repeated: bool = False, unconfirmed: bool = False) -> str:
    """The words before everything else, with a space after each."""
    marks = (URGENCY.get(severity, ""), REPEATED if maybe_repeated else "", UNCONFIRMED if unconfirmed else "")
    return "".join(f"{mark} " for mark in marks if mark)


def news_of(notice: Notice) -> str:
    """What a follow-up has that its people have not heard; empty for a first message."""
    match notice.decision_reason:
        case Reason.NEW_SOURCE:
            return f"Нов източник: {one_line(notice.attribution.origin or notice.outlet)}"
        case Reason.NEW_ACTOR if notice.terms:
            # Terms are in the order in which they came up in the story.
            return f"Нов участник: {one_line(notice.terms[-1])}"
        case Reason.NEW_ACTOR:
            return "Нов участник"
        case Reason.HIGHER_SEVERITY:
            return HIGHER.get(notice.severity, "")
        case _:
            return ""


def _notice_document(notice: Notice, delivery: Delivery) -> Document:
    watch = one_line(notice.watch_name) or one_line(notice.watch_id)
    headline = one_line(notice.title) or "(без заглавие)"
    front = front_of(severity=notice.severity, maybe_repeated=delivery.maybe_repeated, unconfirmed=notice.unconfirmed)
    quotes = tuple(quote for quote in map(tidied, notice.quotes) if quote.text)
    news = "" if delivery.is_amendment else news_of(notice)
    return Document(
        subject=f"{front}{watch}: {headline}",
        title=f"{front}{headline}",
        severity=notice.severity,
        paragraphs=(
            Paragraph(lines=tuple(_above(notice, front, news, headline))),
            Paragraph(quotes=_proofs(quotes), is_proof=bool(quotes)),
            Paragraph(lines=tuple(_below(notice, watch, delivery.alert_id))),
        ),
        url=link(notice.url),
    )


def _proofs(quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys(quotes))


def _above(notice: Notice, front: str, news: str, headline: str) -> Iterator[Line]:
    if news:
        yield Line(look=Look.NEWS, texts=(Text(text=news, share=0.1),))
    yield Line(look=Look.TITLE, texts=(Text(text=front), Text(text=headline, share=0.2)))
    outlet = one_line(notice.outlet)
    if notice.published_at is None:
        when = f"без дата на публикуване, видяна на {moment(notice.seen_at)}"
    else:
        when = moment(notice.published_at, notice.seen_at)
    yield Line(texts=(Text(text=outlet, share=0.06), Text(text=f"{', ' if outlet else ''}{when}", share=0.06)))


def _below(notice: Notice, watch: str, alert_id: str) -> Iterator[Line]:
    reason = one_line(notice.match_reason)
    yield Line(
        texts=(
            Text(text="Защо: "),
            Text(text=watch, share=0.06),
            Text(text=f" – {reason}" if reason else "", share=0.2),
        )
    )
    if notice.parts:
        source = source_of(notice.attribution, is_excerpt=notice.is_excerpt)
        yield Line(texts=(Text(text=f"Прочетено: {parts_read(notice.parts)}; източник: {source}", share=0.06),))
    if found := elsewhere_pieces(notice.sources, notice.outlet):
        names = (Text(text=text, url=url, is_aside=True) for text, url in found)
        yield Line(texts=(Text(text="Още в: "), *names))
    if url := link(notice.url):
        yield Line(texts=(Text(text="Към статията", url=url, is_label=True, share=0.3),))
    version = one_line(notice.watchlist_version)[:_VERSION_SIGNS]
    of_watches = "" if notice.decision_reason in _OF_FEEDS else f", версия на наблюденията {version}"
    yield Line(look=Look.SMALL, texts=(Text(text=f"Известие {one_line(alert_id)}{of_watches}", share=0.04),))
