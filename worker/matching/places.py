"""Where in an article the names stand that models or the catalogue found, for questions about one word."""

import sys
from bisect import bisect_right
from collections.abc import Sequence

from worker.matching.reading import TextWord
from worker.models.news import Field, Mention, MentionKind


class Mentioned:
    """The mentions of an article, by place."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._by_field: dict[Field, list[tuple[int, int, MentionKind]]] = {}
        for mention in mentions:
            self._by_field.setdefault(mention.field, []).append((mention.start, mention.end, mention.kind))
        for spans in self._by_field.values():
            spans.sort()

    def around(self, word: TextWord, kind: MentionKind) -> tuple[int, int] | None:
        """The span of the mention of this kind that `word` is part of."""
        spans = self._by_field.get(word.field, ())
        number = bisect_right(spans, (word.word.start, sys.maxsize, MentionKind.PRO)) - 1
        while number >= 0 and word.word.start < spans[number][1]:
            if spans[number][2] is kind:
                return spans[number][:2]
            number -= 1
        return None
