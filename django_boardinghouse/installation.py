"""The extension in a database: created or updated, and enabled, before Django migrates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader

import boardinghouse_ext
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.exceptions import NotInstalled, sqlstate

_NO_FILES = frozenset({"0A000", "58P01"})  # feature_not_supported, undefined_file
_NO_RIGHTS = "42501"  # insufficient_privilege

_BY_A_SUPERUSER = (
    "Have a superuser run in this database: CREATE EXTENSION boardinghouse;"
    " SELECT boardinghouse.enable();"
)
_FILES = (
    "Put its files there first, on the machine of the server: `make install` in a checkout, or"
    " boardinghouse_ext.install()."
)


def install(connection: Any) -> None:
    """Create or update the extension and enable it; does nothing where that is done.

    Does nothing on a connection that is not of this package's backend. Raises `NotInstalled` with
    what to do where the server does not have the extension's files, or the role not the rights.
    """
    if not isinstance(connection, DatabaseWrapper):
        return
    connection.ensure_connection()
    hints = {**dict.fromkeys(_NO_FILES, _FILES), _NO_RIGHTS: _BY_A_SUPERUSER}
    with _saying(hints), connection.wrap_database_errors:
        boardinghouse_ext.create(connection.connection)
    with _saying({_NO_RIGHTS: _BY_A_SUPERUSER}), connection.cursor() as cursor:
        cursor.execute("SELECT boardinghouse.enable()")


def complete(connection: Any) -> None:
    """Make the join table of members where Django has made the tables without migrations.

    It makes none for a model whose own table is not of its making.
    """
    from django_boardinghouse.models import Schema

    if MigrationLoader.migrations_module(Schema._meta.app_label)[0] is not None:
        return
    through: Any = Schema._meta.get_field("users").remote_field.through
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    if through._meta.db_table not in names:
        with connection.schema_editor() as editor:
            editor.create_model(through)


@contextmanager
def _saying(hints: dict[str, str]) -> Iterator[None]:
    """Raise `NotInstalled` for errors of these SQLSTATEs, with what to do."""
    try:
        yield
    except DatabaseError as error:
        hint = hints.get(sqlstate(error) or "")
        if hint is None:
            raise
        msg = f"the extension boardinghouse cannot be installed: {str(error).strip()} {hint}"
        raise NotInstalled(msg) from error
