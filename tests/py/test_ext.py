"""The extension's files: built alike everywhere, installed where they belong, created once."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import psycopg2
import pytest
from conftest import autocommit, fresh_database

import boardinghouse_ext
from boardinghouse_ext.__main__ import main
from boardinghouse_ext.extension import HEAD, NAME
from boardinghouse_ext.server import PrivateServer

ROOT = Path(__file__).parents[2]
SCRIPT = f"{NAME}--{boardinghouse_ext.version()}.sql"


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def installed_version(connection: Any) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = %s", [NAME])
        row = cursor.fetchone()
    return row[0] if row else None


@pytest.fixture
def empty(server: PrivateServer) -> Iterator[Any]:
    """A connection to a database without the extension; in autocommit mode."""
    with (
        fresh_database(server, "template1") as name,
        closing(autocommit(server, dbname=name)) as connection,
    ):
        yield connection


@pytest.mark.once
def test_the_script_is_the_head_and_the_sources_in_the_order_of_their_names(
    tmp_path: Path,
) -> None:
    sources = sorted(ROOT.glob("sql/*.sql"), key=lambda path: path.name)
    built = contents(boardinghouse_ext.build(tmp_path / "new"))
    assert built == {
        f"{NAME}.control": (ROOT / f"{NAME}.control").read_text(encoding="utf-8"),
        SCRIPT: HEAD + "".join(source.read_text(encoding="utf-8") for source in sources),
    }


@pytest.mark.once
@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_builds_the_same_script(tmp_path: Path) -> None:
    for name in ("Makefile", f"{NAME}.control"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "sql", tmp_path / "sql")
    subprocess.run(["make", SCRIPT], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / SCRIPT).read_text() == contents(boardinghouse_ext.build(tmp_path / "other"))[
        SCRIPT
    ]


@pytest.mark.once
def test_the_wheel_carries_what_the_checkout_builds(tmp_path: Path) -> None:
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(tmp_path)]
    subprocess.run([*wheel, str(ROOT)], check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as archive:
        archive.extractall(tmp_path / "site")
    code = "import boardinghouse_ext as e; assert '/site/' in e.__file__; e.build('built')"
    environment = {"PYTHONPATH": str(tmp_path / "site")}
    subprocess.run([sys.executable, "-S", "-c", code], cwd=tmp_path, env=environment, check=True)
    assert contents(tmp_path / "built") == contents(boardinghouse_ext.build(tmp_path / "here"))


@pytest.mark.once
def test_install_puts_the_files_where_pg_config_says(tmp_path: Path) -> None:
    pg_config = tmp_path / "pg_config"
    pg_config.write_text("#!/bin/sh\necho /usr/share/postgresql\n")
    pg_config.chmod(0o755)
    folder = boardinghouse_ext.install(pg_config, destdir=tmp_path / "root")
    assert folder == tmp_path / "root/usr/share/postgresql/extension"
    assert contents(folder).keys() == {SCRIPT, f"{NAME}.control"}


@pytest.mark.once
def test_install_without_pg_config_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        boardinghouse_ext.install(tmp_path / "pg_config")


@pytest.mark.once
def test_the_command_line_builds_and_installs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", str(tmp_path / "built")]) is None
    assert capsys.readouterr().out == f"{tmp_path / 'built'}\n"
    assert contents(tmp_path / "built") == contents(boardinghouse_ext.build(tmp_path / "new"))
    wrong = main(["install", "--pg-config", str(tmp_path / "pg_config")])
    assert wrong is not None
    assert "No such file" in wrong


def test_create_makes_the_extension_and_a_second_time_nothing(empty: Any) -> None:
    assert installed_version(empty) is None
    boardinghouse_ext.create(empty)
    assert installed_version(empty) == boardinghouse_ext.version()
    boardinghouse_ext.create(empty)
    assert empty.notices == []


def test_create_updates_an_older_version(server: PrivateServer, empty: Any) -> None:
    folder, new = server.extension_dir, boardinghouse_ext.version()
    (folder / f"{NAME}--0.0.0.sql").write_text("CREATE TABLE boardinghouse.old ();")
    (folder / f"{NAME}--0.0.0--{new}.sql").write_text("DROP TABLE boardinghouse.old;")
    with empty.cursor() as cursor:
        cursor.execute(f"CREATE EXTENSION {NAME} VERSION '0.0.0'")
    boardinghouse_ext.create(empty)
    assert installed_version(empty) == new


def test_create_needs_no_rights_where_the_version_is_there(database: Any, connect: Any) -> None:
    with database.cursor() as cursor:
        cursor.execute("CREATE ROLE ext_nobody LOGIN")
        try:
            boardinghouse_ext.create(connect(user="ext_nobody"))
        finally:
            cursor.execute("DROP ROLE ext_nobody")


def test_create_leaves_the_commit_to_the_caller(empty: Any) -> None:
    empty.autocommit = False
    boardinghouse_ext.create(empty)
    empty.rollback()
    assert installed_version(empty) is None


def test_psycopg_3_can_create_it_too(server: PrivateServer, empty: Any) -> None:
    with psycopg.connect(**server.dsn(dbname=empty.info.dbname)) as connection:
        boardinghouse_ext.create(connection)
    assert installed_version(empty) == boardinghouse_ext.version()


def test_where_the_extension_is_not_installed_the_message_is_the_servers(
    server: PrivateServer, empty: Any
) -> None:
    control = server.extension_dir / f"{NAME}.control"
    hidden = control.rename(control.with_suffix(".hidden"))
    try:
        with pytest.raises(psycopg2.Error, match=NAME):
            boardinghouse_ext.create(empty)
    finally:
        hidden.rename(control)
