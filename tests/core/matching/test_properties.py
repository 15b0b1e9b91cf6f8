"""What holds for every text and every watchlist."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.matching.builders import a_watch, an_article, matches, together
from worker.forms import latin_of
from worker.matching.reading import split_sentences
from worker.models.watch import Person

_PIECES = st.sampled_from(
    ["НАТО", "алиансът", "Румен", "Радев", "Р.", "Димитър", "Радева", "членство", "в", "\n", ". ", ", ", " ", " ", "„",
     "“", "\u00ad", "на\u0438\u0306", "F-16", "е\u0300", "Cтолтенберг", "И", "😀", "…", "ß", "İ", "министър"]
)  # fmt: skip
_TEXTS = st.lists(_PIECES, max_size=25).map("".join)
_WATCHES = (
    a_watch("НАТО", "F-16", "Столтенберг", "=алиансът", watch_id="a"),
    a_watch(Person(given="Румен", surname="Радев"), watch_id="b", none=["министър Румен Радев"]),
    a_watch(
        together(["членство", "член*"], ["НАТО", "алианс"]), together(["НАТО"], ["в"], within_words=3), watch_id="c"
    ),
    a_watch("и", "членство в НАТО", watch_id="d", needs=["НАТО", "Радев"], unless=["Димитър"]),
)


@given(title=_TEXTS, summary=_TEXTS, body=_TEXTS)
@settings(max_examples=200, deadline=None)
def test_evidence_slices_back_to_its_text(title, summary, body):
    article = an_article(title, summary, body)
    for match in matches(article, *_WATCHES):
        for one in match.evidence:
            assert article.text_of(one.field)[one.start : one.end] == one.text
            assert one.text.strip()


@given(body=_TEXTS, others=st.permutations(_WATCHES[1:]), place=st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_other_watches_never_change_a_match(body, others, place):
    article = an_article(body=body)
    alone = matches(article, _WATCHES[0])

    among = matches(article, *others[:place], _WATCHES[0], *others[place:])

    assert tuple(match for match in among if match.watch_id == "a") == alone


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_read(text):
    matches(an_article(body=text), *_WATCHES)


@given(_TEXTS)
@settings(max_examples=100, deadline=None)
def test_sentences_cover_every_letter_once(text):
    covered = [position for start, end in split_sentences(text, 0, len(text)) for position in range(start, end)]
    assert len(covered) == len(set(covered))
    assert {n for n, char in enumerate(text) if char.isalnum()} <= set(covered)


@given(st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъьюя", max_size=14))
@settings(max_examples=100, deadline=None)
def test_latin_spelling_is_ascii(key):
    assert latin_of(key).isascii()


def test_latin_spelling_follows_the_law():
    assert [latin_of(key) for key in ("пеевски", "щерев", "българия", "жечев", "юлиян")] == [
        "peevski", "shterev", "balgaria", "zhechev", "yuliyan",
    ]  # fmt: skip
