"""A bar on the terminal for whatever goes on tenant by tenant.

It has a line of its own on standard error, as what a command prints is often read by another; on
the line that `migrate` has begun, a `Report` says it instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tqdm import tqdm


def bar(
    what: str,
    tenants: Iterable[str] | None = None,
    *,
    total: int | None = None,
    verbosity: int = 1,
) -> Any:
    """Return an iterator over tenants that shows how far it has come, or a bar to `update()`.

    It shows where standard error is a terminal, and is gone in the end; nowhere else, and not at
    all with `verbosity` 0.
    """
    return tqdm(
        tenants,
        desc=what,
        total=total,
        unit="tenant",
        leave=False,
        dynamic_ncols=True,
        disable=None if verbosity else True,
    )


def writing() -> Any:
    """Make room for lines that are written while a bar shows."""
    return tqdm.external_write_mode()
