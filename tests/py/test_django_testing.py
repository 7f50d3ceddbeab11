"""What users of the package test with: Django's runner, pytest's plugin, an ordinary role."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from project.databases import admin_cursor

pytestmark = pytest.mark.once

HERE = Path(__file__).parent

PYTEST_SUITE = """
import pytest
from django_boardinghouse import get_active_schema_name, schema
from django_boardinghouse.models import Schema
from project.shop.models import Item

@pytest.mark.parametrize("again", [False, True])
def test_a_tenant_is_made_for_the_test_and_selected(tenant, again):
    assert get_active_schema_name() == tenant.pk == "test_tenant"
    assert not Item.objects.exists()
    Item.objects.create(name="of the test")

@pytest.mark.parametrize("again", [False, True])
def test_further_tenants_are_made_and_not_selected(make_tenant, again):
    assert not Schema.objects.exists()
    acme, other = make_tenant("acme", name="Acme Ltd"), make_tenant("order")
    assert get_active_schema_name() is None
    with schema(acme.pk):
        Item.objects.create(name="of acme")
    with schema(other.pk):
        assert not Item.objects.exists()
    assert acme.name == "Acme Ltd"

@pytest.mark.parametrize("again", [False, True])
@pytest.mark.django_db(transaction=True)
def test_a_tenant_that_is_committed_is_gone_after_the_test(tenant, again):
    assert list(Schema.objects.all()) == [tenant]
    Item.objects.create(name="of the test")

@pytest.mark.django_db
def test_without_a_fixture_there_is_no_tenant():
    assert not Schema.objects.exists()
"""


@pytest.fixture
def runner(server: Any) -> Iterator[dict[str, str]]:
    """The environment of Django's test runner; its databases are dropped afterwards."""
    yield {
        **server.environment,
        "DJANGO_SETTINGS_MODULE": "project.runner",
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])]),
    }
    with admin_cursor(server) as cursor:
        for name in databases(server):
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def databases(server: Any) -> list[str]:
    with admin_cursor(server) as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_runner%' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def test_djangos_runner_in_parallel_and_with_a_database_that_is_kept(
    runner: dict[str, str], server: Any
) -> None:
    test = ["-m", "django", "test", "project.suite", "--noinput"]
    said = run(runner, *test, "--keepdb")
    assert "Ran 11 tests" in said
    assert databases(server) == ["test_runner"]
    said = run(runner, *test, "--keepdb", "--parallel=2")
    assert "Ran 11 tests" in said
    assert "Found 11 test(s)" in said
    assert databases(server) == ["test_runner", "test_runner_1", "test_runner_2"]
    run(runner, *test, "--parallel=2")
    assert databases(server) == []


@pytest.mark.parametrize("path", ["session", "transaction"])
def test_the_fixtures_of_pytest(runner: dict[str, str], tmp_path: Path, path: str) -> None:
    (tmp_path / "test_suite.py").write_text(PYTEST_SUITE)
    pytest_of_user = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    runner["PROJECT_PATH"] = path
    assert "7 passed" in run(runner, *pytest_of_user, str(tmp_path))


def test_an_ordinary_role_tests_with_a_database_that_was_prepared(
    runner: dict[str, str], server: Any
) -> None:
    name, role = "prepared for tests", "tester"
    with admin_cursor(server) as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN CREATEDB")
    prepare = ["-m", "boardinghouse_ext", "prepare", name, "--role", role]
    as_role = {**runner, "PGUSER": role, "PROJECT_TEMPLATE": f'"{name}"'}
    test = ["-m", "django", "test", "project.suite", "--noinput", "--parallel=2"]
    try:
        for _ in range(2):  # again after each update of the extension
            assert name in run(runner, *prepare)
        assert "Ran 11 tests" in run(as_role, *test)
    finally:
        with admin_cursor(server) as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" IS_TEMPLATE false')
            cursor.execute(f'DROP DATABASE "{name}"')
            cursor.execute(f"DROP ROLE {role}")
