"""Indexes of the template that CONCURRENTLY has left invalid: dropped again, or made anew.

CONCURRENTLY commits on its own. Where a tenant refuses the index, or the run is killed, the
template keeps one that is of no use, and that stands in the way of the next run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.statements import names_in
from django_boardinghouse.exceptions import sqlstate

if TYPE_CHECKING:
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper

_EXISTS = "42P07"  # duplicate_table: of an index, too


class Mending:
    """A wrapper of the statements of a schema editor that is in no transaction."""

    def __init__(self, connection: DatabaseWrapper) -> None:
        self._connection = connection

    def __call__(self, execute: Callable[..., Any], sql: Any, *args: Any) -> Any:
        """Run a statement; one that says CONCURRENTLY leaves no invalid index that it has made."""
        names = names_in(sql) if isinstance(sql, str) else set()
        if "concurrently" not in names or self._connection.in_atomic_block:
            return execute(sql, *args)
        before = self._indexes(names)
        left_behind = {name for name, is_valid in before.items() if not is_valid}
        try:
            result = execute(sql, *args)
        except DatabaseError as error:
            if sqlstate(error) == _EXISTS and left_behind:
                return self._make_anew(left_behind, execute, sql, *args)
            self._clean_up(names, before, error)
            raise
        # IF NOT EXISTS is content with an index that is invalid.
        left_behind &= {name for name, is_valid in self._indexes(names).items() if not is_valid}
        if left_behind:
            return self._make_anew(left_behind, execute, sql, *args)
        return result

    def _make_anew(self, left_behind: set[str], execute: Any, sql: Any, *args: Any) -> Any:
        self._drop(left_behind)
        for name in sorted(left_behind):
            self._connection.report.say(
                f'the index "{name}", invalid in the template since an earlier run, was replaced'
            )
        try:
            return execute(sql, *args)
        except DatabaseError as error:
            self._clean_up(left_behind, {}, error)
            raise

    def _clean_up(self, names: set[str], before: dict[str, bool], error: Exception) -> None:
        """Drop what a statement has left invalid, and say so with its error."""
        invalid = {name for name, is_valid in self._indexes(names).items() if not is_valid}
        was_valid = {name for name in invalid if before.get(name)}
        made = invalid - before.keys()
        self._drop(made)
        for name in sorted(made):
            error.add_note(f'The index "{name}" was left invalid in the template, and dropped.')
        for name in sorted(was_valid):
            error.add_note(
                f'The index "{name}" is invalid in the template now. Run this again, or have it'
                f' back by REINDEX INDEX CONCURRENTLY __template__."{name}".'
            )

    def _drop(self, names: set[str]) -> None:
        for name in sorted(names):
            with self._connection.cursor() as cursor:
                cursor.execute(f"DROP INDEX __template__.{self._connection.ops.quote_name(name)}")

    def _indexes(self, names: set[str]) -> dict[str, bool]:
        return facts.template_indexes(self._connection, names)
