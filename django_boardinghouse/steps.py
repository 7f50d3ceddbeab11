"""Data steps of migrations: run in the template and then in every tenant.

Django sends the plan of a `migrate` before it runs it. In it, each operation that is not one of
Django's changes of a model is replaced by a copy that runs once per schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import partial
from typing import Any, Literal

from django.contrib.postgres.operations import CreateExtension
from django.db import connections
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation
from django.db.migrations.operations.special import RunSQL, SeparateDatabaseAndState
from django.db.migrations.state import ProjectState

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.backends.postgres.reach import Reach, ReachingEditor
from django_boardinghouse.exceptions import DataStepRefused
from django_boardinghouse.installation import install
from django_boardinghouse.operations import Once
from django_boardinghouse.replay import Replay
from django_boardinghouse.selection import IN_TEMPLATE, NOTHING, Selection, select
from django_boardinghouse.shared import is_shared_model

_BY_THE_EDITOR = (ModelOperation, FieldOperation, IndexOperation, Once)

Step = Callable[[], None]


def before_migrate(using: str, plan: Iterable[tuple[Migration, bool]] | None, **_: object) -> None:
    """Have the extension ready, and the data steps of the plan run per tenant.

    Receives `pre_migrate`.
    """
    connection = connections[using]
    if isinstance(connection, DatabaseWrapper):
        install(connection)
        prepare(plan or ())


def prepare(plan: Iterable[tuple[Migration, bool]]) -> None:
    """Make the data steps of a plan run per tenant."""
    for migration, _ in plan:
        operations = [per_tenant(operation) for operation in migration.operations]
        migration.operations = operations  # type: ignore[misc]


def per_tenant(operation: Operation) -> Operation:
    """Return an operation that does what this one does, in each schema that it concerns."""
    if isinstance(operation, _BY_THE_EDITOR):
        return operation
    step = copy(operation)
    if isinstance(step, SeparateDatabaseAndState):
        step.database_operations = [per_tenant(inner) for inner in step.database_operations]
        return step
    run = _run_in_each
    if isinstance(step, RunSQL):
        run = _run_statements
    elif isinstance(step, CreateExtension):
        run = _run_in_public
    for direction in ("database_forwards", "database_backwards"):
        setattr(step, direction, partial(_run, run, getattr(operation, direction)))
    return step


def _run(
    run: Callable[[Step, ReachingEditor, bool], None],
    original: Callable[..., None],
    app_label: str,
    schema_editor: Any,
    from_state: ProjectState,
    to_state: ProjectState,
) -> None:
    step = partial(original, app_label, schema_editor, from_state, to_state)
    if not isinstance(schema_editor, ReachingEditor) or schema_editor.collect_sql:
        step()
    else:
        run(step, schema_editor, _has_tenant_models(app_label, from_state))


def _has_tenant_models(app_label: str, state: ProjectState) -> bool:
    """Return whether an app has models of the tenants, or none at all."""
    names = [name for label, name in state.models if label == app_label]
    return not names or any(
        not is_shared_model(state.apps.get_model(app_label, name)) for name in names
    )


def _run_in_public(step: Step, editor: ReachingEditor, has_tenant_models: bool) -> None:
    """Run a step whose objects belong to the database, such as an extension."""
    with select(NOTHING), editor.reaching(Reach.ONCE):
        step()


def _run_statements(step: Step, editor: ReachingEditor, has_tenant_models: bool) -> None:
    """Run a step of SQL: the editor repeats each statement where it is to be repeated."""
    if has_tenant_models:
        with editor.reaching(Reach.EACH):
            step()
    else:
        _run_once(step, editor)


def _run_in_each(step: Step, editor: ReachingEditor, has_tenant_models: bool) -> None:
    """Run a step of Python in the template, and then in each tenant."""
    editor.begin()
    if not has_tenant_models:
        _run_once(step, editor)
        return
    connection = editor.connection
    connection.replay = replay = Replay()
    try:
        with connection.execute_wrapper(replay), editor.reaching(Reach.HERE):
            _run_pass(step, editor, IN_TEMPLATE)
            with _refusing(editor, "rows of another schema for each tenant, in SQL of its own"):
                for tenant in facts.tenants(connection):
                    with replay.of(tenant):
                        _run_pass(step, editor, Selection(tenant, is_checked=False))
    finally:
        connection.replay = None


def _run_once(step: Step, editor: ReachingEditor) -> None:
    """Run a step that concerns nothing but shared rows."""
    with (
        editor.reaching(Reach.ONCE),
        _refusing(
            editor, "rows of the template, in an app whose models are all shared", only="template"
        ),
    ):
        step()


def _run_pass(step: Step, editor: ReachingEditor, selection: Selection) -> None:
    try:
        with select(selection):
            step()
            if editor.connection.in_atomic_block:
                editor.connection.check_constraints()
    except Exception as error:
        error.add_note(f'This was a data step, run in the schema "{selection}".')
        raise


@contextmanager
def _refusing(
    editor: ReachingEditor, what: str, *, only: Literal["template"] | None = None
) -> Iterator[None]:
    """Raise `DataStepRefused` where rows are written to the template, or to shared tables.

    Outside a transaction the server has no figures to go by.
    """
    connection = editor.connection
    if not connection.in_atomic_block:
        yield
        return
    before = facts.written(connection)
    yield
    rows = facts.written(connection) - before
    if rows.template > 0 or (rows.shared > 0 and not only):
        msg = (
            f"a data step wrote {what}. Shared rows are for a migration of an app whose models"
            " are all shared, the others for one of an app that has models of the tenants."
        )
        raise DataStepRefused(msg)
