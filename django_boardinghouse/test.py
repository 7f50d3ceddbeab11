"""Test cases with a tenant."""

from __future__ import annotations

from typing import Any, ClassVar

from django.test import TestCase

from django_boardinghouse.access import SESSION_KEY
from django_boardinghouse.models import Schema
from django_boardinghouse.registry import get_schema_model
from django_boardinghouse.selection import schema


class SchemaTestCase(TestCase):
    """A `TestCase` whose tests see a tenant that is made, and rolled back, with the class.

    It is selected in `setUpTestData`, for those who have called it, and in each test.
    """

    schema_name: ClassVar[str] = "test_tenant"
    """The schema of the tenant."""

    tenant: Schema

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the tenant and select it."""
        super().setUpTestData()
        cls.tenant = cls.make_tenant()
        cls.enterClassContext(schema(cls.schema_name))

    @classmethod
    def make_tenant(cls) -> Schema:
        """Make the tenant; to be overridden where the registry's model needs more than a name."""
        tenant: Schema = get_schema_model().objects.create(schema=cls.schema_name)
        return tenant

    def log_in(self, user: Any) -> None:
        """Log a user in at `self.client`, as a member of the tenant who has selected it."""
        user.schemata.add(self.schema_name)
        self.client.force_login(user)
        session = self.client.session
        session[SESSION_KEY] = self.schema_name
        session.save()
