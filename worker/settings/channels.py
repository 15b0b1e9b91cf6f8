"""`channels.yaml`: where alerts go. Secrets stand in the environment; the file only names the variables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Constraint

from worker.models.watch import ChannelId
from worker.settings.yaml import Problems, Strict, read_document

_Id = Annotated[str, Constraint(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
_Address = Annotated[str, Constraint(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]
_WebAddress = Annotated[str, Constraint(pattern=r"^https?://[^\s/]+")]
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_Variable = Annotated[str, Constraint(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class ConsoleChannel(Strict):
    """Alerts printed by the process that delivers them."""

    id: _Id
    kind: Literal["console"]


class EmailChannel(Strict):
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


class TelegramChannel(Strict):
    """Alerts through the Telegram Bot API."""

    id: _Id
    kind: Literal["telegram"]
    token_env: _Variable
    chat: Annotated[str, Constraint(min_length=1)]
    base_url: _WebAddress = "https://api.telegram.org"


class WebhookChannel(Strict):
    """Alerts as JSON by POST, signed when a secret is named."""

    id: _Id
    kind: Literal["webhook"]
    url: _WebAddress
    secret_env: _Variable | None = None


ChannelPart = Annotated[
    ConsoleChannel | EmailChannel | TelegramChannel | WebhookChannel, Constraint(discriminator="kind")
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
        for key in ("user_env", "password_env", "token_env", "secret_env"):
            variable = getattr(channel, key, None)
            if variable is not None and not environment.get(variable):
                problems.add(path, None, f"channels[{number}].{key}", f"environment variable {variable} is not set")
        if isinstance(channel, EmailChannel) and _tells_password(channel):
            message = "must be starttls or tls where a password is sent to another machine"
            problems.add(path, None, f"channels[{number}].tls", message)
        channels[ChannelId(channel.id)] = channel
    return channels


def _tells_password(channel: EmailChannel) -> bool:
    return channel.tls == "none" and channel.password_env is not None and channel.host not in _THIS_MACHINE
