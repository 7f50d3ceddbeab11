"""How far a statement reaches: DDL gets to the tenants by itself, rows have to be taken there.

What a statement was, the server says: by its command tag, by the journal of mirrored changes, and
by its count of the rows that were written and where.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import partial
from typing import Any

from django.db.backends.postgresql.schema import DatabaseSchemaEditor as PostgresSchemaEditor

from django_boardinghouse import facts
from django_boardinghouse.backends.postgres.statements import split
from django_boardinghouse.facts import Figures
from django_boardinghouse.passes import Passes
from django_boardinghouse.refusals import (
    explaining_pass,
    refuse_end,
    refuse_hidden,
    refuse_hidden_change,
    refuse_shared_writes,
    refuse_temporary,
)
from django_boardinghouse.scopes import NO_STEP, Step
from django_boardinghouse.selection import TEMPLATE, Selection, select
from django_boardinghouse.tags import is_ddl, is_of_session, is_refresh


class Reach(Enum):
    """Whom a statement about rows concerns."""

    EACH = "the template and each tenant"
    TENANTS = "each tenant"
    HERE = "what is selected"


class ReachingEditor(PostgresSchemaEditor):
    """A schema editor whose statements about rows get to every schema that they concern."""

    connection: Any
    step: Step = NO_STEP
    """The data step of SQL that is at work."""

    _reach = Reach.EACH
    _has_begun = False
    _is_enabled = False
    _shared: list[str] | None = None
    _figures: Figures | None = None
    _statements = 0
    _tag = "SQL"

    def begin(self) -> None:
        """Get in line behind other changes of the template, before the first statement."""
        if self._has_begun:
            return
        self._is_enabled = facts.is_enabled(self.connection)
        if self._is_enabled and self.connection.in_atomic_block:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT boardinghouse.lock_template()")
            self._has_begun = True

    @contextmanager
    def reaching(self, reach: Reach, step: Step | None = None) -> Iterator[None]:
        """Say whom the statements about rows that follow concern, and of which step they are."""
        before = self._reach, self.step
        self._reach, self.step = reach, step or self.step
        if step is not None:
            self._statements = 0
        try:
            yield
        finally:
            self._reach, self.step = before
            if step is not None or reach is not Reach.EACH:
                self._figures = None

    def figures(self) -> Figures:
        """Return how far the server's counters are."""
        if self._shared is None:
            self._shared = facts.shared_schemata(self.connection)
        return facts.figures(self.connection, self._shared)

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Run statements, those about rows in every schema that they concern.

        Raises `NotSupportedError` where one statement changes both structure and rows of the
        template, and `DataStepRefused` where it would write shared rows for each tenant.
        """
        if self.collect_sql:
            return super().execute(sql, params)
        self.begin()
        if params is not None:
            sql = self.connection.ops.compose_sql(str(sql), params)
        statements = split(str(sql))
        if self.connection.in_atomic_block:
            refuse_end(self.step, statements)
        for statement in statements:
            if self._reach is Reach.HERE or not self._is_enabled:
                super().execute(statement, None)
            else:
                self._execute_in_each(statement)

    def _execute_in_each(self, statement: str) -> None:
        self._statements += 1
        digest = hashlib.sha256(statement.encode()).hexdigest()[:8]
        part = f", statement {self._statements} ({digest})"
        # Within a step of Python, it is the pass that is done or not, as a whole.
        passes = Passes(self, self.step, part, is_recorded=self.connection.replay is None)
        if self._reach is Reach.EACH:
            with explaining_pass(self.step, TEMPLATE):
                self._tag, concerns_tenants = passes.statement_in_template(
                    partial(self._judge, statement)
                )
            if not concerns_tenants:
                return
        is_whole = self.connection.in_atomic_block
        before = self._figures or self.figures() if is_whole else None
        self._figures = None
        passes.statement_in_tenants(partial(self._execute_in_tenant, statement, before))
        if before is not None:
            self._figures = self.figures()
            refuse_temporary(self.step, before, self._figures)
            refuse_shared_writes(
                self.step, "the tenants' pass", before, self._figures, statement=self._tag
            )
            self.connection.check_constraints()

    def _execute_in_tenant(
        self, statement: str, before: Figures | None, tenant: str, is_watched: bool
    ) -> None:
        """Run a statement in a tenant; in a transaction of its own, see what it has written."""
        is_own = before is None and is_watched
        if is_own:
            before = self.figures()
        with explaining_pass(self.step, tenant), select(Selection(tenant, is_checked=False)):
            super().execute(statement, None)
        if is_own and before is not None:
            who = f'the pass of tenant "{tenant}"'
            after = self.figures()
            refuse_temporary(self.step, before, after)
            refuse_shared_writes(self.step, who, before, after, statement=self._tag)

    def _judge(self, statement: str, is_watched: bool) -> tuple[str, bool]:
        """Run a statement in the template; return its tag, and whether it concerns the tenants."""
        if self.step is NO_STEP:
            return self._judge_change(statement)
        before = (self._figures or self.figures()) if is_watched else None
        self._figures = None
        tag = self._execute_for_tag(statement)
        if is_of_session(tag):
            self._figures = before
            return tag, False
        if before is None:
            return tag, not is_ddl(tag)
        after = self._figures = self.figures()
        refuse_temporary(self.step, before, after)
        if after.mirrored > before.mirrored and not is_refresh(tag):
            if not is_ddl(tag):
                refuse_hidden(self.connection, self.step, before, after, tag)
            return tag, False
        if is_ddl(tag):
            # RESTART of a sequence is no change of structure, and so not mirrored.
            return tag, after.sequences != before.sequences
        if after.written_to_shared(before) and not after.concern_template(before):
            return tag, False
        return tag, True

    def _judge_change(self, statement: str) -> tuple[str, bool]:
        """The same for a change of a model: it is hardly ever about rows, and never shared ones."""
        self._figures = None
        before = facts.mirrored(self.connection)
        tag = self._execute_for_tag(statement)
        if is_ddl(tag) or is_of_session(tag):
            return tag, False
        if facts.mirrored(self.connection) > before:
            refuse_hidden_change(self.connection, self.step, tag)
            return tag, False
        return tag, True

    def _execute_for_tag(self, statement: str) -> str:
        """Run a statement where we are, and return its tag."""
        tags: list[str | None] = []

        def note_tag(execute: Callable[..., Any], *args: Any) -> Any:
            result = execute(*args)
            tags.append(args[-1]["cursor"].statusmessage)
            return result

        with self.connection.execute_wrapper(note_tag):
            super().execute(statement, None)
        return tags[-1] or ""
