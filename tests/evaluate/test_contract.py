"""The evaluation contract: lines in, lines out, faults with their number."""

import json
from datetime import UTC, datetime

import pytest

from tests.core.categories import A_MODEL
from tests.fakes import FakeAnalyzer
from worker.entities.index import compile_catalogue
from worker.evaluate.contract import BadLineError, gold_of, item_of, results
from worker.matching.terms import compile_watches
from worker.models.actor import Catalogue
from worker.models.news import MentionKind
from worker.models.watch import ChannelId, Phrase, Watch, WatchId, WatchKind, Watchlist
from worker.ports import Language

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
WATCH = Watch(
    id=WatchId("nato"),
    name="НАТО",
    kind=WatchKind.ACTOR,
    terms=(Phrase(text="НАТО"),),
    channels=(ChannelId("desk"),),
)


def language(**analyzer) -> Language:
    watchlist = Watchlist(watches=(WATCH,), version="v1")
    return Language(
        analyzer=FakeAnalyzer(**analyzer),
        index=compile_watches(watchlist),
        catalogue=compile_catalogue(Catalogue()),
        categories=A_MODEL,
    )


def run(*lines: object, **analyzer) -> tuple[list[dict], list[tuple[int, str]]]:
    complaints: list[tuple[int, str]] = []
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    found = list(
        results(
            enumerate(texts, start=1),
            language(**analyzer),
            NOW,
            lambda number, cause: complaints.append((number, cause)),
        )
    )
    return found, complaints


def test_result_has_the_fixed_form_and_exact_places():
    item = {
        "id": "d1",
        "title": "Среща на НАТО",
        "summary": "",
        "body": "Столтенберг за НАТО.",
        "outlet": "x",
        "published": "",
    }

    (result,), complaints = run(item, names={"Столтенберг": MentionKind.PER})

    assert list(result) == ["id", "watches", "entities", "topics", "story", "copy_of"]
    (watch,) = result["watches"]
    assert list(watch) == ["watch", "score", "weight", "threshold", "layer", "reason", "evidence"]
    for evidence in watch["evidence"]:
        assert item[evidence["field"]][evidence["start"] : evidence["end"]] == evidence["text"] == "НАТО"
    assert result["entities"] == [
        {"field": "body", "start": 0, "end": 11, "text": "Столтенберг", "type": "PER", "name": "Столтенберг"}
    ]
    assert complaints == []


def test_results_come_in_order_with_ids_as_given():
    items = [{"id": n, "title": f"Новина {n} за нещо друго"} for n in (7, 3, 40)] + [{"id": "x", "body": "Текст."}]

    found, _ = run(*items)

    assert [result["id"] for result in found] == [7, 3, 40, "x"]


def test_more_items_than_one_batch_are_all_there():
    found, _ = run(*[{"id": f"n{n}", "title": f"Заглавие {n}"} for n in range(50)])

    assert [result["id"] for result in found] == [f"n{n}" for n in range(50)]


def test_copy_names_the_id_of_its_original():
    body = " ".join(f"дума{n}" for n in range(60)) + "."

    found, _ = run({"id": 1, "title": "Едно", "body": body}, {"id": 2, "title": "Друго", "body": body})

    assert found[0]["copy_of"] is None
    assert found[1]["copy_of"] == 1
    assert found[0]["story"] == found[1]["story"]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        pytest.param("{", "is not JSON", id="not-json"),
        pytest.param("[1]", "is not a JSON object", id="not-an-object"),
        pytest.param('{"title": "x"}', "has no «id»", id="no-id"),
        pytest.param('{"id": true, "title": "x"}', "has no «id»", id="id-of-a-wrong-kind"),
        pytest.param('{"id": "a"}', "has no text", id="no-text"),
        pytest.param('{"id": "a", "title": 3}', "«title» must be a string, found int", id="title-of-a-wrong-kind"),
        pytest.param('{"id": "a", "title": "\\ud800"}', "surrogate", id="half-a-surrogate"),
        pytest.param('{"id": "\\ud800", "title": "x"}', "surrogate", id="half-a-surrogate-in-the-id"),
        pytest.param('{"id": "a", "title": "x", "published": "0001-01-01T00:00:00"}', "published", id="year-one"),
        pytest.param(
            '{"id": "a", "title": "x", "published": "9999-12-31T23:59:59-12:00"}', "published", id="last-year"
        ),
        pytest.param(
            '{"id": "a", "title": "x", "published": "2500-01-01T00:00:00Z"}', "outside the years", id="far-year"
        ),
        pytest.param('{"id": "ok", "title": "пак"}', "repeats the id ok", id="id-twice"),
        pytest.param("[" * 100_000, "is not JSON", id="nested-too-deep"),
    ],
)
def test_bad_line_is_told_with_its_number_and_skipped(line, cause):
    found, complaints = run({"id": "ok", "title": "Добро"}, "", line, {"id": "after", "title": "След него"})

    assert [result["id"] for result in found] == ["ok", "after"]
    ((number, told),) = complaints
    assert number == 3
    assert cause in told


def test_item_that_the_models_refuse_is_told_with_its_number():
    found, complaints = run({"id": "a", "title": "Едно"}, {"id": "b", "title": "Две"}, fails_on={"b"})

    assert [result["id"] for result in found] == ["a"]
    assert complaints == [(2, "told to fail")]


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param("2026-11-24T09:15:00+02:00", datetime(2026, 11, 24, 7, 15, tzinfo=UTC), id="offset"),
        pytest.param("2026-11-24T07:15:00Z", datetime(2026, 11, 24, 7, 15, tzinfo=UTC), id="zulu"),
        pytest.param("2026-11-24T09:15:00", datetime(2026, 11, 24, 7, 15, tzinfo=UTC), id="no-offset-is-sofia"),
        pytest.param("", None, id="absent"),
    ],
)
def test_published(published, expected):
    _, article = item_of(json.dumps({"id": "a", "title": "x", "published": published}), NOW)

    assert article.published_at == expected


def test_unreadable_publication_time_is_a_fault():
    with pytest.raises(BadLineError, match="published"):
        item_of('{"id": "a", "title": "x", "published": "вчера"}', NOW)


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param({"fires": 5}, id="fires-no-list"),
        pytest.param({"fires": [["a"]]}, id="fires-of-lists"),
        pytest.param({"entities": "x"}, id="entities-no-list"),
        pytest.param({"entities": [{"field": "title", "type": "PER", "start": 0}]}, id="entity-without-end"),
        pytest.param({"story": None}, id="no-story"),
    ],
)
def test_labels_that_cannot_be_compared_are_a_fault(labels):
    good = {"id": "a", "title": "x", "fires": [], "entities": [], "story": "s"}

    assert gold_of(json.dumps(good))["copy_of"] is None
    with pytest.raises(BadLineError, match=next(iter(labels))):
        gold_of(json.dumps(good | labels))
