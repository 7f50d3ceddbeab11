"""What `manage.py check` finds of whose rows are whose: the router, the rule, and the tables."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections, router

from django_boardinghouse import conf, facts
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.routers import SchemaRouter
from django_boardinghouse.shared import is_always_shared, is_shared_model, names_of_app

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


def check_rule(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the settings that say which models are shared mean something."""
    known = set[str]().union(*map(names_of_app, apps.get_app_configs()))
    private = conf.private_models()
    return [
        *(
            Warning(
                f'BOARDINGHOUSE_SHARED_APPS names "{name}", and there is no such app.',
                hint="Write its label, or its module as in INSTALLED_APPS.",
                id="boardinghouse.W030",
            )
            for name in sorted(conf.shared_apps() - known)
        ),
        *(
            Warning(
                f"{model._meta.label} is in PRIVATE_MODELS, and is shared all the same.",
                hint="Take it out of there, or out of SHARED_MODELS, or let it derive from another"
                " class. Models that must be shared cannot be the tenants'.",
                obj=model,
                id="boardinghouse.W032",
            )
            for model in apps.get_models(include_auto_created=True)
            if model._meta.label_lower in private and is_always_shared(model)
        ),
    ]


def check_places(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Collection[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Check, at the databases named, that tables are where the rule says, and there alone."""
    return [
        message
        for alias in databases or ()
        if isinstance(connection := connections[alias], DatabaseWrapper)
        and connection.can_set_path()
        for message in _check_places(connection)
    ]


def _check_places(connection: DatabaseWrapper) -> list[CheckMessage]:
    places = facts.whereabouts(connection)
    found: list[CheckMessage] = [
        Error(
            f'"{name}" is in the template and in schema "public" of the database'
            f' "{connection.alias}".',
            hint="Drop or rename one of the two: a query finds one in place of the other.",
            id="boardinghouse.E031",
        )
        for name, is_in in sorted(places.items())
        if all(is_in)
    ]
    for model in apps.get_models(include_auto_created=True):
        is_in = places.get(model._meta.db_table, (False, False))
        is_shared = is_shared_model(model)
        if model._meta.managed and not model._meta.proxy and is_in == (is_shared, not is_shared):
            rule, place = (
                ("shared", "the template") if is_shared else ("the tenants'", 'schema "public"')
            )
            found.append(
                Warning(
                    f"{model._meta.label} is {rule}, and its table is in {place} of the database"
                    f' "{connection.alias}".',
                    hint="Have the settings say where it is, or make the table anew where it is to"
                    " be: the rule moves no table.",
                    obj=model,
                    id="boardinghouse.W031",
                )
            )
    return found
