"""What empties the database: `flush`, and the test cases of Django's that use it."""

from __future__ import annotations

import unittest
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase
from project import cases
from project.homes.models import Home, Plan
from project.hub.models import Contract, Country
from project.schemata import SQL
from project.shop.models import Item, Tag
from project.users import User

from django_boardinghouse import activate_schema, get_active_schema_name, schema
from django_boardinghouse.models import Schema
from django_boardinghouse.selection import IN_TEMPLATE, keep_selected, select, selected

pytest_plugins = ["project.fixtures"]


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
    Contract.objects.create(schema_id="acme", payer_id="order")
    Home(schema_ptr_id="acme").save_base(raw=True)
    Schema.objects.get(pk="acme").hosts.create(host="acme.test")
    Schema.objects.get(pk="order").delete()
    return tenants


def count(psql: SQL, table: str) -> int:
    return int(psql(f"SELECT count(*) FROM {table}")[0][0])


def flush(**options: Any) -> None:
    call_command("flush", interactive=False, verbosity=0, **options)


@pytest.mark.parametrize("name", ["acme", "nobody"])
def test_flush_does_not_mind_what_is_selected_and_leaves_nothing_selected(
    filled: list[str], name: str
) -> None:
    before = selected()
    try:
        activate_schema(name)
        flush()
        assert get_active_schema_name() is None
        assert not Schema.objects.exists()
    finally:
        keep_selected(before)


def test_flush_drops_the_tenants_and_empties_what_is_shared(filled: list[str], psql: SQL) -> None:
    flush()
    assert not Schema.objects.exists()
    assert (
        psql("SELECT nspname FROM pg_namespace WHERE nspname IN ('acme', 'Be \"ta', 'order')") == []
    )
    for table in (
        "hub_contract",
        "homes_home",
        "boardinghouse_host",
        "boardinghouse_schema_users",
        "django_session",
    ):
        assert count(psql, table) == 0
    assert count(psql, "django_migrations") > 0
    assert count(psql, "auth_permission") > 0
    assert psql("SELECT * FROM boardinghouse.verify()") == []


def test_a_tenant_can_be_made_anew_after_a_flush(filled: list[str]) -> None:
    """W15: the name is free, and nothing is left of the rows."""
    flush()
    Schema.objects.create(schema="acme")
    with schema("acme"):
        assert [item.name for item in Item.objects.all()] == ["of the template"]
        assert Item.objects.create(name="next").pk == 2


def test_flush_keeps_the_template_and_the_shared_rows_that_it_refers_to(
    filled: list[str], psql: SQL
) -> None:
    """W15: a foreign key to a shared table does not stop it, and does not dangle."""
    Country.objects.create(code="de")
    User.objects.create(username="bea")
    flush()
    assert psql("SELECT name, country_id FROM __template__.shop_item") == [
        ("of the template", "at")
    ]
    assert [country.code for country in Country.objects.all()] == ["at"]
    assert [user.username for user in User.objects.all()] == ["ann"]


def test_flush_keeps_what_kept_rows_refer_to_in_their_turn(django_database: str, psql: SQL) -> None:
    psql(
        "CREATE TABLE public.place (id int PRIMARY KEY, within int REFERENCES public.place);"
        "CREATE TABLE public.note (place int REFERENCES public.place);"
        "ALTER TABLE public.hub_country ADD place int REFERENCES public.place;"
        "INSERT INTO place VALUES (1, NULL), (2, 1), (3, 2), (4, 2), (5, 5);"
        "INSERT INTO hub_country VALUES ('at', 3), ('de', 4), ('fr', 5);"
        "INSERT INTO __template__.shop_item (name, country_id) VALUES ('i', 'at'), ('j', NULL)"
    )
    tables = [model._meta.db_table for model in (Country, Item, User)]
    sql = connection.ops.sql_flush(no_style(), [*tables, "place", "note"], reset_sequences=True)
    connection.ops.execute_sql_flush(sql)
    assert psql("SELECT id FROM place ORDER BY 1") == [(1,), (2,), (3,)]
    assert psql("SELECT code FROM hub_country") == [("at",)]
    assert count(psql, "__template__.shop_item") == 2


def test_a_flush_that_is_rolled_back_has_dropped_nothing(filled: list[str]) -> None:
    with transaction.atomic():
        flush()
        assert not Schema.objects.exists()
        transaction.set_rollback(True)
    with schema("acme"):
        assert Item.objects.count() == 2


def test_flush_restarts_sequences_behind_what_is_kept(filled: list[str]) -> None:
    User.objects.create(username="bea")
    Plan.objects.create(name="big")
    ann = User.objects.get(username="ann").pk
    flush()
    assert User.objects.create(username="cyd").pk == ann + 1
    assert Plan.objects.create(name="small").pk == 1


def test_flush_does_the_same_whatever_is_selected(filled: list[str], psql: SQL) -> None:
    with schema("acme"):
        flush()
    assert not Schema.objects.exists()
    assert count(psql, "hub_contract") == 0


def test_flush_does_nothing_where_a_table_that_django_does_not_know_refers_to_what_it_empties(
    filled: list[str], psql: SQL
) -> None:
    psql(
        "CREATE TABLE public.own (owner_id integer REFERENCES public.auth_user);"
        "INSERT INTO auth_user SELECT (u).* FROM (SELECT jsonb_populate_record(u, "
        '  \'{"id": 77, "username": "bea"}\') AS u FROM auth_user AS u) AS x;'
        "INSERT INTO own VALUES (77)"
    )
    with pytest.raises(CommandError, match='"own"') as caught:
        flush()
    assert "What the database said" in str(caught.value)
    assert count(psql, "auth_user") == 2
    assert Schema.objects.count() == 3


def test_flush_does_nothing_where_a_tenant_cannot_be_dropped(filled: list[str], psql: SQL) -> None:
    psql("CREATE VIEW public.all_items AS SELECT * FROM acme.shop_item")
    with pytest.raises(CommandError, match="other objects depend on it"):
        flush()
    assert Schema.objects.count() == 3
    assert count(psql, "hub_contract") == 1


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_flush_asks_and_says_what_is_lost_and_what_stays(
    filled: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda text: asked.append(text) or answer)
    call_command("flush", verbosity=0)
    (text,) = asked
    assert 'all tenants with all their rows (3: Be "ta, acme, order)' in text
    assert "The template stays, with its rows" in text
    assert Schema.objects.count() == (0 if answer == "yes" else 3)
    assert ("Flush cancelled." in capsys.readouterr().out) == (answer == "no")


def test_sqlflush_prints_what_flush_runs(
    filled: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sqlflush", no_color=True)
    printed = capsys.readouterr().out
    for part in (
        "SELECT boardinghouse.drop_schema('Be \"ta');",
        "DELETE FROM public.boardinghouse_schema_users",
        "DELETE FROM public.hub_country",
    ):
        assert part in printed
    for part in ("TRUNCATE", "django_migrations", "DELETE FROM __template__"):
        assert part not in printed


def test_flush_empties_tables_whose_names_need_quotes(django_database: str, psql: SQL) -> None:
    psql(
        'CREATE TABLE public."Be ""ta" (id int PRIMARY KEY);'
        'CREATE TABLE public."order" (id serial, beta int REFERENCES public."Be ""ta");'
        'CREATE TABLE __template__.user (id int, beta int REFERENCES public."Be ""ta");'
        'INSERT INTO public."Be ""ta" VALUES (1), (2);'
        'INSERT INTO public."order" (beta) VALUES (1); INSERT INTO __template__.user VALUES (1, 2)'
    )
    sql = connection.ops.sql_flush(no_style(), ['Be "ta', "order", "user"], reset_sequences=True)
    connection.ops.execute_sql_flush(sql)
    assert psql('SELECT id FROM public."Be ""ta"') == [(2,)]
    assert psql("SELECT nextval('order_id_seq')") == [(1,)]
    assert count(psql, "__template__.user") == 1


def test_flush_empties_tables_of_a_database_without_the_extension(
    empty_database: str, psql: SQL
) -> None:
    psql("CREATE TABLE hub_currency (code text); INSERT INTO hub_currency VALUES ('EUR')")
    flush(inhibit_post_migrate=True)
    assert count(psql, "hub_currency") == 0


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
    assert set(found) == {1}


# TransactionTestCase


def run(*cases: type[TransactionTestCase]) -> None:
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in cases)
    result = unittest.TestResult()
    suite.run(result)
    problems = result.errors + result.failures
    assert not problems, "\n".join(text for _, text in problems)
    assert result.testsRun == 2 * len(cases)


def test_tenants_that_a_transaction_test_case_has_made_are_gone_after_each_test(
    django_database: str, psql: SQL
) -> None:
    run(cases.Bookings, cases.ResetBookings)
    assert not Schema.objects.exists()
    assert count(psql, "auth_user") == 0


def test_rows_of_migrations_in_the_template_stay_after_a_transaction_test_case(
    django_database: str,
) -> None:
    with select(IN_TEMPLATE):
        Tag.objects.create(name="from the beginning")
    run(cases.ResetBookings)
    with select(IN_TEMPLATE):
        assert Tag.objects.get().name == "from the beginning"


def test_a_transaction_test_case_with_a_part_of_the_apps_leaves_no_tenant(
    django_database: str,
) -> None:
    User.objects.create(username="ann")
    run(cases.PartOfTheApps)
    assert not Schema.objects.exists()
    assert not Country.objects.exists()
    assert User.objects.exists()


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
    text = '[{"model": "shop.item", "pk": 1, "fields": {"name": "x", "parent": 7}}]'
    with pytest.raises(IntegrityError):
        connection.creation.deserialize_db_from_string(text)
