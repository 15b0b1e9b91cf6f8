"""The complete service on the recorded morning, with processes killed in the middle of it.

Each run takes about a minute: it is the real service, on its real schedule, and nothing in it is shortened.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts the demo in this test's directory; whatever is left of it at the end is ended."""
    log = (tmp_path / "output").open("a", encoding="utf-8")

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "worker.cli", "demo", "--data", str(tmp_path / "demo")]
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, text=True)

    yield start
    log.close()
    kill(*processes(tmp_path))


def processes(root: Path, *words: str) -> list[int]:
    """Processes of the demo in `root` whose command line holds all the words, and their pools."""
    found = []
    for directory in Path("/proc").iterdir():
        if directory.name.isdigit() and int(directory.name) != os.getpid():
            try:
                command = (directory / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if any(str(root) in part for part in command) and set(words) <= set(command):
                found.append(int(directory.name))
    return found


def kill(*pids: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def wait_for_output(root: Path, words: str, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while words not in (root / "output").read_text(encoding="utf-8"):
        assert time.monotonic() < deadline, f"«{words}» did not appear:\n" + (root / "output").read_text(
            encoding="utf-8"
        )
        time.sleep(0.1)


def wait_for_end(root: Path, seconds: float = 20) -> None:
    """A killed process takes a moment to end; one that was born meanwhile ends because its parent is gone."""
    deadline = time.monotonic() + seconds
    while left := processes(root):
        assert time.monotonic() < deadline, f"still alive: {left}"
        time.sleep(0.1)


def verdict(root: Path, process: subprocess.Popen[str]) -> str:
    code = process.wait(200)
    output = (root / "output").read_text(encoding="utf-8")
    assert code == 0, output[-6000:]
    return output


def test_every_kind_of_process_may_be_killed(play, tmp_path):
    process = play()
    wait_for_output(tmp_path, "every worker is up")

    for kind in ("nlp", "fetch", "deliver", "scheduler"):
        time.sleep(3)
        killed = processes(tmp_path, "role", kind)
        assert killed, kind
        kill(*killed)
    time.sleep(3)
    broker = [pid for pid in processes(tmp_path) if "valkey" in Path(f"/proc/{pid}/cmdline").read_text()]
    assert len(broker) == 1
    kill(*broker)

    output = verdict(tmp_path, process)
    assert "PASSED" in output


def test_everything_killed_at_once_is_carried_on(play, tmp_path):
    process = play()
    wait_for_output(tmp_path, "every worker is up")
    wait_for_output(tmp_path, "alert     |")
    time.sleep(10)

    kill(*processes(tmp_path))
    process.wait(20)
    wait_for_end(tmp_path)

    output = verdict(tmp_path, play())
    assert "carrying on the interrupted run" in output
    assert "PASSED" in output
