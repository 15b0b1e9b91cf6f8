"""`channels.yaml`: where alerts go. Secrets stand in the environment; the file only names the variables."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field as Constraint

from worker.models.watch import ChannelId
from worker.settings.channel_manners import Manners
from worker.settings.yaml import Problems, Strict, read_document

_Id = Annotated[str, Constraint(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
_Address = Annotated[str, Constraint(pattern=r"^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9.-]+$")]
_WebAddress = Annotated[str, Constraint(pattern=r"^https?://[^\s/]+")]
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_Variable = Annotated[str, Constraint(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
_Name = Annotated[str, Constraint(min_length=1)]
_WAYS = "needs either url_env, for an incoming webhook, or token_env and conversation, for a bot"


class ConsoleChannel(Manners):
    """Alerts printed by the process that delivers them."""

    id: _Id
    kind: Literal["console"]


class EmailChannel(Manners):
    """Alerts by SMTP; the server's certificate is always verified."""

    id: _Id
    kind: Literal["email"]
    host: str
    port: Annotated[int, Constraint(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user_env: _Variable | None = None
    password_env: _Variable | None = None
    sender: _Address
    recipients: Annotated[list[_Address], Constraint(min_length=1)]
    #: for those who want no more (RFC 2369 §3.2)
    unsubscribe: Annotated[str, Constraint(pattern=r"^(mailto:|https://)[^\s<>,]+$", max_length=500)] | None = None


class TelegramChannel(Manners):
    """Alerts through the Telegram Bot API."""

    digest_size: Annotated[int, Constraint(ge=2, le=20)] = 12
    id: _Id
    kind: Literal["telegram"]
    token_env: _Variable
    chat: _Name
    base_url: _WebAddress = "https://api.telegram.org"


class SlackChannel(Manners):
    """Alerts in Slack, by an incoming webhook or as a bot, which alone can amend and answer."""

    id: _Id
    kind: Literal["slack"]
    url_env: _Variable | None = None
    token_env: _Variable | None = None
    conversation: _Name | None = None
    base_url: _WebAddress = "https://slack.com/api"


class MattermostChannel(Manners):
    """Alerts in Mattermost, by an incoming webhook or as a bot, which alone can amend and answer."""

    id: _Id
    kind: Literal["mattermost"]
    url_env: _Variable | None = None
    token_env: _Variable | None = None
    conversation: _Name | None = None
    base_url: _WebAddress | None = None


class DiscordChannel(Manners):
    """Alerts in Discord by a channel's webhook; a message of it holds no more headlines than that."""

    digest_size: Annotated[int, Constraint(ge=2, le=12)] = 10
    id: _Id
    kind: Literal["discord"]
    url_env: _Variable


class TeamsChannel(Manners):
    """Alerts in Microsoft Teams by the address of a workflow."""

    id: _Id
    kind: Literal["teams"]
    url_env: _Variable


class MatrixChannel(Manners):
    """Alerts in a room of Matrix that is not encrypted."""

    id: _Id
    kind: Literal["matrix"]
    token_env: _Variable
    room: Annotated[str, Constraint(pattern=r"^!\S+$")]
    base_url: _WebAddress


class ViberChannel(Manners):
    """Alerts in a Viber channel, or to one subscriber of a bot."""

    id: _Id
    kind: Literal["viber"]
    token_env: _Variable
    receiver: _Name | None = None
    post_as: _Name | None = None
    sender: Annotated[str, Constraint(min_length=1, max_length=28)] = "Вестител"
    base_url: _WebAddress = "https://chatapi.viber.com/pa"


class NtfyChannel(Manners):
    """Alerts by ntfy."""

    digest_size: Annotated[int, Constraint(ge=2, le=15)] = 12
    id: _Id
    kind: Literal["ntfy"]
    #: whoever knows a public topic reads it, so it may stand in the environment
    topic: Annotated[str, Constraint(pattern=r"^[-_A-Za-z0-9]{1,64}$")] | None = None
    topic_env: _Variable | None = None
    token_env: _Variable | None = None
    base_url: _WebAddress = "https://ntfy.sh"


class WebhookChannel(Manners):
    """Alerts as JSON by POST, signed when a secret is named."""

    id: _Id
    kind: Literal["webhook"]
    url: _WebAddress
    secret_env: _Variable | None = None


class AppriseChannel(Manners):
    """Alerts through the library Apprise, for everything else."""

    id: _Id
    kind: Literal["apprise"]
    url_env: _Variable


ChannelPart = Annotated[
    ConsoleChannel
    | EmailChannel
    | TelegramChannel
    | SlackChannel
    | MattermostChannel
    | DiscordChannel
    | TeamsChannel
    | MatrixChannel
    | ViberChannel
    | NtfyChannel
    | WebhookChannel
    | AppriseChannel,
    Constraint(discriminator="kind"),
]


class ChannelsFile(Strict):
    """The whole file."""

    channels: Annotated[list[ChannelPart], Constraint(min_length=1)]


def read_channels(path: Path, environment: Mapping[str, str], problems: Problems) -> dict[ChannelId, ChannelPart]:
    """The channels by id, in file order; every named environment variable is set, or that is a fault."""
    document = read_document(path, ChannelsFile, problems)
    channels: dict[ChannelId, ChannelPart] = {}
    for number, channel in enumerate(document.channels if document else ()):
        if ChannelId(channel.id) in channels:
            problems.add(path, None, f"channels[{number}].id", f"«{channel.id}» is used twice")
        for key, variable in variables_of(channel).items():
            if not environment.get(variable):
                problems.add(path, None, f"channels[{number}].{key}", f"environment variable {variable} is not set")
        for key, message in _faults(channel):
            problems.add(path, None, f"channels[{number}].{key}", message)
        channels[ChannelId(channel.id)] = channel
    return channels


def variables_of(channel: ChannelPart) -> dict[str, str]:
    """The environment variables that a channel names, by its keys."""
    found = ((key, getattr(channel, key)) for key in type(channel).model_fields if key.endswith("_env"))
    return {key: variable for key, variable in found if variable is not None}


def _faults(channel: ChannelPart) -> Iterator[tuple[str, str]]:
    """What no key alone can say: where, and what is wrong."""
    base_url, token = getattr(channel, "base_url", None), getattr(channel, "token_env", None)
    if base_url and token and urlsplit(base_url).scheme == "http" and urlsplit(base_url).hostname not in _THIS_MACHINE:
        yield "base_url", "must begin with https:// where a token is sent to another machine"
    match channel:
        case EmailChannel() if _tells_password(channel):
            yield "tls", "must be starttls or tls where a password is sent to another machine"
        case SlackChannel() | MattermostChannel():
            is_bot = channel.token_env is not None and channel.conversation is not None
            is_half_a_bot = channel.token_env is not None or channel.conversation is not None
            if (channel.url_env is None) != is_bot or (channel.url_env is not None and is_half_a_bot):
                yield "kind", f"{channel.kind} {_WAYS}"
            if isinstance(channel, MattermostChannel) and is_bot and channel.base_url is None:
                yield "base_url", "must be the address of the Mattermost server"
        case ViberChannel() if (channel.receiver is None) == (channel.post_as is None):
            yield "kind", "viber needs either post_as, for a channel, or receiver, for a bot's subscriber"
        case NtfyChannel() if (channel.topic is None) == (channel.topic_env is None):
            yield "topic", "ntfy needs either topic or topic_env"
        case AppriseChannel() if find_spec("apprise") is None:
            yield "kind", "apprise is not installed; run «pip install vestitel[apprise]»"
        case _:
            pass


def _tells_password(channel: EmailChannel) -> bool:
    return channel.tls == "none" and channel.password_env is not None and channel.host not in _THIS_MACHINE
