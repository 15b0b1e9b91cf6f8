"""Watch files: what they say, and what is said about faulty ones."""

import re
from datetime import date
from pathlib import Path

import pytest

from worker.matching.terms import compile_watches
from worker.models.watch import Conditions, Person, Phrase, Reach, Together, WatchKind
from worker.settings.watches import read_watches
from worker.settings.yaml import Problems

REPOSITORY = Path(__file__).parents[2]
FAULTY = REPOSITORY / "tests" / "data" / "config" / "watches"

WHOLE = """\
watchlist: Хора
channels: [desk]
watches:
  - id: stoltenberg
    name: Йенс Столтенберг
    kind: actor
    any:
      - person: Йенс Столтенберг
        also: [Jens Stoltenberg, Щолтенберг]
        surname_needs: [НАТО]
      - генерален секретар на НАТО
      - phrase: Северен поток
        weight: 0.5
      - phrases: [генсек, шеф на НАТО]
        needs: [алианс]
        unless: [Рюте]
        since: 2014-10-01
        until: 2024-10-01
      - together: [[членство, "покан*"], [НАТО]]
      - together: [[членство], [НАТО]]
        within: 7
      - together: [[членство], [НАТО]]
        within: article
        weight: 2
    none: [Камила Столтенберг]
    needs: [война]
    unless: [Формула 1]
    about: [politics, Природен газ]
    threshold: 1.5
    channels: [mail]
  - {id: nato, name: НАТО, kind: topic, any: [НАТО]}
"""


def read(directory: Path):
    problems = Problems()
    return read_watches(directory, problems), problems.lines


def test_every_key_reaches_the_watch(tmp_path):
    (tmp_path / "people.yaml").write_text(WHOLE, "utf-8")

    watchlist, lines = read(tmp_path)

    assert lines == ()
    watch, other = watchlist.watches
    assert watch.terms == (
        Person(
            given="Йенс",
            surname="Столтенберг",
            other_given=("Jens",),
            other_surnames=("Stoltenberg", "Щолтенберг"),
            surname_needs=(Phrase(text="НАТО"),),
        ),
        Phrase(text="генерален секретар на НАТО"),
        Phrase(text="Северен поток", weight=0.5),
        Together(
            groups=((Phrase(text="генсек"), Phrase(text="шеф на НАТО")),),
            conditions=Conditions(
                needs=(Phrase(text="алианс"),),
                unless=(Phrase(text="Рюте"),),
                since=date(2014, 10, 1),
                until=date(2024, 10, 1),
            ),
        ),
        Together(groups=((Phrase(text="членство"), Phrase(text="покан*")), (Phrase(text="НАТО"),))),
        Together(groups=((Phrase(text="членство"),), (Phrase(text="НАТО"),)), reach=Reach.WORDS, within_words=7),
        Together(groups=((Phrase(text="членство"),), (Phrase(text="НАТО"),)), reach=Reach.ARTICLE, weight=2),
    )
    assert (watch.id, watch.name, watch.kind, watch.watchlist) == (
        "stoltenberg",
        "Йенс Столтенберг",
        WatchKind.ACTOR,
        "Хора",
    )
    assert (watch.none, watch.needs, watch.unless, watch.threshold) == (
        (Phrase(text="Камила Столтенберг"),),
        (Phrase(text="война"),),
        (Phrase(text="Формула 1"),),
        1.5,
    )
    assert watch.about == {"medtop:11000000", "природен газ"}
    assert (watch.channels, other.channels, other.kind) == (("mail",), ("desk",), WatchKind.TOPIC)


@pytest.mark.parametrize(
    ("name", "given", "surname"),
    [
        pytest.param("Румен Радев", "Румен", "Радев", id="two words"),
        pytest.param("Румен Георгиев Радев", "Румен", "Радев", id="father's name"),
        pytest.param("Урсула фон дер Лайен", "Урсула", "фон дер Лайен", id="particles"),
        pytest.param("Мадона", "", "Мадона", id="one word"),
    ],
)
def test_a_name_is_parted_into_given_name_and_surname(tmp_path, name, given, surname):
    text = f"watchlist: П\nwatches:\n  - {{id: a, name: А, kind: actor, any: [{{person: {name}}}]}}\n"
    (tmp_path / "a.yaml").write_text(text, "utf-8")

    (watch,) = read(tmp_path)[0].watches

    assert watch.terms == (Person(given=given, surname=surname),)


FAULTS = {
    "unknown-key": (7, "unknown key; did you mean «unless»?"),
    "unknown-key-of-a-term": (9, "did you mean «surname_needs»?"),
    "empty-any": (6, "any: list should have at least 1 item"),
    "no-any": (3, "says nothing to look for"),
    "duplicate-id": (7, "«nato» is used in duplicate-id.yaml already"),
    "unknown-category": (7, "is no category; did you mean «politics»?"),
    "unknown-kind": (5, "'actor' or 'topic', found 'aktor'"),
    "bad-id": (3, "found 'НАТО'"),
    "term-without-a-word": (8, "«—» has no word in it"),
    "term-too-short-before-star": (7, "write at least 3 letters"),
    "term-is-a-number": (8, "valid string, found 2023"),
    "none-without-a-word": (8, "none[0]: «...» has no word in it"),
    "two-kinds-of-term": (7, "exactly one of"),
    "key-of-another-kind-of-term": (7, "`also` belongs to `person`, not to `phrase`"),
    "one-group-together": (7, "at least 2 items"),
    "empty-group": (7, "together[1]"),
    "bad-within": (
        8,
        "must be «sentence», «adjacent», «article» or a number of words from 2 to 100, found 'paragraph'",
    ),
    "within-is-a-list": (8, "must be «sentence»"),
    "ends-before-it-begins": (7, "begins on 2024-10-01"),
    "not-a-date": (8, "found 'октомври'"),
    "can-never-fire": (3, "can never fire: all its terms weigh 1, less than its threshold 2"),
    "negative-weight": (3, "all its terms weigh 0, less than its threshold 1"),
    "no-watches": (2, "at least 1 item"),
    "not-yaml": (5, "is not YAML"),
    "a-list": (1, "must hold keys with values"),
    "alone-of-a-phrase": (7, "`alone` belongs to `about`, not to `phrase`"),
    "bad-language": (7, "languages[0]: string should match pattern '^[a-z]{2}$', found 'bulgarian'"),
    "bad-severity": (7, "severity: input should be 'low', 'normal', 'high' or 'urgent', found 'critical'"),
    "bad-time": (7, "pace[1]: is no time of the day such as «08:30», found '25:00'"),
    "concept-twice": (5, 'found duplicate key "нато"'),
    "concept-with-a-mark": (3, "found '$нато'"),
    "concept-without-a-strong-name": (3, "concepts.нато.strong: is missing"),
    "description-too-short": (8, "any[1].about: string should have at least 10 characters, found 'война'"),
    "empty-example": (9, "must_match[1]: an example needs a `text` or a `title` with words in it"),
    "near-without-a-word": (8, "near[1]: «?» has no word in it"),
    "needs-of-a-meaning": (8, "`together`, not to `about`"),
    "only-meanings": (3, "can never fire: only meanings (`about`) speak for it; say `alone: true` or add words"),
    "or-lacks-without-needs": (7, "`or_lacks` is another way to meet `needs`, which is not there"),
    "threshold-zero": (7, "threshold: input should be greater than 0, found 0"),
    "unknown-actor": (8, "no actor «mark-rutte» in the catalogue"),
    "unknown-entity": (8, "as: input should be 'PER', 'ORG', 'LOC', 'EVT' or 'PRO', found 'CITY'"),
    "unknown-field": (8, "in[1]: input should be 'title', 'summary' or 'body', found 'заглавие'"),
    "unknown-setting": (8, "skip[0]: input should be 'negated' or 'past', found 'future'"),
    "weight-zero": (9, "weight: weighs nothing; leave the term out, or give it a weight above or below 0"),
}


def test_every_faulty_file_has_its_row():
    assert {path.stem for path in FAULTY.glob("*.yaml")} == set(FAULTS)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_faulty_file_gives_one_sentence_with_its_line(tmp_path, name):
    line, message = FAULTS[name]
    path = tmp_path / f"{name}.yaml"
    path.write_bytes((FAULTY / path.name).read_bytes())

    lines = read(tmp_path)[1]

    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{path}:{line}: ")
    assert message in lines[0]


def test_all_faults_of_all_files_are_told_at_once():
    lines = read(FAULTY)[1]
    told = {found[1] for line in lines if (found := re.search(r"([a-z-]+)\.yaml:\d+: ", line))}
    assert told == set(FAULTS)


def test_one_id_in_two_files_is_a_fault_with_both_places(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(WHOLE, "utf-8")

    lines = read(tmp_path)[1]

    assert [line.removeprefix(str(tmp_path)) for line in lines] == [
        "/b.yaml:4: watches[0].id: «stoltenberg» is used in a.yaml already",
        "/b.yaml:31: watches[1].id: «nato» is used in a.yaml already",
    ]


def test_a_directory_without_watch_files_is_a_fault(tmp_path):
    (line,) = read(tmp_path)[1]
    assert "holds no watch files" in line


def test_version_changes_with_any_edit_and_only_then(tmp_path):
    (tmp_path / "a.yaml").write_text(WHOLE, "utf-8")
    first = read(tmp_path)[0].version
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    assert read(tmp_path)[0].version == first

    (tmp_path / "a.yaml").write_text(WHOLE + "# забележка\n", "utf-8")

    assert read(tmp_path)[0].version != first


def test_the_watches_we_ship_are_sound():
    watchlist, lines = read(REPOSITORY / "config" / "watches")
    assert lines == ()
    assert len(watchlist.watches) == 20
    compile_watches(watchlist)
