"""Tests as developers of the project would write them; `test_django_testing.py` runs them."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.test import TestCase, TransactionTestCase

from django_boardinghouse import get_active_schema_name, schema
from django_boardinghouse.models import Schema
from django_boardinghouse.test import SchemaTestCase
from project.cases import Bookings
from project.shop.models import Item
from project.users import User

__all__ = ["Bookings"]


class SerializedRollback(TransactionTestCase):
    """Rows of before the first test are back; what `post_migrate` has made is no obstacle."""

    serialized_rollback = True

    def test_one(self) -> None:
        assert ContentType.objects.filter(app_label="shop", model="item").count() == 1
        ContentType.objects.all().delete()
        Schema.objects.create(schema="acme")

    def test_two(self) -> None:
        self.test_one()


class InATenant(SchemaTestCase):
    """The tenant of the class is there and selected, in each test as it was made."""

    @classmethod
    def setUpTestData(cls) -> None:
        super().setUpTestData()
        Item.objects.create(name="of the class")
        cls.user = User.objects.create(username="ann")

    def test_one(self) -> None:
        assert get_active_schema_name() == self.tenant.pk == "test_tenant"
        assert Item.objects.get().name == "of the class"
        Item.objects.create(name="of the test")

    def test_two(self) -> None:
        self.test_one()

    async def test_three(self) -> None:
        assert [item.name async for item in Item.objects.all()] == ["of the class"]

    def test_requests(self) -> None:
        assert self.client.get("/where/").json()["selected"] is None
        self.log_in(self.user)
        assert self.client.get("/items/").json() == ["of the class"]
        assert get_active_schema_name() == "test_tenant"


class InAnother(SchemaTestCase):
    schema_name = "Another one"

    def test_one(self) -> None:
        assert list(Schema.objects.values_list("pk", flat=True)) == ["Another one"]
        assert not Item.objects.exists()


class WithoutATenant(TestCase):
    def test_one(self) -> None:
        assert get_active_schema_name() is None
        assert not Schema.objects.exists()
        Schema.objects.create(schema="acme")
        with schema("acme"):
            assert not Item.objects.exists()

    def test_two(self) -> None:
        self.test_one()
