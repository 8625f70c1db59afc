"""The register's engines, and the only place where a transaction is opened or committed.

SQLite (default): two engines on one file. Readers are deferred and `query_only`; the writer begins IMMEDIATE, so that
it never fails half way from a read lock to a write lock, and there is one writer connection per process.
PostgreSQL: readers in one read-only snapshot, writers READ COMMITTED with row locks where a number is taken.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine, event, text
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sqlalchemy import Connection, CursorResult, Dialect, Executable

BUSY_TIMEOUT_S = 30
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


class Instant(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, naive UTC in the column (SQLite has no zones)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        return None if value is None else value.replace(tzinfo=UTC)


class Db:
    """An open connection, and the jobs that were written through it (to ring for after the commit)."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.jobs: list[int] = []

    def execute(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Run a statement in this transaction."""
        return self.connection.execute(statement, values)

    def insert(self, statement: Executable) -> int:
        """Run an INSERT and answer the new primary key."""
        key = self.connection.execute(statement).inserted_primary_key
        assert key is not None  # noqa: S101  (every INSERT of ours has a key)
        return int(key[0])


class Register:
    """The register of one installation."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite")
        if self.sqlite:
            self.writer = create_engine(url, hide_parameters=True, poolclass=QueuePool, pool_size=1, max_overflow=0,
                                        pool_timeout=BUSY_TIMEOUT_S, connect_args={"timeout": BUSY_TIMEOUT_S,
                                                                                   "check_same_thread": False})
            self.reader = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S})
            _prepare_sqlite(self.writer, begin="BEGIN IMMEDIATE", query_only=False)
            _prepare_sqlite(self.reader, begin="BEGIN", query_only=True)
        else:
            self.writer = self.reader = create_engine(url, hide_parameters=True, pool_pre_ping=True)

    @contextmanager
    def reading(self) -> Iterator[Db]:
        """One consistent look; nothing can be written through it."""
        with self.reader.connect() as connection:
            if not self.sqlite:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            yield Db(connection)
            connection.rollback()

    @contextmanager
    def transaction(self) -> Iterator[Db]:
        """All or nothing: commits at the end of the block, rolls back when it raises."""
        with self.writer.connect() as connection, connection.begin() as open_transaction:
            db = Db(connection)
            yield db
            open_transaction.commit()

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def _prepare_sqlite(engine: Engine, *, begin: str, query_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON",
                       f"busy_timeout={BUSY_TIMEOUT_S * 1000}", f"query_only={'ON' if query_only else 'OFF'}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def new_public_id() -> str:
    """An identifier for addresses: 128 random bits, 32 hexadecimal digits."""
    return secrets.token_hex(16)
