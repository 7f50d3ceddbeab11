"""Rows stay home where Django asks no router: `using` is given, or nobody is asked at all.

Saving has signals. For the four methods that are wrapped here Django has no hook: with an
explicit `using`, `Model.delete` and `Model.refresh_from_db` ask no router, and receivers of
`pre_delete` would take the fast way of deleting from all models; `QuerySet.bulk_update` never tells
of its rows; and after `QuerySet.using` nobody knows of the row that has led there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import pre_save

from django_boardinghouse.home import (
    alias_for,
    home_alias,
    home_of,
    keep_home,
    refuse_stranger,
    refuse_strangers,
)


def install() -> None:
    """Guard all models, once."""
    pre_save.connect(before_save, dispatch_uid="boardinghouse")
    for owner, name, guarded in (
        (Model, "delete", _of_row(Model.delete)),
        (Model, "refresh_from_db", _of_row(Model.refresh_from_db)),
        (QuerySet, "bulk_update", _of_rows(QuerySet.bulk_update)),
        (QuerySet, "using", _of_related(QuerySet.using)),
    ):
        if not hasattr(getattr(owner, name), "__wrapped__"):
            setattr(owner, name, guarded)


def before_save(sender: Any, instance: Model, using: str, **_: object) -> None:
    """Refuse a row that is at home elsewhere, and have one that is not know its home afterwards.

    Receives `pre_save`.
    """
    refuse_strangers(instance)
    keep_home(instance, alias_for(using, sender))


def _of_row(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def guarded(self: Model, *args: Any, **kwargs: Any) -> Any:
        refuse_stranger(self)
        return method(self, *args, **kwargs)

    return guarded


def _of_rows(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def guarded(self: QuerySet[Any], objs: Iterable[Model], *args: Any, **kwargs: Any) -> Any:
        objs = tuple(objs)
        for obj in objs:
            refuse_stranger(obj)
        return method(self, objs, *args, **kwargs)

    return guarded


def _of_related(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def guarded(self: QuerySet[Any], alias: str | None) -> Any:
        found: Any = method(self, alias)
        instance = found._hints.get("instance")
        if alias and isinstance(instance, Model):
            home = home_of(instance)
            found._db = alias if home is None else home_alias(alias, home)
        return found

    return guarded
