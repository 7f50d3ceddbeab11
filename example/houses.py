"""Three guest houses and their books: what the demo and the served example have in them."""

from __future__ import annotations

import datetime
import os
import random
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

HOUSES = {
    "seaview": "Seaview Guest House",
    "adler": "Pension Adler",
    "three_oaks": "The Three Oaks",
}

GUESTS = [
    ("Agnes Lindqvist", "SE"),
    ("Bruno Keller", "CH"),
    ("Ciara Byrne", "IE"),
    ("Davide Conti", "IT"),
    ("Elise Moreau", "FR"),
    ("Femke de Wit", "NL"),
    ("George Ashdown", "GB"),
    ("Hanna Nowak", "PL"),
    ("Ignacio Vega", "ES"),
    ("Johanna Huber", "AT"),
    ("Kirsten Holm", "DK"),
    ("Lachlan Reid", "AU"),
    ("Martha Vogel", "DE"),
]


def set_up(environment: dict[str, str], database: str) -> None:
    """Make Django ready for this server and database."""
    os.environ.update(environment, PGDATABASE=database)
    os.environ["DJANGO_SETTINGS_MODULE"] = "example.settings"
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))

    import django

    django.setup()


def close() -> None:
    """Let go of the server, so that it can stop."""
    from django.db import connections

    connections.close_all()


def migrate(*arguments: str) -> None:
    """Run Django's migrate, quietly."""
    from django.core.management import call_command

    call_command("migrate", *arguments, verbosity=0, interactive=False)


def migrate_to_first_release() -> None:
    """Bring the database to where it was before rooms had types: `bookings.0002_boards`."""
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    migrate("bookings", "0002_boards")
    with_migrations = MigrationLoader(None).migrated_apps
    for app in apps.get_app_configs():
        if app.label in with_migrations and app.label != "bookings":
            migrate(app.label)


def open_house(schema: str, name: str) -> None:
    """Make a tenant, with nothing but what the template holds."""
    from django_boardinghouse.models import Schema

    Schema.objects.create(schema=schema, name=name)


def fill(schema: str) -> dict[str, int]:
    """Give a house rows of its own, as of the first release, and return how many of each."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    import django_boardinghouse

    state = MigrationLoader(connection).project_state(("bookings", "0002_boards"))
    with django_boardinghouse.schema(schema):
        return _write(state.apps, random.Random(schema))  # noqa: S311


def _write(apps: Any, dice: random.Random) -> dict[str, int]:
    room, guest, board, booking, invoice = (
        apps.get_model("bookings", name)
        for name in ("Room", "Guest", "Board", "Booking", "Invoice")
    )
    rooms = []
    for number in range(dice.randint(4, 8)):
        beds = dice.choice([1, 2, 2, 3])
        rooms.append(
            room.objects.create(
                number=f"{1 + number // 4}{1 + number % 4:02}", beds=beds, rate=28 + 22 * beds
            )
        )
    guests = [
        guest.objects.create(
            name=name,
            country_id=country,
            email=f"{name.split()[0].lower()}@example.com",
            phone=_phone(dice),
        )
        for name, country in dice.sample(GUESTS, dice.randint(5, 9))
    ]
    boards = list(board.objects.all())
    number = 0
    for place in rooms:
        arrives = datetime.date(2026, 5, 1) + datetime.timedelta(days=dice.randint(0, 6))
        for _ in range(dice.randint(1, 4)):
            nights = dice.randint(1, 7)
            departs = arrives + datetime.timedelta(days=nights)
            food = dice.choice(boards)
            stay = booking.objects.create(
                guest=dice.choice(guests), room=place, board=food, arrives=arrives, departs=departs
            )
            if dice.random() < 0.8:
                number += 1
                invoice.objects.create(
                    booking=stay,
                    number=f"2026-{number:04}",
                    amount=nights * (Decimal(place.rate) + food.per_night),
                    is_paid=dice.random() < 0.7,
                )
            arrives = departs + datetime.timedelta(days=dice.randint(0, 9))
    return {
        model._meta.verbose_name_plural: model.objects.count()
        for model in (room, guest, booking, invoice)
    }


def _phone(dice: random.Random) -> str:
    """A telephone number, or none: not everybody says."""
    return f"+4{dice.randint(0, 9)} {dice.randint(10**6, 10**7)}" if dice.random() > 0.15 else ""
