"""The command line: `python -m boardinghouse_ext build`, and `install`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from boardinghouse_ext.extension import build, install


def main(arguments: Sequence[str] | None = None) -> str | None:
    """Do what the arguments say; return what went wrong, or None."""
    parser = ArgumentParser(prog="python -m boardinghouse_ext")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="write the extension's files into a folder")
    command.add_argument("into", nargs="?", type=Path, help="default: build")
    command = commands.add_parser("install", help="put the extension's files into PostgreSQL")
    command.add_argument("--pg-config", default="pg_config", help="which PostgreSQL")
    command.add_argument("--destdir", default="", help="a folder to put before its own")
    options = parser.parse_args(arguments)
    try:
        if options.command == "build":
            folder = build(options.into)
        else:
            folder = install(options.pg_config, destdir=options.destdir)
    except OSError as error:
        return str(error)
    print(folder)
    return None


if __name__ == "__main__":
    sys.exit(main())
