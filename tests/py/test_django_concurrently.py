"""CREATE INDEX CONCURRENTLY in migrations: tenants get the index, and nothing invalid stays."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.core.management.base import OutputWrapper
from django.db import DatabaseError, connection, migrations, models
from project.migrating import Written
from project.schemata import SQL, TEMPLATE

from django_boardinghouse.backends.postgres.statements import names_in
from django_boardinghouse.report import SILENT, Report

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.usefixtures("alike")

UNIQUE = 'CREATE UNIQUE INDEX CONCURRENTLY "by Price" ON shop_item (price)'
DOUBLE = (
    "UPDATE acme.shop_item SET price = 1; INSERT INTO acme.shop_item (name, price) VALUES ('', 1)"
)
BY_PRICE = models.Index(fields=["price"], name="by Price")


class UniqueIndex(models.Index):
    """An index of Django's kind that rows of a tenant can forbid."""

    def create_sql(self, *args: Any, **kwargs: Any) -> Any:
        statement = super().create_sql(*args, **kwargs)
        statement.template = statement.template.replace("CREATE INDEX", "CREATE UNIQUE INDEX")
        return statement


def in_python(apps: Any, editor: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(UNIQUE)


WAYS = {
    "an operation": AddIndexConcurrently("item", UniqueIndex(fields=["price"], name="by Price")),
    "SQL": migrations.RunSQL(UNIQUE),
    "SQL that is content with what is there": migrations.RunSQL(
        UNIQUE.replace("CONCURRENTLY", "CONCURRENTLY IF NOT EXISTS")
    ),
    "Python": migrations.RunPython(in_python),
}

ways = pytest.mark.parametrize("operation", WAYS.values(), ids=WAYS)


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What `migrate` would print."""
    text = io.StringIO()
    connection.report = Report(OutputWrapper(text))
    yield text
    connection.report = SILENT


def schemata_with_index(psql: SQL) -> set[str]:
    rows = psql("SELECT schemaname FROM pg_indexes WHERE indexname = 'by Price'")
    return {name for (name,) in rows}


@ways
def test_tenants_get_an_index_that_is_made_concurrently(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    Written(operation, atomic=False).forwards()
    assert schemata_with_index(psql) == {TEMPLATE, *tenants}


@ways
def test_an_index_that_a_tenant_refuses_is_dropped_in_the_template_again(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    psql(DOUBLE)
    with pytest.raises(DatabaseError, match='schema "acme"') as caught:
        Written(operation, atomic=False).forwards()
    notes = "\n".join(caught.value.__notes__)
    assert 'The index "by Price" was left invalid in the template, and dropped.' in notes
    assert schemata_with_index(psql) == set()


@ways
def test_an_invalid_index_of_a_run_that_was_killed_is_replaced_and_reported(
    tenants: list[str], psql: SQL, said: io.StringIO, operation: Any
) -> None:
    psql(DOUBLE)
    psql("SET search_path TO __template__")
    with pytest.raises(Exception, match='schema "acme"'):
        psql(UNIQUE)
    psql("RESET search_path")
    assert schemata_with_index(psql) == {TEMPLATE}
    psql("DELETE FROM acme.shop_item WHERE name = ''")
    Written(operation, atomic=False).forwards()
    assert schemata_with_index(psql) == {TEMPLATE, *tenants}
    expected = 'the index "by Price", invalid in the template since an earlier run, was replaced'
    assert expected in said.getvalue()


@ways
def test_a_replaced_index_that_a_tenant_still_refuses_is_dropped_again(
    tenants: list[str], psql: SQL, operation: Any
) -> None:
    psql(DOUBLE)
    for _ in range(2):
        psql("SET search_path TO __template__")
        with pytest.raises(Exception, match='schema "acme"'):
            psql(UNIQUE)
        psql("RESET search_path")
        with pytest.raises(DatabaseError, match='schema "acme"'):
            Written(operation, atomic=False).forwards()
        assert schemata_with_index(psql) == set()


def test_an_index_is_dropped_concurrently_in_every_schema_and_comes_back(
    tenants: list[str], psql: SQL
) -> None:
    Written(AddIndexConcurrently("item", BY_PRICE), atomic=False).forwards()
    state = Written(AddIndexConcurrently("item", BY_PRICE), atomic=False)
    state.backwards()
    assert schemata_with_index(psql) == set()
    Written(
        migrations.AddIndex("item", BY_PRICE),
        RemoveIndexConcurrently("item", BY_PRICE.name),
        atomic=False,
    ).forwards()
    assert schemata_with_index(psql) == set()


def test_an_index_that_a_tenant_keeps_is_said_to_be_invalid_and_goes_the_next_time(
    tenants: list[str], psql: SQL
) -> None:
    Written(WAYS["SQL"], atomic=False).forwards()
    psql("CREATE TABLE acme.own (price integer REFERENCES acme.shop_item (price))")
    drop = Written(migrations.RunSQL('DROP INDEX CONCURRENTLY "by Price"'), atomic=False)
    with pytest.raises(DatabaseError, match='schema "acme"') as caught:
        drop.forwards()
    assert 'The index "by Price" is invalid in the template now.' in "".join(caught.value.__notes__)
    psql("DROP TABLE acme.own")
    drop.forwards()
    assert schemata_with_index(psql) == set()


def test_an_index_of_a_tenants_own_in_the_way_is_named_and_left_alone(
    tenants: list[str], psql: SQL
) -> None:
    psql('CREATE INDEX "by Price" ON acme.shop_item (name)')
    with pytest.raises(DatabaseError, match='schema "acme"'):
        Written(WAYS["SQL"], atomic=False).forwards()
    assert schemata_with_index(psql) == {"acme"}


def test_the_names_in_a_statement_are_those_that_the_server_looks_up() -> None:
    statement = """CREATE INDEX /* no /* "not" */ name */ Concurrently -- neither
        "It""s" ON Shop_Item (price) WHERE name = 'nor'"""
    assert names_in(statement) == {
        *("create", "index", "concurrently", 'It"s', "on", "shop_item", "price", "where", "name")
    }
