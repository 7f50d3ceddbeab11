"""`loaddata` into a tenant, and of rows that say whose they are."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import loaddata
from django.db import connections
from django.db.models import Model

from django_boardinghouse import facts, fixtures
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.exceptions import sqlstate
from django_boardinghouse.management.tenants import find, within
from django_boardinghouse.selection import Selection, select, selected
from django_boardinghouse.shared import is_registry, is_shared_model

_UNDEFINED_TABLE = "42P01"


class Command(loaddata.Command):
    """Django's command, for rows of tenants too."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--schema",
            metavar="NAME",
            help="Load into this tenant, active or not. Rows that say their schema go there, and"
            " shared rows are shared.",
        )

    def handle(self, *labels: str, **options: Any) -> None:
        """Raises `CommandError`, also where it is not said whose rows they are."""
        using = options["database"]
        if not isinstance(connections[using], DatabaseWrapper):
            super().handle(*labels, **options)
            return
        chosen = options["schema"]
        with select(find(chosen, using=using)) if chosen else nullcontext():
            super().handle(*labels, **options)

    def loaddata(self, fixture_labels: Any) -> None:
        """Load, each row under the schema that it names."""
        connection: Any = connections[self.using]
        if not isinstance(connection, DatabaseWrapper):
            super().loaddata(fixture_labels)
            return
        self._found: dict[str, Selection] = {}
        self._filled: dict[str | None, set[type[Model]]] = {}
        self._model = ""
        self._there = set(facts.tenants(connection)) if facts.is_enabled(connection) else set()
        with fixtures.changed(Deserializer=fixtures.reading(self._find, self._note)):
            super().loaddata(fixture_labels)

    def load_label(self, fixture_label: str) -> None:
        """Load a fixture. Raises `CommandError` where a row needed a schema and named none."""
        try:
            super().load_label(fixture_label)
        except Exception as error:
            if isinstance(error, CommandError) or not self._needed_a_schema(error):
                raise
            model = apps.get_model(self._model)._meta.label
            msg = (
                f"{error}\n{model} is a model of the tenants, or has a join table of theirs. Say"
                " whose rows these are: by"
                ' --schema NAME, or by "schema" in each row.'
            )
            raise CommandError(msg) from error

    def save_obj(self, obj: Any) -> bool:
        """Save a row where it belongs; a tenant that is new, without rows the fixture has."""
        name = getattr(obj, fixtures.SCHEMA, None)
        model = type(obj.object)
        with self._in(name):
            is_saved: bool = super().save_obj(obj)
        if obj.deferred_fields and name:
            obj.save_deferred_fields = partial(self._save_deferred, name, obj.save_deferred_fields)
        if is_saved:
            self._filled.setdefault(name, set()).add(model)
            if is_registry(model) and obj.object.pk not in self._there:
                self._empty(obj.object.pk, getattr(obj, fixtures.WHOLE, []))
        return is_saved

    def reset_sequences(self, connection: Any, models: Any) -> None:
        """Have sequences go on behind the rows, in every schema that got some."""
        if not isinstance(connection, DatabaseWrapper):
            super().reset_sequences(connection, models)
            return
        for name, filled in self._filled.items():
            with self._in(name):
                super().reset_sequences(connection, filled)

    def _find(self, name: str) -> Selection:
        if name not in self._found:
            self._found[name] = find(name, using=self.using)
        return self._found[name]

    def _note(self, model: str) -> None:
        self._model = model

    def _in(self, name: str | None) -> Any:
        return select(self._find(name)) if name else nullcontext()

    def _save_deferred(self, name: str, save: Any, **options: Any) -> None:
        with self._in(name):
            save(**options)

    def _empty(self, name: str, labels: list[str]) -> None:
        """Take out what the template has put into a new tenant, where the fixture has all rows."""
        with within(name):
            for label in labels:
                model = apps.get_model(label)
                joins = [field.remote_field.through for field in model._meta.local_many_to_many]
                for table in (*(join for join in joins if join._meta.auto_created), model):
                    table._base_manager.using(self.using).all()._raw_delete(self.using)

    def _needed_a_schema(self, error: BaseException) -> bool:
        if selected().schema is not None:
            return False
        cause: BaseException | None = error
        while cause is not None and sqlstate(cause) != _UNDEFINED_TABLE:
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            return False
        model = apps.get_model(self._model)
        joins = [field.remote_field.through for field in model._meta.local_many_to_many]
        return not all(map(is_shared_model, (model, *joins)))
