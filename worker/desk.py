"""What people do about alerts and deliveries, as a Protocol."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from worker.models.alert import AlertId
from worker.models.delivery import DeliveryId
from worker.models.silence import Silence, SilenceId


class Desk(Protocol):
    """What people do about alerts and deliveries; each method is one transaction."""

    def add_silence(self, silence: Silence) -> None:
        """From now on nothing that it covers is sent, not even what waits already."""
        ...

    def end_silence(self, silence_id: SilenceId, now: datetime) -> bool:
        """Ends it before its time; False when it is unknown or over."""
        ...

    def acknowledge(self, alert_id: AlertId, who: str, now: datetime) -> bool:
        """Somebody knows of the alert's story; False when the alert is unknown. Who said it first stays."""
        ...

    def replay(self, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
        """Makes dead deliveries pending again, without failures; gives those that were dead."""
        ...

    def release(self, delivery_ids: Sequence[DeliveryId], now: datetime) -> tuple[DeliveryId, ...]:
        """Makes held and waiting deliveries due now; gives those that were held or waited."""
        ...

    def drop(self, delivery_ids: Sequence[DeliveryId], who: str, now: datetime) -> tuple[DeliveryId, ...]:
        """Never sends these; gives those that were held, pending or dead."""
        ...
