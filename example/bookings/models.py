"""What each house has for itself. Nothing here says so: models are the tenants' by default."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Board(models.Model):
    """What is on the table; a new house starts with the usual four."""

    name = models.CharField(max_length=40, unique=True)
    per_night = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        ordering = ["per_night"]

    def __str__(self) -> str:
        return self.name


class RoomType(models.Model):
    """A kind of room, as guests ask for it."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room to let."""

    number = models.CharField(max_length=10, unique=True)
    type = models.ForeignKey(RoomType, models.PROTECT, null=True, blank=True)
    beds = models.PositiveSmallIntegerField(default=2)
    rate = models.DecimalField("rate per night", max_digits=7, decimal_places=2)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Room {self.number}"


class Guest(models.Model):
    """Somebody who stays here, or did; the country is a shared row."""

    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    country = models.ForeignKey("places.Country", models.PROTECT)
    is_regular = models.BooleanField("regular", default=False)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name", "email"], name="guest_name_email")]

    def __str__(self) -> str:
        return self.name


class Booking(models.Model):
    """A guest in a room, from one day to another."""

    guest = models.ForeignKey(Guest, models.PROTECT)
    room = models.ForeignKey(Room, models.PROTECT)
    board = models.ForeignKey(Board, models.PROTECT)
    arrives = models.DateField()
    departs = models.DateField()

    class Meta:
        ordering = ["-arrives", "room"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(departs__gt=models.F("arrives")), name="stays_a_night"
            ),
            models.UniqueConstraint(fields=["room", "arrives"], name="one_arrival_a_day"),
        ]
        indexes = [models.Index(fields=["departs"], name="booking_departs")]

    def __str__(self) -> str:
        return f"{self.guest}, {self.arrives:%d %b %Y}"


class Invoice(models.Model):
    """What a stay costs; whoever wrote it is a shared user."""

    booking = models.OneToOneField(Booking, models.PROTECT)
    number = models.CharField(max_length=20, unique=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2)
    is_paid = models.BooleanField("paid", default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.number
