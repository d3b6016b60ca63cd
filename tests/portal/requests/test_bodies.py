"""Request bodies: rights are checked before a body is read, and invalid ones get a clear response."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import FakePayload
from django.urls import reverse

from evaluation.models import Evidence, Role
from portal.public.models import HomePage
from tests.factories import person
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
FORM = "multipart/form-data; boundary=X"
ADDRESSES = ["/work/account/", "/accounts/login/", "/i18n/setlang/", "/en/", "/cms/pages/", "/documents/1/a.pdf", "/"]


def parts(number: int, name: str = ' filename="a"') -> bytes:
    part = f'--X\r\nContent-Disposition: form-data; name="field";{name}\r\n\r\nx\r\n'
    return (part * number + "--X--\r\n").encode()


class Counted(FakePayload):
    """A body that counts how much of it was read."""

    def __init__(self, size: int) -> None:
        super().__init__(b"")
        self.size, self.sent = size, 0

    def __len__(self) -> int:
        return self.size

    def read(self, size: int | None = None, /) -> bytes:
        block = min(self.size - self.sent, self.size if size is None or size < 0 else size)
        self.sent += block
        return b"x" * block


def post(client: Client, address: str, body: Any, **more: Any) -> Any:
    length = len(body)
    payload = body if isinstance(body, Counted) else FakePayload(body)
    return client.request(
        REQUEST_METHOD="POST",
        PATH_INFO=address,
        CONTENT_TYPE=FORM,
        CONTENT_LENGTH=str(length),
        **{"wsgi.input": payload, **more},
    )


# --- Strangers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("body", "is_checked"),
    [(parts(101), True), (parts(10_001, ""), False), (b"--X\r\nno form at all", True), (b"\xff" * 100, False)],
)
def test_a_form_that_is_none_is_no_error_of_ours(address: str, body: bytes, is_checked: bool):
    client = Client(enforce_csrf_checks=is_checked)
    assert post(client, address, body).status_code < 500


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_read_of_what_a_stranger_sends_beyond_a_form(address: str):
    body = Counted(200 * MEGABYTE)
    assert post(Client(enforce_csrf_checks=True), address, body).status_code in (302, 403, 413)
    assert body.sent == 0


def test_a_stranger_who_was_uploading_is_told_to_sign_in():
    stage = Stage("self_assessment")
    body = Counted(15 * MEGABYTE)
    page = post(Client(), reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"]), body)
    assert (page.status_code, body.sent) == (403, 0)
    assert "/accounts/login/" in page.content.decode()


@pytest.mark.parametrize("address", ["/en/register/%00/", "/en/register/?q=%00", "/documents/1/a%00.pdf"])
def test_an_address_with_a_nul_is_a_bad_request(address: str):
    assert Client().get(address).status_code == 400


# --- People --------------------------------------------------------------------------------------------------------


def upload_addresses(stage: Stage) -> list[str]:
    return [
        reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"]),
        reverse("workspace:workbook", args=[stage.evaluation.uid]),
        reverse("workspace:add_proof", args=[stage.recommendation.uid]),
        reverse("workspace:hotline_figures", args=[stage.evaluation.hotline.country]),
    ]


def test_rights_are_asked_before_a_file_is_read(sign_in: Callable[..., Client]):
    stage = Stage("decided")
    for user in (stage.people.elsewhere, stage.people.user_without_role, stage.people.editor):
        client = sign_in(Client(enforce_csrf_checks=True), user)
        for address in upload_addresses(stage):
            body = Counted(15 * MEGABYTE)
            assert (post(client, address, body).status_code in (403, 404), body.sent) == (True, 0), address


def test_a_body_beyond_every_bound_is_refused_unread(sign_in: Callable[..., Client], settings: Any):
    stage = Stage("decided")
    settings.STATISTICS_MAX_BYTES = 20 * MEGABYTE
    client = sign_in(Client(), stage.coordinator)
    for address in (*upload_addresses(stage), "/work/account/"):
        body = Counted(200 * MEGABYTE)
        page = post(client, address, body)
        assert (page.status_code, body.sent) == (413, 0), address
        assert "choose a smaller file" in page.content.decode()


def test_a_file_somewhat_too_big_is_refused_on_its_page_and_the_words_beside_it_are_kept(
    sign_in: Callable[..., Client], settings: Any
):
    stage = Stage("self_assessment")
    settings.EVIDENCE_MAX_BYTES = len(PDF) - 1
    client = sign_in(Client(), stage.coordinator)
    address = reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"])
    sent = {"document": SimpleUploadedFile("rota.pdf", PDF), "address": "https://example.org/rota"}
    assert "rota.pdf is bigger than" in client.post(address, sent, follow=True).content.decode()
    assert Evidence.objects.filter(address="https://example.org/rota").exists()


@pytest.mark.parametrize("role", [Role.GUIDE_EDITOR, Role.ASSESSOR])
def test_the_cms_reads_big_files_of_its_editors_only(sign_in: Callable[..., Client], role: Role):
    client = sign_in(Client(), person(role))
    body = Counted(15 * MEGABYTE)
    answer = post(client, "/cms/documents/add/", body)
    assert (answer.status_code < 500, body.sent > 0) == (True, role == Role.GUIDE_EDITOR)


@pytest.mark.parametrize("length", ["x", "-1", "1.5"])
def test_a_length_that_is_no_number_is_a_bad_request(length: str):
    strict = Client(enforce_csrf_checks=True)
    kind = "application/x-www-form-urlencoded"
    assert strict.post("/work/account/", "a=b", content_type=kind, CONTENT_LENGTH=length).status_code == 400


def test_a_forged_upload_is_still_refused(sign_in: Callable[..., Client]):
    stage = Stage("self_assessment")
    client = sign_in(Client(enforce_csrf_checks=True), stage.coordinator)
    before = Evidence.objects.count()
    address = reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"])
    answer = client.post(address, {"document": BytesIO(PDF), "address": "https://example.org/forged"})
    assert (answer.status_code, Evidence.objects.count()) == (403, before)


# --- Formatted text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["<p>not a structure</p>", "[]", '{"blocks": 5}', '{"blocks": [{}], "entityMap": {}}', "[" * 100_000]
)
def test_damaged_formatted_text_is_a_bad_request(sign_in: Callable[..., Client], text: str):
    home = HomePage.objects.first()
    client = sign_in(Client(), person(Role.GUIDE_EDITOR))
    typed = {"title": "Home", "slug": "home", "intro": text, "action-publish": "1"}
    assert client.post(reverse("wagtailadmin_pages:edit", args=[home.pk]), typed).status_code == 400
