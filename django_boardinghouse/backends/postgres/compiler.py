"""Rows are read with their home, and written there.

Those of shared tables are written once in a data step, and answered afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError
from django.db.models import Model
from django.db.models.sql import compiler

from django_boardinghouse.backends.postgres.branches import BranchCompiler, WholeCompiler
from django_boardinghouse.backends.postgres.rows import Homebound, RowsAtHome
from django_boardinghouse.exceptions import DataStepRefused
from django_boardinghouse.home import alias_for, keep_home, refuse_stranger, refuse_strangers
from django_boardinghouse.selection import IN_TEMPLATE, selected
from django_boardinghouse.shared import is_shared_model

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]

_NOT_PER_TENANT = (
    "a data step would write rows of %s to the template alone. Run it by migrate, in an app that"
    " has models of the tenants; or have its plan made ready by django_boardinghouse.steps.prepare."
)


def _once(
    sql_compiler: Any, verb: str, write: Callable[[], Any], *, returning: bool = False
) -> Any:
    """Write, unless a tenant's pass of a data step does what the template's has done.

    `returning`: it answers with rows, and may do so by another write, that answers with a count.

    Raises `DataStepRefused` for a step that is not run per tenant, and would write to the template.
    """
    connection = sql_compiler.connection
    if getattr(sql_compiler.query, "schemata", None) is not None:
        msg = "rows of several schemata are only read"
        raise NotSupportedError(msg)
    if not connection.is_migrating:
        return write()
    meta = sql_compiler.query.get_meta()
    if not is_shared_model(meta.model):
        if connection.replay is None and selected() is IN_TEMPLATE:
            raise DataStepRefused(_NOT_PER_TENANT % meta.label)
        return write()
    if connection.replay is None:
        return write()
    try:
        statements = sql_compiler.as_sql()
    except EmptyResultSet:
        return write()
    key = (verb, returning, statements)
    return connection.replay.shared_write(verb, meta.db_table, key, write)


class SQLCompiler(RowsAtHome, WholeCompiler):
    """SELECT."""

    def __init__(self, query: Any, connection: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(query, connection, *args, **kwargs)
        if connection.branch is not None and getattr(query, "schemata", None) is None:
            self.__class__ = BranchCompiler  # type: ignore[assignment]


class SQLAggregateCompiler(Homebound, compiler.SQLAggregateCompiler):
    """SELECT of aggregates."""


class SQLInsertCompiler(Homebound, compiler.SQLInsertCompiler):
    """INSERT."""

    def execute_sql(  # type: ignore[override]
        self, returning_fields: Any = None
    ) -> Any:
        for row in self.query.objs:
            refuse_strangers(row)
        answer = _once(
            self,
            "inserted into",
            lambda: super(SQLInsertCompiler, self).execute_sql(returning_fields),
        )
        for row in self.query.objs:
            keep_home(row, alias_for(self.using, type(row)))
        return answer


class SQLUpdateCompiler(Homebound, compiler.SQLUpdateCompiler):
    """UPDATE."""

    query: Any

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        for _, _, value in self.query.values:
            if isinstance(value, Model):
                refuse_stranger(value)
        return super().as_sql(*args, **kwargs)

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        return _once(
            self, "updated", lambda: super(SQLUpdateCompiler, self).execute_sql(*args, **kwargs)
        )

    def execute_returning_sql(self, returning_fields: Any) -> Any:
        """Update and return the rows: Django 6.1."""
        parent: Any = super()
        return _once(
            self,
            "updated",
            lambda: parent.execute_returning_sql(returning_fields),
            returning=True,
        )


class SQLDeleteCompiler(Homebound, compiler.SQLDeleteCompiler):
    """DELETE."""

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        return _once(
            self,
            "deleted from",
            lambda: super(SQLDeleteCompiler, self).execute_sql(*args, **kwargs),
        )
