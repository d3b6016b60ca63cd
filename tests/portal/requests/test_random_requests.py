"""No request to any address causes an internal error."""

import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evaluation.models import Evaluation, Role, User
from standards.models import EditionPage
from tests.factories import PASSWORD, person
from tests.portal.anything_sent import Request, keys, requests, routes
from tests.stage import Stage

pytestmark = [pytest.mark.everywhere, pytest.mark.django_db]

MANY = int(os.environ.get("REQUESTS", "25"))
"""The number of requests at each of the stages; `./go prove requests` sends more, and other ones each time."""

ROLES = ("nobody", "no_role", "coordinator", "contributor", "lead", "panel", "mce", "editor", "superuser")


def clients_of(stage: Stage, sign_in: Callable[..., Client]) -> dict[str, Client]:
    superuser = person(Role.MCE_COORDINATOR, password=PASSWORD)
    User.objects.filter(pk=superuser.pk).update(is_superuser=True)
    people = {
        "no_role": stage.people.user_without_role,
        "coordinator": stage.coordinator,
        "contributor": stage.contributor,
        "lead": stage.people.lead,
        "panel": stage.people.panel,
        "mce": stage.people.mce,
        "editor": stage.people.editor,
        "superuser": User.objects.get(pk=superuser.pk),
    }
    clients = {"nobody": Client(enforce_csrf_checks=True)} | {
        role: sign_in(Client(), user) for role, user in people.items()
    }
    for client in clients.values():
        client.raise_request_exception = False
    return clients


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what a request did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(client: Client, request: Request) -> int:
    headers = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in request.headers.items()}
    length = headers.pop("HTTP_CONTENT_LENGTH", str(len(request.body)))
    kept = client.cookies.output(attrs=[], header="", sep=";")
    sent: dict[str, Any] = {"CONTENT_TYPE": request.kind, "CONTENT_LENGTH": length} if request.body else {}
    answer = client.request(
        REQUEST_METHOD=request.method,
        PATH_INFO=_decoded(request.path),
        QUERY_STRING=request.query,
        **{"wsgi.input": BytesIO(request.body)},
        **sent,
        **headers,
    )
    if answer.streaming:
        b"".join(answer.streaming_content)
    client.cookies.clear()
    client.cookies.load(kept)
    return answer.status_code


def _decoded(path: str) -> str:
    """Decode a path as a server passes it on: unquoted, one letter per byte."""
    return unquote_to_bytes(path).decode("iso-8859-1")


@pytest.fixture
def loaded(db: None) -> EditionPage:
    """Return the pages of the small edition: a scene."""
    return EditionPage.objects.get(locale__language_code="en")


def send_all(clients: dict[str, Client], drawn: st.SearchStrategy[Request], number: int) -> None:
    """Send that many requests, each undone, and fail at the first that is answered by an error of the site."""
    reported: list[str] = []

    def note(**_: Any) -> None:
        reported.append(traceback.format_exc(limit=-6))

    @settings(
        max_examples=number,
        deadline=None,
        derandomize="REQUESTS" not in os.environ,
        database=None,
        phases=[Phase.generate],  # the first failing request is short, and reported with its place
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def sent(data: st.DataObject) -> None:
        request = data.draw(drawn)
        reported.clear()
        with undone():
            status = send(clients[request.role], request)
        translation.deactivate()
        timezone.deactivate()
        assert status < 500, (request, *reported)

    got_request_exception.connect(note)
    try:
        sent()
    finally:
        got_request_exception.disconnect(note)


@pytest.mark.parametrize("state", ["self_assessment", "decided"])
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_whatever_is_sent_is_never_an_error_of_ours(state: str, loaded: EditionPage, sign_in: Callable[..., Client]):
    clients = clients_of(Stage(Evaluation.State(state)), sign_in)
    send_all(clients, requests(ROLES, keys()), MANY)


CMS = sorted({route for route in routes() if route.startswith("/cms/")})


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_address_of_the_cms_is_an_error_of_ours(loaded: EditionPage, sign_in: Callable[..., Client]):
    """Each address is asked by GET and by POST, by a role that reaches it: Wagtail's pages may be wrong, too."""
    clients = clients_of(Stage(Evaluation.State.SELF_ASSESSMENT), sign_in)
    known = keys()
    for route in CMS:
        for method in ("GET", "POST"):
            send_all(clients, requests(("mce", "editor"), known, route, (method,)), max(1, MANY // 500))
