"""Private servers: each version at hand has the extension, and nothing is left afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

import boardinghouse_ext
from boardinghouse_ext import server as servers
from boardinghouse_ext.server import PrivateServer, Server, find_server, find_servers

pytestmark = pytest.mark.once  # They start every version by themselves.

VERSIONS = sorted({server.version for server in find_servers()})


def ask(server: PrivateServer, query: str) -> str:
    with closing(psycopg2.connect(server.url())) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize("version", VERSIONS)
def test_the_extension_can_be_created_in_each_version(version: int) -> None:
    with PrivateServer(version) as server:
        assert ask(server, "SHOW server_version_num").startswith(str(version))
        with closing(psycopg2.connect(**server.dsn())) as connection:
            boardinghouse_ext.create(connection)
        assert not Path(server.host).joinpath("data").exists()
    assert not Path(server.host).exists()
    assert not Path(server.base_dir).exists()


def test_the_folders_of_a_server_are_closed_to_others_and_it_is_on_no_network(
    server: PrivateServer,
) -> None:
    assert ask(server, "SHOW listen_addresses") == ""
    for folder in (Path(server.host), Path(server.get_data_directory())):
        assert folder.stat().st_mode & 0o077 == 0


def test_the_server_does_not_run_as_root(server: PrivateServer) -> None:
    owner = Path(server.get_data_directory(), "postmaster.pid").stat().st_uid
    assert owner == (os.getuid() or owner) != 0


def test_settings_are_the_servers_and_durable_leaves_its_defaults(tmp_path: Path) -> None:
    with PrivateServer(settings={"work_mem": "5MB"}) as server:
        assert ask(server, "SHOW work_mem") == "5MB"
        assert ask(server, "SHOW fsync") == "off"
    with PrivateServer(durable=True) as server:
        assert ask(server, "SHOW fsync") == "on"


def test_data_is_found_again_in_a_folder_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    home = servers._home(servers._account())
    folder = home / f"kept-{os.getpid()}"
    try:
        with PrivateServer(VERSIONS[-1], base_dir=folder) as server:
            assert ask(server, "CREATE TABLE kept AS SELECT 1; COMMIT; SELECT 1") == "1"
        monkeypatch.setenv("BOARDINGHOUSE_PG_VERSION", str(VERSIONS[0]))
        with PrivateServer(base_dir=folder) as server:
            assert server.version == VERSIONS[-1]
            assert ask(server, "SELECT count(*) FROM kept") == "1"
    finally:
        shutil.rmtree(folder)


def test_data_is_found_again_whatever_language_the_server_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")  # gettext goes by it in any locale but "C" and "POSIX"
    folder = servers._home(servers._account()) / f"kept-{os.getpid()}"
    try:
        for number in range(2):
            with PrivateServer(base_dir=folder, settings={"lc_messages": "C.UTF-8"}) as server:
                assert ask(server, f"CREATE TABLE kept{number} (); COMMIT; SELECT 1") == "1"
    finally:
        shutil.rmtree(folder)


def test_a_server_does_not_outlive_whoever_started_it() -> None:
    code = """if True:
        import os
        from boardinghouse_ext.server import PrivateServer
        server = PrivateServer()
        print(server.host, server.get_data_directory(), flush=True)
        os.kill(os.getpid(), 9)
    """
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    host, data = map(Path, done.stdout.split())
    deadline = time.monotonic() + 30
    while data.exists() or host.joinpath(".s.PGSQL.5432").exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    if os.getuid() == 0:  # Its empty folders are left, where another account may not remove them.
        shutil.rmtree(host, ignore_errors=True)
        shutil.rmtree(data.parent, ignore_errors=True)


def test_programs_find_the_server_by_the_environment(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert servers.main(["psql", "-AXtc", "SELECT 6 * 7", "test"]) == 0
    assert servers.main([sys.executable, "-c", "raise SystemExit(3)"]) == 3
    assert capfd.readouterr().out == "42\n"


def test_settings_are_given_by_name(capfd: pytest.CaptureFixture[str]) -> None:
    command = ["--set", "work_mem=5MB", "--set", "autovacuum=off", "psql", "-AXtc"]
    assert servers.main([*command, "SELECT current_setting('work_mem')", "test"]) == 0
    assert servers.main([*command, "SHOW autovacuum", "test"]) == 0
    assert capfd.readouterr().out == "5MB\noff\n"


@pytest.mark.skipif(shutil.which("pg_config") is None, reason="no PostgreSQL in the system")
@pytest.mark.parametrize("version", VERSIONS)
def test_an_extension_of_the_systems_can_be_borrowed(version: int) -> None:
    lender = Path(servers._output(Path("pg_config"), "--sharedir"), "extension")
    if not (lender / "pgtap.control").exists():
        pytest.skip("no pgTAP in the system")
    with PrivateServer(version) as server:
        server.borrow("pgtap")
        assert ask(server, "CREATE EXTENSION pgtap; SELECT pgtap_version()") != "0"


def test_a_version_that_is_not_at_hand_is_an_error_that_says_what_to_install() -> None:
    with pytest.raises(LookupError, match="PostgreSQL 9 found: install"):
        PrivateServer(9)


def test_a_server_that_cannot_be_extended_from_outside_is_not_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Server, "extension_setting", None)
    assert all(server.home is not None for server in find_servers())


def test_the_systems_newest_version_is_preferred() -> None:
    found = [(server.home is None, server.version) for server in find_servers()]
    assert found == sorted(found, reverse=True)
    assert find_server().version == found[0][1]
