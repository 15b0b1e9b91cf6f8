"""The fetch part of service.yaml becomes the etiquette of the client."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from worker.feed_wiring import polite_client
from worker.settings.load import Settings, read_settings
from worker.settings.service import FetchPart, ServiceFile
from worker.settings.yaml import Problems, read_document


def read(tmp_path: Path, text: str) -> tuple[ServiceFile | None, tuple[str, ...]]:
    path = tmp_path / "service.yaml"
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    return read_document(path, ServiceFile, problems), problems.lines


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("fetch: {spacing_s: 4}", "fetch.spacing_s", id="too near"),
        pytest.param("fetch: {at_once: 9}", "fetch.at_once", id="too many"),
        pytest.param("fetch: {asked_as_one: {a: [x.bg], b: [x.bg]}}", "«x.bg» stands there twice", id="two groups"),
        pytest.param("fetch: {asked_as_one: {a: ['https://x.bg/']}}", "must be a domain", id="an address"),
        pytest.param("contact: desk", "contact", id="contact that is none"),
    ],
)
def test_etiquette_that_would_be_rude_is_refused(tmp_path, text, fault):
    document, lines = read(tmp_path, text)

    assert document is None
    assert fault in lines[0]


def test_client_goes_by_the_settings(sqlite_engine: Engine) -> None:
    settings: Settings = read_settings(Path("config"), {"VESTITEL_CONTACT": "desk@desk.example"})
    fetch = FetchPart(spacing_s=7.0, at_once=4, asked_as_one={"economedia": ["dnevnik.bg", "capital.bg"]})
    settings = replace(settings, service=settings.service.model_copy(update={"fetch": fetch}))

    polite = polite_client(settings, sqlite_engine, lambda: datetime(2026, 11, 24, tzinfo=UTC))

    assert polite.etiquette.spacing == timedelta(seconds=7)
    assert polite.etiquette.most == 4
    assert polite.etiquette.groups == {"dnevnik.bg": "economedia", "capital.bg": "economedia"}
    assert polite.client.user_agent.endswith(" (mailto:desk@desk.example)")
    assert not polite.client.allow_private
