"""What a queryset does otherwise, or does not do, when its rows are of several tenants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, NoReturn

from asgiref.sync import sync_to_async
from django.db import NotSupportedError
from django.db.models import QuerySet, prefetch_related_objects

from django_boardinghouse.home import home_of
from django_boardinghouse.selection import schema

OF_ONE_ROW = "the rows that belong to one row are all in its schema"


@cache
def of_several(base: Any) -> Any:
    """Return the class of querysets of this class whose rows are of several tenants."""
    if issubclass(base, OfSeveral):
        return base
    return type(base.__name__, (OfSeveral, base), {})


def _refusing(msg: str) -> Callable[..., NoReturn]:
    def refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotSupportedError(msg)

    return refuse


_not_written = _refusing(
    "rows of several schemata are only read: write in one schema after the other"
)


def _of_the_same(name: str) -> Any:
    """Make a method that joins the filters of two querysets, if they are of the same tenants."""

    def combine(self: Any, other: Any) -> Any:
        if getattr(other.query, "schemata", None) != self.query.schemata:
            msg = "querysets of different schemata cannot be combined"
            raise NotSupportedError(msg)
        return getattr(super(OfSeveral, self), name)(other)

    return combine


class OfSeveral:
    """What a queryset of several tenants has before its own class."""

    __and__, __or__, __xor__ = map(_of_the_same, ("__and__", "__or__", "__xor__"))
    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    bulk_create = bulk_update = create = delete = get_or_create = _not_written
    select_for_update = update = update_or_create = _not_written
    in_bulk = _refusing("a key is of one schema: rows of several can have the same")
    raw = _refusing("a raw query says for itself where its tables are")

    def contains(self: Any, obj: Any) -> bool:
        """Return whether this very row is among these, and not just one of its key."""
        home = getattr(obj, "_state", None) and home_of(obj)
        found: bool = super(OfSeveral, self.filter(_schema=home)).contains(obj)  # type: ignore[misc]
        return found

    async def aiterator(self: Any, chunk_size: int = 2000) -> Any:
        """Yield the rows, with what is prefetched, chunk by chunk."""
        rows = self.iterator(chunk_size)
        read = sync_to_async(lambda: list(islice(rows, chunk_size)))
        while chunk := await read():
            for row in chunk:
                yield row

    def _iterator(self: Any, use_chunked_fetch: bool, chunk_size: int | None) -> Iterator[Any]:
        plain = self.prefetch_related(None)
        rows = super(OfSeveral, plain)._iterator(use_chunked_fetch, chunk_size)  # type: ignore[misc]
        while chunk := list(islice(rows, chunk_size or 2000)):
            _prefetch(chunk, self._prefetch_related_lookups)
            yield from chunk

    def _prefetch_related_objects(self: Any) -> None:
        _prefetch(self._result_cache, self._prefetch_related_lookups)
        self._prefetch_done = True

    def _add_hints(self: Any, **hints: Any) -> None:
        """Refuse to be prefetched for rows, or to be what a row's manager is about."""
        if "instance" in hints:
            raise NotSupportedError(OF_ONE_ROW)
        super()._add_hints(**hints)  # type: ignore[misc]

    def __reduce__(self: Any) -> Any:
        return _unpickled, (type(self).__bases__[1], self.__getstate__())


def _prefetch(rows: Iterable[Any], lookups: Iterable[Any]) -> None:
    """Fetch what belongs to these rows, in the schema of each."""
    if lookups:
        by_schema = attrgetter("_schema")
        for name, group in groupby(sorted(rows, key=by_schema), by_schema):
            with schema(name):
                prefetch_related_objects(list(group), *lookups)


def _unpickled(base: type[QuerySet[Any]], state: Any) -> QuerySet[Any]:
    queryset: Any = of_several(base)()
    queryset.__setstate__(state)
    return queryset  # type: ignore[no-any-return]
