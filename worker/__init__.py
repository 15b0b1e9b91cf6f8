"""Vestitel watches Bulgarian news and tells people when what they follow appears.

The path of one entry is the map of this package: `fetch` reads a feed, `text` cleans it, `nlp` analyses it,
`entities` and `topics` say whom it names and what it is about, `matching` finds the watches it satisfies,
`grouping` decides which story it belongs to and whether to tell anybody, `store` keeps all of that, `notify`
sends it. `pipeline` joins them as use cases that know neither database nor queue; `wiring` builds the real
parts, `tasks` lets Celery run the use cases, `supervisor` runs every process on one machine, `cli` is
what a person types.

`lookback` tells of unusual volume and of the week, `desk` is what people do about alerts.
`watching` tries golden examples before watches are taken over, `tuning` answers what operators ask of a watchlist.

Each level imports only levels below it: cli > demo > supervisor, web > tasks > celery_app, reloading > wiring > edges
(fetch, nlp, store, notify, settings, logs, broker, evaluate) > tuning > bounded_loop > pipeline > watching >
examining > ports > entities > matching, grouping, polling, topics > forms > text > models > errors. CI enforces it.
"""
