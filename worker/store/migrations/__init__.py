"""Alembic environment and scripts, run by `worker.store.migrate`."""
