"""`schemata`: which tenants there are, and whether all is well with them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from django_boardinghouse.management.tenants import TenantsCommand
from django_boardinghouse.models import Schema
from django_boardinghouse.registry import get_schema_model

_STATUS = """
    SELECT schema::text, changed_at, behind, error,
           triggers, event_triggers, session_replication_role
      FROM boardinghouse.status()
"""
_VERIFY = """
    SELECT schema::text, problem, kind, object, here, there FROM boardinghouse.verify()
"""
_HEADING = ("schema", "name", "active", "last change", "state", "hosts")


class Command(TenantsCommand):
    """List the tenants; with `--verify`, and an exit code, what is not as it should be."""

    help = (
        "Lists the tenants and how far each is. With --verify, looks into each whether it is like"
        " the template: the exit code is 1 where something is not as it should be."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--verify",
            action="store_true",
            help="Print the rows of boardinghouse.verify(), and exit with 1 if there are any.",
        )

    def handle(self, **options: Any) -> None:
        """Raises `CommandError`, with `--verify`, where something is not as it should be."""
        using = options["database"]
        with connections[using].cursor() as cursor:
            cursor.execute(_STATUS)
            (_, _, _, _, *switches), *rows = cursor.fetchall()
        tenants: dict[str, Any] = {}
        for model in (Schema, get_schema_model()):  # a tenant may be without a row of the latter
            found: Any = model._base_manager.using(using).prefetch_related("hosts")
            tenants |= found.in_bulk([name for name, *_ in rows], field_name="schema")
        self._list(rows, tenants, options)
        self._say_whether_mirroring(*switches)
        if options["verify"]:
            self._verify(using)

    def _list(self, rows: list[Any], tenants: dict[str, Any], options: dict[str, Any]) -> None:
        lines = [_HEADING]
        for name, changed_at, behind, error, *_ in rows:
            tenant = tenants.get(name)
            lines.append(
                (
                    name,
                    str(tenant or ""),
                    "" if tenant is None else "yes" if tenant.is_active else "no",
                    f"{_local(changed_at):%Y-%m-%d %H:%M}" if changed_at else "",
                    (f"{behind} behind" if behind else "") + (f": {error}" if error else ""),
                    ", ".join(host.host for host in tenant.hosts.all()) if tenant else "",
                )
            )
        columns = [column for column in zip(*lines, strict=True) if any(column[1:])]
        if rows:
            for line in _aligned(columns):
                self.stdout.write(line)
        inactive = sum(not tenant.is_active for tenant in tenants.values())
        self.say(
            f"{len(rows)} tenant{'s' * (len(rows) != 1)}"
            + (f", {inactive} of them not active" if inactive else ""),
            options,
        )

    def _say_whether_mirroring(self, triggers: str, event_triggers: str, role: str) -> None:
        off = [
            f"{what} {value}"
            for what, value, good in (
                ("triggers", triggers, "on"),
                ("event_triggers", event_triggers, "on"),
                ("session_replication_role", role, "origin"),
            )
            if value != good
        ]
        if off:
            text = f"Changes of the template are not mirrored: {', '.join(off)}."
            self.stderr.write(self.style.WARNING(text))

    def _verify(self, using: str) -> None:
        if self.stderr.isatty():
            self.stderr.write("Looking into all of them ...")
        with connections[using].cursor() as cursor:
            cursor.execute(_VERIFY)
            problems = cursor.fetchall()
        for schema, problem, kind, name, here, there in problems:
            what = " ".join(filter(None, (kind, name)))
            self.stdout.write(f"{schema}: {problem}" + (f": {what}" if what else ""))
            for place, ddl in (("here", here), ("there", there)):
                if ddl:
                    self.stdout.write(f"    {place}: {ddl}")
        if problems:
            things = "1 thing is" if len(problems) == 1 else f"{len(problems)} things are"
            msg = f"{things} not as it should be."
            raise CommandError(msg, returncode=1)
        self.stdout.write("All is as it should be.")


def _local(moment: Any) -> Any:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _aligned(columns: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in columns]
    return [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in zip(*columns, strict=True)
    ]
