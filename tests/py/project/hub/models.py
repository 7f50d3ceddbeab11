"""What all tenants see."""

from __future__ import annotations

from django.db import models

from django_boardinghouse.base import SharedSchemaModel


class Currency(models.Model):
    """Shared by SHARED_MODELS."""

    code = models.CharField(max_length=3, primary_key=True)

    def __str__(self) -> str:
        return self.code


class Country(SharedSchemaModel):
    """Shared by what it derives from; its two joins are of shared models only."""

    code = models.CharField(max_length=2, primary_key=True)
    currencies = models.ManyToManyField(Currency)
    neighbours = models.ManyToManyField(Currency, related_name="+")

    def __str__(self) -> str:
        return self.code


class Contract(SharedSchemaModel):
    """Keys to the registry, each with another idea of what a drop there means."""

    schema = models.ForeignKey("boardinghouse.Schema", models.CASCADE, related_name="+")
    former = models.ForeignKey("boardinghouse.Schema", models.SET_NULL, null=True, related_name="+")
    payer = models.ForeignKey("boardinghouse.Schema", models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.schema)
