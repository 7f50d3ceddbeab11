"""`dropschema`: drop tenants with all their rows."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from django_boardinghouse import progress
from django_boardinghouse.functions import call
from django_boardinghouse.management.tenants import TenantsCommand, is_sure, names_of
from django_boardinghouse.models import Schema

_QUESTION = """This will IRREVERSIBLY DESTROY, with all rows in them, their members and hosts:
  {tenants}
To keep the rows and let nobody in, deactivate the tenant instead.
Are you sure you want to do this?

    Type 'yes' to continue, or 'no' to cancel: """


class Command(TenantsCommand):
    """Drop tenants, each in a transaction of its own."""

    help = "Drops tenants with all their rows, and their rows in the registry. Asks first."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("schemata", nargs="+", metavar="schema", help="The name of a schema.")
        parser.add_argument(
            "--noinput",
            "--no-input",
            action="store_false",
            dest="interactive",
            help="Do not ask.",
        )

    def handle(self, *, schemata: list[str], **options: Any) -> None:
        """Raises `CommandError`: where one is no tenant, before anything is dropped."""
        using = options["database"]
        names = names_of(schemata, using=using)
        if options["interactive"] and not self._is_sure(names, using):
            self.stdout.write("Nothing was dropped.")
            return
        dropped = progress.bar("Dropping", names, verbosity=options["verbosity"])
        for name in dropped:
            try:
                call("drop_schema", [name], using=using)
            except Exception:
                dropped.close()
                raise
            with progress.writing():
                self.say(f'Dropped schema "{name}".', options)

    def _is_sure(self, names: list[str], using: str) -> bool:
        found = Schema.objects.using(using).in_bulk(names)
        known = [
            f'"{name}" ({found[name].name})' if found[name].name != name else f'"{name}"'
            for name in names
        ]
        return is_sure(_QUESTION.format(tenants=", ".join(known)))
