"""What can go wrong, as few classes; which of them it is comes from the server's SQLSTATE."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import DatabaseError, IntegrityError


class SchemaError(DatabaseError):
    """The database refused what was asked of a schema; the message is the server's."""


class SchemaNotFound(SchemaError):
    """There is no tenant of that name."""


class SchemaInactive(SchemaError):
    """The tenant is there, and must not be used."""


class SchemaExists(SchemaError, IntegrityError):
    """There is a schema of that name already."""


class InvalidSchemaName(SchemaError):
    """The name is reserved, empty or too long."""


class DataStepRefused(SchemaError):
    """A data step would write rows where it may not.

    Those are shared rows once more for a tenant, or the template's without the tenants'.
    """


class Forbidden(PermissionDenied):
    """This user may not select that schema."""


class TemplateSchemaActivation(Forbidden):
    """Nobody may select the template."""


class NotInstalled(ImproperlyConfigured):
    """The extension is not in this database, or is not enabled."""


_BY_SQLSTATE: dict[str, type[Exception]] = {
    "3F000": SchemaNotFound,  # invalid_schema_name
    "42P06": SchemaExists,  # duplicate_schema
    "42602": InvalidSchemaName,  # invalid_name
    "42622": InvalidSchemaName,  # name_too_long
    "42939": InvalidSchemaName,  # reserved_name
}
_NOT_ACTIVE = "55000"  # object_not_in_prerequisite_state


def sqlstate(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of Django's or of either driver's."""
    for source in (error, error.__cause__):
        for name in ("sqlstate", "pgcode"):
            if code := getattr(source, name, None):
                return str(code)
    return None


@contextmanager
def translated(*, selecting: bool = False) -> Iterator[None]:
    """Raise the errors of the SQL functions as the classes of this module.

    `selecting`: the function is the one that selects a schema.
    """
    try:
        yield
    except SchemaError:
        raise
    except DatabaseError as error:
        state = sqlstate(error) or ""
        found = SchemaInactive if selecting and state == _NOT_ACTIVE else _BY_SQLSTATE.get(state)
        if found is None:
            raise
        raise found(*error.args) from error
