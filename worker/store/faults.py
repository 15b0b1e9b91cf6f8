"""What a database says, as a sentence for the person who can mend it.

SQLAlchemy's own message is never shown: it holds the statement with its values, which are article text.
"""

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

#: what the library says → what to do about it; the first that fits wins
_ADVICE = (
    ("database is locked", "another program has held it for too long; find out which one and end it"),
    ("disk is full", "the disk is full; free some space and start again"),
    ("no space left", "the disk is full; free some space and start again"),
    ("disk i/o error", "the disk cannot be read or written; check the disk and its free space"),
    ("readonly database", "it may not be written; check the owner and permissions of the file and its folder"),
    ("read-only transaction", "it takes no writes; connect to the primary server"),
    ("unable to open database file", "the file cannot be opened; check that its folder exists and may be written"),
    ("file is not a database", "the file is no SQLite database; check the path or put back a backup"),
    ("malformed", "the file is damaged; put back a backup"),
    ("no such table", "it has no tables of this version; run «vestitel migrate»"),
    ("no such column", "its tables are of another version; run «vestitel migrate»"),
    ("undefinedtable", "it has no tables of this version; run «vestitel migrate»"),
    ("undefinedcolumn", "its tables are of another version; run «vestitel migrate»"),
    ("password authentication failed", "it refused user name or password; check the database address"),
    ("no password supplied", "it wants a password; put it into the database address"),
    ("permission denied", "the user lacks permission; grant it or connect as another user"),
    ("does not exist", "the database or the user does not exist; create it or check the database address"),
    ("too many clients", "it has no connection free; raise its connection limit or start fewer workers"),
    ("connection refused", "nobody answers there; start the server or check the database address"),
    ("timeout expired", "nobody answers there; start the server or check the database address"),
    ("could not translate host name", "its host name is unknown; check the database address"),
    ("failed to resolve host", "its host name is unknown; check the database address"),
    ("no such file or directory", "nobody answers at that socket; start the server or check the database address"),
    ("server closed the connection", "the connection broke; check that the server still runs"),
    ("terminating connection", "the server ended the connection; check that it still runs"),
    ("the connection is closed", "the connection broke; check that the server still runs"),
    ("deadlock detected", "two programs waited for each other; the work is done again later"),
    ("lock timeout", "another program has held a lock for too long; find out which one and end it"),
)


def name_of(engine: Engine) -> str:
    """Which database, without user name, password and options."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return f"SQLite database {url.database}"
    host = url.host or "local socket"
    return f"PostgreSQL database {url.database} at {host}" + (f":{url.port}" if url.port else "")


def sentence(engine: Engine, error: SQLAlchemyError) -> str:
    """Which database, what is wrong and what to do; one line, no statement, no values."""
    if isinstance(error, PoolTimeout):
        return f"{name_of(engine)}: no connection became free in time; start fewer threads in one process"
    cause = error.orig if isinstance(error, DBAPIError) else None
    if cause is None:
        return f"{name_of(engine)}: the statement could not be run ({type(error).__name__})"
    kind = type(cause).__name__
    said = f"{kind}: {cause}".lower()
    for sign, advice in _ADVICE:
        if sign in said:
            return f"{name_of(engine)}: {advice} ({kind})"
    first_line = str(cause).strip().partition("\n")[0][:200]
    return f"{name_of(engine)}: it refused an operation ({kind}: {first_line})"


def is_usable_url(url: str) -> bool:
    """Whether the text has the form of a database address at all."""
    try:
        make_url(url)
    except (SQLAlchemyError, ValueError):
        return False
    return True
