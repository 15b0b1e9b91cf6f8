"""Vestitel watches Bulgarian news and tells people when what they follow appears.

The path of one entry is the map of this package. `polling` says when a feed is due and remembers what it did,
`fetch` reads it, `text` cleans its entries, `nlp` analyses them, `entities` and `topics` say whom they name and what
they are about, `attribution` from whom the text says it has its news, `matching` finds the watches they satisfy,
`grouping` decides which story they belong to and whether to tell anybody, `notify` sends it, `store` keeps all of that.

Use cases know neither database nor queue: `polls` reads a feed, `pushing` takes what a hub sends, `pipeline` analyses,
delivers and sweeps, `paging` reads an article's page, `telling` tells operators how feeds fare. What they decide is
pure: `health`, `fulltext`, `delivering`, `probing`, `subscribing`; `examining` is what is made of an article alone,
`watching` tries golden examples before watches are taken over, `forms` makes word forms of their terms, `tuning`
answers what operators ask of a watchlist. `lookback` tells of unusual volume and of the week, `desk` is what people do
about alerts. `models` holds the values, `errors` the faults, `ports` what the use cases
need of the world.

The world lies at the edges: `settings` reads the configuration, `logs` writes, `broker` is the queue's server,
`processes` are the system's, `evaluate` measures; `bounded_loop` bounds what waits for other people's servers.
`wiring`, `feed_wiring` and `channel_wiring` build the real parts, `reloading` takes changed watches over, `celery_app`
and `tasks` let Celery run the use cases with the parts of a `task_process`, `web` shows how they fare, `roles` are
the processes of the service, `supervisor` runs them and `embedded` starts them all on one machine, `demo` on made-up
news; `cli` is what a person types.

Each level imports only levels below it; the contract in pyproject.toml lists them, and CI enforces it.
"""
