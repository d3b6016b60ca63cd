"""Publish an outcome: choose what becomes public, see it as the public will, confirm it; and change it later."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.accreditation.publication import languages_without_public_report
from evaluation.models import Decision, Evaluation, Extent, User
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import Refusal, arrow, find_reasons, perform
from portal.access import find_evaluation
from portal.moves.pages import OfferedMove
from portal.presentation.form_values import read_words
from portal.presentation.moves import words_of
from portal.presentation.passages import language_name
from portal.presentation.public_hotline import newest_of_each_language, preview_hotline
from portal.presentation.reasons import show_reason
from portal.requests.signed_in import SignedInRequest
from reports.models import Issue, Printing
from reports.printing import request_report
from reports.public_version import FreeText, read_public_texts
from standards.framework import canonical, digest

MOVES = ("publish", "change_extent")


def offer_publication(evaluation: Evaluation, user: User) -> Iterator[OfferedMove]:
    """Yield the move that makes an outcome public, or changes what is public: a link to its page, with its reasons."""
    for name in MOVES:
        if arrow(evaluation, name) and is_allowed("evaluation.publish", user, evaluation):
            reasons = [show_reason(reason, evaluation) for reason in find_reasons(evaluation, name, user)]
            url = reverse("workspace:publish", args=[evaluation.uid])
            yield OfferedMove(name, words_of(evaluation, name), tuple(reasons), url=url)


class ExtentForm(forms.Form):
    """What becomes public. Nothing is chosen at first."""

    extent = forms.ChoiceField(
        label=gettext_lazy("What becomes public"),
        choices=[
            (
                Extent.OUTCOME,
                gettext_lazy("The outcome alone: the outcome, its days and its conditions"),
            ),
            (
                Extent.SUMMARY,
                gettext_lazy(
                    "A summary: also the scores of the domains, the reasons and good practice, as a page and PDF"
                ),
            ),
            (
                Extent.WHOLE,
                gettext_lazy("The whole report: also what assessors found and recommend, and the result as JSON"),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what becomes public."),
            "invalid_choice": gettext_lazy("Choose one of these three."),
        },
    )


class ConfirmationForm(forms.Form):
    """The confirmation: a tick while the hotline may still contest the decision, and a reason for a later change."""

    def __init__(self, evaluation: Evaluation, decision: Decision, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if evaluation.state == Evaluation.State.PUBLISHED:
            self.fields["note"] = forms.CharField(
                label=gettext_lazy("Why is more or less of it public now?"),
                help_text=gettext_lazy("Your words go to the log."),
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"required": gettext_lazy("Say why.")},
            )
        elif is_contestable(decision):
            label = _("Publish before the appeal time is over. The hotline may contest the decision until %(day)s.")
            self.fields["before_appeal"] = forms.BooleanField(
                label=label % {"day": date_format(decision.last_day_to_appeal)},
                error_messages={"required": gettext_lazy("Tick this, or wait until the appeal time is over.")},
            )


def is_contestable(decision: Decision) -> bool:
    """Whether the hotline may still contest a decision today. A ruling on an appeal is final."""
    return decision.kind != Decision.Kind.APPEAL and decision.evaluation.round.today <= decision.last_day_to_appeal


@dataclass(frozen=True)
class _Preview:
    """What would become public: the papers and the texts, with the printings that are under way."""

    extent: Extent
    decision: Decision
    issues: list[Issue]
    """The issues of the decision for the hotline and for this extent."""
    texts: list[FreeText]
    printings: list[Printing]

    @property
    def papers(self) -> list[Issue]:
        """The papers that become public: the newest of each language."""
        return newest_of_each_language(Issue.objects.filter(decision=self.decision, extent=self.extent))

    @property
    def missing(self) -> list[str]:
        """The names of the languages in which the paper for the public is not printed."""
        return [str(language_name(code)) for code in languages_without_public_report(self.decision, self.extent)]

    @property
    def is_printing(self) -> bool:
        return any(one.is_running and not one.is_lost for one in self.printings)

    @property
    def is_ready(self) -> bool:
        return not self.missing and not self.is_printing

    @property
    def replaced(self) -> int:
        return sum(text.replaced for text in self.texts)

    @property
    def sha256(self) -> str:
        """The digest of the texts, by which a change since the preview is found."""
        return digest(
            canonical([[one.kind, one.code, [[p.text, p.is_found] for p in one.parts]] for one in self.texts])
        )

    def changes_since(self, request: SignedInRequest) -> list[str]:
        """Return what changed since the preview that the submitted form was made from, as sentences."""
        if request.POST.get("decision") != str(self.decision.uid):
            sentence = _("The decision of %(day)s came in between.")
            return [sentence % {"day": date_format(self.decision.decided_on)}]
        seen = set(request.POST.getlist("issue"))
        changes = [
            _("Issue %(number)s, %(language)s, was printed in between.")
            % {"number": issue.number, "language": language_name(issue.language)}
            for issue in self.issues
            if str(issue.uid) not in seen
        ]
        if request.POST.get("texts") != self.sha256:
            changes.append(_("The texts that become public were changed in between."))
        return changes


def _read_preview(decision: Decision, extent: Extent) -> _Preview:
    source = decision.evaluation.round.edition.source_language
    latest: dict[str, Printing] = {}
    if extent != Extent.OUTCOME:
        printings = Printing.objects.filter(decision=decision, extent=extent).order_by("asked_at")
        latest = {printing.language: printing for printing in printings}
    return _Preview(
        extent=extent,
        decision=decision,
        issues=list(Issue.objects.filter(decision=decision, extent__in=("", extent)).defer("document")),
        texts=read_public_texts(decision, source, extent),
        printings=[one for one in latest.values() if one.state != Printing.State.DONE],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the choice of the extent, then what becomes public with a confirmation; print its papers; publish."""
    evaluation = find_evaluation(request, uid, "evaluation.publish")
    decision = evaluation.current_decision
    move = next((name for name in MOVES if arrow(evaluation, name)), None)
    if decision is None or move is None:
        messages.info(request, _("There is no decision to publish now."))
        return HttpResponseRedirect(reverse("workspace:evaluation", args=[uid]))
    asked = request.POST if request.method == "POST" else request.GET
    chosen = ExtentForm(asked if "extent" in asked or "choose" in asked or request.method == "POST" else None)
    context: dict[str, Any] = {"form": chosen, "evaluation": evaluation, "decision": decision, "move": move}
    context["reasons"] = [show_reason(reason, evaluation) for reason in _reasons(evaluation, move, request.user)]
    if not chosen.is_valid():
        return _render(request, context, 422 if chosen.is_bound else 200)
    preview = _read_preview(decision, Extent(chosen.cleaned_data["extent"]))
    context["preview"] = preview
    if request.method != "POST":
        context["confirmation"] = ConfirmationForm(evaluation, decision)
        return _render(request, context)
    if "prepare" in request.POST:
        return _prepare(request, preview)
    confirmation = ConfirmationForm(evaluation, decision, request.POST)
    context["confirmation"], context["changes"] = confirmation, preview.changes_since(request)
    if context["changes"]:
        return _render(request, context, 409)
    if not confirmation.is_valid():
        return _render(request, context, 422)
    return _publish(request, context)


def _reasons(evaluation: Evaluation, move: str, user: User) -> list[Any]:
    """Return the reasons against the move, except the note that the form asks for."""
    return [reason for reason in find_reasons(evaluation, move, user) if reason.code != "needs_note"]


def _prepare(request: SignedInRequest, preview: _Preview) -> HttpResponse:
    """Have the papers for the public printed, one in each language of the report."""
    evaluation = preview.decision.evaluation
    if not is_allowed("evaluation.print", request.user, evaluation):
        raise PermissionDenied
    if preview.extent != Extent.OUTCOME:
        for language in sorted({issue.language for issue in preview.issues if not issue.extent}):
            request_report(preview.decision, language, by=request.user, extent=preview.extent)
    address = reverse("workspace:publish", args=[evaluation.uid])
    return HttpResponseRedirect(f"{address}?extent={preview.extent}")


def _publish(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    evaluation, move, preview = context["evaluation"], context["move"], context["preview"]
    note = read_words(request.POST, "note")
    try:
        perform(evaluation, move, by=request.user, note=note, extent=preview.extent.value, read=preview.decision.uid)
    except Refusal as refusal:
        context["reasons"] = [show_reason(reason, evaluation) for reason in refusal.reasons]
        return _render(request, context, 409)
    messages.success(request, _("%(act)s. This is recorded in the log.") % {"act": words_of(evaluation, move).done})
    return HttpResponseRedirect(reverse("workspace:report", args=[evaluation.uid]))


def _render(request: SignedInRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    published = getattr(context["decision"], "publication", None)
    kinds = {
        "reasons": _("Reasons of the panel"),
        "condition": _("Condition"),
        "finding": _("Finding"),
        "recommendation": _("Recommendation"),
    }
    preview = context.get("preview")
    more = {
        "extent_now": published and published.extent,
        "texts": [(kinds[text.kind], text) for text in preview.texts] if preview else [],
        "printings": preview.printings if preview else [],
    }
    return render(request, "scorecards/publish.html", context | more, status=status)


@require_safe
def public_page(request: SignedInRequest, uid: UUID, extent: str) -> HttpResponse:
    """Show the hotline's page as the public will see it. Raises 404 without a decision, and for an unknown extent."""
    evaluation = find_evaluation(request, uid, "evaluation.publish")
    decision = evaluation.current_decision
    if decision is None or extent not in Extent.values:
        raise Http404
    shown = preview_hotline(decision, Extent(extent))
    return render(request, "public/hotline.html", {"shown": shown, "hotline": shown.hotline, "is_preview": True})


urlpatterns = [
    path("evaluations/<uuid:uid>/publish/", publish, name="publish"),
    path("evaluations/<uuid:uid>/publish/<str:extent>/", public_page, name="public_page"),
]
