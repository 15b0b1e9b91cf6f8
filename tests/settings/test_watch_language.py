"""The language of watch files: what each key of a watch, a term and a concept becomes."""

from datetime import date, time
from pathlib import Path

import pytest

from tests.core.matching.builders import an_article
from worker.matching.match import find_matches
from worker.matching.terms import compile_watches
from worker.models.actor import Actor, ActorId, Catalogue
from worker.models.news import Field, MentionKind
from worker.models.watch import (
    Concept,
    Conditions,
    Example,
    Meaning,
    Person,
    Phrase,
    Reach,
    Scope,
    Setting,
    Severity,
    Together,
    Watch,
    WatchId,
    WatchKind,
    Watchlist,
)
from worker.settings.watches import place_in_file, read_watches
from worker.settings.yaml import Problems

WHOLE = """\
watchlist: Енергетика
channels: [desk]
concepts:
  съюз: [Европейски съюз, ЕС]
  газ:
    strong: [природен газ]
    weak: [горивото]
    context: [доставка]
    none: [синьо гориво]
watches:
  - id: gas
    name: Газ
    kind: topic
    any:
      - цена на $газ
      - phrase: тръба
        needs: [газ]
        or_lacks: [вода]
        unless: [наргиле]
        near: [Чирен]
        not_near: [ВиК]
        since: 2024-01-01
        until: 2026-01-01
        in: [title, summary]
        as: ORG
        skip: [negated, past]
        weight: -0.5
      - phrase: кран
        in: title
        skip: past
      - together: [[газ], [Чирен]]
        within: adjacent
        near: [зима]
      - person: Румен Радев
        surname_needs: [президент]
        surname_unless: [БНБ]
        name_needs: [държава]
        both_genders: true
        near: [газ]
      - actor: rumen-radev
        in: body
      - actor: bulgargaz
        weight: 2
      - about: Доставките на гориво спират
        weight: 0.25
    all:
      - $съюз
      - about: Някой остава без отопление
        alone: true
    weak: [компанията]
    context: [газохранилище]
    threshold: 1.5
    outlets: [Дневник, bta]
    not_outlets: Капитал
    sections: [Economy]
    not_sections: sport
    languages: bg
    severity: urgent
    expires: 2027-01-01
    pace: ["18:00", "08:30"]
    must_match:
      - Газът поскъпна
      - title: Природен газ
        text: Цените растат
        on: 2025-03-01
    must_not_match: [Светлината поскъпна]
"""
ACTORS = Catalogue(
    actors=(
        Actor(
            id=ActorId("rumen-radev"), name="Румен Радев", kind=MentionKind.PER, aliases=("Rumen Radev",), weak=("Радев",)
        ),
        Actor(
            id=ActorId("bulgargaz"),
            name="Булгаргаз",
            kind=MentionKind.ORG,
            aliases=("Bulgargaz",),
            weak=("дружеството",),
        ),
    )
)  # fmt: skip


def phrases(*texts):
    return tuple(Phrase(text=text) for text in texts)


def written(directory: Path, text: str, name="a.yaml", catalogue=ACTORS) -> tuple[Watchlist, list[str]]:
    """The watchlist of a directory with one more file, and its faults without the directory."""
    (directory / name).write_text(text, "utf-8")
    problems = Problems()
    watchlist = read_watches(directory, problems, catalogue)
    return watchlist, [line.removeprefix(f"{directory}/") for line in problems.lines]


def watch_of(directory: Path, *lines: str) -> Watch:
    """The only watch, with these lines of its own."""
    head = ["watchlist: П", "watches:", "  - id: a", "    name: А", "    kind: topic"]
    watchlist, faults = written(directory, "\n".join([*head, *(f"    {line}" for line in lines)]) + "\n")
    assert faults == []
    (watch,) = watchlist.watches
    return watch


@pytest.fixture
def whole(tmp_path):
    watchlist, faults = written(tmp_path, WHOLE)
    assert faults == []
    return watchlist


def test_every_key_of_a_term_reaches_it(whole):
    (watch,) = whole.watches

    assert watch.terms[:5] == (
        Phrase(text="цена на $газ"),
        Together(
            groups=(phrases("тръба"),),
            conditions=Conditions(
                needs=phrases("газ"),
                or_lacks=phrases("вода"),
                unless=phrases("наргиле"),
                near=phrases("Чирен"),
                not_near=phrases("ВиК"),
                since=date(2024, 1, 1),
                until=date(2026, 1, 1),
                fields=frozenset({Field.TITLE, Field.SUMMARY}),
                entity=MentionKind.ORG,
                skips=frozenset(Setting),
            ),
            weight=-0.5,
        ),
        Together(
            groups=(phrases("кран"),),
            conditions=Conditions(fields=frozenset({Field.TITLE}), skips=frozenset({Setting.PAST})),
        ),
        Together(
            groups=(phrases("газ"), phrases("Чирен")),
            reach=Reach.ADJACENT,
            conditions=Conditions(near=phrases("зима")),
        ),
        Person(
            given="Румен",
            surname="Радев",
            other_surnames=("Радева",),
            surname_needs=phrases("президент"),
            surname_unless=phrases("БНБ"),
            name_needs=phrases("държава"),
            conditions=Conditions(near=phrases("газ")),
        ),
    )


def test_actor_becomes_a_person_or_a_concept_of_its_names(whole):
    (watch,) = whole.watches

    assert watch.terms[5:7] == (
        Person(
            given="Румен",
            surname="Радев",
            other_given=("Rumen",),
            other_surnames=("Radev",),
            conditions=Conditions(fields=frozenset({Field.BODY})),
        ),
        Together(groups=(phrases("$actor:bulgargaz"),), weight=2),
    )
    assert whole.concepts["actor:bulgargaz"] == Concept(
        name="actor:bulgargaz",
        strong=phrases("Булгаргаз", "Bulgargaz"),
        weak=phrases("дружеството"),
        entity="Булгаргаз",
    )


def test_meanings_and_all_reach_the_watch(whole):
    (watch,) = whole.watches

    assert watch.terms[7] == Meaning(description="Доставките на гориво спират", weight=0.25)
    assert watch.all == (Phrase(text="$съюз"), Meaning(description="Някой остава без отопление", alone=True))


def test_concepts_reach_the_watchlist(whole):
    assert whole.concepts["съюз"] == Concept(name="съюз", strong=phrases("Европейски съюз", "ЕС"))
    assert whole.concepts["газ"] == Concept(
        name="газ",
        strong=phrases("природен газ"),
        weak=phrases("горивото"),
        context=phrases("доставка"),
        none=phrases("синьо гориво"),
    )


def test_weak_names_of_a_watch_become_a_concept_of_its_own_worth_its_threshold(whole):
    (watch,) = whole.watches

    assert watch.terms[8:] == (Together(groups=(phrases("$watch:gas"),), weight=1.5),)
    assert whole.concepts["watch:gas"] == Concept(
        name="watch:gas",
        strong=(
            Phrase(text="цена на $газ"),
            *phrases("тръба", "кран", "Румен Радев", "Румен Радев", "$actor:bulgargaz"),
        ),
        weak=phrases("компанията"),
        context=phrases("газохранилище"),
    )


def test_every_further_key_of_a_watch_reaches_it(whole):
    (watch,) = whole.watches

    assert watch.scope == Scope(
        outlets=frozenset({"дневник", "bta"}),
        not_outlets=frozenset({"капитал"}),
        sections=frozenset({"economy"}),
        not_sections=frozenset({"sport"}),
        languages=frozenset({"bg"}),
    )
    assert (watch.threshold, watch.severity, watch.expires) == (1.5, Severity.URGENT, date(2027, 1, 1))
    assert watch.pace == (time(8, 30), time(18, 0))
    assert watch.must_match == (
        Example(text="Газът поскъпна"),
        Example(title="Природен газ", text="Цените растат", on=date(2025, 3, 1)),
    )
    assert watch.must_not_match == (Example(text="Светлината поскъпна"),)


def test_whole_language_compiles(whole):
    assert compile_watches(whole).watches == whole.watches


@pytest.mark.parametrize(
    ("line", "watch_id", "kind"),
    [
        pytest.param("Столтенберг", "stoltenberg", WatchKind.ACTOR, id="capital"),
        pytest.param("горски пожар", "gorski-pozhar", WatchKind.TOPIC, id="small letters"),
        pytest.param("АЕЦ „Козлодуй“", "aets-kozloduy", WatchKind.ACTOR, id="quotation marks"),
    ],
)
def test_watch_in_one_line_is_its_own_name_id_and_only_term(tmp_path, line, watch_id, kind):
    watchlist, faults = written(tmp_path, f"watchlist: П\nchannels: [desk]\nwatches:\n  - {line}\n")

    assert faults == []
    assert watchlist.watches == (
        Watch(
            id=WatchId(watch_id),
            name=line,
            kind=kind,
            terms=phrases(line),
            channels=watchlist.watches[0].channels,
            watchlist="П",
        ),
    )
    assert watchlist.watches[0].channels == ("desk",)


@pytest.mark.parametrize(
    ("line", "pace"),
    [
        pytest.param([], (), id="none given"),
        pytest.param(["pace: instant"], (), id="instant"),
        pytest.param(['pace: "08:30"'], (time(8, 30),), id="a time"),
        pytest.param(["pace: 08:30"], (time(8, 30),), id="a time without quotation marks"),
        pytest.param(['pace: ["18:00", "08:30"]'], (time(8, 30), time(18)), id="times, in their order"),
    ],
)
def test_pace_of_a_watch(tmp_path, line, pace):
    assert watch_of(tmp_path, "any: [газ]", *line).pace == pace


@pytest.mark.parametrize(
    ("line", "severity"),
    [pytest.param([], Severity.NORMAL, id="none given")]
    + [pytest.param([f"severity: {severity}"], severity, id=severity) for severity in Severity],
)
def test_severity_of_a_watch(tmp_path, line, severity):
    assert watch_of(tmp_path, "any: [газ]", *line).severity is severity


@pytest.mark.parametrize(
    ("within", "reach", "words"),
    [
        pytest.param("sentence", Reach.SENTENCE, 0, id="sentence"),
        pytest.param("adjacent", Reach.ADJACENT, 0, id="adjacent"),
        pytest.param("article", Reach.ARTICLE, 0, id="article"),
        pytest.param("2", Reach.WORDS, 2, id="fewest words"),
        pytest.param("100", Reach.WORDS, 100, id="most words"),
    ],
)
def test_reach_of_a_term(tmp_path, within, reach, words):
    watch = watch_of(tmp_path, "any:", "  - together: [[газ], [Чирен]]", f"    within: {within}")
    assert watch.terms == (
        Together(groups=(phrases("газ"), phrases("Чирен")), reach=reach, within_words=words),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("person", "surnames"),
    [
        pytest.param("Румен Радев", ("Радева",), id="man"),
        pytest.param("Цвета Караянчева", ("Караянчев",), id="woman"),
        pytest.param("Делян Пеевски", ("Пеевска",), id="in -ски"),
        pytest.param("Йенс Столтенберг", (), id="no Slavic surname"),
    ],
)
def test_both_genders_of_a_surname(tmp_path, person, surnames):
    (term,) = watch_of(tmp_path, "any:", f"  - person: {person}", "    both_genders: true").terms
    assert isinstance(term, Person)
    assert term.other_surnames == surnames


def test_watch_may_have_terms_under_all_only(tmp_path):
    watch = watch_of(tmp_path, "all: [газ, Чирен]")
    assert (watch.terms, watch.all) == ((), phrases("газ", "Чирен"))


def test_meaning_that_may_speak_alone_is_a_watch(tmp_path):
    watch = watch_of(tmp_path, "any:", "  - about: Доставките на гориво спират", "    alone: true")
    assert watch.terms == (Meaning(description="Доставките на гориво спират", alone=True),)


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        pytest.param("Управителят на банката мълчи.", False, id="weak name alone"),
        pytest.param("БНБ реши. Управителят на банката мълчи.", True, id="term of the watch"),
        pytest.param("Лихвите вдига управителят на банката.", True, id="context of the watch"),
    ],
)
def test_weak_name_of_a_watch_needs_its_terms_or_context(tmp_path, text, fires):
    lines = ["any: [БНБ]", "weak: [управител на банката]", "context: [лихви]", "threshold: 1"]
    watch_of(tmp_path, *lines)
    watchlist = read_watches(tmp_path, Problems())

    found = find_matches(an_article(body=text), None, compile_watches(watchlist))

    assert any("банката" in one.text for match in found for one in match.evidence) is fires


def test_file_may_hold_concepts_alone_and_serve_another(tmp_path):
    (tmp_path / "a.yaml").write_text("watchlist: П\nwatches:\n  - цена на $газ\n", "utf-8")

    watchlist, faults = written(tmp_path, "watchlist: Понятия\nconcepts:\n  газ: [газ]\n", "b.yaml")

    assert faults == []
    assert compile_watches(watchlist).watches[0].name == "цена на $газ"


_UNFOLDS = "unfolds to {} phrases, more than 2000; use fewer concepts in it"
CONCEPTS = {
    "missing": (
        ["watches:", "  - НАТО", "  - цена на $газ"],
        ["a.yaml:4: watch tsena-na-gaz: there is no concept «газ»"],
    ),
    "missing-in-a-condition": (
        ["watches:", "  - {id: a, name: А, kind: topic, any: [цена, {", "      phrase: цена, near: [на $газ]}]}"],
        ["a.yaml:4: watch a: there is no concept «газ»"],
    ),
    "missing-in-a-concept": (
        ["concepts:", "  ток:", "    strong: [ток]", "    weak: [мрежа]", "    context: [$газ]"],
        ["a.yaml:6: concepts.ток: there is no concept «газ»"],
    ),
    "missing-twice-and-told-once": (
        ["watches:", "  - цена на $газ", "  - внос на $газ"],
        ["a.yaml:3: watch tsena-na-gaz: there is no concept «газ»"],
    ),
    "of-itself": (
        ["concepts:", "  газ:", "    - газ", "    - природен $газ"],
        ["a.yaml:5: concepts.газ: concept «газ» leads back to itself: газ → газ"],
    ),
    "too-many-spellings": (
        ["concepts:", f"  ч: [{', '.join(f'дума{n}' for n in range(50))}]", "watches:", "  - $ч", "  - $ч и $ч"],
        [f"a.yaml:6: watch ch-i-ch: «$ч и $ч» {_UNFOLDS.format(2500)}"],
    ),
}


@pytest.mark.parametrize("name", CONCEPTS)
def test_unsound_concept_is_refused_with_its_line(tmp_path, name):
    lines, expected = CONCEPTS[name]
    assert written(tmp_path, "\n".join(["watchlist: П", *lines]))[1] == expected


def test_circle_of_concepts_is_refused_with_its_file_and_line(tmp_path):
    (tmp_path / "a.yaml").write_text("watchlist: П\nconcepts:\n  газ: [газ, $гориво]\n", "utf-8")

    _, faults = written(tmp_path, "watchlist: П\nconcepts:\n  гориво:\n    - $газ\n", "b.yaml")

    assert faults == [
        "a.yaml:3: concepts.газ: concept «гориво» leads back to itself: гориво → газ → гориво",
        "b.yaml:4: concepts.гориво: concept «газ» leads back to itself: газ → гориво → газ",
    ]


def test_concept_defined_in_two_files_is_refused_in_the_second(tmp_path):
    text = "watchlist: П\nconcepts:\n  газ: [газ]\n"
    written(tmp_path, text, "a.yaml")

    _, faults = written(tmp_path, text, "b.yaml")

    assert faults == ["b.yaml:3: concepts.газ: is defined in another file already"]


def test_unknown_actor_is_refused_with_the_nearest_id(tmp_path):
    text = "watchlist: П\nwatches:\n  - id: a\n    name: А\n    kind: actor\n    any:\n      - actor: rumen-radv\n"

    _, faults = written(tmp_path, text)

    assert faults == ["a.yaml:7: watch a: no actor «rumen-radv» in the catalogue; did you mean «rumen-radev»?"]


def test_place_of_an_example_is_its_line(tmp_path):
    written(tmp_path, WHOLE)
    line = WHOLE.splitlines().index("      - title: Природен газ") + 1

    assert place_in_file(tmp_path, "gas", "must_match", 1) == f"{tmp_path}/a.yaml:{line}"
    assert place_in_file(tmp_path, "nobody", "must_match", 1) == f"{tmp_path}"
