"""JSON form of the week in review; pure, with its way back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from worker.models.delivery import DigestId, Review, TopStory, WatchWeek
from worker.models.watch import WatchId
from worker.store.encoding import notice_from_json, notice_to_json


def review_to_json(review: Review) -> dict[str, Any]:
    """The review as JSON values; instants and days in ISO form."""
    return {
        "id": review.id,
        "first_day": review.first_day.isoformat(),
        "watches": [
            {"watch_id": one.watch_id, "watch_name": one.watch_name, "days": list(one.days), "before": one.before}
            for one in review.watches
        ],
        "stories": [{"notice": notice_to_json(one.notice), "outlets": one.outlets} for one in review.stories],
        "at": review.at.isoformat(),
    }


def review_from_json(stored: Mapping[str, Any]) -> Review:
    """The way back from `review_to_json`."""
    return Review(
        id=DigestId(stored["id"]),
        first_day=date.fromisoformat(stored["first_day"]),
        watches=tuple(
            WatchWeek(
                watch_id=WatchId(one["watch_id"]),
                watch_name=one["watch_name"],
                days=tuple(one["days"]),
                before=one["before"],
            )
            for one in stored["watches"]
        ),
        stories=tuple(
            TopStory(notice=notice_from_json(one["notice"]), outlets=one["outlets"]) for one in stored["stories"]
        ),
        at=datetime.fromisoformat(stored["at"]),
    )
