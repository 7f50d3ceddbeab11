"""`schema_exec`: run a file of SQL, or a management command, in each of several tenants."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError, connections, transaction

from django_boardinghouse import progress
from django_boardinghouse.backends.postgres.statements import ends_transaction, split
from django_boardinghouse.management.tenants import TenantsCommand, names_of, within, words_of

_STDIN = "-"


class Command(TenantsCommand):
    """Run something in tenants, one after the other."""

    help = (
        "Runs a file of SQL, or a management command, in each of several tenants. A file goes into"
        " a transaction for each tenant. It stops at the first tenant that fails, and names it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--schema",
            action="append",
            default=[],
            metavar="NAME",
            dest="schemata",
            help="In this tenant, active or not. Can be used several times.",
        )
        which.add_argument("--all", action="store_true", help="In all tenants, active or not.")
        which.add_argument("--active", action="store_true", help="In all active tenants.")
        parser.add_argument(
            "--keep-going",
            action="store_true",
            help="Go on where a tenant fails. The exit code is 1 in the end, and all are named.",
        )
        parser.add_argument(
            "what",
            nargs="+",
            help="FILE.sql, or - for standard input; or a management command with its arguments:"
            " put -- before it.",
        )

    def handle(self, *, what: list[str], **options: Any) -> None:
        """Raises `CommandError` that names the tenant or tenants that failed."""
        using = options["database"]
        is_sql = len(what) == 1 and (what[0] == _STDIN or what[0].endswith(".sql"))
        run: Callable[[str], None]
        if is_sql:
            run = partial(self._run_sql, _statements(what[0]), using)
        else:
            run = partial(self._run_command, what, options)
            if what[0] == "flush":
                msg = "flush empties the whole database, whatever schema is selected."
                raise CommandError(msg)
        names = names_of(
            options["schemata"], using=using, is_active=True if options["active"] else None
        )
        failed = []
        bar = progress.bar("Running", names, verbosity=options["verbosity"] if is_sql else 0)
        with bar:
            for name in bar:
                try:
                    with within(name):
                        run(name)
                except (Exception, SystemExit) as error:
                    if isinstance(error, SystemExit) and not error.code:
                        continue
                    text = f'schema "{name}": {_reason(error)}'
                    if not options["keep_going"]:
                        raise CommandError(text) from error
                    failed.append(name)
                    with progress.writing():
                        self.stderr.write(self.style.ERROR(text))
        if failed:
            msg = f"failed in {len(failed)} of {len(names)} tenants: {', '.join(failed)}"
            raise CommandError(msg, returncode=1)
        self.say(f"Done in {len(names)} tenant{'s' * (len(names) != 1)}.", options)

    def _run_sql(self, statements: list[str], using: str, name: str) -> None:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            for statement in statements:
                try:
                    cursor.execute(statement)
                except DatabaseError as error:
                    error.add_note(f"Statement: {statement}")
                    raise
                if cursor.description:
                    with progress.writing():
                        for row in cursor.fetchall():
                            self.stdout.write("\t".join([name, *map(str, row)]))

    def _run_command(self, what: list[str], options: dict[str, Any], name: str) -> None:
        if options["verbosity"]:
            self.stdout.write(self.style.MIGRATE_HEADING(name))
        call_command(*what, stdout=self.stdout._out, stderr=self.stderr._out)


def _statements(path: str) -> list[str]:
    """Return the statements of a file.

    Raises `CommandError` where it cannot be read, or would not be one transaction.
    """
    try:
        text = sys.stdin.read() if path == _STDIN else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {error}"
        raise CommandError(msg) from error
    statements = split(text)
    for statement in statements:
        if ends_transaction(statement):
            msg = (
                f"{path} runs in one transaction for each tenant, and {statement} would end it."
                " Leave BEGIN and the like out."
            )
            raise CommandError(msg)
    return statements


def _reason(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return f"exit code {error.code}"
    return "\n".join([words_of(error), *getattr(error, "__notes__", ())])
