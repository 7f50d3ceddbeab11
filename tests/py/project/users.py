"""Django's own users; imported from here, Django is ready by then."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser, Group, User

__all__ = ["AnonymousUser", "Group", "User"]
