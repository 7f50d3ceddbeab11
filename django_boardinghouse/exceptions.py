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


class WrongSchema(SchemaError, ValueError):
    """A row is at home in another schema than the one that it is used in."""


class Forbidden(PermissionDenied):
    """This user may not select that schema."""


class TemplateSchemaActivation(Forbidden):
    """Nobody may select the template."""


class NotInstalled(ImproperlyConfigured):
    """The extension is not in this database, or is not enabled."""


class PoolerInBetween(ImproperlyConfigured):
    """Something between us and the server hands its sessions out: a path could reach others."""

    message = (
        "a connection pooler is between Django and the server, so a search_path that is set for the"
        " session could be another client's next. Set BOARDINGHOUSE_PATH to 'transaction'."
    )


_BY_SQLSTATE: dict[str, type[SchemaError]] = {
    "3F000": SchemaNotFound,  # invalid_schema_name
    "42P06": SchemaExists,  # duplicate_schema
    "42602": InvalidSchemaName,  # invalid_name
    "42622": InvalidSchemaName,  # name_too_long
    "42939": InvalidSchemaName,  # reserved_name
}
_OF_SELECTING: dict[str, type[SchemaError]] = {
    "3F000": SchemaNotFound,
    "55000": SchemaInactive,  # object_not_in_prerequisite_state
}
_REGISTRY = ("boardinghouse", "schema")


def sqlstate(error: BaseException) -> str | None:
    """Return the SQLSTATE of an error of Django's or of either driver's."""
    for source in (error, error.__cause__):
        for name in ("sqlstate", "pgcode"):
            if code := getattr(source, name, None):
                return str(code)
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Raise the errors of the SQL functions as the classes of this module."""
    try:
        yield
    except SchemaError:
        raise
    except DatabaseError as error:
        found = _BY_SQLSTATE.get(sqlstate(error) or "")
        if found is None:
            raise
        raise found(*error.args) from error


def of_selecting(error: DatabaseError) -> SchemaError | None:
    """Return what to raise for an error of the SQL function that selects a schema, else None.

    A query may have gone along with the function. Its own errors say that they are about the
    registry of tenants.
    """
    diag = getattr(error.__cause__, "diag", None)
    about = getattr(diag, "schema_name", None), getattr(diag, "table_name", None)
    found = _OF_SELECTING.get(sqlstate(error) or "") if about == _REGISTRY else None
    return found(*error.args) if found else None


@contextmanager
def selecting() -> Iterator[None]:
    """Raise the errors of the SQL function that selects a schema as the classes of this module."""
    try:
        yield
    except DatabaseError as error:
        if refusal := of_selecting(error):
            raise refusal from error
        raise
