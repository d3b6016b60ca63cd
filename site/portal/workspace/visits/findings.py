"""The study visit: arranged by MCE, the team's findings agreed next to the answers, signed off by its lead."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Q, When
from django.forms.models import model_to_dict
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import queries
from evaluation.assessment.pinned_figures import counts_for
from evaluation.assessment.unresolved_texts import Kind, texts_by_code
from evaluation.guards.conditions import needs_a_finding
from evaluation.guards.permissions import is_allowed
from evaluation.judging import update_draft_recommendations
from evaluation.models import Evaluation, Role, User, Visit
from evaluation.models.judgements import Observed
from evaluation.teamwork.discussions import find_summaries
from evaluation.visits.agendas import is_agenda_open, newest_agenda
from evaluation.workflow import Refusal
from portal.letters import visits as visit_letters
from portal.presentation.agenda import ShownAgenda, show_agenda
from portal.presentation.indicators.indicator import show_indicators
from portal.presentation.indicators.missing import find_missing
from portal.presentation.reasons.sentences import ShownReason, show_reason
from portal.workspace.access import find_evaluation, find_visit
from portal.workspace.assessment.saving import Changed, TextPage
from portal.workspace.assessment.self_assessment import asked_in, find_standard, problems_of, read_judgement
from portal.workspace.figures.corrections import show_corrections
from portal.workspace.moves import offered_moves, perform_move, shown_steps, stages, step_letter_writer
from portal.workspace.recommendations.undecided import report_drafting
from portal.workspace.requests import SignedInRequest
from portal.workspace.rounds.pages import warn_of_hotlines_without_people
from portal.workspace.series.provenance import provenance_for
from portal.workspace.visits.recording import readable_observations, show_recording
from standards.framework import Indicator
from standards.models import Texts
from standards.presentation.sentences import Passage

ROWS_A_PAGE = 25
"""Of a list of visits."""
AT_THE_TOP = ("starts_on", "ends_on", "mode")
"""The fields at the top of a visit's page and form."""


class VisitForm(forms.ModelForm[Visit]):
    lead = forms.ModelChoiceField(label=_("Lead assessor"), queryset=User.objects.none())
    members = forms.ModelMultipleChoiceField(
        label=_("Team"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who comes from the same country, worked there or declared a stake cannot go."),
    )
    field_order = [*AT_THE_TOP, "lead", "members"]

    class Meta:
        model = Visit
        fields = Visit.ARRANGED
        widgets = dict.fromkeys(("starts_on", "ends_on"), forms.DateInput(attrs={"type": "date"}))
        help_texts = {
            "alone_because": _("Only if nobody but the lead assessor goes. The reason stands in the log."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assessors = User.objects.filter(is_active=True, memberships__role=Role.ASSESSOR).distinct().order_by("name")
        for name in ("lead", "members"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = assessors

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day lies before the first. Give a later one."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """The visit's page: MCE arranges it here, the team sees its agenda."""
    evaluation = find_evaluation(request, uid, "visit.arrange" if request.method == "POST" else "evaluation.view")
    arranged = Visit.objects.filter(evaluation=evaluation).prefetch_related("team__user").first()
    may_arrange = is_allowed("visit.arrange", request.user, evaluation) and (
        arranged is None or arranged.state == Visit.State.PLANNED
    )
    may_view = arranged is not None and is_allowed("visit.view", request.user, arranged)
    form = VisitForm(request.POST or None, initial=_as_initial(arranged))
    refused: list[ShownReason] = []
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                visit_letters.arrange_visit_and_write_letters(evaluation, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            refused = [show_reason(reason, evaluation) for reason in refusal.reasons]
        else:
            messages.success(request, _("The visit is arranged. The team and the hotline have a letter with the days."))
            warn_of_hotlines_without_people(request, [evaluation.hotline])
            return HttpResponseRedirect(reverse("workspace:evaluation", args=[uid]))
    if arranged:
        arranged.evaluation = evaluation
    return render(
        request,
        "workspace/visits/visit.html",
        {
            "evaluation": evaluation,
            "visit": arranged,
            "stages": stages(evaluation),
            "form": form if may_arrange else None,
            "refused": refused,
            "moves": offered_moves(arranged, request.user) if arranged else [],
            "details": _details(arranged) if may_arrange or may_view else [],
            "domains": _to_be_seen(evaluation, _seen_codes(arranged, request.user)) if may_view else [],
            "standard_view": _standard_view(arranged, request.user),
            "recording": show_recording(arranged, request.user) if arranged and may_view else None,
            "agenda": _show_agenda(arranged, may_view=may_view) if arranged else None,
            "may_plan": arranged is not None
            and is_agenda_open(arranged)
            and is_allowed("visit.plan", request.user, arranged),
            "may_view": may_view,
            "steps": shown_steps(queries.steps_of(arranged)) if arranged else [],
        },
        status=422 if refused or form.errors else 200,
    )


def _as_initial(arranged: Visit | None) -> dict[str, Any]:
    if arranged is None:
        return {}
    return {
        **model_to_dict(arranged, Visit.ARRANGED),
        "lead": arranged.lead and arranged.lead.user_id,
        "members": [member.user_id for member in arranged.team.all() if not member.is_lead],
    }


def _details(arranged: Visit | None) -> list[tuple[object, Any]]:
    """Return the other fields of the arrangement, with their names and values."""
    names = {field.name: field.verbose_name for field in Visit._meta.fields}
    return [
        (names[name], value)
        for name in Visit.ARRANGED
        if name not in AT_THE_TOP and (value := getattr(arranged, name, None))
    ]


def _show_agenda(arranged: Visit, *, may_view: bool) -> ShownAgenda | None:
    """Return the agenda; for the team and MCE it leads to the findings."""
    newest = newest_agenda(arranged)
    uid = arranged.evaluation.uid

    def url_of(standard: str) -> str:
        return reverse("workspace:findings", args=[uid, standard]) if may_view else ""

    return show_agenda(newest, arranged, arranged.evaluation.framework, url_of=url_of) if newest else None


def _seen_codes(arranged: Visit | None, user: User) -> set[str] | None:
    """Return the indicators with a finding, or those that the user has recorded while the assessors are apart.

    None for others meanwhile: nobody is told how far somebody else is.
    """
    if arranged is None or arranged.state != Visit.State.UNDER_WAY:
        return (
            {finding.code for finding in arranged.evaluation.findings.all() if finding.is_given} if arranged else set()
        )
    if not is_allowed("visit.observe", user, arranged):
        return None
    return {seen.code for seen in arranged.observations.filter(by=user) if seen.is_given}


def _standard_view(arranged: Visit | None, user: User) -> str:
    """Return the name of the page of a standard: where the user records alone, or where the findings stand."""
    is_apart = arranged is not None and arranged.state == Visit.State.UNDER_WAY
    records = is_apart and is_allowed("visit.observe", user, arranged)
    return "workspace:observations" if records else "workspace:findings"


def _to_be_seen(evaluation: Evaluation, found: set[str] | None) -> list[dict[str, Any]]:
    """Return what is to be looked at, by standard: how many indicators need a finding, and how many are `found`.

    Without the progress where `found` is None.
    """
    texts = evaluation.round.edition.texts(get_language())
    answers = {answer.code: answer for answer in evaluation.answers.all()}
    domains = []
    for domain in evaluation.framework.domains:
        standards = []
        for standard in domain.standards:
            needed = [i for i in asked_in(standard, evaluation.asked) if needs_a_finding(i, answers.get(i.code))]
            standards.append(
                {
                    "code": standard.code,
                    "title": texts[f"standard/{standard.code}/title"],
                    "is_needed": bool(needed),
                    "progress": None if found is None else queries.progress_of(evaluation.framework, needed, found),
                }
            )
        domains.append({"code": domain.code, "title": texts[f"domain/{domain.code}/title"], "standards": standards})
    return domains


@require_safe
def visits(request: SignedInRequest) -> HttpResponse:
    """The visits of the user's own teams; MCE sees all. Future ones are first, then past ones, newest first."""
    visited = queries.visible_to(request.user).filter(visit__isnull=False)
    if not request.user.has_role(Role.MCE_COORDINATOR):
        visited = visited.filter(visit__team__user=request.user)
    is_over = Q(visit__state=Visit.State.SIGNED_OFF)
    shown = visited.select_related("hotline", "round", "visit").order_by(
        Case(When(is_over, then=1), default=0),
        Case(When(~is_over, then="visit__starts_on")),
        *("-visit__starts_on", "hotline__name", "pk"),
    )
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "workspace/visits/visits.html", {"evaluations": page})


@require_http_methods(["GET", "HEAD", "POST"])
def findings(request: SignedInRequest, uid: UUID, standard: str) -> HttpResponse:
    """The findings of a standard. A plain form sends all of it. Who still records is led to what they recorded."""
    if request.method == "POST":
        return PAGE.save_plainly(request, _find(request, uid, PAGE.right), standard)
    evaluation = _find(request, uid, "visit.view")
    view = _standard_view(evaluation.visit, request.user)
    if view != PAGE.address_name:
        find_standard(evaluation, standard)
        return HttpResponseRedirect(reverse(view, args=[uid, standard]))
    return render_findings(request, evaluation, standard)


def _find(request: SignedInRequest, uid: UUID, right: str) -> Evaluation:
    """Return the evaluation with its visit, for users with a right over the visit."""
    return find_visit(request, uid, right).evaluation


def render_findings(
    request: SignedInRequest, evaluation: Evaluation, code: str, *, changed: Changed | None = None, status: int = 200
) -> HttpResponse:
    """Render the answers of a standard, each with its finding, and with what each assessor recorded."""
    arranged = evaluation.visit
    found = {finding.code: finding for finding in evaluation.findings.select_related("by")}
    may_write = arranged.state == Visit.State.FINDINGS_ENTERED and is_allowed("visit.observe", request.user, arranged)
    return render_standard(request, evaluation, code, found, PAGE, may_write=may_write, changed=changed, status=status)


def render_standard(
    request: SignedInRequest,
    evaluation: Evaluation,
    code: str,
    found: Mapping[str, Observed],
    page: TextPage,
    *,
    may_write: bool,
    changed: Changed | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the answers of a standard, each with what `page` writes of it."""
    arranged = evaluation.visit
    standard = find_standard(evaluation, code)
    texts = evaluation.round.edition.texts(get_language())
    domain = evaluation.framework.domain_of[code]
    provenance = provenance_for(evaluation, standard, request.user)
    pairs = show_pairs(request, evaluation, standard.indicators, found, page, changed, provenance)
    order = list(evaluation.framework.standards)
    place = order.index(code)
    return render(
        request,
        "workspace/visits/findings.html",
        {
            "evaluation": evaluation,
            "visit": arranged,
            "standard": standard,
            "domain": domain,
            "domain_title": texts[f"domain/{domain.code}/title"],
            "title": texts[f"standard/{code}/title"],
            "texts": texts,
            "pairs": pairs,
            "problems": problems_of([pair["shown"] for pair in pairs]),
            "kind": page.kind,
            "is_own": page.kind == Kind.OBSERVATION,
            "view": page.address_name,
            "may_observe": may_write,
            "previous": order[place - 1] if place else None,
            "next": order[place + 1] if place + 1 < len(order) else None,
        },
        status=status,
    )


def show_pairs(
    request: SignedInRequest,
    evaluation: Evaluation,
    indicators: Sequence[Indicator],
    found: Mapping[str, Observed],
    page: TextPage,
    changed: Changed | None = None,
    provenance: Any = None,
) -> list[dict[str, Any]]:
    """Return indicators for `finding_block.html`: each with the answer, what `page` writes of it, and the originals.

    A constant number of queries.
    """
    texts = evaluation.round.edition.texts(get_language())
    answers = {answer.code: answer for answer in evaluation.answers.select_related("by")}
    shown = show_indicators(evaluation, indicators, found, counts_for(evaluation), provenance)
    corrections = show_corrections(evaluation) if provenance else {}
    unresolved = texts_by_code(evaluation, page.kind, request.user)
    originals = {} if page.kind == Kind.OBSERVATION else readable_observations(evaluation.visit)
    discussions = find_summaries(evaluation, request.user, [indicator.code for indicator in indicators])
    for indicator in shown:
        indicator.discussions = discussions.get(indicator.code, ())
        indicator.correction = corrections[indicator.code].sentence if indicator.code in corrections else ""
        indicator.answer = answers[indicator.code]
        indicator.unresolved = unresolved.get(indicator.code, [])
        for name, value in (changed or {}).get(indicator.code, {}).items():
            setattr(indicator, name, value)
    return [
        {
            "shown": indicator,
            "standard": evaluation.framework.standard_of[indicator.code],
            "answer": answers[indicator.code],
            "answer_label": _level_label(texts, answers[indicator.code].level),
            "is_found": found[indicator.code].is_given,
            "originals": originals.get(indicator.code, ()),
            "is_needed": indicator.code in evaluation.asked
            and needs_a_finding(indicator.indicator, answers[indicator.code]),
        }
        for indicator in shown
    ]


def _level_label(texts: Texts, level: int | None) -> Passage | str:
    return "" if level is None else texts[f"level/{level}"]


PAGE = TextPage(
    kind=Kind.FINDING,
    address_name="workspace:findings",
    right="visit.observe",
    history_right="visit.view",
    written_at=Evaluation.State.STUDY_VISIT,
    read=read_judgement,
    draw=render_findings,
    find=_find,
    missing=find_missing,
    is_by_standard=True,
)
save = require_POST(PAGE.save)


@require_POST
def make_move(request: SignedInRequest, uid: UUID, name: str) -> HttpResponse:
    arranged = find_visit(request, uid, "visit.view")
    answer = perform_move(
        request,
        arranged,
        name,
        back_to=reverse("workspace:visit", args=[uid]),
        notify=step_letter_writer(request, arranged.evaluation),
    )
    if name == "sign_off":
        drafting = update_draft_recommendations(
            Evaluation.objects.get(pk=arranged.evaluation_id)
        )  # empty if it was refused
        report_drafting(request, drafting)
    return answer
