"""What the template's pass of a data step did, so that the tenants' passes do not do it again.

DDL of the template's pass is mirrored by the database already. Shared rows are written by the
template's pass alone: a tenant's pass that writes the same gets the same answer, without a
statement being sent; one that writes anything else is refused.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django_boardinghouse.exceptions import DataStepRefused
from django_boardinghouse.tags import is_ddl

_OF_THE_MOMENT = (datetime.date, datetime.time, uuid.UUID)
"""Values that may differ from one pass to the next without meaning another write."""


class Replay:
    """The memory of one data step, and a wrapper of the statements in it."""

    def __init__(self) -> None:
        self.tenant: str | None = None
        """The tenant whose pass it is; None in the template's."""
        self._ddl: set[str] = set()
        self._writes: list[tuple[object, object]] = []
        self._expected: list[tuple[object, object]] = []

    @contextmanager
    def of(self, tenant: str) -> Iterator[None]:
        """Be in the pass of a tenant."""
        self.tenant = tenant
        self._expected = list(self._writes)
        try:
            yield
        finally:
            self.tenant = None

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        """Run a statement, unless it is DDL that the template's pass has run."""
        if self.tenant is None:
            result = execute(sql, params, many, context)
            if is_ddl(context["cursor"].statusmessage):
                self._ddl.add(_text(sql, params))
            return result
        if self._ddl and _text(sql, params) in self._ddl:
            return None
        return execute(sql, params, many, context)

    def shared_write(self, what: str, key: object, write: Callable[[], Any]) -> Any:
        """Write shared rows in the template's pass, and answer as then in a tenant's.

        `what` is for the error message, `key` says which write it is. Raises `DataStepRefused`.
        """
        if self.tenant is None:
            try:
                result = write()
            except Exception as error:
                self._writes.append((key, error))
                raise
            self._writes.append((key, result))
            return result
        for place, (expected, result) in enumerate(self._expected):
            if expected == key:
                del self._expected[place]
                if isinstance(result, Exception):
                    raise result
                return result
        msg = (
            f'a data step would {what} for tenant "{self.tenant}", and did not do the same'
            " in the template: shared rows are written once, in the template's pass."
            " Write them in a migration of an app whose models are all shared."
        )
        raise DataStepRefused(msg)


def same_write(kind: str, statements: object) -> object:
    """Return a key for a write from its statements and parameters."""
    return kind, _frozen(statements)


def _frozen(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, _OF_THE_MOMENT):
        return type(value).__name__
    return value if isinstance(value, str) else repr(value)


def _text(sql: Any, params: Any) -> str:
    return f"{sql!s} {params!r}" if isinstance(sql, str) else f"{sql!r} {params!r}"
