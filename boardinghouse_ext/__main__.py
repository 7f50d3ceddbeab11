"""The command line: `python -m boardinghouse_ext build`, `install` and `prepare`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import closing, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from boardinghouse_ext.extension import build, install, prepare


def main(arguments: Sequence[str] | None = None) -> str | None:
    """Do what the arguments say; return what went wrong, or None."""
    parser = ArgumentParser(prog="python -m boardinghouse_ext")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="write the extension's files into a folder")
    command.add_argument("into", nargs="?", type=Path, help="default: build")
    command = commands.add_parser("install", help="put the extension's files into PostgreSQL")
    command.add_argument("--pg-config", default="pg_config", help="which PostgreSQL")
    command.add_argument("--destdir", default="", help="a folder to put before its own")
    command = commands.add_parser(
        "prepare",
        help="make a database that those for tests are copied from",
        description="Make a database that has the extension, enabled, for others to be copied from:"
        ' name it in DATABASES["default"]["TEST"]["TEMPLATE"]. Run it as a superuser, and again'
        " after an update of the extension. PGHOST and the like say where, or --dsn.",
    )
    command.add_argument("name", help="of the database; it is made where it is missing")
    command.add_argument("--role", help="who shall test with a copy: a role that has CREATEDB")
    command.add_argument("--dsn", default="", help="connection string of libpq")
    options = parser.parse_args(arguments)
    try:
        if options.command == "build":
            print(build(options.into))
        elif options.command == "install":
            print(install(options.pg_config, destdir=options.destdir))
        else:
            return _prepare(options.name, options.role, options.dsn)
    except OSError as error:
        return str(error)
    return None


def _prepare(name: str, role: str | None, dsn: str) -> str | None:
    driver = _driver()
    if driver is None:
        return "neither psycopg nor psycopg2 is installed"
    try:
        with closing(_connect(driver, dsn, "postgres")) as connection:
            cursor = connection.cursor()
            cursor.execute(
                "SELECT pg_catalog.quote_ident(%s),"
                " EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = %s)",
                [name, name],
            )
            quoted, is_there = cursor.fetchone()
            if not is_there:
                cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
        with closing(_connect(driver, dsn, name)) as connection:
            prepare(connection, role)
    except driver.Error as error:
        return str(error).strip()
    print(name)
    return None


def _connect(driver: Any, dsn: str, name: str) -> Any:
    connection = driver.connect(dsn, dbname=name)
    connection.autocommit = True
    return connection


def _driver() -> Any:
    for name in ("psycopg", "psycopg2"):
        with suppress(ImportError):
            return import_module(name)
    return None


if __name__ == "__main__":
    sys.exit(main())
