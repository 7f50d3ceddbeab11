"""Select a schema, and every query of Django's goes there.

with schema("acme"):
    Booking.objects.count()  # acme's bookings, and nobody else's
"""

from __future__ import annotations

from django_boardinghouse.exceptions import (
    Forbidden,
    InvalidSchemaName,
    NotInstalled,
    SchemaError,
    SchemaExists,
    SchemaInactive,
    SchemaNotFound,
    SharedWriteRefused,
    TemplateSchemaActivation,
)
from django_boardinghouse.selection import (
    activate_schema,
    deactivate_schema,
    get_active_schema_name,
    schema,
)

__all__ = [
    "Forbidden",
    "InvalidSchemaName",
    "NotInstalled",
    "SchemaError",
    "SchemaExists",
    "SchemaInactive",
    "SchemaNotFound",
    "SharedWriteRefused",
    "TemplateSchemaActivation",
    "activate_schema",
    "deactivate_schema",
    "get_active_schema_name",
    "schema",
]
