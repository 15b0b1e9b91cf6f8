"""Builders of articles, analyses and fingerprints from plain text."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from worker.grouping.fingerprint import fingerprint
from worker.models.alert import Fingerprint, Grouped
from worker.models.news import (
    Analysis,
    Article,
    ArticleId,
    FeedId,
    Field,
    Mention,
    MentionKind,
    Sentence,
    StoryId,
    Token,
)
from worker.text.words import words_of

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def an_article(
    name: str = "a1",
    *,
    title: str = "",
    summary: str = "",
    body: str = "",
    outlet: str = "Днес",
    published_at: datetime | None = NOON,
    seen_at: datetime = NOON,
    revision: int = 1,
    baseline: bool = False,
) -> Article:
    return Article(
        id=ArticleId(name),
        feed_id=FeedId("feed"),
        outlet=outlet,
        url=f"https://dnes.example/{name}",
        title=title,
        summary=summary,
        body=body,
        published_at=published_at,
        seen_at=seen_at,
        revision=revision,
        baseline=baseline,
    )


def analysed(
    article: Article,
    words: Mapping[str, tuple[str, str]] | None = None,
    names: Mapping[str, str] | None = None,
) -> Analysis:
    """One sentence a field; `words` gives lemma and upos for a form, `names` the canonical name for a form.

    A word not given is its own lemma, without part of speech.
    """
    known = words or {}
    sentences: dict[Field, tuple[Sentence, ...]] = {}
    mentions: list[Mention] = []
    for part in Field:
        text = article.text_of(part)
        tokens = tuple(
            Token(start=word.start, end=word.end, lemma=lemma, upos=upos)
            for word in words_of(text)
            for lemma, upos in [known.get(word.written, (word.key, ""))]
        )
        sentences[part] = (Sentence(start=0, end=len(text), tokens=tokens),) if tokens else ()
        for form, name in (names or {}).items():
            start = text.find(form)
            if start >= 0:
                end = start + len(form)
                mentions.append(Mention(field=part, start=start, end=end, text=form, kind=MentionKind.ORG, name=name))
    return Analysis(model="test", sentences=sentences, mentions=tuple(mentions))


def printed(name: str, title: str, body: str = "", *, hours: float = 0.0, names: tuple[str, ...] = ()) -> Fingerprint:
    """The fingerprint of a text published so many hours after noon."""
    at = NOON + timedelta(hours=hours)
    article = an_article(name, title=title, body=body, published_at=at, seen_at=at)
    return fingerprint(article, analysed(article, names={form: form for form in names}))


def grouped(fingerprint: Fingerprint, story: str) -> Grouped:
    return Grouped(fingerprint=fingerprint, story_id=StoryId(story))
