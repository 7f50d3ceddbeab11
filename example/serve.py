"""`make serve`: the example with its admin on 127.0.0.1, on a private server that keeps its data.

Ends with Ctrl-C. `--port` is where to listen; if it is taken, a free one is found.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from boardinghouse_ext.server import PrivateServer, _account, _home  # noqa: E402
from example import houses, show  # noqa: E402

DATABASE = "example"
USER = PASSWORD = "admin"  # noqa: S105


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data", type=Path, default=folder(), help="where the data is kept")
    arguments = parser.parse_args()

    for number in (signal.SIGINT, signal.SIGTERM):  # A shell's background jobs ignore the first.
        signal.signal(number, signal.default_int_handler)
    with (
        contextlib.suppress(KeyboardInterrupt),
        PrivateServer(base_dir=arguments.data, durable=True) as server,
    ):
        prepare(server)
        serve(arguments.port)
    print("\nStopped." + (" The data is kept for the next time." if arguments.data else ""))


def folder() -> Path | None:
    """Where private servers of this checkout are; None if its account may not go there."""
    place = _home(_account())
    return place / "serve" if place.is_relative_to(ROOT) else None


def prepare(server: PrivateServer) -> None:
    """Bring the database to where it should be, whether or not it was there."""
    run(server, "createdb", DATABASE)
    houses.set_up(server.environment, DATABASE)
    if not is_made():
        print("Making the database, three houses and their books ...", flush=True)
        run(server, "dropdb", "--force", DATABASE)
        run(server, "createdb", DATABASE)
        make()
    houses.migrate()


def is_made() -> bool:
    """Whether an earlier run came to its end: the user to log in with is made last."""
    from django.contrib.auth import get_user_model
    from django.db import ProgrammingError, connection

    try:
        return bool(get_user_model().objects.filter(username=USER).exists())
    except ProgrammingError:
        return False
    finally:
        connection.close()


def make() -> None:
    """Fill an empty database."""
    from django.contrib.auth import get_user_model

    houses.migrate_to_first_release()
    for schema, name in houses.HOUSES.items():
        houses.open_house(schema, name)
        houses.fill(schema)
    houses.migrate()
    get_user_model().objects.create_superuser(USER, f"{USER}@example.com", PASSWORD)


def run(server: PrivateServer, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; that there is such a database already is no error."""
    command = [str(server.bindir / program), *arguments]
    subprocess.run(command, env=server.environment, capture_output=True, check=False)


def serve(port: int) -> None:
    """Say where to look, and serve until interrupted; if the port is taken, on a free one."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers import basehttp

    application = StaticFilesHandler(basehttp.get_internal_wsgi_application())
    try:
        basehttp.run("127.0.0.1", port, application, threading=True, on_bind=announce)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        basehttp.run("127.0.0.1", 0, application, threading=True, on_bind=announce)


def announce(port: int) -> None:
    """Print the address and the log-in."""
    show.heading("Guest houses")
    print(f"  address   http://127.0.0.1:{port}/")
    print(f"  log-in    {USER}")
    print(f"  password  {PASSWORD}")
    print("  stop      Ctrl-C\n", flush=True)


if __name__ == "__main__":
    main()
