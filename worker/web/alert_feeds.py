"""Our own feeds of alerts: for each watch and for all together, as Atom and as JSON Feed."""

from collections.abc import Callable
from urllib.parse import quote

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from worker.models.watch import WatchId, Watchlist
from worker.notify.excerpt import one_line
from worker.store.told_stories import ToldStory, told_stories
from worker.web.answers import HEADERS, conditional, guarded
from worker.web.feed_entries import entry_of, stable_id
from worker.web.feed_formats import ATOM_TYPE, JSON_TYPE, OwnFeed, atom, json_feed

MOST_ENTRIES = 100
ALL_ATOM = "/alerts/atom.xml"
ALL_JSON = "/alerts/feed.json"
_TITLE = "Вестител: "
_Format = Callable[[OwnFeed], bytes]
#: The Atom type names its encoding for readers that do not look into the document; JSON is always UTF-8.
_FORMATS: tuple[tuple[str, _Format, str], ...] = (
    ("atom.xml", atom, f"{ATOM_TYPE}; charset=utf-8"),
    ("feed.json", json_feed, JSON_TYPE),
)


def addresses_of(watch_id: WatchId) -> tuple[str, str]:
    """Where the Atom and the JSON feed of a watch are."""
    place = f"/watches/{quote(watch_id, safe='')}"
    return f"{place}/atom.xml", f"{place}/feed.json"


def feed_routes(engine: Engine, watchlist: Watchlist) -> tuple[Route, ...]:
    """The addresses of all our feeds; `watchlist` says which watches have one before they alert."""
    names = {watch.id: watch.name for watch in watchlist.watches}

    def answering(
        form: Callable[[OwnFeed], bytes], content_type: str, *, of_all: bool
    ) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            watch_id = None if of_all else WatchId(request.path_params["watch"])
            told = told_stories(engine, MOST_ENTRIES, watch_id)
            if watch_id is not None and watch_id not in names and not told:
                return PlainTextResponse("Няма такова наблюдение.\n", status_code=404, headers=HEADERS)
            title = "всички известия" if watch_id is None else _name(watch_id, names.get(watch_id), told)
            feed = OwnFeed(
                id=stable_id("watch", watch_id) if watch_id is not None else stable_id("feed", "alerts"),
                title=_TITLE + title,
                url=str(request.url.replace(query="", fragment="")),
                page_url=str(request.base_url),
                entries=[entry_of(one) for one in told],
            )
            return conditional(request, form(feed), content_type, feed.updated_at)

        return answer

    return tuple(
        Route(f"{place}/{name}", guarded(answering(form, content_type, of_all=place == "/alerts")))
        for place in ("/alerts", "/watches/{watch}")
        for name, form, content_type in _FORMATS
    )


def _name(watch_id: WatchId, configured: str | None, told: tuple[ToldStory, ...]) -> str:
    """That of the configuration, else of the last alert."""
    return one_line(configured or (told[0].alerts[-1].notice.watch_name if told else "")) or watch_id
