"""PgBouncer between Django and a private server, with one session of it for all clients."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CONFIGURATION = """\
[databases]
* = host={host} port={port} user=postgres

[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = {mode}
default_pool_size = 1
max_client_conn = 100
logfile = {folder}/log
"""


@contextmanager
def pgbouncer(server: Any, mode: str = "transaction") -> Iterator[dict[str, str]]:
    """PgBouncer before a server; yields HOST and PORT for a database of Django's settings."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    dsn = server.dsn()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = {"host": dsn["host"], "port": dsn["port"], "folder": folder, "mode": mode}
        (folder / "ini").write_text(CONFIGURATION.format(**settings))
        command = [program, "--quiet", str(folder / "ini")]
        if os.getuid() == 0:  # it does not run as root, and may enter where the server does
            command[1:1] = ["--user", server_account(dsn["host"])]
            shutil.chown(folder, server_account(dsn["host"]))
        process = subprocess.Popen(command)
        try:
            deadline = time.monotonic() + 20
            while not (folder / ".s.PGSQL.6432").exists():
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, "PgBouncer does not listen"
                time.sleep(0.02)
            yield {"HOST": str(folder), "PORT": "6432"}
        finally:
            process.terminate()
            process.wait(20)


def server_account(host: str) -> str:
    return Path(host).owner()
