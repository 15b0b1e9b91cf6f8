"""Sentences put right by their words."""

import pytest

from worker.nlp.lean.resplit import sentences_again
from worker.nlp.lean.segment import Segment


def a_segment(text: str, start: int) -> Segment:
    words, starts, ends = [], [], []
    position = start
    for word in text.split(" "):
        glued = word.startswith("_")
        bare = word.lstrip("_")
        position -= glued
        words.append(bare)
        starts.append(position)
        ends.append(position + len(bare))
        position += len(bare) + 1
    return Segment(words=tuple(words), starts=tuple(starts), ends=tuple(ends))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["Той дойде _. Тя също _."], ["Той дойде .", "Тя също ."], id="stop-and-capital"),
        pytest.param(["Спря _. 5 пъти повече _."], ["Спря .", "5 пъти повече ."], id="stop-and-number"),
        pytest.param(["Плати 5 млн. лв. Съдът реши _."], ["Плати 5 млн. лв.", "Съдът реши ."], id="amount"),
        pytest.param(["Около 5 млн. лева _."], ["Около 5 млн. лева ."], id="amount-goes-on"),
        pytest.param(["Кой _? - Аз _."], ["Кой ?", "- Аз ."], id="talk"),
        pytest.param(["Иван И _. Колев _."], ["Иван И . Колев ."], id="initial"),
        pytest.param(["Версия 2.0 _. _Бета"], ["Версия 2.0 . Бета"], id="without-space"),
        pytest.param(["Каза ген.", "Василев _."], ["Каза ген. Василев ."], id="title-joins"),
        pytest.param(["в гр.", "Елена _."], ["в гр. Елена ."], id="kind-of-a-place-joins"),
        pytest.param(["Това не може да", "не буди тревога _."], ["Това не може да не буди тревога ."], id="small-letter-joins"),
        pytest.param(["Край _.", "и точка _."], ["Край .", "и точка ."], id="small-letter-behind-a-stop-stays"),
        pytest.param(
            ["Иван Колев ( 35 г. ) , шофьор , София _: Да , така е _."],
            ["Иван Колев ( 35 г. ) , шофьор , София :", "Да , така е ."],
            id="speaker",
        ),
        pytest.param(["Радев _: Няма _."], ["Радев : Няма ."], id="colon"),
    ],
)  # fmt: skip
def test_sentences(given, expected):
    segments, position = [], 0
    for text in given:
        segments.append(a_segment(text, position))
        position = segments[-1].ends[-1] + 1

    again = sentences_again(segments)

    assert [" ".join(segment.words) for segment in again] == expected
    assert [place for s in again for place in s.starts] == [place for s in segments for place in s.starts]
