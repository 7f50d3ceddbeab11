"""The extension `boardinghouse` as a Python package: its files, and how they get into a server.

Knows files and SQL, and no Django. Private servers for development are in
`boardinghouse_ext.server`.
"""

from __future__ import annotations

from boardinghouse_ext.extension import build, create, install, prepare, version

__all__ = ["build", "create", "install", "prepare", "version"]
