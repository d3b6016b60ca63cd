"""The declaration that is signed with a submission: all of the hotline's people read it, a coordinator signs it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.answers.deadline.coverage import find_coverage
from evaluation.answers.declaration import Declaration, find_declaration
from evaluation.answers.evidence.validity import key_dates_of
from evaluation.answers.submission import find_missing_figures, read_submission, reason_without_figures
from evaluation.models import Evaluation, UnresolvedText
from evaluation.models.states import wrong_state
from evaluation.workflow import Refusal, perform
from portal.access import find_evaluation
from portal.answers.evidence.listing import show_listed
from portal.answers.submission_status import SubmissionStatus, find_submission_status
from portal.answers.submissions import show_changes, show_exceptions
from portal.figures.tasks import lines_of_files
from portal.moves.pages import OfferedMove
from portal.presentation.moves import words_of
from portal.presentation.reasons import places_by_standard, show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.requests.signed_in import SignedInRequest, refuse_foreign_form
from reports.texts.signed_declaration import read_declaration
from standards.framework import digest
from standards.models import Texts

MOVE = "submit"


def offer_submission(evaluation: Evaluation, standing: SubmissionStatus | None) -> Iterator[OfferedMove]:
    """Yield the submission for users who may submit: a link to the declaration, with the reasons that prevent it.

    Missing figures do not prevent it: the declaration asks why they are missing.
    """
    if standing and standing.may_submit:
        url = reverse("workspace:declaration", args=[evaluation.uid])
        yield OfferedMove(MOVE, words_of(evaluation, MOVE), standing.blocking, url=url)


class SigningForm(forms.Form):
    """The signature: a checkbox with the name of the signed-in user, which is stored in the step."""

    field_order = ["without_figures", "note", "signed"]

    note = forms.CharField(
        label=gettext_lazy("A word to Missing Children Europe"),
        help_text=gettext_lazy("It goes into the letter about your submission and to the log. It is not declared."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    without_figures = forms.CharField(
        label=gettext_lazy("Why the figures are missing"),
        help_text=gettext_lazy("It is kept with the submission, and Missing Children Europe reads it."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy(
                "Say why the figures are missing, or send them in first. Nothing is submitted yet."
            )
        },
    )
    signed = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Nothing is submitted yet: read the declaration, tick this box, and submit again.")
        }
    )

    def __init__(self, *args: Any, evaluation: Evaluation, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if any(find_missing_figures(evaluation)):
            last = evaluation.submissions.first()
            self.fields["without_figures"].required = True
            self.initial["without_figures"] = reason_without_figures(read_submission(last)) if last else ""
        else:
            del self.fields["without_figures"]
        self.fields["signed"].label = _("I, %(name)s, have read this declaration and sign it for %(hotline)s") % {
            "name": name,
            "hotline": evaluation.hotline.name,
        }

    def sign_again(self, reason: str) -> None:
        """Add a reason at the checkbox and untick it."""
        self.add_error("signed", reason)
        self.data = {name: value for name, value in self.data.items() if name != "signed"}


@require_http_methods(["GET", "HEAD", "POST"])
def declaration(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the declaration, with the form for users who may sign it; a POST signs and submits."""
    is_signing = request.method == "POST"
    evaluation = find_evaluation(request, uid, "evaluation.submit" if is_signing else "evaluation.answer")
    if is_signing and (refused := refuse_foreign_form(request)):
        return refused
    if not evaluation.is_open:
        reason = wrong_state(evaluation, Evaluation.State.SELF_ASSESSMENT)
        messages.info(request, show_reason(reason, evaluation).sentence)
        return HttpResponseRedirect(reverse("workspace:submissions", args=[uid]))
    form = SigningForm(request.POST if is_signing else None, evaluation=evaluation, name=request.user.name)
    if form.is_valid() and _submit(request, evaluation, form):
        messages.success(
            request, _("Signed and submitted. A copy is kept here, and Missing Children Europe has a letter.")
        )
        return HttpResponseRedirect(reverse("workspace:submissions", args=[uid]))
    return render(
        request,
        "answers/declaration.html",
        _context(request, evaluation, form),
        status=422 if form.errors else 200,
    )


def _submit(request: SignedInRequest, evaluation: Evaluation, form: SigningForm) -> bool:
    """Submit the declaration that the page showed; return False if refused, with the reasons at the checkbox."""
    signed = read_declaration(evaluation)
    if request.POST.get("text") != digest(signed.text):
        form.sign_again(_("The declaration has another text now. Read it again, then tick the box."))
        return False
    signed = replace(
        signed,
        read=request.POST.get("read") or "nothing",
        without_figures=form.cleaned_data.get("without_figures", ""),
    )
    try:
        perform(evaluation, MOVE, by=request.user, note=form.cleaned_data["note"], signed=signed)
    except Refusal as refusal:
        raise_if_forbidden(refusal, evaluation)
        for reason in refusal.reasons:
            form.sign_again(show_reason(reason, evaluation).sentence)
        evaluation.refresh_from_db()
        return False
    return True


def _context(request: SignedInRequest, evaluation: Evaluation, form: SigningForm) -> dict[str, Any]:
    texts = evaluation.round.edition.texts(get_language())
    people = evaluation.hotline.memberships.today().select_related("user").order_by("-role", "user__name")
    text, declared = read_declaration(evaluation), find_declaration(evaluation)
    return {
        "evaluation": evaluation,
        "form": form,
        "standing": find_submission_status(evaluation, request.user, people, texts),
        "coverage": find_coverage(evaluation),
        "paragraphs": text.text.split("\n\n"),
        "text_language": "" if text.language == get_language() else text.language,
        "text_digest": digest(text.text),
        "read": declared.digest,
        "undecided": list(_undecided(evaluation)),
        "waiting_files": list(lines_of_files({evaluation.hotline_id}, request.user)),
        "texts": texts,
        **_show(declared, evaluation, texts),
    }


def _undecided(evaluation: Evaluation) -> Iterator[dict[str, str]]:
    """Yield a line for each indicator with texts that their authors have not decided on. One query; no text is shown.

    Nobody but its author reads such a text.
    """
    texts = evaluation.unresolved_texts.filter(kind=UnresolvedText.Kind.ANSWER)
    authors: dict[str, set[str]] = {}
    for code, name in texts.values_list("code", "author__name"):
        authors.setdefault(code, set()).add(name)
    for code in evaluation.framework.indicators:
        if code in authors:
            yield {
                "what": _("%(code)s: a text of %(names)s is not decided")
                % {"code": code, "names": ", ".join(sorted(authors[code]))},
                "url": places_by_standard(evaluation, "answers", [code], None)[0].url,
                "kind": "wait",
            }


def _show(declared: Declaration, evaluation: Evaluation, texts: Texts) -> dict[str, Any]:
    dates, framework = key_dates_of(evaluation), evaluation.framework
    since, last_round = declared.since_last, declared.since_last_round
    return {
        "exceptions": list(show_exceptions({code: declared.answers[code] for code in declared.exceptions}, texts)),
        "worst": [(code, texts[f"indicator/{code}/wording"]) for code in declared.worst],
        "worst_level": texts[f"level/{framework.scale.worst}"],
        "lapsing": [show_listed(evaluation, one, dates, may_change=True) for one in declared.lapsing],
        "since_last": None if since is None else list(show_changes(since, framework, texts)),
        "last_round": last_round,
        "since_last_round": list(show_changes(last_round.changes, framework, texts)) if last_round else [],
    }


urlpatterns = [path("evaluations/<uuid:uid>/declaration/", declaration, name="declaration")]
