"""Structured logging to standard output: readable on a terminal, JSON otherwise; one event per task run.

Libraries that use the standard `logging` come out in the same form. Article text, addresses of people and
tokens never reach a log.
"""

import logging
import sys
from typing import Any, Literal

import structlog

_SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def set_up_logging(form: Literal["auto", "json", "pretty"], role: str) -> None:
    """Routes structlog and `logging` to standard output; every event carries `role`."""
    pretty = form == "pretty" or (form == "auto" and sys.stdout.isatty())
    renderer: Any = (
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),
            pad_event_to=0,
            # The other formatters show local variables, and those hold tokens.
            exception_formatter=structlog.dev.plain_traceback,
        )
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    exceptions: tuple[Any, ...] = () if pretty else (structlog.processors.format_exc_info,)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *exceptions, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # Start-up chatter of libraries; their warnings stay.
    for noisy in ("celery", "kombu", "amqp", "alembic", "stanza", "uvicorn.access", "uvicorn.error", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(role=role)


def get_log() -> Any:
    """The logger; event names are `noun.past_participle`."""
    return structlog.get_logger()
