"""Migrations that tests write on the spot."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

from django_boardinghouse.selection import IN_TEMPLATE, select
from django_boardinghouse.steps import prepare

SHOP = ("shop", "0001_initial")


def state_of(*target: str) -> ProjectState:
    """The state after the project's migrations, by default all of them."""
    loader = MigrationLoader(connection)
    return loader.project_state(target or loader.graph.leaf_nodes())


class Written:
    """A migration of these operations, run as `migrate` runs one."""

    def __init__(self, *operations: Any, app_label: str = "shop", atomic: bool = True) -> None:
        self.migration = Migration("written_for_a_test", app_label)
        self.migration.operations = list(operations)
        self.migration.atomic = atomic
        prepare([(self.migration, False)])

    def forwards(self) -> Written:
        with select(IN_TEMPLATE), connection.schema_editor(atomic=self.migration.atomic) as editor:
            self.migration.apply(state_of(), editor)
        return self

    def backwards(self) -> None:
        with select(IN_TEMPLATE), connection.schema_editor(atomic=self.migration.atomic) as editor:
            self.migration.unapply(state_of(), editor)
