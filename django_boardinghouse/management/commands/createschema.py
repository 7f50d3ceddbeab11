"""`createschema`: make a tenant."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from django_boardinghouse.management.tenants import TenantsCommand, add_fields, new_tenant
from django_boardinghouse.models import Host


class Command(TenantsCommand):
    """Make a tenant, a copy of the template, and its row and hosts with it; all or nothing."""

    help = "Makes a tenant: a schema like the template, with the template's rows."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("schema", help="The name of the schema in the database.")
        parser.add_argument(
            "hosts", nargs="*", metavar="HOST", help="A host name of the tenant, without a port."
        )
        add_fields(parser)

    def handle(self, *, schema: str, hosts: list[str], **options: Any) -> None:
        """Raises `CommandError`."""
        using = options["database"]
        tenant = new_tenant(schema, options)
        with transaction.atomic(using=using):
            tenant.save(using=using)
            for name in hosts:
                host = Host(host=name.lower(), schema_id=schema)
                host._state.db = using
                try:
                    host.full_clean(exclude={"schema"})
                except ValidationError as error:
                    msg = f'host "{name}": {" ".join(error.messages)}'
                    raise CommandError(msg) from error
                host.save(using=using, force_insert=True)
        known_as = f' "{tenant.name}"' if tenant.name != schema else ""
        led_by = f", with the hosts {', '.join(hosts).lower()}" if hosts else ""
        self.say(f'Created schema "{schema}"{known_as}{led_by}.', options)
