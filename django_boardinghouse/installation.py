"""The extension in a database: created or updated, and enabled, before Django migrates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DatabaseError, connections
from django.db.migrations.migration import Migration

import boardinghouse_ext
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
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper

    if not isinstance(connection, DatabaseWrapper):
        return
    connection.ensure_connection()
    try:
        with connection.wrap_database_errors:
            boardinghouse_ext.create(connection.connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT boardinghouse.enable()")
    except DatabaseError as error:
        state = sqlstate(error)
        if state in _NO_FILES:
            hint = _FILES
        elif state == _NO_RIGHTS:
            hint = _BY_A_SUPERUSER
        else:
            raise
        msg = f"the extension boardinghouse cannot be installed: {str(error).strip()} {hint}"
        raise NotInstalled(msg) from error


def before_migrate(using: str, plan: Iterable[tuple[Migration, bool]] | None, **_: object) -> None:
    """Have the extension ready, and the data steps of the plan run per tenant.

    Receives `pre_migrate`.
    """
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper
    from django_boardinghouse.steps import prepare

    connection = connections[using]
    if isinstance(connection, DatabaseWrapper):
        install(connection)
        prepare(plan or ())
