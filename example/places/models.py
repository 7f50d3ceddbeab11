"""What all houses share."""

from __future__ import annotations

from django.db import models


class Country(models.Model):
    """A country that guests come from; kept once, in `public`."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "countries"

    def __str__(self) -> str:
        return self.name
