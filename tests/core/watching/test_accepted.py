"""Which version of each watch is in force after its examples were tried."""

from tests.store.values import an_article
from worker.matching.match import find_matches
from worker.matching.terms import compile_watches
from worker.models.watch import ChannelId, Concept, Conditions, Phrase, Together, Watch, WatchId, WatchKind, Watchlist
from worker.watching.accepted import accept, recalled
from worker.watching.examples import Failure


def a_watch(name, *texts, **changes):
    terms = tuple(Phrase(text=text) for text in texts)
    return Watch(id=WatchId(name), name=name, kind=WatchKind.ACTOR, **{"terms": terms, **changes})


def a_concept(name, *texts):
    return Concept(name=name, strong=tuple(Phrase(text=text) for text in texts))


def a_list(version, *watches, concepts=()):
    return Watchlist(watches=watches, version=version, concepts={one.name: one for one in concepts})


def failing(*names):
    return [Failure(watch_id=WatchId(n), must_match=True, number=0, text="т", why="w") for n in names]


def good(watchlist):
    return {watch.id: watchlist for watch in watchlist.watches}


def fired(watchlist, text):
    article = an_article(title="", body=text)
    return [match.watch_id for match in find_matches(article, None, compile_watches(watchlist))]


OLD = a_list("old", a_watch("a", "стар"), a_watch("b", "брат"))
NEW = a_list("new", a_watch("a", "нов"), a_watch("b", "сестра"), a_watch("c", "цар"))


ALL = frozenset(watch.id for watch in NEW.watches)


def test_what_holds_is_taken_whole_and_may_be_fallen_back_on():
    accepted = accept(NEW, good(OLD), [])

    assert accepted.watchlist == NEW
    assert (accepted.kept, accepted.dropped) == ((), ())
    assert accepted.last_good == good(NEW)


def test_watch_that_fails_stays_as_it_was_and_all_others_are_new():
    accepted = accept(NEW, good(OLD), failing("a"))

    assert accepted.watchlist.watches == (OLD.watches[0], *NEW.watches[1:])
    assert accepted.watchlist.version == "new*"
    assert (accepted.kept, accepted.dropped) == (("a",), ())
    assert accepted.last_good == {"a": OLD, "b": NEW, "c": NEW}


def test_watch_that_never_was_good_is_left_out():
    accepted = accept(NEW, good(OLD), failing("c"))

    assert [watch.id for watch in accepted.watchlist.watches] == ["a", "b"]
    assert accepted.watchlist.version == "new*"
    assert accepted.dropped == ("c",)
    assert "c" not in accepted.last_good


def test_watch_that_is_not_in_the_files_any_more_is_forgotten():
    accepted = accept(a_list("new", a_watch("a", "нов")), good(OLD), [])

    assert set(accepted.last_good) == {"a"}


def test_kept_watch_goes_where_the_new_one_goes():
    new = a_list("new", a_watch("a", "нов", channels=(ChannelId("mail"),)))

    (watch,) = accept(new, good(OLD), failing("a")).watchlist.watches

    assert (watch.terms, watch.channels) == ((Phrase(text="стар"),), ("mail",))


def test_kept_watch_has_the_concepts_of_its_time():
    near = Together(groups=((Phrase(text="среща"),),), conditions=Conditions(near=(Phrase(text="шеф на $съюз"),)))
    old = a_list(
        "old",
        a_watch("a", "$съюз", terms=(Phrase(text="$съюз"), near)),
        concepts=[a_concept("съюз", "$пакт"), a_concept("пакт", "НАТО")],
    )
    new = a_list(
        "new",
        a_watch("a", "$съюз"),
        a_watch("b", "$съюз"),
        concepts=[a_concept("съюз", "$пакт"), a_concept("пакт", "Европа")],
    )

    found = accept(new, good(old), failing("a")).watchlist

    assert found.watches[0].terms[0] == Phrase(text="$съюз@old")
    assert fired(found, "НАТО расте") == ["a"]
    assert fired(found, "Европа расте") == ["b"]


def test_versions_of_two_times_stand_side_by_side():
    first = a_list("v1", a_watch("a", "$дума"), concepts=[a_concept("дума", "първо")])
    second = a_list("v2", a_watch("b", "$дума"), concepts=[a_concept("дума", "второ")])
    third = a_list("v3", a_watch("a", "$дума"), a_watch("b", "$дума"), concepts=[a_concept("дума", "трето")])

    accepted = accept(third, {**good(first), **good(second)}, failing("a", "b"))

    for watchlist in (accepted.watchlist, recalled("v3*", accepted.last_good)):
        assert watchlist.version == "v3*"
        assert [fired(watchlist, word) for word in ("първо", "второ", "трето")] == [["a"], ["b"], []]


def test_without_models_a_failure_removes_nothing_and_nothing_becomes_good():
    accepted = accept(NEW, good(OLD), failing("a", "c"), ALL)

    assert accepted.watchlist.watches == (OLD.watches[0], *NEW.watches[1:])
    assert (accepted.kept, accepted.dropped) == (("a",), ())
    assert accepted.last_good == good(OLD)


def test_without_models_a_watch_that_was_good_in_this_version_fails_in_nothing():
    accepted = accept(NEW, good(NEW), failing("a", "c"), ALL)

    assert accepted.watchlist == NEW
    assert accepted.failures == ()
    assert accepted.last_good == good(NEW)


def test_only_the_watch_that_lacks_its_model_is_unsure():
    accepted = accept(NEW, {}, failing("a", "c"), {WatchId("a")})

    assert [watch.id for watch in accepted.watchlist.watches] == ["a", "b"]
    assert accepted.dropped == ("c",)
    assert set(accepted.last_good) == {"b"}
