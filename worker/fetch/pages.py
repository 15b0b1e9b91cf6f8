"""`WebPageSource`, the PageSource: an article's page over HTTP, and the article in it.

The request is made by the same polite client as those for feeds, so robots.txt and the spacing between requests to
one publisher hold. What the page says is found by trafilatura in a process of its own, which ends with its limits.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worker.errors import FetchError, FetchReason, PageError
from worker.fetch.charset import decode_document
from worker.fetch.client import NotModified, Response
from worker.fetch.getting import Getter
from worker.models.feed import Validators
from worker.models.news import FeedId
from worker.models.page import PageFault, PageText, WantedPage
from worker.text.page_text import Found, fault_of, leads_elsewhere, leads_to_another, tidy_paragraphs
from worker.text.tails import without_tails

_PROGRAM = ("-m", "worker.fetch.page_child")
_ROOT = Path(__file__).parents[2]
_PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
#: the first part of a document in which an element tells that it is HTML
_SNIFFED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPageSource:
    """Reads articles' pages; it keeps nothing between them."""

    client: Getter
    #: what feeds put behind their texts; their pages mostly do too
    tails: Mapping[FeedId, tuple[str, ...]] = field(default_factory=dict)
    max_bytes: int = 3 * 1024 * 1024
    timeout_s: float = 15.0
    memory_mib: int = 1024

    def read(self, wanted: WantedPage) -> PageText:
        """The article as its page gives it; raises FetchError, or PageError where the page is not taken for it.

        PutOffError where the publisher may not be asked now.
        """
        answer = self.client.get(wanted.feed_id, wanted.url, Validators())
        if isinstance(answer, NotModified):
            raise FetchError(wanted.feed_id, FetchReason.SERVER, "„not modified“ to an unconditional request")
        self._require_page(wanted, answer)
        markup = decode_document(answer.body, answer.headers.get("content-type", "")).text
        found = self._found_in(wanted, markup)
        fault = fault_of(wanted, found)
        if fault is not None:
            raise PageError(wanted.article_id, *fault)
        return PageText(text=found.text, final_url=answer.final_url)

    def _require_page(self, wanted: WantedPage, answer: Response) -> None:
        if leads_to_another(wanted.url, answer.final_url):
            raise PageError(wanted.article_id, PageFault.OTHER_DOMAIN, f"leads to {answer.final_url[:200]}")
        if leads_elsewhere(wanted.url, answer.final_url):
            raise PageError(wanted.article_id, PageFault.NOT_THE_ARTICLE, f"leads to {answer.final_url[:200]}")
        if len(answer.body) > self.max_bytes:
            raise PageError(wanted.article_id, PageFault.TOO_COMPLEX, f"{len(answer.body):,} bytes")
        stated = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if (stated and stated not in _PAGE_TYPES) or b"<" not in answer.body[:_SNIFFED]:
            raise PageError(wanted.article_id, PageFault.NOT_A_PAGE, f"the answer is {stated or 'without any markup'}")

    def _found_in(self, wanted: WantedPage, markup: str) -> Found:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, with numbers alone
                [sys.executable, *_PROGRAM, str(self.memory_mib), str(max(1, round(self.timeout_s)))],
                input=markup.encode("utf-8", "replace"),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.timeout_s,
                check=False,
                env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1", "PATH": os.defpath},
            )
        except subprocess.TimeoutExpired as exc:
            raise PageError(wanted.article_id, PageFault.TOO_COMPLEX, f"not read within {self.timeout_s:g} s") from exc
        if done.returncode != 0:
            raise PageError(wanted.article_id, PageFault.TOO_COMPLEX, f"ended the reader with {done.returncode}")
        return _found(json.loads(done.stdout), self.tails.get(wanted.feed_id, ()))


def _found(answer: dict[str, Any], tails: tuple[str, ...]) -> Found:
    text = without_tails(tidy_paragraphs(answer["text"]), tails)
    return Found(text=text, visible=answer["visible"], is_closed=bool(answer["is_closed"]))
