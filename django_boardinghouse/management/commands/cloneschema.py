"""`cloneschema`: make a tenant like another one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from django_boardinghouse.functions import call
from django_boardinghouse.management.tenants import (
    TenantsCommand,
    add_fields,
    find,
    new_tenant,
)
from django_boardinghouse.shared import is_registry


class Command(TenantsCommand):
    """Clone a tenant's schema, and register the copy as a tenant."""

    help = (
        "Makes a tenant that is a copy of another: of its structure, what it has of its own"
        " included, and with --data of its rows. Members and hosts are not copied."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("source", help="The name of the schema to copy.")
        parser.add_argument("target", help="The name of the new one.")
        parser.add_argument(
            "--data",
            action="store_true",
            help="Copy the rows, too, and the positions of sequences. Without it the new tenant"
            " has no rows, not even the template's.",
        )
        add_fields(parser)

    def handle(self, *, source: str, target: str, **options: Any) -> None:
        """Raises `CommandError`."""
        using = options["database"]
        find(source, using=using)
        tenant = new_tenant(target, options)
        with transaction.atomic(using=using):
            call("clone_schema", [source, target, options["data"]], using=using)
            call("register_schema", [target, options["name"] or target], using=using)
            if not is_registry(type(tenant)):
                for link in filter(None, tenant._meta.parents.values()):
                    setattr(tenant, link.attname, target)
                tenant.save_base(raw=True, using=using)
        rows = "with its rows" if options["data"] else "without rows"
        self.say(f'Cloned schema "{source}" to "{target}", {rows}.', options)
