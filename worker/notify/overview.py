"""Many stories in one message: a digest of what waited, and the week in review. Pure."""

from collections.abc import Iterator
from itertools import pairwise

from worker.models.alert import Notice
from worker.models.delivery import Digest, Review, TopStory, WatchWeek
from worker.models.watch import Severity
from worker.notify.document import Document, Line, Look, Paragraph, Row, Text
from worker.notify.excerpt import one_line, tidied
from worker.notify.wording import (
    DAY_NAMES,
    UNCONFIRMED,
    URGENCY,
    alerts,
    bars,
    change,
    link,
    media,
    moment,
    others,
    stories,
    week,
)

_SEVERITIES = (Severity.URGENT, Severity.HIGH)
_TITLE_SHARE = 0.05


def digest_document(digest: Digest, front: str) -> Document:
    """By watch, in the order of the digest."""
    title = f"Обобщение: {alerts(len(digest.notices))}, {moment(digest.at, digest.at)}"
    names = {notice.watch_id: one_line(notice.watch_name) or one_line(notice.watch_id) for notice in digest.notices}
    counts = {watch: sum(one.watch_id == watch for one in digest.notices) for watch in names}
    begins = {0, *(at for at, (a, b) in enumerate(pairwise(digest.notices), 1) if a.watch_id != b.watch_id)}
    return Document(
        subject=f"{front}{title}",
        title=f"{front}{title}",
        severity=next(
            (one for one in _SEVERITIES if any(one is it.severity for it in digest.notices)), Severity.NORMAL
        ),
        paragraphs=(
            Paragraph(lines=(_title(front, title),)),
            *(
                _story(
                    notice,
                    digest,
                    group=f"{names[notice.watch_id]} ({counts[notice.watch_id]})" if at in begins else "",
                )
                for at, notice in enumerate(digest.notices)
            ),
            Paragraph(lines=(Line(look=Look.SMALL, texts=(Text(text=f"Обобщение {one_line(digest.id)}"),)),)),
        ),
    )


def review_document(review: Review, front: str) -> Document:
    """Volumes by watch, then the stories that most outlets had."""
    total = sum(sum(watch.days) for watch in review.watches)
    title = f"Седмицата {week(review.first_day)}: {stories(total)}"
    heading = (Paragraph(lines=(Line(look=Look.GROUP, texts=(Text(text="Най-отразявани теми"),)),)),)
    return Document(
        subject=f"{front}{title}",
        title=f"{front}{title}",
        severity=Severity.LOW,
        paragraphs=(
            Paragraph(lines=(_title(front, title),)),
            *(Paragraph(lines=tuple(_watch(watch)), is_spare=True) for watch in review.watches),
            *(heading if review.stories else ()),
            *(Paragraph(lines=tuple(_top(top, review)), is_spare=True) for top in review.stories),
            Paragraph(lines=(Line(look=Look.SMALL, texts=(Text(text=f"Седмичен преглед {one_line(review.id)}"),)),)),
        ),
        rows=tuple(Row(name=_name(watch), days=watch.days, summary=_summary(watch)) for watch in review.watches),
        day_names=tuple(DAY_NAMES[(review.first_day.weekday() + day) % len(DAY_NAMES)] for day in range(7)),
    )


def _title(front: str, title: str) -> Line:
    return Line(look=Look.TITLE, texts=(Text(text=front), Text(text=title, share=0.2)))


def _story(notice: Notice, digest: Digest, *, group: str) -> Paragraph:
    lines: list[Line] = []
    if group:
        lines.append(Line(look=Look.GROUP, texts=(Text(text=group, share=0.04),)))
    unsure = f"{UNCONFIRMED} " if notice.unconfirmed else ""
    urgency = f"{URGENCY[notice.severity]} " if notice.severity in URGENCY else ""
    lines.append(_headline(notice, urgency + unsure))
    instant = notice.published_at or notice.seen_at
    more = len(others(notice.sources, notice.outlet))
    lines.append(_place(notice, moment(instant, digest.at), f" · +{media(more)}" if more else ""))
    quotes = (quote for quote in map(tidied, notice.quotes) if quote.text)
    first = next(quotes, None)
    return Paragraph(lines=tuple(lines), quotes=(first,) if first else (), is_spare=True)


def _headline(notice: Notice, front: str = "") -> Line:
    headline = one_line(notice.title) or "(без заглавие)"
    return Line(
        look=Look.STORY, texts=(Text(text=front), Text(text=headline, url=link(notice.url), share=_TITLE_SHARE))
    )


def _place(notice: Notice, when: str, more: str) -> Line:
    outlet = one_line(notice.outlet)
    rest = f"{', ' if outlet else ''}{when}{more}"
    return Line(texts=(Text(text=outlet, share=0.03), Text(text=rest)))


def _watch(watch: WatchWeek) -> Iterator[Line]:
    yield Line(look=Look.GROUP, texts=(Text(text=_name(watch), share=0.04),))
    yield Line(look=Look.BARS, texts=(Text(text=f"{bars(watch.days)} {_summary(watch)}"),))


def _name(watch: WatchWeek) -> str:
    return one_line(watch.watch_name) or one_line(watch.watch_id)


def _summary(watch: WatchWeek) -> str:
    total = sum(watch.days)
    return f"{stories(total)}, {change(total, watch.before)}"


def _top(top: TopStory, review: Review) -> Iterator[Line]:
    notice = top.notice
    yield _headline(notice)
    yield _place(notice, moment(notice.published_at or notice.seen_at, review.at), f" · {media(top.outlets)}")
