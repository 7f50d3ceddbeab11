"""Where a row is at home: the alias in its `_state.db` says it, and serves as the plain alias."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.models.base import ModelState

from django_boardinghouse.exceptions import WrongSchema
from django_boardinghouse.selection import selected
from django_boardinghouse.shared import has_tenants_rows

_THE_WAY_OUT = (
    "Use it under the schema that it was read in, or read it anew under this one. To make a copy of"
    " it here, set its pk, _state.db and its keys to other rows to None, and _state.adding to True."
)


class HomeAlias(str):
    """The alias of a database that says in which schema of it a row is at home."""

    __slots__ = ("schema",)

    schema: str

    def __new__(cls, alias: str, schema: str) -> Self:
        new = super().__new__(cls, alias)
        new.schema = schema
        return new

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.schema)


home_alias = lru_cache(maxsize=4096)(HomeAlias)


@lru_cache
def follows_selection(alias: str) -> bool:
    """Return whether a database is one in which schemata are selected."""
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper

    return isinstance(connections[alias], DatabaseWrapper)


def alias_for(alias: str | None, model: Any) -> str:
    """Return the alias for rows of a model that are read or written now.

    It says which schema they are at home in where the model is the tenants' and one is selected.
    """
    alias = alias or DEFAULT_DB_ALIAS
    schema = selected().schema
    if schema is not None and has_tenants_rows(model) and follows_selection(alias):
        return home_alias(alias, schema)
    return alias if alias.__class__ is str else str(alias)


def home_of(instance: Model) -> str | None:
    """Return the schema that a row is at home in; None for a shared one, or one not saved."""
    alias = instance._state.db
    return alias.schema if alias.__class__ is HomeAlias else None


def refuse_stranger(instance: Model) -> None:
    """Raise `WrongSchema` where a row is at home in another schema than the selected one."""
    alias = instance._state.db
    if alias.__class__ is HomeAlias and alias.schema != selected().schema:
        msg = f"{_name(instance)} {_is_at_home(alias.schema)}, and {_selected()}. {_THE_WAY_OUT}"
        raise WrongSchema(msg)


def refuse_strangers_alias(alias: str | None) -> None:
    """Raise `WrongSchema` where an alias says another schema than the selected one."""
    if alias.__class__ is HomeAlias and alias.schema != selected().schema:
        msg = (
            f"a query by the alias of a row that {_is_at_home(alias.schema)}, and {_selected()}."
            " Run it under the schema of that row."
        )
        raise WrongSchema(msg)


def refuse_filter(homes: Iterable[str | None], branch: str | None) -> None:
    """Raise `WrongSchema` where rows of these homes are looked for by in another schema.

    It is the selected one, or of a query of several tenants the one of the `branch`.
    """
    for home in homes:
        if home != (branch or selected().schema):
            here = f'it reads schema "{branch}"' if branch else _selected()
            msg = (
                f"a filter by a row that {_is_at_home(home)}, and {here}. Filter by a row that was"
                " read there, or by its key."
            )
            raise WrongSchema(msg)


def refuse_strangers(instance: Model) -> None:
    """Raise `WrongSchema` where a row to be written, or one that it was given, is not from here.

    Generic foreign keys do not ask when they are given one, and a copy keeps what it was given.
    """
    refuse_stranger(instance)
    if not instance._state.fields_cache or not has_tenants_rows(type(instance)):
        return
    for field in (*instance._meta.concrete_fields, *instance._meta.private_fields):
        if field.is_relation and field.is_cached(instance):
            other = field.get_cached_value(instance)
            if isinstance(other, Model):
                refuse_stranger(other)


def refuse_relation(one: Model, other: Model) -> None:
    """Raise `WrongSchema` where one row would refer to another that is at home elsewhere."""
    home, there = home_of(one), home_of(other)
    if home is not None and there is not None and home != there:
        msg = (
            f"{_name(one)} {_is_at_home(home)}, and {_name(other)} {_is_at_home(there)}."
            " A row can refer to rows of its own schema, and to shared ones."
        )
        raise WrongSchema(msg)
    if selected().schema is not None:  # shared.items.add(item) is an UPDATE of that key here
        refuse_stranger(one)
        refuse_stranger(other)


def _name(instance: Model) -> str:
    return f"{instance._meta.label} {instance.__dict__.get(instance._meta.pk.attname)!r}"


def _is_at_home(schema: str | None) -> str:
    return f'is at home in schema "{schema}"'


def _selected() -> str:
    schema = selected().schema
    return "no schema is selected" if schema is None else f'"{schema}" is selected'


class _Moving(ModelState):
    """The state of a row whose home is known before Django notes which database it is in."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "db" and value is not None:
            home = self.__dict__.pop("_home")
            self.__class__ = ModelState  # type: ignore[assignment]
            value = value if value.__class__ is HomeAlias else HomeAlias(value, home)
        object.__setattr__(self, name, value)


def keep_home(instance: Model, alias: str) -> None:
    """Have the next alias that Django gives to a row say the home that this one says."""
    state = instance._state
    if alias.__class__ is HomeAlias and state.__class__ in {ModelState, _Moving}:
        state.__dict__["_home"] = alias.schema
        state.__class__ = _Moving
