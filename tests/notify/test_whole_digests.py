"""No story of a digest is hidden: at the largest size that a channel may be given, each headline is there."""

from datetime import timedelta

import pytest
from annotated_types import Le

from tests.notify.contents import MORNING
from tests.notify.deliveries import a_delivery, a_notice, a_quote
from tests.notify.forms import FORMS
from worker.models.delivery import Delivery, Digest, DigestId
from worker.models.watch import WatchId
from worker.settings import channels
from worker.settings.channel_manners import Manners

PARTS: dict[str, type[Manners]] = {
    "telegram.html": channels.TelegramChannel,
    "telegram.txt": channels.TelegramChannel,
    "discord.md": channels.DiscordChannel,
    "ntfy.json": channels.NtfyChannel,
}


def a_full_digest(count: int) -> Delivery:
    """Long headlines, addresses as long as real ones, a watch for every two stories."""
    notices = tuple(
        a_notice(
            watch_id=WatchId(f"watch-{number // 2}"),
            watch_name=f"Наблюдение с дълго име номер {number // 2}",
            title=f"Тема{number:02d}: " + "министрите обсъдиха новия бюджет и мерките срещу поскъпването " * 3,
            outlet="Българска национална телевизия",
            url=f"https://news.example/bulgaria/ikonomika/2026/11/{number}-"
            + "ministrite-obsadiha-novia-byudzhet-" * 5,
            published_at=MORNING - timedelta(hours=1, minutes=number),
            quotes=(a_quote("Министрите обсъдиха [бюджета] дълго. " * 6),),
        )
        for number in range(count)
    )
    return a_delivery(content=Digest(id=DigestId("0cc175b9c0f1b6a8"), notices=notices, at=MORNING))


def most_of(part: type[Manners]) -> int:
    (most,) = (one.le for one in part.model_fields["digest_size"].metadata if isinstance(one, Le))
    assert isinstance(most, int)
    return most


@pytest.mark.parametrize("form", FORMS)
def test_every_story_of_the_largest_digest_is_shown_within_the_limit(form: str) -> None:
    part = PARTS.get(form)
    most = most_of(part) if part else 12
    shown = FORMS[form].shown(a_full_digest(most))

    assert [number for number in range(most) if f"Тема{number:02d}" not in shown] == []
    assert FORMS[form].size(shown) <= FORMS[form].limit
