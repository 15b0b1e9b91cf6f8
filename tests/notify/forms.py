"""How each kind of channel shows a delivery, as text for a golden file, and what its limit is."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

from worker.models.delivery import Delivery
from worker.notify.console import console_block
from worker.notify.email import compose
from worker.notify.event import event_of
from worker.notify.layout import document_of
from worker.notify.matrix import matrix_content
from worker.notify.ntfy import ntfy_message, untitled
from worker.notify.slack import slack_message
from worker.notify.styles import (
    APPRISE,
    DISCORD,
    MATTERMOST,
    TELEGRAM,
    TELEGRAM_PLAIN,
    VIBER,
    written,
    written_document,
)
from worker.notify.teams import teams_message


@dataclass(frozen=True)
class Form:
    shown: Callable[[Delivery], str]
    #: what the channel counts of it, and how much it takes
    size: Callable[[str], int] = len
    limit: int = 1_000_000


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def utf8(text: str) -> int:
    return len(text.encode())


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def compact(text: str) -> int:
    """The bytes of a golden file's JSON as it is sent."""
    return len(json.dumps(json.loads(text), ensure_ascii=False).encode())


def a_mail(delivery: Delivery) -> EmailMessage:
    message = compose(delivery, "vestitel@sender.test", ("desk@example.test",), datetime(2026, 11, 24, tzinfo=UTC))
    assert isinstance(message, EmailMessage)
    return message


def body(delivery: Delivery, kind: str) -> str:
    part = a_mail(delivery).get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def apprise_text(delivery: Delivery) -> str:
    document = document_of(delivery)
    return f"{document.title}\n\n{written_document(untitled(document), APPRISE)}"


FORMS: Mapping[str, Form] = {
    "telegram.html": Form(lambda one: written(one, TELEGRAM), utf16, 4096),
    "telegram.txt": Form(lambda one: written(one, TELEGRAM_PLAIN), utf16, 4096),
    "slack.json": Form(lambda one: as_json(slack_message(document_of(one))), compact, 40_000),
    "mattermost.md": Form(lambda one: written(one, MATTERMOST), len, 16_383),
    "discord.md": Form(lambda one: written(one, DISCORD), utf16, 2000),
    "teams.json": Form(lambda one: as_json(teams_message(document_of(one))), compact, 28 * 1024),
    # An edit holds the content twice.
    "matrix.json": Form(lambda one: as_json(matrix_content(document_of(one))), lambda text: 2 * compact(text), 65_000),
    "viber.txt": Form(lambda one: written(one, VIBER), utf16, 7000),
    "ntfy.json": Form(lambda one: as_json(ntfy_message(document_of(one))), compact, 2 * 4096 - 100),
    "apprise.txt": Form(apprise_text),
    "console.txt": Form(console_block),
    "email.txt": Form(lambda one: f"Subject: {a_mail(one)['Subject']}\n\n{body(one, 'plain')}"),
    "email.html": Form(lambda one: body(one, "html")),
    "webhook.json": Form(lambda one: as_json(event_of(one))),
}
