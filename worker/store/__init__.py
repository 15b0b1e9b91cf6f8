"""The record of work: SQLAlchemy on SQLite or PostgreSQL."""
