"""Select a schema, and every query of Django's goes there.

with schema("acme"):
    Booking.objects.count()  # acme's bookings, and nobody else's
"""

from __future__ import annotations

from django_boardinghouse.exceptions import (
    DataStepRefused,
    Forbidden,
    InvalidSchemaName,
    NotInstalled,
    SchemaError,
    SchemaExists,
    SchemaInactive,
    SchemaNotFound,
    TemplateSchemaActivation,
    WrongSchema,
)
from django_boardinghouse.registry import get_schema_model
from django_boardinghouse.selection import (
    activate_schema,
    deactivate_schema,
    get_active_schema_name,
    schema,
)

__all__ = [
    "DataStepRefused",
    "Forbidden",
    "InvalidSchemaName",
    "NotInstalled",
    "SchemaError",
    "SchemaExists",
    "SchemaInactive",
    "SchemaNotFound",
    "TemplateSchemaActivation",
    "WrongSchema",
    "activate_schema",
    "deactivate_schema",
    "get_active_schema_name",
    "get_schema_model",
    "schema",
]
