"""The feeds of the invented outlets; each item stays until it was served some times, whatever was killed meanwhile."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from aiohttp import web

from benchmarks.chaos.news import OUTLETS, Item, News

#: an item goes when so many documents had it: a fetcher that is killed over one finds it in the next
_SERVED = 4
#: so many of an outlet's last items stay in any case, as in real feeds
_TAIL = 4
_OLD = timedelta(hours=3)


class Outlets:
    """Serves what stood there before, and from `begin` on the news, spread evenly over some seconds."""

    def __init__(self, news: News, base: str, length_s: float) -> None:
        self._base = base
        self._old = [[item for item in news.old if item.outlet == outlet] for outlet in range(len(OUTLETS))]
        self._items = [
            [(number * length_s / len(news.items), item) for number, item in enumerate(news.items)
             if item.outlet == outlet]
            for outlet in range(len(OUTLETS))
        ]  # fmt: skip
        self._begun_at = 0.0
        self._asked = [0] * len(OUTLETS)
        self._served: dict[Item, int] = {}
        #: when each event was served first, in seconds since the epoch
        self.shown: dict[str, float] = {}
        self.articles = len(news.items)

    def begin(self) -> None:
        """From now on there is news."""
        self._begun_at = time.time()

    @property
    def is_known(self) -> bool:
        """Whether every feed was read before there was news."""
        return min(self._asked) > 1

    @property
    def served(self) -> int:
        """How many items were served at all."""
        return len(self._served)

    def document(self, outlet: int) -> bytes:
        """The feed of an outlet now."""
        self._asked[outlet] += 1
        now = time.time()
        came = now - self._begun_at if self._begun_at else 0.0
        released = [(self._begun_at + at, item) for at, item in self._items[outlet] if at < came]
        last = released[-_TAIL:]
        shown = [one for one in released if self._served.get(one[1], 0) < _SERVED or one in last]
        for _, item in shown:
            self._served[item] = self._served.get(item, 0) + 1
            self.shown.setdefault(item.code, now)
        old = [] if len(released) > _TAIL else [(now - _OLD.total_seconds(), item) for item in self._old[outlet]]
        entries = "".join(self._entry(item, at) for at, item in reversed(old + shown))
        head = f"<title>{escape(OUTLETS[outlet])}</title><link>{self._base}/{outlet}/</link><description/>"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'.encode()

    def _entry(self, item: Item, at: float) -> str:
        url = f"{self._base}/{item.outlet}/news/{item.code}"
        date = format_datetime(datetime.fromtimestamp(at, UTC))
        return (
            f"<item><title>{escape(item.title)}</title><link>{url}</link><guid>{url}</guid><pubDate>{date}</pubDate>"
            f"<description>{escape(item.body)}</description></item>"
        )

    async def answer(self, request: web.Request) -> web.Response:
        """Of GET /{outlet}/feed."""
        body = self.document(int(request.match_info["outlet"]))
        return web.Response(body=body, content_type="application/rss+xml", charset="utf-8")

    def addresses(self) -> Mapping[str, str]:
        """Where each feed is, by the name of its outlet."""
        return {name: f"{self._base}/{number}/feed" for number, name in enumerate(OUTLETS)}
