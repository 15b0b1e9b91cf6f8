"""What all answers of the page share: they change nothing, say when the database is away, and know what was seen."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from worker.errors import StoreError
from worker.text.http_dates import http_instant

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_NOT_MODIFIED = 304
_TAG = re.compile(r'"[^"]*"')


def guarded(answer: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The page without a database says so, instead of failing."""

    async def guarded_answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(answer, request)
        except StoreError:
            return PlainTextResponse("Базата данни не отговаря. Вижте дневника.\n", status_code=503, headers=HEADERS)

    return guarded_answer


def conditional(request: Request, body: bytes, content_type: str, changed_at: datetime | None) -> Response:
    """The body, or 304 to who has it already: by its tag, else by the time of its last change (RFC 9110 §13.2.2)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**HEADERS, "Cache-Control": "private, no-cache", "ETag": tag}
    if changed_at is not None:
        headers["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if _is_known(request, tag, changed_at):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(body, headers={**headers, "Content-Type": content_type})


def _is_known(request: Request, tag: str, changed_at: datetime | None) -> bool:
    known = request.headers.get("if-none-match")
    if known is not None:
        return known.strip() == "*" or tag in _TAG.findall(known)
    since = http_instant(request.headers.get("if-modified-since", ""))
    # A date has whole seconds only.
    return since is not None and changed_at is not None and changed_at.replace(microsecond=0) <= since
