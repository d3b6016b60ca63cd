"""The recording view for a phone or a tablet: its page without data, its service workers, and its data in JSON."""

import hashlib
import json
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from evaluation.answers.entered_answers import SIDES, EnteredAnswer
from evaluation.answers.judgements import Conflict, InvalidAnswer, Saved
from evaluation.answers.unresolved_texts import Kind, save_text, texts_of
from evaluation.files.kinds import ACCEPTED, PICTURES, Unacceptable
from evaluation.models import User, Visit
from evaluation.visits.files import describe_file, discard_file, own_files
from portal.access import find_visit
from portal.answers.saving import as_fields
from portal.presentation.form_values import describe_invalid_answer
from portal.requests.signed_in import KEPT_FOR, SignedInRequest
from portal.visits.recording.batches import (
    LONGEST_TEXT,
    MOST_ITEMS,
    Batch,
    Text,
    Version,
    describe_unknown,
    note_device,
    read_batch,
)
from portal.visits.recording.material import files_by, read_material, recorded_by
from portal.visits.recording.observations import PAGE

SCRIPTS = tuple(
    f"portal/js/recording/{name}.js"
    for name in (
        *("app", "attaching", "files", "lock", "network", "pictures", "pin", "records", "row_form", "sending"),
        *("sheets", "state", "store", "sync", "transfer", "view"),
    )
)
SHEETS = (
    "portal/vendor/bootstrap/bootstrap.css",
    "portal/tokens.css",
    *(f"portal/css/{name}.css" for name in ("base", "components", "workspace", "print")),
)
FILES = (*SHEETS, "portal/js/theme.js", "portal/js/answers/disk.js", *SCRIPTS)
"""The static files that the page needs offline. Fonts are cached when the page uses them."""

_WORKERS = Path(__file__).parents[3] / "portal/static/portal/js/recording"


# --- The page, which the device caches -------------------------------------------------------------------------------


@require_safe
def recording(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the recording view of a visit to its team. The page has no data: its script fetches or unlocks them."""
    find_visit(request, uid, "visit.observe")
    return _draw_shell(request)


@require_safe
def shell(request: SignedInRequest) -> HttpResponse:
    """Return the same page for the service worker, which shows it for every visit."""
    return _draw_shell(request)


def _draw_shell(request: HttpRequest) -> HttpResponse:
    return render(request, "visits/recording.html", _shell_context())


NO_VISIT = UUID(int=0)
"""A placeholder for the visit in the addresses of the page; its script replaces it."""


def _shell_context() -> dict[str, Any]:
    names = {
        "material": "workspace:recording_material",
        "observations": "workspace:receive_observations",
        "rows": "workspace:receive_rows",
        "files": "workspace:begin_recorded_file",
        "visit": "workspace:visit",
        "manifest": "workspace:recording_manifest",
    }
    documents = " ".join(kind for kind in ACCEPTED if kind not in PICTURES)
    limits = {"limit": settings.EVIDENCE_MAX_BYTES, "kinds": documents}
    addresses = {key: reverse(name, args=[NO_VISIT]) for key, name in names.items()}
    return {"script": SCRIPTS[0], "pages": reverse("workspace:home"), **limits, **addresses}


def _find_visit_pages() -> str:
    """Return the prefix of the addresses of all evaluations' pages, before the evaluation's uid."""
    return reverse("workspace:evaluation", args=[NO_VISIT]).partition(str(NO_VISIT))[0]


@require_safe
def worker(request: SignedInRequest) -> HttpResponse:
    """Return the service worker with the list of files that it caches. A changed file gives a new worker version."""
    page = render_to_string("visits/recording.html", _shell_context())
    constants = {
        "version": hashlib.sha256(f"{_digest_of_files()}{page}".encode()).hexdigest()[:16],
        "shell": reverse("workspace:recording_shell"),
        "files": [static(name) for name in FILES],
        "static": settings.STATIC_URL,
    }
    return _send_worker("worker.js", "KEPT", constants)


@require_safe
def visit_pages_worker(request: SignedInRequest) -> HttpResponse:
    """Return the service worker of the workspace for a device without a network.

    It opens the recording view from any page of a visit, and the last copies of Today and of the list of visits.
    """
    constants = {
        "id": str(NO_VISIT),
        "pages": _find_visit_pages(),
        "recording": reverse("workspace:recording", args=[NO_VISIT]),
        "kept": [reverse("workspace:home"), reverse("workspace:visits")],
        "cache": "kept-pages",
        "header": KEPT_FOR,
        "static": settings.STATIC_URL,
    }
    response = _send_worker("visit_pages.js", "VISIT", constants)
    response["Service-Worker-Allowed"] = reverse("workspace:home")
    return response


def _send_worker(name: str, variable: str, constants: dict[str, Any]) -> HttpResponse:
    body = f"const {variable} = {json.dumps(constants)};\n{(_WORKERS / name).read_text()}"
    return HttpResponse(body, content_type="text/javascript")


@require_safe
def manifest(request: SignedInRequest, uid: UUID) -> JsonResponse:
    """Return the web manifest with which a device installs the recording view of a visit as an app."""
    visit = find_visit(request, uid, "visit.observe")
    start = reverse("workspace:recording", args=[uid])
    hotline = visit.evaluation.hotline
    described = {
        "id": start,
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "lang": get_language(),
        "name": _("Record a visit: %(hotline)s") % {"hotline": hotline.name},
        "short_name": _("Visit %(code)s") % {"code": hotline.country},
        "icons": [{"src": static("portal/flower.svg"), "type": "image/svg+xml", "sizes": "any"}],
    }
    return JsonResponse(described, content_type="application/manifest+json")


def _digest_of_files() -> str:
    return _digest_now() if settings.DEBUG else _digest_once()


def _digest_now() -> str:
    found = (finders.find(name) for name in FILES)
    return hashlib.sha256(b"".join(Path(name).read_bytes() for name in found if name)).hexdigest()


_digest_once = cache(_digest_now)


# --- The data that it fetches and sends ------------------------------------------------------------------------------


@require_safe
def material(request: SignedInRequest, uid: UUID) -> JsonResponse:
    """Return the checklist, the indicators and the user's own records."""
    return JsonResponse(read_material(find_visit(request, uid, "visit.observe"), request.user))


class Item(BaseModel):
    """An observation of one indicator, with the version that the device had seen."""

    code: Annotated[str, StringConstraints(max_length=12)]
    version: Version
    save_uid: UUID
    draft_uid: UUID
    resolves: bool = False
    level: Annotated[str, StringConstraints(max_length=10)] = ""
    value: Annotated[str, StringConstraints(max_length=40)] = ""
    words: Text = ""
    strength: Text = ""
    concern: Text = ""
    good_practice: bool = False

    @property
    def entered(self) -> EnteredAnswer:
        return EnteredAnswer(self.level, self.value, self.words, self.good_practice, self.strength, self.concern)


class Texts(Batch):
    """The unsent texts of a device, and the drafts that it gives up.

    Files are sent separately; with the texts come changed captions, and which files were removed.
    """

    given_up: Annotated[list[UUID], Field(max_length=MOST_ITEMS)] = []
    captions: Annotated[dict[UUID, str], Field(max_length=MOST_ITEMS)] = {}
    removed_files: Annotated[list[UUID], Field(max_length=MOST_ITEMS)] = []


@require_POST
def receive(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Save the texts that a device sends; return a result for each, then the user's stored texts and files."""
    visit = find_visit(request, uid, "visit.observe")
    batch = read_batch(request, Texts)
    if isinstance(batch, HttpResponse):
        return batch
    texts_of(request.user).filter(evaluation=visit.evaluation, draft_uid__in=batch.given_up).delete()
    results = [_read_and_save(request, visit, sent) for sent in batch.items]
    waiting = batch.unsent - sum(one["kind"] in ("saved", "closed") for one in results)
    waiting -= _change_files(visit, batch, by=request.user)
    note_device(visit, batch, waiting, by=request.user)
    recorded, files = recorded_by(visit, request.user), files_by(visit, request.user)
    return JsonResponse({"results": results, "recorded": recorded, "files": files})


def _change_files(visit: Visit, batch: Texts, *, by: User) -> int:
    """Save captions and removals of files; return how many of them are done.

    One that comes too late is not done: the response shows the device the unchanged file.
    """
    done = 0
    for save_uid in batch.removed_files:
        with suppress(Unacceptable):
            discard_file(visit, save_uid, by=by)
            done += 1
    for file in own_files(visit, by).filter(save_uid__in=batch.captions).select_related("by"):
        file.visit = visit
        with suppress(Unacceptable):
            describe_file(file, batch.captions[file.save_uid].replace("\x00", ""))
            done += 1
    return done


def _read_and_save(request: SignedInRequest, visit: Visit, sent: dict[str, Any]) -> dict[str, Any]:
    """Save the submitted text of one indicator as `_save` does; the kind is `problem` if it is invalid."""
    try:
        return _save(request, visit, Item.model_validate(sent))
    except ValidationError as invalid:
        return {"code": str(sent.get("code", "")), "kind": "problem", "problem": _describe_unreadable(invalid)}


def _describe_unreadable(invalid: ValidationError) -> str:
    """Return the message for the first invalid field: a user can only have written too much."""
    first = invalid.errors(include_url=False)[0]
    field = first["loc"][0]
    if first["type"] == "string_too_long" and field == "value":
        return describe_invalid_answer(InvalidAnswer("not_a_number"))
    if first["type"] == "string_too_long" and field in ("words", *SIDES):
        return _("This text is too long. Write at most %(count)d letters.") % {"count": LONGEST_TEXT}
    return describe_unknown()


def _save(request: SignedInRequest, visit: Visit, item: Item) -> dict[str, Any]:
    """Save one item. The result's kind is `saved`, `conflict` with the newer text, `closed` or `problem`."""
    evaluation = visit.evaluation
    if item.code not in evaluation.framework.indicators:
        return {"code": item.code, "kind": "problem", "problem": _("The Guide of this visit has no such indicator.")}
    try:
        submitted = PAGE.read(item.entered, evaluation.framework.indicators[item.code])
        result = save_text(
            Kind.OBSERVATION,
            evaluation,
            item.code,
            submitted,
            version=item.version,
            by=request.user,
            save_uid=item.save_uid,
            draft_uid=item.draft_uid,
            resolves=item.resolves,
        )
    except InvalidAnswer as invalid:
        return {"code": item.code, "kind": "problem", "problem": describe_invalid_answer(invalid)}
    match result:
        case Saved(version):
            return {"code": item.code, "kind": "saved", "version": version}
        case Conflict(theirs):
            found = {"version": theirs.version, "fields": as_fields(theirs)}
            return {"code": item.code, "kind": "conflict", "theirs": found}
        case _:
            return {"code": item.code, "kind": "closed", "problem": PAGE.closed_text(evaluation)}


urlpatterns = [
    path("recording/shell/", shell, name="recording_shell"),
    path("recording/worker.js", worker, name="recording_worker"),
    path("recording/visit_pages.js", visit_pages_worker, name="visit_pages_worker"),
    path("recording/<uuid:uid>/", recording, name="recording"),
    path("recording/<uuid:uid>/app.webmanifest", manifest, name="recording_manifest"),
    path("recording/<uuid:uid>/material/", material, name="recording_material"),
    path("recording/<uuid:uid>/observations/", receive, name="receive_observations"),
]
