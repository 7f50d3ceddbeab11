"""What `manage.py check` finds of whose rows are whose: the router, the rule, and the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import router

from django_boardinghouse.routers import SchemaRouter

ROUTER = "django_boardinghouse.routers.SchemaRouter"


def check_router(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check that our router is asked before any other."""
    if router.routers and isinstance(router.routers[0], SchemaRouter):
        return []
    return [
        Error(
            "SchemaRouter is not the first router: rows can be followed into another schema.",
            hint=f'Put "{ROUTER}" first into DATABASE_ROUTERS; it asks those behind it.',
            id="boardinghouse.E030",
        )
    ]
