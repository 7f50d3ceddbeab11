"""Operations for migrations that concern the database rather than its schemata."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

from django_boardinghouse.installation import install


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
        schema_editor.create_model(self._through(app_label, to_state))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.delete_model(self._through(app_label, from_state))

    def describe(self) -> str:
        return f"Create the join table of {self.model_name}.{self.name}"

    def _through(self, app_label: str, state: Any) -> Any:
        model = state.apps.get_model(app_label, self.model_name)
        return model._meta.get_field(self.name).remote_field.through
