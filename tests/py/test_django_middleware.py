"""A request sees the schema of its session, if its user may, and leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError, connection, connections
from django.test import AsyncClient, Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from project.shop.models import Item
from project.users import AnonymousUser, User

from django_boardinghouse import get_active_schema_name, schema
from django_boardinghouse.access import claim
from django_boardinghouse.middleware import SchemaMiddleware, change_schema
from django_boardinghouse.models import Schema
from django_boardinghouse.selection import NOTHING, select

pytest_plugins = ["project.fixtures"]
pytestmark = pytest.mark.usefixtures("rows_only")


@pytest.fixture
def ann(tenants: list[str]) -> User:
    """A member of acme and of order."""
    user = User.objects.create_user("ann")
    user.schemata.set(["acme", "order"])
    return user


@pytest.fixture
def root(tenants: list[str]) -> User:
    return User.objects.create_superuser("root")


def browser(user: User | None, selected: str | None = None, client: Client | None = None) -> Client:
    client = client or Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    if selected is not None:
        session = client.session
        session["schema"] = selected
        session.save()
        client.cookies["sessionid"] = session.session_key
    return client


def test_a_request_sees_the_schema_of_its_session(ann: User) -> None:
    assert browser(ann, "acme").get("/items/").json() == ["item of acme"]
    assert browser(ann, "order").get("/items/").json() == ["item of order"]


def test_a_request_without_a_schema_sees_none(ann: User) -> None:
    nowhere = {"selected": None, "path": "public"}
    assert browser(ann).get("/where/").json() == nowhere
    assert browser(None).get("/where/").json() == nowhere


def test_nothing_in_a_request_but_its_session_selects_a_schema(ann: User) -> None:
    client = browser(ann, "acme")
    for send in (
        lambda: client.get("/where/?__schema=order&schema=order"),
        lambda: client.post("/where/", {"__schema": "order", "schema": "order"}),
        lambda: client.get("/where/", headers={"X-Change-Schema": "order", "Host": "order"}),
    ):
        client.cookies["schema"] = "order"
        assert send().json() == {"selected": "acme", "path": "acme, public"}
        assert client.session["schema"] == "acme"
    assert client.get("/__change_schema__/order/").status_code == 404
    assert client.session["schema"] == "acme"


def test_nothing_is_selected_after_a_request(ann: User) -> None:
    client = browser(ann, "acme")
    for path in ("/items/", "/stay/", "/broken/"):
        client.get(path)
        assert get_active_schema_name() is None
        assert browser(None).get("/where/").json()["path"] == "public"


def test_what_was_selected_around_a_request_is_selected_after_it(ann: User) -> None:
    with schema("order"):
        assert browser(ann, "acme").get("/items/").json() == ["item of acme"]
        assert browser(None).get("/where/").json()["path"] == "public"
        assert get_active_schema_name() == "order"


@pytest.mark.parametrize("name", ['Be "ta', "nobody", "ACME", "__template__", "public", "x" * 64])
def test_who_may_not_select_a_schema_gets_a_403_and_a_session_without_it(
    ann: User, name: str
) -> None:
    client = browser(ann, name)
    response = client.get("/items/")
    assert response.status_code == 403
    assert "schema" not in client.session
    assert client.get("/where/").json()["selected"] is None


def test_who_is_not_logged_in_has_no_schema(tenants: list[str]) -> None:
    client = browser(None, "acme")
    assert client.get("/where/").json() == {"selected": None, "path": "public"}
    assert "schema" not in client.session


def test_who_is_removed_from_a_schema_is_out_with_the_next_request(ann: User) -> None:
    client = browser(ann, "acme")
    assert client.get("/items/").status_code == 200
    ann.schemata.remove("acme")
    assert client.get("/items/").status_code == 403
    assert client.get("/where/").json()["selected"] is None


def test_a_schema_that_is_made_inactive_is_closed_with_the_next_request(
    ann: User, root: User
) -> None:
    clients = [browser(ann, "acme"), browser(root, "acme")]
    assert [client.get("/items/").status_code for client in clients] == [200, 200]
    Schema.objects.filter(pk="acme").delete()
    assert [client.get("/items/").status_code for client in clients] == [403, 403]


def test_a_user_who_is_made_inactive_is_out_with_the_next_request(ann: User) -> None:
    client = browser(ann, "acme")
    User.objects.update(is_active=False)
    assert client.get("/where/").json()["selected"] is None


def test_a_superuser_may_select_any_active_schema_and_never_the_template(root: User) -> None:
    assert browser(root, 'Be "ta').get("/items/").json() == ['item of Be "ta']
    assert browser(root, "__template__").get("/items/").status_code == 403


def test_staff_may_select_no_more_than_others(tenants: list[str]) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    assert browser(clerk, "acme").get("/items/").status_code == 403


def test_membership_is_asked_in_the_one_statement_that_sets_the_path(
    ann: User, sent: Callable[[], list[str]]
) -> None:
    client = browser(ann, "acme")
    client.get("/items/")
    sent()
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/items/").status_code == 200
    assert len(captured) == 3  # session, user, items
    asking = [text for text in sent() if "boardinghouse_schema_users" in text]
    assert len(asking) == 1
    assert "activate_schema" in asking[0]
    assert "is_active" in asking[0]


def test_a_request_costs_one_statement_more_and_one_reset_of_a_kept_connection(
    ann: User, sent: Callable[[], list[str]]
) -> None:
    client = browser(ann, "acme")
    client.get("/items/")
    sent()
    with CaptureQueriesContext(connection) as captured:
        client.get("/items/")
    more = 1 if connection.path.is_local else 2
    if connection.features.uses_server_side_binding:
        more += 2  # in a pipeline with the queries of session and user: no round trip more
    assert len(sent()) - len(captured) == more


def test_a_form_cannot_be_posted_after_another_schema_was_selected(ann: User) -> None:
    """W6: its rows are those of the schema that it was rendered under."""
    client = browser(ann, "acme", Client(enforce_csrf_checks=True))
    for name in ("acme", "order"):
        with schema(name):
            Item.objects.create(pk=4711, name=name)

    def post(token: str) -> int:
        form = {"name": "posted", "csrfmiddlewaretoken": token}
        return client.post("/rename/4711/", form).status_code

    def render() -> str:
        return client.get("/rename/4711/").content.decode()

    form = render()
    client.get("/change/?to=acme")  # it is selected already
    assert post(form) == 200
    for other in ("order", ""):
        form = render()
        client.get(f"/change/?to={other}")  # in another tab
        assert post(form) == 403
        client.get("/change/?to=acme")
        assert post(form) == 403
    with schema("order"):
        assert Item.objects.get(pk=4711).name == "order"
    assert post(render()) == 200


def test_a_request_in_a_transaction_sees_its_schema_after_a_rollback(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    client = browser(ann, "acme")
    assert client.get("/items/").json() == ["item of acme"]
    assert client.get("/broken/").status_code == 500
    assert client.get("/items/").json() == ["item of acme"]
    assert browser(ann, "order").get("/items/").json() == ["item of order"]
    assert browser(None).get("/where/").json()["path"] == "public"


def test_a_kept_connection_is_reset_before_the_next_request_reads_anything(ann: User) -> None:
    assert browser(ann, "acme").get("/items/").status_code == 200
    with schema("acme"):
        Item.objects.count()
    assert browser(None).get("/where/").json()["path"] == "public"


def test_changing_the_schema_lasts_for_the_session(ann: User) -> None:
    client = browser(ann)
    here = {"selected": "acme", "path": "acme, public"}
    assert client.get("/change/?to=acme").json() == here
    assert client.session["schema"] == "acme"
    assert client.get("/where/").json() == here
    assert client.get("/change/").json() == {"selected": None, "path": "public"}
    assert client.get("/where/").json()["selected"] is None


def test_a_schema_that_is_not_allowed_leaves_the_session_as_it_was(ann: User) -> None:
    client = browser(ann, "order")
    for name in ('Be "ta', "nobody", "__template__", "a%00b"):
        assert client.get("/change/", {"to": name}).status_code == 403
    assert client.get("/change/?to=a%00b").status_code == 403
    assert client.session["schema"] == "order"


def test_change_schema_refuses_who_is_not_logged_in(tenants: list[str]) -> None:
    request: Any = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), {}
    with pytest.raises(PermissionDenied, match="You may not select that schema"):
        change_schema(request, "acme")
    assert request.session == {}


def test_a_schema_is_chosen_by_its_row_too(ann: User) -> None:
    request: Any = RequestFactory().get("/")
    request.user, request.session = ann, {}
    tenant = Schema.objects.get(pk="acme")
    tenant.name = "order"
    with select(NOTHING):
        change_schema(request, tenant)
    assert request.session == {"schema": "acme"}


def test_who_chooses_the_template_is_refused(ann: User) -> None:
    request: Any = RequestFactory().get("/")
    request.user, request.session = ann, {}
    with pytest.raises(PermissionDenied, match="You may not select that schema"):
        change_schema(request, "__template__")
    assert request.session == {}


def test_a_claim_that_is_refused_leaves_the_path_at_public(ann: User) -> None:
    assert claim(ann, "acme") is not None
    assert claim(ann, 'Be "ta') is None
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ("public",)


def test_a_streaming_response_has_no_schema_once_the_request_is_over(ann: User) -> None:
    response: Any = browser(ann, "acme").get("/stream/")
    with pytest.raises(ProgrammingError):
        list(response.streaming_content)


def test_an_error_in_a_view_rolls_back_and_the_next_request_is_right(ann: User) -> None:
    client = browser(ann, "acme")
    assert client.get("/broken/").status_code == 500
    assert client.get("/items/").json() == ["item of acme"]


def run_async(work: Callable[[], Any]) -> Any:
    async def main() -> Any:
        try:
            return await work()
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(main())


def async_browser(user: User, selected: str) -> AsyncClient:
    client = AsyncClient()
    client.cookies["sessionid"] = browser(user, selected).cookies["sessionid"].value
    return client


@pytest.mark.parametrize("view", ["/items/", "/aitems/"])
def test_asynchronous_requests_side_by_side_see_their_own_schema(ann: User, view: str) -> None:
    clients = [async_browser(ann, name) for name in ("acme", "order")] * 3

    async def ask() -> list[Any]:
        responses = await asyncio.gather(*(client.get(view) for client in clients))
        return [response.json() for response in responses]

    assert run_async(ask) == [["item of acme"], ["item of order"]] * 3


def test_an_asynchronous_request_that_is_not_allowed_is_refused(ann: User) -> None:
    client = async_browser(ann, "nobody")

    async def ask() -> list[int]:
        return [(await client.get("/where/")).status_code for _ in range(2)]

    assert run_async(ask) == [403, 200]


def test_the_middleware_is_what_its_next_is() -> None:
    async def answer(request: Any) -> None:
        """Answer."""

    assert asyncio.iscoroutinefunction(SchemaMiddleware(answer).__call__) is False
    assert SchemaMiddleware(answer).is_async
    assert not SchemaMiddleware(lambda request: None).is_async
