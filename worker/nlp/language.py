"""In which language a text is: the votes of its spelling, and letter statistics where those leave it open.

py3langid was chosen because it is pure Python with its model in the wheel and needs numpy only. Alone it takes a
quarter of Bulgarian headlines for Russian or Macedonian; its figures are therefore weighed against the spelling,
with something in favour of Bulgarian, since an article wrongly called foreign is not analysed at all.
"""

import math
from collections.abc import Iterator

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from worker.models.news import BULGARIAN, Article
from worker.text.spelling import CYRILLIC, is_cyrillic, spelling_votes

#: The languages that are told apart; Latin ones of our region and of the agencies, and Greek.
LATIN = (
    "bs",
    "cs",
    "de",
    "el",
    "en",
    "es",
    "fr",
    "hr",
    "hu",
    "it",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sq",
    "sr",
    "tr",
)
#: One language under three names.
_SAME = {"bs": "sr", "hr": "sr"}
#: Fitted by eye on the labelled headlines of `tests/data/language/languages.tsv`.
_STATISTICS_WEIGHT = 0.7
_FOR_BULGARIAN = 0.5
_LEAST_PROBABILITY = 0.02
_LEAST_LETTERS = 4
#: Shorter paragraphs are in the language of their article.
_PARAGRAPH_LETTERS = 60
#: So much of a body is looked at.
_START = 1_000


class LanguageGuesser:
    """Loads its statistics once; gives ISO 639-1 codes, and Bulgarian where there is nothing to go by."""

    def __init__(self) -> None:
        self._cyrillic, self._latin = _identifiers(CYRILLIC, LATIN)

    def of_article(self, article: Article) -> str:
        """The language of title, summary and the start of the body together."""
        return self.of_text(f"{article.title}\n{article.summary}\n{article.body[:_START]}")

    def of_paragraph(self, paragraph: str, language: str) -> str:
        """The paragraph's own language where it is long enough, else `language`."""
        return self.of_text(paragraph[:_START]) if _letters(paragraph) >= _PARAGRAPH_LETTERS else language

    def of_text(self, text: str) -> str:
        """The most likely language."""
        if _letters(text) < _LEAST_LETTERS:
            return BULGARIAN
        if not is_cyrillic(text):
            language = str(self._latin.classify(text)[0])
            return _SAME.get(language, language)
        votes = spelling_votes(text)
        found = dict(self._cyrillic.rank(text))
        return max(CYRILLIC, key=lambda language: votes[language] + _statistics(float(found[language]), language))


def _statistics(probability: float, language: str) -> float:
    favour = _FOR_BULGARIAN if language == BULGARIAN else 0.0
    return _STATISTICS_WEIGHT * math.log(probability + _LEAST_PROBABILITY) + favour


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _identifiers(*groups: tuple[str, ...]) -> Iterator[LanguageIdentifier]:
    """One for each group of languages; they share the automaton (37 MB), and the other 120 languages go."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    for languages in groups:
        model.set_languages(list(languages))
        yield LanguageIdentifier(
            model.nb_ptc,
            model.nb_pc,
            model.nb_classes,
            model.tk_nextmove,
            model.tk_output,
            norm_probs=True,
            tk_row=model.tk_row,
        )
