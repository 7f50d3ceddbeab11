"""What a compiler adds to rows: those of tenants are told in which schema they are at home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import query as django_query
from django.db.models.sql import compiler

from django_boardinghouse.home import alias_for, home_alias, refuse_strangers_alias
from django_boardinghouse.shared import has_tenants_rows

if TYPE_CHECKING:
    from django.db.models import Model

# Django 6.1
_get_from_db = getattr(django_query, "_get_from_db", None)
_FETCH_ONE = getattr(django_query, "FETCH_ONE", None)


class Homebound(compiler.SQLCompiler):
    """A compiler that refuses the alias of a row of another schema."""

    def __init__(self, query: Any, connection: Any, using: Any, *args: Any, **kwargs: Any) -> None:
        refuse_strangers_alias(using)
        super().__init__(query, connection, using, *args, **kwargs)


class RowsAtHome(Homebound):
    """A compiler whose rows get the alias that says where they are at home.

    It is the schema that is selected when the query runs, or that of each row where the query is of
    several. Where the query has that alias already, as by the router, there is nothing to be done
    for each row.
    """

    _home: _Home | None = None

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        result = super().execute_sql(*args, **kwargs)
        if self.klass_info is not None:
            if getattr(self.query, "schemata", None) is not None:
                self._home = _Home()
            _bring_home(self.klass_info, self.using, self._home)
        return result

    def results_iter(self, *args: Any, **kwargs: Any) -> Any:
        rows = super().results_iter(*args, **kwargs)
        return rows if self._home is None else self._noting_home(rows, self._home)

    def _noting_home(self, rows: Any, home: _Home) -> Iterator[Any]:
        """Note of each row where it is from, before Django makes an instance of it."""
        place = self.annotation_col_map.get("_schema")
        for row in rows:
            if place is not None:  # else no instance is made of it
                home.schema = row[place]
            yield row


class _Home:
    """Where the row is at home that is being read."""

    __slots__ = ("schema",)

    schema: str


def _bring_home(info: dict[str, Any], using: str | None, home: _Home | None) -> None:
    """Have rows of these models made with their own alias, where that is another one."""
    model = info["model"]
    alias = alias_for(using, model)
    if home is not None and has_tenants_rows(model):
        info["model"] = _RowsOfSeveral(model, str(alias), home)
    elif alias is not using:
        info["model"] = _Rows(model, alias)
    for related in info.get("related_klass_infos", ()):
        _bring_home(related, using, home)


class _Rows:
    """Stands in for a model where Django makes rows of it."""

    def __init__(self, model: type[Model], alias: str) -> None:
        self._model = model
        self._meta = model._meta
        self._alias = alias

    def from_db(self, db: str, field_names: Any, values: Any, **kwargs: Any) -> Any:
        """Make a row, by the method of the same name, with the alias of its home."""
        make = self._model.from_db
        if kwargs and _get_from_db is not None:
            make = _get_from_db(self._model, **kwargs)
            kwargs = {}
        return make(self._alias, field_names, values, **kwargs)


class _RowsOfSeveral(_Rows):
    """The same where each row may be from another schema."""

    def __init__(self, model: type[Model], alias: str, home: _Home) -> None:
        super().__init__(model, alias)
        self._plain = alias
        self._home = home

    def from_db(self, db: str, field_names: Any, values: Any, **kwargs: Any) -> Any:
        self._alias = home_alias(self._plain, self._home.schema)
        if "fetch_mode" in kwargs and kwargs["fetch_mode"].track_peers:
            kwargs["fetch_mode"] = _FETCH_ONE  # its peers can be of other schemata
        return super().from_db(db, field_names, values, **kwargs)
