"""The router that says of each row in which schema it is at home, and keeps it there."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, router
from django.db.models import Model

from django_boardinghouse.home import (
    alias_for,
    follows_selection,
    refuse_relation,
    refuse_stranger,
)


class SchemaRouter:
    """Goes first in DATABASE_ROUTERS. Which database it is, the other routers say as ever.

    What Django asks on behalf of a row (following its keys, its deferred fields, saving it) raises
    `WrongSchema` where the row is at home in another schema than the selected one.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return the alias of the database, and of the schema where the model is the tenants'."""
        return self._route("db_for_read", model, hints)

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the same for writing."""
        return self._route("db_for_write", model, hints)

    def allow_relation(self, obj1: Model, obj2: Model, **hints: Any) -> None:
        """Leave it to the other routers, or raise `WrongSchema`, which is a `ValueError`."""
        refuse_relation(obj1, obj2)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Make nothing of ours in a database of another engine; leave all else to the others."""
        return False if app_label == "boardinghouse" and not follows_selection(db) else None

    def _route(self, action: str, model: Any, hints: dict[str, Any]) -> str:
        instance = hints.get("instance")
        if instance is not None:
            refuse_stranger(instance)
        for other in router.routers:
            if other.__class__ is not SchemaRouter:
                method = getattr(other, action, None)
                alias = method(model, **hints) if method is not None else None
                if alias:
                    return alias_for(alias, model)
        if instance is not None and instance._state.db:
            return alias_for(instance._state.db, model)
        return alias_for(DEFAULT_DB_ALIAS, model)
