"""What one process lets the others know, in the table of facts."""

from sqlalchemy import Engine, delete, select

from worker.store.engine import insert, reading, writing
from worker.store.schema import facts

_MODELS_FAULT = "models_fault"


def note_models_fault(engine: Engine, fault: str) -> None:
    """Why the language models cannot be used, or nothing when they are in use again."""
    with writing(engine) as connection:
        if not fault:
            connection.execute(delete(facts).where(facts.c.key == _MODELS_FAULT))
            return
        statement = insert(connection, facts).values(key=_MODELS_FAULT, value=fault)
        connection.execute(statement.on_conflict_do_update(index_elements=[facts.c.key], set_={"value": fault}))


def models_fault(engine: Engine) -> str:
    """Why articles are analysed by word forms alone; empty while the language models are in use."""
    with reading(engine) as connection:
        return connection.scalar(select(facts.c.value).where(facts.c.key == _MODELS_FAULT)) or ""
