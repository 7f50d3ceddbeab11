"""What a compiler adds to rows: those of tenants are told in which schema they are at home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import query as django_query
from django.db.models.sql import compiler

from django_boardinghouse.home import alias_for, refuse_strangers_alias

if TYPE_CHECKING:
    from django.db.models import Model

_get_from_db = getattr(django_query, "_get_from_db", None)  # Django 6.1


class Homebound(compiler.SQLCompiler):
    """A compiler that refuses the alias of a row of another schema."""

    def __init__(self, query: Any, connection: Any, using: Any, *args: Any, **kwargs: Any) -> None:
        refuse_strangers_alias(using)
        super().__init__(query, connection, using, *args, **kwargs)


class RowsAtHome(Homebound):
    """A compiler whose rows get the alias that says where they are at home.

    It is the schema that is selected when the query runs. Where the query has that alias already,
    as by the router, there is nothing to be done for each row.
    """

    def execute_sql(self, *args: Any, **kwargs: Any) -> Any:
        result = super().execute_sql(*args, **kwargs)
        if self.klass_info is not None:
            _bring_home(self.klass_info, self.using)
        return result


def _bring_home(info: dict[str, Any], using: str | None) -> None:
    """Have rows of these models made with their own alias, where that is another one."""
    model = info["model"]
    alias = alias_for(using, model)
    if alias is not using:
        info["model"] = _Rows(model, alias)
    for related in info.get("related_klass_infos", ()):
        _bring_home(related, using)


class _Rows:
    """Stands in for a model where Django makes rows of it."""

    __slots__ = ("_alias", "_meta", "_model")

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
