"""The books of a house."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def to(model, **options):
    return models.ForeignKey(to=model, on_delete=django.db.models.deletion.PROTECT, **options)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Board",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=40, unique=True)),
                ("per_night", models.DecimalField(decimal_places=2, max_digits=6)),
            ],
            options={"ordering": ["per_night"]},
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", key()),
                ("number", models.CharField(max_length=10, unique=True)),
                ("beds", models.PositiveSmallIntegerField(default=2)),
                (
                    "rate",
                    models.DecimalField(
                        decimal_places=2, max_digits=7, verbose_name="rate per night"
                    ),
                ),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", key()),
                ("name", models.CharField(max_length=100)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=30)),
                ("country", to("places.country")),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", key()),
                ("arrives", models.DateField()),
                ("departs", models.DateField()),
                ("board", to("bookings.board")),
                ("guest", to("bookings.guest")),
                ("room", to("bookings.room")),
            ],
            options={
                "ordering": ["-arrives", "room"],
                "indexes": [models.Index(fields=["departs"], name="booking_departs")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("departs__gt", models.F("arrives"))),
                        name="stays_a_night",
                    ),
                    models.UniqueConstraint(fields=("room", "arrives"), name="one_arrival_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", key()),
                ("number", models.CharField(max_length=20, unique=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=9)),
                ("is_paid", models.BooleanField(default=False, verbose_name="paid")),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="bookings.booking"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-number"]},
        ),
    ]
