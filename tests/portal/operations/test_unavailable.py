"""Transient failures: 503 with `Retry-After`, one sentence, and the submitted values."""

import errno
import sqlite3
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.utils import translation

from portal.operations.transient import is_transient
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


def sqlite_error(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("quoted")
    cause.sqlite_errorcode = code
    error = OperationalError("quoted")
    error.__cause__ = cause
    return error


@pytest.mark.once
@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (OperationalError("server closed the connection unexpectedly"), True),
        (InterfaceError("connection already closed"), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EACCES, "Permission denied"), True),
        (EndpointConnectionError(endpoint_url="https://bucket.example"), True),
        (sqlite_error(sqlite3.SQLITE_BUSY), True),
        (sqlite_error(sqlite3.SQLITE_FULL), True),
        (sqlite_error(sqlite3.SQLITE_IOERR_WRITE), True),
        (sqlite_error(sqlite3.SQLITE_ERROR), False),  # the table does not exist
        (OSError(errno.ENOENT, "No such file"), False),
        (ProgrammingError("relation does not exist"), False),
        (ValueError("ours"), False),
        (None, False),
    ],
)
def test_what_passes_is_told_from_what_is_ours(error, passes):
    assert is_transient(error) is passes


@pytest.mark.once
def test_what_led_to_an_error_counts():
    error = RuntimeError("while saving")
    error.__cause__ = OperationalError("the connection is lost")
    assert is_transient(error)


@pytest.fixture
def lost(client: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a signed-in client of a site whose database just went away. Errors are answered, not raised."""
    sign_in(client, UserFactory())
    client.raise_request_exception = False

    def is_away(*_args: Any, **_names: Any) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper._cursor", is_away)
    return client


def test_a_page_says_that_the_service_is_away(lost):
    answer = lost.get("/en/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The service is away for a moment" in answer.content.decode()


def test_it_speaks_to_who_asks_and_not_to_who_was_there_before(lost):
    translation.activate("pl")
    answer = lost.get("/work/", headers={"Accept-Language": "fr"})
    assert (answer.status_code, '<html lang="fr"' in answer.content.decode()) == (503, True)


def test_what_was_typed_comes_back_to_be_sent_again(lost):
    sent = {"name": "Ana <Horvat>", "password": "four unrelated words"}
    assert "Horvat" not in lost.post("/work/people/", sent, headers={"Origin": "http://elsewhere"}).content.decode()
    answer = lost.post("/work/people/", sent, headers={"Origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert 'action="/work/people/"' in page
    assert 'name="name" value="Ana &lt;Horvat&gt;"' in page
    assert '<p class="read-only said-words">Ana &lt;Horvat&gt;</p>' in page
    assert "four unrelated words" not in page


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_script_gets_a_sentence(lost, header):
    answer = lost.post("/work/people/", {"name": "Ana"}, headers=header)
    assert (answer.status_code, answer["Retry-After"], answer["Content-Type"]) == (
        503, "5", "text/plain; charset=utf-8",
    )  # fmt: skip
    assert "Your text stays here" in answer.content.decode()


def test_our_own_mistake_stays_a_500(client, sign_in, monkeypatch):
    client.raise_request_exception = False
    sign_in(client, UserFactory())

    def breaks(*_args: Any) -> None:
        raise ValueError("ours")

    monkeypatch.setattr("portal.requests.navigation._public_menu", breaks)
    answer = client.get("/en/")
    assert (answer.status_code, "Retry-After" in answer) == (500, False)
