"""Rooms get types, and guests who came back are known as regulars.

A table, a column, an index, a rename, a foreign key, and a data step that makes of each
house's own rows what that house needs.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count

TYPES = {1: "Single", 2: "Double", 3: "Family"}


def name_types_and_regulars(apps, schema_editor):
    room, room_type, guest = (
        apps.get_model("bookings", name) for name in ("Room", "RoomType", "Guest")
    )
    for beds in sorted(set(room.objects.values_list("beds", flat=True))):
        made = room_type.objects.create(name=TYPES.get(beds, f"Dormitory of {beds}"))
        room.objects.filter(beds=beds).update(type=made)
    regulars = guest.objects.annotate(stays=Count("booking")).filter(stays__gt=1)
    guest.objects.filter(pk__in=list(regulars.values_list("pk", flat=True))).update(is_regular=True)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_boards")]

    operations = [
        migrations.CreateModel(
            name="RoomType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.AddField(
            model_name="guest",
            name="is_regular",
            field=models.BooleanField(default=False, verbose_name="regular"),
        ),
        migrations.AddIndex(
            model_name="guest",
            index=models.Index(fields=["name", "email"], name="guest_name_email"),
        ),
        migrations.RenameField(model_name="guest", old_name="phone", new_name="telephone"),
        migrations.AddField(
            model_name="room",
            name="type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="bookings.roomtype",
            ),
        ),
        migrations.RunPython(name_types_and_regulars, migrations.RunPython.noop),
    ]
