"""A query of several tenants: the same query once for each, in one statement.

A branch is the query with the names of the tenants' tables qualified by one schema. Branches are
put together by UNION ALL; order and slice are of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from types import NoneType
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError
from django.db.models.expressions import OrderBy, RawSQL
from django.db.models.sql import compiler

from django_boardinghouse import facts
from django_boardinghouse.multischema import SchemaName
from django_boardinghouse.selection import TEMPLATE
from django_boardinghouse.shared import is_tenants_table

_NOT_COMBINED = "what from_schemata() gives cannot be combined with other queries"


class _InSchema(str):
    """The name of a table that is to be written with its schema."""

    __slots__ = ("schema",)

    schema: str


@contextmanager
def _branch(connection: Any, schema: str) -> Iterator[None]:
    """Have the queries that are compiled read the tables of one tenant."""
    before, connection.branch = connection.branch, schema
    try:
        yield
    finally:
        connection.branch = before


class BranchCompiler(compiler.SQLCompiler):
    """SELECT from the tables of the tenant whose branch it is, nested ones too."""

    connection: Any

    def get_from_clause(self) -> Any:
        tables = self.query.alias_map
        self.query.alias_map = {alias: self._in_schema(table) for alias, table in tables.items()}
        if self.query.extra_tables:
            msg = "extra(tables=...) does not say in which schema a table is"
            raise NotSupportedError(msg)
        try:
            return super().get_from_clause()
        finally:
            self.query.alias_map = tables

    def quote_name(self, name: str) -> str:
        """Quote a name: Django 6.1."""
        if name.__class__ is _InSchema:
            return self._qualified(name)
        quoted: str = super().quote_name(name)
        return quoted

    def quote_name_unless_alias(self, name: str) -> str:
        if name.__class__ is _InSchema:
            return self._qualified(name)
        return super().quote_name_unless_alias(name)

    def _in_schema(self, table: Any) -> Any:
        name = getattr(table, "table_name", None)
        if name is None or not is_tenants_table(name, self.query.get_meta()):
            return table
        table = copy(table)
        table.table_name = _InSchema(name)
        table.table_name.schema = self.connection.branch
        return table

    def _qualified(self, name: _InSchema) -> str:
        quote = self.connection.ops.quote_name
        return f"{_quoted(name.schema)}.{quote(str(name))}"


class _OutermostBranch(BranchCompiler):
    """A branch that has what the whole is ordered by in columns of its own."""

    qualify: Any
    _meta_ordering: Any
    order: tuple[tuple[Any, str], ...] = ()
    """Expressions of the order, and how they are named in the whole."""

    def pre_sql_setup(self, with_col_aliases: bool = False) -> Any:
        extra_select, order_by, group_by = super().pre_sql_setup(with_col_aliases)
        if self.qualify and extra_select:
            msg = "a filter by a window function, and an order by what is not selected"
            raise NotSupportedError(msg)
        return extra_select, order_by if self.query.distinct_fields else [], group_by

    def get_extra_select(self, order_by: Any, select: Any) -> Any:
        if self.query.group_by is not None and self._meta_ordering:
            return []
        extra: list[Any] = []
        order: list[tuple[Any, str]] = []
        for expression, (sql, _, is_ref) in order_by:
            if is_ref:
                order.append((None, sql))
                continue
            alias = f"__order{len(extra) + 1}"
            extra.append((expression, self.compile(expression.expression), alias))
            order.append((expression, alias))
        self.order = tuple(order)
        return extra


class WholeCompiler(compiler.SQLCompiler):
    """SELECT from several tenants, where the query says which."""

    connection: Any
    elide_empty: bool

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        schemata = getattr(self.query, "schemata", None)
        if schemata is None:
            for query in self.query.combined_queries:
                if getattr(query, "schemata", None) is not None:
                    raise NotSupportedError(_NOT_COMBINED)
            return super().as_sql(with_limits, with_col_aliases)
        self._refuse_what_has_no_branches()
        facts.check_selectable(self.connection, schemata)
        first, branches = self._branches(schemata)
        self.select, self.klass_info = first.select, first.klass_info
        self.annotation_col_map, self.col_count = first.annotation_col_map, first.col_count
        self.has_extra_select = False
        if not branches:
            raise EmptyResultSet
        quote = self.connection.ops.quote_name
        sql = " UNION ALL ".join(f"({branch_sql})" for branch_sql, _ in branches)
        params = tuple(param for _, found in branches for param in found)
        if first.has_extra_select:
            columns = ", ".join(quote(alias) for _, _, alias in self.select)
            sql = f'SELECT {columns} FROM ({sql}) AS "__whole"'  # noqa: S608
        if order := [self._in_whole(*term) for term in first.order]:
            sql = f"{sql} ORDER BY {', '.join(order)}"
        if with_limits and self.query.is_sliced:
            limit = self.connection.ops.limit_offset_sql(self.query.low_mark, self.query.high_mark)
            sql = f"{sql} {limit}"
        if explain := self.query.explain_info:
            prefix = self.connection.ops.explain_query_prefix(explain.format, **explain.options)
            sql = f"{prefix} {sql}"
        return sql, params

    def _branches(self, schemata: tuple[str, ...]) -> tuple[Any, list[tuple[str, Any]]]:
        """Return the compiler of the first branch, and of each that can have rows what it sends."""
        compilers = []
        branches = []
        for schema in schemata or (TEMPLATE,):  # of none: it has no rows wherever it is read
            query: Any = self.query.clone()
            query.schemata = query.explain_info = query.combinator = None
            query.subquery = False
            query.clear_limits()
            branch = _OutermostBranch(query, self.connection, self.using, self.elide_empty)
            compilers.append(branch)
            with _branch(self.connection, schema), suppress(EmptyResultSet):
                branches.append(branch.as_sql(with_col_aliases=True))
        return compilers[0], branches

    def _in_whole(self, expression: OrderBy | None, name: str) -> str:
        """Return a term of the order as it reads outside of the branches."""
        if expression is None:
            return name
        term = expression.copy()
        term.expression = RawSQL(self.connection.ops.quote_name(name), ())  # noqa: S611
        return str(self.compile(term)[0])

    def _refuse_what_has_no_branches(self) -> None:
        if self.query.combinator not in {None, "schemata"}:
            raise NotSupportedError(_NOT_COMBINED)
        if not isinstance(self.query.annotations.get("_schema"), SchemaName | NoneType):
            msg = '"_schema" is the name of the schema that a row is from, and no other annotation'
            raise NotSupportedError(msg)
        if self.query.select_for_update:
            msg = "rows of several schemata cannot be locked"
            raise NotSupportedError(msg)


def _quoted(name: str) -> str:
    """Quote the name of a schema, for a statement that has parameters."""
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'
