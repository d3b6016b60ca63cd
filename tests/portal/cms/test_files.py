"""Documents and pictures in the CMS: accepted kinds only, by content; served without being executed."""

import gc
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pictures
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction

from evaluation.models import Role
from tests.factories import person
from tests.uploads import PDF, archive, pdf_with, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, person(Role.GUIDE_EDITOR))


def add(editor: Client, address: str, content: bytes, name: str, kind: str = "application/octet-stream"):
    return editor.post(
        reverse(address),
        {"title": "Rota", "collection": Collection.objects.get().pk, "file": SimpleUploadedFile(name, content, kind)},
    )


# --- Documents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("evil.js", b"alert(document.domain)", "evil.js is not a PDF, Word, Excel"),
        ("steal.html", b"<script src=evil.js></script>", "steal.html is not a PDF, Word, Excel"),
        ("evil.pdf", b"<html><script>alert(1)</script>", "evil.pdf is not a PDF, Word, Excel"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg is not a PDF, Word, Excel"),
        ("guide.pdf", pdf_with("/OpenAction<</S/JavaScript/JS(1)>>"), "guide.pdf contains a script"),
        ("notes.zip", archive(("a.txt", b"a")), "notes.zip is not a PDF, Word, Excel"),
    ],
)
def test_a_document_of_another_kind_is_refused_at_its_field(editor: Client, name: str, content: bytes, message: str):
    page = add(editor, "wagtaildocs:add", content, name, "application/pdf")
    assert (page.status_code, message in page.content.decode()) == (200, True)
    many = editor.post(
        reverse("wagtaildocs:add_multiple"),
        {"files[]": SimpleUploadedFile(name, content), "collection": Collection.objects.get().pk},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()
    assert (many["success"], message in many["error_message"]) == (False, True)
    assert not Document.objects.exists()


def test_a_document_is_a_download_without_an_origin(editor: Client, client: Client, settings: Any):
    assert add(editor, "wagtaildocs:add", PDF, "guide.hta").status_code == 302
    document = Document.objects.get()
    answer = Client().get(document.url)
    assert (b"".join(answer), document.url) == (PDF, f"/documents/{document.pk}/guide.pdf")
    names = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    assert [answer.headers[name] for name in names] == [
        "application/pdf",
        'attachment; filename="guide.pdf"',
        "nosniff",
        "default-src 'none'; sandbox",
    ]
    assert (settings.PRIVATE_ROOT / "cms" / "documents" / "guide.pdf").read_bytes() == PDF


@pytest.mark.parametrize("name", ["evil.js", "steal.html", "evil", "drawing.svg"])
def test_a_document_that_was_kept_before_is_not_served(editor: Client, name: str):
    document = Document.objects.create(title="Old", file=ContentFile(b"alert(1)", name=name))
    assert editor.get(document.url).status_code == 404
    assert editor.get(f"/media/{document.file.name}", follow=True).status_code == 404


def test_a_document_is_found_under_its_own_name_only_and_a_closed_one_in_the_cms_only(editor: Client):
    document = Document.objects.create(title="Guide", file=ContentFile(PDF, name="guide.pdf"))
    assert Client().get(f"/documents/{document.pk}/other.pdf").status_code == 404
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")
    assert Client().get(document.url).status_code == 404
    assert b"".join(editor.get(document.url)) == PDF


def test_a_document_is_replaced_by_another_of_the_list_only(editor: Client):
    add(editor, "wagtaildocs:add", PDF, "guide.pdf")
    document = Document.objects.get()
    address = reverse("wagtaildocs:edit", args=[document.pk])
    data = {"title": "Rota", "collection": document.collection_id}
    page = editor.post(address, data | {"file": SimpleUploadedFile("evil.js", b"alert(1)")})
    assert "evil.js is not a PDF" in page.content.decode()
    assert editor.post(address, data | {"title": "Other words"}).status_code == 302
    document.refresh_from_db()
    assert (document.title, document.file.name) == ("Other words", "documents/guide.pdf")


# --- Pictures ------------------------------------------------------------------------------------------------------


@pytest.fixture
def drawing() -> Iterator[None]:
    """Wagtail leaves the file of a resized picture open, for which the garbage collector warns at a random time."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.usefixtures("drawing")
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_picture_is_drawn_anew_and_shown_in_the_cms_only(editor: Client, settings: Any):
    hidden = picture("JPEG", (400, 300), comment=b"Ana Horvat") + b"<script>alert(1)</script>"
    assert add(editor, "wagtailimages:add", hidden, "photo.jpeg").status_code == 302
    image = Image.objects.get()
    rendition = image.get_rendition("max-165x165")
    assert rendition.url == f"/cms/files/{rendition.file.name}"
    for address in (rendition.url, f"/cms/files/{image.file.name}"):
        answer = editor.get(address)
        content = b"".join(answer)
        assert (b"script" in content, b"Ana" in content) == (False, False)
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert Pictures.open(BytesIO(content)).width <= 400
        assert Client().get(address).status_code == 302
    assert editor.get("/cms/files/../evidence/1").status_code == 404
    assert (settings.PRIVATE_ROOT / "cms" / rendition.file.name).exists()
    assert rendition.url in editor.get(reverse("wagtailimages:index")).content.decode()
    assert editor.get(reverse("wagtailimages:edit", args=[image.pk])).status_code == 200


def wide() -> bytes:
    """Return a picture with too many pixels, created by the test and not when tests are collected."""
    file = BytesIO()
    Pictures.new("1", (20_000, 20_000)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.png", picture("PNG", (300, 300))[:60], "broken.png cannot be read"),
        ("broken.jpg", picture("JPEG", (300, 300))[:400], "broken.jpg cannot be read"),
        ("nothing.png", b"\x89PNG\r\n\x1a\n", "nothing.png cannot be read"),
        ("wide.png", None, "wide.png has too many pixels"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg is not a PNG or JPEG picture"),
        ("moving.gif", picture("GIF"), "moving.gif is not a PNG or JPEG picture"),
        ("guide.pdf", PDF, "guide.pdf is not a PNG or JPEG picture"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_an_error_at_its_field(
    editor: Client, name: str, content: bytes | None, message: str
):
    content = wide() if content is None else content
    page = add(editor, "wagtailimages:add", content, name, "image/png")
    assert (page.status_code, message in page.content.decode()) == (200, True)
    many = editor.post(
        reverse("wagtailimages:add_multiple"),
        {"files[]": SimpleUploadedFile(name, content), "collection": Collection.objects.get().pk},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()
    assert (many["success"], message in many["error_message"]) == (False, True)
    assert not Image.objects.exists()


@pytest.mark.parametrize("view", ["wagtaildocs:add_multiple", "wagtailimages:add_multiple"])
def test_a_file_in_another_field_than_that_of_the_form_is_a_bad_request(editor: Client, view: str):
    sent = {"document": SimpleUploadedFile("a.png", picture()), "collection": Collection.objects.get().pk}
    assert editor.post(reverse(view), sent, headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 400


@pytest.mark.usefixtures("drawing")
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_several_pictures_are_added_at_once_and_titled_afterwards(editor: Client):
    headers = {"X-Requested-With": "XMLHttpRequest"}
    sent = {"files[]": SimpleUploadedFile("a.png", picture()), "collection": Collection.objects.get().pk}
    added = editor.post(reverse("wagtailimages:add_multiple"), sent, headers=headers).json()
    assert added["success"]
    image = Image.objects.get()
    fields = {f"image-{image.pk}-title": "A rota", f"image-{image.pk}-collection": image.collection_id}
    fields[f"image-{image.pk}-description"] = ""
    edited = editor.post(reverse("wagtailimages:edit_multiple", args=[image.pk]), fields, headers=headers)
    image.refresh_from_db()
    assert (edited.json()["success"], image.title) == (True, "A rota")
