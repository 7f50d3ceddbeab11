"""`renameschema`: give a tenant's schema another name."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from django_boardinghouse.functions import call
from django_boardinghouse.management.tenants import TenantsCommand, find
from django_boardinghouse.models import Schema


class Command(TenantsCommand):
    """Rename a schema, and with it all rows that refer to the tenant."""

    help = "Renames the schema of a tenant. Members, hosts and what else refers to it follow."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("old", help="The name of the schema.")
        parser.add_argument("new", help="Its new name.")
        parser.add_argument("--name", help="A new name to show. Without it, that stays.")

    def handle(self, *, old: str, new: str, **options: Any) -> None:
        """Raises `CommandError`."""
        using = options["database"]
        find(old, using=using)
        with transaction.atomic(using=using):
            call("rename_schema", [old, new], using=using)
            if options["name"]:
                Schema.objects.using(using).filter(schema=new).update(name=options["name"])
        self.say(f'Renamed schema "{old}" to "{new}".', options)
