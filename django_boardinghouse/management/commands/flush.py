"""`flush`, with the template behind the signals that follow it."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush

from django_boardinghouse.selection import IN_TEMPLATE, select


class Command(flush.Command):
    """Django's command: the tables are emptied in the template and in each tenant.

    Tenants themselves stay. The receivers of `post_migrate` find what they find after `migrate`.
    """

    def handle(self, **options: Any) -> None:
        with select(IN_TEMPLATE):
            super().handle(**options)
