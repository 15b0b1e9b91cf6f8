"""Words and names in all their forms, each alone, against their dictionary form; written by hand for evaluation."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.articles import an_article
from worker.entities.index import compile_catalogue
from worker.entities.mentions import resolve
from worker.entities.nominative import nominative
from worker.models.actor import Catalogue
from worker.models.news import Analysis, Article, Field, MentionKind, Token
from worker.nlp.bulgarian import StanzaAnalyzer

_NOTHING = compile_catalogue(Catalogue())
_SHOWN = 40
_PARTICIPLE = re.compile("(.+[аяе]щ)(?:а|ата|о|ото|и|ите|ия|ият)?")


def report(path: Path, analyzer: StanzaAnalyzer) -> dict[str, float]:
    """Prints and gives the share of forms taken to the right nominative, in percent: words, names, all, and changed.

    `changed` are the forms that differ from their nominative.
    """
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    forms = [(kind, wanted, form) for kind, wanted, *some in rows for form in some]
    articles = [an_article(str(number), title=form) for number, (_, _, form) in enumerate(forms)]
    analyses = analyzer.analyse(articles)
    judged = [
        (kind, wanted, form, _word(form, x) if kind == "word" else _name(a, x))
        for (kind, wanted, form), a, x in zip(forms, articles, analyses, strict=True)
    ]
    figures = dict(_shares(judged))
    print(f"\n{len(rows)} nominatives in {len(forms)} forms: {figures}")
    faults = [
        f"{form} → {given} (not {wanted})"
        for kind, wanted, form, given in judged
        if not _same(kind, wanted, form, given)
    ]
    print("  " + "; ".join(faults[:_SHOWN]))
    return figures


def _shares(judged: Sequence[tuple[str, str, str, str]]) -> Iterator[tuple[str, float]]:
    for label, some in (
        ("words", [j for j in judged if j[0] == "word"]),
        ("names", [j for j in judged if j[0] == "name"]),
        ("changed", [j for j in judged if j[1] != j[2]]),
        ("all", judged),
    ):
        yield label, round(100 * sum(_same(*one) for one in some) / len(some), 2)


def _same(kind: str, wanted: str, form: str, given: str) -> bool:
    """An adjective's neuter alone is an adverb as well („важно“), which is its own dictionary form."""
    if kind == "name":
        return given == wanted
    return given == wanted or (given == form == neuter_of(wanted))


def neuter_of(adjective: str) -> str:
    """важен, важно; тежък, тежко; нов, ново; европейски, европейско."""
    stem = adjective.removesuffix("и")
    if stem.endswith(("ен", "ък", "ър")) and len(stem) > 3:
        stem = stem[:-2] + stem[-1]
    return stem + "о"


def _word(form: str, analysis: Analysis) -> str:
    """The lemma. A participle in -щ has its verb's, as in the treebank: then its own masculine form is taken."""
    lemma = " ".join(token.lemma for token in _tokens(analysis))
    participle = _PARTICIPLE.fullmatch(form)
    return participle[1] if participle and lemma.endswith(("м", "я", "а")) else lemma


def _name(article: Article, analysis: Analysis) -> str:
    """As a mention's name; a form in which the model alone sees no name is taken for one all the same."""
    for mention in resolve(article, analysis, _NOTHING):
        if mention.text == article.title:
            return mention.name
    tokens = _tokens(analysis)
    kind = MentionKind.LOC if len(tokens) == 1 else MentionKind.ORG
    return nominative(article.title, tokens[0].lemma, tokens[0].upos, kind)


def _tokens(analysis: Analysis) -> tuple[Token, ...]:
    return tuple(token for sentence in analysis.sentences[Field.TITLE] for token in sentence.tokens)
