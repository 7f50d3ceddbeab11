"""Rows in a fixture that say whose they are: `"schema": "acme"`, beside model, key and fields.

What Django's serializers read and write of a row is left to them; this adds the mark.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import chain
from types import SimpleNamespace
from typing import Any

from django.core import serializers
from django.core.serializers.base import DeserializedObject
from django.core.serializers.python import Serializer as PythonSerializer
from django.core.serializers.xml_serializer import Serializer as XMLSerializer
from django.db.models import Model

from django_boardinghouse.selection import Selection, select, selected
from django_boardinghouse.shared import is_registry

SCHEMA = "schema"
"""The mark of a row of a tenant: its name."""

WHOLE = "whole"
"""The mark of a row of the registry: the models of which the fixture has all rows of the tenant."""


def reading(find: Callable[[str], Selection], note: Callable[[str], None]) -> Callable[..., Any]:
    """Return what makes of a deserializer one that looks into the schema that a row names.

    `find` is asked for that, and `note` is told the model. Rows get what marks they have as
    attributes of the names of the marks.
    """

    def change(deserializer: type) -> type:
        if not hasattr(deserializer, "_handle_object"):
            return deserializer

        class Reading(deserializer):  # type: ignore[misc]
            def _handle_object(self, node: Any) -> Any:
                get: Any = node.get if isinstance(node, dict) else node.getAttribute
                note(get("model"))
                name = get(SCHEMA) or None
                with select(find(name)) if name else nullcontext():
                    made = super()._handle_object(node)
                    rows = [made] if isinstance(made, DeserializedObject) else list(made)
                whole = get(WHOLE) or ()
                for row in rows:
                    setattr(row, SCHEMA, name)
                    setattr(row, WHOLE, whole.split() if isinstance(whole, str) else whole)
                return made if isinstance(made, DeserializedObject) else rows

        return Reading

    return change


def writing(
    rows: Callable[[], Iterable[Model]],
    count: Callable[[], int],
    whole: Collection[str],
    joins: Collection[type[Model]],
) -> Callable[..., Any]:
    """Return what makes of a serializer one that writes these rows after the others.

    While it writes them their schema is selected. `whole` are the labels of their models. What is
    in `joins`, the join tables that tenants have of shared models, is left out of the others.
    """

    def marks(obj: Model) -> dict[str, Any]:
        if is_registry(type(obj)) and whole:
            return {WHOLE: list(whole)}
        name = selected().schema
        return {SCHEMA: name} if name else {}

    def change(serializer: type) -> type:
        class Writing(serializer):  # type: ignore[misc]
            def serialize(
                self,
                queryset: Any,
                *,
                progress_output: Any = None,
                object_count: int = 0,
                **kw: Any,
            ) -> Any:
                return super().serialize(
                    chain(queryset, rows()),
                    progress_output=progress_output,
                    object_count=object_count + (count() if progress_output else 0),
                    **kw,
                )

            def handle_m2m_field(self, obj: Model, field: Any) -> None:
                if field.remote_field.through not in joins:
                    super().handle_m2m_field(obj, field)

        if issubclass(serializer, PythonSerializer):

            class MarkingDict(Writing):
                def get_dump_object(self, obj: Model) -> dict[str, Any]:
                    data = super().get_dump_object(obj)
                    return {"model": data.pop("model"), **marks(obj), **data}

            return MarkingDict
        if issubclass(serializer, XMLSerializer):

            class MarkingElement(Writing):
                def start_object(self, obj: Model) -> None:
                    start = self.xml.startElement
                    texts = {
                        key: " ".join(mark) if isinstance(mark, list) else mark
                        for key, mark in marks(obj).items()
                    }
                    self.xml.startElement = lambda name, attrs: start(name, {**attrs, **texts})
                    try:
                        super().start_object(obj)
                    finally:
                        del self.xml.startElement

            return MarkingElement
        return serializer

    return change


def can_mark(serializer: Any) -> bool:
    """Return whether a serializer of Django's, or one that derives from it, can mark rows."""
    return isinstance(serializer, type) and issubclass(serializer, PythonSerializer | XMLSerializer)


@contextmanager
def changed(**changes: Callable[..., Any]) -> Iterator[None]:
    """Have the `Serializer` or `Deserializer` of all formats changed for a while."""
    serializers.get_serializer_formats()  # so that they are loaded
    before = serializers._serializers  # type: ignore[attr-defined]
    serializers._serializers = {  # type: ignore[attr-defined]
        format: SimpleNamespace(
            **{
                name: changes[name](found) if name in changes and isinstance(found, type) else found
                for name in ("Serializer", "Deserializer")
                for found in [getattr(module, name)]
            }
        )
        for format, module in before.items()
    }
    try:
        yield
    finally:
        serializers._serializers = before  # type: ignore[attr-defined]
