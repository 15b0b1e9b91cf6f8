"""Watch files with anything done to them: accepted, or refused with a line; never a crash."""

import random
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.matching.terms import compile_watches
from worker.settings.watches import read_watches
from worker.settings.yaml import Problems

SHIPPED = sorted(Path("config/watches").glob("*.yaml"))
SMALL = """\
watchlist: Малък
concepts:
  съюз: [НАТО, Северноатлантически алианс]
  шеф: {strong: [генсек], weak: [ръководител], context: [назначава]}
watches:
  - id: nato
    name: НАТО
    kind: actor
    any:
      - $съюз
      - {phrase: пакт, weight: 0.5, needs: [отбрана], since: 2024-10-01, until: 2025-10-01}
      - together: [[$шеф], [среща, "посещ*"]]
        within: 12
      - person: Йенс Столтенберг
        also: [Jens Stoltenberg]
    unless: ["=шах"]
    expires: 2027-01-01
    pace: ["08:30", "18:00"]
    threshold: 1
    must_match:
      - НАТО провежда учение
      - {title: Генсекът, text: Среща с генсека, on: 2025-01-05}
    must_not_match: [Времето се разваля]
  - Европейска комисия
"""
SIGNS = [
    sign.encode()
    for sign in ": - [ ] { } & &a *a ! !!omap !!set !!x/y | > ' \" # $ * = / ? , . @ ` % - ~ .nan 1e999 0x1f".split()  # noqa: SIM905 - easier to read as words
]
SIGNS += [
    b"\t",
    b"\0",
    b"\xff",
    b"\xc2\x85",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"2024-13-01",
    b"<<: *a",
    b"\n---\n",
    b"\n...\n",
    b": ",
    b"- ",
]


def mutated(text: bytes, luck: random.Random) -> bytes:
    """The text with one to three small accidents of an editor, a keyboard or a disk."""
    for _ in range(luck.choice([1, 1, 2, 3])):
        at = luck.randrange(len(text) + 1)
        kind = luck.randrange(8)
        if kind == 0:
            text = text[:at] + bytes([luck.randrange(256)]) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + luck.randrange(1, 5) :]
        elif kind == 2:
            text = text[:at] + luck.choice(SIGNS) + text[at:]
        elif kind == 3:
            text = text[:at]
        else:
            lines = text.split(b"\n")
            number = luck.randrange(len(lines))
            if kind == 4:
                del lines[number]
            elif kind == 5:
                lines.insert(number, luck.choice(lines))
            elif kind == 6:
                lines[number] = b" " * luck.randrange(8) + lines[number].lstrip()
            else:
                lines[number] = lines[number].replace(luck.choice([b":", b" ", b"[", b"-"]), luck.choice(SIGNS))
            text = b"\n".join(lines)
    return text


def judge(directory: Path) -> bool:
    """Whether the directory is accepted; refusals must name a line, or a whole file."""
    problems = Problems()
    watchlist = read_watches(directory, problems)
    if not problems.lines:
        compile_watches(watchlist)
    place = re.escape(str(directory)) + r"(/[^:/]+\.yaml(:[1-9][0-9]*)?)?: \S"
    for line in problems.lines:
        assert re.match(place, line), line
        assert "\n" not in line
    return not problems.lines


def test_small_file_is_good_as_it_is(tmp_path):
    (tmp_path / "w.yaml").write_text(SMALL, encoding="utf-8")

    assert judge(tmp_path)


@pytest.mark.parametrize("seed", range(5))
def test_mutants_of_a_small_file_are_accepted_or_refused(tmp_path, seed):
    luck = random.Random(seed)
    accepted = 0
    for _ in range(80):
        (tmp_path / "w.yaml").write_bytes(mutated(SMALL.encode(), luck))
        accepted += judge(tmp_path)

    assert 0 < accepted < 80


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_mutants_of_shipped_files_are_accepted_or_refused(tmp_path, path):
    luck = random.Random(path.stem)
    # What a file uses of the others' concepts is there.
    for name in {"concepts.yaml", path.name}:
        shutil.copy(path.with_name(name), tmp_path / name)
    for _ in range(20):
        (tmp_path / path.name).write_bytes(mutated(path.read_bytes(), luck))
        judge(tmp_path)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.integers(0, len(SMALL.encode())),
    st.integers(0, 30),
    st.one_of(st.binary(max_size=12), st.text(max_size=12).map(lambda text: text.encode("utf-8", "replace"))),
)
def test_anything_in_place_of_anything_is_accepted_or_refused(tmp_path, start, length, content):
    text = SMALL.encode()
    (tmp_path / "w.yaml").write_bytes(text[:start] + content + text[start + length :])

    judge(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("since: 2024-10-01", "since: 2024-13-01", "w.yaml:11: is not YAML: month must be in 1..12", id="no such month"),
        pytest.param("- НАТО провежда", "- \0НАТО провежда", "w.yaml:21: is not YAML: holds the sign U+0000", id="control"),
        pytest.param("pace: [", "pace: !!omap 1 [", "w.yaml:18: is not YAML", id="tag"),
        pytest.param("any:", "any: !!omap 1\n    all:", "w.yaml:9: is not YAML", id="tag of a scalar"),
        pytest.param("kind: actor", "kind: &a actor\n    watchlist: &a x", "w.yaml:9: is not YAML: found duplicate anchor", id="anchor twice"),
        pytest.param("- $съюз", "- $съюз и\n        $няма", "w.yaml:", id="phrase over two lines"),
    ],
)  # fmt: skip
def test_refusal_names_the_line(tmp_path, old, new, expected):
    (tmp_path / "w.yaml").write_text(SMALL.replace(old, new), encoding="utf-8")
    problems = Problems()

    read_watches(tmp_path, problems)

    assert expected in problems.lines[0]
    assert re.search(r"w\.yaml:\d+: ", problems.lines[0])
