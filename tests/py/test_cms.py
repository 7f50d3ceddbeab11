"""django CMS, unsquashed: its migrations give permissions to users and groups."""

from __future__ import annotations

import pytest
from package_tests import *  # noqa: F403
from package_tests import Database, Package

pytestmark = pytest.mark.slow

BEFORE_PERMISSIONS = """
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
page, _ = ContentType.objects.get_or_create(app_label="cms", model="page")
change, _ = Permission.objects.get_or_create(
    codename="change_page", content_type=page, defaults={"name": "Can change page"}
)
Group.objects.create(name="editors").permissions.add(change)
User.objects.create(username="ann", is_staff=True).user_permissions.add(change)
User.objects.create(username="bob", is_staff=True)
"""

PACKAGE = Package(
    "cms",
    migrations=(
        ("migrate", "auth", "--verbosity", "0"),
        ("shell", "--verbosity", "0", "-c", BEFORE_PERMISSIONS),
        ("migrate", "--verbosity", "0"),
    ),
    shared=frozenset({"cms_pageuser", "cms_pageusergroup"}),
    statements=80,
    tables=10,
    sequences=10,
    rows=0,
)


def test_a_data_step_has_given_its_permission_to_users_and_groups(fleet: Database) -> None:
    given = "SELECT codename FROM auth_permission AS p JOIN {} AS j ON j.permission_id = p.id"
    for table in ("auth_group_permissions", "auth_user_user_permissions"):
        names = [name for (name,) in fleet.query(given.format(table))]
        assert sorted(names) == ["change_page", "use_structure"]
