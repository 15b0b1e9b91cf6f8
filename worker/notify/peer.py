"""One service that speaks JSON: a request to it, and what its answer means, by one table for each service.

Addresses and tokens never come back out of here: what a service says is quoted without them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from worker.errors import DeliveryError, DeliveryReason
from worker.models.watch import ChannelId
from worker.notify.excerpt import one_line, shorten
from worker.notify.http import Answer, ask_json, refusal_of
from worker.text.times import DAY_S

_CAUSE_LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an answer states in the service's own words."""

    #: it took the message
    is_ok: bool
    #: the service's name of the fault, as its table knows it
    code: str = ""
    #: for an operator
    text: str = ""
    #: seconds that it asks us to wait
    wait_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A service as one channel knows it."""

    channel: ChannelId
    #: „the Bot API“
    name: str
    timeout_s: float
    #: what its own fault names mean; they win over the status
    reasons: Mapping[str, DeliveryReason]
    #: never shown
    secrets: Sequence[str] = field(repr=False)

    def ask(
        self, method: str, url: str, document: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer, whatever it says; raises DeliveryError when there is none."""
        return ask_json(self.channel, method, url, json_bytes(document), headers or {}, self.timeout_s)

    def refusal(self, answer: Answer, said: Said) -> DeliveryError | None:
        """Why the message was not taken; None: it was."""
        by_status = refusal_of(self.channel, answer, datetime.now(UTC))
        if by_status is None and said.is_ok:
            return None
        if by_status is None and not said.code:
            cause = f"the answer is not that of {self.name}; is the address right?"
            return DeliveryError(self.channel, DeliveryReason.SERVER, cause, maybe_accepted=True)
        by_status = by_status or DeliveryError(self.channel, DeliveryReason.SERVER, f"{self.name} refuses")
        stated = self._quotable(said.text or said.code)
        return DeliveryError(
            self.channel,
            self.reasons.get(said.code, by_status.reason),
            f"{by_status.cause}: {stated}" if stated else by_status.cause,
            by_status.retry_after_s if said.wait_s is None else said.wait_s,
            by_status.maybe_accepted,
        )

    def _quotable(self, stated: str) -> str:
        # Whoever answers may repeat what was asked for, or with which token.
        for secret in filter(None, self.secrets):
            for form in (secret, quote(secret, safe=":"), quote(secret, safe="")):
                stated = stated.replace(form, "***")
        return shorten(one_line(stated), _CAUSE_LIMIT)


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """UTF-8, without escapes that nobody needs."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def json_object(answer: Answer) -> Mapping[str, Any]:
    """The answer's JSON object, empty where it is none."""
    try:
        stated = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return stated if isinstance(stated, dict) else {}


def part(stated: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object inside an object, empty where it is none."""
    found = stated.get(key)
    return found if isinstance(found, dict) else {}


def word(stated: Mapping[str, Any], key: str) -> str:
    """A word or number of an object as text, empty where it has none."""
    found = stated.get(key)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def wait_s(stated: object, in_a_second: int = 1) -> float | None:
    """A service's own figure of how long to wait, a day at most; None where it is no such figure."""
    if isinstance(stated, int | float) and not isinstance(stated, bool) and stated >= 0:
        return min(float(min(stated, DAY_S * in_a_second)) / in_a_second, float(DAY_S))
    return None
