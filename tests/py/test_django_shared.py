"""Which models are shared, and where their tables are: by the settings, and in the database."""

# ruff: noqa: DJ008 - models that only say what they are

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, migrations, models, transaction
from django.db.models.base import ModelBase
from django.db.models.query import QuerySet
from django.test import override_settings
from django.test.utils import CaptureQueriesContext, isolate_apps
from project.hub.models import Country, Currency
from project.migrating import Written
from project.schemata import SQL
from project.shop.models import Item, Tag
from project.users import Group, User

from django_boardinghouse import schema
from django_boardinghouse.base import SharedSchemaMixin
from django_boardinghouse.checks import check_models
from django_boardinghouse.home import home_of
from django_boardinghouse.models import Schema
from django_boardinghouse.placement_checks import check_places, check_rule
from django_boardinghouse.shared import has_tenants_rows, is_shared_model

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.once


PRIVATE_JOINS = ["auth.user_groups", "AUTH.User_User_Permissions"]


def ids(found: list[Any]) -> list[str]:
    assert all(message.hint for message in found)
    return [message.id for message in found]


def place(psql: SQL, table: str) -> list[str]:
    return [
        name
        for (name,) in psql(
            "SELECT nspname FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace"
            " WHERE relname = %s ORDER BY 1",
            table,
        )
    ]


# The rule.


@pytest.mark.parametrize("setting", ["BOARDINGHOUSE_SHARED_APPS", "APPSCHEMA_SHARED_APPS"])
@pytest.mark.parametrize("name", ["shop", "project.shop"])
def test_an_app_is_shared_by_its_label_or_module(setting: str, name: str) -> None:
    assert not is_shared_model(Item)
    with override_settings(**{setting: [name]}):
        assert is_shared_model(Item)
        assert is_shared_model(Tag)
        assert is_shared_model(Item.tags.through)  # it joins shared models
    with override_settings(**{setting: ["sho", "project"]}):
        assert not is_shared_model(Item)


def test_our_name_for_shared_apps_goes_before_the_alias() -> None:
    with override_settings(BOARDINGHOUSE_SHARED_APPS=[], APPSCHEMA_SHARED_APPS=["shop"]):
        assert not is_shared_model(Item)


def test_a_model_of_a_shared_app_can_be_the_tenants() -> None:
    with override_settings(BOARDINGHOUSE_SHARED_APPS=["shop"], PRIVATE_MODELS=["shop.TAG"]):
        assert is_shared_model(Item)
        assert not is_shared_model(Tag)
        assert not is_shared_model(Item.tags.through)  # so the join of both is the tenants'


def test_settings_are_asked_anew_when_they_change() -> None:
    assert has_tenants_rows(Item)
    with override_settings(BOARDINGHOUSE_SHARED_APPS=["shop"]):
        assert not has_tenants_rows(Item)
    assert has_tenants_rows(Item)


def test_a_user_model_of_the_projects_own_is_shared() -> None:
    with override_settings(AUTH_USER_MODEL="shop.Item", PRIVATE_MODELS=["shop.item"]):
        assert is_shared_model(Item)


@isolate_apps("project.hub")
def test_a_model_that_refers_only_to_itself_is_the_tenants() -> None:
    class Node(models.Model):
        parent = models.ForeignKey("self", models.CASCADE)
        other = models.ForeignKey("self", models.CASCADE, related_name="+")

        class Meta:
            app_label = "hub"

    assert not is_shared_model(Node)


def test_the_joins_of_users_are_shared_unless_they_are_private() -> None:
    joins = (User.groups.through, User.user_permissions.through)
    assert [is_shared_model(join) for join in joins] == [True, True]
    with override_settings(PRIVATE_MODELS=PRIVATE_JOINS):
        assert [is_shared_model(join) for join in joins] == [False, False]


# In migrations.


def test_it_is_the_state_of_the_migration_that_says_where_a_table_is_made(
    tenants: list[str], psql: SQL
) -> None:
    def create(name: str, *bases: Any) -> Any:
        return migrations.CreateModel(
            name, [("id", models.BigAutoField(primary_key=True))], bases=(*bases, models.Model)
        )

    Written(create("Of", SharedSchemaMixin), create("Gone")).forwards()  # no such models today
    assert place(psql, "shop_of") == ["public"]
    assert place(psql, "shop_gone") == sorted(["__template__", *tenants])
    with override_settings(SHARED_MODELS=["shop.listed"]):
        Written(create("Listed")).forwards()
    with override_settings(BOARDINGHOUSE_SHARED_APPS=["project.shop"]):
        Written(create("OfApp")).forwards()
    assert place(psql, "shop_listed") == place(psql, "shop_ofapp") == ["public"]


def test_groups_and_permissions_of_users_can_be_the_tenants(empty_database: str, psql: SQL) -> None:
    with override_settings(PRIVATE_MODELS=PRIVATE_JOINS):
        call_command("migrate", verbosity=0)
        assert place(psql, "auth_user_groups") == ["__template__"]
        assert place(psql, "auth_user_user_permissions") == ["__template__"]
        Schema.objects.bulk_create([Schema(schema="a"), Schema(schema="b")])
        ann, editors = User.objects.create(username="ann"), Group.objects.create(name="editors")
        with schema("a"):
            ann.groups.add(editors)
            assert list(ann.groups.all()) == [editors]
            assert list(User.objects.filter(groups=editors)) == [ann]
            assert home_of(User.groups.through.objects.get()) == "a"
            assert home_of(ann.groups.get()) is None
        with schema("b"):
            assert list(ann.groups.all()) == []
            assert list(editors.user_set.all()) == []
        assert check_models() == check_places(databases=["default"]) == []
        for attempt in (
            lambda: ann.groups.add(editors),
            lambda: ann.groups.set([editors]),
            lambda: ann.groups.count(),
            lambda: ann.groups.clear(),
            lambda: ann.user_permissions.all().exists(),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():  # and nothing is lost
                attempt()
        assert psql("SELECT count(*) FROM a.auth_user_groups") == [(1,)]


# What is checked.


@override_settings(BOARDINGHOUSE_SHARED_APPS=["shop", "project.hub", "sshop"])
def test_a_shared_app_that_there_is_not_is_a_warning() -> None:
    found = check_rule()
    assert ids(found) == ["boardinghouse.W030"]
    assert '"sshop"' in found[0].msg


@override_settings(PRIVATE_MODELS=["auth.user", "hub.country", "hub.currency", "auth.user_groups"])
def test_a_private_model_that_is_shared_all_the_same_is_a_warning() -> None:
    found = check_rule()
    assert ids(found) == ["boardinghouse.W032"] * 3
    assert {message.obj for message in found} == {User, Country, Currency}


def test_a_join_that_is_shared_by_setting_and_refers_to_a_tenants_model_is_an_error() -> None:
    with override_settings(SHARED_MODELS=["hub.currency", "shop.item_tags"]):
        found = check_models()
    assert ids(found) == ["boardinghouse.E004", "boardinghouse.E004"]
    with override_settings(SHARED_MODELS=["hub.currency", "shop.item"]):
        assert ids(check_models()) == []  # its join with the tenants' tags is the tenants'


def test_tables_are_where_the_rule_says(tenants: list[str]) -> None:
    assert check_rule() == check_places(databases=["default"]) == []
    assert check_places() == []
    call_command("check", databases=["default"], fail_level="WARNING")


def test_a_table_that_is_elsewhere_than_the_rule_says_is_a_warning(django_database: str) -> None:
    with override_settings(SHARED_MODELS=["hub.currency", "shop.item"], PRIVATE_MODELS=[]):
        found = check_places(databases=["default"])
    assert ids(found) == ["boardinghouse.W031", "boardinghouse.W031"]
    assert {message.obj for message in found} == {Item, Country.neighbours.through}
    assert "is shared, and its table is in the template" in found[-1].msg + found[0].msg
    with override_settings(SHARED_MODELS=[]):
        found = check_places(databases=["default"])
    assert Currency in {message.obj for message in found}
    assert any('is the tenants\', and its table is in schema "public"' in m.msg for m in found)


def test_a_table_in_public_and_in_the_template_is_an_error_and_refused(
    tenants: list[str], psql: SQL
) -> None:
    with pytest.raises(ProgrammingError) as raised, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.shop_item (id int)")
    assert (
        getattr(raised.value.__cause__, "sqlstate", "")
        or getattr(raised.value.__cause__, "pgcode", "") == "42P07"
    )
    psql("SET session_replication_role = replica; CREATE TABLE public.shop_item (id int)")
    psql("RESET session_replication_role")
    found = check_places(databases=["default"])
    assert ids(found) == ["boardinghouse.E031"]
    assert '"shop_item"' in found[0].msg
    assert psql("SELECT problem, object FROM boardinghouse.verify()") == [
        ("is in another schema, too", "shop_item")
    ]


# Costs and side effects.


def test_making_rows_asks_the_database_nothing(django_database: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        for _ in range(3):
            Item(name="new", parent=Item())
    assert len(captured) == 0


def test_django_is_patched_in_four_places_only() -> None:
    def ours(owner: type) -> set[str]:
        return {
            name
            for name, value in vars(owner).items()
            if getattr(getattr(value, "__code__", None), "co_filename", "").find("django_boarding")
            > 0
        }

    assert ours(models.Model) == {"delete", "refresh_from_db"}
    assert ours(QuerySet) == {"bulk_update", "using"}
    for owner in (ModelBase, models.Manager, User, models.Field, models.sql.Query):
        assert ours(owner) == set()
    assert Item(pk=1) == Item(pk=1)
