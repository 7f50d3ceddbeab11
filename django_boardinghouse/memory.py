"""What the template's pass did, as text: for a later run, should the migration not get through."""

from __future__ import annotations

import datetime
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

Write = tuple[str, Any]
"""A write of shared rows: its digest, and what the ORM got for it."""

_OF_THE_MOMENT = (datetime.date, datetime.time, uuid.UUID)
"""Values that may differ from one pass to the next without meaning another write."""

_KINDS: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "bytes": (bytes, bytes.hex, bytes.fromhex),
    "date": (datetime.date, datetime.date.isoformat, datetime.date.fromisoformat),
    "datetime": (datetime.datetime, datetime.datetime.isoformat, datetime.datetime.fromisoformat),
    "decimal": (Decimal, str, Decimal),
    "time": (datetime.time, datetime.time.isoformat, datetime.time.fromisoformat),
    "tuple": (tuple, list, tuple),
    "uuid": (uuid.UUID, str, uuid.UUID),
}


def digest(value: object) -> str:
    """Return a text that is the same for the same statements and parameters."""
    return hashlib.sha256(repr(_frozen(value)).encode()).hexdigest()


def dump(ddl: Iterable[str], writes: Iterable[Write]) -> str | None:
    """Return the text to keep; None where it holds a value of a kind that is not known."""
    try:
        return json.dumps({"ddl": sorted(ddl), "writes": [_packed(list(w)) for w in writes]})
    except TypeError:
        return None


def load(text: str) -> tuple[set[str], list[Write]]:
    """Return what `dump` was given."""
    kept = json.loads(text)
    return set(kept["ddl"]), [(str(key), _unpacked(value)) for key, value in kept["writes"]]


def _packed(value: Any) -> Any:
    if value is None or type(value) in {bool, int, float, str}:
        return value
    if type(value) is list:
        return [_packed(item) for item in value]
    for kind, (cls, pack, _) in _KINDS.items():
        if type(value) is cls:
            return {kind: _packed(pack(value))}
    raise TypeError


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    if isinstance(value, dict):
        [(kind, packed)] = value.items()
        return _KINDS[kind][2](_unpacked(packed))
    return value


def _frozen(value: object) -> object:
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, _OF_THE_MOMENT):
        return type(value).__name__
    return value if isinstance(value, str) else repr(value)
