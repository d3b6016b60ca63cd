"""Scorecard and decision: what the rules propose and why, and what the panel makes of it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import judging, queries
from evaluation.models import Evaluation, Role
from evaluation.rules import is_allowed
from evaluation.workflow import Refusal
from portal.workspace.doorway import find_evaluation, require
from portal.workspace.moves import offered_moves, shown_steps, stages, telling
from portal.workspace.reckoning import explain
from portal.workspace.wording import blocker


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an outcome.")},
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("They go to the hotline word for word."),
        error_messages={"required": _("Write why the panel decides so.")},
    )
    no_stake = forms.BooleanField(
        label=_("I have no stake in this hotline and took no part in assessing it"),
        error_messages={"required": _("Declare that you have no stake, or step aside.")},
    )

    def __init__(self, *args, evaluation: Evaluation, texts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (outcome.code, str(texts[f"outcome/{outcome.code}"])) for outcome in evaluation.framework.rule.outcomes
        ]


@require_safe
def scorecard(request: HttpRequest, uid: UUID) -> HttpResponse:
    return render_scorecard(request, find_evaluation(request, uid))


def render_scorecard(
    request: HttpRequest, evaluation: Evaluation, *, form: DecisionForm | None = None, refused=(), status=200
) -> HttpResponse:
    """The kept scorecard, or the score as things stand. Every number opens its why."""
    texts = evaluation.round.edition.texts(get_language())
    kept = evaluation.scorecards.first()
    card = judging.read_kept(kept) if kept else judging.score_now(evaluation)
    decision = evaluation.decisions.select_related("decided_by").first()
    user = request.user
    may_decide = evaluation.state == Evaluation.State.DECISION and is_allowed("evaluation.decide", user, evaluation)
    return render(
        request,
        "workspace/scorecard.html",
        {
            "evaluation": evaluation,
            "kept": kept,
            "card": card,
            "explained": explain(card, evaluation.framework, texts),
            "stages": stages(evaluation),
            "texts": texts,
            "decision": decision,
            "decision_name": texts[f"outcome/{decision.outcome}"] if decision else "",
            "outcome_choices": _outcome_choices(evaluation, texts, card.proposal.outcome),
            "form": (form or DecisionForm(evaluation=evaluation, texts=texts)) if may_decide else None,
            "refused": refused,
            "unsent": form["reasons"].value() if form and not may_decide else "",
            "moves": [m for m in offered_moves(evaluation, user) if m.name in ("send_back_to_assessors", "publish")],
            "may_judge": evaluation.state == Evaluation.State.REPORT
            and is_allowed("evaluation.judge", user, evaluation),
            "steps": shown_steps(queries.steps_of(evaluation, newest=5)),
        },
        status=status,
    )


def _outcome_choices(evaluation: Evaluation, texts, proposal: str) -> list[dict]:
    """The outcomes of the edition as tiles: how long each is valid, and which one the rules propose."""
    choices = []
    for outcome in evaluation.framework.rule.outcomes:
        valid = (
            ngettext("valid for %(months)d month", "valid for %(months)d months", outcome.months)
            % {"months": outcome.months}
            if outcome.months
            else ""
        )
        proposed = gettext("the proposal") if outcome.code == proposal else ""
        choices.append(
            {
                "value": outcome.code,
                "outcome": outcome.code,
                "label": texts[f"outcome/{outcome.code}"],
                "meaning": " · ".join(part for part in (valid, proposed) if part),
            }
        )
    return choices


@require_POST
def judge(request: HttpRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid, "evaluation.judge")
    try:
        judging.judge(evaluation, by=request.user, tell=telling(request, evaluation))
    except Refusal as refusal:
        for reason in refusal.reasons:
            messages.error(request, blocker(reason, evaluation).what)
        return HttpResponseRedirect(reverse("workspace:evaluation", args=[uid]))
    messages.success(request, _("The findings are scored and the panel has the proposal."))
    return HttpResponseRedirect(reverse("workspace:scorecard", args=[uid]))


@require_POST
def decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid, "evaluation.decide")
    texts = evaluation.round.edition.texts(get_language())
    form = DecisionForm(request.POST, evaluation=evaluation, texts=texts)
    if not form.is_valid():
        return render_scorecard(request, evaluation, form=form, status=422)
    verdict = judging.Verdict(form.cleaned_data["outcome"], form.cleaned_data["reasons"])
    try:
        judging.decide(
            evaluation,
            verdict,
            by=request.user,
            on=timezone.localdate(),
            tell=telling(request, evaluation),
        )
    except Refusal as refusal:
        refused = [blocker(reason, evaluation) for reason in refusal.reasons]
        return render_scorecard(request, evaluation, form=form, refused=refused, status=409)
    messages.success(request, _("The decision is recorded and the recommendations are issued."))
    return HttpResponseRedirect(reverse("workspace:scorecard", args=[uid]))


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """What waits for the panel, and what it has decided; only hotlines without a tie to the person."""
    require(request, "round.view")
    waiting = [Evaluation.State.DECISION, Evaluation.State.DECIDED, Evaluation.State.PUBLISHED]
    evaluations = list(
        queries.for_pages(queries.visible_to(request.user).filter(state__in=waiting)).order_by("state", "hotline__name")
    )
    cards = queries.latest_scorecards(evaluations)
    editions = {evaluation.round.edition_id: evaluation.round.edition for evaluation in evaluations}
    texts = {key: edition.texts(get_language()) for key, edition in editions.items()}
    rows = []
    for evaluation in evaluations:
        card = cards.get(evaluation.pk)
        proposal = texts[evaluation.round.edition_id][f"outcome/{card.proposal}"] if card else ""
        rows.append({"evaluation": evaluation, "card": card, "proposal": proposal})
    return render(
        request,
        "workspace/panel.html",
        {"rows": rows, "states": Evaluation.State, "is_member": request.user.has_role(Role.PANEL_MEMBER)},
    )
