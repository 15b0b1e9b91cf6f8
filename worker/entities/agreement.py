"""One name means one thing in an article: the kinds that its mentions were given are brought to agree; pure.

The model judges each sentence alone. What it calls a person in full in one place („Азия Биби“) it may call a place by
the surname in the next; most votes win, and the parts of a person's full name are that person.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from worker.models.news import MentionKind

#: A name in comparison form, and the kind that it was given.
Vote = tuple[str, MentionKind]


def agreed_kinds(votes: Sequence[Vote]) -> Mapping[str, MentionKind]:
    """The kind of each name that is to have another kind in some places than it was given."""
    counts: defaultdict[str, Counter[MentionKind]] = defaultdict(Counter)
    for name, kind in votes:
        counts[name][kind] += 1
    agreed = {name: _majority(kinds) for name, kinds in counts.items()}
    people = Counter(name for name, _ in votes if " " in name and agreed[name] is MentionKind.PER)
    for name, times in people.items():
        first, *_, last = name.split()
        for part in (last, first) if times > 1 else (last,):
            if part in agreed:
                agreed[part] = MentionKind.PER
    return {name: kind for name, kind in agreed.items() if set(counts[name]) != {kind}}


def _majority(kinds: Counter[MentionKind]) -> MentionKind:
    """The kind given most often; of equals the one given first."""
    return kinds.most_common(1)[0][0]
