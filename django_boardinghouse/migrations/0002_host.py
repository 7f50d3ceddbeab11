"""The host names that mean a tenant."""

from __future__ import annotations

from typing import ClassVar

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import django_boardinghouse.base


class Migration(migrations.Migration):
    dependencies: ClassVar = [("boardinghouse", "0001_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Host",
            fields=[
                (
                    "host",
                    models.CharField(
                        help_text="In lower case, without a port.",
                        max_length=253,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                r"\A[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\Z",
                                "A host name in lower case, without a port.",
                            )
                        ],
                    ),
                ),
                (
                    "schema",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hosts",
                        to="boardinghouse.schema",
                    ),
                ),
            ],
            options={"ordering": ("host",)},
            bases=(django_boardinghouse.base.SharedSchemaMixin, models.Model),
        ),
    ]
