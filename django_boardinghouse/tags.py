"""What a statement was: the server says so in the command tag that it answers with."""

from __future__ import annotations

_DDL = frozenset(
    {"ALTER", "COMMENT", "CREATE", "DROP", "GRANT", "IMPORT", "REASSIGN", "REVOKE", "SECURITY"}
)
_SESSION = frozenset(
    {
        "BEGIN",
        "CHECKPOINT",
        "COMMIT",
        "DEALLOCATE",
        "DISCARD",
        "EXPLAIN",
        "LISTEN",
        "LOAD",
        "NOTIFY",
        "PREPARE",
        "RELEASE",
        "RESET",
        "ROLLBACK",
        "SAVEPOINT",
        "SET",
        "SHOW",
        "START",
        "UNLISTEN",
    }
)


def is_ddl(tag: str | None) -> bool:
    """Return whether a command tag is that of a change of structure.

    A tag like SELECT, DO or CALL can hide one: the journal tells.
    """
    return _first_word(tag) in _DDL


def is_of_session(tag: str | None) -> bool:
    """Return whether a command tag is that of something that concerns the session only."""
    return not tag or _first_word(tag) in _SESSION


def is_refresh(tag: str | None) -> bool:
    """Return whether a command tag is that of filling a view again, each schema's with its rows.

    The first time is a change of structure too, that is mirrored before tenants have their rows.
    """
    return tag == "REFRESH MATERIALIZED VIEW"


def _first_word(tag: str | None) -> str:
    return (tag or "").partition(" ")[0]
