"""Countries, and a few of them: rows of a shared model are written once."""

from __future__ import annotations

from django.db import migrations, models

COUNTRIES = {
    "AT": "Austria",
    "AU": "Australia",
    "CH": "Switzerland",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FR": "France",
    "GB": "United Kingdom",
    "IE": "Ireland",
    "IT": "Italy",
    "NL": "Netherlands",
    "PL": "Poland",
    "SE": "Sweden",
}


def add_countries(apps, schema_editor):
    country = apps.get_model("places", "Country")
    country.objects.bulk_create(country(code=code, name=name) for code, name in COUNTRIES.items())


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Country",
            fields=[
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60, unique=True)),
            ],
            options={"ordering": ["name"], "verbose_name_plural": "countries"},
        ),
        migrations.RunPython(add_countries, migrations.RunPython.noop),
    ]
