"""What the commands about alerts, deliveries and silences share: short ids, who asks, and the same as JSON."""

import getpass
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, is_dataclass
from datetime import date, time
from typing import Any

import click

from worker.errors import ConfigError

#: so many signs of an id are shown, and nearly always enough to name it
SHORT = 12
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
AUTHOR = click.option("--author", help="Who asks for it (else the name of the user of this machine).")


def full_id(kind: str, given: str, find: Callable[[str], tuple[str, ...]], remedy: str) -> str:
    """The one id that begins so; raises ConfigError where there is none or more than one."""
    found = find(given) if given.strip() else ()
    if given in found or len(found) == 1:
        return given if given in found else found[0]
    if not found:
        raise ConfigError((f"there is no {kind} «{given}»; {remedy}",))
    raise ConfigError((f"«{given}» begins the ids of several: {', '.join(found[:5])}; give more of the {kind}'s id",))


def author_of(given: str | None) -> str:
    """Who asks; raises ConfigError where nobody says it and the machine does not know."""
    if given is not None and not given.strip():
        raise ConfigError(("--author is empty; say who you are",))
    try:
        return given.strip() if given else getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise ConfigError(("this machine does not know who you are; say it with --author",)) from error


def print_json(value: Any) -> None:
    """Records of ours as JSON: one, or a list of them."""
    shown = _plain(value) if is_dataclass(value) else [_plain(one) for one in value]
    print(json.dumps(shown, ensure_ascii=False, indent=2, default=_scalar))


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Names and values below each other; what says nothing is left out."""
    told = [(name, value) for name, value in facts if value not in {None, ""}]
    width = max((len(name) for name, _ in told), default=0)
    for name, value in told:
        print(f"{name.ljust(width)}  {value}")


def _plain(value: Any) -> Any:
    return asdict(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    return sorted(value)
