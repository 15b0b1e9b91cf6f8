"""Which words of a text satisfy the words of a phrase."""

import pytest

from tests.core.matching.builders import a_watch, an_article, found_in, matches
from worker.matching.patterns import fault_of
from worker.matching.terms import compile_watches
from worker.models.watch import Phrase, Watchlist


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        pytest.param("пакт", "Ръководството на пакта мълчи", ["пакта"], id="short definite article"),
        pytest.param("президент", "Президентът замина", ["Президентът"], id="full definite article"),
        pytest.param("рафинерия", "Двете рафинерии и рафинериите", ["рафинерии", "рафинериите"], id="feminine plural"),
        pytest.param("вестник", "Вестниците пишат", ["Вестниците"], id="softened plural"),
        pytest.param("съд", "съдове, съдовете", ["съдове", "съдовете"], id="plural in -ове"),
        pytest.param(
            "пространство", "пространството и пространствата", ["пространството", "пространствата"], id="neuter"
        ),
        pytest.param("летище", "летищата", ["летищата"], id="neuter in -е"),
        pytest.param("присъединяване", "присъединяването", ["присъединяването"], id="verbal noun"),
        pytest.param("случай", "в случая", ["случая"], id="ending in й"),
        pytest.param("национален", "националния съвет", ["националния"], id="falling vowel"),
        pytest.param("украински президент", "украинския президент", ["украинския президент"], id="adjective"),
        pytest.param("украински президент", "Украинският президент", ["Украинският президент"], id="full adjective"),
        pytest.param("народна банка", "Народната банка", ["Народната банка"], id="feminine adjective"),
        pytest.param("пакт", "пактувам, пак, опаковка", [], id="another word"),
        pytest.param("мина", "минал, минало", [], id="not by its beginning"),
        pytest.param("покан*", "поканените, покана, поканиха", ["поканените", "покана", "поканиха"], id="star"),
        pytest.param("покан*", "непоканен", [], id="star only at the end"),
        pytest.param("=еврото", "еврото, евро, ЕВРОТО", ["еврото", "ЕВРОТО"], id="exact form"),
        pytest.param("=мина", "мината, мина", ["мина"], id="exact form has no article"),
        pytest.param(
            "генсек/шеф на НАТО/алианса",
            "Шефът на алианса и генсекът на НАТО",
            ["Шефът на алианса", "генсекът на НАТО"],
            id="alternatives",
        ),
        pytest.param(
            "АЕЦ „Козлодуй“", 'в АЕЦ "Козлодуй" и АЕЦ Козлодуй', ['АЕЦ "Козлодуй', "АЕЦ Козлодуй"], id="quotation marks"
        ),
        pytest.param("F-16", "осем F-16, F 16 и F‑16", ["F-16", "F 16", "F‑16"], id="hyphen parts words"),
        pytest.param("Сарафов", "Сара\u00adфов", ["Сара\u00adфов"], id="soft hyphen"),
        pytest.param("БНБ", "управителят на БHБ", ["БHБ"], id="Latin look-alike"),
        pytest.param("прокурорска колегия", "прокурорска, колегия", [], id="not across a comma"),
        pytest.param("нов закон", "Това е ново. Закон няма", [], id="not across a full stop"),
        pytest.param("нов закон", "нов\nзакон", [], id="not across paragraphs"),
    ],
)
def test_phrase_matches_inflected_words(phrase, text, expected):
    assert found_in(text, a_watch(phrase)) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        pytest.param("НАТО", "НАТО, Нато, нато", ["НАТО"], id="acronym demands capitals"),
        pytest.param("ЕС", "ЕС и ес", ["ЕС"], id="acronym of two letters"),
        pytest.param("НАТО", "НАТО-то", ["НАТО"], id="acronym with an article"),
        pytest.param(
            "Комисия", "Комисията, комисията, КОМИСИЯТА", ["Комисията", "КОМИСИЯТА"], id="capital demands capital"
        ),
        pytest.param("комисия", "Комисията, комисията", ["Комисията", "комисията"], id="small letters take both"),
        pytest.param("Европейски съвет", "Европейския съвет", ["Европейския съвет"], id="capital adjective inflects"),
        pytest.param("централна банка", "ЦЕНТРАЛНАТА БАНКА", ["ЦЕНТРАЛНАТА БАНКА"], id="text in capitals"),
    ],
)
def test_case_of_a_term_is_a_demand(phrase, text, expected):
    assert found_in(text, a_watch(phrase)) == expected


@pytest.mark.parametrize(
    ("phrase", "text", "lemmas", "expected"),
    [
        pytest.param(
            "ратифицирам", "Те ратифицираха закона", {"ратифицираха": "ратифицирам"}, ["ратифицираха"], id="verb"
        ),
        pytest.param("човек", "Дойдоха хора", {"хора": "човек"}, ["хора"], id="suppletive plural"),
        pytest.param("=човек", "Дойдоха хора", {"хора": "човек"}, [], id="exact form ignores the lemma"),
        pytest.param("Радев", "Радева дойде", {"Радева": "Радев"}, [], id="surname ignores the lemma"),
        pytest.param(
            "министър-председател",
            "министър-председателят",
            {"министър-председателят": "министър-председател"},
            ["министър-председателят"],
            id="lemma of two words",
        ),
        pytest.param(
            "председател",
            "министър-шефът",
            {"министър-шефът": "министър-председател"},
            [],
            id="part of a lemma is not another word's",
        ),
    ],
)
def test_lemma_of_a_word_matches_a_term_in_dictionary_form(phrase, text, lemmas, expected):
    assert found_in(text, a_watch(phrase), lemmas=lemmas) == expected


@pytest.mark.parametrize("field", ["title", "summary", "body"])
def test_every_field_is_searched(field):
    article = an_article(**{field: "НАТО заседава"})
    assert [one.field for one in matches(article, a_watch("НАТО"))[0].evidence] == [field]


def test_a_phrase_does_not_cross_from_title_to_summary():
    assert matches(an_article(title="Горски", summary="пожар"), a_watch("горски пожар")) == ()


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        pytest.param("", "no word", id="empty"),
        pytest.param("„—“", "no word", id="signs only"),
        pytest.param("*", "no word", id="star alone"),
        pytest.param("по*", "too short", id="short stem"),
        pytest.param("покан* *", "ends no word", id="stray star"),
        pytest.param("покан = ", "begins none", id="stray equals"),
    ],
)
def test_a_phrase_that_cannot_be_searched_says_why(phrase, fault):
    assert fault in (fault_of(phrase) or "")
    with pytest.raises(ValueError, match="watch w"):
        compile_watches(Watchlist(watches=(a_watch(Phrase(text=phrase)),), version="v"))


@pytest.mark.parametrize("phrase", ["НАТО", "покан*", "=мини", "генсек/шеф на НАТО", "F-16", "и.ф. главен прокурор"])
def test_a_sound_phrase_has_no_fault(phrase):
    assert fault_of(phrase) is None
