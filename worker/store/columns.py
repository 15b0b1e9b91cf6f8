"""Column types that make both databases keep the same values."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import TIMESTAMP, Dialect, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from worker.models.news import require_utc

# PostgreSQL refuses NUL, and no database takes a lone surrogate; feeds hold both now and then.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with every character that a database refuses replaced, one for one, so that offsets hold."""
    return _UNSTORABLE.sub("\ufffd", text)


def to_json(value: Any) -> str:
    """Compact JSON in readable letters; lone surrogates replaced."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


class Words(TypeDecorator[str]):
    """Text of any origin and length."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """What is stored of the text."""
        del dialect
        return None if value is None else storable(value)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant to the microsecond; on SQLite an ISO text of fixed width, so that it sorts by time."""

    impl = TIMESTAMP
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of one database."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(TIMESTAMP(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Raises ValueError for an instant that is not aware UTC."""
        require_utc(value, "a stored instant")
        if value is None or dialect.name != "sqlite":
            return value
        return value.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The instant as it was stored."""
        del dialect
        if value is None:
            return None
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return instant.astimezone(UTC)
