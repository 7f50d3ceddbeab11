"""Test cases that a project could have; `test_django_flush.py` runs them."""

from __future__ import annotations

from django.test import TransactionTestCase

from django_boardinghouse import schema
from django_boardinghouse.models import Schema
from django_boardinghouse.selection import IN_TEMPLATE, select
from project.hub.models import Country
from project.shop.models import Item, Tag
from project.users import User


class Bookings(TransactionTestCase):
    """Its tenant and rows, and nobody else's, are there in each test."""

    def setUp(self) -> None:
        assert not Schema.objects.exists()
        Schema.objects.create(schema="acme")
        self.owner = User.objects.create(username="ann")
        with schema("acme"):
            Item.objects.create(name="mine", owner=self.owner)

    def test_one(self) -> None:
        with schema("acme"):
            assert Item.objects.get().name == "mine"

    def test_two(self) -> None:
        self.test_one()


class ResetBookings(Bookings):
    reset_sequences = True

    def test_one(self) -> None:
        assert self.owner.pk == 1
        with schema("acme"):
            assert Item.objects.get().pk == 1
            assert Tag.objects.create(name="new").pk == Tag.objects.count()


class SerializedBookings(Bookings):
    serialized_rollback = True

    def test_one(self) -> None:
        with select(IN_TEMPLATE):
            assert Tag.objects.get().name == "from the beginning"
        with schema("acme"):
            assert Tag.objects.get().name == "from the beginning"
        assert Country.objects.get().code == "at"


class PartOfTheApps(TransactionTestCase):
    available_apps = ["project.hub"]

    def test_one(self) -> None:
        Schema.objects.create(schema="acme")
        Country.objects.create(code="at")

    def test_two(self) -> None:
        self.test_one()
