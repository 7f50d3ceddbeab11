"""Install the extension and enable it; the tenants as a model, and their users."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models

import django_boardinghouse.base
import django_boardinghouse.fields
import django_boardinghouse.models
from django_boardinghouse.operations import CreateJoinTable, InstallExtension


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations: ClassVar = [
        InstallExtension(),
        migrations.CreateModel(
            name="Schema",
            fields=[
                (
                    "schema",
                    django_boardinghouse.fields.SchemaNameField(
                        help_text="The name of the schema in the database. It stays as it is.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "name",
                    models.TextField(
                        blank=True, help_text="The name to show; the schema's if left empty."
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Nobody can select a schema that is not active.",
                        verbose_name="active",
                    ),
                ),
                (
                    "users",
                    models.ManyToManyField(
                        blank=True,
                        db_table="boardinghouse_schema_users",
                        help_text="Who may select this schema. Superusers may select any.",
                        related_name="schemata",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "schemata",
                "db_table": '"boardinghouse"."schema"',
                "ordering": ("name",),
                "managed": False,
                "base_manager_name": "objects",
            },
            bases=(django_boardinghouse.base.SharedSchemaMixin, models.Model),
            managers=[("objects", django_boardinghouse.models.SchemaManager())],
        ),
        CreateJoinTable("Schema", "users"),
    ]
