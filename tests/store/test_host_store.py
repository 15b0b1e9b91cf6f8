"""The contract of HostStore, and that processes really share it."""

import subprocess
import sys
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine

from tests.fake_hosts import FakeHostStore
from tests.store.values import NOW
from worker.fetch.hosts import group_of
from worker.models.hosts import Network, RobotsRecord, RobotsVerdict
from worker.ports import HostStore
from worker.store.hosts import SqlHostStore

LEASE = timedelta(seconds=50)
SPACING = timedelta(seconds=5)


@pytest.fixture(params=["fake", "sqlite", "postgres"])
def hosts(request: pytest.FixtureRequest) -> HostStore:
    if request.param == "fake":
        return FakeHostStore()
    return SqlHostStore(request.getfixturevalue(f"{request.param}_engine"))


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def take(hosts: HostStore, host: str, seconds: float = 0, most: int = 6, spacing: timedelta = SPACING) -> float | None:
    """Seconds to wait; None: taken."""
    wait = hosts.take(host, f"{host} {seconds}", at(seconds), lease=LEASE, spacing=spacing, most=most)
    return None if wait is None else wait.total_seconds()


def ask(hosts: HostStore, host: str, seconds: float, *, reached: bool) -> Network:
    """A whole request."""
    assert take(hosts, host, seconds) is None
    return hosts.give_back(host, f"{host} {seconds}", at(seconds), reached=reached).network


def test_second_request_waits_for_the_first(hosts):
    assert take(hosts, "bnt.bg") is None
    assert take(hosts, "bnt.bg", 1) == 4
    assert take(hosts, "bnt.bg", 20) == 2


def test_requests_begin_five_seconds_apart_however_soon_the_first_ended(hosts):
    take(hosts, "bnt.bg")
    hosts.give_back("bnt.bg", "bnt.bg 0", at(0.2), reached=True)

    assert take(hosts, "bnt.bg", 4.5) == 0.5
    assert take(hosts, "bnt.bg", 5) is None


def test_longer_crawl_delay_holds_for_whoever_asks_next(hosts):
    take(hosts, "bnt.bg", spacing=timedelta(seconds=10))
    hosts.give_back("bnt.bg", "bnt.bg 0", at(1), reached=True)

    assert take(hosts, "bnt.bg", 7) == 3


def test_rest_asked_for_at_the_end_is_kept_and_never_shortens_another(hosts):
    take(hosts, "bnt.bg", spacing=timedelta(seconds=10))
    hosts.give_back("bnt.bg", "bnt.bg 0", at(1), reached=True, rest_until=at(7))
    before = take(hosts, "bnt.bg", 8)
    hosts.give_back("bnt.bg", "nobody", at(8), reached=True, rest_until=at(30))

    assert before == 2
    assert take(hosts, "bnt.bg", 11) == 19


def test_hosts_do_not_wait_for_each_other_until_the_limit(hosts):
    assert [take(hosts, name, most=2) for name in ("a.bg", "b.bg")] == [None, None]
    assert take(hosts, "c.bg", most=2) == 2

    hosts.give_back("a.bg", "a.bg 0", at(1), reached=True)

    assert take(hosts, "c.bg", 1, most=2) is None


def test_host_of_a_killed_worker_is_free_after_its_lease(hosts):
    take(hosts, "bnt.bg")

    assert take(hosts, "bnt.bg", 49) == 2
    assert take(hosts, "bnt.bg", 50) is None


def test_late_end_does_not_free_a_host_that_another_took(hosts):
    take(hosts, "bnt.bg")
    take(hosts, "bnt.bg", 60)

    hosts.give_back("bnt.bg", "bnt.bg 0", at(61), reached=True)

    assert take(hosts, "bnt.bg", 66) == 2


def test_robots_are_kept_and_replaced(hosts):
    first = RobotsRecord(origin="https://bnt.bg", read_at=NOW, fresh_until=at(60), verdict=RobotsVerdict.UNSAID)
    second = RobotsRecord(
        origin="https://bnt.bg",
        read_at=at(60),
        fresh_until=at(90),
        verdict=RobotsVerdict.RULES,
        body="User-agent: *\nDisallow: /тайна\n",
        cause="robots.txt",
    )

    before = hosts.robots("https://bnt.bg")
    hosts.keep_robots(first)
    kept = hosts.robots("https://bnt.bg")
    hosts.keep_robots(second)

    assert (before, kept, hosts.robots("https://bnt.bg")) == (None, first, second)


def test_one_host_that_fails_is_its_own_fault(hosts):
    ask(hosts, "a.bg", 0, reached=True)

    seen = [ask(hosts, "b.bg", seconds, reached=False) for seconds in (10, 20, 30, 40)]

    assert set(seen) == {Network.FINE}


def test_network_is_lost_with_the_third_host_in_a_row_and_found_with_the_first_that_answers(hosts):
    for number, name in enumerate(("a.bg", "b.bg", "c.bg", "d.bg")):
        ask(hosts, name, number, reached=True)

    seen = [ask(hosts, name, 100 + n, reached=False) for n, name in enumerate(("a.bg", "b.bg", "c.bg", "d.bg"))]
    take(hosts, "b.bg", 200)
    found = hosts.give_back("b.bg", "b.bg 200", at(200), reached=True)

    assert seen == [Network.FINE, Network.FINE, Network.LOST, Network.AWAY]
    assert (found.network, found.since) == (Network.FOUND, at(102))
    assert ask(hosts, "c.bg", 300, reached=False) is Network.FINE


def test_network_that_was_never_there_is_lost_too(hosts):
    seen = [ask(hosts, name, n, reached=False) for n, name in enumerate(("a.bg", "b.bg", "c.bg"))]

    assert seen == [Network.FINE, Network.FINE, Network.LOST]


def test_of_many_who_ask_at_once_one_gets_the_host(engine: Engine) -> None:
    hosts = SqlHostStore(engine)
    gate = Barrier(6)
    taken: list[str] = []

    def worker(name: str) -> None:
        gate.wait()
        tries = [hosts.take("bnt.bg", name, NOW, lease=LEASE, spacing=SPACING, most=6) for _ in range(5)]
        taken.extend(name for wait in tries if wait is None)

    threads = [Thread(target=worker, args=(f"worker {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 1


def test_limit_holds_for_many_who_ask_at_once(engine: Engine) -> None:
    hosts = SqlHostStore(engine)
    gate = Barrier(8)
    taken: list[int] = []

    def worker(number: int) -> None:
        gate.wait()
        if hosts.take(f"host{number}.bg", "w", NOW, lease=LEASE, spacing=SPACING, most=3) is None:
            taken.append(number)

    threads = [Thread(target=worker, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(taken) == 3


_OTHER_PROCESS = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from worker.errors import PutOffError
from worker.fetch.client import HttpClient
from worker.fetch.polite import Etiquette, PoliteClient
from worker.models.feed import Validators
from worker.store.engine import connect
from worker.store.hosts import SqlHostStore

url, at, asked = sys.argv[1:]
polite = PoliteClient(
    client=HttpClient(user_agent="Vestitel/test", allow_private=False),
    hosts=SqlHostStore(connect(url, Path("unused"))),
    clock=lambda: datetime.fromisoformat(at),
    etiquette=Etiquette(groups={"dnevnik.bg": "economedia", "capital.bg": "economedia"}),
)
try:
    polite.get("proba", asked, Validators())
except PutOffError as error:
    print(error.pause.value, error.host, error.wait_s)
"""


def test_hosts_asked_as_one_are_spaced_as_one_by_another_process_too(engine):
    hosts = SqlHostStore(engine)
    groups = {"dnevnik.bg": "economedia", "capital.bg": "economedia"}
    group = group_of("https://www.dnevnik.bg/rss/", groups)
    take(hosts, group)
    hosts.give_back(group, f"{group} 0", at(1), reached=True)
    url = engine.url.render_as_string(hide_password=False)

    done = subprocess.run(
        [sys.executable, "-c", _OTHER_PROCESS, url, at(2).isoformat(), "https://www.capital.bg/rss/"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert done.stdout.split() == ["host", "economedia", "3.0"]


def test_hosts_are_free_when_a_clock_that_was_a_year_ahead_is_set_back(hosts):
    year_s = 365 * 86_400
    for number in range(6):
        take(hosts, f"h{number}.example", year_s)

    assert [take(hosts, f"h{number}.example") for number in range(6)] == [None] * 6
