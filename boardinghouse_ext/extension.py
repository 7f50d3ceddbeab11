"""The extension's files: make them, install them into a server, create them in a database."""

from __future__ import annotations

import re
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

NAME = "boardinghouse"

# What the install script begins with: psql alone stops there, and no name is found by accident.
HEAD = f"""\\echo Use "CREATE EXTENSION {NAME}" to load this file. \\quit
SET LOCAL search_path = pg_catalog, pg_temp;
"""

_PACKAGE = Path(__file__).resolve().parent


class Connection(Protocol):
    """A connection of the Python DB-API, such as psycopg2's or psycopg's."""

    def cursor(self) -> Any: ...


def checkout() -> Path | None:
    """The checkout that this package is part of; None where it was installed from a wheel."""
    root = _PACKAGE.parent
    return root if (root / f"{NAME}.control").is_file() and (root / "sql").is_dir() else None


def version() -> str:
    """The version of the extension that this package carries."""
    match = re.search(r"^default_version = '([^']+)'$", _control(), re.MULTILINE)
    if match is None:
        msg = f"no default_version in {NAME}.control"
        raise ValueError(msg)
    return match[1]


def build(into: Path | str | None = None) -> Path:
    """Write the control file and the install script, and return the folder they are in.

    `into` is made where it is missing; without it, it is the folder `build` of the checkout, or of
    the current directory.
    """
    folder = Path(into) if into is not None else (checkout() or Path.cwd()) / "build"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _files().items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def install(pg_config: Path | str = "pg_config", *, destdir: Path | str = "") -> Path:
    """Copy the extension's files to where the server of `pg_config` looks for them.

    Returns that folder. `destdir` is put before it, as in `make install DESTDIR=...`. Raises
    `PermissionError` where the folder may not be written, and `FileNotFoundError` where there is
    no `pg_config`.
    """
    sharedir = subprocess.run(
        [str(pg_config), "--sharedir"], check=True, capture_output=True, text=True
    ).stdout.strip()
    return build(Path(f"{destdir}{sharedir}") / "extension")


def create(connection: Connection) -> None:
    """Create the extension in the database of `connection`, or update it to the installed version.

    Does nothing where that version is there. Whether and when to commit is left to the caller.
    """
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            "SELECT here.extversion = coalesce(there.default_version, %s)"
            " FROM pg_catalog.pg_extension AS here"
            " LEFT JOIN pg_catalog.pg_available_extensions AS there ON there.name = here.extname"
            " WHERE here.extname = %s",
            [version(), NAME],  # Debian's server does not list what extension_destdir adds.
        )
        row = cursor.fetchone()
        if row is None:
            cursor.execute(f"CREATE EXTENSION {NAME}")
        elif not row[0]:
            cursor.execute(f"ALTER EXTENSION {NAME} UPDATE")


def prepare(connection: Connection, role: str | None = None) -> None:
    """Make the database of `connection` one that databases for tests are copied from.

    The extension is created or updated in it, and enabled. `role` may then do in a copy what
    migrations and tests do; it needs CREATEDB to make one. `connection` is a superuser's; when to
    commit is left to the caller.
    """
    create(connection)
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT boardinghouse.enable()")
        if role is not None:
            cursor.execute("SELECT pg_catalog.quote_ident(%s)", [role])
            (name,) = cursor.fetchone()
            cursor.execute(f"ALTER SCHEMA __template__ OWNER TO {name}")
            cursor.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {name}")
        cursor.execute("SELECT pg_catalog.quote_ident(pg_catalog.current_database())")
        (database,) = cursor.fetchone()
        cursor.execute(f"ALTER DATABASE {database} IS_TEMPLATE true")


def _files() -> dict[str, str]:
    """The built files by name."""
    scripts = sorted((_source() / "sql").glob("*.sql"))
    body = "".join(script.read_text(encoding="utf-8") for script in scripts)
    return {f"{NAME}.control": _control(), f"{NAME}--{version()}.sql": HEAD + body}


def _control() -> str:
    return (_source() / f"{NAME}.control").read_text(encoding="utf-8")


def _source() -> Path:
    """The folder with the control file and `sql/`: the checkout, or its copy in the wheel."""
    return checkout() or _PACKAGE / "source"
