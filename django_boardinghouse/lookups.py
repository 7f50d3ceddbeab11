"""Filters by a row, as `filter(room=room)`: not by its key alone, but where it is at home."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Model
from django.db.models.fields import related_lookups
from django.db.models.fields.related import ForeignObject

from django_boardinghouse.home import home_of, refuse_filter


class AtHome:
    """A lookup that remembers where the rows are at home whose keys it compares with."""

    rhs: Any
    _homes: frozenset[str | None] = frozenset()

    def get_prep_lookup(self) -> Any:
        are_several = isinstance(self.rhs, Collection) and not hasattr(
            self.rhs, "resolve_expression"
        )
        rows = self.rhs if are_several else (self.rhs,)
        self._homes = frozenset(home_of(row) for row in rows if isinstance(row, Model)) - {None}
        return super().get_prep_lookup()  # type: ignore[misc]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if self._homes and hasattr(connection, "branch"):
            refuse_filter(self._homes, connection.branch)
        return super().as_sql(compiler, connection)  # type: ignore[misc]


class RelatedExact(AtHome, related_lookups.RelatedExact):
    pass


class RelatedGreaterThan(AtHome, related_lookups.RelatedGreaterThan):
    pass


class RelatedGreaterThanOrEqual(AtHome, related_lookups.RelatedGreaterThanOrEqual):
    pass


class RelatedIn(AtHome, related_lookups.RelatedIn):
    pass


class RelatedLessThan(AtHome, related_lookups.RelatedLessThan):
    pass


class RelatedLessThanOrEqual(AtHome, related_lookups.RelatedLessThanOrEqual):
    pass


def install() -> None:
    """Have foreign keys of all models compared with rows in this way."""
    for lookup in AtHome.__subclasses__():
        ForeignObject.register_lookup(lookup)
