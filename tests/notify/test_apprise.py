"""Apprise as the channel for everything else, with the library where it is installed and with none at all."""

import importlib
import sys
from types import ModuleType, SimpleNamespace

import pytest
from aiohttp import web

from tests.notify.deliveries import CHANNEL, a_delivery
from tests.notify.servers import an_http_server
from worker.errors import DeliveryError, DeliveryReason
from worker.notify import apprise as channel_module
from worker.notify.apprise import AppriseChannel


class Notifier:
    """The library's side, as far as the channel knows it."""

    def __init__(self, result: object) -> None:
        self.result = result
        self.added: list[str] = []
        self.notified: list[dict[str, str]] = []

    def add(self, url: str) -> bool:
        self.added.append(url)
        return url.startswith("json://")

    def notify(self, **message: str) -> object:
        self.notified.append(message)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def installed(monkeypatch: pytest.MonkeyPatch, notifier: Notifier) -> None:
    library = ModuleType("apprise")
    vars(library).update(Apprise=lambda asset: notifier, AppriseAsset=lambda **_options: SimpleNamespace())
    monkeypatch.setitem(sys.modules, "apprise", library)
    monkeypatch.setattr(channel_module, "find_spec", lambda _name: object())


def test_title_is_not_said_twice(monkeypatch):
    notifier = Notifier(result=True)
    installed(monkeypatch, notifier)

    AppriseChannel(CHANNEL, url="json://host").send(a_delivery())

    [message] = notifier.notified
    assert notifier.added == ["json://host?overflow=split"]
    assert message["title"] == "Депутатите приеха бюджета на първо четене"
    assert message["title"] not in message["body"]
    assert message["body_format"] == "text"


@pytest.mark.parametrize("result", [False, None, OSError("down")])
def test_failure_may_have_arrived_in_part(monkeypatch, result):
    installed(monkeypatch, Notifier(result))

    with pytest.raises(DeliveryError) as caught:
        AppriseChannel(CHANNEL, url="json://host/?x=s3cret").send(a_delivery())

    assert (caught.value.reason, caught.value.maybe_accepted) == (DeliveryReason.SERVER, True)
    assert "s3cret" not in str(caught.value)


def test_address_that_apprise_does_not_know_is_for_the_operator(monkeypatch):
    installed(monkeypatch, Notifier(result=True))

    with pytest.raises(DeliveryError) as caught:
        AppriseChannel(CHANNEL, url="nonsense").send(a_delivery())

    assert (caught.value.reason, caught.value.maybe_accepted) == (DeliveryReason.AUTH, False)


def test_library_that_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(channel_module, "find_spec", lambda _name: None)

    with pytest.raises(DeliveryError, match=r"pip install vestitel\[apprise\]"):
        AppriseChannel(CHANNEL, url="json://host").send(a_delivery())


@pytest.mark.skipif(not channel_module.is_installed(), reason="the extra is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_real_library_delivers():
    importlib.import_module("apprise")

    with an_http_server(web.Response(text="ok")) as server:
        AppriseChannel(CHANNEL, url=f"json://127.0.0.1:{server.port}/").send(a_delivery())

    assert "Депутатите".encode() in server.asked[0].body or b"\\u0414" in server.asked[0].body
