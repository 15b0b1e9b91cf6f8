"""Commands for what needs a person: articles set aside, a first test of a channel."""

from datetime import UTC, datetime

import click

from worker.cli.service import settings_of
from worker.errors import ConfigError

_ALL = 100_000


@click.group()
def articles() -> None:
    """Articles that were set aside because they could not be analysed."""


@articles.command(name="list")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.pass_context
def list_articles(context: click.Context, limit: int) -> None:
    """Show articles in quarantine with the reason, last seen first."""
    from worker.store.views import quarantined_articles
    from worker.wiring import opened

    with opened(settings_of(context)) as parts:
        found = quarantined_articles(parts.engine, limit)
    for one in found:
        print(f"{one.id}  {one.feed_id}  {one.attempts} attempts  {one.reason}  «{one.title}»  {one.url}")


@articles.command(name="retry")
@click.argument("ids", nargs=-1, required=True)
@click.pass_context
def retry_articles(context: click.Context, ids: tuple[str, ...]) -> int:
    """Analyse articles in quarantine again (their ids, or `all`)."""
    from worker.models.news import ArticleId
    from worker.store.views import quarantined_articles
    from worker.wiring import opened

    with opened(settings_of(context)) as parts:
        wanted = [ArticleId(one) for one in ids]
        if ids == ("all",):
            wanted = [article.id for article in quarantined_articles(parts.engine, _ALL)]
        released = parts.articles.release(wanted)
    for one in wanted:
        print(f"{one}  " + ("will be analysed" if one in released else "is not in quarantine"))
    return 0 if len(released) == len(wanted) else 1


@click.command(name="send-test")
@click.argument("channel")
@click.pass_context
def send_test(context: click.Context, channel: str) -> None:
    """Send a test message through one channel of channels.yaml."""
    from worker.models.watch import ChannelId
    from worker.settings.yaml import nearest
    from worker.wiring import open_channels, test_delivery

    channels = open_channels(settings_of(context))
    destination = channels.get(ChannelId(channel))
    if destination is None:
        known = tuple(str(name) for name in channels)
        raise ConfigError((f"there is no channel «{channel}» in channels.yaml{nearest(channel, known)}",))
    destination.send(test_delivery(ChannelId(channel), datetime.now(UTC)))
    print(f"channel {channel} accepted the message")
