"""Photos and documents attached to observations: the data of the evidence component, and reasons for refusals."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.files.kinds import Unacceptable
from evaluation.models import RecordedFile
from evaluation.visits.files import MOST_FILES
from portal.presentation.moments import zoned
from portal.presentation.uploaded_files import describe_refusal


def show_recorded_file(file: RecordedFile, evaluation: UUID) -> dict[str, Any]:
    """Return a file for the evidence component."""
    url = address_of(file, evaluation)
    added = _("%(name)s, %(day)s") % {
        "name": file.by.name,
        "day": zoned(file.at, "SHORT_DATETIME_FORMAT"),
    }
    shown = {"name": str(file), "url": url, "meta": f"{filesizeformat(file.size)} · {added}"}
    return shown | {"picture_url": url} if file.is_picture else shown


def address_of(file: RecordedFile, evaluation: UUID) -> str:
    return reverse("workspace:recorded_file", args=[evaluation, file.uid])


def describe_for_device(file: RecordedFile, evaluation: UUID) -> dict[str, Any]:
    """Return the data of a file for the device that recorded it, which identifies it by the uid that it generated."""
    return {
        "uid": str(file.save_uid),
        "code": file.code,
        "name": file.name,
        "words": file.words,
        "is_picture": file.is_picture,
        "address": address_of(file, evaluation),
    }


def describe_refused_file(problem: Unacceptable) -> str:
    """Return why a file was not attached or removed, and what to do."""
    words = {
        "too_big": _(
            "%(name)s is bigger than %(limit)s and was not added. Take the photo again with fewer pixels, or save the"
            " document smaller."
        ),
        "not_recording": _(
            "%(name)s: files are added and removed only while the visit is under way and you have not finished."
        ),
        "not_examined": _("%(name)s was not added: this visit is limited to other indicators."),
        "signed_off": _("%(name)s belongs to findings that were signed off: it stays as it is."),
        "removed": _("%(name)s was removed on a page or another device. Choose it again if it is wanted."),
        "too_many": _("%(name)s was not added: there are already %(most)d files of yours. Remove some first."),
    }.get(problem.code)
    if words is None:
        return describe_refusal(problem)
    limit = filesizeformat(settings.EVIDENCE_MAX_BYTES)
    return words % {"name": problem.name, "limit": limit, "most": MOST_FILES}
