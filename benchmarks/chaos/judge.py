"""What the fake channels accepted, against what was planned; pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """One alert on one channel that must come."""

    watch: str
    event: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """One message that a channel took, whether its sender heard of it or not."""

    channel: str
    #: the pairs of watch and event that it tells of; a digest has several
    told: tuple[tuple[str, str], ...]
    #: seconds since the epoch
    at: float
    #: the answer went out whole and in time
    is_answered: bool
    #: it says that it may be a repeat
    is_marked: bool = False
    is_digest: bool = False
    #: of an amendment: what the amended message told; None: it is none
    amends: tuple[tuple[str, str], ...] | None = None


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found; lists hold a sentence for each fault."""

    accepted: int = 0
    messages: int = 0
    amendments: int = 0
    in_digests: int = 0
    repeats_marked: int = 0
    lost: list[Planned] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    #: repeats that do not say so
    unmarked: list[str] = field(default_factory=list)
    #: repeats for which there was no cause
    causeless: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Nothing was lost, nothing was invented, every repeat had a cause and says that it may be one."""
        return not (self.lost or self.wrong or self.unmarked or self.causeless)


def judge(
    planned: Collection[Planned], accepted: Iterable[Acceptance], interruptions: Sequence[float]
) -> Mapping[str, Verdict]:
    """A verdict for each channel.

    `interruptions`: when the senders were killed or cut off from the database, in seconds since the epoch. A repeat
    has a cause when no answer to an earlier message went out, or when such a moment lies between the two.
    """
    channels = {one.channel for one in planned}
    by_channel: defaultdict[str, list[Acceptance]] = defaultdict(list)
    for one in sorted(accepted, key=lambda one: one.at):
        by_channel[one.channel].append(one)
    return {
        channel: _judge_channel(
            {one for one in planned if one.channel == channel}, channel, by_channel[channel], interruptions
        )
        for channel in sorted(channels | by_channel.keys())
    }


def _judge_channel(
    planned: set[Planned], channel: str, accepted: Sequence[Acceptance], interruptions: Sequence[float]
) -> Verdict:
    verdict = Verdict()
    earlier: dict[tuple[str, str], list[Acceptance]] = {}
    for one in accepted:
        if not one.told:
            verdict.wrong.append(f"a message at {one.at:.1f} tells of nothing known")
        for pair in one.told:
            if Planned(*pair, channel) not in planned:
                verdict.wrong.append(f"{_words(pair)}: nobody planned it")
        if one.amends is not None:
            verdict.amendments += 1
            if set(one.amends) != set(one.told):
                verdict.wrong.append(f"{_words(*one.told)}: amends a message about {_words(*one.amends)}")
            continue
        verdict.messages += 1
        verdict.in_digests += len(one.told) if one.is_digest else 0
        for pair in one.told:
            before = earlier.setdefault(pair, [])
            if before:
                _judge_repeat(verdict, pair, one, before, interruptions)
            before.append(one)
    verdict.lost = sorted(one for one in planned if (one.watch, one.event) not in earlier)
    verdict.accepted = sum(Planned(*pair, channel) in planned for pair in earlier)
    return verdict


def _judge_repeat(
    verdict: Verdict,
    pair: tuple[str, str],
    one: Acceptance,
    before: Sequence[Acceptance],
    interruptions: Sequence[float],
) -> None:
    if one.is_marked:
        verdict.repeats_marked += 1
    else:
        verdict.unmarked.append(f"{_words(pair)}: came again at {one.at:.1f} and does not say so")
    since = before[-1].at
    is_unheard = any(not other.is_answered for other in before)
    if not is_unheard and not any(since <= moment <= one.at for moment in interruptions):
        verdict.causeless.append(f"{_words(pair)}: came again at {one.at:.1f} though its answer went out")


def _words(*pairs: tuple[str, str]) -> str:
    return ", ".join(f"{event} for {watch}" for watch, event in pairs) or "nothing"


def delays(planned: Collection[Planned], accepted: Iterable[Acceptance], shown: Mapping[str, float]) -> list[float]:
    """Seconds from an event's first appearance in a feed to its first message on each channel, ascending.

    `shown`: when each event was first served, in seconds since the epoch.
    """
    first: dict[Planned, float] = {}
    for one in sorted(accepted, key=lambda one: one.at):
        if one.amends is None:
            for pair in one.told:
                first.setdefault(Planned(*pair, one.channel), one.at)
    return sorted(at - shown[one.event] for one, at in first.items() if one in planned and one.event in shown)
