"""From the address of a page to the feeds of its site.

What the page itself names comes first; only where that gives nothing are the usual paths tried, and only where those
give nothing the sitemaps. Each candidate is asked once, through a client that obeys robots.txt and keeps its distance,
and counts only when its document can be read: many sites answer every path with a page and 200.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from worker.errors import FetchError, ParseError, PutOffError
from worker.fetch.charset import decode_document
from worker.fetch.client import NotModified, Response
from worker.fetch.getting import Getter
from worker.fetch.parsers import Parsers
from worker.fetch.sitemap_source import children_of
from worker.fetch.sitemaps import Sitemap
from worker.models.feed import FeedKind, Validators
from worker.text.urls import is_web_url, url_key

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "text/xml", "application/xml"}
)
_PATHS = ("/rss", "/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/rss.php", "/bg/rss", "/rss/all")
_SITEMAPS = ("/news-sitemap.xml", "/sitemap_news.xml", "/sitemap.xml")
_MOST_CANDIDATES = 10
_MOST_SITEMAPS = 4
_LOOKS_LIKE_A_FEED = re.compile(r"(?:^|[/._=?-])(?:rss|atom|feeds?|rdf)(?:[/._=?&-]|\d|$)", re.IGNORECASE)
_LONGEST_PAGE = 2_000_000
_NAME = "discover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed of a site."""

    url: str
    kind: FeedKind
    #: as the page calls it, or empty
    title: str
    entries: int
    #: how we came to it
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """The feeds of a site, and what was asked in vain, one sentence each."""

    found: tuple[Found, ...]
    in_vain: tuple[str, ...]
    #: of the page
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that a page names as a feed, or that looks like one."""

    url: str
    title: str
    is_declared: bool


def discover(url: str, client: Getter, parsers: Parsers) -> Discovery:
    """The feeds of the site of an address; raises FetchError or PutOffError where the page itself cannot be had."""
    answer = client.get(_NAME, url, Validators())
    if isinstance(answer, NotModified):  # it cannot be, as nothing was asked on condition
        return Discovery(found=(), in_vain=(f"{url}: „unchanged“ to a request without conditions",))
    search = _Search(client, parsers)
    own = search.judged(answer, url, "", "the address itself")
    if own is not None:
        return Discovery(found=(own,), in_vain=())
    page = read_page(answer)
    for link in page.links[:_MOST_CANDIDATES]:
        search.ask(link.url, link.title, "named by the page" if link.is_declared else "linked from the page")
    if not search.found:
        for path in _PATHS:
            search.ask(urljoin(answer.final_url, path), "", "a usual path")
            if search.found:
                break
    if not search.found:
        search.ask_sitemaps(answer.final_url)
    return Discovery(found=tuple(search.found), in_vain=tuple(search.in_vain), title=page.title)


def read_page(answer: Response) -> "Page":
    """What a web page names."""
    reader = Page(answer.final_url)
    text = decode_document(answer.body, answer.headers.get("content-type", "")).text
    reader.feed(text[:_LONGEST_PAGE])
    return reader


class Page(HTMLParser):
    """The feeds that a page declares, then the links that look like feeds, each address once."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._base = base
        self._in_title = False
        self._declared: dict[str, Link] = {}
        self._linked: dict[str, Link] = {}

    @property
    def links(self) -> tuple[Link, ...]:
        """Declared ones first."""
        linked = (link for key, link in self._linked.items() if key not in self._declared)
        return (*self._declared.values(), *linked)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps what may be a feed."""
        given = {name: value or "" for name, value in attrs}
        self._in_title = tag == "title" and not self.title
        if tag == "base" and "href" in given:
            self._base = _joined(self._base, given["href"]) or self._base
        elif tag == "link" and _declares_a_feed(given):
            self._keep(self._declared, given.get("href", ""), given.get("title", ""), is_declared=True)
        elif tag == "a" and _LOOKS_LIKE_A_FEED.search(urlsplit_path(given.get("href", ""))):
            self._keep(self._linked, given["href"], given.get("title", ""), is_declared=False)

    def handle_data(self, data: str) -> None:
        """Keeps the title."""
        if self._in_title:
            self.title = " ".join(data.split())[:200]
            self._in_title = False

    def _keep(self, links: dict[str, Link], href: str, title: str, *, is_declared: bool) -> None:
        url = _joined(self._base, href)
        if url is not None:
            links.setdefault(url_key(url), Link(url=url, title=" ".join(title.split()), is_declared=is_declared))


class _Search:
    def __init__(self, client: Getter, parsers: Parsers) -> None:
        self._client = client
        self._parsers = parsers
        self._asked: set[str] = set()
        self.found: list[Found] = []
        self.in_vain: list[str] = []

    def ask(self, url: str, title: str, how: str) -> Response | None:
        """Asks for one candidate, each address once; what it is goes to `found`, else why not to `in_vain`."""
        if url in self._asked:
            return None
        self._asked.add(url)
        try:
            answer = self._client.get(_NAME, url, Validators())
        except (FetchError, PutOffError) as error:
            self.in_vain.append(f"{url}: {_why(error)}")
            return None
        if isinstance(answer, NotModified):
            return None
        found = self.judged(answer, url, title, how)
        if found is None:
            self.in_vain.append(f"{url}: no feed")
        elif all(url_key(one.url) != url_key(found.url) for one in self.found):
            self.found.append(found)
        return answer

    def judged(self, answer: Response, url: str, title: str, how: str) -> Found | None:
        """The feed or news sitemap that an answer is; None where it is neither."""
        try:
            feed = self._parsers.feed(_NAME, answer.body, answer.headers, answer.final_url)
        except (FetchError, ParseError):
            pass
        else:
            return Found(url=url, kind=FeedKind.FEED, title=title, entries=len(feed.entries), how=how)
        sitemap = self._sitemap_in(answer)
        titled = sum(bool(one.title) for one in sitemap.locations) if sitemap else 0
        if not titled:
            return None
        return Found(url=url, kind=FeedKind.SITEMAP, title=title, entries=titled, how=how)

    def ask_sitemaps(self, url: str) -> None:
        """Looks for a news sitemap where robots.txt names sitemaps, and at the usual paths; an index leads further."""
        waiting = list(dict.fromkeys((*self._named_by_robots(url), *(urljoin(url, path) for path in _SITEMAPS))))
        while waiting and len(self._asked) < _MOST_CANDIDATES + len(_PATHS) + _MOST_SITEMAPS and not self.found:
            candidate = waiting.pop(0)
            answer = self.ask(candidate, "", "a sitemap")
            if answer is not None:
                sitemap = self._sitemap_in(answer)
                waiting = [*(children_of(sitemap, answer.final_url) if sitemap and sitemap.is_index else ()), *waiting]

    def _sitemap_in(self, answer: Response) -> Sitemap | None:
        try:
            return self._parsers.sitemap(_NAME, answer.body, answer.headers.get("content-type", ""))
        except (FetchError, ParseError):
            return None

    def _named_by_robots(self, url: str) -> Iterator[str]:
        try:
            answer = self._client.get(_NAME, urljoin(url, "/robots.txt"), Validators())
        except (FetchError, PutOffError):
            return
        if isinstance(answer, Response):
            yield from sitemaps_of(answer.body.decode("utf-8", "replace"), url)


def sitemaps_of(robots: str, base: str) -> Iterable[str]:
    """The sitemaps that a robots.txt names, those for news first."""
    named = re.findall(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})", robots[:500_000])
    urls = [url for one in named if (url := _joined(base, one)) is not None]
    return sorted(urls, key=lambda url: "news" not in url.lower())[:_MOST_SITEMAPS]


def urlsplit_path(href: str) -> str:
    """Path and query of an address; empty where it is none."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.scheme in {"", "http", "https"} else ""


def _declares_a_feed(given: dict[str, str]) -> bool:
    relations = given.get("rel", "").lower().split()
    kind = given.get("type", "").partition(";")[0].strip().lower()
    return bool({"alternate", "feed"} & set(relations)) and kind in FEED_TYPES


def _joined(base: str, href: str) -> str | None:
    try:
        url = urljoin(base, href.strip()).partition("#")[0]
    except ValueError:
        return None
    return url if is_web_url(url) else None


def _why(error: FetchError | PutOffError) -> str:
    if isinstance(error, PutOffError):
        return f"not asked now ({error.pause.value})"
    return f"{error.reason.value}" + (f" ({error.cause})" if error.cause else "")
