"""The name of a schema, as a field."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

MAX_BYTES = 63
"""What PostgreSQL's type `name` holds."""


def validate_schema_name(name: str) -> None:
    """Raise `ValidationError` for a name that the database would refuse as it stands.

    The database has the last word; this is for forms to say it in the right place.
    """
    if len(name.encode()) > MAX_BYTES:
        msg = f"May not be longer than {MAX_BYTES} bytes."
        raise ValidationError(msg, code="too_long")
    if name.startswith("pg_") or name in _RESERVED:
        msg = "This name is reserved."
        raise ValidationError(msg, code="reserved")


_RESERVED = frozenset({"__template__", "boardinghouse", "information_schema", "public"})


class SchemaNameField(models.CharField):  # type: ignore[type-arg]
    """A column of PostgreSQL's type `name`."""

    default_validators = [validate_schema_name]  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_BYTES)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if kwargs.get("max_length") == MAX_BYTES:
            del kwargs["max_length"]
        return name, path, list(args), dict(kwargs)

    def db_type(self, connection: Any) -> str:
        return "name"
