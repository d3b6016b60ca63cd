"""One document or address of an evaluation: the answers that use it, and the days on which it is in force."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.answers.evidence.validity import EndsBeforeItBegins, OutsideBounds, set_force
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Evidence
from evaluation.models.people.permissions import is_allowed
from portal.access import find_evaluation
from portal.answers.self_assessment import PAGE
from portal.presentation.form_days import DayInput, describe_bounds
from portal.presentation.indicators.evidence import evidence_context, show_evidence
from portal.presentation.uploaded_files import describe_refused_change
from portal.requests.signed_in import SignedInRequest


class ForceForm(forms.Form):
    """The first and the last day in force, both optional."""

    begins_on = forms.DateField(label=gettext_lazy("In force from"), required=False, widget=DayInput)
    ends_on = forms.DateField(
        label=gettext_lazy("In force until"),
        help_text=gettext_lazy("The last day. Leave it empty if it has no end."),
        required=False,
        widget=DayInput,
    )

    def save_force(self, link: Evidence) -> bool:
        """Save the days for every answer that uses the evidence; a refusal becomes a form error."""
        try:
            set_force(link, begins_on=self.cleaned_data["begins_on"], ends_on=self.cleaned_data["ends_on"])
        except EndsBeforeItBegins:
            self.add_error("ends_on", _("This is before the first day. Change one of the two."))
        except OutsideBounds as outside:
            self.add_error(outside.field, describe_bounds(outside.reason))
        except Unacceptable as refused:
            self.add_error(None, describe_refused_change(refused))
        return not self.errors


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_item(request: SignedInRequest, uid: UUID, link: UUID) -> HttpResponse:
    """Show one piece of evidence; users who may answer change its days while the self-assessment is open."""
    is_sent = request.method == "POST"
    evaluation = find_evaluation(request, uid, "evaluation.answer" if is_sent else "evaluation.view")
    found = get_object_or_404(evaluation.evidence.select_related("document", "added_by"), uid=link)
    found.evaluation = evaluation
    form = ForceForm(
        request.POST if is_sent else None, initial={"begins_on": found.begins_on, "ends_on": found.ends_on}
    )
    if is_sent and form.is_valid() and form.save_force(found):
        return HttpResponseRedirect(_place(evaluation, found.code))
    return render(
        request,
        "answers/evidence/item.html",
        _context(request, evaluation, found, form),
        status=422 if is_sent else 200,
    )


def _place(evaluation: Evaluation, code: str) -> str:
    return PAGE.address(evaluation, PAGE.standard_of(evaluation, code), code)


def _context(request: SignedInRequest, evaluation: Evaluation, link: Evidence, form: ForceForm) -> dict[str, Any]:
    context = evidence_context(evaluation, [link])
    texts = evaluation.round.edition.texts(get_language())
    codes = [link.code, *context.others(link)]
    is_open = any(map(evaluation.is_answer_open, codes))
    may_change = is_open and is_allowed("evaluation.answer", request.user, evaluation)
    return {
        "evaluation": evaluation,
        "link": link,
        "items": [show_evidence(link, context, removable=False)],
        "places": [
            {"code": code, "wording": texts[f"indicator/{code}/wording"], "url": _place(evaluation, code)}
            for code in codes
        ],
        "form": form if may_change else None,
        "refusal": "" if may_change else " ".join(map(str, form.non_field_errors())),
        "back": _place(evaluation, link.code),
    }
