"""Configured channels to real ones; it decides nothing, and contacts nobody."""

import sys
from collections.abc import Mapping

from worker.models.watch import ChannelId
from worker.notify.apprise import AppriseChannel
from worker.notify.console import ConsoleChannel
from worker.notify.discord import DiscordChannel
from worker.notify.email import EmailChannel
from worker.notify.matrix import MatrixChannel
from worker.notify.mattermost import MattermostBot, MattermostWebhook
from worker.notify.ntfy import NtfyChannel
from worker.notify.slack import SlackBot, SlackWebhook
from worker.notify.teams import TeamsChannel
from worker.notify.telegram import TelegramChannel
from worker.notify.viber import ViberChannel
from worker.notify.webhook import WebhookChannel
from worker.ports import Channel
from worker.settings import channels as configured
from worker.settings.channels import ChannelPart


def channel_of(part: ChannelPart, secrets: Mapping[str, str], timeout_s: float) -> Channel:
    """The client of a channel; `secrets` are values by the names of their environment variables."""
    match part:
        case configured.ConsoleChannel():
            return ConsoleChannel(ChannelId(part.id), sys.stdout)
        case configured.EmailChannel():
            return _email(part, secrets, timeout_s)
        case configured.SlackChannel() | configured.MattermostChannel():
            return _team_chat(part, secrets, timeout_s)
        case (
            configured.WebhookChannel()
            | configured.AppriseChannel()
            | configured.DiscordChannel()
            | configured.TeamsChannel()
        ):
            return _address(part, secrets, timeout_s)
        case _:
            return _chat(part, secrets, timeout_s)


def _address(
    part: configured.WebhookChannel | configured.AppriseChannel | configured.DiscordChannel | configured.TeamsChannel,
    secrets: Mapping[str, str],
    timeout_s: float,
) -> Channel:
    """Those of which an address is all that is known."""
    name = ChannelId(part.id)
    match part:
        case configured.WebhookChannel():
            return WebhookChannel(name, url=part.url, secret=secrets.get(part.secret_env or ""), timeout_s=timeout_s)
        case configured.AppriseChannel():
            return AppriseChannel(name, url=secrets[part.url_env])
        case configured.DiscordChannel():
            return DiscordChannel(name, url=secrets[part.url_env], timeout_s=timeout_s)
        case configured.TeamsChannel():
            return TeamsChannel(name, url=secrets[part.url_env], timeout_s=timeout_s)


def _email(part: configured.EmailChannel, secrets: Mapping[str, str], timeout_s: float) -> Channel:
    return EmailChannel(
        ChannelId(part.id),
        host=part.host,
        port=part.port,
        tls=part.tls,
        user=secrets.get(part.user_env or ""),
        password=secrets.get(part.password_env or ""),
        sender=part.sender,
        recipients=tuple(part.recipients),
        unsubscribe=part.unsubscribe,
        timeout_s=timeout_s,
    )


def _team_chat(
    part: configured.SlackChannel | configured.MattermostChannel, secrets: Mapping[str, str], timeout_s: float
) -> Channel:
    """By webhook where an address is named, else as a bot."""
    name, token, conversation = ChannelId(part.id), secrets.get(part.token_env or "", ""), part.conversation or ""
    if isinstance(part, configured.SlackChannel):
        if part.url_env is not None:
            return SlackWebhook(name, url=secrets[part.url_env], timeout_s=timeout_s)
        return SlackBot(name, token=token, conversation=conversation, base_url=part.base_url, timeout_s=timeout_s)
    if part.url_env is not None:
        return MattermostWebhook(name, url=secrets[part.url_env], timeout_s=timeout_s)
    return MattermostBot(
        name, token=token, conversation=conversation, base_url=part.base_url or "", timeout_s=timeout_s
    )


def _chat(
    part: configured.TelegramChannel | configured.MatrixChannel | configured.ViberChannel | configured.NtfyChannel,
    secrets: Mapping[str, str],
    timeout_s: float,
) -> Channel:
    name = ChannelId(part.id)
    match part:
        case configured.TelegramChannel():
            return TelegramChannel(
                name, token=secrets[part.token_env], chat=part.chat, base_url=part.base_url, timeout_s=timeout_s
            )
        case configured.MatrixChannel():
            return MatrixChannel(
                name, token=secrets[part.token_env], room=part.room, base_url=part.base_url, timeout_s=timeout_s
            )
        case configured.ViberChannel():
            return ViberChannel(
                name,
                token=secrets[part.token_env],
                receiver=part.receiver,
                post_as=part.post_as,
                sender=part.sender,
                base_url=part.base_url,
                timeout_s=timeout_s,
            )
        case configured.NtfyChannel():
            return NtfyChannel(
                name,
                topic=part.topic or secrets[part.topic_env or ""],
                token=secrets.get(part.token_env or ""),
                base_url=part.base_url,
                timeout_s=timeout_s,
            )
