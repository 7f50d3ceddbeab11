"""What empties the database: `flush`, and the test cases of Django's that use it."""

from __future__ import annotations

import unittest
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase
from project import cases
from project.hub.models import Contract, Country
from project.shop.models import Item, Tag
from project.users import User

from django_boardinghouse import schema
from django_boardinghouse.models import Schema
from django_boardinghouse.selection import IN_TEMPLATE, select

pytest_plugins = ["project.fixtures"]

SQL = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def filled(tenants: list[str]) -> list[str]:
    """Three tenants, one of them inactive: rows refer to shared rows, in the template too."""
    ann = User.objects.create(username="ann")
    country = Country.objects.create(code="at")
    with select(IN_TEMPLATE):
        Item.objects.create(name="of the template", country=country, owner=ann)
    for name in tenants:
        ann.schemata.add(name)
        with schema(name):
            item = Item.objects.create(name="second", country=country, owner=ann)
            item.tags.add(Tag.objects.create(name="tag"))
    Contract.objects.create(schema_id="acme")
    Schema.objects.get(pk="order").delete()
    return tenants


def count(psql: SQL, table: str) -> int:
    return int(psql(f"SELECT count(*) FROM {table}")[0][0])


def flush(**options: Any) -> None:
    call_command("flush", interactive=False, verbosity=0, **options)


def test_flush_empties_every_table_and_keeps_the_tenants(filled: list[str], psql: SQL) -> None:
    flush()
    for table in ("shop_item", "shop_tag", "shop_item_tags"):
        for name in ("__template__", "acme", '"Be ""ta"', '"order"'):
            assert count(psql, f"{name}.{table}") == 0
    for table in ("auth_user", "hub_country", "hub_contract", "boardinghouse_schema_users"):
        assert count(psql, table) == 0
    assert [(tenant.pk, tenant.is_active) for tenant in Schema.objects.order_by("pk")] == [
        ('Be "ta', True),
        ("acme", True),
        ("order", False),
    ]
    assert count(psql, "django_migrations") > 0
    assert count(psql, "auth_permission") > 0
    assert psql("SELECT * FROM boardinghouse.verify()") == []


def test_flush_resets_the_sequences_of_every_schema(filled: list[str]) -> None:
    flush()
    for name in filled[:2]:
        with schema(name):
            assert Item.objects.create(name="first").pk == 1
    assert User.objects.create(username="bea").pk == 1


def test_flush_does_the_same_whatever_is_selected(filled: list[str], psql: SQL) -> None:
    with schema("acme"):
        flush()
    assert count(psql, '"order".shop_item') == 0
    assert count(psql, "auth_user") == 0


def test_flush_does_nothing_where_a_table_of_a_tenants_own_refers_to_what_it_empties(
    filled: list[str], psql: SQL
) -> None:
    psql("CREATE TABLE acme.own (owner_id integer REFERENCES public.auth_user)")
    with pytest.raises(CommandError) as caught:
        flush()
    assert '"own" references "auth_user"' in str(caught.value.__cause__)
    assert count(psql, "auth_user") == 1


def test_sqlflush_prints_every_table(filled: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sqlflush", no_color=True)
    printed = capsys.readouterr().out
    for table in (
        '"__template__"."shop_item"',
        '"Be ""ta"."shop_item_tags"',
        '"public"."boardinghouse_schema_users"',
        '"public"."hub_contract"',
    ):
        assert table in printed
    assert "django_migrations" not in printed
    assert '"boardinghouse"' not in printed


def test_flush_works_before_the_first_migrate(empty_database: str) -> None:
    flush()
    call_command("migrate", "boardinghouse", verbosity=0)
    flush(inhibit_post_migrate=True)


def test_a_receiver_of_post_migrate_finds_the_tables_of_the_template(filled: list[str]) -> None:
    found = []

    def look(**_: Any) -> None:
        found.append(Item.objects.count())

    post_migrate.connect(look)
    try:
        flush()
    finally:
        post_migrate.disconnect(look)
    assert set(found) == {0}


# TransactionTestCase


def run(*cases: type[TransactionTestCase]) -> None:
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)
    result = unittest.TestResult()
    suite.run(result)
    problems = result.errors + result.failures
    assert not problems, "\n".join(text for _, text in problems)
    assert result.testsRun == 2 * len(cases)


def test_transaction_test_case_empties_the_database_after_each_test(
    django_database: str, psql: SQL
) -> None:
    run(cases.Bookings, cases.ResetBookings)
    assert count(psql, "acme.shop_item") == 0
    assert count(psql, "auth_user") == 0


@pytest.fixture
def serialized(django_database: str) -> Iterator[None]:
    """What the test runner keeps of a fresh test database."""
    Country.objects.create(code="at")
    with select(IN_TEMPLATE):
        Tag.objects.create(name="from the beginning")
    kept: Any = connection
    kept._test_serialized_contents = connection.creation.serialize_db_to_string()
    yield
    del kept._test_serialized_contents


def test_serialized_rollback_brings_the_templates_rows_back(serialized: None, psql: SQL) -> None:
    run(cases.SerializedBookings)
    flush(inhibit_post_migrate=True)
    run(cases.SerializedBookings)


def test_what_is_brought_back_is_checked(serialized: None) -> None:
    flush()
    text = '[{"model": "shop.item", "pk": 1, "fields": {"name": "x", "parent": 7}}]'
    with pytest.raises(IntegrityError):
        connection.creation.deserialize_db_from_string(text)
