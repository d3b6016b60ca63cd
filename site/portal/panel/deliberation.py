"""The panel's page: the material about one hotline, declarations, votes and comments, and the decision."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import queries
from evaluation.models import Comment, Declaration, Evaluation, Scorecard, User
from evaluation.models.evaluation import everybody_could_vote
from evaluation.models.people.permissions import is_allowed
from evaluation.panel import decisions
from evaluation.panel.appeals import find_hearers
from evaluation.panel.decisions import describe_tie
from evaluation.scorecards import read_result
from evaluation.workflow import Refusal
from portal.access import find_evaluation
from portal.accounts.ties import StakeForm
from portal.figures.series.provenance import provenance_of
from portal.moves.pages import offered_moves, shown_steps, stages
from portal.moves.stored_notes import pop_note
from portal.panel.confirmation import render_confirmation
from portal.presentation.reasons import ShownReason, show_reason
from portal.presentation.refusals import raise_if_forbidden
from portal.presentation.scorecard.decisions import (
    VerdictForms,
    outcome_choices,
    outcome_signs,
    show_decisions,
    sign_of,
)
from portal.presentation.scorecard.outcomes import scorecard_view
from portal.presentation.scorecard.revised import show_revised
from portal.presentation.scorecard.visible_scorecard import address_of_why
from portal.requests.signed_in import SignedInRequest
from portal.response.comparison import FILTERS, compare_findings, narrow
from portal.response.content import read_response


class VoteForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Your vote"), widget=forms.RadioSelect, error_messages={"required": _("Choose an outcome.")}
    )
    words = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The other members read it when they have voted themselves."),
        error_messages={"required": _("Write a few words on why.")},
    )

    def __init__(self, *args: Any, choices: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [(code, code) for code in choices]


def _outcomes(evaluation: Evaluation) -> list[str]:
    return [found.code for found in evaluation.framework.rule.outcomes]


class CommentForm(forms.Form):
    words = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 3, "id": "comment"}),
        help_text=_("All members read it at once. It is no vote."),
        error_messages={"required": _("Write your comment first.")},
    )


@require_safe
def deliberation(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid, "evaluation.deliberate")
    if _owes_declaration(evaluation, request.user):
        return redirect("workspace:declare", uid)
    return render_deliberation(request, evaluation)


def _owes_declaration(evaluation: Evaluation, user: User) -> bool:
    """Return whether a deciding member has no declaration on the evaluation itself, though maybe on an appeal."""
    return (
        evaluation.state == Evaluation.State.DECISION
        and is_allowed("evaluation.decide", user, evaluation)
        and decisions.find_declaration(evaluation, user) is None
    )


def render_deliberation(
    request: SignedInRequest,
    evaluation: Evaluation,
    *,
    forms_sent: dict[str, Any] | None = None,
    refused: tuple[str, list[ShownReason]] = ("", []),
    status: int = 200,
) -> HttpResponse:
    """Render the page, with invalid submitted forms by act; `refused` is the refused act with its reasons."""
    user, sent = request.user, forms_sent or {}
    scorecard = evaluation.shown_scorecard
    if scorecard is None:
        raise Http404
    prefetch_related_objects([evaluation], "visit__team")
    is_open = evaluation.state == Evaluation.State.DECISION
    declaration = decisions.find_declaration(evaluation, user)
    is_member = is_allowed("evaluation.decide", user, evaluation)
    may_speak = is_open and is_member and declaration is not None and not declaration.has_stake
    context = {
        "evaluation": evaluation,
        "scorecard": scorecard,
        "stages": stages(evaluation),
        "is_open": is_open,
        "is_member": is_member,
        "may_step_aside": is_open and is_member,
        "may_speak": may_speak,
        "stake_form": sent.get("declare") or StakeForm(auto_id="stake_%s"),
        "vote_form": sent.get("vote") or VoteForm(choices=_outcomes(evaluation), auto_id="vote_%s"),
        "comment_form": sent.get("comment") or CommentForm(auto_id="comment_%s"),
        "unsent": sent.get("decide"),
        "refused_act": refused[0],
        "refused": refused[1],
        "decisions": show_decisions(evaluation),
        "followed_up": evaluation.followed_up,
        "is_reconsidered": evaluation.is_reconsidered,
        "procedure": evaluation.framework.procedure,
        "moves": offered_moves(evaluation, user, only=("send_back_to_assessors", "reconsider", "keep_decision")),
        "stored_note": pop_note(request),
        "steps": shown_steps(queries.steps_of(evaluation, newest=5), evaluation),
    }
    if may_speak or not is_open:
        heard = evaluation.heard_scorecard or scorecard
        context |= _material(request, evaluation, scorecard, heard)
        context |= _voices(evaluation, heard, user, is_open=is_open)
    if may_speak:
        context["hearers"] = find_hearers(evaluation)
    if may_speak and context["own"]:
        context |= _decision_part(evaluation, user, context, sent.get("decide"))
    return render(request, "panel/deliberation.html", context, status=status)


def _material(
    request: SignedInRequest, evaluation: Evaluation, scorecard: Scorecard, heard: Scorecard
) -> dict[str, Any]:
    """Return answers, findings, figures and the proposal, with the response to the scorecard `heard`."""
    texts = evaluation.round.edition.texts(get_language())
    content = read_response(heard)
    provenance = provenance_of(evaluation, request.user, scorecard=scorecard)
    domains = compare_findings(evaluation, scorecard, content=content, provenance=provenance)
    narrowed = request.GET.get("show", "")
    return {
        "explained": scorecard_view(read_result(scorecard), evaluation.framework, texts, address_of_why(evaluation)),
        "response": content.response,
        "revised": show_revised(evaluation, scorecard),
        "domains": narrow(domains, narrowed),
        "totals": {name: sum(domain.counts[name] for domain in domains) for name in FILTERS},
        "all_count": sum(len(domain.rows) for domain in domains),
        "narrowed": narrowed if narrowed in FILTERS else "",
        "choices": outcome_choices(evaluation, scorecard.proposal),
    }


def _voices(evaluation: Evaluation, scorecard: Scorecard, user: User, *, is_open: bool) -> dict[str, Any]:
    """Return comments, and votes: to members who have voted, and to all after the decision."""
    signs = outcome_signs(evaluation)
    votes = scorecard.counted_votes
    own = next((vote for vote in votes if vote.user_id == user.pk), None)
    declarations = evaluation.declarations.select_related("user")
    if not is_open:  # without declarations made after the decision
        declarations = declarations.before_the_decision()
    newest: dict[int, Declaration] = {declaration.user_id: declaration for declaration in declarations}
    cast = {vote.user_id for vote in votes}
    tally = scorecard.tally_of(votes)
    chair, former = scorecard.chair_of(votes), scorecard.former_votes
    waits = everybody_could_vote.reasons(evaluation) if is_open else ()
    return {
        "chair": next((vote.user.name for vote in votes if vote.user_id == chair), ""),
        "wait": next((show_reason(reason).sentence for reason in waits), ""),
        "vote_count": len(votes),
        "uncounted": [vote.user.name for vote in scorecard.uncounted_votes],
        "winner": tally.winner,
        "tie": describe_tie(tally),
        "breaks_ties": evaluation.framework.procedure.chair_breaks_ties,
        "former": [{"vote": vote, "sign": signs[vote.outcome]} for vote in former]
        if own or not is_open or any(vote.user_id == user.pk for vote in former)
        else [],
        "second_vote": is_open and scorecard.second_vote_from is not None,
        "second_move": offered_moves(evaluation, user, only=("vote_again",)) if is_open else [],
        "own": own,
        "own_sign": signs[own.outcome] if own else None,
        "votes": [{"vote": vote, "sign": signs[vote.outcome]} for vote in votes] if own or not is_open else [],
        "comments": list(Comment.objects.filter(scorecard=scorecard).select_related("user")),
        "members": [
            {"name": d.user.name, "initials": d.user.initials, "is_aside": d.has_stake, "has_voted": d.user_id in cast}
            for d in newest.values()
        ],
    }


def _decision_part(
    evaluation: Evaluation, user: User, context: dict[str, Any], sent: VerdictForms | None
) -> dict[str, Any]:
    """Return the form of the decision, or the reasons that prevent the member from recording it."""
    reasons = decisions.find_decision_reasons(evaluation, user)
    winner = context["winner"]
    is_ready = not reasons and winner is not None
    proposal = context["scorecard"].proposal
    verdict = sent or (VerdictForms(evaluation, winner, proposal=proposal) if is_ready else None)
    return {
        "shut_reasons": [show_reason(reason, evaluation) for reason in reasons],
        "verdict": verdict,
        "winner_sign": sign_of(evaluation, winner) if winner else None,
        "departs": winner is not None and winner != proposal,
    }


# --- Actions of members ----------------------------------------------------------------------------------------------


def _make(
    request: SignedInRequest,
    evaluation: Evaluation,
    act: str,
    do: Callable[[], Any],
    *,
    form: Any,
    done: Any,
    then: str,
) -> HttpResponse:
    """Call `do` and redirect to `then`; if it is refused, render the page with the form and the reasons."""
    try:
        do()
    except Refusal as refusal:
        raise_if_forbidden(refusal, evaluation)
        evaluation.refresh_from_db()
        refused = (act, [show_reason(reason, evaluation) for reason in refusal.reasons])
        return render_deliberation(request, evaluation, forms_sent={act: form}, refused=refused, status=409)
    messages.success(request, done)
    return HttpResponseRedirect(then)


def _here(evaluation: Evaluation) -> str:
    return reverse("workspace:deliberation", args=[evaluation.uid])


def _scorecard_read(request: SignedInRequest, evaluation: Evaluation) -> Scorecard:
    """Return the scorecard that the page showed, which the vote is on. Raises Http404."""
    try:
        uid = UUID(request.POST.get("scorecard", ""))
    except ValueError as unreadable:
        raise Http404 from unreadable
    scorecard = evaluation.scorecards.filter(uid=uid).first()
    if scorecard is None:
        raise Http404
    scorecard.evaluation = evaluation
    return scorecard


@require_POST
def vote(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid, "evaluation.decide")
    scorecard = _scorecard_read(request, evaluation)
    form = VoteForm(request.POST, choices=_outcomes(evaluation), auto_id="vote_%s")
    if not form.is_valid():
        return render_deliberation(request, evaluation, forms_sent={"vote": form}, status=422)
    outcome, words = form.cleaned_data["outcome"], form.cleaned_data["words"]
    return _make(
        request,
        evaluation,
        "vote",
        lambda: decisions.vote(scorecard, outcome, words, by=request.user),
        form=form,
        done=_("Your vote is kept. You see the others’ votes now."),
        then=f"{_here(evaluation)}#votes",
    )


@require_POST
def comment(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid, "evaluation.decide")
    scorecard = _scorecard_read(request, evaluation)
    form = CommentForm(request.POST, auto_id="comment_%s")
    if not form.is_valid():
        return render_deliberation(request, evaluation, forms_sent={"comment": form}, status=422)
    return _make(
        request,
        evaluation,
        "comment",
        lambda: decisions.comment(scorecard, form.cleaned_data["words"], by=request.user),
        form=form,
        done=_("Your comment is kept."),
        then=f"{_here(evaluation)}#comments",
    )


@require_POST
def decide(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Record the outcome that was voted for, with reasons and requirements, after the confirmation page."""
    evaluation = find_evaluation(request, uid, "evaluation.decide")
    outcome = request.POST.get("outcome", "")
    if outcome not in {found.code for found in evaluation.framework.rule.outcomes}:
        outcome = evaluation.tally.winner or evaluation.framework.rule.ranked_outcomes[-1].code
    scorecard, today = evaluation.latest_scorecard, evaluation.round.today
    assert scorecard is not None  # an evaluation before the panel has one
    proposal = scorecard.proposal
    verdict = VerdictForms(evaluation, outcome, request.POST, proposal=proposal)
    if verdict.wants_more or "change" in request.POST:
        return render_deliberation(request, evaluation, forms_sent={"decide": verdict})
    if not verdict.is_valid():
        return render_deliberation(request, evaluation, forms_sent={"decide": verdict}, status=422)
    written = verdict.verdict
    if "confirmed" not in request.POST and not decisions.find_verdict_reasons(
        evaluation, written, by=request.user, on=today
    ):
        return render_confirmation(request, evaluation, verdict, proposal=proposal)
    return _make(
        request,
        evaluation,
        "decide",
        lambda: decisions.decide(evaluation, written, by=request.user, on=today),
        form=verdict,
        done=_("The decision is recorded and the recommendations are issued."),
        then=_here(evaluation),
    )
