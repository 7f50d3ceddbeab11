"""Writes of the ORM: those of shared rows are done once in a data step, and answered afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models.sql import compiler
from django.db.models.sql.compiler import SQLAggregateCompiler, SQLCompiler

from django_boardinghouse.replay import same_write
from django_boardinghouse.shared import is_shared_model

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]


def _once(sql_compiler: Any, verb: str, write: Callable[[], Any]) -> Any:
    """Write, unless a tenant's pass of a data step does what the template's has done."""
    replay = sql_compiler.connection.replay
    meta = sql_compiler.query.get_meta()
    if replay is None or not is_shared_model(meta.model):
        return write()
    try:
        statements = sql_compiler.as_sql()
    except EmptyResultSet:
        return write()
    key = same_write(verb, statements)
    return replay.shared_write(f"{verb} the shared table {meta.db_table}", key, write)


class SQLInsertCompiler(compiler.SQLInsertCompiler):
    """INSERT."""

    def execute_sql(  # type: ignore[override]
        self, returning_fields: Any = None
    ) -> Any:
        return _once(
            self,
            "insert into",
            lambda: super(SQLInsertCompiler, self).execute_sql(returning_fields),
        )


class SQLUpdateCompiler(compiler.SQLUpdateCompiler):
    """UPDATE."""

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        return _once(
            self, "update", lambda: super(SQLUpdateCompiler, self).execute_sql(*args, **kwargs)
        )


class SQLDeleteCompiler(compiler.SQLDeleteCompiler):
    """DELETE."""

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        return _once(
            self, "delete from", lambda: super(SQLDeleteCompiler, self).execute_sql(*args, **kwargs)
        )
