"""The schema editor: what it makes is made in the template, or in `public` where it is shared.

DDL reaches the tenants by itself. Statements about rows are run in the template and then, where
the server says that they were not about shared rows, in every tenant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from functools import wraps
from typing import Any

from django.db import NotSupportedError, models
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as PostgresSchemaEditor

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.statements import split
from django_boardinghouse.commands import is_ddl, is_of_session
from django_boardinghouse.exceptions import DataStepRefused, NotInstalled
from django_boardinghouse.selection import IN_TEMPLATE, NOTHING, select
from django_boardinghouse.shared import is_key_to_tenants, is_shared_model

REGISTRY_TABLE = '"boardinghouse"."schema"'

_ON_REGISTRY_DELETE = {
    models.CASCADE: " ON UPDATE CASCADE ON DELETE CASCADE",
    models.DO_NOTHING: " ON UPDATE CASCADE ON DELETE CASCADE",
    models.SET_NULL: " ON UPDATE CASCADE ON DELETE SET NULL",
}
"""How keys to the registry follow a rename or drop that Django has no part in."""


class Reach(Enum):
    """Whom a statement about rows concerns."""

    EACH = "the template and each tenant"
    ONCE = "shared rows only"
    HERE = "the schema whose pass it is"


class DatabaseSchemaEditor(PostgresSchemaEditor):
    """Django's schema editor, at home in the template."""

    connection: Any
    _reach = Reach.EACH
    _has_begun = False
    _is_enabled = False
    _rows: facts.Written | None = None

    def __enter__(self) -> DatabaseSchemaEditor:
        with ExitStack() as stack:
            stack.enter_context(select(IN_TEMPLATE))
            stack.callback(setattr, self.connection, "is_migrating", self.connection.is_migrating)
            self.connection.is_migrating = True
            super().__enter__()
            self._at_exit = stack.pop_all()
        return self

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        with self._at_exit:
            if exc_type is None:
                try:
                    while self.deferred_sql:
                        self.execute(self.deferred_sql.pop(0), None)
                except BaseException as error:
                    # Django would leave the transaction open.
                    super().__exit__(type(error), error, error.__traceback__)
                    raise
            super().__exit__(exc_type, exc_value, traceback)

    def begin(self) -> None:
        """Get in line behind other changes of the template, before the first statement."""
        if self._has_begun:
            return
        self._is_enabled = facts.is_enabled(self.connection)
        if self._is_enabled and self.connection.in_atomic_block:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT boardinghouse.lock_template()")
            self._has_begun = True

    @contextmanager
    def reaching(self, reach: Reach) -> Iterator[None]:
        """Say whom the statements about rows that follow concern."""
        before, self._reach = self._reach, reach
        try:
            yield
        finally:
            self._reach = before
            if reach is not Reach.EACH:
                self._rows = None

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Run statements, those about rows in every schema that they concern.

        Raises `NotSupportedError` where one statement changes both structure and rows of the
        template, and `DataStepRefused` where it would write shared rows for each tenant.
        """
        if self.collect_sql:
            return super().execute(sql, params)
        self.begin()
        if params is not None:
            sql = self.connection.ops.compose_sql(str(sql), params)
        for statement in split(str(sql)):
            if self._reach is Reach.EACH and self._is_enabled:
                self._execute_in_each(statement)
            else:
                super().execute(statement, None)

    def _execute_in_each(self, statement: str) -> None:
        rows_before = self._rows or facts.written(self.connection)
        mirrored_before = facts.mirrored(self.connection)
        tags: list[str | None] = []

        def note_tag(execute: Callable[..., Any], *args: Any) -> Any:
            result = execute(*args)
            tags.append(args[-1]["cursor"].statusmessage)
            return result

        with self.connection.execute_wrapper(note_tag):
            super().execute(statement, None)
        tag = tags[-1]
        if is_ddl(tag) or is_of_session(tag):
            self._rows = rows_before
            return
        self._rows = facts.written(self.connection)
        rows = self._rows - rows_before
        if facts.mirrored(self.connection) > mirrored_before:
            self._refuse_both(rows, tag)
        elif rows.template > 0 or rows.shared <= 0:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT boardinghouse.for_each_schema(%s)", [statement])
            after = facts.written(self.connection)
            self._refuse_shared(after - self._rows, tag)
            self._rows = after
        if self.connection.in_atomic_block:
            self.connection.check_constraints()
        else:
            self._rows = None  # the server counts a transaction at a time

    def _refuse_both(self, rows: facts.Written, tag: str | None) -> None:
        if rows.template > 0:
            msg = (
                f"a statement ({tag}) changed the structure of the template and its rows:"
                " the tenants' rows cannot follow. Make of it one statement for the"
                " structure and others for the rows."
            )
            raise NotSupportedError(msg)

    def _refuse_shared(self, rows: facts.Written, tag: str | None) -> None:
        if rows.shared > 0:
            msg = (
                f"a statement ({tag}) would write shared rows once for each tenant."
                " Make of it one statement for the shared rows and others for the tenants'."
            )
            raise DataStepRefused(msg)

    def create_model(self, model: type[models.Model]) -> None:
        """Make a table in `public` where the model is shared, else in the template.

        Raises `NotInstalled` where there is no template.
        """
        is_shared = is_shared_model(model)
        if not self.collect_sql:
            self.begin()
            if not is_shared and not self._is_enabled:
                msg = (
                    f"{model._meta.label} is a model of the tenants, and boardinghouse is not"
                    " enabled in this database. Put django_boardinghouse into INSTALLED_APPS"
                    " and run migrate."
                )
                raise NotInstalled(msg)
        with select(NOTHING if is_shared else IN_TEMPLATE):
            super().create_model(model)

    def add_field(self, model: type[models.Model], field: Any) -> None:
        """Add a column; a key to the registry follows renames and drops there."""
        _refuse_key_to_tenants(model, field)
        if clause := _on_registry_change(field):
            self.sql_create_column_inline_fk = type(self).sql_create_column_inline_fk.replace(
                "%(deferrable)s", f"{clause}%(deferrable)s", 1
            )
        try:
            super().add_field(model, field)
        finally:
            self.__dict__.pop("sql_create_column_inline_fk", None)

    def _create_fk_sql(self, model: type[models.Model], field: Any, suffix: str) -> Any:
        _refuse_key_to_tenants(model, field)
        statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        statement.parts["deferrable"] = _on_registry_change(field) + str(
            statement.parts["deferrable"]
        )
        return statement


def _refuse_key_to_tenants(model: type[models.Model], field: Any) -> None:
    if is_key_to_tenants(model, field):
        msg = f"{model._meta.label} is shared, and its {field.name} refers to a tenants' model"
        raise NotSupportedError(msg)


def _on_registry_change(field: Any) -> str:
    """Return the clause by which a key to the registry follows what happens there."""
    remote = field.remote_field
    if not remote or getattr(remote.model, "_meta", None) is None or field.many_to_many:
        return ""
    if remote.model._meta.db_table != REGISTRY_TABLE:
        return ""
    return _ON_REGISTRY_DELETE.get(remote.on_delete, " ON UPDATE CASCADE")


def _for_model(method: Callable[..., Any]) -> Callable[..., Any]:
    """Make of a method a change of one model: of structure and rows, in every schema at once.

    In a data step's pass of a tenant it does nothing: the template's pass has done it there.
    """

    @wraps(method)
    def change(self: DatabaseSchemaEditor, model: type[models.Model], *args: Any, **kw: Any) -> Any:
        replay = self.connection.replay
        if replay is not None and replay.tenant is not None:
            return None
        with self.reaching(Reach.ONCE if is_shared_model(model) else Reach.EACH):
            return method(self, model, *args, **kw)

    return change


for _name in (
    "add_constraint",
    "add_field",
    "add_index",
    "alter_db_table",
    "alter_db_table_comment",
    "alter_db_tablespace",
    "alter_field",
    "alter_index_together",
    "alter_unique_together",
    "create_model",
    "delete_model",
    "remove_constraint",
    "remove_field",
    "remove_index",
    "rename_index",
):
    setattr(DatabaseSchemaEditor, _name, _for_model(getattr(DatabaseSchemaEditor, _name)))
