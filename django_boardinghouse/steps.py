"""Data steps of migrations: run in the template and then in every tenant.

Django sends the plan of a `migrate` before it runs it. In it, each operation that is not one of
Django's changes of a model is replaced by a copy that runs once per schema that it concerns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib.postgres.operations import CreateExtension
from django.db import connections
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation
from django.db.migrations.operations.special import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.state import ProjectState

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.backends.postgres.reach import Reach, ReachingEditor
from django_boardinghouse.installation import complete, install
from django_boardinghouse.operations import Once
from django_boardinghouse.passes import Passes, forget_finished
from django_boardinghouse.refusals import (
    explaining_once,
    explaining_pass,
    refuse_template_writes,
)
from django_boardinghouse.replay import Replay
from django_boardinghouse.report import SILENT, Report
from django_boardinghouse.scopes import Scope, Step, scope_of
from django_boardinghouse.selection import IN_TEMPLATE, NOTHING, Selection, select
from django_boardinghouse.shared import is_shared_model

_BY_THE_EDITOR = (ModelOperation, FieldOperation, IndexOperation, Once)

Run = Callable[[], None]


def before_migrate(
    using: str,
    plan: Iterable[tuple[Migration, bool]] | None,
    verbosity: int = 0,
    stdout: Any = None,
    **_: object,
) -> None:
    """Have the extension ready, and the data steps of the plan run per tenant.

    Receives `pre_migrate`.
    """
    connection = connections[using]
    if isinstance(connection, DatabaseWrapper):
        install(connection)
        connection.report = Report(stdout, verbosity)
        forget_finished(connection)
        prepare(plan or ())


def after_migrate(using: str, **_: object) -> None:
    """Forget which passes are done of migrations that are through. Receives `post_migrate`."""
    connection = connections[using]
    if isinstance(connection, DatabaseWrapper):
        connection.report = SILENT
        complete(connection)
        forget_finished(connection)


def prepare(plan: Iterable[tuple[Migration, bool]]) -> None:
    """Make the data steps of a plan run per tenant.

    Raises `ImproperlyConfigured` where the settings give a migration an unknown scope.
    """
    for migration, _ in plan:
        scope = scope_of(migration)
        operations = [
            per_tenant(migration, operation, str(number), scope)
            for number, operation in enumerate(migration.operations, 1)
        ]
        migration.operations = operations  # type: ignore[misc]


def per_tenant(
    migration: Migration, operation: Operation, number: str, scope: Scope | None
) -> Operation:
    """Return an operation that does what this one does, in each schema that it concerns.

    `scope` is what the settings say; it goes before the operation's own.
    """
    if isinstance(operation, _BY_THE_EDITOR) or hasattr(operation, "_boardinghouse_step"):
        return operation
    copied: Any = copy(operation)
    result: Operation = copied
    if isinstance(copied, SeparateDatabaseAndState):
        copied.database_operations = [
            per_tenant(migration, inner, f"{number}.{place}", scope)
            for place, inner in enumerate(copied.database_operations, 1)
        ]
        return result
    copied._boardinghouse_step = step = Step(
        migration.app_label,
        migration.name,
        f"{number} ({operation.describe()})",
        scope or getattr(operation, "boardinghouse_scope", None),
    )
    for name in ("database_forwards", "database_backwards"):
        way = replace(step, is_backwards=name == "database_backwards")
        if not _does_nothing(operation, way.is_backwards):
            setattr(copied, name, partial(_run, way, operation, getattr(operation, name)))
    return result


def _does_nothing(operation: Operation, is_backwards: bool) -> bool:
    code = getattr(operation, "reverse_code" if is_backwards else "code", None)
    return isinstance(operation, RunPython) and code is RunPython.noop


def _run(
    step: Step,
    operation: Operation,
    original: Callable[..., None],
    app_label: str,
    schema_editor: Any,
    from_state: ProjectState,
    to_state: ProjectState,
) -> None:
    run = partial(original, app_label, schema_editor, from_state, to_state)
    if not isinstance(schema_editor, ReachingEditor) or schema_editor.collect_sql:
        run()
        return
    schema_editor.begin()
    if isinstance(operation, CreateExtension):
        with select(NOTHING), schema_editor.reaching(Reach.HERE, step):
            run()
        return
    scope = step.scope or (None if _has_tenant_models(app_label, from_state) else "shared")
    if scope == "shared":
        _run_once(step, run, schema_editor)
    elif isinstance(operation, RunSQL):
        _run_sql(step, run, schema_editor, scope)
    else:
        _run_python(step, run, schema_editor, scope)
    _discard_temporary(schema_editor.connection)


def _discard_temporary(connection: DatabaseWrapper) -> None:
    """Drop the temporary tables of a pass: the rows of one schema are not for the next."""
    if facts.has_temporary_tables(connection):
        with connection.cursor() as cursor:
            cursor.execute("DISCARD TEMP")


def _has_tenant_models(app_label: str, state: ProjectState) -> bool:
    """Return whether an app has models of the tenants, or none at all."""
    names = [name for label, name in state.models if label == app_label]
    return not names or any(
        not is_shared_model(state.apps.get_model(app_label, name)) for name in names
    )


def _run_once(step: Step, run: Run, editor: ReachingEditor) -> None:
    """Run a step that concerns nothing but shared rows, with no schema selected."""
    connection = editor.connection
    passes = Passes(editor, step)
    with select(NOTHING), editor.reaching(Reach.HERE, step), explaining_once(step):
        before = editor.figures() if connection.in_atomic_block else None
        passes.once(run)
        if before is not None:
            refuse_template_writes(step, before, editor.figures())


def _run_sql(step: Step, run: Run, editor: ReachingEditor, scope: Scope | None) -> None:
    """Run a step of SQL: the editor repeats each statement where it is to be repeated."""
    if scope == "template":
        with editor.reaching(Reach.HERE, step):
            Passes(editor, step).once(run)
        return
    with editor.reaching(Reach.TENANTS if scope == "tenants" else Reach.EACH, step):
        run()


def _run_python(step: Step, run: Run, editor: ReachingEditor, scope: Scope | None) -> None:
    """Run a step of Python in the template, and then in each tenant."""
    connection = editor.connection
    passes = Passes(editor, step)
    connection.replay = replay = Replay(connection, step)

    def run_in(selection: Selection) -> None:
        with explaining_pass(step, str(selection)), select(selection):
            run()
            _discard_temporary(connection)
            if connection.in_atomic_block:
                connection.check_constraints()

    def run_in_tenant(tenant: str) -> None:
        with replay.of(tenant):
            run_in(Selection(tenant, is_checked=False))

    try:
        with connection.execute_wrapper(replay), editor.reaching(Reach.HERE, step):
            if scope != "tenants":
                passes.in_template(partial(run_in, IN_TEMPLATE), replay)
            if scope != "template":
                passes.in_tenants(run_in_tenant)
    finally:
        connection.replay = None
