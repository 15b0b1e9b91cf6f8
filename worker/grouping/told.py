"""What the people of a watch know of a story, from the alerts that there were; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from worker.models.alert import Notice, Told
from worker.models.news import StoryId
from worker.models.watch import WatchId


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAlert:
    """One alert that was decided."""

    watch_id: WatchId
    #: the story that its own has become
    story_id: StoryId
    revision: int
    notice: Notice
    decided_at: datetime
    #: when the first of its channels had it, or shall have it
    told_at: datetime
    is_amendment: bool = False
    is_acknowledged: bool = False
    #: a silence dropped it on every channel
    is_unheard: bool = False


def told_of(past: Iterable[PastAlert]) -> Mapping[tuple[WatchId, StoryId], Told]:
    """What was told of each story by each watch; the order of `past` changes nothing.

    Where stories became one, each has alerts numbered from 1, and the next number is above all of them.
    """
    threads: defaultdict[tuple[WatchId, StoryId], list[PastAlert]] = defaultdict(list)
    for alert in sorted(past, key=lambda one: (one.decided_at, one.revision)):
        threads[alert.watch_id, alert.story_id].append(alert)
    return {subject: _told(alerts) for subject, alerts in threads.items()}


def _told(alerts: Sequence[PastAlert]) -> Told:
    heard = [one for one in alerts if not one.is_unheard]
    known = heard or alerts
    loud = [one for one in known if not one.is_amendment]
    return Told(
        revision=max(one.revision for one in alerts),
        first=known[0].notice,
        last=known[-1].notice,
        # Those that waited for the same moment came as one message.
        loud=len({one.told_at for one in loud}),
        loud_at=(loud or known)[-1].told_at,
        is_acknowledged=any(one.is_acknowledged for one in alerts),
        is_unheard=not heard,
    )
