"""What a data step may not do, found by the server's counters: the table, the step, the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import DatabaseError, NotSupportedError

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.statements import ends_transaction
from django_boardinghouse.exceptions import DataStepRefused, sqlstate
from django_boardinghouse.facts import Figures

if TYPE_CHECKING:
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper
    from django_boardinghouse.scopes import Step

_BOTH = (
    "%s: a statement (%s) changed the structure of the template and %s, so the tenants' rows"
    " cannot follow. Make of it one statement for the structure and others for the rows%s."
)
_ALONE = "; if it is about structure alone, put it into a migration of its own"
_NO_TABLE = "42P01"  # undefined_table
_OUT_OF_MEMORY = "53200"  # out_of_memory: too many locks


def refuse_shared_writes(
    step: Step, who: str, before: Figures, after: Figures, *, statement: str = ""
) -> None:
    """Raise `DataStepRefused` where a tenant's pass has written rows that are not the tenant's."""
    for table, what in after.written_to_shared(before).items():
        if what == "updated" and step.may_update_shared:
            continue
        refuse_shared(step, who, f"{what} {table}", is_update=what == "updated", by=statement)
    if (after.rows, after.files) != (before.rows, before.files):
        by = f" by a statement ({statement})" if statement else ""
        msg = (
            f"{step}: {who} wrote to the template{by}, whose rows its own pass writes."
            " Write the names of tables without a schema; for the template alone,"
            f" {step.give_scope('template')}."
        )
        raise DataStepRefused(msg)


def refuse_shared(
    step: Step, who: str, what: str, *, is_update: bool = False, by: str = ""
) -> NoReturn:
    """Raise `DataStepRefused`: a tenant's pass would write shared rows."""
    by = f" by a statement ({by})" if by else ""
    if step.scope == "tenants":
        why = "which no pass of a tenant does"
    else:
        why = "which the template's pass alone does, once"
    ways = f"Put it into a step for shared rows alone and {step.give_scope('shared')}"
    if is_update and step.scope is None:
        ways += f"; if it may be done once for each tenant, {step.give_scope('repeatable')}"
    msg = f"{step}: {who} {what}{by}, {why}. {ways}."
    raise DataStepRefused(msg)


def refuse_hidden(
    connection: DatabaseWrapper, step: Step, before: Figures, after: Figures, tag: str | None
) -> None:
    """Raise `NotSupportedError` where a statement that hid DDL may have been about rows, too."""
    if after.rows != before.rows:
        raise NotSupportedError(_BOTH % (step, tag, "its rows", ""))
    if after.scans == before.scans:
        return
    if after.tables > before.tables and (tag or "").startswith("SELECT"):
        raise NotSupportedError(_BOTH % (step, tag, "filled a table of it from its rows", ""))
    refuse_hidden_change(connection, step, tag)


def refuse_hidden_change(connection: DatabaseWrapper, step: Step, tag: str | None) -> None:
    """Raise `NotSupportedError` where this transaction has written to the template at all."""
    if facts.is_writing_to_template(connection):
        raise NotSupportedError(_BOTH % (step, tag, "maybe rows of it, had there been any", _ALONE))


def refuse_end(step: Step, statements: Iterable[Any]) -> None:
    """Raise `NotSupportedError` where one would end the transaction of the whole migration."""
    for statement in statements:
        if isinstance(statement, str) and ends_transaction(statement):
            msg = (
                f"{step}: {statement} would end the transaction of the migration, with half of it"
                " done. Leave BEGIN and the like out, or put the step into a migration with"
                " atomic = False."
            )
            raise NotSupportedError(msg)


def refuse_temporary(step: Step, before: Figures, after: Figures) -> None:
    """Raise `NotSupportedError` where a statement for each schema made a temporary table.

    It is one for all of them, so rows of tenants would meet in it.
    """
    if after.temporary != before.temporary:
        msg = (
            f"{step}: a temporary table in SQL that runs statement by statement in each schema"
            " would have the rows of all tenants. Do it with a cursor in RunPython, whose passes"
            " have temporary tables of their own."
        )
        raise NotSupportedError(msg)


def refuse_new_tenants(step: Step, names: Iterable[str]) -> NoReturn:
    """Raise `DataStepRefused` where a step that runs in each tenant makes further ones."""
    made = ", ".join(f'"{name}"' for name in names)
    msg = (
        f"{step}: it makes the tenant {made}, and runs in the template and in each tenant."
        f" Put it into a step for shared rows alone and {step.give_scope('shared')}."
    )
    raise DataStepRefused(msg)


def refuse_template_writes(step: Step, before: Figures, after: Figures) -> None:
    """Raise `DataStepRefused` where a step for shared rows has written to the template."""
    if (after.rows, after.files) != (before.rows, before.files):
        msg = f"{step}: it wrote rows of the template, and runs once, for shared rows. " + (
            f"To run it in the template and in each tenant, {step.give_scope('repeatable')}."
        )
        raise DataStepRefused(msg)


@contextmanager
def explaining_once(step: Step) -> Iterator[None]:
    """Say of a step for shared rows that does not find a table why that is."""
    try:
        yield
    except DatabaseError as error:
        if sqlstate(error) != _NO_TABLE or isinstance(error, DataStepRefused):
            raise
        msg = (
            f"{step}: {str(error).strip()}\nIt runs once, for shared rows, with no schema selected."
            f" To run it in the template and in each tenant, {step.give_scope('repeatable')}."
        )
        raise DataStepRefused(msg) from error


@contextmanager
def explaining_pass(step: Step, schema: str) -> Iterator[None]:
    """Say of an error in whose pass of which step it came."""
    try:
        yield
    except Exception as error:
        error.add_note(f'{step}: this was the pass of the schema "{schema}".')
        if sqlstate(error) == _OUT_OF_MEMORY:
            error.add_note(
                "One transaction holds locks in every tenant. Raise max_locks_per_transaction,"
                " or put the step into a migration with atomic = False: each tenant's pass is"
                " then on its own, and those that are done are not repeated."
            )
        raise
