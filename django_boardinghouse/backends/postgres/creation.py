"""Test databases: what is kept of one, and brought back, are the rows of template and `public`."""

from __future__ import annotations

from django.core.management import call_command
from django.db.backends.postgresql import creation

from django_boardinghouse.selection import IN_TEMPLATE, select


class DatabaseCreation(creation.DatabaseCreation):
    """Django's, at home in the template."""

    def serialize_db_to_string(self) -> str:
        """Return what migrations have left in the template and in shared tables."""
        with select(IN_TEMPLATE):
            return super().serialize_db_to_string()

    def deserialize_db_from_string(self, data: str) -> None:
        """Bring those rows back, and no others.

        What receivers of `post_migrate` make after each flush, such as content types, has other
        keys each time.
        """
        with select(IN_TEMPLATE):
            call_command(
                "flush",
                verbosity=0,
                interactive=False,
                database=self.connection.alias,
                reset_sequences=False,
                inhibit_post_migrate=True,
            )
            super().deserialize_db_from_string(data)
