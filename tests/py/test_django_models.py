"""The registry as a model: rows of it are schemata, and the SQL functions make them so."""

# ruff: noqa: PT012 - what raises is the transaction around it

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, NotSupportedError, connection, transaction
from project.databases import lead_to, new_database
from project.schemata import SQL, Names
from project.shop.models import Item, Tag
from project.users import User

from django_boardinghouse import InvalidSchemaName, SchemaExists, SchemaNotFound, schema
from django_boardinghouse.models import Schema

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.usefixtures("django_database", "rows_only")


def test_create_makes_a_schema(schemata: Names) -> None:
    made = Schema.objects.create(schema="acme", name="Acme Ltd")
    assert schemata() == ["acme"]
    assert Schema.objects.get() == made
    assert (made.schema, made.name, made.is_active, str(made)) == (
        "acme",
        "Acme Ltd",
        True,
        "Acme Ltd",
    )
    with schema("acme"):
        assert Item.objects.count() == 0


def test_a_tenant_has_the_keys_and_the_generated_values_of_its_models() -> None:
    Schema.objects.create(schema="acme")
    with schema("acme"):
        first, second = (Item.objects.create(name=name) for name in ("a", "b"))
        assert (first.pk, second.pk) == (1, 2)
        for dangling in ({"parent_id": 9}, {"country_id": "zz"}, {"owner_id": 9}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Item.objects.create(name="x", **dangling)
                connection.check_constraints()
        first.tags.add(Tag.objects.create(name="t"))
        with pytest.raises(IntegrityError):
            Tag.objects.create(name="t")


def test_a_schema_without_a_name_is_called_by_its_schema() -> None:
    assert Schema.objects.create(schema="acme").name == "acme"
    assert Schema.objects.get().name == "acme"


def test_bulk_create_makes_schemata(schemata: Names) -> None:
    made = Schema.objects.bulk_create(Schema(schema=name) for name in ("b", "a"))
    assert [tenant.schema for tenant in made] == ["b", "a"]
    assert schemata() == ["a", "b"]


def test_saving_makes_a_schema(schemata: Names) -> None:
    Schema(schema="acme").save()
    assert schemata() == ["acme"]


def test_an_update_of_what_is_not_there_makes_no_schema(schemata: Names) -> None:
    for options in ({"update_fields": ["name"]}, {"force_update": True}):
        with pytest.raises(DatabaseError, match="did not affect any rows"):
            Schema(schema="acme").save(**options)
    assert schemata() == []


def test_get_or_create_makes_a_schema_once(schemata: Names) -> None:
    assert Schema.objects.get_or_create(schema="acme")[1] is True
    assert Schema.objects.get_or_create(schema="acme")[1] is False
    assert schemata() == ["acme"]


def test_a_fixture_makes_schemata(schemata: Names) -> None:
    text = (
        '[{"model": "boardinghouse.schema", "pk": "acme",'
        ' "fields": {"name": "Acme Ltd", "is_active": false, "users": []}}]'
    )
    for _ in range(2):  # loading again updates
        for row in serializers.deserialize("json", text):
            row.save()
    assert schemata() == ["acme"]
    assert Schema.objects.values_list("name", "is_active").get() == ("Acme Ltd", False)


def test_a_schema_can_be_made_inactive_from_the_start() -> None:
    Schema.objects.create(schema="acme", is_active=False)
    assert list(Schema.objects.inactive().values_list("pk", flat=True)) == ["acme"]
    assert not Schema.objects.active().exists()


def test_nothing_is_left_of_a_schema_whose_transaction_was_rolled_back(schemata: Names) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Schema.objects.create(schema="acme")
        raise ZeroDivisionError
    assert schemata() == []
    assert not Schema.objects.exists()


def test_a_name_is_taken_once() -> None:
    Schema.objects.create(schema="acme", name="first")
    for make in (Schema.objects.create, lambda **fields: Schema(**fields).save()):
        with pytest.raises(SchemaExists, match="acme") as caught:
            make(schema="acme", name="second")
        assert isinstance(caught.value, IntegrityError)
    assert Schema.objects.get().name == "first"


def test_a_schema_that_is_no_tenant_is_not_taken_over(psql: SQL) -> None:
    psql("CREATE SCHEMA elsewhere")
    with pytest.raises(SchemaExists, match="elsewhere"):
        Schema.objects.create(schema="elsewhere")
    assert not Schema.objects.exists()


@pytest.mark.parametrize(
    "name", ["public", "__template__", "boardinghouse", "pg_x", "", "x" * 64, "ü" * 32]
)
def test_a_name_that_the_database_does_not_take_is_refused(name: str) -> None:
    with pytest.raises((InvalidSchemaName, SchemaExists)):
        Schema.objects.create(schema=name)
    with pytest.raises(ValidationError):
        Schema(schema=name, name="x").full_clean()
    assert not Schema.objects.exists()


@pytest.mark.parametrize("name", ["user", "Order", "a.b", "it's", "100%", "%s", 'q"q', "ü" * 31])
def test_a_name_that_needs_quotes_works(name: str) -> None:
    Schema.objects.create(schema=name).full_clean()
    with schema(name):
        Item.objects.create(name="here")
        assert Item.objects.count() == 1
    assert Schema.objects.filter(schema__startswith=name[0], schema__contains=name).exists()


def test_the_schema_of_a_saved_tenant_stays(schemata: Names) -> None:
    for tenant in (Schema.objects.create(schema="acme"), Schema.objects.get()):
        tenant.schema = "other"
        with pytest.raises(ValidationError, match="may not change schema after creation"):
            tenant.save()
    with pytest.raises(DatabaseError):
        Schema.objects.update(schema="other")
    assert schemata() == ["acme"]


def test_name_and_activity_are_saved_plainly() -> None:
    tenant = Schema.objects.create(schema="acme")
    tenant.name, tenant.is_active = "Acme & Sons", False
    tenant.save()
    assert Schema.objects.values_list("name", "is_active").get() == ("Acme & Sons", False)
    Schema.objects.update(name="Acme")
    tenant.refresh_from_db()
    assert tenant.name == "Acme"


def test_delete_deactivates(schemata: Names) -> None:
    Schema.objects.bulk_create(Schema(schema=name) for name in "abc")
    tenant = Schema.objects.get(pk="a")
    assert tenant.delete() == (1, {"boardinghouse.Schema": 1})
    assert not tenant.is_active
    assert Schema.objects.filter(pk="b").delete() == (1, {"boardinghouse.Schema": 1})
    assert [tenant.pk for tenant in Schema.objects.active()] == ["c"]
    assert schemata() == ["a", "b", "c"]


def test_tenants_are_deleted_in_tasks_too(schemata: Names) -> None:
    Schema.objects.bulk_create(Schema(schema=name) for name in "abcd")
    async_to_sync(Schema.objects.get(pk="a").adelete)(drop=True)
    async_to_sync(Schema.objects.filter(pk="b").adelete)(drop=True)
    assert schemata() == ["c", "d"]
    async_to_sync(Schema.objects.get(pk="c").adelete)()
    async_to_sync(Schema.objects.filter(pk="d").adelete)()
    assert not Schema.objects.active()
    assert schemata() == ["c", "d"]


def test_a_row_of_a_tenant_that_was_dropped_makes_no_empty_one(schemata: Names) -> None:
    Schema.objects.create(schema="a")
    stale = Schema.objects.get()
    Schema.objects.get().delete(drop=True)
    with pytest.raises(SchemaNotFound, match='schema "a" does not exist any more'):
        stale.save()
    assert schemata() == []


def test_delete_drops_when_told_to(schemata: Names) -> None:
    Schema.objects.bulk_create(Schema(schema=name) for name in "abc")
    Schema.objects.get(pk="a").delete(drop=True)
    assert schemata() == ["b", "c"]
    assert Schema.objects.filter(pk="b").delete(drop=True)[0] == 1
    assert schemata() == ["c"]
    with pytest.raises(SchemaNotFound), schema("a"):
        Item.objects.count()


def test_what_is_dropped_is_dropped_in_the_database_that_was_asked(
    server: Any, migrated: str, schemata: Names
) -> None:
    with new_database(server, migrated) as other, lead_to(server, other, "other"):
        for using in ("default", "other"):
            Schema.objects.using(using).create(schema="acme")
            Schema.objects.using(using).create(schema="order")
        Schema.objects.using("other").filter(pk="acme").delete(drop=True)
        Schema.objects.using("other").get().delete(drop=True)
        assert not Schema.objects.using("other").exists()
    assert schemata() == ["acme", "order"]


def test_what_the_database_cannot_promise_is_refused() -> None:
    with pytest.raises(NotSupportedError):
        Schema.objects.bulk_create([Schema(schema="acme")], ignore_conflicts=True)


def test_users_of_a_schema_and_schemata_of_a_user(psql: SQL) -> None:
    ann = User.objects.create(username="ann")
    tenant = Schema.objects.create(schema="acme")
    tenant.users.add(ann)
    ann.schemata.add(Schema.objects.create(schema="order"))
    assert sorted(ann.schemata.values_list("pk", flat=True)) == ["acme", "order"]
    assert list(ann.schemata.active().filter(users=ann, pk="acme")) == [tenant]
    assert psql("SELECT schema_id FROM public.boardinghouse_schema_users ORDER BY 1") == [
        ("acme",),
        ("order",),
    ]
    tenant.users.remove(ann)
    assert tenant.users.count() == 0


def test_members_follow_a_rename_and_a_drop_from_psql(psql: SQL) -> None:
    ann = User.objects.create(username="ann")
    for name in ("acme", "order"):
        ann.schemata.add(Schema.objects.create(schema=name))
    psql("SELECT boardinghouse.rename_schema('acme', 'acme2')")
    psql("SELECT boardinghouse.drop_schema('order')")
    assert list(ann.schemata.values_list("pk", flat=True)) == ["acme2"]
    Schema.objects.get(pk="acme2").delete(drop=True)
    assert ann.schemata.count() == 0


def test_a_key_to_the_registry_of_a_projects_own_follows_too(psql: SQL) -> None:
    rules = psql(
        "SELECT confupdtype, confdeltype FROM pg_constraint"
        " WHERE confrelid = 'boardinghouse.schema'::regclass"
        "   AND conrelid::regclass::text IN ('boardinghouse_schema_users', 'hub_contract')"
        " ORDER BY conrelid::regclass::text, conname"
    )
    assert rules == [("c", "c"), ("c", "n"), ("c", "a"), ("c", "c")]
