"""The extension's functions, called from Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections

from django_boardinghouse.exceptions import translated


def call(function: str, arguments: Sequence[Any], *, using: str) -> None:
    """Call one that returns nothing. Raises `SchemaError` and what else the database does."""
    places = ", ".join(["%s"] * len(arguments))
    with translated(), connections[using].cursor() as cursor:
        cursor.execute(f"SELECT boardinghouse.{function}({places})", arguments)
