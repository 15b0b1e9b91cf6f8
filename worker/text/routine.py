"""Entries that report no event: newscasts, the weather of every day, horoscopes, rates, programmes; pure.

Their headlines repeat word for word from day to day, so they would chain unrelated days, and each other, into
one story. They are read and may alert like any article; they only stay out of the stories of others.
"""

import re

from worker.text.fold import fold_word

#: „(обедна)“, „за 24 ноември“, „24.11.2026 г.“
_WHEN = (
    r"(?:\s*[(\[][^)\]]{0,60}[)\]])?"
    r"(?:[\s,.:–-]*(?:за\s+|на\s+|от\s+)?[\d.:/\s]{0,20}(?:[а-я]{3,9}\.?)?[\d.:/\sгч]{0,12})?"
)
_SIGN = r"(?:овен|телец|близнаци|рак|лъв|дева|везни|скорпион|стрелец|козирог|водолей|риби)"
_ROUTINE = re.compile(
    r"(?:"
    rf"новините\s+(?:на|по|от)\s+.{{1,30}}?\s*[(\[][^)\]]{{1,40}}[)\]]{_WHEN}|"
    rf"(?:централна|обедна|късна|сутрешна|следобедна|вечерна)\s+(?:информационна\s+)?емисия(?:\s+(?:новини|на)\b.{{0,40}})?|"
    rf"(?:прогноза(?:та)?\s+за\s+времето|времето\s+днес|времето\s+утре)(?:\s+за\s+[а-я\s]{{1,30}})?{_WHEN}|"
    rf"(?:(?:дневен|седмичен|месечен|любовен|годишен|вашият|днешният)\s+)?хороскоп(?:ът)?\b.{{0,80}}|"
    rf"{_SIGN}\s*[:–-].{{0,80}}хороскоп.{{0,40}}|"
    rf"(?:валутни\s+курсове|курс(?:ове)?\s+на\s+валутите|курсът\s+на\s+(?:лева|еврото|долара)\s+за\s+деня){_WHEN}|"
    rf"(?:тв|телевизионна)\s+програма{_WHEN}|"
    rf"(?:на\s+(?:този|днешния)\s+ден|на\s+днешната\s+дата|днес\s+в\s+историята){_WHEN}"
    r")[\s.!]*\Z"
)


def is_routine(title: str) -> bool:
    """Whether a headline is one of those that come every day or week whatever happens."""
    return _ROUTINE.match(" ".join(fold_word(title).split())) is not None
