"""A WebSub hub on the loopback address: it asks subscribers back, or does not, as a test wants."""

import threading
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class LocalHub:
    """A hub; it asks back after its answer, as real ones do, from a thread of its own."""

    lease_s = 86_400

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []
        self.is_silent = False
        self.denies = ""
        self.status = 202
        self.said = ""
        self.location = ""
        self.robots = ""
        self.asked: list[str] = []
        self._asking: list[threading.Thread] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.asked.append(f"GET {self.path}")
                self.send_response(200 if hub.robots else 404)
                self.send_header("Content-Length", str(len(hub.robots)))
                self.end_headers()
                self.wfile.write(hub.robots.encode())

            def do_POST(self) -> None:
                hub.asked.append(f"POST {self.path}")
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = dict(urllib.parse.parse_qsl(raw))
                hub.forms.append(form)
                self.send_response(hub.status)
                if hub.location:
                    self.send_header("Location", hub.location)
                self.send_header("Content-Length", str(len(hub.said)))
                self.end_headers()
                self.wfile.write(hub.said.encode())
                if hub.status == 202 and not hub.is_silent:
                    hub.ask_back(form)

            def log_message(self, *_: object) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def ask_back(self, form: dict[str, str]) -> None:
        thread = threading.Thread(target=self._ask, args=(form,))
        thread.start()
        self._asking.append(thread)

    def wait(self) -> None:
        """Returns when the hub has asked back."""
        while not self._asking:
            assert self._thread.is_alive()
        for thread in self._asking:
            thread.join()
        self._asking.clear()

    def _ask(self, form: dict[str, str]) -> None:
        asked = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "a challenge"}
        if form["hub.mode"] == "subscribe":
            asked["hub.lease_seconds"] = str(self.lease_s)
        if self.denies:
            asked = {"hub.mode": "denied", "hub.topic": form["hub.topic"], "hub.reason": self.denies}
        with urllib.request.urlopen(f"{form['hub.callback']}?{urllib.parse.urlencode(asked)}", timeout=10) as answer:
            assert self.denies or answer.read() == b"a challenge"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for thread in self._asking:
            thread.join()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
