"""Where an alert of a watch would go: the decision itself, made about an article that nobody wrote; pure."""

from collections.abc import Mapping
from datetime import datetime

from worker.grouping.decide import plan_alerts
from worker.models.alert import Grouping, History, Plan, Story
from worker.models.news import Article, ArticleId, FeedId, Field, StoryId
from worker.models.rules import AlertRules
from worker.models.silence import Silence
from worker.models.watch import ChannelId, Evidence, Match, Watch, Watchlist

#: of no story that there is
NO_STORY = StoryId("-")
_TEXT = "-"


def trial(
    watch: Watch,
    silences: tuple[Silence, ...],
    recent: Mapping[ChannelId, tuple[datetime, ...]],
    rules: AlertRules,
    now: datetime,
) -> Plan:
    """What would be decided if an article fresh at `now` started a story and matched this watch, and where it would go.

    There is one match, and one alert at most.
    """
    article = Article(
        id=ArticleId("-"),
        feed_id=FeedId("-"),
        outlet="",
        url="",
        title=_TEXT,
        summary="",
        body="",
        published_at=now,
        seen_at=now,
    )
    evidence = Evidence(field=Field.TITLE, start=0, end=1, text=_TEXT, term=_TEXT, sentence_start=0, sentence_end=1)
    match = Match(watch_id=watch.id, article_id=article.id, score=1.0, reason="", evidence=(evidence,))
    history = History(version=0, silences=silences, recent=recent)
    watchlist = Watchlist(watches=(watch,), version="")
    return plan_alerts(article, [match], Story(id=NO_STORY, grouping=Grouping.FIRST), history, watchlist, now, rules)
