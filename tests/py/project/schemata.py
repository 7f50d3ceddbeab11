"""What is in each schema of a test's database, asked past Django."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SQL = Callable[..., list[tuple[Any, ...]]]
"""The fixture `psql`."""
Names = Callable[[], list[str]]
"""The fixture `schemata`."""

TEMPLATE = "__template__"


def column(psql: SQL, names: list[str], text: str) -> dict[str, Any]:
    """One value of a query per schema, the template's first."""
    found = {}
    for name in [TEMPLATE, *names]:
        psql("SELECT set_config('search_path', quote_ident(%s) || ', public', false)", name)
        found[name] = psql(text)[0][0]
    psql("RESET search_path")
    return found


def everywhere(
    names: list[str], value: Any, *, template: Any = ..., **others: Any
) -> dict[str, Any]:
    """The same value in the template and in each tenant, but for those that are given."""
    found = {**dict.fromkeys([TEMPLATE, *names], value), **others}
    return found if template is ... else {**found, TEMPLATE: template}


def tags(psql: SQL, names: list[str]) -> dict[str, Any]:
    """The names in `shop_tag`, in the order in which they came, by schema."""
    return column(psql, names, "SELECT string_agg(name, ' ' ORDER BY id) FROM shop_tag")
