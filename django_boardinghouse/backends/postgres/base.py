"""A connection whose `search_path` follows the selected schema; how, is in `path.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, transaction
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base as postgresql
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.db.backends.postgresql.psycopg_any import sql as driver_sql
from django.db.backends.utils import CursorWrapper as DjangoCursorWrapper
from django.utils.functional import cached_property

from django_boardinghouse import conf
from django_boardinghouse.backends.postgres.creation import DatabaseCreation
from django_boardinghouse.backends.postgres.introspection import DatabaseIntrospection
from django_boardinghouse.backends.postgres.operations import DatabaseOperations
from django_boardinghouse.backends.postgres.path import NoPath, SessionPath, TransactionPath
from django_boardinghouse.backends.postgres.schema import DatabaseSchemaEditor
from django_boardinghouse.exceptions import of_selecting, sqlstate
from django_boardinghouse.replay import Replay
from django_boardinghouse.report import SILENT, Report
from django_boardinghouse.selection import Selection, select, selected

_IN_ERROR = 3  # libpq's PQTRANS_INERROR, the same in both drivers

_NOT_IN_A_TRANSACTION = frozenset({"25001", "2D000"})
"""active_sql_transaction, invalid_transaction_termination."""


class _PathMixin(DjangoCursorWrapper):
    """A cursor that has the path applied before, or with, what it sends."""

    db: DatabaseWrapper

    def _execute(self, sql: Any, params: Any, *wrapper_args: Any) -> Any:
        ahead = self.db.path.ahead_of(self.cursor)
        try:
            if ahead:
                result = self._execute_behind(ahead, sql, params, *wrapper_args)
            else:
                result = super()._execute(sql, params, *wrapper_args)  # type: ignore[misc]
        except BaseException:
            self.db.path.forget()
            raise
        self.db.path.forget_after(self.cursor.statusmessage, sql)
        return result

    def _execute_behind(self, ahead: str, sql: Any, params: Any, *wrapper_args: Any) -> Any:
        """Run a statement together with the one that sets the path, in one round trip."""
        wanted = selected()
        try:
            if params and self.db.features.uses_server_side_binding:
                result = self._execute_in_pipeline(ahead, sql, params, *wrapper_args)
            else:
                text = ahead if params is None else ahead.replace("%", "%%")
                both = text + sql if isinstance(sql, str) else driver_sql.SQL(text) + sql
                result = super()._execute(both, params, *wrapper_args)  # type: ignore[misc]
                if is_psycopg3:
                    self.cursor.nextset()  # psycopg2 is at the last result already
        except DatabaseError as error:
            refusal = of_selecting(error)
            if refusal is not None:
                raise refusal from error
            if sqlstate(error) in _NOT_IN_A_TRANSACTION:
                error.add_note(
                    "BOARDINGHOUSE_PATH is 'transaction', so the path goes along in a transaction."
                    " Use an alias with 'session' that leads to the server itself."
                )
            raise
        self.db.path.was_set(wanted)
        return result

    def _execute_in_pipeline(self, ahead: str, *args: Any) -> Any:
        """Run a statement whose parameters the server binds: it cannot be in a string of two."""
        with self.db.wrap_database_errors, self.db.connection.pipeline():
            with closing(self.db.connection.cursor()) as cursor:
                cursor.execute(ahead.rstrip("; "))
            return super()._execute(*args)  # type: ignore[misc]

    def _executemany(self, sql: Any, param_list: Any, *wrapper_args: Any) -> Any:
        with self.db.lasting_path():
            return super()._executemany(sql, param_list, *wrapper_args)  # type: ignore[misc]

    def callproc(self, *args: Any, **kwargs: Any) -> Any:
        with self.db.lasting_path():
            try:
                return super().callproc(*args, **kwargs)
            finally:
                self.db.path.forget()


def _behind_path(name: str) -> Any:
    """Return a property: a method of the driver's cursor, the path being applied."""

    def get(self: _PathMixin) -> Any:
        self.db.path.apply()
        return getattr(self.cursor, name)

    return property(get)


class CursorWrapper(_PathMixin):
    """What a project gets as a cursor."""

    copy = _behind_path("copy")
    copy_expert = _behind_path("copy_expert")
    copy_from = _behind_path("copy_from")
    copy_to = _behind_path("copy_to")
    stream = _behind_path("stream")


class CursorDebugWrapper(_PathMixin, postgresql.CursorDebugWrapper):
    """What a project gets as a cursor when queries are logged; the path is not."""

    copy_from = _behind_path("copy_from")
    stream = _behind_path("stream")

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        self.db.path.apply()
        return super().copy(*args, **kwargs)

    def copy_expert(self, *args: Any, **kwargs: Any) -> Any:
        self.db.path.apply()
        return super().copy_expert(*args, **kwargs)  # type: ignore[misc]

    def copy_to(self, *args: Any, **kwargs: Any) -> Any:
        self.db.path.apply()
        return super().copy_to(*args, **kwargs)  # type: ignore[misc]


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """A connection of Django's that knows the selected schema."""

    SchemaEditorClass = DatabaseSchemaEditor
    creation_class = DatabaseCreation
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations

    replay: Replay | None = None
    """The data step that runs on this connection, if one does."""

    report: Report = SILENT
    """Where to say how far a migration is."""

    branch: str | None = None
    """The tenant whose tables a query of several tenants is being compiled for."""

    is_migrating = False
    """Whether a schema editor is at work on this connection."""

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> None:
        super().__init__(settings_dict, str(alias))  # without the home of a row

    @cached_property
    def path(self) -> SessionPath:
        """How the `search_path` follows the selected schema: `BOARDINGHOUSE_PATH` says it."""
        if self.alias == NO_DB_ALIAS:
            return NoPath(self)
        is_local = conf.path(self.settings_dict) == "transaction"
        return TransactionPath(self) if is_local else SessionPath(self)

    @contextmanager
    def lasting_path(self) -> Iterator[None]:
        """Have the path applied for several statements, in a transaction if it takes one."""
        if self.path.is_lasting():
            self.path.apply()
            yield
            return
        with transaction.atomic(using=self.alias):
            self.path.apply()
            yield

    def query_quietly(
        self, sql: str, params: Sequence[Any] = (), *, under: Selection | None = None
    ) -> Any:
        """Run a statement that is not in `connection.queries`, and return its first row.

        `under`: what the path shall be for it; by default it is left as it is.
        """
        self.ensure_connection()
        with self.wrap_database_errors, closing(self.connection.cursor()) as cursor:
            ahead = ""
            if under is not None:
                with select(under):
                    ahead = self.path.ahead_of(cursor)
            cursor.execute(ahead + (self.ops.compose_sql(sql, params) if params else sql))
            if ahead and is_psycopg3:
                cursor.nextset()
            return cursor.fetchone()

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return CursorWrapper(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        return CursorDebugWrapper(cursor, self)

    def chunked_cursor(self) -> Any:
        """Return a server-side cursor, or a plain one where its path would end before it."""
        self.ensure_connection()
        return super().chunked_cursor() if self.path.is_lasting() else self.cursor()

    def connect(self) -> None:
        self.path.forget()
        super().connect()

    def close(self) -> None:
        self.path.forget()
        super().close()

    def is_broken(self) -> bool:
        """Return whether nothing but a rollback can be sent; costs no round trip."""
        if self.needs_rollback:
            return True
        return self.connection is not None and self.connection.info.transaction_status == _IN_ERROR

    def can_set_path(self) -> bool:
        """Return whether a path can be set: for a session, not where a pooler hands that out.

        A pooler gives its clients another process id than that of the server that answers.
        """
        if self.path.is_local:
            return True
        self.ensure_connection()
        (pid,) = self.query_quietly("SELECT pg_catalog.pg_backend_pid()")
        return bool(pid == self.connection.info.backend_pid)

    def _commit(self) -> None:
        if self.replay is not None:
            self.replay.before_commit()
        # A commit of a failed transaction is a rollback, and the server does not complain.
        kept = self.path.after_commit()
        self.path.forget()
        super()._commit()  # type: ignore[misc]
        if kept is not None:
            self.path.was_set(kept)

    def _rollback(self) -> None:
        if self.replay is not None:
            self.replay.after_rollback()
        self.path.forget()
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.path.forget()
