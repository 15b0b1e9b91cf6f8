"""Whether an article's text is whole, or what a feed shows of it; pure.

Nothing in a feed tells for certain. A text that is cut off, that ends without an end, or that is no longer than a
lede is taken for a fragment; what is whole in spite of that costs a look at its page at most.
"""

import re
from enum import StrEnum

from worker.models.news import Article, TextOrigin
from worker.text.cuts import cut_of

#: no lede of a Bulgarian feed was seen to be longer (Mediapool's are of 630 signs), hardly any whole article is shorter
LEDE_SIGNS = 700
_ENDED = re.compile(r"[.!?…][\"'”“»)\]]*\Z")


class Fragment(StrEnum):
    """What makes a text a fragment; the first that applies."""

    #: a title alone
    NO_TEXT = "no_text"
    #: marked as cut off, or cut at a usual length in the middle of a sentence
    CUT = "cut"
    #: the last sentence has no end
    NO_END = "no_end"
    #: not longer than a lede
    SHORT = "short"


def fragment_of(article: Article) -> Fragment | None:
    """Why what was read of the article is not all of it; None where it seems to be, as when its page was read."""
    if article.text_origin is TextOrigin.PAGE:
        return None
    text = (article.body or article.summary).strip()
    if not text:
        return Fragment.NO_TEXT
    if cut_of(text) is not None:
        return Fragment.CUT
    if not _ENDED.search(text):
        return Fragment.NO_END
    return Fragment.SHORT if len(text) < LEDE_SIGNS else None
