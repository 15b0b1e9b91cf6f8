"""A process that analyses articles for ever, to be killed: `python -m tests.store.writer URL [half-way]`.

It says a line after each article. Half-way, it says so inside a transaction that has written, and waits.
"""

import sys
from pathlib import Path

from sqlalchemy import update

from tests.store.values import LEASE, NOW, a_record, an_alert, an_article
from worker.store.alerts import SqlAlertStore
from worker.store.articles import SqlArticleStore
from worker.store.engine import connect, writing
from worker.store.schema import deliveries, facts


def main(url: str, mode: str = "") -> None:
    engine = connect(url, Path("unused"))
    articles, alerts = SqlArticleStore(engine), SqlAlertStore(engine)
    for number in range(100_000):
        article = an_article(f"a{number}")
        articles.add([article], NOW)
        (claimed,) = articles.claim_pending(NOW, LEASE, 1)
        story = f"s{number}"
        record = a_record(claimed, alerts.version(), story=story, alerts=(an_alert(article, story=story),))
        alerts.apply(record, NOW)
        if mode == "half-way":
            with writing(engine) as connection:
                connection.execute(update(facts).values(value="99"))
                connection.execute(deliveries.delete())
                say("inside")
                sys.stdin.readline()
        say(f"done {number}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
