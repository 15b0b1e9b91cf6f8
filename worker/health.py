"""How a feed fares, what proves it, and who is told; pure.

Operators get one notice of a fault and one of its end, and another between them only when it gets much worse, or
only half as good. What mends itself within the hour is only shown, as is an end that does not last for an hour; and
when nobody can be reached it is our own network that is told of, once, rather than each feed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from worker.errors import FetchReason
from worker.models.feed import Feed, FeedClass, FeedState
from worker.models.health import Condition, FeedNotice, Health, NetworkStanding, Standing, TellReason
from worker.polling.addresses import is_distrusted, is_elsewhere
from worker.polling.waits import GAP_WATCH
from worker.text.times import SOFIA

#: no news is a fault once the feed's own rhythm would have brought so many entries, and after so long at least
_STALE_MISSED = 12.0
_STALE_AFTER = timedelta(hours=12)
_FOSSIL_AFTER = timedelta(days=30)
_FOSSIL_AFTER_QUIET = timedelta(days=90)
_SLOW_S = 3600.0
#: share of a document's entries that is too much to be a quotation
_GARBLED_SHARE = 0.2
_QUIET = frozenset({FeedClass.OFFICIAL, FeedClass.REGIONAL, FeedClass.ANALYSIS})
_REFUSALS = {
    FetchReason.CHALLENGE: Condition.CHALLENGE,
    FetchReason.BLOCKED: Condition.BLOCKED,
    FetchReason.ROBOTS: Condition.BLOCKED,
    FetchReason.EMPTY: Condition.EMPTY,
    FetchReason.OUTDATED: Condition.STALE,
}
_REFUSED = {
    Condition.CHALLENGE: "пред емисията стои проверка дали чете човек; от тази мрежа не ни пускат",
    Condition.BLOCKED: "сървърът отказва да ни я даде",
    Condition.EMPTY: "документът е без нито един запис",
    Condition.STALE: "сървърът дава стар документ; не го четем",
    Condition.FAILING: "не може да се прочете",
}
#: told only when they last: failures in a row, and how long
_PATIENCE = {
    Condition.FAILING: (3, timedelta(hours=1)),
    Condition.EMPTY: (3, timedelta(hours=1)),
}
#: an end is told when it has lasted, so that a feed which comes and goes is told once
_END_LASTS = timedelta(hours=1)
#: shown on the page, and no reason to tell anybody
_FINE = frozenset({Condition.OK, Condition.UNREAD})
#: nothing of it is read
_UNREADABLE = frozenset(
    {
        Condition.STUCK,
        Condition.GONE,
        Condition.CHALLENGE,
        Condition.BLOCKED,
        Condition.EMPTY,
        Condition.FAILING,
    }
)
#: an encoding that had to be guessed is told for so long after the one before
_GUESS_WATCH = timedelta(days=7)
#: told even of a feed whose fault is known already
_FINAL = frozenset({Condition.GONE, Condition.MOVED})
_NETWORK = frozenset({FetchReason.DNS.value, FetchReason.CONNECT.value, FetchReason.TIMEOUT.value})
#: shorter outages are only logged
_NETWORK_PATIENCE = timedelta(minutes=5)


def judged(feed: Feed, state: FeedState, cause: str, now: datetime) -> FeedState:
    """The state with its health; `cause` is what the last failure said."""
    condition, evidence = _condition(feed, state, cause, now)
    before = state.memory.health
    since = before.since if before.condition is condition else now
    health = Health(condition=condition, since=since, evidence=evidence)
    return replace(state, memory=replace(state.memory, health=health))


def notices(standings: Sequence[Standing], network: NetworkStanding, now: datetime) -> tuple[FeedNotice, ...]:
    """What the operators are to be told now.

    While nobody can be reached, or is reached again since this very look, no feed is blamed for it.
    """
    told = []
    lost_at, is_told = network.lost_at, network.is_told
    if lost_at is not None and not is_told and now - lost_at >= _NETWORK_PATIENCE:
        told.append(_of_network(lost_at))
    elif lost_at is None and is_told:
        told.append(_network_back())
    is_cut_off = lost_at is not None or is_told
    told.extend(_of_feeds([one for one in standings if not (is_cut_off and one.outcome in _NETWORK)], now))
    return tuple(told)


def _of_feeds(standings: Sequence[Standing], now: datetime) -> Iterator[FeedNotice]:
    for one in standings:
        reason = _reason_to_tell(one, now)
        if reason is not None:
            yield FeedNotice(
                feed_id=one.feed_id,
                outlet=one.outlet,
                url=one.url,
                condition=Condition.OK if reason is TellReason.RECOVERED else one.health.condition,
                evidence=_evidence(one, reason),
                reason=reason,
                told=one.told,
            )


def _evidence(one: Standing, reason: TellReason) -> str:
    match reason:
        case TellReason.BETTER:
            return f"отново се чете, но {one.health.evidence}"
        case TellReason.RECOVERED if one.told in _UNREADABLE:
            return "емисията отново се чете"
        case TellReason.RECOVERED:
            return "това, за което ви казахме, отмина"
        case _:
            return one.health.evidence


def _reason_to_tell(one: Standing, now: datetime) -> TellReason | None:
    condition, told = one.health.condition, one.told
    if condition is Condition.NEW or condition is told:
        return None
    has_lasted = now - (one.health.since or now) >= _END_LASTS
    if condition in _FINE:
        return TellReason.RECOVERED if told is not None and has_lasted else None
    if told is None:
        return _reason_to_begin(one, now)
    is_lost = condition in _UNREADABLE and told not in _UNREADABLE
    if condition in _FINAL or (is_lost and _reason_to_begin(one, now)):
        return TellReason.WORSE
    is_read_again = told in _UNREADABLE and not one.failures
    return TellReason.BETTER if is_read_again and has_lasted and condition not in _UNREADABLE else None


def _reason_to_begin(one: Standing, now: datetime) -> TellReason | None:
    """Why a fault is told that nobody knows of."""
    if one.health.condition not in _PATIENCE:
        return TellReason.AT_ONCE
    failures, lasting = _PATIENCE[one.health.condition]
    is_lasting = one.failures >= failures and now - (one.failing_since or now) >= lasting
    return TellReason.LASTING if is_lasting else None


def _of_network(lost_at: datetime) -> FeedNotice:
    evidence = f"от {_at(lost_at)} никой не се достига: проверете мрежата на тази машина"
    return FeedNotice(
        feed_id=None,
        outlet="Вестител",
        url="",
        condition=Condition.FAILING,
        evidence=evidence,
        reason=TellReason.NETWORK_DOWN,
        told=None,
    )


def _network_back() -> FeedNotice:
    return FeedNotice(
        feed_id=None,
        outlet="Вестител",
        url="",
        condition=Condition.OK,
        evidence="емисиите отново се достигат; пропуснатото се дочита сега",
        reason=TellReason.NETWORK_BACK,
        told=Condition.FAILING,
    )


def _condition(feed: Feed, state: FeedState, cause: str, now: datetime) -> tuple[Condition, str]:
    """The worst that is true, and the sentence that proves it."""
    gone_at = state.memory.gone_at
    if gone_at is not None:
        return Condition.GONE, f"на {_at(gone_at)} сървърът каза „410 Gone“: емисията е закрита, не се чете вече"
    if state.failures:
        return _of_failure(state, cause)
    if state.polled_at is None:
        return Condition.NEW, ""
    proofs = ((condition, proof(feed, state, now)) for condition, proof in _PROOFS)
    return next(((condition, proof) for condition, proof in proofs if proof), (Condition.OK, ""))


def _of_move(feed: Feed, state: FeedState, now: datetime) -> str:
    del now
    move = state.memory.move
    if move is None or not is_elsewhere(feed, move):
        return ""
    where = f"от {_at(move.since)} води за постоянно към друг сайт, {move.to}"
    return f"{where}; решете дали е същата медия и сменете адреса"


def _of_lie(feed: Feed, state: FeedState, now: datetime) -> str:
    del feed
    lied_at = state.memory.lied_at
    if lied_at is None or not is_distrusted(state.memory, now):
        return ""
    return f"на {_at(lied_at)} се видя, че сървърът казва „няма промяна“ (304), когато има; четем без условия"


def _of_garbling(feed: Feed, state: FeedState, now: datetime) -> str:
    del feed
    memory = state.memory
    if memory.garbled > _GARBLED_SHARE * len(memory.entry_ids):
        return f"{memory.garbled} от {len(memory.entry_ids)} записа идват с объркана кодировка"
    charset, changed_at = memory.charset or "", memory.charset_at
    # Another encoding is nobody's fault while the document says which; one that had to be guessed may be damage.
    if changed_at is None or not charset.endswith("(guess)") or now - changed_at >= _GUESS_WATCH:
        return ""
    return f"от {_at(changed_at)} кодировката се отгатва: {charset}, преди {memory.charset_was}; вижте дали се чете"


def _of_gap(feed: Feed, state: FeedState, now: datetime) -> str:
    del feed
    gap_at = state.memory.gap_at
    if gap_at is None or now - gap_at >= GAP_WATCH:
        return ""
    return f"на {_at(gap_at)} документът нямаше общ запис с предишния: може да има пропуснати"


def _of_absence(feed: Feed, state: FeedState, now: datetime) -> str:
    del feed
    since, until = state.memory.unread_from, state.memory.unread_until
    if since is None or until is None or now - until >= GAP_WATCH:
        return ""
    return f"от {_at(since)} до {_at(until)} не е четена и записи оттогава са изгубени"


def _of_silence(feed: Feed, state: FeedState, now: datetime) -> str:
    memory, new_at = state.memory, state.new_entry_at
    if new_at is not None and memory.missed >= _STALE_MISSED and now - new_at >= _STALE_AFTER:
        return f"от {_at(new_at)} няма нов запис, а по своя ритъм щеше да има около {memory.missed:.0f}"
    newest_at = memory.newest_at or new_at
    limit = _FOSSIL_AFTER_QUIET if feed.feed_class in _QUIET else _FOSSIL_AFTER
    is_fossil = newest_at is not None and now - newest_at >= limit
    return f"най-новият запис е от {_at(newest_at)}" if is_fossil and newest_at else ""


def _of_patience(feed: Feed, state: FeedState, now: datetime) -> str:
    del now
    asked_s = state.memory.asked_s
    is_slow = asked_s > _SLOW_S and feed.feed_class not in _QUIET
    return f"сървърът иска да не го питаме по-често от веднъж на {asked_s / 60:.0f} минути" if is_slow else ""


#: of a feed that is read, worst first: what proves the condition, or nothing
_PROOFS: tuple[tuple[Condition, Callable[[Feed, FeedState, datetime], str]], ...] = (
    (Condition.MOVED, _of_move),
    (Condition.LYING, _of_lie),
    (Condition.GARBLED, _of_garbling),
    (Condition.GAP, _of_gap),
    (Condition.STALE, _of_silence),
    (Condition.SLOW, _of_patience),
    (Condition.UNREAD, _of_absence),
)


def _of_failure(state: FeedState, cause: str) -> tuple[Condition, str]:
    outcome = state.outcome or ""
    reason = FetchReason(outcome) if outcome in set(FetchReason) else FetchReason.NOT_A_FEED
    condition = _REFUSALS.get(reason, Condition.FAILING)
    times = "веднъж" if state.failures == 1 else f"{state.failures} пъти поред"
    return condition, f"{_REFUSED[condition]} ({times}: {outcome}{f', {cause}' if cause else ''})"


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(SOFIA):%d.%m.%Y %H:%M}"
