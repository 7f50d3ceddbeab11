"""The schema editor: what it makes is made in the template, or in `public` where it is shared."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any

from django.db import NotSupportedError, models

from django_boardinghouse.backends.postgres.reach import Reach, ReachingEditor
from django_boardinghouse.concurrently import Mending
from django_boardinghouse.exceptions import NotInstalled
from django_boardinghouse.selection import IN_TEMPLATE, NOTHING, select
from django_boardinghouse.shared import is_key_to_tenants, is_registry, is_shared_model

_ON_REGISTRY_DELETE = {
    models.CASCADE: " ON UPDATE CASCADE ON DELETE CASCADE",
    models.DO_NOTHING: " ON UPDATE CASCADE ON DELETE CASCADE",
    models.SET_NULL: " ON UPDATE CASCADE ON DELETE SET NULL",
}
"""How keys to the registry follow a rename or drop that Django has no part in."""


class DatabaseSchemaEditor(ReachingEditor):
    """Django's schema editor, at home in the template."""

    def __enter__(self) -> DatabaseSchemaEditor:
        with ExitStack() as stack:
            stack.enter_context(select(IN_TEMPLATE))
            stack.callback(setattr, self.connection, "is_migrating", self.connection.is_migrating)
            self.connection.is_migrating = True
            if not self.atomic_migration:
                stack.enter_context(self.connection.execute_wrapper(Mending(self.connection)))
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
    """Return the clause by which a key to the registry, or a child's, follows it."""
    remote = field.remote_field
    if not remote or getattr(remote.model, "_meta", None) is None or field.many_to_many:
        return ""
    if not any(map(is_registry, (remote.model, *remote.model._meta.get_parent_list()))):
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
        with self.reaching(Reach.HERE if is_shared_model(model) else Reach.EACH):
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
