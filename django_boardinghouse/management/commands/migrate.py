"""`migrate`, with the template behind every query of it."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.report import SILENT
from django_boardinghouse.selection import IN_TEMPLATE, select


class Command(migrate.Command):
    """Django's command: its look at existing tables and the signals around it find the template's.

    Tenants follow the template by themselves; the data steps are run in each.
    """

    def handle(self, *args: Any, **options: Any) -> Any:
        try:
            with select(IN_TEMPLATE):
                return super().handle(*args, **options)
        finally:
            connection = connections[options["database"]]
            if isinstance(connection, DatabaseWrapper):
                connection.report = SILENT
