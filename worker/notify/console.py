"""Alerts on a text stream, so that a first alert needs no account anywhere."""

from typing import TextIO

from worker.errors import DeliveryError, DeliveryReason
from worker.models.delivery import Delivery, Receipt
from worker.models.watch import ChannelId
from worker.notify.styles import CONSOLE, written


class ConsoleChannel:
    """Writes one block for each delivery, in one piece, so that the blocks of several processes do not mix."""

    def __init__(self, id_: ChannelId, stream: TextIO) -> None:
        self._id = id_
        self._stream = stream

    def send(self, delivery: Delivery) -> Receipt:
        """Writes and flushes; raises DeliveryError when the stream is closed or its reader has gone."""
        if self._stream.closed:
            raise DeliveryError(self._id, DeliveryReason.NETWORK, "the stream is closed")
        encoding = self._stream.encoding or "utf-8"
        # A terminal that is not UTF-8 shows question marks rather than nothing.
        block = console_block(delivery).encode(encoding, "replace").decode(encoding)
        try:
            self._stream.write(block)
            self._stream.flush()
        except OSError as exc:
            raise DeliveryError(self._id, DeliveryReason.NETWORK, f"cannot write: {exc.strerror}") from exc
        return Receipt()


def console_block(delivery: Delivery) -> str:
    """Lines that belong together; matched words stand in «…»."""
    first, *rest = written(delivery, CONSOLE).splitlines()
    return "\n".join([first, *(f"  {line}" if line else "" for line in rest)]) + "\n"
