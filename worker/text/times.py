"""The time of the people who read Bulgarian news."""

from zoneinfo import ZoneInfo

#: Feeds without an offset mean it, offices change hands by it, and messages show it.
SOFIA = ZoneInfo("Europe/Sofia")
#: the longest that a server or a document may ask us to wait
DAY_S = 86_400.0
