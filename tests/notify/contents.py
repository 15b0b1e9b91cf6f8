"""Everything that a message may be made of, for golden files and limits."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tests.notify.deliveries import a_delivery, a_notice, a_quote
from worker.models.alert import AlertId, Notice, Reason
from worker.models.attribution import Attribution, Cue, SourceSpan
from worker.models.delivery import Delivery, Digest, DigestId, Review, Thread, TopStory, WatchWeek
from worker.models.news import Field, Part, StoryId
from worker.models.story import Appearance, OriginBasis, Sources, StoryOrigin
from worker.models.watch import Severity, WatchId

LONG = (
    "Началото на дългата реч беше спокойно. " * 60
    + "Тогава [бюджетът] влезе в залата. "
    + "Никой не спираше оратора. " * 260
)
#: 24 November 2026, 08:00 in Sofia
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
THREAD = Thread(story_id=StoryId("5f1d7a84db00d2fc"), first_alert_id=AlertId("e3b0c44298fc1c14"))


def sources(*outlets: str, independent: int = 2, basis: OriginBasis = OriginBasis.STATED) -> Sources:
    """БТА had it first."""
    return Sources(
        origin=StoryOrigin(name="БТА", basis=basis),
        outlets=tuple(
            Appearance(outlet=name, url=f"https://outlet{number}.example/a" if number % 3 else "")
            for number, name in enumerate(outlets, 1)
        ),
        independent=independent,
    )


MANY = sources("Примерна телевизия", "Дневник", "БНТ", "Медия*пул", "Сега", "Труд & Ко", "24 часа")
_WATCHES = {"budget": "Държавен бюджет", "nato": "НАТО <и> съюзници", "empty": "Земетресения"}


def a_digest(count: int) -> Delivery:
    """So many notices of two watches."""
    return a_delivery(
        content=Digest(id=DigestId("0cc175b9c0f1b6a8"), notices=tuple(map(_digested, range(count))), at=MORNING),
        alert_id="0cc175b9c0f1b6a8",
    )


def _digested(number: int) -> Notice:
    watch = "budget" if number % 7 < 4 else "nato"
    return a_notice(
        watch_id=WatchId(watch),
        watch_name=_WATCHES[watch],
        title=f"Новина номер {number} за *бюджета* и <отбраната>",
        url=f"https://news.example/{number}" if number != 1 else "",
        published_at=MORNING - timedelta(hours=9, minutes=number),
        sources=MANY if number % 2 else sources("Примерна телевизия"),
        severity=Severity.HIGH if number == 2 else Severity.NORMAL,
    )


def a_review() -> Delivery:
    """Three watches, one of them without any story."""
    return a_delivery(
        content=Review(
            id=DigestId("92eb5ffee6ae2fec"),
            first_day=date(2026, 11, 16),
            watches=(
                WatchWeek(
                    watch_id=WatchId("nato"), watch_name=_WATCHES["nato"], days=(9, 4, 6, 12, 7, 1, 3), before=30
                ),
                WatchWeek(
                    watch_id=WatchId("budget"), watch_name=_WATCHES["budget"], days=(0, 2, 3, 0, 1, 0, 0), before=9
                ),
                WatchWeek(watch_id=WatchId("empty"), watch_name=_WATCHES["empty"], days=(0,) * 7, before=0),
            ),
            stories=(
                TopStory(notice=a_notice(), outlets=12),
                TopStory(
                    notice=a_notice(title="Срещата на върха започна", watch_id=WatchId("nato"), url=""), outlets=1
                ),
            ),
            at=MORNING,
        ),
        alert_id="92eb5ffee6ae2fec",
    )


_MARKUP = a_notice(
    title='<b>„Левски“ & ЦСКА</b>: 2 < 3 *и* _още_ `x` [а](http://evil.test) @all <script>alert("1")</script>',
    outlet="Спорт & Ко",
    url="https://news.example/?a=1&b=%22%3E&c=\"onclick='x'(1)",
    quotes=(a_quote("# Мачът <i>[Левски]</i> & [ЦСКА] завърши 2:3; &amp; остана <!channel> <@U1>."),),
    match_reason="„Левски“ & „ЦСКА“ в едно изречение",
)
_FOLLOWING = replace(THREAD, remote_id="1700000000")

DELIVERIES = {
    "plain": a_delivery(thread=THREAD),
    "maybe_repeated": a_delivery(maybe_repeated=True),
    "unconfirmed": a_delivery(a_notice(unconfirmed=True, severity=Severity.URGENT)),
    "new_source": a_delivery(
        a_notice(
            decision_reason=Reason.NEW_SOURCE,
            outlet="Дневник",
            revision=3,
            sources=MANY,
            attribution=Attribution(origin="Ройтерс", relay=None, cue=Cue.CITED, span=None),
        ),
        thread=_FOLLOWING,
    ),
    "new_actor": a_delivery(
        a_notice(decision_reason=Reason.NEW_ACTOR, terms=("държавен бюджет", "Кирил Петков"), revision=2),
        thread=_FOLLOWING,
    ),
    "higher_severity": a_delivery(
        a_notice(decision_reason=Reason.HIGHER_SEVERITY, severity=Severity.HIGH, revision=2), thread=_FOLLOWING
    ),
    "amendment": a_delivery(
        a_notice(decision_reason=Reason.NEW_OUTLET, revision=2, sources=MANY), thread=_FOLLOWING, is_amendment=True
    ),
    "same_text": a_delivery(
        a_notice(sources=sources("Примерна телевизия", "Дневник", "БНТ", independent=1, basis=OriginBasis.TEXT))
    ),
    "digest": a_digest(7),
    "long_digest": a_digest(60),
    "review": a_review(),
    "markup_in_headline": a_delivery(_MARKUP),
    "emoji": a_delivery(
        a_notice(title="🇧🇬 Победа! 🏆👍🏽", quotes=(a_quote("Отборът 👩‍👧 [спечели] 🏆."), a_quote("[Победа] 🎉!")))
    ),
    "no_url_no_date": a_delivery(a_notice(url="", published_at=None)),
    "unsafe_url": a_delivery(a_notice(url="javascript:alert(1)")),
    "long_quote": a_delivery(a_notice(quotes=(a_quote(LONG),))),
    "many_quotes": a_delivery(
        a_notice(quotes=tuple(a_quote(f"Изречение {number} за [бюджета]. " + "Пълнеж. " * 120) for number in range(25)))
    ),
    "no_quote_no_title": a_delivery(a_notice(title="", quotes=(), match_reason="")),
    "full_text_of_a_page": a_delivery(
        a_notice(
            parts=(Part.TITLE, Part.SUMMARY, Part.PAGE),
            is_excerpt=False,
            attribution=Attribution(
                origin="ТАСС",
                relay="БТА",
                cue=Cue.CITED,
                span=SourceSpan(field=Field.BODY, start=10, end=31, text="ТАСС, цитирана от БТА"),
            ),
        )
    ),
    "of_a_feed": a_delivery(
        a_notice(
            watch_name="Емисии", title="Днес: емисията е закрита", outlet="Днес, dnes", quotes=(), parts=(),
            match_reason="каза „410 Gone“", decision_reason=Reason.FEED_FAULT, severity=Severity.HIGH,
            watchlist_version="-", published_at=datetime(2025, 1, 2, 3, 4, tzinfo=UTC),
        )
    ),
    "right_to_left_and_line_ends": a_delivery(
        a_notice(title="Ред\r\nBcc: x@example.test \u202egnp.exe\u202c שלום", outlet="А\x1b[31mБ", watch_name="Бю\u202eджет\n")
    ),
}  # fmt: skip
