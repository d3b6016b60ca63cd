"""Stored files of rows: serving one, and those that could not be read when somebody asked for them."""

from collections.abc import Iterator
from typing import Any

import structlog
from django.apps import apps
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest

from evaluation.files.kinds import ACCEPTED, PICTURES, kind_of_type, name_for
from evaluation.models import Document, RecordedFile
from portal.operations.models import MissingFile
from portal.operations.stores import store_errors
from portal.presentation.uploaded_files import DOWNLOAD_POLICY

_log = structlog.get_logger("portal.requests.stored_files")


class FileIsMissing(Http404):
    """A row names a file that cannot be read. The page says so; Today lists it for MCE."""


def open_stored(file: FieldFile, address: str) -> Any:
    """Open the file of a row, which is downloaded from `address`. Raises FileIsMissing, and records it."""
    try:
        return file.open("rb")
    except store_errors() as error:
        name = str(file.name)
        MissingFile.objects.get_or_create(
            name=name,
            defaults={"field": f"{file.field.model._meta.label}.{file.field.name}", "address": address[:300]},
        )
        _log.error("stored file cannot be read", name=name, error=type(error).__name__)
        raise FileIsMissing(name) from error


def still_missing() -> Iterator[MissingFile]:
    """Yield the recorded files that cannot be read now either."""
    for missing in MissingFile.objects.order_by("pk"):
        app, model, field = missing.field.split(".")
        try:
            apps.get_model(app, model)._meta.get_field(field).storage.open(missing.name).close()
        except store_errors():
            yield missing


def forget_found_files() -> None:
    """Delete the rows of missing files that can be read again."""
    MissingFile.objects.exclude(pk__in=[missing.pk for missing in still_missing()]).delete()


def serve(request: HttpRequest, document: Document | RecordedFile, *, is_shown: bool = False) -> FileResponse:
    """Return the document as a download under the extension of its content, never executed. Raises FileIsMissing.

    With `is_shown`, a picture is shown inline, as its pixels were encoded by this site. No other file ever is.
    """
    kind = kind_of_type(document.content_type)
    response = FileResponse(
        open_stored(document.file, request.path),
        as_attachment=not (is_shown and kind in PICTURES),
        filename=name_for(document.name, kind),
        content_type=ACCEPTED.get(kind, "application/octet-stream"),
    )
    response["Content-Security-Policy"] = DOWNLOAD_POLICY
    response["Cache-Control"] = "private, no-store"
    return response
