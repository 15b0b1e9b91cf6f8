"""What is proposed for a false alarm and for a miss."""

import pytest

from tests.core.matching.builders import SEEN, a_watch, an_analysis, an_article
from worker.models.watch import Conditions, Person, Phrase, Together
from worker.tuning.false_alarm import false_alarm_proposals
from worker.tuning.missed import missed_proposals
from worker.tuning.proposals import Bench, Proposal, with_additions
from worker.tuning.suggesting import for_false_alarm, for_missed, suggestion_lines
from worker.tuning.trying import by_forms, verdict_of


def a_text(body, title="", name="a1"):
    from dataclasses import replace

    return by_forms(replace(an_article(title=title, body=body), id=name))


def phrases_of(proposals, key):
    return [one.phrases for one in proposals if one.key == key]


def proposed(watch, body, **bench):
    made = Bench(watch, {}, a_text(body), **bench)
    verdict = verdict_of(made.subject, watch, {})
    assert verdict is not None
    assert verdict.match is not None
    return false_alarm_proposals(made, verdict.match)


LUKOIL = a_watch("Лукойл", watch_id="lukoil")


def test_longer_name_around_the_finding_is_proposed_first():
    found = proposed(LUKOIL, "Вчера Лукойл Академик победи отбора на Левски.")

    assert found[0].key == "none"
    assert found[0].phrases == ("Лукойл Академик",)


def test_given_name_before_a_namesake_is_told_as_one():
    found = proposed(a_watch("Столтенберг"), "Тогава Камила Столтенберг говори.")

    assert (found[0].phrases, found[0].why) == (("Камила Столтенберг",), "another given name before it")


def test_phrase_that_breaks_a_golden_example_is_never_proposed():
    example = a_text("Лукойл Академик е клуб на Лукойл.", name="e")
    found = proposed(LUKOIL, "Лукойл Академик победи отбора.", must_match=[example, a_text("Лукойл отбора", name="f")])

    assert ("отбора",) not in phrases_of(found, "unless")
    assert ("Лукойл Академик",) in phrases_of(found, "none")


def test_word_that_true_alerts_have_is_no_reason_for_silence():
    true = [a_text("Рафинерията на Лукойл победи в съда.", name="t")]

    found = proposed(LUKOIL, "Отборът на Лукойл победи Левски.", alerted=true)

    assert ("победи",) not in phrases_of(found, "unless")
    assert ("левски",) in phrases_of(found, "unless") or ("Левски",) in phrases_of(found, "unless")


def test_lost_alerts_are_told_and_come_last():
    true = [a_text("Лукойл Академик плати данъци.", name="t")]

    found = for_false_alarm(Bench(LUKOIL, {}, a_text("Лукойл Академик победи Левски."), alerted=true), by_forms, SEEN)

    lost = [one.lost for one in found.proposals]
    assert lost == sorted(lost)
    assert found.proposals[-1].lost == 1


def test_what_all_true_alerts_have_may_be_needed():
    true = [a_text(f"Лукойл и горивата {n}: рафинерия.", name=str(n)) for n in range(3)]

    found = proposed(LUKOIL, "Лукойл победи.", alerted=true)

    assert ("рафинерия",) in phrases_of(found, "needs")


def test_several_findings_are_cancelled_together():
    found = proposed(LUKOIL, "Лукойл Академик игра. После Лукойл Атлетик игра.")

    assert ("Лукойл Академик", "Лукойл Атлетик") in phrases_of(found, "none")


def test_suggestion_for_a_false_alarm_comes_with_its_example():
    bench = Bench(LUKOIL, {}, a_text("Времето е лошо. Лукойл Академик победи. Край.", title="Спорт"))

    found = for_false_alarm(bench, by_forms, SEEN)

    assert found.picked is found.proposals[0]
    assert found.example is not None
    assert (found.key, found.example.text, found.example.title) == ("must_not_match", "Лукойл Академик победи.", "")


def test_example_of_a_term_with_days_is_dated():
    watch = a_watch(
        Person(
            given="",
            surname="Радев",
            conditions=Conditions(unless=(Phrase(text="нищо"),), until=None, since=SEEN.date()),
        )
    )

    found = for_false_alarm(Bench(watch, {}, a_text("Радев Стоил каза.")), by_forms, SEEN)

    assert found.example is None or found.example.on is not None


def test_silent_watch_gets_an_example_only():
    found = for_false_alarm(Bench(LUKOIL, {}, a_text("Времето е лошо.")), by_forms, SEEN)

    assert (found.proposals, found.picked) == ((), None)
    assert found.example is not None
    assert "does what is wanted already" in "\n".join(suggestion_lines(found, Bench(LUKOIL, {}, a_text("x")), 0))


def test_missed_article_gives_phrases_around_the_words_of_the_watch():
    watch = a_watch("Лукойл Нефтохим")
    bench = Bench(watch, {}, a_text("Времето е лошо. Рафинерията Нефтохим спря работа.", title="Новини"))

    found = missed_proposals(bench, None)

    assert ("рафинерията Нефтохим",) in [one.phrases for one in found]
    assert all(one.key == "any" for one in found)


def test_names_of_the_nearest_sentence_are_candidates():
    article = an_article(body="Генералът Иван Колев говори за Нефтохим.")
    subject = by_forms(article)
    from dataclasses import replace

    read = replace(subject, analysis=an_analysis(article, people=["Иван Колев"]))

    found = missed_proposals(Bench(a_watch("Лукойл Нефтохим"), {}, read), None)

    assert ("Иван Колев",) in [one.phrases for one in found]


def test_term_that_fires_on_a_must_not_match_is_never_proposed():
    watch = a_watch("Лукойл")
    against = a_text("Рафинерията Нефтохим е стара.", name="e")

    found = missed_proposals(Bench(watch, {}, a_text("Рафинерията Нефтохим спря."), must_not_match=[against]), None)

    assert ("рафинерията Нефтохим",) not in [one.phrases for one in found]


def test_watch_that_lacks_its_needs_gets_words_for_them():
    watch = a_watch("Лукойл", needs=["рафинерия"])
    bench = Bench(watch, {}, a_text("Лукойл затвори бензиностанция."))

    found = missed_proposals(bench, verdict_of(bench.subject, watch, {}))

    assert {one.key for one in found} == {"needs"}
    assert ("бензиностанция",) in [one.phrases for one in found]


def test_silenced_watch_gets_no_proposal_that_would_fail():
    watch = a_watch("Лукойл", unless=["спорт"])

    found = for_missed(Bench(watch, {}, a_text("Лукойл и спорт в рафинерията.")), by_forms, SEEN, ())

    assert (found.proposals, found.example) == ((), None)


def test_noise_is_counted_among_articles_where_the_watch_is_silent():
    archive = [a_text("Лукойл в завода.", name="1"), a_text("Нов завод.", name="2"), a_text("Завод.", name="3")]
    wide = Proposal(key="any", phrases=("завод",), why="")
    narrow = Proposal(key="any", phrases=("нов завод",), why="")

    found = with_additions([wide, narrow], LUKOIL, {}, archive)

    assert [(one.phrases, one.added) for one in found] == [(("нов завод",), 1), (("завод",), 2)]


def test_heavier_threshold_gives_a_heavier_term():
    watch = a_watch("Лукойл", Phrase(text="завод"), threshold=2.0)

    found = missed_proposals(Bench(watch, {}, a_text("Рафинерията Нефтохим спря.")), None)

    assert found
    assert found[0].weight == 2.0


@pytest.mark.parametrize("key", ["any", "none", "needs", "unless"])
def test_proposal_adds_to_its_own_key(key):
    watch = Proposal(key=key, phrases=("а", "б"), why="").applied(a_watch("x"))

    added = watch.terms[1:] if key == "any" else getattr(watch, key)
    assert all(isinstance(phrase, Phrase) and phrase.text in {"а", "б"} for phrase in added)
    assert len(added) == 2
    assert isinstance(Together(groups=((),)), Together)
