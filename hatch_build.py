"""Carry the extension's source in the wheel; an editable install reads it from the checkout."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """Tells hatchling which files from outside the package go into it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            for name in ("boardinghouse.control", "sql"):
                build_data["force_include"][name] = f"boardinghouse_ext/source/{name}"
