"""Which tables there are, as Django's commands ask: those in the template, and the shared ones."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.apps import apps
from django.db import router
from django.db.backends.postgresql import introspection

from django_boardinghouse.selection import IN_TEMPLATE, select


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    """Introspection of models' tables that looks at the template, whatever is selected."""

    def get_migratable_models(self) -> Any:
        """Return the models that have a table of Django's making.

        Django finds a join table by the model that has the field, and so not that of `Schema`,
        whose own table is not of its making.
        """
        joins: list[Any] = [
            model
            for config in apps.get_app_configs()
            for model in router.get_migratable_models(
                config, self.connection.alias, include_auto_created=True
            )
            if model._meta.auto_created and model._meta.can_migrate(self.connection)
        ]
        return chain(
            super().get_migratable_models(),
            (join for join in joins if not join._meta.auto_created._meta.managed),
        )

    def django_table_names(
        self, only_existing: bool = False, include_views: bool = True
    ) -> list[str]:
        """Return the names of the tables of all models, each once."""
        with select(IN_TEMPLATE):
            return super().django_table_names(only_existing, include_views)

    def sequence_list(self) -> list[dict[str, Any]]:
        """Return the sequences of the tables of all models, each once."""
        with select(IN_TEMPLATE):
            return super().sequence_list()
