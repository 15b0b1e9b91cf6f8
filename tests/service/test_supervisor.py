"""The supervisor with real child processes."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = """
import os, signal, sys, time
from datetime import datetime, timedelta, UTC
from pathlib import Path
from worker.supervisor import Role, Supervisor
root = Path(sys.argv[1])
def child(name, body):
    start = f"import os, pathlib, sys, time, signal; pathlib.Path({str(root)!r}, {name!r} + '.' + str(os.getpid())).touch();"
    return (sys.executable, "-c", "from worker.processes import die_with_parent; import os; die_with_parent(int(os.environ['VESTITEL_SUPERVISOR']));" + start + body)
def write(role, line):
    with (root / "log").open("a") as log:
        log.write(f"{role} {line}\\n")
roles = ROLES
code = Supervisor(roles, environment=os.environ, write=write, heartbeats=BEATS, patience=timedelta(seconds=1)).run(lambda: (root / "started").touch())
sys.exit(code)
"""
FOREVER = "time.sleep(60)"
#: Writes when it was asked to end, so that the order can be read.
TELLS = "signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit(0))); print('hello', flush=True); time.sleep(60)"


def start(root: Path, roles: str, beats: str = "dict") -> subprocess.Popen[bytes]:
    program = textwrap.dedent(PROGRAM).replace("ROLES", roles).replace("BEATS", beats)
    return subprocess.Popen([sys.executable, "-c", program, str(root)])


def eventually(condition: Callable[[], object], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)


def pids(root: Path, name: str) -> list[int]:
    return [int(path.suffix[1:]) for path in root.glob(f"{name}.*")]


def alive(pid: int) -> bool:
    try:
        # Field 3 of /proc/PID/stat is the state; a zombie is dead.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_stops_in_reverse_order_and_ends_with_zero(tmp_path):
    roles = f"[Role(name='late', command=child('late', {TELLS!r}), stage=2), Role(name='early', command=child('early', {TELLS!r}), stage=1)]"
    process = start(tmp_path, roles)
    eventually(lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_text().count("hello") == 2)

    process.terminate()

    assert process.wait(20) == 0
    goodbyes = [line for line in (tmp_path / "log").read_text().splitlines() if "bye" in line]
    assert goodbyes == ["late bye", "early bye"]


def test_killed_child_is_started_again(tmp_path):
    process = start(tmp_path, f"[Role(name='a', command=child('a', {FOREVER!r}), stage=1)]")
    eventually(lambda: pids(tmp_path, "a"))

    os.kill(pids(tmp_path, "a")[0], signal.SIGKILL)

    eventually(lambda: len(pids(tmp_path, "a")) == 2)
    process.terminate()
    assert process.wait(20) == 0
    assert not any(alive(pid) for pid in pids(tmp_path, "a"))


def test_killed_supervisor_leaves_no_orphan(tmp_path):
    process = start(tmp_path, f"[Role(name='a', command=child('a', {FOREVER!r}), stage=1)]")
    eventually(lambda: pids(tmp_path, "a"))

    process.kill()
    process.wait()

    eventually(lambda: not any(alive(pid) for pid in pids(tmp_path, "a")))


def test_process_born_after_its_parent_died_ends_at_once():
    program = "from worker.processes import die_with_parent; import time; die_with_parent(1); time.sleep(60)"

    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=15).returncode == 0


def test_pool_of_a_killed_worker_ends_with_it(tmp_path):
    forks = "pid = os.fork();\nif pid == 0:\n    pathlib.Path(ROOT, 'pool.' + str(os.getpid())).touch()\ntime.sleep(60)"
    body = f"exec({forks.replace('ROOT', repr(str(tmp_path)))!r})"
    process = start(tmp_path, f"[Role(name='a', command=child('a', {body!r}), stage=1)]")
    eventually(lambda: pids(tmp_path, "pool"))
    pool = pids(tmp_path, "pool")[0]

    os.kill(pids(tmp_path, "a")[0], signal.SIGKILL)

    eventually(lambda: not alive(pool))
    process.terminate()
    process.wait(20)


def test_worker_that_works_no_more_is_started_again(tmp_path):
    """It beat once after its start, and then never again."""
    roles = f"[Role(name='a', command=child('a', {FOREVER!r}), stage=1, beats=True)]"
    once = "lambda at=datetime.now(UTC) + timedelta(seconds=1): {'a': at}"

    process = start(tmp_path, roles, once)

    eventually(lambda: len(pids(tmp_path, "a")) == 2, 25)
    process.terminate()
    process.wait(20)


def test_worker_that_is_accounted_for_is_left_alone(tmp_path):
    roles = f"[Role(name='a', command=child('a', {FOREVER!r}), stage=1, beats=True)]"
    looks = tmp_path / "looks"
    busy = f"lambda: (open({str(looks)!r}, 'a').write('x'), {{'a': datetime.now(UTC) + timedelta(minutes=4)}})[1]"

    process = start(tmp_path, roles, busy)

    eventually(lambda: looks.exists() and len(looks.read_text()) >= 3, 25)
    assert len(pids(tmp_path, "a")) == 1
    process.terminate()
    process.wait(20)


def test_configuration_fault_of_a_child_ends_everything_with_two(tmp_path):
    roles = f"[Role(name='a', command=child('a', 'sys.exit(2)'), stage=1), Role(name='b', command=child('b', {FOREVER!r}), stage=1)]"
    process = start(tmp_path, roles)

    assert process.wait(20) == 2
    eventually(lambda: not any(alive(pid) for pid in pids(tmp_path, "b")))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: number.name)
def test_each_signal_ends_it(tmp_path, number):
    process = start(tmp_path, f"[Role(name='a', command=child('a', {FOREVER!r}), stage=1)]")
    eventually((tmp_path / "started").exists)

    process.send_signal(number)

    assert process.wait(20) == 0
