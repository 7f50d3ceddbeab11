"""A connection whose `search_path` follows the selected schema.

The connection remembers what it has applied, forgets it when a rollback, a reconnect or a pool may
have undone it, and applies what is selected right before a query that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from django.db.backends.postgresql import base as postgresql
from django.db.backends.utils import CursorWrapper as DjangoCursorWrapper

from django_boardinghouse.backends.postgres.creation import DatabaseCreation
from django_boardinghouse.backends.postgres.introspection import DatabaseIntrospection
from django_boardinghouse.backends.postgres.operations import DatabaseOperations
from django_boardinghouse.backends.postgres.schema import DatabaseSchemaEditor
from django_boardinghouse.exceptions import translated
from django_boardinghouse.replay import Replay
from django_boardinghouse.selection import Selection, selected

_IN_ERROR = 3  # libpq's PQTRANS_INERROR, the same in both drivers

_UNDOING = ("ROLLBACK", "RESET", "DISCARD")  # a COMMIT that failed answers ROLLBACK

_TO_PUBLIC = "SELECT pg_catalog.set_config('search_path', 'public', false)"
_TO_TENANT = "SELECT boardinghouse.activate_schema(%s)"
_TO_UNCHECKED = (
    "SELECT pg_catalog.set_config('search_path',"
    " pg_catalog.quote_ident(%s::text) || ', public', false)"
)


class _PathMixin(DjangoCursorWrapper):
    """A cursor that has the path applied before it sends anything."""

    db: DatabaseWrapper

    def _execute(self, sql: Any, params: Any, *wrapper_args: Any) -> Any:
        self.db.apply_path()
        result = super()._execute(sql, params, *wrapper_args)  # type: ignore[misc]
        self.db.forget_path_after(self.cursor.statusmessage)
        return result

    def _executemany(self, sql: Any, param_list: Any, *wrapper_args: Any) -> Any:
        self.db.apply_path()
        return super()._executemany(sql, param_list, *wrapper_args)  # type: ignore[misc]

    def callproc(self, *args: Any, **kwargs: Any) -> Any:
        self.db.apply_path()
        return super().callproc(*args, **kwargs)

    def __getattr__(self, attr: str) -> Any:
        if attr in {"copy", "copy_expert", "copy_from", "copy_to", "stream"}:
            self.db.apply_path()
        return super().__getattr__(attr)


class CursorWrapper(_PathMixin):
    """What a project gets as a cursor."""


class CursorDebugWrapper(_PathMixin, postgresql.CursorDebugWrapper):
    """What a project gets as a cursor when queries are logged; the path is not."""

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        self.db.apply_path()
        return super().copy(*args, **kwargs)

    def copy_expert(self, *args: Any, **kwargs: Any) -> Any:
        self.db.apply_path()
        return super().copy_expert(*args, **kwargs)  # type: ignore[misc]

    def copy_to(self, *args: Any, **kwargs: Any) -> Any:
        self.db.apply_path()
        return super().copy_to(*args, **kwargs)  # type: ignore[misc]


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """A connection of Django's that knows the selected schema."""

    SchemaEditorClass = DatabaseSchemaEditor
    creation_class = DatabaseCreation
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations

    _applied: Selection | None = None
    """The selection that `search_path` is at; None where that is not known."""

    replay: Replay | None = None
    """The data step that runs on this connection, if one does."""

    is_migrating = False
    """Whether a schema editor is at work on this connection."""

    def apply_path(self) -> None:
        """Bring `search_path` in line with the selected schema, if it is not.

        Raises `SchemaNotFound` or `SchemaInactive`.
        """
        wanted = selected()
        if wanted is self._applied or self._is_broken():
            return
        if wanted.schema is None:
            self.query_quietly(_TO_PUBLIC)
        elif wanted.is_checked:
            with translated(selecting=True):
                self.query_quietly(_TO_TENANT, [wanted.schema])
        else:
            self.query_quietly(_TO_UNCHECKED, [wanted.schema])
        self._applied = wanted

    def query_quietly(self, sql: str, params: Sequence[Any] | None = None) -> Any:
        """Run a statement that is not in `connection.queries`, and return its first row."""
        self.ensure_connection()
        with self.wrap_database_errors, closing(self.connection.cursor()) as cursor:
            cursor.execute(sql, params)
            return cursor.fetchone()

    def path_was_set(self, selection: Selection) -> None:
        """Take note that a statement has just set `search_path` to what `selection` says."""
        self._applied = selection

    def forget_path_after(self, tag: str | None) -> None:
        """Forget the path where a statement of the project's own may have undone it."""
        if tag and tag.startswith(_UNDOING):
            self._applied = None

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return CursorWrapper(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        return CursorDebugWrapper(cursor, self)

    def connect(self) -> None:
        self._applied = None
        super().connect()

    def close(self) -> None:
        self._applied = None
        super().close()

    def _commit(self) -> None:
        # A commit of a failed transaction is a rollback, and the server does not complain.
        kept = None if self._is_broken() else self._applied
        self._applied = None
        super()._commit()  # type: ignore[misc]
        self._applied = kept

    def _rollback(self) -> None:
        self._applied = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._applied = None

    def _is_broken(self) -> bool:
        """Return whether nothing but a rollback can be sent; costs no round trip."""
        if self.needs_rollback:
            return True
        return self.connection is not None and self.connection.info.transaction_status == _IN_ERROR
