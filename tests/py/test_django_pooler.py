"""Behind PgBouncer in transaction mode, where clients take turns on one session of the server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection, connections, transaction
from project.poolers import pgbouncer
from project.shop.models import Item

from django_boardinghouse import schema
from django_boardinghouse.exceptions import PoolerInBetween

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.usefixtures("rows_only")

TENANTS = ("acme", "order")
THREADS = 4
REQUESTS = 10_000


@pytest.fixture
def pooled(
    request: pytest.FixtureRequest, server: Any, tenants: list[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Django's connections lead through PgBouncer; the value of BOARDINGHOUSE_PATH."""
    chosen = list(connections.all())
    with pgbouncer(server) as place:
        for database in chosen:
            database.close()
            database.__dict__.pop("path", None)
            for name, value in {**place, "BOARDINGHOUSE_PATH": request.param}.items():
                monkeypatch.setitem(database.settings_dict, name, value)
        yield request.param
        for database in chosen:
            database.close()
            database.__dict__.pop("path", None)


def names() -> list[str]:
    return list(Item.objects.values_list("name", flat=True))


def look() -> list[str]:
    """One query."""
    return names()


def look_twice() -> list[str]:
    """A transaction with two, and a savepoint that is rolled back."""
    with transaction.atomic():
        first = names()
        try:
            with transaction.atomic():
                Item.objects.all().delete()
                raise ZeroDivisionError
        except ZeroDivisionError:
            assert names() == first
        return first


def look_slowly() -> list[str]:
    """A cursor of the server."""
    with transaction.atomic():
        return [item.name for item in Item.objects.iterator(chunk_size=1)]


def write() -> list[str]:
    """A transaction that is rolled back, and a statement that is not in one."""
    try:
        with transaction.atomic():
            Item.objects.create(name="lost")
            raise ZeroDivisionError
    except ZeroDivisionError:
        Item.objects.update(parent=None)
        return names()


@pytest.mark.parametrize("pooled", ["transaction"], indirect=True)
def test_rows_of_tenants_that_share_a_session_do_not_cross(pooled: str) -> None:
    wrong: list[Any] = []
    sessions: set[int] = set()

    def work(number: int) -> None:
        requests: list[Callable[[], list[str]]] = [look, look_twice, look, look_slowly, look, write]
        try:
            for count in range(REQUESTS // THREADS):
                name = TENANTS[(count + number) % 2]
                with schema(name):
                    found = requests[count % len(requests)]()
                if found != [f"item of {name}"]:
                    wrong.append((name, found))
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                sessions.add(cursor.fetchone()[0])
        except BaseException as error:
            wrong.append(error)
            raise
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(sessions) == 1


@pytest.mark.parametrize("pooled", ["session"], indirect=True)
def test_a_path_for_the_session_is_not_set_behind_a_pooler(pooled: str) -> None:
    for name in TENANTS:
        with pytest.raises(PoolerInBetween, match="BOARDINGHOUSE_PATH"), schema(name):
            names()
        with pytest.raises(PoolerInBetween, match="BOARDINGHOUSE_PATH"):
            connection.cursor().execute("SELECT 1")
    connection.connection.cursor().execute("SELECT 1")  # past Django's cursors
    with connection.connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ('"$user", public',)


@pytest.mark.parametrize("pooled", ["transaction", "session"], indirect=True)
def test_the_check_of_databases_warns_of_a_pooler(pooled: str) -> None:
    found = [message.id for message in run_checks(tags=["database"], databases=["default"])]
    assert ("boardinghouse.W003" in found) == (pooled == "session")
    assert "boardinghouse.W003" not in [message.id for message in run_checks(databases=[])]
