"""How the `search_path` of a connection follows what is selected: by session or by transaction.

A path remembers what it has applied, forgets it where something may have undone it, and applies
what is selected right before a query that needs it. `SessionPath` does so by a statement of its
own, whose effect lasts. `TransactionPath` sends it along with the query: its effect ends with the
transaction, so it works where a pooler gives each transaction to another session.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import NotSupportedError

from django_boardinghouse.exceptions import PoolerInBetween, selecting
from django_boardinghouse.selection import Selection, selected

if TYPE_CHECKING:
    from django_boardinghouse.backends.postgres.base import DatabaseWrapper

_IDLE, _IN_TRANSACTION = 0, 2  # libpq's PQTRANS_IDLE and PQTRANS_INTRANS, the same in both drivers

# A pooler answers with the process id of no server, or of another than the query gets to.
_IF_DIRECT = " WHERE pg_catalog.pg_backend_pid() = {}"


class SessionPath:
    """A path that stays for as long as the session does."""

    is_local = False
    """Whether it ends with the transaction."""

    sent_ahead = ""
    """What was sent along with the last query to set the path."""

    _undoing: tuple[str, ...] = ("ROLLBACK", "RESET", "DISCARD")  # a COMMIT that failed: ROLLBACK

    def __init__(self, connection: DatabaseWrapper) -> None:
        self._connection = connection
        self._applied: Selection | None = None

    def ahead_of(self, cursor: Any) -> str:
        """Return what is to be sent before the next query of a cursor, as a part of its string.

        Empty where the path is right. Raises as `apply` does.
        """
        self.apply()
        return ""

    def apply(self) -> None:
        """Bring `search_path` in line with the selected schema, if it is not.

        Raises `SchemaNotFound` or `SchemaInactive`, and `PoolerInBetween` where the effect could
        reach the sessions of others.
        """
        wanted = selected()
        if wanted is self._applied or self._connection.is_broken():
            return
        if not self._set_for_session(wanted):
            raise PoolerInBetween(PoolerInBetween.message)
        self._applied = wanted

    def was_set(self, selection: Selection) -> None:
        """Take note that a statement has just set `search_path` to what `selection` says."""
        self._applied = selection

    def forget(self) -> None:
        """Take note that nothing is known of `search_path`."""
        self._applied = None

    def after_commit(self) -> Selection | None:
        """Return what is still applied after a commit that succeeds."""
        return None if self._connection.is_broken() else self._applied

    def forget_after(self, tag: str | None, sql: Any) -> None:
        """Forget where a statement of the project's own may have undone the path, or set it.

        Of a string of several, the server tells what the last one was; of a SELECT it does not
        tell that it has called something that sets the path.
        """
        is_string = not isinstance(sql, str) or (";" in sql and ";" in sql.rstrip("; \t\r\n"))
        if is_string or (tag and (tag == "SET" or tag.startswith(self._undoing))):
            self._applied = None
            return
        text = sql.lower()  # each query comes here, so there is no loop over the names
        if "set_config" in text or "activate_schema" in text:
            self._applied = None

    def is_lasting(self) -> bool:
        """Return whether a path that is set now is still there for the next statement."""
        return True

    def _set_for_session(self, selection: Selection) -> bool:
        """Set the path, and return True; or do nothing and return False: there is a pooler."""
        self._connection.ensure_connection()
        if_direct = _IF_DIRECT.format(self._connection.connection.info.backend_pid)
        statement = _statement(selection.schema, selection.is_checked, is_local=False)
        return self._query(statement + if_direct) is not None

    def _query(self, statement: str) -> Any:
        with selecting():
            return self._connection.query_quietly(statement)


class NoPath(SessionPath):
    """What a connection has that makes and drops databases: nothing of ours is where it leads."""

    def apply(self) -> None:
        """Do nothing."""


class TransactionPath(SessionPath):
    """A path that ends with the transaction, sent along with the first query that needs it."""

    is_local = True

    _undoing = (*SessionPath._undoing, "COMMIT")  # AND CHAIN: in a transaction again, without it

    def ahead_of(self, cursor: Any) -> str:
        self.sent_ahead = ""
        if self._status() == _IDLE:
            self._applied = None
        wanted = selected()
        if wanted is self._applied or self._connection.is_broken():
            return ""
        is_migrating = self._connection.is_migrating
        # The driver puts DECLARE before the query of a named cursor; and what cuts USING out of
        # a statement had better find it alone.
        if getattr(cursor, "name", None) or (is_migrating and self.is_lasting()):
            self.apply()
            return ""
        # CREATE INDEX CONCURRENTLY runs in no transaction. What stays is never relied on.
        if is_migrating and self._set_for_session(wanted):
            return ""
        self.sent_ahead = _statement(wanted.schema, wanted.is_checked, is_local=True) + "; "
        return self.sent_ahead

    def apply(self) -> None:
        """Bring `search_path` in line by a statement of its own, in the transaction that is open.

        Raises as for a session, and `NotSupportedError` where no transaction is open.
        """
        if self._status() == _IDLE:
            self._applied = None
        wanted = selected()
        if wanted is self._applied or self._connection.is_broken():
            return
        if not self.is_lasting():
            msg = (
                "this needs a transaction, as BOARDINGHOUSE_PATH is 'transaction':"
                " put it into transaction.atomic()"
            )
            raise NotSupportedError(msg)
        self._query(_statement(wanted.schema, wanted.is_checked, is_local=True))
        self._applied = wanted

    def was_set(self, selection: Selection) -> None:
        self._applied = selection if self._status() == _IN_TRANSACTION else None

    def after_commit(self) -> Selection | None:
        return None

    def is_lasting(self) -> bool:
        return self._status() != _IDLE or not self._connection.connection.autocommit

    def _status(self) -> int:
        """Return the state of the transaction, which the driver knows; costs no round trip."""
        self._connection.ensure_connection()
        return int(self._connection.connection.info.transaction_status)


@lru_cache(maxsize=1000)
def _statement(schema: str | None, is_checked: bool, *, is_local: bool) -> str:
    """Return the statement that sets a path, without parameters: it goes before others' queries."""
    local = str(is_local).lower()
    if schema is None:
        return f"SELECT pg_catalog.set_config('search_path', 'public', {local})"
    name = _literal(schema)
    if is_checked:
        return f"SELECT boardinghouse.activate_schema({name}, {local})"
    path = f"pg_catalog.quote_ident({name}::text) || ', public'"
    return f"SELECT pg_catalog.set_config('search_path', {path}, {local})"


def _literal(text: str) -> str:
    """Return a string as PostgreSQL reads it, whatever `standard_conforming_strings` is."""
    escape = "E" if "\\" in text else ""
    return escape + "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
