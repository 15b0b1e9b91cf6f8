"""Mentions from the model's spans and the catalogue, and their canonical names."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.matching.builders import an_analysis, an_article
from worker.entities.index import compile_catalogue, forms_of_name
from worker.entities.mentions import resolve
from worker.entities.nominative import nominative
from worker.models.actor import Actor, ActorId, Catalogue
from worker.models.news import Field, Mention, MentionKind

ACTORS = (
    ("nato", "НАТО", MentionKind.ORG, ("Северноатлантически пакт",), ("Алианс",)),
    ("stoltenberg", "Йенс Столтенберг", MentionKind.PER, ("Jens Stoltenberg",), ("Столтенберг",)),
    ("kozloduy", "АЕЦ „Козлодуй“", MentionKind.LOC, ("АЕЦ Козлодуй",), ()),
    ("ec", "Европейска комисия", MentionKind.ORG, ("ЕК",), ("Комисия",)),
    ("mod", "Министерство на отбраната", MentionKind.ORG, (), ()),
    ("party", "Величие", MentionKind.ORG, (), ()),
    ("vks", "Върховен касационен съд", MentionKind.ORG, ("ВКС",), ()),
    ("elder", "Мария Захарова", MentionKind.PER, (), ("Захарова",)),
    ("judge", "Галина Захарова", MentionKind.PER, (), ("Захарова",)),
)
INDEX = compile_catalogue(
    Catalogue(
        actors=tuple(Actor(id=ActorId(i), name=n, kind=k, aliases=a, weak=w) for i, n, k, a, w in ACTORS),
    )
)


def found(body, *spans, lemmas=None, index=INDEX):
    """Text, kind and name of each mention; `spans` are what the model found, as (text, kind)."""
    article = an_article(body=body)
    analysis = an_analysis(article, lemmas)
    mentions = tuple(
        Mention(field=Field.BODY, start=m.start(), end=m.end(), text=text, kind=MentionKind(kind), name="")
        for text, kind in spans
        for m in re.finditer(re.escape(text), body)
    )
    analysis = type(analysis)(model="by hand", sentences=analysis.sentences, mentions=mentions)
    resolved = resolve(article, analysis, index)
    assert all(article.text_of(m.field)[m.start : m.end] == m.text for m in resolved)
    return [(m.text, m.kind.value, m.name) for m in resolved]


@pytest.mark.parametrize(
    ("body", "spans", "expected"),
    [
        pytest.param("Оттам НАТО мълчи.", (), [("НАТО", "ORG", "НАТО")], id="known-name-without-the-model"),
        pytest.param("Според Европейската комисия да.", (), [("Европейската комисия", "ORG", "Европейска комисия")], id="article-on-the-adjective"),
        pytest.param("Във Върховния касационен съд.", (), [("Върховния касационен съд", "ORG", "Върховен касационен съд")], id="falling-vowel"),
        pytest.param("Спря АЕЦ „Козлодуй“ вчера.", (("АЕЦ", "ORG"), ("Козлодуй", "PER")), [("АЕЦ „Козлодуй“", "LOC", "АЕЦ „Козлодуй“")], id="quotes-of-a-part-belong"),
        pytest.param("Днес „НАТО“ е дума.", (), [("НАТО", "ORG", "НАТО")], id="quotes-of-the-whole-stay-out"),
        pytest.param("Йенс Столтенберг дойде. После Столтенберг каза.", (("Йенс Столтенберг", "PER"), ("Столтенберг", "LOC")), [("Йенс Столтенберг", "PER", "Йенс Столтенберг"), ("Столтенберг", "PER", "Йенс Столтенберг")], id="surname-of-a-present-actor-wins-over-a-wrong-kind"),
        pytest.param("Тук Столтенберг каза.", (("Столтенберг", "PER"),), [("Столтенберг", "PER", "Йенс Столтенберг")], id="surname-alone-with-the-model"),
        pytest.param("Тук Столтенберг каза.", (), [], id="surname-alone-without-the-model"),
        pytest.param("Камила Столтенберг, лекар. Столтенберг каза.", (("Камила Столтенберг", "PER"), ("Столтенберг", "PER")), [("Камила Столтенберг", "PER", "Камила Столтенберг"), ("Столтенберг", "PER", "Камила Столтенберг")], id="namesake-in-full"),
        pytest.param("Тук Захарова каза.", (("Захарова", "PER"),), [("Захарова", "PER", "Захарова")], id="surname-of-two-actors"),
        pytest.param("Величие и упадък.", (), [], id="capital-of-a-sentence-proves-nothing"),
        pytest.param("Вчера Величие гласува. Величие е партия.", (), [("Величие", "ORG", "Величие"), ("Величие", "ORG", "Величие")], id="proved-elsewhere"),
        pytest.param("Оттам НАТО прати. Алиансът реши.", (), [("НАТО", "ORG", "НАТО"), ("Алиансът", "ORG", "НАТО")], id="weak-name-of-a-present-actor"),
        pytest.param("Търговският алианс реши.", (), [], id="small-letters-are-no-name"),
        pytest.param("Министерството на отбраната на Чехия плати.", (("Министерството на отбраната на Чехия", "ORG"),), [("Министерството на отбраната на Чехия", "ORG", "Министерство на отбраната на Чехия")], id="the-model-sees-a-longer-name"),
        pytest.param("Тук Jens Stoltenberg, и др.", (), [("Jens Stoltenberg", "PER", "Йенс Столтенберг")], id="latin"),
        pytest.param("На срещата на върха на НАТО във Вилнюс се.", (("Вилнюс", "LOC"),), [("срещата на върха на НАТО във Вилнюс", "EVT", "среща на върха на НАТО във Вилнюс")], id="summit"),
        pytest.param("След самита в Хага.", (("Хага", "LOC"),), [("самита в Хага", "EVT", "самит в Хага")], id="summit-of-a-town"),
        pytest.param("На срещата в Хага и на срещата на върха.", (("Хага", "LOC"),), [("Хага", "LOC", "Хага")], id="a-meeting-is-no-summit"),
        pytest.param("Дойде Азия Биби. Тук Биби каза.", (("Азия Биби", "PER"), ("Биби", "LOC")), [("Азия Биби", "PER", "Азия Биби"), ("Биби", "PER", "Азия Биби")], id="a-surname-is-the-person-named-in-full"),
        pytest.param("Там Чирен. Оттам Чирен. Пак Чирен.", (), [], id="no-mention-no-vote"),
        pytest.param("Тук Stoltenberg каза.", (("Stoltenberg", "PER"),), [("Stoltenberg", "PER", "Йенс Столтенберг")], id="latin-surname-alone"),
        pytest.param("Там НАТО Stoltenberg каза. Тук Столтенберг.", (("НАТО Stoltenberg", "ORG"), ("Столтенберг", "PER")), [("НАТО", "ORG", "НАТО"), ("Stoltenberg", "PER", "Йенс Столтенберг"), ("Столтенберг", "PER", "Йенс Столтенберг")], id="two-names-run-together"),
        pytest.param("Така демократите загубиха.", (("демократите", "PER"),), [], id="groups-are-no-people"),
        pytest.param("Там „Спот“ АД фалира.", (("„Спот“", "ORG"),), [("Спот", "ORG", "Спот")], id="the-models-quotes-go"),
    ],
)  # fmt: skip
def test_mentions(body, spans, expected):
    assert (
        found(body, *spans, lemmas={"Министерството": "министерство", "срещата": "среща", "самита": "самит"})
        == expected
    )


def test_a_definite_noun_at_the_beginning_of_a_sentence_is_no_person():
    assert found("Социологът каза.", ("Социологът", "PER"), lemmas={"Социологът": "социолог"}) == []


@pytest.mark.parametrize(
    ("text", "lemma", "upos", "kind", "expected"),
    [
        ("Европейската комисия", "европейски", "ADJ", "ORG", "Европейска комисия"),
        ("Министерския съвет", "министерски", "ADJ", "ORG", "Министерски съвет"),
        ("Висшия съдебен съвет", "висш", "ADJ", "ORG", "Висш съдебен съвет"),
        ("Конституционния съд", "конституционен", "ADJ", "ORG", "Конституционен съд"),
        ("Народното събрание", "народен", "ADJ", "ORG", "Народно събрание"),
        ("Сухопътните войски", "сухопътен", "ADJ", "ORG", "Сухопътни войски"),
        ("Министерството на отбраната", "министерство", "NOUN", "ORG", "Министерство на отбраната"),
        ("Съвета на ЕС", "съвет", "NOUN", "ORG", "Съвет на ЕС"),
        ("Центърът за прогнози", "център", "NOUN", "ORG", "Център за прогнози"),
        ("Алиансът", "алианс", "NOUN", "ORG", "Алианс"),
        ("Втората световна война", "втори", "ADJ", "EVT", "Втора световна война"),
        ("Прага", "праг", "NOUN", "LOC", "Прага"),
        ("Австрия", "австрия", "PROPN", "LOC", "Австрия"),
        ("Ялта", "ялта", "PROPN", "LOC", "Ялта"),
        ("България Онлайн", "българия", "PROPN", "ORG", "България Онлайн"),
        ("ЦИК-ът", "цик", "PROPN", "ORG", "ЦИК"),
        ("Радева", "радев", "PROPN", "PER", "Радева"),
        ("Суматра", "суматра", "PROPN", "LOC", "Суматра"),
    ],
)
def test_nominative(text, lemma, upos, kind, expected):
    assert nominative(text, lemma, upos, MentionKind(kind)) == expected


@given(st.sampled_from([a for a in ACTORS if a[2] is not MentionKind.PER]), st.data())
def test_every_form_of_a_strong_name_is_found_inside_a_sentence(actor, data):
    _, name, kind, aliases, _ = actor
    alias = data.draw(st.sampled_from([name, *aliases]))
    form = data.draw(st.sampled_from([*forms_of_name(alias, kind)])).split()[0]
    first, *rest = alias.split()
    written = " ".join([first if first.isupper() else form.capitalize(), *rest])

    assert [one for one in found(f"Вчера {written} каза.") if one[2] == name]


@given(st.text(alphabet='НАТОатоЕКкомисяЕв „“"-.,\n', max_size=80))
def test_mentions_never_overlap_and_always_slice(body):
    article = an_article(body=body)
    mentions = resolve(article, an_analysis(article), INDEX)

    assert all(article.body[m.start : m.end] == m.text for m in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))
