"""The passes of a data step through the template and the tenants, each of them done once.

A migration that is atomic is one transaction: all its passes are done, or none. Of one that is not,
each pass that is done is recorded, and not repeated when the migration is run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps.registry import Apps
from django.db import models
from django.db.migrations.recorder import MigrationRecorder

from django_boardinghouse import facts
from django_boardinghouse.replay import Replay, in_transaction
from django_boardinghouse.scopes import Step

if TYPE_CHECKING:
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper
    from django_boardinghouse.backends.postgres.reach import ReachingEditor

_TABLE = "boardinghouse_pass"
_KEY = "app = %s AND migration = %s AND operation = %s AND is_backwards = %s"
_FIND = f"""
    SELECT count(*) FILTER (WHERE schema_id IS NULL), min(memory),
           array_agg(schema_id::text ORDER BY schema_id) FILTER (WHERE NOT is_done)
      FROM public.{_TABLE} WHERE {_KEY}
"""  # noqa: S608
_BEGIN = f"""
    INSERT INTO public.{_TABLE}
           (app, migration, operation, is_backwards, schema_id, is_done, memory)
    SELECT %s, %s, %s, %s, s.schema::name, s.schema IS NULL, s.memory
      FROM (SELECT NULL::text AS schema, %s::text AS memory
             UNION ALL
            SELECT r.schema::text, NULL FROM boardinghouse.schema AS r
             WHERE r.schema::text = ANY (%s)) AS s
    RETURNING id
"""  # noqa: S608
_DONE = f"UPDATE public.{_TABLE} SET is_done = true WHERE {_KEY} AND schema_id = %s RETURNING id"  # noqa: S608
_EXISTS = f"SELECT pg_catalog.to_regclass('public.{_TABLE}') IS NOT NULL"
_MIGRATIONS = f"""
    SELECT coalesce(json_agg(DISTINCT jsonb_build_array(app, migration, is_backwards)), '[]')
      FROM public.{_TABLE}
"""  # noqa: S608
_CLEAR = f"""
    WITH gone AS (
        DELETE FROM public.{_TABLE}
         WHERE app = %s AND migration = %s AND is_backwards = %s RETURNING id)
    SELECT count(*) FROM gone
"""  # noqa: S608


class Passes:
    """The passes of one thing that a migration does, through all schemata that it concerns."""

    def __init__(
        self, editor: ReachingEditor, step: Step, part: str = "", *, is_recorded: bool = True
    ) -> None:
        self._connection: DatabaseWrapper = editor.connection
        self._step = step
        operation = f"{step.operation}{part}"
        self._key = [step.app_label, step.migration, operation, step.is_backwards]
        self._is_recorded = is_recorded and bool(step.migration) and not editor.atomic_migration
        self._tenants: list[str] = []
        self._is_begun = False
        self._memory: str | None = None
        if self._is_recorded:
            _make_table(self._connection)
            count, self._memory, left = self._connection.query_quietly(_FIND, self._key)
            self._is_begun = bool(count)
            if self._is_begun:
                self._tenants = list(left or ())
                self._connection.report.say(
                    f"{operation}: going on after an earlier run, {len(self._tenants)} tenants left"
                    if self._tenants
                    else f"{operation}: done by an earlier run"
                )

    def once(self, run: Callable[[], Any]) -> None:
        """Run what has one pass alone, unless an earlier run has done it."""
        if not self._is_begun:
            run()
            self._begin([])

    def in_template(self, run: Callable[[], Any], replay: Replay) -> None:
        """Run the pass of the template, unless an earlier run has done it."""
        if self._is_begun:
            replay.recall(self._memory)
            return
        tenants = facts.tenants(self._connection) if self._is_recorded else []
        run()
        self._begin(tenants, replay.remember())

    def in_tenants(self, run: Callable[[str], Any]) -> None:
        """Run the passes of the tenants, but for those that an earlier run has done."""
        for tenant in self._left():
            run(tenant)
            self._end(tenant)

    def statement_in_template(self, run: Callable[[bool], tuple[str, bool]]) -> tuple[str, bool]:
        """Run one statement in the template, and record it in the same transaction.

        `run` is told whether it is in one, and returns the statement's tag and whether it concerns
        the tenants; so does this.
        """
        if self._is_begun:
            return "SQL", bool(self._tenants)

        def run_and_record(is_in_transaction: bool) -> tuple[str, bool]:
            tag, concerns_tenants = run(is_in_transaction)
            self._begin(facts.tenants(self._connection) if concerns_tenants else [])
            return tag, concerns_tenants

        result: tuple[str, bool] = in_transaction(self._connection, run_and_record)
        return result

    def statement_in_tenants(self, run: Callable[[str, bool], Any]) -> None:
        """Run one statement in each tenant, and record it in the same transaction."""

        def run_and_record(tenant: str, is_in_transaction: bool) -> None:
            run(tenant, is_in_transaction)
            self._end(tenant)

        for tenant in self._left():
            in_transaction(self._connection, partial(run_and_record, tenant))

    def _left(self) -> Iterator[str]:
        """Yield the tenants whose pass is to come, and say how far it is."""
        if self._is_recorded:
            self._begin(facts.tenants(self._connection))
            tenants = self._tenants
        else:
            tenants = facts.tenants(self._connection)
        return self._connection.report.through(tenants, self._step.operation, "tenants")

    def _begin(self, tenants: list[str], memory: str | None = None) -> None:
        """Record that the template's pass is done, and for which tenants one is to come.

        A tenant that is made later is made from the template, with what the pass left there.
        """
        if self._is_recorded and not self._is_begun:
            self._connection.query_quietly(_BEGIN, [*self._key, memory, tenants])
            self._tenants, self._is_begun = tenants, True

    def _end(self, tenant: str) -> None:
        if self._is_recorded:
            self._connection.query_quietly(_DONE, [*self._key, tenant])


def forget_finished(connection: DatabaseWrapper) -> None:
    """Forget the passes of migrations that are through as a whole, be it by `--fake`."""
    if not connection.query_quietly(_EXISTS)[0]:
        return
    applied = MigrationRecorder(connection).applied_migrations()
    for app, migration, is_backwards in connection.query_quietly(_MIGRATIONS)[0]:
        if ((app, migration) in applied) != is_backwards:
            connection.query_quietly(_CLEAR, [app, migration, is_backwards])


def _make_table(connection: DatabaseWrapper) -> None:
    """Make the table of passes where there is none, as Django makes that of migrations."""
    if connection.query_quietly(_EXISTS)[0]:
        return
    with connection.schema_editor() as editor:
        editor.create_model(_model())


def _model() -> type[models.Model]:
    """Return the model of a pass; in a registry of its own, as migrations run before the app's."""
    from django_boardinghouse.base import SharedSchemaModel
    from django_boardinghouse.fields import SchemaNameField

    registry = Apps()

    class Schema(SharedSchemaModel):
        schema = SchemaNameField(primary_key=True)

        class Meta:
            apps = registry
            app_label = "boardinghouse"
            db_table = '"boardinghouse"."schema"'
            managed = False

        def __str__(self) -> str:
            return str(self.schema)

    class Pass(SharedSchemaModel):
        app = models.TextField()
        migration = models.TextField()
        operation = models.TextField()
        is_backwards = models.BooleanField()
        schema = models.ForeignKey(Schema, models.CASCADE, null=True)
        is_done = models.BooleanField()
        memory = models.TextField(null=True)  # noqa: DJ001

        class Meta:
            apps = registry
            app_label = "boardinghouse"
            db_table = _TABLE
            constraints = (
                models.UniqueConstraint(
                    fields=["app", "migration", "operation", "is_backwards", "schema"],
                    name="boardinghouse_pass_once",
                    nulls_distinct=False,
                ),
            )

        def __str__(self) -> str:
            return f"{self.app}.{self.migration}"

    return Pass
