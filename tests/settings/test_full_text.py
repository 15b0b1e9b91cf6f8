"""`full_text` of a feed: said in the file, or by what the feed carries."""

from pathlib import Path

import pytest

from worker.models.feed import FullText
from worker.settings.feeds import read_feeds
from worker.settings.yaml import Problems


@pytest.mark.parametrize(
    ("said", "full_text"),
    [
        ("", FullText.UNDECIDED),
        ("full_text: always", FullText.ALWAYS),
        ("full_text: never", FullText.NEVER),
        ("text: full", FullText.NEVER),
        ("text: fragment", FullText.UNDECIDED),
        ("text: full, full_text: undecided", FullText.UNDECIDED),
    ],
)
def test_pages_are_read_as_the_file_says_or_where_the_feed_gives_a_part(tmp_path: Path, said: str, full_text: FullText):
    path = tmp_path / "feeds.yaml"
    path.write_text(f"feeds:\n  - {{id: one, outlet: Едно, url: 'https://one.example/rss', {said}}}\n", "utf-8")
    problems = Problems()

    (feed,) = read_feeds(path, problems)

    assert feed.full_text is full_text


def test_unknown_policy_is_refused_with_what_is_allowed(tmp_path: Path):
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "feeds:\n  - {id: one, outlet: Едно, url: 'https://one.example/rss', full_text: sometimes}\n", "utf-8"
    )
    problems = Problems()

    assert read_feeds(path, problems) == ()
