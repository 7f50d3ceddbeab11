"""A registry model of the project's own, and what refers to it."""

from __future__ import annotations

import datetime

from django.db import models

from django_boardinghouse.base import SharedSchemaModel
from django_boardinghouse.models import Schema


class Plan(SharedSchemaModel):
    name = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.name


class Home(Schema):
    """A tenant with more than a name."""

    paid_until = models.DateField(default=datetime.date(2030, 1, 1))
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, blank=True)

    def __str__(self) -> str:
        return f"home {self.name}"


class Invoice(SharedSchemaModel):
    home = models.ForeignKey(Home, models.CASCADE)

    def __str__(self) -> str:
        return str(self.home)
