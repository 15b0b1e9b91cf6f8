"""Settings to real parts: the only place that constructs edges; it decides nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Engine

from worker.channel_wiring import channel_of
from worker.delivering import RetryPolicy
from worker.entities.index import compile_catalogue
from worker.errors import AnalysisError, StoreError
from worker.feed_wiring import feed_source, polite_client
from worker.fetch.client import PAGE_TYPES
from worker.fetch.pages import WebPageSource
from worker.fetch.parser_process import ParserProcess
from worker.fetch.parsers import parsers_of
from worker.matching.terms import compile_watches
from worker.models.actor import Catalogue
from worker.models.alert import AlertId, Notice, Quote, Reason
from worker.models.delivery import Delivery, DeliveryId
from worker.models.feed import Feed
from worker.models.news import FeedId
from worker.models.watch import ChannelId, WatchId, Watchlist
from worker.nlp.bulgarian import SHIPPED, StanzaAnalyzer
from worker.nlp.cards import adopt, faults_of, read_card, require_whole
from worker.nlp.categories import NO_CATEGORIES, read_categories
from worker.nlp.forms import FormsAnalyzer
from worker.nlp.language import LanguageGuesser
from worker.nlp.official import install
from worker.nlp.selective import SelectiveAnalyzer
from worker.nlp.understanding import understanding_of
from worker.paging import PageSource
from worker.pipeline import Policy
from worker.ports import Channel, FeedSource, Language
from worker.settings.channel_manners import alert_rules, digest_sizes, weekly_times
from worker.settings.load import Settings
from worker.settings.service import official_models
from worker.store import engine as database
from worker.store import migrate, views
from worker.store.alerts import SqlAlertStore
from worker.store.articles import SqlArticleStore
from worker.store.feed_notices import SqlFeedNoticeStore
from worker.store.feeds import SqlFeedStore
from worker.store.lookback import SqlLookbackStore
from worker.store.pages import SqlPageStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that a worker process uses, but for the language models."""

    engine: Engine
    feeds: SqlFeedStore
    articles: SqlArticleStore
    alerts: SqlAlertStore
    pages: SqlPageStore
    source: FeedSource
    page_source: PageSource
    channels: Mapping[ChannelId, Channel]
    feeds_by_id: Mapping[FeedId, Feed]
    policy: Policy
    clock: Callable[[], datetime]
    feed_notices: SqlFeedNoticeStore
    lookback: SqlLookbackStore
    #: of the operators
    operators: tuple[ChannelId, ...] = ()

    def beat(self, role: str, busy_s: float = 0.0) -> None:
        """Notes that a process of this role works, and how long it may be busy before it is heard again."""
        views.beat(self.engine, role, self.clock() + timedelta(seconds=busy_s))


def connect(settings: Settings) -> Parts:
    """The parts of one process; raises StoreError when the database does not answer."""
    engine = open_store(settings)
    client = polite_client(settings, engine, now)
    pages_client = polite_client(settings, engine, now, PAGE_TYPES)
    return Parts(
        engine=engine,
        feeds=SqlFeedStore(engine),
        articles=SqlArticleStore(engine),
        alerts=SqlAlertStore(engine),
        pages=SqlPageStore(engine),
        source=feed_source(client, parsers_of(ParserProcess()), settings, engine, now),
        page_source=WebPageSource(client=pages_client, tails={feed.id: feed.tails for feed in settings.feeds}),
        channels=open_channels(settings),
        feeds_by_id={feed.id: feed for feed in settings.feeds},
        policy=policy_of(settings),
        clock=now,
        feed_notices=SqlFeedNoticeStore(engine),
        lookback=SqlLookbackStore(engine),
        operators=tuple(map(ChannelId, settings.service.operators_channels)),
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Parts]:
    """The parts for one command; the database is closed at its end."""
    parts = connect(settings)
    try:
        yield parts
    finally:
        parts.engine.dispose()


def open_store(settings: Settings) -> Engine:
    """The database, whose tables are of this version; raises StoreError."""
    engine = database.connect(settings.database_url, settings.paths.data_dir)
    if not migrate.is_current(engine):
        raise StoreError("the database is not of this version of Vestitel; run «vestitel migrate»")
    return engine


def prepare_store(settings: Settings, at: datetime) -> None:
    """Brings the database to this version and makes the configured feeds known; raises StoreError."""
    engine = database.connect(settings.database_url, settings.paths.data_dir)
    database.check(engine)
    migrate.migrate(engine)
    SqlFeedStore(engine).sync(settings.feeds, at)
    engine.dispose()


def heartbeats(settings: Settings) -> Mapping[str, datetime]:
    """Until when each kind of worker is accounted for: its last beat, or the end of what it is busy with."""
    engine = database.connect(settings.database_url, settings.paths.data_dir)
    try:
        return views.heartbeats(engine)
    finally:
        engine.dispose()


def open_channels(settings: Settings) -> Mapping[ChannelId, Channel]:
    """A client for each configured channel; nothing is contacted."""
    timeout_s = settings.service.delivery.timeout_s
    return {name: channel_of(part, settings.secrets, timeout_s) for name, part in settings.channels.items()}


def models_in(directory: Path | None) -> Path:
    """Where the language models lie: `directory`, or those that come with this package; raises AnalysisError."""
    found = directory or SHIPPED
    adopt(found)
    return found


def language_for(watchlist: Watchlist, catalogue: Catalogue, directory: Path | None) -> Language:
    """The language models of a directory (None: the shipped ones) and the compiled watches; raises AnalysisError.

    Takes seconds.
    """
    # First, so that the models take the memory that it needed only for reading its file.
    guesser = LanguageGuesser()
    return Language(
        analyzer=SelectiveAnalyzer(StanzaAnalyzer(models_in(directory)), guesser),
        index=compile_watches(watchlist),
        catalogue=compile_catalogue(catalogue),
        categories=read_categories(),
        closeness=understanding_of(watchlist),
    )


def with_watches(language: Language, watchlist: Watchlist, *, has_models: bool) -> Language:
    """The same language for other watches, without loading its models again; raises AnalysisError."""
    closeness = understanding_of(watchlist) if has_models else None
    return replace(language, index=compile_watches(watchlist), closeness=closeness)


def forms_language(watchlist: Watchlist, catalogue: Catalogue) -> Language:
    """What there is without language models."""
    try:
        categories = read_categories()
    except AnalysisError:
        categories = NO_CATEGORIES
    return Language(
        analyzer=FormsAnalyzer(LanguageGuesser()),
        index=compile_watches(watchlist),
        catalogue=compile_catalogue(catalogue),
        categories=categories,
    )


def verify_language(directory: Path | None) -> str:
    """Name and version of the language models, after files and libraries were found; raises AnalysisError."""
    for library in ("torch", "stanza"):
        if find_spec(library) is None:
            raise AnalysisError(f"the package {library} is not installed; run «make setup»")
    card = read_card(models_in(directory))
    require_whole(card, faults_of(card))
    return f"{card.name} {card.version}"


def install_official(settings: Settings) -> Path:
    """Fetches Stanza's own package, proves that it loads, and says where it is; raises AnalysisError."""
    directory = official_models(settings.paths.data_dir)
    install(directory, StanzaAnalyzer)
    return directory


def policy_of(settings: Settings) -> Policy:
    """The bounds that the operator set."""
    service = settings.service
    return Policy(
        feed_lease=timedelta(seconds=service.fetch.lease_s),
        article_lease=timedelta(seconds=service.analysis.lease_s),
        delivery_lease=timedelta(seconds=service.delivery.lease_s),
        # The request, then the reader of the page, each with its own limit.
        page_lease=timedelta(seconds=service.fetch.lease_s + 30),
        full_text={feed.id: feed.full_text for feed in settings.feeds},
        batch=service.analysis.batch,
        analysis_attempts=service.analysis.max_attempts,
        rules=alert_rules(service, settings.channels),
        reviews=weekly_times(settings.channels),
        digest_sizes=digest_sizes(settings.channels),
        retry=RetryPolicy(
            attempts=service.delivery.max_attempts,
            first=timedelta(seconds=service.delivery.first_retry_s),
            last=timedelta(seconds=service.delivery.last_retry_s),
        ),
    )


def test_delivery(channel: ChannelId, at: datetime) -> Delivery:
    """A message that says that it is only a test."""
    notice = Notice(
        watch_id=WatchId("test"),
        watch_name="Проба",
        title="Пробно известие от „Вестител“",
        outlet="Вестител",
        url="",
        published_at=at,
        seen_at=at,
        quotes=(Quote(text="Ако четете това, каналът работи.", marks=((17, 31),)),),
        match_reason="изпратено с командата send-test",
        decision_reason=Reason.FIRST_OF_STORY,
        watchlist_version="-",
    )
    name = f"test-{at:%Y%m%d%H%M%S}"
    return Delivery(
        id=DeliveryId(name), alert_id=AlertId(name), channel=channel, attempts=1, maybe_repeated=False, content=notice
    )


def now() -> datetime:
    """The wall clock, aware UTC."""
    return datetime.now(UTC)
