"""A registry model of the project's own: a child of `Schema`, and the hosts of a tenant."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.db import DatabaseError, NotSupportedError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings
from project.homes.models import Home, Invoice, Plan
from project.migrating import Written
from project.schemata import SQL, Names
from project.shop.models import Item
from project.users import User

from django_boardinghouse import DataStepRefused, SchemaExists, get_schema_model, schema
from django_boardinghouse.checks import check_schema_model
from django_boardinghouse.exceptions import SchemaNotFound
from django_boardinghouse.models import Host, Schema
from django_boardinghouse.operations import RunPython

pytest_plugins = ["project.fixtures"]
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("django_database")]


# The setting


def test_the_model_of_tenants_is_schema_unless_a_setting_names_a_child() -> None:
    assert get_schema_model() is Schema
    with override_settings(BOARDINGHOUSE_SCHEMA_MODEL="homes.Home"):
        assert get_schema_model() is Home
        assert check_schema_model() == []


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("Home", 'must be of the form "app_label.model"'),
        ("homes.Nothing", "no such model is installed"),
        ("nothing.Home", "no such model is installed"),
        ("shop.Item", "no child of boardinghouse.Schema"),
    ],
)
def test_a_setting_that_names_no_child_of_schema_says_what_is_wrong(
    label: str, message: str
) -> None:
    with override_settings(BOARDINGHOUSE_SCHEMA_MODEL=label):
        with pytest.raises(ImproperlyConfigured, match=message) as caught:
            get_schema_model()
        (found,) = check_schema_model()
    assert (found.id, found.msg) == ("boardinghouse.E010", str(caught.value))
    assert found.hint


# A child


def test_the_table_of_a_child_is_in_public_and_so_are_members_and_hosts(psql: SQL) -> None:
    assert psql(
        "SELECT relname, nspname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
        " WHERE relname IN ('homes_home', 'boardinghouse_host', 'boardinghouse_schema_users')"
        " ORDER BY 1"
    ) == [
        ("boardinghouse_host", "public"),
        ("boardinghouse_schema_users", "public"),
        ("homes_home", "public"),
    ]


def test_creating_a_child_makes_the_schema(schemata: Names) -> None:
    made = Home.objects.create(schema="acme", name="Acme Ltd", paid_until=datetime.date(2031, 1, 1))
    assert schemata() == ["acme"]
    assert Home.objects.get() == made
    assert Schema.objects.get().home == made
    with schema("acme"):
        assert Item.objects.count() == 0
    made.name, made.plan = "Acme", Plan.objects.create(name="big")
    made.save()
    assert Home.objects.values_list("name", "plan__name").get() == ("Acme", "big")


def test_getting_or_creating_a_child_makes_the_schema_once(schemata: Names) -> None:
    assert Home.objects.get_or_create(schema="acme")[1] is True
    assert Home.objects.get_or_create(schema="acme")[1] is False
    home, created = Home.objects.update_or_create(schema="acme", defaults={"name": "Acme"})
    assert (home.name, created) == ("Acme", False)
    assert schemata() == ["acme"]


def test_bulk_creating_children_makes_their_schemata(schemata: Names) -> None:
    made = Home.objects.bulk_create(Home(schema=name) for name in "ba")
    assert [home.pk for home in made] == ["b", "a"]
    assert schemata() == ["a", "b"]
    assert Home.objects.count() == 2
    with pytest.raises(NotSupportedError):
        Home.objects.bulk_create([Home(schema="c")], ignore_conflicts=True)
    with pytest.raises(SchemaExists):
        Home.objects.bulk_create([Home(schema="c"), Home(schema="a")])
    assert schemata() == ["a", "b"]


@pytest.mark.parametrize("parent_first", [True, False])
def test_a_fixture_of_a_child_makes_the_schema_once(
    schemata: Names, psql: SQL, parent_first: bool
) -> None:
    rows = [
        '{"model": "boardinghouse.schema", "pk": "acme", "fields": {"name": "Acme Ltd"}}',
        '{"model": "homes.home", "pk": "acme", "fields": {"paid_until": "2031-01-01"}}',
    ]
    text = ", ".join(rows if parent_first else reversed(rows))
    with transaction.atomic():
        for row in serializers.deserialize("json", f"[{text}]"):
            row.save()
    assert schemata() == ["acme"]
    home = Home.objects.get()
    assert (home.name, home.paid_until) == ("Acme Ltd", datetime.date(2031, 1, 1))


def test_a_fixture_of_a_child_alone_makes_the_schema(schemata: Names) -> None:
    text = '[{"model": "homes.home", "pk": "acme", "fields": {}}]'
    for _ in range(2):
        for row in serializers.deserialize("json", text):
            row.save()
    assert schemata() == ["acme"]
    assert Home.objects.get().name == "acme"


def test_a_child_can_be_added_to_a_schema_that_is_there(schemata: Names) -> None:
    tenant = Schema.objects.create(schema="acme", name="Acme Ltd")
    with pytest.raises(SchemaExists):  # its name would be lost
        Home(schema_ptr=tenant).save()
    Home(schema_ptr=tenant, paid_until=datetime.date(2031, 1, 1)).save_base(raw=True)
    assert schemata() == ["acme"]
    home = Home.objects.get()
    assert (home.name, home.paid_until) == ("Acme Ltd", datetime.date(2031, 1, 1))


def test_the_schema_of_a_saved_child_stays(schemata: Names) -> None:
    for home in (Home.objects.create(schema="acme"), Home.objects.get()):
        home.schema = "other"
        with pytest.raises(ValidationError, match="may not change schema after creation"):
            home.save()
    assert schemata() == ["acme"]


def test_deleting_a_child_deactivates_and_drops_when_told_to(schemata: Names) -> None:
    Home.objects.bulk_create(Home(schema=name) for name in "abcd")
    home = Home.objects.get(pk="a")
    assert home.delete() == (1, {"homes.Home": 1})
    assert not home.is_active
    assert Home.objects.filter(pk="b").delete() == (1, {"homes.Home": 1})
    assert [found.pk for found in Home.objects.active()] == ["c", "d"]
    assert schemata() == ["a", "b", "c", "d"]
    stale = Home.objects.get(pk="a")
    Home.objects.get(pk="a").delete(drop=True)
    Home.objects.filter(pk="b").delete(drop=True)
    Schema.objects.get(pk="c").delete(drop=True)
    assert schemata() == ["d"]
    with pytest.raises(SchemaNotFound):
        stale.save()
    assert schemata() == ["d"]
    assert [found.pk for found in Home.objects.all()] == ["d"]
    Home.objects.get().delete(keep_parents=True)
    assert not Home.objects.exists()
    assert list(Schema.objects.values_list("pk", "is_active")) == [("d", True)]


def test_deleting_through_a_related_manager_deactivates_and_drops_when_told_to(
    schemata: Names,
) -> None:
    ann = User.objects.create(username="ann")
    plan = Plan.objects.create(name="big")
    for name in "abcd":
        ann.schemata.add(Home.objects.create(schema=name, plan=plan))
    assert ann.schemata.filter(pk="a").delete() == (1, {"boardinghouse.Schema": 1})
    assert plan.home_set.filter(pk="b").delete() == (1, {"homes.Home": 1})
    assert [tenant.pk for tenant in ann.schemata.active()] == ["c", "d"]
    ann.schemata.filter(pk__in="ac").delete(drop=True)
    plan.home_set.filter(pk="b").delete(drop=True)
    assert schemata() == ["d"]


def test_soft_deletion_through_a_queryset_is_seen_at_once() -> None:
    """W13: whoever has been deactivated cannot be selected, however it was done."""
    from django_boardinghouse import SchemaInactive

    Home.objects.create(schema="acme")
    with schema("acme"):
        Item.objects.count()
    Home.objects.filter(pk="acme").delete()
    with pytest.raises(SchemaInactive), schema("acme"):
        Item.objects.count()


def test_deleting_what_a_child_refers_to_is_refused_and_loses_nothing(schemata: Names) -> None:
    plan = Plan.objects.create(name="big")
    Home.objects.create(schema="acme", plan=plan)
    with pytest.raises(DatabaseError, match="cannot be deleted from the registry"):
        plan.delete()
    assert schemata() == ["acme"]
    assert Home.objects.get().plan == plan


@pytest.mark.parametrize(
    ("rename", "drop"),
    [
        (
            "SELECT boardinghouse.rename_schema('acme', 'Acme \"2\"')",
            "SELECT boardinghouse.drop_schema('Acme \"2\"')",
        ),
        ('ALTER SCHEMA acme RENAME TO "Acme ""2"""', 'DROP SCHEMA "Acme ""2""" CASCADE'),
    ],
)
def test_members_hosts_and_the_child_follow_a_rename_and_a_drop_from_psql(
    psql: SQL, rename: str, drop: str
) -> None:
    ann = User.objects.create(username="ann")
    for name in ("acme", "order"):
        home = Home.objects.create(schema=name)
        home.users.add(ann)
        home.hosts.create(host=f"{name}.example.com")
        Invoice.objects.create(home=home)
    psql(rename)
    renamed = Home.objects.get(pk='Acme "2"')
    assert renamed.users.get() == ann
    assert renamed.hosts.get().host == "acme.example.com"
    assert renamed.invoice_set.count() == 1
    psql(drop)
    for rows in (Home, Invoice, Host, Schema.users.through):
        assert rows._default_manager.count() == 1
    assert Home.objects.get().pk == "order"
    psql("SELECT boardinghouse.drop_schema('order')")
    for rows in (Home, Invoice, Host, Schema.users.through):
        assert rows._default_manager.count() == 0


def test_the_models_of_a_migrations_state_make_schemata_too(schemata: Names) -> None:
    executor = MigrationExecutor(connection)
    apps = executor.loader.project_state(executor.loader.graph.leaf_nodes()).apps
    apps.get_model("boardinghouse", "Schema").objects.create(schema="a")
    apps.get_model("homes", "Home").objects.create(schema="b", name="b")
    assert schemata() == ["a", "b"]
    assert Home.objects.get().pk == "b"


def test_a_data_step_that_runs_in_each_tenant_makes_none(django_database: str) -> None:
    Schema.objects.create(schema="acme")

    def make(apps: Any, editor: Any) -> None:
        apps.get_model("boardinghouse", "Schema").objects.get_or_create(schema="new")

    with pytest.raises(DataStepRefused, match=r'the tenant "new".*scope="shared"'):
        Written(RunPython(make)).forwards()
    assert Schema.objects.count() == 1
    Written(RunPython(make, scope="shared")).forwards()
    assert Schema.objects.count() == 2


def test_a_data_step_of_shared_models_makes_tenants(schemata: Names, psql: SQL) -> None:
    def make(apps: Any, editor: Any) -> None:
        apps.get_model("homes", "Home").objects.create(schema="acme", name="Acme")

    Written(RunPython(make), app_label="homes").forwards()
    assert schemata() == ["acme"]
    assert Home.objects.get().name == "Acme"
    assert psql("SELECT * FROM boardinghouse.verify()") == []


# Hosts


def test_hosts_of_a_tenant() -> None:
    tenant = Schema.objects.create(schema="acme")
    tenant.hosts.create(host="acme.example.com")
    Host.objects.create(host="acme.test", schema=tenant)
    assert [str(host) for host in tenant.hosts.all()] == ["acme.example.com", "acme.test"]
    assert Schema.objects.get(hosts="acme.test") == tenant
    with pytest.raises(ValidationError):
        Host(host="acme.test", schema=tenant).full_clean()


@pytest.mark.parametrize("host", ["Acme.test", "acme.test:8000", "acme test", "", "-a", "a.test\n"])
def test_a_host_is_written_in_one_way(host: str) -> None:
    tenant = Schema.objects.create(schema="acme")
    with pytest.raises(ValidationError):
        Host(host=host, schema=tenant).full_clean()


def test_migrations_are_up_to_date() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
