"""Who may select which schema: asked of the database each time, and never remembered."""

from __future__ import annotations

from typing import Any

from django.db import connections, router
from django.db.models import Func, TextField, Value
from django.middleware.csrf import rotate_token

from django_boardinghouse.exceptions import Forbidden
from django_boardinghouse.models import Schema
from django_boardinghouse.selection import (
    NOTHING,
    Selection,
    deactivate_schema,
    keep_selected,
    name_of,
)

SESSION_KEY = "schema"
"""Where a session keeps the name of the schema that its user has selected."""

_REFUSAL = "You may not select that schema"


class _Activate(Func):
    function = "boardinghouse.activate_schema"
    arity = 2
    output_field = TextField()


def claim(user: Any, name: str) -> Selection | None:
    """Set the path to an active tenant that this user may select; return None where there is none.

    Members may, and superusers. One statement finds that out and sets the path.
    """
    if not (name and user.is_authenticated and user.is_active) or "\0" in name:
        return None
    alias = router.db_for_write(Schema)
    found = Schema.objects.using(alias).active().filter(pk=name).order_by()
    if not getattr(user, "is_superuser", False):
        found = found.filter(users=user.pk)
    connection: Any = connections[alias]
    query = found.values_list("pk", _Activate("pk", Value(connection.path.is_local))).query
    row = connection.query_quietly(*query.get_compiler(using=alias).as_sql(), under=NOTHING)
    if row is None:
        return None
    selection = Selection(row[0])
    connection.path.was_set(selection)
    return selection if row[0] == name else None


def selection_of(request: Any) -> Selection:
    """Return what a request's session has selected, the path being set to it.

    Where the user may not select it, or not any more, the session forgets it. Raises `Forbidden`
    then, but for users who are not logged in.
    """
    name = request.session.get(SESSION_KEY)
    if not name:
        return NOTHING
    selection = claim(request.user, str(name))
    if selection is not None:
        return selection
    del request.session[SESSION_KEY]
    if request.user.is_authenticated:
        raise Forbidden(_REFUSAL)
    return NOTHING


def change_schema(request: Any, name: str | Schema | None) -> None:
    """Select a schema, or none, for the rest of this request and for the session.

    By its name, or by its row.

    Raises `Forbidden`, and changes nothing, where the user may not select it. Forms that were
    rendered before, with a CSRF token, cannot be posted any more where it is another schema: they
    are about rows of the one before.
    """
    name = name_of(name) if name else None
    if name:
        selection = claim(request.user, name)
        if selection is None:
            raise Forbidden(_REFUSAL)
        keep_selected(selection)
    else:
        deactivate_schema()
    if name == request.session.get(SESSION_KEY):
        return
    rotate_token(request)
    if name:
        request.session[SESSION_KEY] = name
    else:
        del request.session[SESSION_KEY]
