"""Who is meant by a surname."""

import pytest

from tests.core.matching.builders import a_watch, an_analysis, an_article, found_in, matches, phrases
from worker.models.watch import Person

RADEV = Person(given="Румен", surname="Радев")
PETKOV = Person(given="Кирил", surname="Петков", surname_needs=phrases("ПП", "премиер"))
LEYEN = Person(
    given="Урсула", surname="фон дер Лайен", other_given=("Ursula",), other_surnames=("Лайен", "von der Leyen")
)


@pytest.mark.parametrize(
    ("person", "text", "expected"),
    [
        pytest.param(RADEV, "Румен Радев говори", ["Румен Радев"], id="full name"),
        pytest.param(RADEV, "Румен Георгиев Радев говори", ["Румен Георгиев Радев"], id="father's name"),
        pytest.param(RADEV, "Румен Г. Радев говори", ["Румен Г. Радев"], id="father's initial"),
        pytest.param(RADEV, "Днес Р. Радев говори", ["Р. Радев"], id="initial"),
        pytest.param(RADEV, "Р. Г. Радев говори", ["Р. Г. Радев"], id="two initials"),
        pytest.param(RADEV, "РУМЕН РАДЕВ ГОВОРИ", ["РУМЕН РАДЕВ"], id="capitals"),
        pytest.param(RADEV, "Президентът Радев говори", ["Радев"], id="surname after an office"),
        pytest.param(RADEV, "А Радев говори", ["Радев"], id="one letter is not an initial"),
        pytest.param(RADEV, "Радевият кабинет и Радевото вето", ["Радевият", "Радевото"], id="possessive"),
        pytest.param(RADEV, "Rumen Radev and Radev", ["Rumen Radev", "Radev"], id="Latin by law"),
        pytest.param(RADEV, "Деси Радева и Радеви", [], id="a woman and a family"),
        pytest.param(RADEV, "радев", [], id="small letters"),
        pytest.param(RADEV, "Димитър Радев говори", [], id="other given name"),
        pytest.param(RADEV, "Д. Радев говори", [], id="other initial"),
        pytest.param(RADEV, "Иван Р. Радев говори", [], id="fitting initial after another given name"),
        pytest.param(RADEV, "Димитър Радев говори. Радев отговори", [], id="surname after another bearer"),
        pytest.param(
            RADEV,
            "Димитър Радев дойде. Румен Радев го прие. Радев мълча",
            ["Румен Радев", "Радев"],
            id="both bearers named",
        ),
        pytest.param(PETKOV, "Кирил Петков Иванов говори", [], id="father's name of another"),
        pytest.param(PETKOV, "Петков замина", [], id="surname without context"),
        pytest.param(PETKOV, "Петков от ПП замина", ["Петков"], id="surname with context"),
        pytest.param(
            PETKOV, "Кирил Петков замина. Петков се върна", ["Кирил Петков", "Петков"], id="full name is context"
        ),
        pytest.param(
            LEYEN, "Урсула фон дер Лайен и фон дер Лайен", ["Урсула фон дер Лайен", "фон дер Лайен"], id="particles"
        ),
        pytest.param(LEYEN, "Фон дер Лайен говори", ["Фон дер Лайен"], id="particle begins the sentence"),
        pytest.param(LEYEN, "Ursula von der Leyen", ["Ursula von der Leyen"], id="Latin as listed"),
        pytest.param(LEYEN, "Урсула Гертруд фон дер Лайен", ["Урсула Гертруд фон дер Лайен"], id="second given name"),
    ],
)
def test_surname_is_resolved_to_its_bearer(person, text, expected):
    assert found_in(text, a_watch(person)) == expected


def test_a_given_name_unknown_to_us_contradicts_when_the_model_reads_one_name():
    text = "Днес Гертруд Радев говори"
    watch = a_watch(RADEV)
    assert found_in(text, watch) == ["Радев"]
    assert found_in(text, watch, people=["Гертруд Радев"]) == []


def test_an_office_inside_the_models_name_does_not_contradict():
    assert found_in("Президентът Радев говори", a_watch(RADEV), people=["Президентът Радев"]) == ["Радев"]


def test_a_namesake_in_full_takes_every_mention_of_the_name():
    watch = a_watch(RADEV, "президент Радев", none=["министър Румен Радев"])
    assert found_in("Министърът Румен Радев дойде. Румен Радев говори. Радев мълча.", watch) == []
    text = "Министърът Румен Радев дойде. Радев мълча. Прие го президентът Радев."
    assert found_in(text, watch) == ["президентът Радев"]


@pytest.mark.parametrize(
    ("text", "people", "expected"),
    [
        pytest.param("Говори президентът на Украйна.", (), ["президентът на Украйна"], id="office alone"),
        pytest.param("Говори президентът на Украйна Петро Порошенко.", ("Петро Порошенко",), [], id="another's office, by the model"),
        pytest.param("Говори президентът на Украйна Виктор Янукович.", (), [], id="another's office, by the given name"),
        pytest.param("Говори президентът на Украйна Петро Порошенко.", (), [], id="another's office, by two capitals"),
        pytest.param("Говори президентът на Украйна в Киев.", (), ["президентът на Украйна"], id="no name follows"),
        pytest.param("ПРЕЗИДЕНТЪТ НА УКРАЙНА ГОВОРИ ДНЕС", (), ["ПРЕЗИДЕНТЪТ НА УКРАЙНА"], id="capitals throughout"),
        pytest.param("Говори президентът на Украйна Володимир Зеленски.", ("Володимир Зеленски",), ["президентът на Украйна", "Володимир Зеленски"], id="his own"),
        pytest.param("Говори президентът на Украйна Зеленски.", ("Зеленски",), ["президентът на Украйна", "Зеленски"], id="his surname"),
        pytest.param("Говори президентът на Украйна. Петро Порошенко мълча.", ("Петро Порошенко",), ["президентът на Украйна"], id="another sentence"),
        pytest.param("Говори президентът на Украйна, Петро Порошенко мълча.", ("Петро Порошенко",), ["президентът на Украйна"], id="after a comma"),
    ],
)  # fmt: skip
def test_an_office_followed_by_another_name_is_not_his(text, people, expected):
    article = an_article(body=text)
    watch = a_watch(Person(given="Володимир", surname="Зеленски"), "президент на Украйна")
    found = matches(article, watch, analysis=an_analysis(article, people=people) if people else None)
    assert [one.text for match in found for one in match.evidence] == expected


def test_evidence_of_a_person_carries_the_name_as_its_term():
    match = matches(an_article(title="Радев замина"), a_watch(RADEV))[0]
    assert [one.term for one in match.evidence] == ["Румен Радев"]
