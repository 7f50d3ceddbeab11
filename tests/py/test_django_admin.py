"""The admin of tenants."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from project.homes.models import Home
from project.shop.models import Item
from project.users import DELETION, ContentType, LogEntry, Permission, User

from django_boardinghouse import schema
from django_boardinghouse.models import Schema

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.usefixtures("rows_only")

LIST = "/admin/boardinghouse/schema/"
NO_HOSTS = {"hosts-TOTAL_FORMS": 0, "hosts-INITIAL_FORMS": 0}


@pytest.fixture
def admin(django_database: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_adding_a_tenant_makes_its_schema_and_its_members_and_hosts(admin: Client) -> None:
    ann = User.objects.create(username="ann")
    form = {"schema": "acme", "name": "Acme Ltd", "is_active": "on", "users": [ann.pk]}
    hosts = {"hosts-TOTAL_FORMS": 1, "hosts-INITIAL_FORMS": 0, "hosts-0-host": "acme.test"}
    assert admin.post(f"{LIST}add/", form | hosts).status_code == 302
    tenant = Schema.objects.get()
    assert tenant.hosts.get().host == "acme.test"
    assert (tenant.schema, tenant.name, tenant.is_active) == ("acme", "Acme Ltd", True)
    assert list(ann.schemata.all()) == [tenant]
    with schema("acme"):
        assert Item.objects.count() == 0
    assert b"Acme Ltd" in admin.get(LIST).content


def test_a_host_is_taken_from_a_tenant_and_given_another(admin: Client) -> None:
    acme = Schema.objects.create(schema="acme")
    acme.hosts.create(host="acme.test")
    page = admin.get(f"{LIST}acme/change/").content.decode()
    assert re.search(r'name="hosts-0-host"[^>]* readonly', page)
    assert not re.search(r'name="hosts-__prefix__-host"[^>]* readonly', page)
    form = {"name": "Acme", "is_active": "on", "hosts-0-schema": "acme"}
    management = {"hosts-TOTAL_FORMS": 2, "hosts-INITIAL_FORMS": 1}
    hosts = {"hosts-0-host": "acme.test", "hosts-0-DELETE": "on", "hosts-1-host": "new.test"}
    assert admin.post(f"{LIST}acme/change/", form | management | hosts).status_code == 302
    assert [host.host for host in acme.hosts.all()] == ["new.test"]


def test_a_name_may_be_left_out(admin: Client) -> None:
    admin.post(f"{LIST}add/", {"schema": "acme", "is_active": "on", **NO_HOSTS})
    assert Schema.objects.get().name == "acme"


@pytest.mark.parametrize("name", ["public", "pg_acme", "ü" * 32, "", "taken"])
def test_a_name_that_will_not_do_is_said_in_the_form(admin: Client, name: str) -> None:
    Schema.objects.create(schema="taken")
    response = admin.post(f"{LIST}add/", {"schema": name, "is_active": "on", **NO_HOSTS})
    assert response.status_code == 200
    assert b"errorlist" in response.content
    assert Schema.objects.count() == 1


def test_what_the_database_refuses_is_a_message(admin: Client, psql: Callable[..., Any]) -> None:
    psql("CREATE SCHEMA elsewhere")
    form = {"schema": "elsewhere", "is_active": "on", **NO_HOSTS}
    response = admin.post(f"{LIST}add/", form, follow=True)
    assert b"already exists" in response.content
    assert not Schema.objects.exists()


def test_the_schema_of_a_tenant_is_not_to_be_edited(admin: Client) -> None:
    Schema.objects.create(schema="acme")
    page = admin.get(f"{LIST}acme/change/").content.decode()
    assert 'name="schema"' not in page
    form = {"schema": "other", "name": "Acme", "is_active": "", **NO_HOSTS}
    assert admin.post(f"{LIST}acme/change/", form).status_code == 302
    assert Schema.objects.values_list("schema", "name", "is_active").get() == (
        "acme",
        "Acme",
        False,
    )


def test_tenants_are_deactivated_and_activated_and_never_deleted(admin: Client) -> None:
    Schema.objects.bulk_create(Schema(schema=name) for name in "abc")
    for action, expected in (("deactivate", ["c"]), ("activate", ["a", "b", "c"])):
        response = admin.post(LIST, {"action": action, "_selected_action": ["a", "b"]}, follow=True)
        assert f"2 {action}d." in response.content.decode()
        assert sorted(tenant.pk for tenant in Schema.objects.active()) == expected
    page = admin.get(LIST).content.decode()
    assert "delete_selected" not in page
    assert admin.get(f"{LIST}a/delete/").status_code == 403


def test_hosts_and_tenants_are_for_staff_who_have_the_permission(admin: Client) -> None:
    Schema.objects.create(schema="acme").hosts.create(host="acme.test")
    ann = User.objects.create(username="ann", is_staff=True)
    admin.force_login(ann)
    assert admin.get(LIST).status_code == 403
    ann.user_permissions.add(Permission.objects.get(codename="view_schema"))
    page = admin.get(f"{LIST}acme/change/").content.decode()
    assert "Acme" in page.title()
    assert "acme.test" not in page
    ann.user_permissions.add(Permission.objects.get(codename="view_host"))
    page = admin.get(f"{LIST}acme/change/").content.decode()
    assert "acme.test" in page
    assert 'name="hosts-0-host"' not in page


def test_the_log_may_be_about_rows_that_are_gone(admin: Client) -> None:
    for model, key in ((Item, "77"), (Schema, "gone")):
        LogEntry.objects.create(
            user=User.objects.get(),
            content_type=ContentType.objects.get_for_model(model),
            object_id=key,
            object_repr=f"row {key}",
            action_flag=DELETION,
        )
    page = admin.get("/admin/").content.decode()
    assert "row 77" in page
    assert "row gone" in page


def test_a_child_is_administered_with_its_own_fields(admin: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = "project.homes.urls"
    page = admin.get("/homes/homes/home/add/").content.decode()
    for name in ("schema", "name", "is_active", "users", "paid_until", "plan", "hosts-TOTAL_FORMS"):
        assert f'name="{name}"' in page
    form = {"schema": "acme", "is_active": "on", "paid_until": "2031-01-01", **NO_HOSTS}
    assert admin.post("/homes/homes/home/add/", form).status_code == 302
    home = Home.objects.get()
    assert (home.name, str(home.paid_until)) == ("acme", "2031-01-01")
    page = admin.get("/homes/homes/home/acme/change/").content.decode()
    assert 'name="schema"' not in page
    assert 'name="paid_until"' in page
    admin.post(
        "/homes/homes/home/", {"action": "deactivate", "_selected_action": ["acme"]}, follow=True
    )
    assert not Schema.objects.get().is_active
