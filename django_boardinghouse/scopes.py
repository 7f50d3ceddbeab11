"""Whom a data step concerns: what its scope is, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from django.core.exceptions import ImproperlyConfigured
from django.db.migrations.migration import Migration

from django_boardinghouse import conf

Scope = Literal["repeatable", "shared", "template", "tenants"]

SCOPES: Final[tuple[str, ...]] = get_args(Scope)
"""The scopes that a data step can be given.

`repeatable` runs in the template and in each tenant, as without a scope, and each pass may update
shared rows; `shared` runs once, with no schema selected; `template` in the template alone;
`tenants` in the tenants alone.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A data step of a migration: an operation that changes rows, in one direction."""

    app_label: str
    migration: str
    operation: str
    """Its place among the operations, from 1, and what it says of itself."""
    scope: Scope | None = None
    is_backwards: bool = False

    def __str__(self) -> str:
        if not self.migration:
            return self.operation
        return f"{self.app_label}.{self.migration}, operation {self.operation}"

    @property
    def may_update_shared(self) -> bool:
        """Whether each tenant's pass may update shared rows."""
        return self.scope == "repeatable"

    def give_scope(self, scope: Scope) -> str:
        """Return what to do to give it another scope, as part of a sentence."""
        if not self.migration:
            return f'write it as RunSQL or RunPython with scope="{scope}"'
        return (
            f'give it scope="{scope}" (RunPython and RunSQL of django_boardinghouse.operations'
            f' have it; for others BOARDINGHOUSE_MIGRATION_SCOPES = {{"{self.app_label}.'
            f'{self.migration}": "{scope}"}})'
        )


NO_STEP: Final = Step("", "", "a change of a model")
"""What the editor does outside of data steps, such as the UPDATE of an AlterField."""


def scope_of(migration: Migration) -> Scope | None:
    """Return the scope that the settings give to a migration.

    Raises `ImproperlyConfigured` where that is no scope.
    """
    name = f"{migration.app_label}.{migration.name}"
    scope = conf.migration_scopes().get(name)
    if scope is not None and scope not in SCOPES:
        msg = (
            f'BOARDINGHOUSE_MIGRATION_SCOPES["{name}"] is "{scope}",'
            f" and not one of {', '.join(SCOPES)}"
        )
        raise ImproperlyConfigured(msg)
    return cast("Scope | None", scope)
