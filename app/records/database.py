"""The register's engines, and the only place where a transaction is opened or committed.

Both databases give the same promise: one writer at a time, readers in one moment that nobody waits for (decision 22).
SQLite (default): two engines on one file. Readers are deferred and `query_only`; the writer begins IMMEDIATE, so that
it never fails half way from a read lock to a write lock, and there is one writer connection per process.
PostgreSQL: readers in one read-only snapshot; a writer takes the register's lock first and holds it to the commit, so
that what an action read is still so when it writes, on however many machines.
"""

from __future__ import annotations

import secrets
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Engine, MetaData, bindparam, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from app.errors import NotNow, Refused

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from sqlalchemy import Connection, CursorResult, Dialect, Executable, Table
    from sqlalchemy.engine import ExceptionContext

BUSY_TIMEOUT_S = 30
LONGEST_STATEMENT_S = 60
"""PostgreSQL ends a statement after so long; and a writer that sits idle so long loses its transaction and the lock."""
WRITERS = 640400
"""Key of PostgreSQL's advisory lock under which a writer works; `flask init` migrates under the same one."""
ONE_WRITER = text("SELECT pg_advisory_xact_lock(:key)").bindparams(bindparam("key", WRITERS))
ALONE = text("SELECT pg_advisory_lock(:key)").bindparams(bindparam("key", WRITERS))
NO_BOUNDS = text("SELECT set_config(name, '0', false) FROM unnest(array["
                 "'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout']) AS bounds(name)")
TOO_LONG = "22001"
"""PostgreSQL's code for a text that its column cannot take."""
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

    def insert_into(self, table: Table) -> Any:
        """An INSERT that knows ON CONFLICT, which both databases spell alike and SQLAlchemy keeps apart."""
        return (sqlite.insert if self.connection.dialect.name == "sqlite" else postgresql.insert)(table)


class Register:
    """The register of one installation."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = url.startswith("sqlite:")
        if self.sqlite:
            self.writer, self.reader = _sqlite_engines(url)
        elif url.startswith(("postgresql:", "postgresql+psycopg:")):
            self.writer, self.reader = _postgresql_engines(url)
        else:
            raise Refused("database_url 应写作 sqlite:///… 或 postgresql+psycopg://…。", where="database_url")

    @contextmanager
    def reading(self) -> Iterator[Db]:
        """One consistent look; nothing can be written through it."""
        with self.reader.connect() as connection:
            yield Db(connection)
            connection.rollback()

    @contextmanager
    def transaction(self) -> Iterator[Db]:
        """All or nothing: commits at the end of the block, rolls back when it raises.

        Waits for other writers. Raises NotNow when they take longer than 30 s or the database does not answer;
        nothing was changed then.
        """
        with ExitStack() as opened:
            try:
                connection = opened.enter_context(self.writer.connect())
                whole = opened.enter_context(connection.begin())
                if not self.sqlite:
                    connection.execute(ONE_WRITER)
            except (OperationalError, NoConnection) as error:
                raise NotNow("登记库正忙或没有应答，什么都没有改动。",
                             advice="请稍后再试；仍不行时请管理员运行 flask doctor。") from error
            yield Db(connection)
            whole.commit()

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """For migrations: without bounds of time; on PostgreSQL no other one and no writer of any machine meanwhile."""
        with self.writer.connect() as connection:
            if self.sqlite:
                yield connection
                return
            connection.execute(NO_BOUNDS)
            connection.execute(ALONE)
            if connection.exec_driver_sql("SHOW server_encoding").scalar_one() != "UTF8":
                raise Refused("数据库的编码不是 UTF8，写不全人名用字。", where="database_url",
                              advice="请另建一个编码为 UTF8 的空库（见 deploy/README.md）。")
            connection.commit()
            try:
                yield connection
            finally:
                connection.invalidate()  # ends the session and with it the lock, whatever happened to the migration

    def version(self) -> str:
        """Which database it is, and its version. Raises NotNow when it does not answer."""
        try:
            opened = self.reader.connect()
        except OperationalError as error:
            raise NotNow("登记库所在的数据库没有应答。", advice="请查看 database_url 和该服务。") from error
        with opened as connection:
            found = connection.dialect.server_version_info or ()
            return f"{'SQLite' if self.sqlite else 'PostgreSQL'} {'.'.join(str(part) for part in found)}"

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def _sqlite_engines(url: str) -> tuple[Engine, Engine]:
    writer = create_engine(url, hide_parameters=True, poolclass=QueuePool, pool_size=1, max_overflow=0,
                           pool_timeout=BUSY_TIMEOUT_S, connect_args={"timeout": BUSY_TIMEOUT_S,
                                                                      "check_same_thread": False})
    reader = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S})
    _prepare_sqlite(writer, begin="BEGIN IMMEDIATE", query_only=False)
    _prepare_sqlite(reader, begin="BEGIN", query_only=True)
    return writer, reader


def _postgresql_engines(url: str) -> tuple[Engine, Engine]:
    """One writing connection per process, as many could only wait for each other; a reading one for each thread."""
    told = {"lock_timeout": BUSY_TIMEOUT_S, "statement_timeout": LONGEST_STATEMENT_S}
    try:
        writer = create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=1, max_overflow=0, pool_timeout=BUSY_TIMEOUT_S,
            isolation_level="READ COMMITTED",
            connect_args=_postgresql_connect(told | {"idle_in_transaction_session_timeout": LONGEST_STATEMENT_S}))
        reader = create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=8, max_overflow=24, pool_timeout=BUSY_TIMEOUT_S,
            execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
            connect_args=_postgresql_connect(told))
    except (ArgumentError, ValueError):
        raise Refused("database_url 不是合格的地址。", where="database_url") from None
    for engine in (writer, reader):
        event.listen(engine, "handle_error", _told_in_words, retval=True)
    return writer, reader


def _told_in_words(context: ExceptionContext) -> Exception | None:
    """What SQLite keeps and PostgreSQL cannot is refused in words; other errors tell no value.

    PostgreSQL adds to an error the row that it is about, and no person's data may stand in an exception.
    """
    error = context.original_exception
    diagnosis = getattr(error, "diag", None)
    if diagnosis is None:
        return None
    if diagnosis.sqlstate == TOO_LONG:
        return Refused("有一处写得太长，存不下。", advice="请写短些再保存。")
    if diagnosis.sqlstate is None and "NUL" in str(error):
        return Refused("内容里有看不见的、不能用的字符（NUL）。", advice="请重新输入，不要从别处粘贴。")
    if diagnosis.message_primary is not None and context.sqlalchemy_exception is not None:
        error.args = (diagnosis.message_primary,)
        context.sqlalchemy_exception.args = (f"({type(error).__name__}) {diagnosis.message_primary}",)
    return None


def _postgresql_connect(seconds: dict[str, int]) -> dict[str, Any]:
    """What libpq is told: bounds (in seconds), and keepalives that find a machine that went away."""
    return {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
            "options": " ".join(f"-c {name}={value}s" for name, value in seconds.items())}


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
