"""Documents and pictures of the CMS: inspected like evidence when uploaded, and served without being executed."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.auth import require_admin_access
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.documents.models import Document
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.images.models import Image, Rendition

from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import ACCEPTED, PICTURES, Unacceptable, name_for
from portal.presentation.uploaded_files import DOWNLOAD_POLICY, describe_refusal
from portal.requests.stored_files import open_stored


def _inspect(upload: UploadedFile[Any], kinds: tuple[str, ...] = ()) -> SimpleUploadedFile:
    name = upload.name or ""
    try:
        if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:
            raise Unacceptable("too_big", name)
        found = inspect_upload(upload.read(), name, limit=settings.EVIDENCE_MAX_BYTES, kinds=kinds)
    except Unacceptable as problem:
        if kinds and problem.code == "wrong_kind":
            raise ValidationError(
                _("%(name)s is not a PNG or JPEG picture. Save it as one of these and add it again."),
                params={"name": name},
            ) from problem
        raise ValidationError(describe_refusal(problem)) from problem
    return SimpleUploadedFile(found.name, found.content, ACCEPTED[found.kind])


class DocumentField(WagtailDocumentField):
    """Accepts the kinds of file that evidence may have."""

    def to_python(self, data: Any) -> Any:
        return super().to_python(_inspect(data) if data else data)


class PictureField(WagtailImageField):
    """Accepts pictures, and re-encodes them before they are stored."""

    def to_python(self, data: Any) -> Any:
        return super().to_python(_inspect(data, PICTURES) if data else data)


class _WithFile(forms.BaseModelForm[Any]):
    """A form of Wagtail that uses the field of this module for its file, if it has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meta = self._meta
        if "file" not in (meta.fields or ()) or "file" in (meta.exclude or ()):
            del self.fields["file"]


class DocumentForm(_WithFile, BaseDocumentForm):
    file = DocumentField(label=_("File"), widget=BaseDocumentForm.Meta.widgets["file"])


class PictureForm(_WithFile, BaseImageForm):
    file = PictureField(label=_("File"), widget=BaseImageForm.Meta.widgets["file"])


# --- Serving -----------------------------------------------------------------------------------------------------


@require_safe
def document(request: HttpRequest, document_id: int, document_filename: str) -> FileResponse:
    """Serve a document to everybody who has its address; one in a private collection only to users of the CMS."""
    found = get_object_or_404(Document, pk=document_id)
    if found.filename != document_filename:
        raise Http404
    is_closed = found.collection.get_view_restrictions().exists()
    if is_closed and not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
    return _serve(request, found.file)


@require_safe
@require_admin_access
def picture(request: HttpRequest, name: str) -> FileResponse:
    """Serve a picture or a rendition to users of the CMS: no public page shows pictures."""
    found = Image.objects.filter(file=name).first() or get_object_or_404(Rendition, file=name)
    return _serve(request, found.file)


def _serve(request: HttpRequest, file: Any) -> FileResponse:
    """Return the file as a download. Raises Http404 for earlier files whose kind is not accepted."""
    name = file.name.rpartition("/")[2]
    kind = {"jpeg": "jpg"}.get(name.rpartition(".")[2].lower(), name.rpartition(".")[2].lower())
    if kind not in ACCEPTED:
        raise Http404
    response = FileResponse(
        open_stored(file, request.path),
        as_attachment=True,
        filename=name_for(name, kind),
        content_type=ACCEPTED[kind],
    )
    response["Content-Security-Policy"] = DOWNLOAD_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=300"
    return response
