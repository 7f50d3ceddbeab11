"""What `manage.py check` says of a project, and which models are shared."""

# ruff: noqa: DJ008 - models that only say what they are

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test import override_settings
from django.test.utils import isolate_apps
from project.hub.models import Country, Currency
from project.shop.models import Item
from project.users import Group, User

from django_boardinghouse import checks
from django_boardinghouse.base import SharedSchemaMixin, SharedSchemaModel
from django_boardinghouse.models import Schema
from django_boardinghouse.shared import REQUIRED_SHARED_MODELS, is_shared_model

pytest_plugins = ["project.fixtures"]

SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"
OURS = "django_boardinghouse.middleware.SchemaMiddleware"


def ids(found: list[Any]) -> list[str]:
    assert all(message.hint for message in found)
    return [message.id for message in found]


def test_a_sound_project_has_nothing_to_mend(django_database: str) -> None:
    assert checks.check_settings() == checks.check_models() == []
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_another_engine_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "connections", {"default": object()})
    assert ids(checks.check_settings()) == ["boardinghouse.E001"]


@pytest.mark.parametrize(
    ("middleware", "expected"),
    [
        ([SESSIONS, AUTHENTICATION, OURS], []),
        ([AUTHENTICATION, OURS], ["boardinghouse.E002"]),
        ([OURS, SESSIONS, AUTHENTICATION], ["boardinghouse.E002", "boardinghouse.E003"]),
        ([SESSIONS, OURS], ["boardinghouse.E003"]),
        ([SESSIONS, AUTHENTICATION], ["boardinghouse.W001"]),
    ],
)
def test_the_middleware_comes_after_sessions_and_authentication(
    middleware: list[str], expected: list[str]
) -> None:
    with override_settings(MIDDLEWARE=middleware):
        assert ids(checks.check_settings()) == expected


@override_settings(SHARED_MODELS=["hub.currency", "hub.curency"], PRIVATE_MODELS=["nowhere.at_all"])
def test_a_setting_that_names_no_model_is_a_warning() -> None:
    found = checks.check_settings()
    assert ids(found) == ["boardinghouse.W002", "boardinghouse.W002"]
    assert [message.msg.split(" ")[0] for message in found] == ["SHARED_MODELS", "PRIVATE_MODELS"]


@isolate_apps("project.hub")
def test_a_key_from_a_shared_model_to_one_of_the_tenants_is_an_error() -> None:
    class Favourite(SharedSchemaModel):
        item = models.ForeignKey(Item, models.CASCADE)
        loose = models.ForeignKey(Item, models.CASCADE, related_name="+", db_constraint=False)
        country = models.ForeignKey(Country, models.CASCADE)

        class Meta:
            app_label = "hub"

    class Config:
        def get_models(self, include_auto_created: bool) -> list[Any]:
            return [Favourite]

    found = checks.check_models([Config()])  # type: ignore[list-item]
    assert ids(found) == ["boardinghouse.E004"]
    assert "item" in found[0].msg


def test_what_must_be_shared_is_shared() -> None:
    for label in REQUIRED_SHARED_MODELS - {"migrations.migration", "sites.site"}:
        assert is_shared_model(apps.get_model(label)), label
    with override_settings(PRIVATE_MODELS=["auth.user", "boardinghouse.schema"]):
        assert is_shared_model(User)
        assert is_shared_model(Schema)


def test_models_that_nobody_names_are_the_tenants() -> None:
    assert not is_shared_model(Item)
    assert not is_shared_model(Item.tags.through)


def test_a_model_is_shared_by_setting_or_by_what_it_derives_from() -> None:
    assert is_shared_model(Currency)
    assert is_shared_model(Country)
    with override_settings(SHARED_MODELS=["shop.ITEM"]):
        assert is_shared_model(Item)


def test_a_join_of_shared_models_is_shared_unless_it_is_private() -> None:
    assert is_shared_model(Country.currencies.through)
    assert not is_shared_model(Country.neighbours.through)
    assert is_shared_model(User.groups.through)
    assert is_shared_model(Schema.users.through)
    with override_settings(PRIVATE_MODELS=["auth.User_groups"]):
        assert not is_shared_model(User.groups.through)


@isolate_apps("project.hub")
def test_kinds_of_models() -> None:
    class Plain(models.Model):
        class Meta:
            app_label = "hub"

    class Person(User):  # a child has a table of its own
        class Meta:
            app_label = "hub"

    class Staff(User):
        class Meta:
            proxy = True
            app_label = "hub"

    class Tenant(Schema):
        class Meta:
            app_label = "hub"

    class Marked(SharedSchemaMixin, models.Model):
        class Meta:
            app_label = "hub"

    class Node(models.Model):  # nothing but a key to itself
        parent = models.ForeignKey("self", models.CASCADE)

        class Meta:
            app_label = "hub"

    class Membership(models.Model):
        group = models.ForeignKey(Group, models.CASCADE)
        user = models.ForeignKey(User, models.CASCADE)

        class Meta:
            app_label = "hub"

    class Mixed(models.Model):
        group = models.ForeignKey(Group, models.CASCADE)
        item = models.ForeignKey(Item, models.CASCADE)

        class Meta:
            app_label = "hub"

    class First(models.Model):
        second = models.ForeignKey("Second", models.CASCADE)
        group = models.ForeignKey(Group, models.CASCADE)

        class Meta:
            app_label = "hub"

    class Second(models.Model):
        first = models.ForeignKey(First, models.CASCADE)
        item = models.ForeignKey(Item, models.CASCADE)

        class Meta:
            app_label = "hub"

    expected = {
        Plain: False,
        Person: False,
        Staff: True,
        Tenant: True,
        Marked: True,
        Node: False,
        Membership: True,
        Mixed: False,
        First: False,
        Second: False,
    }
    assert {model: is_shared_model(model) for model in expected} == expected
