"""Test databases: what is kept of one, and brought back, are the rows of template and `public`."""

from __future__ import annotations

from django.db.backends.postgresql import creation

from django_boardinghouse.selection import IN_TEMPLATE, select


class DatabaseCreation(creation.DatabaseCreation):
    """Django's, at home in the template."""

    def serialize_db_to_string(self) -> str:
        """Return what migrations have left in the template and in shared tables."""
        with select(IN_TEMPLATE):
            return super().serialize_db_to_string()

    def deserialize_db_from_string(self, data: str) -> None:
        """Bring those rows back."""
        with select(IN_TEMPLATE):
            super().deserialize_db_from_string(data)
