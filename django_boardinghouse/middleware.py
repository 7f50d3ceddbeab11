"""The schema of a request is the one that its session has selected."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from django_boardinghouse.access import change_schema, selection_of
from django_boardinghouse.selection import NOTHING, select

__all__ = ["SchemaMiddleware", "change_schema"]


class SchemaMiddleware:
    """Select a request's schema while it is answered, and what was selected before afterwards.

    Goes after the middleware of sessions and authentication. Whether the user may select the
    schema is asked in the statement that sets the path, for each request; who may not, or not any
    more, gets a 403 and a session without a schema.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self._answer(request)
        with select(NOTHING), select(selection_of(request)):
            response: HttpResponseBase = self.get_response(request)
            return response

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        with select(NOTHING):
            selection = await sync_to_async(selection_of)(request)
            with select(selection):
                response: HttpResponseBase = await self.get_response(request)
                return response
