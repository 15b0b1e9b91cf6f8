"""Alerts through the library Apprise, for services that have no channel of their own here (an optional extra).

It says of a message no more than that it failed, so why and whether to wait is not known.
"""

import importlib
from importlib.util import find_spec
from typing import Any

from worker.errors import DeliveryError, DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.excerpt import shorten
from worker.notify.layout import document_of
from worker.notify.ntfy import untitled
from worker.notify.styles import APPRISE, written_document

NOT_INSTALLED = "channels of kind apprise need the library Apprise; run «pip install vestitel[apprise]»"
_TITLE_LIMIT = 200


class AppriseChannel:
    """One address in the manner of Apprise („service://…“)."""

    def __init__(self, id_: ChannelId, *, url: str) -> None:
        """The address holds what is secret; nothing is loaded before the first message."""
        self._id = id_
        self._url = url

    def send(self, delivery: Delivery) -> Receipt:
        """Splits what is too long for the service; raises DeliveryError."""
        notifier = self._notifier()
        document = document_of(delivery)
        try:
            is_sent = notifier.notify(
                body=written_document(untitled(document), APPRISE),
                title=shorten(document.title, _TITLE_LIMIT),
                body_format="text",
            )
        except Exception as exc:  # noqa: BLE001 - plugins of a hundred services, each with its own faults
            is_sent, kind = False, type(exc).__name__
        else:
            kind = "no reason given"
        if not is_sent:
            # Of a message in parts, or to several people, some may have arrived.
            cause = f"Apprise could not deliver it ({kind})"
            raise DeliveryError(self._id, DeliveryReason.SERVER, cause, maybe_accepted=True)
        return Receipt()

    def _notifier(self) -> Any:
        if not is_installed():
            raise DeliveryError(self._id, DeliveryReason.AUTH, NOT_INSTALLED)
        library = importlib.import_module("apprise")
        notifier = library.Apprise(asset=library.AppriseAsset(async_mode=False, app_id="Vestitel", app_desc="Vestitel"))
        separator = "&" if "?" in self._url else "?"
        if not notifier.add(f"{self._url}{separator}overflow=split"):
            raise DeliveryError(self._id, DeliveryReason.AUTH, "Apprise does not know such an address")
        return notifier


def is_installed() -> bool:
    """Whether the library is there."""
    return find_spec("apprise") is not None
