"""How statements are split and compiled, and what is emptied."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import operations

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.statements import split


class DatabaseOperations(operations.DatabaseOperations):
    """Operations of PostgreSQL, with one statement at a time and writes that may be replayed."""

    connection: Any
    compiler_module = "django_boardinghouse.backends.postgres.compiler"

    def prepare_sql_script(self, sql: str) -> list[str]:
        """Return the statements of a script: what each is, the server says of each."""
        return split(sql)

    def sql_flush(
        self,
        style: Any,
        tables: Any,
        *,
        reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:
        """Return the statement that empties these tables, in the template and in each tenant.

        It is one, as shared tables cannot be emptied without those that refer to them.
        """
        return super().sql_flush(
            style,
            [
                place
                for places in facts.places(self.connection, tables).values()
                for place in places
            ],
            reset_sequences=reset_sequences,
            allow_cascade=allow_cascade,
        )

    def sequence_reset_by_name_sql(self, style: Any, sequences: Any) -> list[str]:
        """Return the statements that reset these sequences, in the template and in each tenant."""
        places = facts.places(self.connection, {sequence["table"] for sequence in sequences})
        return super().sequence_reset_by_name_sql(
            style,
            [
                {**sequence, "table": place.replace("'", "''")}
                for sequence in sequences
                for place in places[sequence["table"]]
            ],
        )
