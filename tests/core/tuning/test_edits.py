"""Watch files changed by a line, by the file before and after."""

import pytest
from ruamel.yaml import YAML

from tests.core.matching.builders import a_watch
from worker.models.watch import Example
from worker.tuning.edits import Edit, EditError, edit_of_example, edited, edits_of, holds, scalar, unified
from worker.tuning.proposals import Proposal

FILE = """\
# Comment at the top
watchlist: A
watches:
  - НАТО  # in one line
  - {id: flow, name: X, kind: actor, any: [a,
     b]}
  - id: block
    name: Y
    kind: topic
    any:
      - first   # why
      # why not more
    none: &shared [one]
    needs: []

  # The next one
  - id: last
    name: Z
    kind: topic
    none: *shared
    any: [z]"""


def a_named(watch_id, name="Y", *terms):
    from dataclasses import replace

    return replace(a_watch(*(terms or ("x",)), watch_id=watch_id), name=name)


@pytest.mark.parametrize(
    ("watch", "edit", "added"),
    [
        pytest.param(a_named("block"), Edit("any", "second"), ["+      - second"], id="block list"),
        pytest.param(a_named("block"), Edit("needs", "x"), ["+    needs: [x]"], id="empty list"),
        pytest.param(a_named("block"), Edit("unless", "x"), ["+    unless:", "+      - x"], id="new key"),
        pytest.param(a_named("last"), Edit("any", "x"), ["+    any: [z, x]"], id="flow list at the end"),
        pytest.param(a_named("flow"), Edit("any", "x"), ["+     b, x]}"], id="flow list of a flow watch"),
        pytest.param(a_named("flow"), Edit("none", "x"), ["+     b], none: [x]}"], id="new key of a flow watch"),
    ],
)
def test_edit_changes_as_few_lines_as_it_can(watch, edit, added):
    after = edited(FILE, watch, [edit])

    lines = unified("f.yaml", FILE, after).splitlines()
    assert [line for line in lines if line.startswith("+") and not line.startswith("+++")] == added
    assert len([line for line in lines if line.startswith("-") and not line.startswith("---")]) <= 1
    assert YAML(typ="safe").load(after)


def test_watch_of_one_line_is_spelled_out():
    after = edited(FILE, a_named("nato", "НАТО", "НАТО"), [Edit("none", "x"), Edit("must_match", '"y"')])

    first = YAML(typ="safe").load(after)["watches"][0]
    assert first == {"id": "nato", "name": "НАТО", "kind": "actor", "any": ["НАТО"], "none": ["x"], "must_match": ["y"]}
    assert "# in one line" in after


def test_edits_add_up():
    after = edited(FILE, a_named("last", "Z"), [Edit("must_match", '"1"'), Edit("must_match", '"2"')])

    assert YAML(typ="safe").load(after)["watches"][3]["must_match"] == ["1", "2"]


@pytest.mark.parametrize("watch_id", ["block", "last"], ids=["anchor", "alias"])
def test_list_that_others_share_is_left_alone(watch_id):
    with pytest.raises(EditError, match="shared with other watches"):
        edited(FILE, a_named(watch_id), [Edit("none", "x")])


def test_watch_that_is_not_there_is_told():
    assert not holds(FILE, a_named("nobody"))
    with pytest.raises(EditError, match="no watch «nobody»"):
        edited(FILE, a_named("nobody"), [Edit("none", "x")])


def test_diff_has_the_paths_that_patch_wants():
    diff = unified("config/watches/a.yaml", "a\n", "a\nb\n")

    assert diff.splitlines()[:2] == ["--- a/config/watches/a.yaml", "+++ b/config/watches/a.yaml"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Камила Столтенберг", "Камила Столтенберг"),
        ("=дума", '"=дума"'),
        ("null", '"null"'),
        ("дума: друга", '"дума: друга"'),
    ],
)
def test_phrase_is_quoted_where_yaml_would_misread_it(text, written):
    assert scalar(text) == written
    assert YAML(typ="safe").load(written) == text


def test_proposals_and_examples_are_values_of_one_line():
    assert edits_of(Proposal(key="any", phrases=("а",), why="", weight=2)) == (Edit("any", "{phrase: а, weight: 2}"),)
    assert edit_of_example("must_match", Example(text="а\nб")) == Edit("must_match", '"а б"')
    assert edit_of_example("must_match", Example(title="а", text="б")) == Edit("must_match", '{title: "а", text: "б"}')
