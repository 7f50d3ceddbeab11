"""The usual four boards, for every house there is and every house to come."""

from __future__ import annotations

from django.db import migrations

BOARDS = {"Room only": 0, "Bed and breakfast": 9, "Half board": 24, "Full board": 36}


def add_boards(apps, schema_editor):
    board = apps.get_model("bookings", "Board")
    board.objects.bulk_create(
        board(name=name, per_night=per_night) for name, per_night in BOARDS.items()
    )


def remove_boards(apps, schema_editor):
    apps.get_model("bookings", "Board").objects.filter(name__in=BOARDS).delete()


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]

    operations = [migrations.RunPython(add_boards, remove_boards)]
