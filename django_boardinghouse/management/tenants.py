"""What commands about tenants have in common: options, errors, and the lookup of a tenant."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.exceptions import (
    SchemaInactive,
    SchemaNotFound,
    TemplateSchemaActivation,
    sqlstate,
)
from django_boardinghouse.models import Schema
from django_boardinghouse.registry import get_schema_model
from django_boardinghouse.selection import Selection, schema, select

_NOT_THERE = frozenset({"3F000", "42P01"})  # invalid_schema_name, undefined_table


def find(name: str, *, using: str) -> Selection:
    """Return a tenant as a selection, active or not; the database says whether it is there.

    Raises `CommandError`, always of the same words, for the template and for what is no tenant.
    """
    try:
        with transaction.atomic(using=using), schema(name), connections[using].cursor() as cursor:
            cursor.execute("SELECT 1")
    except SchemaInactive:
        pass
    except (SchemaNotFound, TemplateSchemaActivation) as error:
        raise CommandError(words_of(error)) from error
    return Selection(name, is_checked=False)


def words_of(error: BaseException) -> str:
    """Return what the server said, or else what Django did, in lines for an operator."""
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return "\n".join(
                f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()
            )
        return " ".join(error.messages)
    driver: BaseException | None = error
    while driver is not None and not hasattr(driver, "diag"):
        driver = driver.__cause__
    said: Any = getattr(driver, "diag", None)
    if said is None or not said.message_primary:
        return str(error).strip()
    lines = (said.message_primary, said.message_detail, said.message_hint)
    return "\n".join(line for line in lines if line)


def is_sure(question: str) -> bool:
    """Ask, and return whether the answer is yes. Raises `CommandError` where nobody answers."""
    try:
        return input(question) == "yes"
    except EOFError as error:
        msg = "\nThere is nobody to ask. Say --noinput if you are sure."
        raise CommandError(msg) from error


class TenantsCommand(BaseCommand):
    """A command whose expected errors are one or two lines, and no traceback."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--database`."""
        parser.add_argument(
            "--database",
            default=DEFAULT_DB_ALIAS,
            choices=tuple(connections),
            help='The database to work in. Defaults to the "default" database.',
        )

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run. Raises `CommandError` with the server's words where the database refuses."""
        try:
            return super().execute(*args, **options)
        except (DatabaseError, ValidationError) as error:
            connection = connections[options["database"]]
            if (
                (isinstance(error, SchemaNotFound) or sqlstate(error) in _NOT_THERE)
                and isinstance(connection, DatabaseWrapper)
                and not facts.is_enabled(connection)
            ):
                msg = "boardinghouse is not in this database yet: run manage.py migrate."
                raise CommandError(msg) from error
            raise CommandError(words_of(error)) from error

    def say(self, text: str, options: dict[str, Any]) -> None:
        """Write a line, unless `--verbosity 0`."""
        if options["verbosity"]:
            self.stdout.write(text)


def add_fields(parser: CommandParser) -> None:
    """Add the options that say what the row of a new tenant holds."""
    parser.add_argument("--name", default="", help="The name to show. Defaults to the schema's.")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        dest="fields",
        help="A field that your BOARDINGHOUSE_SCHEMA_MODEL adds. Can be used several times.",
    )


def new_tenant(name: str, options: dict[str, Any]) -> Schema:
    """Return an unsaved row of the project's model of tenants. Raises `CommandError`."""
    model = get_schema_model()
    tenant = model(schema=name, name=options["name"])
    for setting in options["fields"]:
        label, is_there, value = setting.partition("=")
        try:
            field = model._meta.get_field(label)
        except FieldDoesNotExist as error:
            msg = f"{model._meta.label} has no field {label}."
            raise CommandError(msg) from error
        if not is_there:
            msg = f"--set {setting} is not of the form FIELD=VALUE."
            raise CommandError(msg)
        if not field.concrete or field.many_to_many or field.primary_key:
            msg = f"--set cannot give a value to {model._meta.label}.{label}."
            raise CommandError(msg)
        setattr(tenant, field.attname, value)
    tenant._state.db = options["database"]
    tenant.clean_fields(exclude={"schema"})  # of which the database is the judge
    tenant.clean()
    return tenant


def names_of(selected: list[str], *, using: str, is_active: bool | None = None) -> list[str]:
    """Return the names of these tenants, or where there are none, of all, or all active ones.

    Raises `CommandError`.
    """
    for name in selected:
        find(name, using=using)
    if selected:
        return list(dict.fromkeys(selected))
    found = Schema.objects.using(using).order_by("schema")
    if is_active is not None:
        found = found.filter(is_active=is_active)
    return list(found.values_list("schema", flat=True))


def within(name: str) -> Any:
    """Select a tenant, active or not."""
    return select(Selection(name, is_checked=False))
