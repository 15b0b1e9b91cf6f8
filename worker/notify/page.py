"""A document as the HTML of an e-mail: one column that a phone shows whole, no remote content, fit for dark screens.

Colours stand in a style sheet for readers that know one, and sizes beside each element for those that do not. Pure.
"""

from collections.abc import Iterable
from html import escape

from worker.models.watch import Severity
from worker.notify.chart import CHART_HEIGHT, CHART_WIDTH
from worker.notify.document import Document, Fitted, Line, Look, Row, Run, runs_of

_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_STYLE = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;background:#eef1f4;color:#1c232b}
.card{background:#fff;border-radius:10px}
.quiet{color:#5b6672}
.quote{border-left:4px solid #3a7ac8;background:#f4f7fb}
.rule{border-top:1px solid #dfe4ea}
.news{color:#8a3b00}
a{color:#1a5fb4}
mark{background:#ffe58a;color:#1c232b;border-radius:3px;padding:0 2px}
@media (prefers-color-scheme:dark){
body{background:#14181d!important;color:#e4e8ec!important}
.card{background:#1f252c!important}
.quiet{color:#a3adb8!important}
.quote{background:#28303a!important}
.rule{border-top-color:#3a434d!important}
.news{color:#ffb37a!important}
a{color:#8ab8f5!important}
mark{background:#7a6200!important;color:#fff!important}
}
"""
#: above the card, so that what matters is seen first
_EDGES = {Severity.URGENT: "#c01c28", Severity.HIGH: "#d9820f"}
_EDGE = "#3a7ac8"
_BLOCKS = {
    Look.NEWS: ("p", "news", "margin:0 0 6px;font-size:15px;font-weight:600"),
    Look.TITLE: ("h1", "", "margin:0 0 6px;font-size:22px;line-height:1.3;font-weight:700"),
    Look.GROUP: ("h2", "rule", "margin:20px 0 10px;padding-top:14px;font-size:17px;line-height:1.3;font-weight:700"),
    Look.STORY: ("p", "", "margin:14px 0 2px;font-size:16px;line-height:1.35;font-weight:600"),
    Look.TEXT: ("p", "quiet", "margin:0 0 4px;font-size:14px;line-height:1.45"),
    Look.QUOTE: (
        "p",
        "quote",
        "margin:12px 0;padding:10px 14px;font-size:16px;line-height:1.5;border-radius:0 6px 6px 0",
    ),
    Look.SMALL: ("p", "quiet", "margin:14px 0 0;font-size:12px;line-height:1.4"),
}
_BUTTON = (
    "display:inline-block;margin:10px 0 4px;padding:10px 18px;border-radius:6px;background:#1a5fb4;"
    "color:#ffffff!important;text-decoration:none;font-size:15px;font-weight:600"
)


def page(document: Document, shown: Fitted, images: Iterable[str] = ()) -> str:
    """The whole page; `images` are the content ids of the pictures of `document.rows`; empty: none."""
    pictures = iter(_rows(document, tuple(images)))
    body = "\n".join(
        next(pictures, "") if line.look is Look.BARS else _block(line) for lines in shown for line in lines
    )
    edge = _EDGES.get(document.severity, _EDGE)
    preheader = escape(document.title, quote=False)
    return f"""<!DOCTYPE html>
<html lang="bg"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{preheader}</title><style>{_STYLE}</style></head>
<body style="margin:0;padding:0;font-family:{_FONT}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" \
style="padding:16px 8px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="max-width:620px;border-top:5px solid {edge}"><tr><td align="left" \
style="padding:20px 20px 22px;overflow-wrap:anywhere;font-family:{_FONT}">
{body}
</td></tr></table>
</td></tr></table>
</body></html>
"""


def alt_of(row: Row, day_names: tuple[str, ...]) -> str:
    """What the picture shows, in words."""
    return ", ".join(f"{name} {count}" for name, count in zip(day_names, row.days, strict=False))


def _block(line: Line) -> str:
    tag, css, style = _BLOCKS[line.look]
    kind = f' class="{css}"' if css else ""
    return f'<{tag}{kind} style="{style}">{"".join(map(_run, runs_of(line)))}</{tag}>'


def _run(run: Run) -> str:
    text = escape(run.text, quote=False)
    if run.is_label:
        return f'<a href="{escape(run.url)}" style="{_BUTTON}">{text}</a>'
    if run.is_marked:
        return f"<mark>{text}</mark>"
    return f'<a href="{escape(run.url)}">{text}</a>' if run.url else text


def _rows(document: Document, images: tuple[str, ...]) -> Iterable[str]:
    """Each week as a picture above a table of its days, which says the same where pictures are not shown."""
    width = f"{100 / 7:.2f}%"
    for number, row in enumerate(document.rows):
        summary = f'<p class="quiet" style="margin:0 0 8px;font-size:14px">{escape(row.summary, quote=False)}</p>'
        if not any(row.days):
            yield summary
            continue
        picture = ""
        if number < len(images) and images[number]:
            picture = (
                f'<tr><td colspan="7" style="padding:0"><img src="cid:{escape(images[number])}" width="{CHART_WIDTH}" '
                f'height="{CHART_HEIGHT}" alt="{escape(alt_of(row, document.day_names))}" '
                f'style="display:block;border:0;width:{CHART_WIDTH}px;height:{CHART_HEIGHT}px"></td></tr>'
            )
        cells = "".join(
            f'<td class="quiet" width="{width}" style="padding:3px 4px 0 0;font-size:12px;line-height:1.35">'
            f"{name}<br><b>{count}</b></td>"
            for name, count in zip(document.day_names, row.days, strict=False)
        )
        yield (
            f'{summary}<table cellpadding="0" cellspacing="0" border="0" '
            f'style="width:{CHART_WIDTH}px;table-layout:fixed">{picture}'
            f"<tr>{cells}</tr></table>"
        )
