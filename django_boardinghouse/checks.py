"""What `manage.py check` finds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.utils.module_loading import import_string

from django_boardinghouse import conf
from django_boardinghouse.backends.postgres.base import DatabaseWrapper
from django_boardinghouse.registry import get_schema_model
from django_boardinghouse.scopes import SCOPES
from django_boardinghouse.shared import is_key_to_tenants

ENGINE = "django_boardinghouse.backends.postgres"

_BEFORE = (
    ("boardinghouse.E002", "django.contrib.sessions.middleware.SessionMiddleware"),
    ("boardinghouse.E003", "django.contrib.auth.middleware.AuthenticationMiddleware"),
)
_OURS = "django_boardinghouse.middleware.SchemaMiddleware"


def check_settings(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check the engine, and the middleware and its order."""
    return [*_check_engine(), *_check_middleware(), *_check_labels()]


def check_connections(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Collection[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Check, at the databases named, that the path of a session stays with its client."""
    return [
        Warning(
            f'Between Django and the database "{alias}" is a connection pooler.',
            hint='Set BOARDINGHOUSE_PATH to "transaction"; with "session", queries are refused.',
            id="boardinghouse.W003",
        )
        for alias in databases or ()
        if isinstance(connection := connections[alias], DatabaseWrapper)
        and not connection.can_set_path()
    ]


def check_models(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check that no shared model refers to a model of the tenants."""
    return [
        Error(
            f"{model._meta.label} is shared, and its {field.name} refers to a tenants' model.",
            hint="Make both shared, by SHARED_MODELS or SharedSchemaModel, or both the tenants'.",
            obj=model,
            id="boardinghouse.E004",
        )
        for config in app_configs or apps.get_app_configs()
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed
        for field in model._meta.local_fields
        if is_key_to_tenants(model, field)
    ]


def check_schema_model(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check that the model of tenants is there, and is a child of `Schema`."""
    try:
        get_schema_model()
    except ImproperlyConfigured as error:
        return [
            Error(
                str(error),
                hint='Name a model that derives from boardinghouse.Schema, as "app_label.model".',
                id="boardinghouse.E010",
            )
        ]
    return []


def _check_engine() -> list[CheckMessage]:
    if isinstance(connections[DEFAULT_DB_ALIAS], DatabaseWrapper):
        return []
    return [
        Error(
            "The default database cannot select schemata.",
            hint=f'Set DATABASES["default"]["ENGINE"] to "{ENGINE}".',
            id="boardinghouse.E001",
        )
    ]


def _check_middleware() -> list[CheckMessage]:
    classes = [import_string(path) for path in settings.MIDDLEWARE]
    place = _place(classes, _OURS)
    if place is None:
        return [
            Warning(
                "No request selects a schema.",
                hint=f'Put "{_OURS}" into MIDDLEWARE.',
                id="boardinghouse.W001",
            )
        ]
    return [
        Error(
            f"SchemaMiddleware needs {path.rpartition('.')[2]} before it.",
            hint=f'Put "{path}" before "{_OURS}" in MIDDLEWARE.',
            id=identity,
        )
        for identity, path in _BEFORE
        if _place(classes[:place], path) is None
    ]


def _place(classes: list[Any], path: str) -> int | None:
    """Return where a middleware, or one derived from it, is."""
    wanted = import_string(path)
    for place, found in enumerate(classes):
        if found is wanted or (isinstance(found, type) and issubclass(found, wanted)):
            return place
    return None


def _check_labels() -> list[CheckMessage]:
    known = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    return [
        Warning(
            f'{setting} names "{label}", and there is no such model.',
            hint='Write it as "app_label.model".',
            id="boardinghouse.W002",
        )
        for setting, labels in (
            ("SHARED_MODELS", conf.shared_models()),
            ("PRIVATE_MODELS", conf.private_models()),
        )
        for label in sorted(labels - known)
    ]


def check_migration_scopes(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check that BOARDINGHOUSE_MIGRATION_SCOPES names migrations and scopes that there are."""
    configured = conf.migration_scopes()
    if not configured:
        return []
    known = {
        f"{app_label}.{name}"
        for app_label, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
        or ()
    }
    return [
        *(
            Error(
                f'BOARDINGHOUSE_MIGRATION_SCOPES["{name}"] is "{scope}", which is no scope.',
                hint=f"Use one of {', '.join(SCOPES)}.",
                id="boardinghouse.E020",
            )
            for name, scope in configured.items()
            if scope not in SCOPES
        ),
        *(
            Warning(
                f'BOARDINGHOUSE_MIGRATION_SCOPES names "{name}", and there is no such migration.',
                hint='Write it as "app_label.0002_name".',
                id="boardinghouse.W020",
            )
            for name in configured
            if name not in known
        ),
    ]
