"""Known actors: whom and what the catalogue in `config/actors/` can name."""

from dataclasses import dataclass
from typing import NewType

from worker.models.news import MentionKind

ActorId = NewType("ActorId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One entity with every name that the press gives it; names stand without the definite article."""

    id: ActorId
    #: canonical name, as alerts show it
    name: str
    kind: MentionKind
    #: names that always mean this actor
    aliases: tuple[str, ...] = ()
    #: names that mean it where the context agrees: a surname alone, „Комисията“
    weak: tuple[str, ...] = ()
    #: a short phrase that tells it from namesakes
    about: str = ""
    #: item of Wikidata, or empty
    wikidata: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All known actors."""

    actors: tuple[Actor, ...] = ()
