"""Texts and words with their categories, which the category model learns from."""

from collections.abc import Iterator
from dataclasses import dataclass

from training.articles import an_article
from training.written import TEXT, written_items
from worker.models.news import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text and its category."""

    category: str
    title: str
    summary: str
    body: str = ""
    #: a whole item of ours, not only its headline and lead
    is_item: bool = False

    @property
    def article(self) -> Article:
        """What the service would read."""
        return an_article("passage", title=self.title, summary=self.summary, body=self.body)


def labelled() -> Iterator[Passage]:
    """The items of `training/text/*.txt`, then the lines of `categories.tsv`."""
    for item in written_items():
        title, summary, body = item.plain
        yield Passage(title=title, summary=summary, body=body, category=item.category, is_item=True)
    path = TEXT / "categories.tsv"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        parts = line.split("\t")
        if len(parts) != 3:
            raise ValueError(f"{path}:{number}: must be category, title and lead with tabs between")
        yield Passage(category=parts[0], title=parts[1], summary=parts[2])


def telling_words() -> Iterator[tuple[str, str]]:
    """Category and word, for the words that tell a category by themselves (`category_words.list`)."""
    for line in (TEXT / "category_words.list").read_text(encoding="utf-8").splitlines():
        category, words = line.split(":")
        yield from ((category, word) for word in dict.fromkeys(words.lower().split()))
