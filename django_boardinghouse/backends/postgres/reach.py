"""How far a statement reaches: DDL gets to the tenants by itself, rows have to be taken there.

What a statement was, the server says: by its command tag, by the journal of mirrored changes, and
by its count of the rows that were written and where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from django.db import NotSupportedError
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as PostgresSchemaEditor

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.statements import split
from django_boardinghouse.exceptions import DataStepRefused
from django_boardinghouse.tags import is_ddl, is_of_session


class Reach(Enum):
    """Whom a statement about rows concerns."""

    EACH = "the template and each tenant"
    ONCE = "shared rows only"
    HERE = "the schema whose pass it is"


class ReachingEditor(PostgresSchemaEditor):
    """A schema editor whose statements about rows get to every schema that they concern."""

    connection: Any
    _reach = Reach.EACH
    _has_begun = False
    _is_enabled = False
    _rows: facts.Written | None = None

    def begin(self) -> None:
        """Get in line behind other changes of the template, before the first statement."""
        if self._has_begun:
            return
        self._is_enabled = facts.is_enabled(self.connection)
        if self._is_enabled and self.connection.in_atomic_block:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT boardinghouse.lock_template()")
            self._has_begun = True

    @contextmanager
    def reaching(self, reach: Reach) -> Iterator[None]:
        """Say whom the statements about rows that follow concern."""
        before, self._reach = self._reach, reach
        try:
            yield
        finally:
            self._reach = before
            if reach is not Reach.EACH:
                self._rows = None

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Run statements, those about rows in every schema that they concern.

        Raises `NotSupportedError` where one statement changes both structure and rows of the
        template, and `DataStepRefused` where it would write shared rows for each tenant.
        """
        if self.collect_sql:
            return super().execute(sql, params)
        self.begin()
        if params is not None:
            sql = self.connection.ops.compose_sql(str(sql), params)
        for statement in split(str(sql)):
            if self._reach is Reach.EACH and self._is_enabled:
                self._execute_in_each(statement)
            else:
                super().execute(statement, None)

    def _execute_in_each(self, statement: str) -> None:
        rows_before = self._rows or facts.written(self.connection)
        mirrored_before = facts.mirrored(self.connection)
        tags: list[str | None] = []

        def note_tag(execute: Callable[..., Any], *args: Any) -> Any:
            result = execute(*args)
            tags.append(args[-1]["cursor"].statusmessage)
            return result

        with self.connection.execute_wrapper(note_tag):
            super().execute(statement, None)
        tag = tags[-1]
        if is_ddl(tag) or is_of_session(tag):
            self._rows = rows_before
            return
        self._rows = facts.written(self.connection)
        rows = self._rows - rows_before
        if facts.mirrored(self.connection) > mirrored_before:
            self._refuse_both(rows, tag)
        elif rows.template > 0 or rows.shared <= 0:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT boardinghouse.for_each_schema(%s)", [statement])
            after = facts.written(self.connection)
            self._refuse_shared(after - self._rows, tag)
            self._rows = after
        if self.connection.in_atomic_block:
            self.connection.check_constraints()
        else:
            self._rows = None  # the server counts a transaction at a time

    def _refuse_both(self, rows: facts.Written, tag: str | None) -> None:
        if rows.template > 0:
            msg = (
                f"a statement ({tag}) changed the structure of the template and its rows:"
                " the tenants' rows cannot follow. Make of it one statement for the"
                " structure and others for the rows."
            )
            raise NotSupportedError(msg)

    def _refuse_shared(self, rows: facts.Written, tag: str | None) -> None:
        if rows.shared > 0:
            msg = (
                f"a statement ({tag}) would write shared rows once for each tenant."
                " Make of it one statement for the shared rows and others for the tenants'."
            )
            raise DataStepRefused(msg)
