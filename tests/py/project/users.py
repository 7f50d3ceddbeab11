"""Models of Django's own; imported from here, Django is ready by then."""

from __future__ import annotations

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType

__all__ = [
    "DELETION",
    "AnonymousUser",
    "ContentType",
    "GenericForeignKey",
    "Group",
    "LogEntry",
    "Permission",
    "User",
]
