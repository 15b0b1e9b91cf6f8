"""The stores under contract: in memory, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import Engine

from tests.fake_pages import FakePageStore
from tests.fakes import FakeAlertStore, FakeArticleStore, FakeFeedNoticeStore, FakeFeedStore, Memory
from tests.store.values import Stores
from worker.store.alerts import SqlAlertStore
from worker.store.articles import SqlArticleStore
from worker.store.feed_notices import SqlFeedNoticeStore
from worker.store.feeds import SqlFeedStore
from worker.store.pages import SqlPageStore


def sql_stores(engine: Engine) -> Stores:
    return Stores(
        feeds=SqlFeedStore(engine),
        articles=SqlArticleStore(engine),
        alerts=SqlAlertStore(engine),
        pages=SqlPageStore(engine),
        feed_notices=SqlFeedNoticeStore(engine),
    )


@pytest.fixture(params=["fake", "sqlite", "postgres"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """One of each kind, empty."""
    if request.param == "fake":
        memory = Memory()
        return Stores(
            feeds=FakeFeedStore(memory),
            articles=FakeArticleStore(memory),
            alerts=FakeAlertStore(memory),
            pages=FakePageStore(memory),
            feed_notices=FakeFeedNoticeStore(memory),
        )
    return sql_stores(request.getfixturevalue(f"{request.param}_engine"))


@pytest.fixture
def on_database(engine: Engine) -> Stores:
    """The real stores, empty, on both databases."""
    return sql_stores(engine)
