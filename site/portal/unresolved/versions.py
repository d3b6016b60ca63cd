"""The versions of a text: the changes from one to the next, and restoring an earlier version."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, pairwise
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation.answers.judgements import Conflict, InvalidAnswer, Saved
from evaluation.answers.unresolved_texts import STORES, Kind, as_input
from evaluation.models import Evaluation, UnresolvedText, User
from evaluation.models.people.permissions import is_allowed
from portal.answers.saving import WHOLE, Fields, TextPage, read_submission
from portal.presentation.form_values import describe_invalid_answer
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from portal.unresolved.pages import PAGES, address_of
from standards.editions.comparison import compare_words
from standards.public_guide.changes import mark_pieces

ON_A_PAGE = 10
"""Each version is compared with the one before, which can take a second for long texts."""


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version: in `words`, the changes since the one before are marked; `is_present` for the newest."""

    row: Any
    by: str
    label: Any
    words: SafeString
    is_changed: bool
    """Whether its text differs from that of the version before."""
    is_present: bool
    differs: bool
    """Whether it differs from the newest version."""
    save_uid: UUID = field(default_factory=uuid4)
    """With this, restoring it twice saves one version."""


def _find(request: SignedInRequest, uid: UUID, kind: str, code: str, *, writes: bool) -> tuple[TextPage, Evaluation]:
    if kind not in Kind.values:
        raise Http404
    page = PAGES[Kind(kind)]
    evaluation = page.find(request, uid, page.right if writes else page.history_right)
    if not (code in evaluation.framework.indicators or (page.has_whole and code == WHOLE)):
        raise Http404
    return page, evaluation


@require_safe
def versions(request: SignedInRequest, uid: UUID, kind: str, code: str) -> HttpResponse:
    """List the versions of a text, newest first, each with its author and its changes."""
    page, evaluation = _find(request, uid, kind, code, writes=False)
    return _draw(request, page, evaluation, code)


@require_POST
def restore(request: SignedInRequest, uid: UUID, kind: str, code: str, version: int) -> HttpResponse:
    """Save an earlier version as a new one, over the version that the page showed as the newest."""
    page, evaluation = _find(request, uid, kind, code, writes=True)
    if refusal := refuse_foreign_form(request):
        return refusal
    store, about = STORES[page.kind], "" if code == WHOLE else code
    former = get_object_or_404(store.versions(evaluation, about, request.user), version=version)
    submission = read_submission(Fields(request.POST, "", alone=True))
    try:
        result = store.save(
            evaluation,
            about,
            as_input(former),
            version=submission.version,
            by=request.user,
            save_uid=submission.save_uid,
        )
    except InvalidAnswer as invalid:  # the indicator's limits were wider when it was saved
        messages.error(request, describe_invalid_answer(invalid))
        return _draw(request, page, evaluation, code, status=422)
    match result:
        case Saved():
            messages.success(request, _("Version %(number)d is saved again, as the newest.") % {"number": version})
            return HttpResponseRedirect(_place(page, evaluation, about))
        case Conflict():
            messages.error(request, _("Somebody saved meanwhile: nothing was restored. The newest version is below."))
            return _draw(request, page, evaluation, code, status=409)
        case _:
            is_at_stage = evaluation.state == page.written_at
            words = _("Nothing was restored: this was not sent back, and stays as submitted.")
            if not is_at_stage or page.kind != Kind.ANSWER:
                words = _("Nothing was restored: this cannot be changed at this stage.")
            messages.error(request, words)
            return _draw(request, page, evaluation, code, status=423)


def _place(page: TextPage, evaluation: Evaluation, about: str) -> str:
    return address_of(UnresolvedText(evaluation=evaluation, kind=page.kind, code=about))


def _draw(
    request: SignedInRequest, page: TextPage, evaluation: Evaluation, code: str, status: int = 200
) -> HttpResponse:
    about = "" if code == WHOLE else code
    rows = STORES[page.kind].versions(evaluation, about, request.user).order_by("-version")
    newest = rows.first()
    shown = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    start = (shown.number - 1) * ON_A_PAGE
    found = list(rows[start : start + ON_A_PAGE + 1])
    context = {
        "evaluation": evaluation,
        "kind": page.kind,
        "name": code,
        "code": about,
        "back": _place(page, evaluation, about),
        "scale": evaluation.framework.scale,
        "versions": list(_show(evaluation, found, newest)),
        "shown": shown,
        "files": _list_files(evaluation, about) if page.kind == Kind.ANSWER and shown.number == 1 else [],
        "newest": newest.version if newest else 0,
        "may_restore": evaluation.state == page.written_at
        and (page.kind != Kind.ANSWER or evaluation.is_answer_open(about))
        and is_allowed(page.right, request.user, evaluation),
    }
    return render(request, "unresolved/versions.html", context, status=status)


def _show(evaluation: Evaluation, found: list[Any], newest: Any) -> Iterator[ShownVersion]:
    """Yield the versions of a page. `found` has one more, with which the last of them is compared."""
    texts = evaluation.round.edition.texts(get_language())
    names = dict(User.objects.filter(pk__in={row.by_id for row in found}).values_list("pk", "name"))
    for row, before in islice(pairwise([*found, None]), ON_A_PAGE):
        level = getattr(row, "level", None)
        yield ShownVersion(
            row=row,
            by=names.get(row.by_id, ""),
            label="" if level is None else texts[f"level/{level}"],
            words=mark_pieces(compare_words(before.words if before else row.words, row.words)),
            is_changed=before is not None and before.words != row.words,
            is_present=row.version == newest.version,
            differs=as_input(row) != as_input(newest),
        )


@dataclass(frozen=True, slots=True)
class FileEvent:
    """Evidence that was added to an answer, removed or put back. It has no link: what was removed is not served."""

    what: str
    name: str
    by: str
    at: datetime


def _list_files(evaluation: Evaluation, code: str) -> list[FileEvent]:
    """Return what became of the evidence of an answer, newest first. Two queries."""
    changes = list(evaluation.evidence_changes.filter(code=code).select_related("by", "added_by"))
    links = evaluation.evidence.filter(code=code).select_related("added_by", "document")
    added = {one.link: FileEvent("added", one.name, one.added_by.name, one.added_at) for one in changes}
    added |= {one.uid: FileEvent("added", one.name, one.added_by.name, one.added_at) for one in links}
    changed = [FileEvent(one.what, one.name, one.by.name, one.at) for one in changes]
    return sorted([*added.values(), *changed], key=attrgetter("at"), reverse=True)


_ONE = "evaluations/<uuid:uid>/versions/<str:kind>/<str:code>/"
urlpatterns = [
    path(_ONE, versions, name="versions"),
    path(f"{_ONE}<int:version>/restore/", restore, name="restore_version"),
]
