"""How statements are split and compiled."""

from __future__ import annotations

from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations

from django_boardinghouse.backends.postgres.statements import split


class DatabaseOperations(PostgresOperations):
    """Operations of PostgreSQL, with one statement at a time and writes that may be replayed."""

    compiler_module = "django_boardinghouse.backends.postgres.compiler"

    def prepare_sql_script(self, sql: str) -> list[str]:
        """Return the statements of a script: what each is, the server says of each."""
        return split(sql)
