"""The invented news of a run, and what must come of it: pure, and the same for the same seed.

Every event has a number of its own in its title, which stands in each message about it. Some events are about one or
two of the subjects that the watches follow, in any of their forms; copies of them come from other outlets; the rest is
about nothing that anybody follows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from benchmarks.chaos import words
from benchmarks.chaos.judge import Planned

CHANNELS = ("telegram", "slack", "discord", "hook", "mail", "ntfy")
_LETTERS = ("Алфа", "Бета", "Гама", "Делта", "Епсилон", "Зита", "Ита", "Тита", "Йота", "Капа", "Ламбда", "Мю")
OUTLETS = tuple(f"Вестник {name}" for name in _LETTERS)
_FIRST_CODE = 10_000
_FIRST_OLD_CODE = 90_000
_OLD = 240
#: of the events that are followed, so many are about two subjects, and so many are copied once or oftener
_DOUBLE = 0.1
_COPIED = 0.25
_MOST_COPIES = 2
#: a copy comes so many items later at most
_COPY_DELAY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOf:
    """One watch of the run."""

    id: str
    name: str
    term: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article of one outlet."""

    code: str
    outlet: int
    #: distinguishes the copies of one event
    number: int
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All articles in the order of their appearance, and the alerts that must come of them."""

    watches: tuple[WatchOf, ...]
    #: what stood in the feeds before, so that the news that counts meets others of its kind
    old: tuple[Item, ...]
    items: tuple[Item, ...]
    planned: frozenset[Planned]


@dataclass(frozen=True, slots=True)
class _Event:
    """What happened."""

    code: str
    subjects: tuple[str, ...]
    copies: int


def watches() -> tuple[WatchOf, ...]:
    """One for each subject; each names one or two channels."""
    found = []
    for number, (id_, (name, term, _)) in enumerate(words.SUBJECTS.items()):
        channels = tuple(CHANNELS[(number + step) % len(CHANNELS)] for step in range(2 if number % 4 == 3 else 1))
        found.append(WatchOf(id=id_, name=name, term=term, channels=channels))
    return tuple(found)


def invent(seed: int, *, articles: int, alerts: int) -> News:
    """`articles` of which `alerts` pairs of a watch and a story come."""
    random = Random(seed)  # noqa: S311 - nothing is secret
    events = list(_events(random, articles, alerts))
    placed = sorted(_placed(events, random), key=lambda one: one[0])
    items = tuple(item for _, item in placed)
    old = tuple(
        item for number in range(_OLD) for _, item in _placed([_Event(str(_FIRST_OLD_CODE + number), (), 0)], random)
    )
    channels = {watch.id: watch.channels for watch in watches()}
    planned = frozenset(
        Planned(watch=subject, event=event.code, channel=channel)
        for event in events
        for subject in event.subjects
        for channel in channels[subject]
    )
    return News(watches=watches(), old=old, items=items, planned=planned)


def _events(random: Random, articles: int, alerts: int) -> Iterator[_Event]:
    followed, subjects = [], list(words.SUBJECTS)
    left = alerts
    while left:
        count = 2 if left > 1 and random.random() < _DOUBLE else 1
        copies = random.randint(1, _MOST_COPIES) if random.random() < _COPIED else 0
        followed.append((tuple(random.sample(subjects, count)), copies))
        left -= count
    room = articles - len(followed)
    for number, (chosen, copies) in enumerate(followed):
        some = min(copies, max(room, 0))
        room -= some
        yield _Event(str(_FIRST_CODE + number), chosen, some)
    for number in range(len(followed), len(followed) + room):
        yield _Event(str(_FIRST_CODE + number), (), 0)


def _placed(events: list[_Event], random: Random) -> Iterator[tuple[float, Item]]:
    for event in events:
        place = random.random() * len(events)
        title, sentences = _text(event, random)
        outlets = random.sample(range(len(OUTLETS)), 1 + event.copies)
        for number, outlet in enumerate(outlets):
            body = " ".join(sentences)
            if number:
                body += f" Това научи {OUTLETS[outlet]}."
            item = Item(code=event.code, outlet=outlet, number=number, title=title, body=body)
            yield place + number * random.random() * _COPY_DELAY, item


def _text(event: _Event, random: Random) -> tuple[str, list[str]]:
    place, person = _place(random), _surname(random)
    title = f"{_thing(random).capitalize()} край {place}, преписка {event.code}"
    sentences = [
        (
            f"{random.choice(words.ROLES).capitalize()}ът {person} {random.choice(words.ACTS)} {_thing(random)} "
            f"и {random.choice(words.ACTS)} {_thing(random)}."
        ),
        (
            f"{random.choice(words.DAYS).capitalize()} {_surname(random)} {random.choice(words.ACTS)} {_thing(random)} "
            f"и {_thing(random)}."
        ),
        (
            f"Преди това {person} {random.choice(words.ACTS)} {_thing(random)}, а {random.choice(words.ROLES)} "
            f"{random.choice(words.ACTS)} {_thing(random)}."
        ),
    ]
    random.shuffle(sentences)
    for subject in event.subjects:
        form = random.choice(words.SUBJECTS[subject][2].split("|"))
        sentences.append(
            f"{_surname(random)} {random.choice(words.ACTS)} {form} и {random.choice(words.ACTS)} {_thing(random)}."
        )
    return title, sentences


def _thing(random: Random) -> str:
    nouns, end = random.choice(((words.HE, ""), (words.SHE, "а"), (words.IT, "о")))
    return f"{random.choice(words.QUALITIES)}{end} {random.choice(nouns)}"


def _place(random: Random) -> str:
    return random.choice(words.PLACE_STARTS) + random.choice(words.PLACE_ENDS)


def _surname(random: Random) -> str:
    return (
        random.choice(words.SURNAME_STARTS) + random.choice(words.SURNAME_MIDDLES) + random.choice(words.SURNAME_ENDS)
    )


def names_of(watches_: tuple[WatchOf, ...]) -> Mapping[str, str]:
    """Watch ids by the names that messages show."""
    return {watch.name: watch.id for watch in watches_}
