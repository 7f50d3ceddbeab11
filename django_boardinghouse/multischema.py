"""Rows of several tenants at once: read in one statement, and each at home where it was read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import NotSupportedError
from django.db.models import Expression, Manager, TextField, sql

from django_boardinghouse.selection import selection_of_tenant
from django_boardinghouse.several import OF_ONE_ROW, of_several
from django_boardinghouse.shared import has_tenants_rows


class SchemataQuery(sql.Query):
    """A query that is run in each of several tenants, and ordered and sliced as a whole."""

    schemata: tuple[str, ...] | None = None

    def get_aggregation(self, using: Any, aggregate_exprs: Any) -> Any:
        """Aggregate over the rows of all, as over those of combined queries."""
        if self.schemata is None:
            return super().get_aggregation(using, aggregate_exprs)
        whole: Any = self.clone()
        whole.combinator = "schemata"
        return super(SchemataQuery, whole).get_aggregation(using, aggregate_exprs)


class SchemaName(Expression):
    """The schema that a row is from."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[()]]:
        if connection.branch is None:
            msg = "a query of several schemata cannot be used in this way"
            raise NotSupportedError(msg)
        name = connection.branch.replace("'", "''").replace("%", "%%")
        return f"'{name}'::text", ()

    def get_group_by_cols(self) -> list[Any]:
        return [self]


class MultiSchemaMixin:
    """Gives a manager or a queryset the method `from_schemata`."""

    def from_schemata(self, *schemata: Any) -> Any:
        """Return a queryset of rows of several tenants: names, `Schema`s or querysets of these.

        Each row has `_schema`, the name of its schema, and is at home there; nothing need be
        selected. It is what this query gives in each tenant, one after the other, then ordered and
        sliced as a whole. Tenants are checked when it is evaluated: `SchemaNotFound`,
        `SchemaInactive`; `TemplateSchemaActivation` is raised at once. It is for reading:
        `NotSupportedError` for all else.
        """
        source: Any = self.all() if isinstance(self, Manager) else self
        if not has_tenants_rows(source.model):
            msg = f"{source.model._meta.label} is shared: it has no rows in tenants"
            raise NotSupportedError(msg)
        if "instance" in source._hints:
            raise NotSupportedError(OF_ONE_ROW)
        found = source._chain()
        found.__class__ = of_several(source.__class__)
        if "_schema" not in found.query.annotations:
            annotate = found.annotate if found._fields is None else found.alias
            found = annotate(_schema=SchemaName())
        found.query = found.query.chain(klass=SchemataQuery)
        found.query.schemata = tuple(dict.fromkeys(_names(schemata)))
        return found if found.query.schemata else found.none()


class MultiSchemaManager(MultiSchemaMixin, Manager):  # type: ignore[type-arg]
    """A manager that reads from several tenants."""


def _names(schemata: Iterable[Any]) -> Iterable[str]:
    for item in schemata:
        if isinstance(item, str):
            yield str(selection_of_tenant(item))
        elif isinstance(item, Iterable):
            yield from _names(item)
        else:
            yield item.schema
