"""Uploaded files: the form field, the messages of refusals, and serving."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.files.addresses import AddressField
from evaluation.files.kinds import ACCEPTED, CONVERTED, PICTURES, Unacceptable, kind_of_type, name_for
from evaluation.models import Document, RecordedFile

DOWNLOAD_POLICY = "default-src 'none'; sandbox"
"""The content policy of every uploaded file: it executes nothing and has no origin."""


def accepted_types() -> str:
    """Return the `accept` attribute of a file input. With the types of pictures, a telephone also offers its camera."""
    pictures = [ACCEPTED[kind] for kind in PICTURES]
    return ",".join([*(f".{kind}" for kind in (*ACCEPTED, *CONVERTED)), ".jpeg", *pictures])


class DocumentsInput(forms.FileInput):
    """A control for several files, onto which they can be dropped."""

    allow_multiple_selected = True


class DocumentsField(forms.FileField):
    """Several files: a list, empty if none is chosen."""

    widget = DocumentsInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        return [super(DocumentsField, self).clean(one, initial) for one in data or []]


class EvidenceForm(forms.Form):
    document = DocumentsField(
        required=False,
        label=gettext_lazy("Documents"),
        allow_empty_file=True,
        widget=DocumentsInput(attrs={"accept": accepted_types(), "class": "file-field"}),
    )
    address = AddressField(required=False, label=gettext_lazy("Address on the web"))


def describe_refusal(problem: Unacceptable) -> str:
    return {
        "empty": _("%(name)s is empty. Choose the file again."),
        "too_big": _("%(name)s is bigger than %(limit)s. Make it smaller, or give its address on the web."),
        "wrong_kind": _(
            "%(name)s is not a PDF, Word, Excel, OpenDocument or picture file. Save it as PDF and add it again."
        ),
        **_words_for_content(),
        "not_open": _("%(name)s was not added: the self-assessment is submitted and cannot be changed."),
        "not_sent_back": _("%(name)s: this indicator was not sent back. It stays as submitted, with its evidence."),
        "already_there": _("%(name)s is already with this answer."),
        "shown_already": _("%(name)s is shown already."),
        "not_under_way": _("Nothing was added or taken away: the work on this recommendation is not under way."),
        "submitted": _("%(name)s was submitted and stays. Add what is new beside it."),
    }[problem.code] % {"name": problem.name, "limit": filesizeformat(settings.EVIDENCE_MAX_BYTES)}


def describe_refused_change(problem: Unacceptable) -> str:
    """Return why existing evidence was not removed, dated or restored."""
    if problem.code == "not_open":
        words = _("%(name)s stays as it is: the self-assessment is submitted and cannot be changed.")
        return words % {"name": problem.name}
    return describe_refusal(problem)


def _words_for_content() -> dict[str, str]:
    return {
        "heic": _(
            "%(name)s is a HEIC picture, which cannot be read here. Set the camera to JPEG (“most compatible”), or save"
            " the picture as JPEG, and add that."
        ),
        "broken": _("%(name)s cannot be read: it is damaged or not complete. Open it, save it again and add that."),
        "protected": _("%(name)s is protected by a password. Save it without the password and add it again."),
        "active": _(
            "%(name)s contains a script, a macro or something that starts by itself. Print or export it as a new PDF,"
            " which leaves that out, and add the new file."
        ),
        "embedded": _(
            "%(name)s contains another file. Take it out, or print or export the document as a new PDF, and add that."
        ),
        "external": _(
            "%(name)s loads a template, a picture or data from another place. Print or export it as a new PDF, which"
            " holds everything itself, and add the new file."
        ),
        "too_many_pixels": _("%(name)s has too many pixels. Make the picture smaller and add it again."),
        "infected": _("%(name)s was not added: the virus scanner found something in it. Scan your computer."),
        "not_scanned": _(
            "%(name)s was not added: the virus scanner does not answer at present. Add the file again later."
        ),
    }


def describe_accepted() -> str:
    """Return which files are accepted, for users who choose one."""
    return _("PDF, Word, Excel, OpenDocument or a picture, up to %(limit)s each") % {
        "limit": filesizeformat(settings.EVIDENCE_MAX_BYTES)
    }


def serve(document: Document | RecordedFile, *, is_shown: bool = False) -> FileResponse:
    """Return the document as a download under the extension of its content, never executed.

    With `is_shown`, a picture is shown inline, as its pixels were encoded by this site. No other file ever is.
    """
    kind = kind_of_type(document.content_type)
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=not (is_shown and kind in PICTURES),
        filename=name_for(document.name, kind),
        content_type=ACCEPTED.get(kind, "application/octet-stream"),
    )
    response["Content-Security-Policy"] = DOWNLOAD_POLICY
    response["Cache-Control"] = "private, no-store"
    return response
