"""The workbook of the self-assessment: download, upload, compare, confirm."""

from uuid import UUID

from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.answers.workbook.confirming import Resolution
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.models import Evaluation
from portal.access import find_evaluation
from portal.answers.asked import watch_asked
from portal.answers.workbook.exchange import Words, WorkbookPages
from portal.requests.bodies import check_right_before_body, longest_workbook
from portal.requests.signed_in import SignedInRequest


def _find(request: SignedInRequest, uid: UUID) -> SelfAssessment:
    return SelfAssessment(find_evaluation(request, uid, "evaluation.answer"))


def _closed(evaluation: Evaluation) -> str:
    words = _("The self-assessment is submitted and cannot be changed. Stage: %(stage)s.")
    return words % {"stage": evaluation.get_state_display()}


def _saved(count: int) -> str:
    text = ngettext("One answer was saved from the workbook.", "%(count)d answers were saved from the workbook.", count)
    return text % {"count": count}


PAGES = WorkbookPages(
    find=_find,
    words=Words(
        lede=gettext_lazy(
            "The whole self-assessment as an Excel workbook, to be filled in without a connection. Nothing is changed "
            "before you have seen and confirmed it."
        ),
        closed=_closed,
        holds=gettext_lazy(
            "A sheet for each domain, with the answers as they are saved now. Files and figures are shown; they are "
            "changed on the site."
        ),
        answer=gettext_lazy("Your answer"),
        choices={
            Resolution.MINE: gettext_lazy("Use the answer of the workbook"),
            Resolution.THEIRS: gettext_lazy("Keep the answer that is saved"),
            Resolution.LATER: gettext_lazy("Decide later: both wait in the questionnaire"),
        },
        in_between=gettext_lazy(
            "You see cell by cell what would change. Answers that a colleague saved meanwhile are never overwritten: you "
            "choose."
        ),
        saved=_saved,
        problems={},
    ),
    upload_name="workspace:workbook",
    file_name="workspace:workbook_file",
    changes_name="workspace:workbook_changes",
    done_name="workspace:evaluation",
    back=lambda evaluation: evaluation.hotline.name,
    file_stem="self-assessment",
    watch=watch_asked,
)

workbook = check_right_before_body(PAGES.may, longest_workbook)(
    csrf_protect(require_http_methods(["GET", "HEAD", "POST"])(PAGES.upload))
)
download = require_safe(PAGES.download)
changes = require_http_methods(["GET", "HEAD", "POST"])(PAGES.changes)

urlpatterns = [
    path("evaluations/<uuid:uid>/workbook/", workbook, name="workbook"),
    path("evaluations/<uuid:uid>/workbook/file/", download, name="workbook_file"),
    path("evaluations/<uuid:uid>/workbook/<str:token>/", changes, name="workbook_changes"),
]
