"""Where a story came from, and how many sources stand behind it; pure.

One text of an agency in eight outlets is one source: copies and articles that name the same origin count together.
An outlet that names none counts as a source of its own, once. The order in which articles were seen proves nothing,
for polls are minutes apart: an origin is what several members state, or the agency whose text others repeat.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from worker.models.attribution import Attribution, Cue
from worker.models.story import Appearance, Member, OriginBasis, Sources, StoryOrigin
from worker.text.fold import fold_word

#: Such words name whom a sentence is from, and not where the article comes from.
_CLAIMS = frozenset((Cue.SECONDARY, Cue.ACCORDING))
#: How an article shows that its publisher is the agency itself, or that the text is all the agency's.
_MARKS = frozenset((Cue.OWN, Cue.DATELINE, Cue.COPY_MARK))
#: One outlet may be wrong about its source, or mean another part of its article.
_AGREEING = 2


def sources_of(members: Iterable[Member]) -> Sources:
    """Origin, outlets and independent sources of a story; the order of `members` changes nothing."""
    ordered = sorted(members, key=lambda member: (member.at, member.article_id))
    texts = _texts(ordered)
    passed_on = _passed_on(ordered)
    return Sources(
        origin=_stated(ordered) or _repeated(texts),
        outlets=_appearances(ordered),
        independent=len(set(_joined(_keys(text, passed_on) for text in texts).values())),
    )


def _appearances(ordered: Iterable[Member]) -> tuple[Appearance, ...]:
    found: dict[str, Appearance] = {}
    for member in ordered:
        found.setdefault(member.outlet, Appearance(outlet=member.outlet, url=member.url))
    return tuple(found.values())


def _origin(attribution: Attribution) -> str | None:
    """The source of the whole article, as it states it."""
    return None if attribution.cue in _CLAIMS else attribution.origin


def _stated(ordered: Sequence[Member]) -> StoryOrigin | None:
    """The origin that most outlets agree on, the earliest of equals; what one outlet says twice is said once."""
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    for member in ordered:
        if (name := _origin(member.attribution)) is not None:
            outlets[name].add(member.outlet)
    agreed = [name for name, those in outlets.items() if len(those) >= _AGREEING]
    best = max(agreed, key=lambda name: len(outlets[name]), default=None)
    return None if best is None else StoryOrigin(name=best, basis=OriginBasis.STATED)


def _repeated(texts: Iterable[Sequence[Member]]) -> StoryOrigin | None:
    """The agency whose text most of the other outlets have; None where two are equal in that."""
    outlets: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        for one in text:
            if (house := _house(one)) is not None:
                outlets[house].update(member.outlet for member in text if member.outlet != one.outlet)
    most = max(map(len, outlets.values()), default=0)
    names = [name for name, those in outlets.items() if len(those) == most]
    return StoryOrigin(name=names[0], basis=OriginBasis.TEXT) if most and len(names) == 1 else None


def _house(member: Member) -> str | None:
    """The agency whose own text an article is, by its mark or its outlet."""
    house = member.attribution.relay or member.attribution.origin
    if house is None or member.attribution.cue in _MARKS:
        return house
    return house if fold_word(house) == fold_word(member.outlet) else None


def _passed_on(ordered: Iterable[Member]) -> Mapping[str, str]:
    """For a relay that passed on one origin only in this story: that origin, for articles that name the relay alone."""
    chains = {
        (relay, name)
        for member in ordered
        if (name := _origin(member.attribution)) is not None and (relay := member.attribution.relay) is not None
    }
    counts = Counter(relay for relay, _ in chains)
    return {relay: name for relay, name in chains if counts[relay] == 1}


def _keys(members: Sequence[Member], passed_on: Mapping[str, str]) -> set[str]:
    """What one text of the story counts under: the origins that its outlets state, else the first outlet."""
    names = {name for member in members if (name := _origin(member.attribution)) is not None}
    return {fold_word(passed_on.get(name, name)) for name in names or {members[0].outlet}}


def _texts(ordered: Sequence[Member]) -> list[list[Member]]:
    """The members by text, near-verbatim copies together, each group in order."""
    known = {member.article_id for member in ordered}
    least = _joined({member.article_id, *({member.copy_of} if member.copy_of in known else ())} for member in ordered)
    texts: defaultdict[str, list[Member]] = defaultdict(list)
    for member in ordered:
        texts[least[member.article_id]].append(member)
    return list(texts.values())


def _joined(groups: Iterable[Iterable[str]]) -> dict[str, str]:
    """For every key, the one that stands for all that hang together through groups."""
    above: dict[str, str] = {}

    def top(key: str) -> str:
        while above.setdefault(key, key) != key:
            key = above[key]
        return key

    for group in groups:
        tops = sorted(map(top, group))
        above.update(dict.fromkeys(tops, tops[0]))
    return {key: top(key) for key in list(above)}
