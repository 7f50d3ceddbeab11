"""Operations for migrations: Django's with a scope, a field for another app, and our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

from django_boardinghouse.installation import install
from django_boardinghouse.scopes import SCOPES, Scope


class Once(Operation):
    """An operation that is not repeated for each tenant."""

    reduces_to_sql = False

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the state as it is."""


class InstallExtension(Once):
    """Create the extension, or update it, and enable it. There is no way back: tenants need it."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        install(schema_editor.connection)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Leave the extension where it is."""

    def describe(self) -> str:
        return "Install the extension boardinghouse"


class CreateJoinTable(Once):
    """Create the table of a many-to-many field whose model has no table of Django's making."""

    reduces_to_sql = True

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name = model_name
        self.name = name

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        through = self._through(app_label, to_state)
        if self.allow_migrate_model(schema_editor.connection.alias, through):
            schema_editor.create_model(through)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        through = self._through(app_label, from_state)
        if self.allow_migrate_model(schema_editor.connection.alias, through):
            schema_editor.delete_model(through)

    def describe(self) -> str:
        return f"Create the join table of {self.model_name}.{self.name}"

    def _through(self, app_label: str, state: Any) -> Any:
        model = state.apps.get_model(app_label, self.model_name)
        return model._meta.get_field(self.name).remote_field.through


class RunPython(migrations.RunPython):
    """Django's, with a keyword that says whom it concerns.

    `scope`: "repeatable", "shared", "template" or "tenants"; None is the rule. Raises `ValueError`
    for another.
    """

    def __init__(
        self,
        code: Callable[..., Any],
        reverse_code: Callable[..., Any] | None = None,
        atomic: bool | None = None,
        hints: dict[str, Any] | None = None,
        elidable: bool = False,
        scope: Scope | None = None,
    ) -> None:
        super().__init__(code, reverse_code, atomic, hints, elidable)
        self.boardinghouse_scope = _checked(scope)

    def deconstruct(self) -> Any:
        return _with_scope(self, super().deconstruct())


class RunSQL(migrations.RunSQL):
    """Django's, with a keyword that says whom it concerns, as `RunPython` has it."""

    def __init__(
        self,
        sql: Any,
        reverse_sql: Any = None,
        state_operations: Any = None,
        hints: dict[str, Any] | None = None,
        elidable: bool = False,
        scope: Scope | None = None,
    ) -> None:
        super().__init__(sql, reverse_sql, state_operations, hints, elidable)
        self.boardinghouse_scope = _checked(scope)

    def deconstruct(self) -> Any:
        return _with_scope(self, super().deconstruct())


def _checked(scope: Scope | None) -> Scope | None:
    if scope is not None and scope not in SCOPES:
        msg = f'scope "{scope}" is not one of {", ".join(SCOPES)}'
        raise ValueError(msg)
    return scope


def _with_scope(operation: Any, deconstructed: Any) -> Any:
    name, args, kwargs = deconstructed
    if operation.elidable:  # before Django 6.1 it is left out
        kwargs["elidable"] = True
    if operation.boardinghouse_scope is not None:
        kwargs["scope"] = operation.boardinghouse_scope
    return name, args, kwargs


class AddField(Once):
    """Add a field to a model of another app, in the state of that app, too.

    The model must have the field, as by `field.contribute_to_class(Model, name)`; `makemigrations`
    then finds nothing to do. The migration must depend on one of the other app that has the model.
    """

    reduces_to_sql = True
    category = migrations.AddField.category

    # Not one of Django's operations on fields: its optimizer takes those for the migration's app.

    def __init__(
        self, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool = True
    ) -> None:
        self.app_label = app_label
        self.model_name = model_name
        self.name = name
        self.field = field
        self.preserve_default = preserve_default
        self._there = migrations.AddField(model_name, name, field, preserve_default)

    def deconstruct(self) -> Any:
        _, args, kwargs = self._there.deconstruct()
        return type(self).__name__, args, {"app_label": self.app_label, **kwargs}

    def state_forwards(self, app_label: str, state: Any) -> None:
        self._there.state_forwards(self.app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._there.database_forwards(self.app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._there.database_backwards(self.app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Add field {self.name} to {self.app_label}.{self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.app_label}_{self._there.migration_name_fragment}"
