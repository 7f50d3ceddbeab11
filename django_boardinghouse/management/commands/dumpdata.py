"""`dumpdata` of one tenant, or of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.apps import apps
from django.core import serializers
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import dumpdata
from django.core.management.utils import parse_apps_and_model_labels
from django.db import connections, router
from django.db.models import Model

from django_boardinghouse import fixtures
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.management.tenants import find, names_of, within
from django_boardinghouse.selection import NOTHING, select, selected

_IN_TEMPLATE = """
    SELECT t.name FROM unnest(%s::text[]) AS t (name)
     WHERE to_regclass('__template__.' || quote_ident(t.name)) IS NOT NULL
"""


class Command(dumpdata.Command):
    """Django's command, which never takes the template's rows for a tenant's."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--schema",
            metavar="NAME",
            help="Dump the rows of this tenant, active or not, and shared ones.",
        )
        which.add_argument(
            "--all-schemata",
            action="store_true",
            help="Dump shared rows, and then those of all tenants, active or not: each says its"
            " schema, and loaddata brings it back there.",
        )

    def handle(self, *labels: str, **options: Any) -> None:
        """Raises `CommandError`, also where it is not said whose rows are meant."""
        using = options["database"]
        if not isinstance(connections[using], DatabaseWrapper):
            super().handle(*labels, **options)
        elif options["schema"]:
            with select(find(options["schema"], using=using)):
                super().handle(*labels, **options)
        elif options["all_schemata"]:
            self._dump_all(labels, options)
        elif selected().schema is not None:
            super().handle(*labels, **options)
        else:
            asked = _of_tenants(labels, options)
            self._refuse([table.model for table in asked if not table.is_excluded])
            self._write(labels, options, asked, ())

    def _refuse(self, models: list[type[Model]]) -> None:
        if models:
            names = ", ".join(model._meta.label for model in models)
            msg = (
                f"Models of the tenants: {names}. Say whose rows to dump, by --schema NAME or"
                " --all-schemata, or leave them out by --exclude."
            )
            raise CommandError(msg)

    def _dump_all(self, labels: tuple[str, ...], options: dict[str, Any]) -> None:
        format = options["format"]
        if format in serializers.get_public_serializer_formats() and not fixtures.can_mark(
            serializers.get_serializer(format)
        ):
            msg = f"{format} cannot say in a row whose it is. Dump tenant by tenant, by --schema."
            raise CommandError(msg)
        tenants = names_of([], using=options["database"])
        self._write(labels, options, _of_tenants(labels, options), tenants)

    def _write(
        self,
        labels: tuple[str, ...],
        options: dict[str, Any],
        asked: list[_Table],
        tenants: Iterable[str],
    ) -> None:
        """Write shared rows, and then those of these tenants."""
        tables = [table for table in asked if not table.is_excluded]
        keys = [key.strip() for key in (options["primary_keys"] or "").split(",") if key]

        def querysets() -> Iterator[Any]:
            for name in tenants:
                with within(name):
                    for table in tables:
                        manager = (
                            table.model._base_manager
                            if options["use_base_manager"]
                            else table.model._default_manager
                        )
                        found = manager.using(options["database"])
                        if keys:
                            found = found.filter(**{f"{table.key}__in": keys})
                        yield found.order_by(table.model._meta.pk.name)

        def rows() -> Iterator[Model]:
            for found in querysets():
                yield from found.iterator(2000 if found._prefetch_related_lookups else None)

        change = fixtures.writing(
            rows,
            lambda: sum(found.count() for found in querysets()),
            [] if keys else [table.model._meta.label_lower for table in tables],
            {table.model for table in asked if table.model._meta.auto_created},
        )
        exclude = [*options["exclude"], *(table.model._meta.label for table in tables)]
        with select(NOTHING), fixtures.changed(Serializer=change):
            super().handle(*labels, **{**options, "exclude": exclude})


class _Table(NamedTuple):
    """A table of the tenants: of a model, or the join table that they have of a shared one."""

    model: type[Model]
    key: str
    """What `--pks` asks of a row of it."""
    is_excluded: bool


def _of_tenants(labels: tuple[str, ...], options: dict[str, Any]) -> list[_Table]:
    """Return what is the tenants' of what is to be dumped."""
    using = options["database"]
    excluded, excluded_apps = parse_apps_and_model_labels(options["exclude"])
    named, configs = parse_apps_and_model_labels(labels)
    if not labels:
        configs = {config for config in apps.get_app_configs() if config.models_module}
    asked = [
        (config, None if config in configs else [m for m in config.get_models() if m in named])
        for config in apps.get_app_configs()
        if config not in excluded_apps
    ]
    models: list[Any] = [
        model
        for config, chosen in asked
        for model in (config.get_models() if chosen is None else chosen)
    ]
    if options["use_natural_foreign_keys"]:
        models = serializers.sort_dependencies(asked, allow_cycles=True)
    models = [
        model
        for model in models
        if model not in excluded
        and not model._meta.proxy
        and router.allow_migrate_model(using, model)
    ]
    joins: dict[Any, str] = {
        field.remote_field.through: field.m2m_field_name()
        for model in models
        for field in model._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    }
    with connections[using].cursor() as cursor:
        cursor.execute(_IN_TEMPLATE, [[model._meta.db_table for model in (*models, *joins)]])
        places = {name for (name,) in cursor.fetchall()}
    return [
        *(_Table(model, "pk", False) for model in models if model._meta.db_table in places),
        *(
            _Table(join, key, join in excluded)
            for join, key in joins.items()
            if join._meta.db_table in places
            and join._meta.auto_created._meta.db_table not in places
        ),
    ]
