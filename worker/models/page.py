"""An article's own web page: why it is wanted, and what came of reading it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from worker.models.news import ArticleId, FeedId, require_utc


class PageReason(StrEnum):
    """Why an article's page is read, or is not; the first rule that applies."""

    #: the feed's policy forbids it, or the feed is not configured any more
    POLICY_NEVER = "policy_never"
    #: it was read for this text already
    READ = "read"
    #: the feed gives no address
    NO_ADDRESS = "no_address"
    #: stood in the feed before we began to watch it, so nobody is told whatever the page says
    BASELINE = "baseline"
    #: too old to be told to anybody
    TOO_OLD = "too_old"
    #: wanted: the feed's policy asks for every page
    POLICY_ALWAYS = "policy_always"
    #: the feed's text seems to be whole
    WHOLE = "whole"
    #: every watch that found something fired, or was told about the story, or says no whatever else the page holds
    DECIDED = "decided"
    #: wanted: a watch found something in a fragment and did not fire
    UNDECIDED = "undecided"


#: the reasons for reading
WANTED = frozenset({PageReason.POLICY_ALWAYS, PageReason.UNDECIDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDecision:
    """Whether an article's page shall be read."""

    reason: PageReason
    #: for people: which watches wait, and what makes the text a fragment
    detail: str = ""

    @property
    def is_wanted(self) -> bool:
        """Whether it shall."""
        return self.reason in WANTED


class PageFault(StrEnum):
    """Why a page that was fetched is not taken for the article's text."""

    #: no HTML
    NOT_A_PAGE = "not_a_page"
    #: the address leads to another publisher now
    OTHER_DOMAIN = "other_domain"
    #: the address leads to a home page or a section now
    NOT_THE_ARTICLE = "not_the_article"
    #: consent is asked for before anything is shown
    COOKIE_WALL = "cookie_wall"
    #: the rest is for subscribers
    PAYWALL = "paywall"
    #: nothing was found on it that reads as an article
    NO_TEXT = "no_text"
    #: it gives no more than the feed did
    SHORTER = "shorter"
    #: its text shares too little with the feed's
    UNRELATED = "unrelated"
    #: reading it took too much time or memory
    TOO_COMPLEX = "too_complex"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPage:
    """A page claimed for reading, with what the feed said of its article."""

    article_id: ArticleId
    feed_id: FeedId
    #: of the article; the page belongs to this text of it
    revision: int
    url: str
    title: str
    summary: str
    body: str
    #: when the article was first seen
    seen_at: datetime
    #: attempts begun, this one included
    attempts: int

    def __post_init__(self) -> None:
        require_utc(self.seen_at, "seen_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page says: paragraphs, one on each line."""

    text: str
    #: where the redirects ended
    final_url: str
