"""What the template's pass of a data step did, so that the tenants' passes do not do it again.

DDL of the template's pass is mirrored by the database already. Shared rows are written by the
template's pass alone: a tenant's pass that writes the same by the ORM gets the same answer, without
a statement being sent; one that writes anything else there is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, NotSupportedError, transaction

from django_boardinghouse import facts, memory
from django_boardinghouse.backends.postgres.statements import split
from django_boardinghouse.exceptions import DataStepRefused, sqlstate
from django_boardinghouse.facts import Figures
from django_boardinghouse.refusals import (
    refuse_end,
    refuse_hidden,
    refuse_shared,
    refuse_shared_writes,
)
from django_boardinghouse.scopes import Step
from django_boardinghouse.tags import is_ddl, is_of_session, is_refresh

if TYPE_CHECKING:
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper

_ROWS_ONLY = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\b", re.IGNORECASE)
"""Statements whose tag is known before: a short cut past questions, not an answer to one."""

_NOT_IN_TRANSACTION = frozenset({"25001", "2D000"})
# active_sql_transaction: VACUUM, CONCURRENTLY; invalid_transaction_termination: a COMMIT in a CALL


class Replay:
    """The memory of one data step, and a wrapper of the statements in it."""

    def __init__(self, connection: DatabaseWrapper, step: Step) -> None:
        self.tenant: str | None = None
        """The tenant whose pass it is; None in the template's."""
        self.step = step
        self._connection = connection
        self._shared = facts.shared_schemata(connection)
        self._ddl: set[str] = set()
        self._writes: list[memory.Write] = []
        self._expected: list[memory.Write] = []
        self._has_forgotten = False
        self._figures: Figures | None = None
        """In the template's pass those after the last statement; in a tenant's, before the first
        of the transaction."""

    def remember(self) -> str | None:
        """Return what the template's pass did, as text to keep; None where it cannot be kept."""
        return memory.dump(self._ddl, self._writes)

    def recall(self, kept: str | None) -> None:
        """Take what the template's pass did from the text that was kept of it."""
        self._has_forgotten = kept is None
        if kept is not None:
            self._ddl, self._writes = memory.load(kept)

    @contextmanager
    def of(self, tenant: str) -> Iterator[None]:
        """Be in the pass of a tenant. Raises `DataStepRefused` where it wrote shared rows."""
        self.tenant = tenant
        self._expected = list(self._writes)
        self._figures = None
        if self._connection.in_atomic_block:
            self._figures = facts.figures(self._connection, self._shared)
        try:
            yield
            self.before_commit()
        finally:
            self.tenant = None

    def before_commit(self) -> None:
        """Raise `DataStepRefused` where the transaction has written rows that are not its own."""
        before, self._figures = self._figures, None
        if self.tenant is not None and before is not None:
            after = facts.figures(self._connection, self._shared)
            refuse_shared_writes(self.step, self._who, before, after)

    def after_rollback(self) -> None:
        """Forget the counters of the transaction."""
        self._figures = None

    @property
    def _who(self) -> str:
        return f'the pass of tenant "{self.tenant}"'

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        """Run a statement, or several in one text, but for the DDL that the template's pass ran."""
        statements = [sql]
        if not many and not params and isinstance(sql, str) and ";" in sql:
            statements = split(sql) or statements
        if self._connection.in_atomic_block:
            refuse_end(self.step, statements)
        result = None
        for statement in statements if len(statements) > 1 else [sql]:
            run = partial(execute, statement, params, many, context)
            result = self._run(run, statement, params, context["cursor"])
        return result

    def _run(self, execute: Callable[[], Any], sql: Any, params: Any, cursor: Any) -> Any:
        if self._connection.is_broken():  # a rollback, to a savepoint or of all
            return execute()
        if self.tenant is None:
            return self._run_in_template(execute, sql, params, cursor)
        if self._ddl and _digest(sql, params) in self._ddl:
            return None
        return in_transaction(self._connection, partial(self._run_in_tenant, execute))

    def _run_in_tenant(self, execute: Callable[[], Any], is_watched: bool) -> Any:
        if is_watched and self._figures is None:
            self._figures = facts.figures(self._connection, self._shared)
        return execute()

    def _run_in_template(
        self, execute: Callable[[], Any], sql: Any, params: Any, cursor: Any
    ) -> Any:
        if not isinstance(sql, str) or not _ROWS_ONLY.match(sql):
            judged = partial(self._run_judged, execute, sql, params, cursor)
            return in_transaction(self._connection, judged)
        self._figures = None
        result = execute()
        if is_ddl(cursor.statusmessage):
            msg = f"{self.step}: one text of statements about rows and about structure. Split it."
            raise NotSupportedError(msg)
        return result

    def _run_judged(
        self, execute: Callable[[], Any], sql: Any, params: Any, cursor: Any, is_watched: bool
    ) -> Any:
        """Run a statement, and note whether it was DDL, whatever its tag."""
        before, self._figures = self._figures, None
        if is_watched:
            before = before or facts.figures(self._connection, self._shared)
        result = execute()
        tag = cursor.statusmessage
        if before is None:
            if is_ddl(tag):
                self._ddl.add(_digest(sql, params))
            return result
        if is_of_session(tag):
            self._figures = before
            return result
        after = facts.figures(self._connection, self._shared)
        if after.mirrored > before.mirrored and not is_refresh(tag):
            if not is_ddl(tag):
                refuse_hidden(self._connection, self.step, before, after, tag)
            self._ddl.add(_digest(sql, params))
        elif is_ddl(tag) and (after.sequences, after.temporary) == (
            before.sequences,
            before.temporary,
        ):
            self._ddl.add(_digest(sql, params))
        self._figures = after if self._connection.in_atomic_block else None
        return result

    def shared_write(self, verb: str, table: str, key: object, write: Callable[[], Any]) -> Any:
        """Write shared rows in the template's pass, and answer as then in a tenant's.

        `verb` and `table` are for the error message, `key` says which write it is. Raises
        `DataStepRefused`.
        """
        is_update = verb == "updated"
        if self.tenant is not None and is_update and self.step.may_update_shared:
            return write()
        digest = memory.digest(key)
        if self.tenant is None:
            try:
                result = write()
            except DatabaseError as error:
                self._writes.append((digest, error))
                raise
            self._writes.append((digest, result))
            return result
        for place, (expected, result) in enumerate(self._expected):
            if expected == digest:
                del self._expected[place]
                if isinstance(result, Exception):
                    raise result
                return result
        if self._has_forgotten:
            msg = (
                f"{self.step}: {self._who} {verb} the shared table {table}, and what the template's"
                " pass did there, in an earlier run, was nothing that could be kept."
            )
            raise DataStepRefused(msg)
        refuse_shared(self.step, self._who, f"{verb} the shared table {table}", is_update=is_update)


def in_transaction(connection: DatabaseWrapper, run: Callable[[bool], Any]) -> Any:
    """Run something in a transaction, one of its own where there is none, and tell it so.

    It is run again without where the server does not take it in a transaction.
    """
    if connection.in_atomic_block:
        return run(True)
    try:
        with transaction.atomic(using=connection.alias):
            return run(True)
    except DatabaseError as error:
        if sqlstate(error) not in _NOT_IN_TRANSACTION:
            raise
    return run(False)


def _digest(sql: Any, params: Any) -> str:
    return memory.digest((f"{sql!s}" if isinstance(sql, str) else f"{sql!r}", repr(params)))
