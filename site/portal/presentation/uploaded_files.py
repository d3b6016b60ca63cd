"""Uploaded files: the form field, the messages of refusals, and the policy under which they are served."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.files.addresses import AddressField
from evaluation.files.kinds import ACCEPTED, CONVERTED, PICTURES, Found, Unacceptable

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
    sentence = {
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
    return f"{sentence} {describe_found(problem.found)}".rstrip()


def describe_found(found: Found | None) -> str:
    """Return what was found in a file and where, as a sentence; empty if that is not known."""
    if found is None or not found.what:
        return ""
    what = {
        "script": _("a script or a macro"),
        "program": _("an action that opens a program or another file"),
        "starts": _("something that starts by itself or sends the file"),
        "file": _("a file within the file"),
        "link": _("a link"),
        "template": _("a template elsewhere"),
        "picture": _("a picture elsewhere"),
        "object": _("a linked object"),
        "workbook": _("another workbook"),
        "data": _("content kept elsewhere"),
        "dde": _("a DDE field"),
        "formula": _("a formula"),
    }[found.what]
    parts = [what, f"“{found.target}”" if found.target else "", _describe_place(found.place)]
    return _("Found: %(found)s.") % {"found": ", ".join(filter(None, parts))}


def _describe_place(place: str) -> str:
    if place.isdecimal():
        return _("page %(number)s") % {"number": place}
    if sheet := re.search(r"worksheets/(?:_rels/)?sheet(\d+)\.xml", place):
        return _("sheet %(number)s") % {"number": sheet[1]}
    if re.search(r"(document|content)\.xml(\.rels)?$", place):
        return _("in the text")
    if re.search(r"(header|footer)\d*\.xml(\.rels)?$", place):
        return _("in a header or footer")
    return _("in the part %(part)s") % {"part": place} if place else ""


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
        "signed": _(
            "%(name)s is signed electronically. It cannot be added: the names of authors are removed from every file, and"
            " that would break the signature. Print it as a new PDF, add that, and keep the signed file."
        ),
        "link": _(
            "%(name)s has a link that leads neither to a web page nor to an e-mail or a telephone. Remove the link and add"
            " the file again."
        ),
        "too_complex": _(
            "%(name)s was not added: reading it takes too much time or memory. Print or export it as a new PDF, or split"
            " it, and add that."
        ),
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
    """Return which files are accepted and what is removed from them, for users who choose one."""
    return _(
        "PDF, Word, Excel, OpenDocument or a picture, up to %(limit)s each. The names of authors are removed from a file"
        " before it is stored. A file that is signed electronically is not accepted."
    ) % {"limit": filesizeformat(settings.EVIDENCE_MAX_BYTES)}
