"""Everything a person configures, read once at start-up; nothing else reads files or the environment.

Environment, each winning over the file: VESTITEL_CONFIG (directory), VESTITEL_DATA (directory),
VESTITEL_BROKER_URL, VESTITEL_DATABASE_URL, VESTITEL_PAGE_HOST, VESTITEL_CONTACT, and the variables that
`channels.yaml` names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from worker.errors import ConfigError
from worker.models.actor import Catalogue
from worker.models.feed import Feed
from worker.models.watch import ChannelId, Watchlist
from worker.settings.actors import read_actors
from worker.settings.channels import ChannelPart, ChannelsFile, read_channels, variables_of
from worker.settings.contact import known_contact, missing_contact
from worker.settings.feeds import read_feeds
from worker.settings.service import (
    Paths,
    ServiceFile,
    known_broker_url,
    known_database_url,
    models_dir,
    official_models,
    read_service,
)
from worker.settings.watches import read_watches
from worker.settings.yaml import Problems, line_with, nearest, read_document


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole configuration, free of faults."""

    paths: Paths
    service: ServiceFile
    feeds: tuple[Feed, ...]
    channels: Mapping[ChannelId, ChannelPart]
    watchlist: Watchlist
    catalogue: Catalogue
    #: None: our own, under the data directory
    broker_url: str | None
    #: None: SQLite under the data directory
    database_url: str | None
    #: values of the environment variables that the channels name
    secrets: Mapping[str, str] = field(repr=False)
    #: what is wrong with the watch files, for who can go on without them; the watchlist then counts for nothing
    watch_faults: tuple[str, ...] = ()


def read_settings(config_dir: Path | None, environment: Mapping[str, str], *, needs_watches: bool = True) -> Settings:
    """The configuration in `config_dir` (None: VESTITEL_CONFIG, else `config`); raises ConfigError with every fault.

    Without `needs_watches`, faults of the watch files alone are only told in the settings.
    """
    directory = _config_dir(config_dir, environment)
    problems = Problems()
    found = read_service(directory / "service.yaml", problems)
    service = _with_contact(_with_page_host(found or ServiceFile(), environment), environment, problems)
    data_dir = _data_dir(service, directory, environment)
    paths = Paths(
        config_dir=directory,
        data_dir=data_dir,
        watches_dir=(directory / service.watches_dir).resolve(),
        actors_dir=(directory / service.actors_dir).resolve(),
        models_dir=models_dir(service.analysis.models, directory, data_dir),
    )
    feeds = read_feeds(directory / "feeds.yaml", problems)
    channels = read_channels(directory / "channels.yaml", environment, problems)
    # With faults in service.yaml nobody knows the default channels, so none is missed.
    defaults = service.default_channels if found else [str(channel) for channel in channels]
    if found:
        _require_known(service.operators_channels, channels, directory, problems)
    catalogue = read_actors(paths.actors_dir, problems)
    of_watches = Problems()
    watchlist = routed_watches(paths.watches_dir, directory, defaults, channels, of_watches, catalogue=catalogue)
    broker_url = _from_environment(environment, "VESTITEL_BROKER_URL", service.broker_url, problems)
    database_url = _from_environment(environment, "VESTITEL_DATABASE_URL", service.database_url, problems)
    if problems.lines or (needs_watches and of_watches.lines):
        raise ConfigError((*problems.lines, *of_watches.lines))
    return Settings(
        paths=paths,
        service=service,
        feeds=feeds,
        channels=channels,
        watchlist=watchlist,
        catalogue=catalogue,
        broker_url=broker_url,
        database_url=database_url,
        secrets=_secrets(channels, environment),
        watch_faults=of_watches.lines,
    )


def settings_without_secrets(
    config_dir: Path | None, environment: Mapping[str, str]
) -> tuple[Settings, Mapping[ChannelId, tuple[str, ...]]]:
    """The configuration, although secrets may be missing, and the variables that each channel lacks.

    For commands that send nothing; raises ConfigError with every other fault.
    """
    path = _config_dir(config_dir, environment) / "channels.yaml"
    document = read_document(path, ChannelsFile, Problems())
    unset = {
        ChannelId(channel.id): tuple(name for name in variables_of(channel).values() if not environment.get(name))
        for channel in (document.channels if document else ())
    }
    imagined = {name: "-" for names in unset.values() for name in names}
    settings = read_settings(config_dir, {**environment, **imagined})
    return settings, {channel: names for channel, names in unset.items() if names}


def reread_watches(settings: Settings) -> Watchlist:
    """The watches as their files are now, beside the rest of a configuration as it was; raises ConfigError."""
    problems = Problems()
    paths, defaults = settings.paths, settings.service.default_channels
    watchlist = routed_watches(
        paths.watches_dir, paths.config_dir, defaults, settings.channels, problems, catalogue=settings.catalogue
    )
    if problems.lines:
        raise ConfigError(problems.lines)
    return watchlist


def watches_of(config_dir: Path | None, environment: Mapping[str, str]) -> Path:
    """The directory of watch files of a configuration, for commands that need nothing else of it."""
    directory = _config_dir(config_dir, environment)
    return (directory / _service_of(directory).watches_dir).resolve()


def require_contact(settings: Settings) -> None:
    """Raises ConfigError where feeds of other people would be polled and nobody answers for it."""
    missing = missing_contact(settings.service.contact, settings.feeds)
    if missing:
        where = settings.paths.config_dir / "service.yaml"
        problems = Problems()
        problems.add(where, line_with(where, "^contact *:"), "contact", missing)
        raise ConfigError(problems.lines)


def require_models(settings: Settings) -> None:
    """Raises ConfigError when the configured directory of language models is not there.

    Only who checks a configuration asks for it: the service itself goes on by word forms without any models.
    """
    directory = settings.paths.models_dir
    if directory is None or directory.is_dir():
        return
    problems = Problems()
    is_official = directory == official_models(settings.paths.data_dir)
    remedy = "run «vestitel models --install-official»" if is_official else "correct the path"
    where = settings.paths.config_dir / "service.yaml"
    problems.add(where, None, "analysis.models", f"there is no directory {directory}; {remedy}")
    raise ConfigError(problems.lines)


def models_of(config_dir: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The directory of language models of a configuration, for commands that need nothing else of it.

    Without a configuration, those that come with this package.
    """
    if _has_no_config(config_dir, environment):
        return None
    directory = _config_dir(config_dir, environment)
    service = _service_of(directory)
    return models_dir(service.analysis.models, directory, _data_dir(service, directory, environment))


def catalogue_of(config_dir: Path | None, environment: Mapping[str, str]) -> Catalogue:
    """The known actors of a configuration, for commands that need nothing else; without a configuration, none."""
    if _has_no_config(config_dir, environment):
        return Catalogue()
    directory = _config_dir(config_dir, environment)
    problems = Problems()
    catalogue = read_actors((directory / _service_of(directory).actors_dir).resolve(), problems)
    if problems.lines:
        raise ConfigError(problems.lines)
    return catalogue


def _has_no_config(config_dir: Path | None, environment: Mapping[str, str]) -> bool:
    return config_dir is None and not environment.get("VESTITEL_CONFIG") and not Path("config").is_dir()


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
    *,
    catalogue: Catalogue,
) -> Watchlist:
    """The watches, each with existing channels: its own, or the default ones."""
    known = tuple(str(channel) for channel in channels)
    for number, name in enumerate(default_channels):
        if name not in known:
            where = f"default_channels[{number}]"
            problems.add(config_dir / "service.yaml", None, where, f"no channel «{name}»{nearest(name, known)}")
    watchlist = read_watches(directory, problems, catalogue)
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


def _require_known(
    wanted: list[str], channels: Mapping[ChannelId, ChannelPart], config_dir: Path, problems: Problems
) -> None:
    known = tuple(str(channel) for channel in channels)
    for number, name in enumerate(wanted):
        if name not in known:
            where = f"operators_channels[{number}]"
            problems.add(config_dir / "service.yaml", None, where, f"no channel «{name}»{nearest(name, known)}")


def _config_dir(config_dir: Path | None, environment: Mapping[str, str]) -> Path:
    directory = (config_dir or Path(environment.get("VESTITEL_CONFIG") or "config")).absolute()
    if not directory.is_dir():
        raise ConfigError((f"{directory}: there is no such directory; name one with --config or VESTITEL_CONFIG",))
    return directory


def _service_of(directory: Path) -> ServiceFile:
    problems = Problems()
    service = read_service(directory / "service.yaml", problems)
    if service is None:
        raise ConfigError(problems.lines)
    return service


def _data_dir(service: ServiceFile, directory: Path, environment: Mapping[str, str]) -> Path:
    return Path(environment.get("VESTITEL_DATA") or directory / service.data_dir).resolve()


def _with_page_host(service: ServiceFile, environment: Mapping[str, str]) -> ServiceFile:
    host = environment.get("VESTITEL_PAGE_HOST")
    if not host:
        return service
    return service.model_copy(update={"page": service.page.model_copy(update={"host": host})})


def _with_contact(service: ServiceFile, environment: Mapping[str, str], problems: Problems) -> ServiceFile:
    contact = environment.get("VESTITEL_CONTACT")
    if not contact:
        return service
    try:
        return service.model_copy(update={"contact": known_contact(contact)})
    except ValueError as error:
        problems.add(Path("environment"), None, "VESTITEL_CONTACT", str(error))
        return service


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
    names = {name for channel in channels.values() for name in variables_of(channel).values()}
    return {name: environment[name] for name in sorted(names)}
