"""Whether a watch looks at an article at all: by outlet, section and language."""

from urllib.parse import urlsplit

from worker.models.news import Analysis, Article
from worker.models.watch import Scope
from worker.text.fold import fold_word

_EVERYTHING = Scope()


def out_of_scope(article: Article, analysis: Analysis | None, scope: Scope) -> str | None:
    """What keeps the article out, in a word or two; None when it is within the scope."""
    if scope is _EVERYTHING or scope == _EVERYTHING:
        return None
    outlet = {fold_word(article.outlet), fold_word(article.feed_id)}
    if (scope.outlets and not outlet & scope.outlets) or outlet & scope.not_outlets:
        return f"outlet {article.outlet}"
    sections = {fold_word(part) for part in urlsplit(article.url).path.split("/") if part}
    if (scope.sections and not sections & scope.sections) or sections & scope.not_sections:
        return "section " + ("/".join(sorted(sections)) or "unknown")
    language = analysis.language if analysis else None
    if scope.languages and language is not None and language not in scope.languages:
        return f"language {language}"
    return None
