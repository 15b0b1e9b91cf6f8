"""The console channel."""

import io
import os

import pytest

from tests.notify.deliveries import CHANNEL, a_delivery
from worker.errors import DeliveryError, DeliveryReason
from worker.notify.console import ConsoleChannel, console_block


def test_console_writes_one_block():
    stream = io.StringIO()

    ConsoleChannel(CHANNEL, stream).send(a_delivery())

    assert stream.getvalue() == console_block(a_delivery())


def test_terminal_that_knows_no_cyrillic_gets_question_marks():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")

    ConsoleChannel(CHANNEL, stream).send(a_delivery())

    assert b"https://news.example/bulgaria/1234" in raw.getvalue()
    assert b"??????" in raw.getvalue()


def test_closed_stream_is_no_acceptance():
    stream = io.StringIO()
    stream.close()

    with pytest.raises(DeliveryError) as caught:
        ConsoleChannel(CHANNEL, stream).send(a_delivery())

    assert (caught.value.reason, caught.value.maybe_accepted) == (DeliveryReason.NETWORK, False)


def test_reader_that_has_gone_is_no_acceptance():
    reading, writing = os.pipe()
    os.close(reading)
    # Unbuffered underneath, so that closing has nothing left to write.
    stream = io.TextIOWrapper(io.FileIO(writing, "w"), encoding="utf-8", write_through=True)

    with stream, pytest.raises(DeliveryError) as caught:
        ConsoleChannel(CHANNEL, stream).send(a_delivery())

    assert (caught.value.reason, caught.value.cause) == (DeliveryReason.NETWORK, "cannot write: Broken pipe")
