"""What the page says of alerts: the alerts of one watch about one story together, in Bulgarian words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from worker.models.alert import Notice, Reason
from worker.models.delivery import DeliveryState, Digest, Review
from worker.notify.wording import elsewhere
from worker.store.views import AlertRow

STATES = {
    DeliveryState.HELD: "задържано",
    DeliveryState.PENDING: "чака",
    DeliveryState.SENDING: "изпраща се",
    DeliveryState.SENT: "изпратено",
    DeliveryState.IN_DIGEST: "в обобщение",
    DeliveryState.DROPPED: "отпаднало",
    DeliveryState.DEAD: "неуспешно",
}
#: Of alerts and of what waits; a word that is not here is shown as it is.
REASONS = {
    Reason.FIRST_OF_STORY: "нова тема",
    Reason.NEW_FOR_WATCH: "нова за наблюдението",
    Reason.HIGHER_SEVERITY: "по-важно",
    Reason.NEW_ACTOR: "нов участник",
    Reason.NEW_SOURCE: "нов източник",
    Reason.NEW_OUTLET: "нова медия",
    Reason.ACKNOWLEDGED: "допълнено, видяно",
    Reason.SPIKE: "необичайно много теми",
    Reason.PACED: "изчаква часа на наблюдението",
    Reason.SOON_AFTER: "скоро след предишно",
    Reason.FLOOD: "много известия наведнъж",
    Reason.QUIET_HOURS: "тихи часове",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story as the people of a watch were told of it."""

    #: of the first alert that is shown, with the outlets of the last one
    notice: Notice
    #: „Дневник, БНТ и още 4 (2 независими източника)“; empty: nobody else has it
    elsewhere: str
    #: newest first
    alerts: tuple[AlertRow, ...]


def story_lines(rows: Sequence[AlertRow]) -> tuple[StoryLine, ...]:
    """Alerts, newest first, put together by watch and story; that with the newest alert first."""
    found: dict[tuple[str, str], list[AlertRow]] = {}
    for row in rows:
        found.setdefault((row.watch_id, row.story_id), []).append(row)
    return tuple(
        StoryLine(
            notice=alerts[-1].notice,
            elsewhere=elsewhere(alerts[0].notice.sources, alerts[-1].notice.outlet),
            alerts=tuple(alerts),
        )
        for alerts in found.values()
    )


def title_of(content: Notice | Digest | Review) -> str:
    """What a delivery is about, in a few words."""
    match content:
        case Notice():
            return content.title
        case Digest():
            return f"обобщение: {len(content.notices)} известия"
        case Review():
            return f"седмичен преглед от {content.first_day:%d.%m.%Y}"
