"""`service.yaml`: how this installation runs; every value has a working default."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from worker.settings.contact import known_contact
from worker.settings.yaml import Problems, Strict, nearest, read_document

_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_Port = Annotated[int, Field(ge=1, le=65535)]
_Seconds = Annotated[float, Field(gt=0, le=86_400)]
#: Celery ends a task after four minutes, and a worker that looks less often than this seems to hang.
_Timeout = Annotated[float, Field(gt=0, le=60)]
_Tick = Annotated[float, Field(gt=0, le=30)]


SHIPPED_MODELS = "shipped"
OFFICIAL_MODELS = "official"
MODELS = (SHIPPED_MODELS, OFFICIAL_MODELS)


class PagePart(Strict):
    """The read-only status page."""

    host: str = "127.0.0.1"
    port: _Port = 8642


class FetchPart(Strict):
    """How feeds are read; `lease_s` is how long a poll may take before another process may begin one."""

    timeout_s: _Timeout = 20.0
    lease_s: _Seconds = 60.0
    allow_private_addresses: bool = False
    #: between the beginnings of two requests to one publisher, where its robots.txt asks for no more
    spacing_s: Annotated[float, Field(ge=5, le=3600)] = 5.0
    #: requests under way at all publishers together
    at_once: Annotated[int, Field(ge=1, le=8)] = 6
    #: publishers under several domains: a name of ours → domains or hosts that are asked as one
    asked_as_one: dict[str, list[str]] = Field(default_factory=dict)
    processes: Annotated[int, Field(ge=1, le=16)] = 2

    @field_validator("asked_as_one")
    @classmethod
    def _each_domain_once(cls, groups: dict[str, list[str]]) -> dict[str, list[str]]:
        domains = [domain for group in groups.values() for domain in group]
        for domain in domains:
            if not _DOMAIN.fullmatch(domain):
                raise ValueError(f"«{domain}» must be a domain in small letters, such as «dnevnik.bg»")
            if domains.count(domain) > 1:
                raise ValueError(f"«{domain}» stands there twice")
        return groups

    @model_validator(mode="after")
    def _lease_outlasts_a_poll(self) -> "FetchPart":
        if self.lease_s <= self.timeout_s:
            raise ValueError("lease_s must be more than timeout_s, else feeds are polled twice at once")
        return self


class AnalysisPart(Strict):
    """How articles are analysed; a batch cut off by a crash is taken up again after `lease_s`."""

    batch: Annotated[int, Field(ge=1, le=256)] = 32
    max_attempts: Annotated[int, Field(ge=1, le=20)] = 3
    lease_s: _Seconds = 90.0
    #: `shipped`, `official`, or a directory, relative to this file
    models: str = SHIPPED_MODELS

    @field_validator("models")
    @classmethod
    def _known_models(cls, models: str) -> str:
        if models in MODELS or "/" in models:
            return models
        raise ValueError(
            f"must be {' or '.join(MODELS)}, or a directory with a „/“ in it, found {models!r}{nearest(models, MODELS)}"
        )


class DeliveryPart(Strict):
    """How messages are sent: the wait doubles from `first_retry_s` up to `last_retry_s`.

    A message cut off by a crash is sent again after `lease_s`, marked as a possible repeat.
    """

    timeout_s: _Timeout = 15.0
    max_attempts: Annotated[int, Field(ge=1, le=100)] = 8
    first_retry_s: _Seconds = 10.0
    last_retry_s: _Seconds = 3600.0
    lease_s: _Seconds = 120.0

    @model_validator(mode="after")
    def _lease_outlasts_a_send(self) -> "DeliveryPart":
        # A Telegram message whose markup is refused is posted a second time.
        if self.lease_s <= 2 * self.timeout_s:
            raise ValueError("lease_s must be more than twice timeout_s, else messages are sent twice")
        return self

    processes: Annotated[int, Field(ge=1, le=16)] = 2


class AlertsPart(Strict):
    """How often people hear of one story, and how much at once; see `worker.models.rules.AlertRules`."""

    #: the least time between two alerts of a watch about a story; it doubles with each …
    realert_first_minutes: Annotated[float, Field(gt=0, le=10_080)] = 60.0
    #: … up to this
    realert_last_hours: Annotated[float, Field(gt=0, le=720)] = 24.0
    #: a channel that had so many alerts …
    flood_alerts: Annotated[int, Field(ge=1, le=1000)] = 12
    #: … within so long gets the next ones together
    flood_minutes: Annotated[float, Field(gt=0, le=1440)] = 15.0

    @model_validator(mode="after")
    def _waits_grow(self) -> "AlertsPart":
        if self.realert_last_hours * 60 < self.realert_first_minutes:
            raise ValueError("realert_last_hours must be no less than realert_first_minutes, since the waits grow")
        return self


class WebSubPart(Strict):
    """Where hubs reach us: a public address that a proxy passes on to `/websub` of the page."""

    callback: Annotated[str, Field(max_length=500)]

    @field_validator("callback")
    @classmethod
    def _reachable(cls, callback: str) -> str:
        parts = urlsplit(callback)
        is_own_machine = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        if parts.scheme != "https" and not (parts.scheme == "http" and is_own_machine):
            raise ValueError("must begin with https://, since what hubs are told there is secret")
        if not parts.hostname or parts.query or parts.fragment or parts.username or parts.password:
            raise ValueError("must be an address without user, „?“ and „#“")
        return callback.rstrip("/")


class ServiceFile(Strict):
    """The whole file."""

    contact: str = ""
    data_dir: str = "../var"
    watches_dir: str = "watches"
    actors_dir: str = "actors"
    database_url: str | None = None
    broker_url: str | None = None
    default_channels: list[str] = Field(default_factory=list)
    #: where operators are told of feeds that fail and recover; nowhere: on the page and in the log
    operators_channels: list[str] = Field(default_factory=list)
    tick_s: _Tick = 5.0
    max_age_hours: Annotated[float, Field(gt=0, le=87_600)] = 24.0
    min_free_mb: Annotated[int, Field(ge=0)] = 200
    log: Literal["auto", "json", "pretty"] = "auto"
    page: PagePart = PagePart()
    fetch: FetchPart = FetchPart()
    analysis: AnalysisPart = AnalysisPart()
    alerts: AlertsPart = AlertsPart()
    delivery: DeliveryPart = DeliveryPart()
    #: None: no hub is asked for anything
    websub: WebSubPart | None = None

    @field_validator("contact")
    @classmethod
    def _known_contact(cls, contact: str) -> str:
        return known_contact(contact)

    @field_validator("broker_url")
    @classmethod
    def _known_broker(cls, url: str | None) -> str | None:
        return url if url is None else known_broker_url(url)

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str | None) -> str | None:
        return url if url is None else known_database_url(url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where things lie, absolute."""

    config_dir: Path
    data_dir: Path
    watches_dir: Path
    actors_dir: Path
    #: None: the language models that come with this package
    models_dir: Path | None


def official_models(data_dir: Path) -> Path:
    """Where `vestitel models --install-official` puts them."""
    return data_dir / "models" / OFFICIAL_MODELS


def models_dir(models: str, config_dir: Path, data_dir: Path) -> Path | None:
    """The directory of language models that is meant, there or not; None: that of this package."""
    if models == SHIPPED_MODELS:
        return None
    return official_models(data_dir) if models == OFFICIAL_MODELS else (config_dir / models).resolve()


def known_broker_url(url: str) -> str:
    """The address itself; raises ValueError unless it is of a kind that Celery's Redis transport takes."""
    if urlsplit(url).scheme not in {"redis", "rediss", "redis+socket"}:
        raise ValueError("must begin with redis://, rediss:// or redis+socket://")
    return url


def known_database_url(url: str) -> str:
    """The address itself; raises ValueError unless it is of SQLite or PostgreSQL."""
    if urlsplit(url).scheme not in {"sqlite", "postgresql", "postgresql+psycopg", "postgres"}:
        raise ValueError("must begin with postgresql:// or sqlite://")
    return url


def read_service(path: Path, problems: Problems) -> ServiceFile | None:
    """`service.yaml`, or None with its faults in `problems`."""
    return read_document(path, ServiceFile, problems)
