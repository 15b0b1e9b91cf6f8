"""Everything a person configures, read once at start-up; nothing else reads files or the environment.

Environment, each winning over the file: VESTITEL_CONFIG (directory), VESTITEL_DATA (directory),
VESTITEL_BROKER_URL, VESTITEL_DATABASE_URL, VESTITEL_PAGE_HOST, and the variables that `channels.yaml` names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from worker.errors import ConfigError
from worker.models.news import Feed
from worker.models.watch import ChannelId, Watchlist
from worker.settings.channels import ChannelPart, read_channels
from worker.settings.feeds import read_feeds
from worker.settings.service import Paths, ServiceFile, known_broker_url, known_database_url, read_service
from worker.settings.watches import read_watches
from worker.settings.yaml import Problems, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration, free of faults."""

    paths: Paths
    service: ServiceFile
    feeds: tuple[Feed, ...]
    channels: Mapping[ChannelId, ChannelPart]
    watchlist: Watchlist
    #: None: our own, under the data directory
    broker_url: str | None
    #: None: SQLite under the data directory
    database_url: str | None
    #: values of the environment variables that the channels name
    secrets: Mapping[str, str] = field(repr=False)


def read_settings(config_dir: Path | None, environment: Mapping[str, str]) -> Settings:
    """The configuration in `config_dir` (None: VESTITEL_CONFIG, else `config`); raises ConfigError with every fault."""
    directory = _config_dir(config_dir, environment)
    problems = Problems()
    found = read_service(directory / "service.yaml", problems)
    service = _with_page_host(found or ServiceFile(), environment)
    paths = Paths(
        config_dir=directory,
        data_dir=Path(environment.get("VESTITEL_DATA") or directory / service.data_dir).resolve(),
        watches_dir=(directory / service.watches_dir).resolve(),
    )
    feeds = read_feeds(directory / "feeds.yaml", problems)
    channels = read_channels(directory / "channels.yaml", environment, problems)
    # With faults in service.yaml nobody knows the default channels, so none is missed.
    defaults = service.default_channels if found else [str(channel) for channel in channels]
    watchlist = routed_watches(paths.watches_dir, directory, defaults, channels, problems)
    broker_url = _from_environment(environment, "VESTITEL_BROKER_URL", service.broker_url, problems)
    database_url = _from_environment(environment, "VESTITEL_DATABASE_URL", service.database_url, problems)
    if problems.lines:
        raise ConfigError(problems.lines)
    return Settings(
        paths=paths,
        service=service,
        feeds=feeds,
        channels=channels,
        watchlist=watchlist,
        broker_url=broker_url,
        database_url=database_url,
        secrets=_secrets(channels, environment),
    )


def watches_of(config_dir: Path | None, environment: Mapping[str, str]) -> Path:
    """The directory of watch files of a configuration, for commands that need nothing else of it."""
    directory = _config_dir(config_dir, environment)
    problems = Problems()
    service = read_service(directory / "service.yaml", problems)
    if service is None:
        raise ConfigError(problems.lines)
    return (directory / service.watches_dir).resolve()


def read_watchlist(directory: Path) -> Watchlist:
    """Only the watches, for commands that send nothing; raises ConfigError."""
    if not directory.is_dir():
        raise ConfigError((f"{directory}: there is no such directory; name one with --watches",))
    problems = Problems()
    watchlist = read_watches(directory, problems)
    if problems.lines:
        raise ConfigError(problems.lines)
    return watchlist


def routed_watches(
    directory: Path,
    config_dir: Path,
    default_channels: list[str],
    channels: Mapping[ChannelId, ChannelPart],
    problems: Problems,
) -> Watchlist:
    """The watches, each with existing channels: its own, or the default ones."""
    known = tuple(str(channel) for channel in channels)
    for number, name in enumerate(default_channels):
        if name not in known:
            where = f"default_channels[{number}]"
            problems.add(config_dir / "service.yaml", None, where, f"no channel «{name}»{nearest(name, known)}")
    watchlist = read_watches(directory, problems)
    routed = []
    for watch in watchlist.watches:
        for name in watch.channels:
            if name not in known:
                problems.add(directory, None, f"watch {watch.id}", f"no channel «{name}»{nearest(name, known)}")
        own = watch.channels or tuple(ChannelId(name) for name in default_channels)
        if not own:
            problems.add(directory, None, f"watch {watch.id}", "has no channel, and service.yaml no default_channels")
        routed.append(replace(watch, channels=own))
    return replace(watchlist, watches=tuple(routed))


def _config_dir(config_dir: Path | None, environment: Mapping[str, str]) -> Path:
    directory = (config_dir or Path(environment.get("VESTITEL_CONFIG") or "config")).absolute()
    if not directory.is_dir():
        raise ConfigError((f"{directory}: there is no such directory; name one with --config or VESTITEL_CONFIG",))
    return directory


def _with_page_host(service: ServiceFile, environment: Mapping[str, str]) -> ServiceFile:
    host = environment.get("VESTITEL_PAGE_HOST")
    if not host:
        return service
    return service.model_copy(update={"page": service.page.model_copy(update={"host": host})})


def _from_environment(environment: Mapping[str, str], name: str, in_file: str | None, problems: Problems) -> str | None:
    value = environment.get(name)
    if not value:
        return in_file
    try:
        return known_broker_url(value) if name == "VESTITEL_BROKER_URL" else known_database_url(value)
    except ValueError as error:
        problems.add(Path("environment"), None, name, str(error))
        return None


def _secrets(channels: Mapping[ChannelId, ChannelPart], environment: Mapping[str, str]) -> dict[str, str]:
    keys = ("user_env", "password_env", "token_env", "secret_env")
    names = {name for channel in channels.values() for key in keys if (name := getattr(channel, key, None))}
    return {name: environment[name] for name in sorted(names)}
