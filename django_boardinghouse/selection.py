"""Which schema is selected: a fact of the thread or task, not of a connection.

Selecting sends nothing to a database. Each connection brings its `search_path` in line before the
first query that follows, and that is where an unknown or inactive schema raises, as often as it is
selected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ContextDecorator, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from django_boardinghouse.exceptions import TemplateSchemaActivation

if TYPE_CHECKING:
    from django_boardinghouse.models import Schema

_Function = TypeVar("_Function", bound=Callable[..., Any])

TEMPLATE: Final = "__template__"


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A schema that was selected once, and whether the database is to say that it may be used.

    Selecting the same schema again is another selection, and is checked again.
    """

    schema: str | None = None
    is_checked: bool = True

    def __str__(self) -> str:
        return self.schema or ""


NOTHING: Final = Selection()
"""No schema: only what is in `public` is found."""

IN_TEMPLATE: Final = Selection(TEMPLATE, is_checked=False)
"""Migrations: what is made is made in the template, and shared tables are found behind it."""

_selected: ContextVar[Selection] = ContextVar("boardinghouse_selected", default=NOTHING)


def selected() -> Selection:
    """Return what this thread or task has selected."""
    return _selected.get()


def keep_selected(selection: Selection) -> None:
    """Select something until something else is selected."""
    _selected.set(selection)


@contextmanager
def select(selection: Selection) -> Iterator[None]:
    """Select something, and what was selected before at the end."""
    before = selected()
    keep_selected(selection)
    try:
        yield
    finally:
        keep_selected(before)


def get_active_schema_name() -> str | None:
    """Return the name of the selected schema, or None.

    It is `__template__` while Django migrates.
    """
    return selected().schema


def activate_schema(name: str | Schema) -> None:
    """Select a tenant until another is selected; `with schema(name):` is the safer form.

    Each time anew, the first query that follows raises `SchemaNotFound` or `SchemaInactive` where
    there is no such tenant. Raises `TemplateSchemaActivation` at once for the template, which
    nobody may select.
    """
    keep_selected(selection_of_tenant(name))


def deactivate_schema() -> None:
    """Select no schema: the tables of tenants are then simply not found."""
    keep_selected(NOTHING)


class schema(ContextDecorator):
    """Select a tenant, and what was selected before at the end, whatever happens in between.

    Raises as `activate_schema` does. Also a decorator, of coroutines too; `TypeError` for
    generators, which run when they are read.
    """

    def __init__(self, name: str | Schema) -> None:
        self._name = name
        self._before: Selection | None = None

    def __enter__(self) -> None:
        selection = selection_of_tenant(self._name)
        if self._before is not None:
            msg = "this has been entered, and not left yet: write schema(...) anew"
            raise RuntimeError(msg)
        self._before = selected()
        keep_selected(selection)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            keep_selected(self._before)
            self._before = None

    def _recreate_cm(self) -> schema:
        return type(self)(self._name)

    def __call__(self, function: _Function) -> _Function:
        if isgeneratorfunction(function) or isasyncgenfunction(function):
            msg = "a generator runs when it is read: put `with schema(...)` into it"
            raise TypeError(msg)
        if not iscoroutinefunction(function):
            return super().__call__(function)

        @wraps(function)
        async def within(*args: Any, **kwargs: Any) -> Any:
            with self._recreate_cm():
                return await function(*args, **kwargs)

        return cast("_Function", within)


def name_of(tenant: str | Schema) -> str:
    """Return the name of a schema, by itself or by the row, whose own `name` is another.

    Raises `TypeError` for what is neither.
    """
    name = tenant if isinstance(tenant, str) else getattr(tenant, "schema", None)
    if not isinstance(name, str):
        msg = f"a schema is selected by its name or its row, and not by {tenant!r}"
        raise TypeError(msg)
    return name


def selection_of_tenant(tenant: str | Schema) -> Selection:
    """Return a selection of a tenant, by its name or its row.

    Raises `TemplateSchemaActivation` for the template, and `TypeError` for what is no tenant.
    """
    name = name_of(tenant)
    if name == TEMPLATE:
        msg = "the template cannot be selected"
        raise TemplateSchemaActivation(msg)
    return Selection(str(name))
