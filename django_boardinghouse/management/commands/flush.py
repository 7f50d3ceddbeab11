"""`flush`, which drops the tenants and keeps the template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import flush
from django.db import connections

from django_boardinghouse import facts, progress
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.backends.postgres.emptying import DROP
from django_boardinghouse.management.tenants import is_sure, words_of
from django_boardinghouse.selection import IN_TEMPLATE, deactivate_schema, select, selected

_QUESTION = """You have requested a flush of the database.
This will IRREVERSIBLY DESTROY all data currently in the "{name}" database:
{tenants}
  all rows of the shared tables.
The template stays, with its rows and the shared rows that they refer to.
Are you sure you want to do this?

    Type 'yes' to continue, or 'no' to cancel: """

_NAMED = 10
"""As many tenants are named in the question."""


class Command(flush.Command):
    """Django's command: tenants are dropped, and shared tables emptied.

    The receivers of `post_migrate` find what they find after `migrate`.
    """

    help = (
        "Drops ALL TENANTS and removes ALL DATA from the shared tables. Keeps the template with"
        " its rows, such as those that migrations have put there, and the shared rows that they"
        " refer to."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--inhibit-post-migrate",
            action="store_true",
            help="Make no content types and permissions anew, nor what else Django makes after a"
            " migrate: a dump that is loaded next may bring them, with other keys.",
        )

    def handle(self, **options: Any) -> None:
        """Ask, unless told not to; and flush. Raises `CommandError`."""
        connection = connections[options["database"]]
        if not isinstance(connection, DatabaseWrapper):
            super().handle(**options)
            return
        with select(IN_TEMPLATE):
            tenants = facts.tenants(connection) if facts.is_enabled(connection) else []
        if options["interactive"] and not self._is_sure(connection, tenants):
            self.stdout.write("Flush cancelled.")
            return
        bar = progress.bar(
            "Dropping tenants", total=len(tenants), verbosity=options["verbosity"] if tenants else 0
        )

        def count(execute: Callable[..., Any], sql: Any, *args: Any) -> Any:
            result = execute(sql, *args)
            bar.update(str(sql).startswith(DROP))
            return result

        with select(IN_TEMPLATE), connection.execute_wrapper(count), bar:
            try:
                super().handle(**{**options, "interactive": False})
            except CommandError as error:
                if error.__cause__ is None:
                    raise
                msg = f"{error}\nWhat the database said: {words_of(error.__cause__)}"
                raise CommandError(msg) from error.__cause__
        if selected() is not IN_TEMPLATE:
            deactivate_schema()  # a tenant, as by a test: it is dropped

    def _is_sure(self, connection: DatabaseWrapper, tenants: list[str]) -> bool:
        names = ", ".join(tenants[:_NAMED])
        if len(tenants) > _NAMED:
            names += f" and {len(tenants) - _NAMED} more"
        lost = (
            f"  all tenants with all their rows ({len(tenants)}: {names}), and" if tenants else ""
        )
        return is_sure(
            _QUESTION.format(
                name=connection.settings_dict["NAME"],
                tenants=lost or "  (there are no tenants)",
            )
        )
