"""What each tenant has for itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class TagManager(models.Manager["Tag"]):
    def get_by_natural_key(self, name: str) -> Tag:
        return self.get(name=name)


class Tag(models.Model):
    name = models.CharField(max_length=40, unique=True)

    objects = TagManager()

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.name,)


class Item(models.Model):
    name = models.CharField(max_length=40)
    price = models.IntegerField(null=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)
    country = models.ForeignKey("hub.Country", models.PROTECT, null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True)

    def __str__(self) -> str:
        return self.name
