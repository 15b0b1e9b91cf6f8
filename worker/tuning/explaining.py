"""Stage by stage, what is made of one article and why: text, names, topics, watches, story, decision; pure.

The lines are for a person who asks why an alert came, or did not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from worker.attribution.reading import attribution_of
from worker.grouping.decide import plan_alerts
from worker.matching.verdicts import Refusal, Verdict
from worker.models.alert import Decided, Grouping, History, Story, Told
from worker.models.news import Article, Field, StoryId, Topic, TopicKind
from worker.models.rules import AlertRules
from worker.models.watch import Match, Person, Phrase, Term, Together, Watch, WatchId, Watchlist
from worker.text.fragments import fragment_of
from worker.text.times import SOFIA
from worker.tuning.causes import causes_of, missing_parts
from worker.tuning.showing import LAYER_WORDS, minute, one_line, plural, sentence_of
from worker.tuning.trying import Prepared, index_of, judge, phrases_of, spoken_by

#: A refusal in plain words.
REFUSALS: Mapping[Refusal, str] = {
    Refusal.NOTHING_FOUND: "none of its terms stands in the text",
    Refusal.OUT_OF_SCOPE: "the article is outside its scope",
    Refusal.SILENCED: "the article contains one of its `unless` phrases",
    Refusal.NEEDS_MISSING: "the article contains none of its `needs` phrases",
    Refusal.NOT_ABOUT: "the article is about none of its `about` topics",
    Refusal.NOTHING_LEFT: "something was found, but no term counts",
    Refusal.PART_MISSING: "not all that it asks for under `all` was found",
    Refusal.TOO_LIGHT: "what was found weighs less than its threshold",
}
_TOPIC_WORDS: Mapping[TopicKind, str] = {TopicKind.CATEGORY: "рубрика", TopicKind.PHRASE: "за какво"}
_MAX_TERMS_SHOWN = 6
_FAR_AGO = timedelta(days=36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One article and what bears on the decision about it."""

    prepared: Prepared
    watchlist: Watchlist
    now: datetime
    #: an article published longer ago does not alert; None: whatever its age
    max_age: timedelta | None = None
    #: the story that the service put it into; None: it is the first of one
    story: StoryId | None = None
    #: what the people of the watches were told of this story because of its other articles
    told: Mapping[WatchId, Told] = field(default_factory=dict)


def explained(case: Case, only: WatchId | None = None) -> Iterator[str]:
    """The stages for every watch that finds something, or for one watch whatever it finds; nothing is sent."""
    yield from _reading_lines(case.prepared)
    yield from _topic_lines(case.prepared.topics)
    watches = [watch for watch in case.watchlist.watches if only in {None, watch.id}]
    verdicts = judge(case.prepared, index_of(watches, case.watchlist.concepts))
    yield _summary(len(watches), verdicts)
    by_id = {watch.id: watch for watch in watches}
    decided = _decided(case, [verdict.match for verdict in verdicts if verdict.match])
    for verdict in sorted(verdicts, key=lambda verdict: verdict.match is None):
        watch = by_id[verdict.watch_id]
        if verdict.match is not None:
            yield from _firing_lines(case, watch, verdict.match, decided[watch.id])
        else:
            yield from _silent_lines(watch, verdict, case)
    if only is not None and not verdicts:
        yield from _unfound_lines(by_id[only], case)
    yield _story_line(case)
    yield f"watchlist   version {case.watchlist.version}"


def _reading_lines(one: Prepared) -> Iterator[str]:
    article, analysis = one.article, one.analysis
    parts = [f"{field.value} {len(text):,} signs" for field in Field if (text := article.text_of(field))]
    reader = f"read by the models {analysis.model}" if analysis.is_confirmed else "read by word forms alone"
    language = analysis.language or "unknown"
    sentences = plural(len(one.words.sentences), "sentence")
    yield f"text        {', '.join(parts) or 'nothing'}; language {language}; {sentences}; {reader}"
    yield f"            published {minute(article.published_at)}, Bulgarian time"
    yield _source_line(article)
    for number, mention in enumerate(analysis.mentions):
        title = "names       " if number == 0 else " " * 12
        same = "" if mention.text == mention.name else f" = {mention.name}"
        place = f"{mention.field.value} {mention.start}-{mention.end}"
        yield f"{title}{mention.kind.value} {one_line(mention.text)}{same}  ({place})"
    if not analysis.mentions:
        yield "names       none" + ("" if analysis.is_confirmed else ": only models find names")


def _source_line(article: Article) -> str:
    found = attribution_of(article)
    if found.origin is None:
        where = "in the excerpt" if fragment_of(article) else "in the text"
        return f"source      not stated {where}"
    relay = f", passed on by {found.relay}" if found.relay else ""
    said = (
        f": {one_line(found.span.text)}  ({found.span.field.value} {found.span.start}-{found.span.end})"
        if found.span
        else ""
    )
    return f"source      {found.origin}{relay}{said}"


def _topic_lines(topics: Sequence[Topic]) -> Iterator[str]:
    found = {
        word: ", ".join(f"{topic.name} {topic.score:.2f}" for topic in topics if topic.kind is kind)
        for kind, word in _TOPIC_WORDS.items()
    }
    shown = [f"{word}: {names}" for word, names in found.items() if names]
    yield "topics      " + ("; ".join(shown) or "none")


def _summary(looked_at: int, verdicts: Sequence[Verdict]) -> str:
    firing = sum(verdict.match is not None for verdict in verdicts)
    silent = len(verdicts) - firing
    fire = f"{firing} fire" + ("s" if firing == 1 else "")
    return (
        f"watches     {looked_at} looked at: {fire}, {silent} found something and"
        f" {'stays' if silent == 1 else 'stay'} silent, {looked_at - len(verdicts)} found nothing"
    )


def _decided(case: Case, matches: Sequence[Match]) -> Mapping[WatchId, Decided]:
    story = _story(case)
    history = History(version=0, told={(watch_id, story.id): told for watch_id, told in case.told.items()})
    article = case.prepared.article
    rules = AlertRules(max_age=case.max_age or _FAR_AGO)
    plan = plan_alerts(article, matches, story, history, case.watchlist, case.now, rules)
    return {one.match.watch_id: one for one in plan.decided}


def _story(case: Case) -> Story:
    if case.story is None:
        return Story(id=StoryId("new"), grouping=Grouping.FIRST)
    return Story(id=case.story, grouping=Grouping.KEPT)


def _firing_lines(case: Case, watch: Watch, match: Match, decided: Decided) -> Iterator[str]:
    yield f"  FIRES   {watch.id} ({watch.name}): score {match.score:.2f}, {match.reason}"
    layer = LAYER_WORDS[match.layer]
    yield f"          weight {match.weight:g} against threshold {match.threshold:g}; layer {layer}"
    for one in match.evidence:
        found = f"{one.field.value} {one.start}-{one.end}, term «{one.term}», {LAYER_WORDS[one.layer]}"
        yield f"          {found}: {sentence_of(case.prepared.article, one)}"
    channels = ", ".join(watch.channels) or "the default channels"
    decision = f"{decided.decision.value} ({decided.reason.value})"
    yield f"          {decision} through {channels}; {_terms_of_alerting(watch, case)}"


def _terms_of_alerting(watch: Watch, case: Case) -> str:
    facts = [f"severity {watch.severity.value}"]
    if watch.pace:
        facts.append("waits for " + ", ".join(f"{at:%H:%M}" for at in watch.pace))
    if watch.expires is None:
        facts.append("does not expire")
    else:
        is_over = case.now.astimezone(SOFIA).date() >= watch.expires
        facts.append(f"expired on {watch.expires}: it alerts no more" if is_over else f"expires on {watch.expires}")
    return "; ".join(facts)


def _silent_lines(watch: Watch, verdict: Verdict, case: Case) -> Iterator[str]:
    refusal = verdict.refusal or Refusal.NOTHING_FOUND
    detail = f": {verdict.detail}" if verdict.detail else ""
    yield f"  silent  {watch.id} ({watch.name}): {REFUSALS[refusal]}{detail}"
    concepts = case.watchlist.concepts
    if refusal is Refusal.NOTHING_LEFT:
        yield from (f"          {cause}" for cause in causes_of(case.prepared, watch, concepts))
    if refusal is Refusal.PART_MISSING:
        yield f"          missing: {', '.join(missing_parts(case.prepared, watch, concepts))}"


def _unfound_lines(watch: Watch, case: Case) -> Iterator[str]:
    """What a watch looks for that found nothing, and which of its conditions stand in the text all the same."""
    yield f"  silent  {watch.id} ({watch.name}): {REFUSALS[Refusal.NOTHING_FOUND]}"
    terms = [_described(term) for term in (*watch.terms, *watch.all)]
    for number, term in enumerate(terms[:_MAX_TERMS_SHOWN]):
        yield f"          {'it looks for' if number == 0 else '          or'} {term}"
    if len(terms) > _MAX_TERMS_SHOWN:
        yield f"            or {plural(len(terms) - _MAX_TERMS_SHOWN, 'more term')}"
    stand = [phrase.text for phrase in _present(watch, case)]
    if stand:
        yield f"          in the text, but not enough by themselves: {', '.join(f'«{text}»' for text in stand)}"


def _present(watch: Watch, case: Case) -> Iterator[Phrase]:
    """Phrases of the watch, of groups and conditions too, that stand in the text."""
    probes = dict(enumerate(dict.fromkeys(Phrase(text=phrase.text) for phrase in phrases_of(watch))))
    tried = [
        Watch(id=WatchId(str(number)), name="", kind=watch.kind, terms=(phrase,)) for number, phrase in probes.items()
    ]
    for verdict in judge(case.prepared, index_of(tried, case.watchlist.concepts)):
        if verdict.match is not None:
            yield probes[int(verdict.watch_id)]


def _described(term: Term) -> str:
    match term:
        case Phrase():
            return f"«{term.text}»"
        case Person():
            return f"the person «{spoken_by(term)[0].text}»"
        case Together():
            groups = [f"{_some(group)}" for group in term.groups]
            return " with ".join(groups) + (f" within {term.reach.value}" if len(groups) > 1 else "")
        case _:
            return f"a sentence about «{term.description}»"


def _some(group: Sequence[Phrase], most: int = 3) -> str:
    shown = "/".join(f"«{phrase.text}»" for phrase in group[:most])
    return shown + (f" (+{len(group) - most})" if len(group) > most else "")


def _story_line(case: Case) -> str:
    if case.story is None:
        return "story       taken as the first article of its story; nothing was looked up, nothing is sent"
    told = f"; other articles of it alerted {', '.join(sorted(case.told))}" if case.told else ""
    return f"story       {case.story}{told}"
