"""What processes let each other know, on both databases."""

from dataclasses import replace

from worker.store.notes import FailingExample, Fate, WatchlistNote, models_fault, note_watchlist, watchlist_note

NOTE = WatchlistNote(
    version="abc*",
    watches=2,
    failing=(FailingExample(watch="Пакт", must_match=True, text="„т“", why="w", fate=Fate.KEPT),),
    faults=("w.yaml:1: х",),
)


def test_note_on_watches_is_read_as_it_was_written_and_the_last_one_counts(engine):
    assert watchlist_note(engine) is None

    note_watchlist(engine, NOTE)
    assert watchlist_note(engine) == NOTE

    later = replace(NOTE, failing=(), faults=())
    note_watchlist(engine, later)
    assert watchlist_note(engine) == later
    assert models_fault(engine) == ""
