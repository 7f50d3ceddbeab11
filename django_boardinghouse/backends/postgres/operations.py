"""How statements are split and compiled, and what is emptied."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import operations

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres import emptying
from django_boardinghouse.backends.postgres.statements import split


class DatabaseOperations(operations.DatabaseOperations):
    """Operations of PostgreSQL, with one statement at a time and writes that may be replayed."""

    connection: Any
    compiler_module = "django_boardinghouse.backends.postgres.compiler"

    def prepare_sql_script(self, sql: str) -> list[str]:
        """Return the statements of a script: what each is, the server says of each."""
        return split(sql)

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """Return the query that was sent last, without what was sent along to set the path."""
        text = super().last_executed_query(cursor, sql, params)
        return text and text.removeprefix(self.connection.path.sent_ahead)

    def sql_flush(
        self,
        style: Any,
        tables: Any,
        *,
        reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:
        """Return the statements that drop the tenants, and empty these of the shared tables.

        What is in the template stays, and the shared rows that it refers to.
        """
        if not facts.is_enabled(self.connection):
            return super().sql_flush(
                style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade
            )
        if not tables:
            return []
        places = facts.places(self.connection, tables)
        shared = [place.table for place in places if place.schema == "public"]
        return [
            *emptying.drop(facts.tenants(self.connection)),
            *emptying.empty(self.connection, shared, cascade=allow_cascade),
            *(emptying.restart(self.connection, shared) if reset_sequences else ()),
        ]

    def sequence_reset_by_name_sql(self, style: Any, sequences: Any) -> list[str]:
        """Return the statements that have sequences begin after the last row, in every schema.

        Django's would have them begin at 1, where the template has rows.
        """
        places = facts.places(self.connection, {sequence["table"] for sequence in sequences})
        return emptying.restart(self.connection, [place.table for place in places])
