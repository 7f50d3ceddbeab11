"""The settings of a project that are read here, one function each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def shared_models() -> set[str]:
    """`SHARED_MODELS`: models whose rows all tenants see, as "app.model" in any case.

    Default: none, beside those that are always shared.
    """
    return _labels("SHARED_MODELS")


def private_models() -> set[str]:
    """`PRIVATE_MODELS`: join tables of shared models that each tenant shall have for itself.

    As "app.model" in any case, such as "auth.user_groups". Default: none.
    """
    return _labels("PRIVATE_MODELS")


def shared_apps() -> set[str]:
    """`BOARDINGHOUSE_SHARED_APPS`: apps whose models are shared, by their labels or modules.

    Default: what `APPSCHEMA_SHARED_APPS` says, or else none.
    """
    alias = getattr(settings, "APPSCHEMA_SHARED_APPS", ())
    return set(map(str, getattr(settings, "BOARDINGHOUSE_SHARED_APPS", alias)))


def schema_model() -> str:
    """`BOARDINGHOUSE_SCHEMA_MODEL`: the model of tenants, as "app_label.model".

    Default: "boardinghouse.Schema". Another is a child of it, which adds fields.
    """
    return str(getattr(settings, "BOARDINGHOUSE_SCHEMA_MODEL", "boardinghouse.Schema"))


def path(database: Mapping[str, Any]) -> Literal["session", "transaction"]:
    """`BOARDINGHOUSE_PATH`: how long a path lasts that is set on a connection.

    "session" or "transaction"; the latter is for poolers that give each transaction to another
    session. The same name in `DATABASES[alias]`, here `database`, goes before it. Default:
    "session". Raises `ImproperlyConfigured` for anything else.
    """
    name = "BOARDINGHOUSE_PATH"
    match database.get(name) or getattr(settings, name, "session"):
        case "session":
            return "session"
        case "transaction":
            return "transaction"
        case other:
            msg = f"{name} is {other!r}: it can be 'session' or 'transaction'"
            raise ImproperlyConfigured(msg)


def migration_scopes() -> dict[str, str]:
    """`BOARDINGHOUSE_MIGRATION_SCOPES`: whom the data steps of migrations concern.

    From "app.0002_name" to one of "repeatable", "shared", "template", "tenants"; it goes before
    what an operation says by `scope=`. Default: none.
    """
    return dict(getattr(settings, "BOARDINGHOUSE_MIGRATION_SCOPES", {}))


def _labels(setting: str) -> set[str]:
    return {str(label).lower() for label in getattr(settings, setting, ())}
