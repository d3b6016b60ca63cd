"""The page with the teams of all visits of a round, which proposes all of them in one transaction."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.core.signing import BadSignature, Signer
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from evaluation.models import Evaluation, Round
from evaluation.visits.assignment import Assignment, Period, Team, cost_of_teams, find_breaks
from evaluation.visits.limits import find_former_limit
from evaluation.visits.planning import propose_visit
from evaluation.visits.teams_task import find_teams
from evaluation.workflow import Refusal
from portal.access import find_round
from portal.moves.letters_first import letters_first
from portal.presentation.reasons import show_reason
from portal.requests.signed_in import SignedInRequest
from portal.rounds.teams.change import change_round_team
from portal.rounds.teams.changes import Changes
from portal.rounds.teams.problem import PROPOSABLE, RoundProblem, read_problem
from portal.rounds.teams.rows import show_loads, show_rows
from portal.rounds.teams.sentences import describe_break, describe_costs

ROWS_A_PAGE = 25
PEOPLE_A_PAGE = 25
_SIGNER = Signer(salt="portal.rounds.teams")

Wanted = dict[str, list[str]]
"""By the country of the hotline: the uids of the lead and of the second, then the first and last day, if wanted."""


@require_http_methods(["GET", "HEAD", "POST"])
def round_teams(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the proposed teams with the changes in the address. A POST proposes the teams that were shown."""
    round_ = find_round(request, uid, "round.open")
    changes = Changes.read(request.GET)
    if request.method == "POST":
        return _propose(request, round_, changes)
    return _draw(request, read_problem(round_, changes.days), changes)


def _draw(
    request: SignedInRequest, of: RoundProblem, changes: Changes, refused: list[str] | None = None
) -> HttpResponse:
    changes = changes.known(of.problem)
    found = find_teams(of.problem)
    if found and request.htmx:  # the waiting page must be replaced as a whole
        return HttpResponseClientRefresh()
    context: dict[str, Any] = {
        "round": of.round,
        "changes": changes.write(),
        "refused": refused or [],
        "problem": of.problem,
        "page": Paginator(list(of.evaluations.values()), ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    if found:
        context |= _show(of, found, changes, context["page"].object_list)
        context["people"] = Paginator(show_loads(of, changes.applied_to(found)), PEOPLE_A_PAGE).get_page(
            request.GET.get("people")
        )
    name = "computing" if request.htmx else "teams"
    return render(request, f"rounds/teams/{name}.html", context, status=422 if refused else 200)


def _show(of: RoundProblem, found: Assignment, changes: Changes, shown: Any) -> dict[str, Any]:
    chosen = changes.applied_to(found)
    costs = cost_of_teams(of.problem, chosen)
    breaks = find_breaks(of.problem, chosen)
    wanted = _wanted(of, chosen, changes) if not breaks else {}
    return {
        "found": found,
        "rows": show_rows(of, chosen, shown, changes.teams),
        "breaks": [(of.evaluations[one.visit].hotline.name, describe_break(one, of)) for one in breaks],
        "wishes": describe_costs(costs),
        "cost": sum(costs.values()),
        "more": sum(costs.values()) - found.cost,
        "wanted": _SIGNER.sign_object(wanted) if wanted else "",
        "count": len(wanted),
        "waiting": sum(one.state not in PROPOSABLE for one in of.evaluations.values()),
    }


def _wanted(of: RoundProblem, chosen: dict[str, Team], changes: Changes) -> Wanted:
    """Return the visits that can be proposed: with two members, and a submitted self-assessment."""
    wanted: Wanted = {}
    for country, evaluation in of.evaluations.items():
        team, days = chosen[country], changes.days.get(country)
        if evaluation.state in PROPOSABLE and team.is_full:
            period = [days.first.isoformat(), days.last.isoformat()] if days else []
            wanted[country] = [*team.members, *period]
    return wanted


# --- Proposing -------------------------------------------------------------------------------------------------------


def _read_wanted(request: SignedInRequest) -> Wanted:
    """Return the teams that the page showed, from its signed field; empty if the signature is invalid."""
    try:
        wanted: Wanted = _SIGNER.unsign_object(request.POST.get("wanted", ""))
    except (BadSignature, ValueError):
        return {}
    return wanted


def _days_of(wanted: Wanted) -> dict[str, Period]:
    return {
        country: Period(*(date.fromisoformat(day) for day in parts[2:]))
        for country, parts in wanted.items()
        if parts[2:]
    }


class _Changed(Exception):
    """Raised if a team can no longer be proposed since the page was rendered; `sentences` describe why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__()
        self.sentences = sentences


def _propose(request: SignedInRequest, round_: Round, changes: Changes) -> HttpResponse:
    """Propose the teams that the page showed, all or none; if refused, render the present page with the reasons."""
    wanted = _read_wanted(request)
    refused = [] if wanted else [_("Nothing is proposed. Look at the teams below, and propose them again.")]
    if wanted:
        try:
            with letters_first(request, _("Propose the visits"), back=request.get_full_path()) as first:
                _write(request, round_, wanted)
            if first.page:
                return first.page
        except _Changed as changed:
            refused = changed.sentences
        except Refusal as refusal:
            refused = [show_reason(reason).sentence for reason in refusal.reasons]
    if refused:
        return _draw(request, read_problem(round_, changes.days), changes, refused)
    words = ngettext(
        "%(n)d visit is proposed. The team and the hotline have a letter.",
        "%(n)d visits are proposed. The teams and the hotlines have letters.",
        len(wanted),
    )
    messages.success(request, words % {"n": len(wanted)})
    return HttpResponseRedirect(reverse("workspace:round_teams", args=[round_.uid]))


def _write(request: SignedInRequest, round_: Round, wanted: Wanted) -> None:
    """Propose all visits and write the letters. Raises Refusal or _Changed.

    Locks the evaluations, so that concurrent requests do not propose a visit twice.
    """
    awaiting = Evaluation.objects.select_for_update(no_key=True).filter(round=round_, hotline__country__in=list(wanted))
    list(awaiting.order_by("pk").values_list("pk"))
    of = read_problem(round_, _days_of(wanted))
    if sentences := _find_refusals(of, wanted):
        raise _Changed(sentences)
    for country, (lead, second, *_days) in wanted.items():
        days = of.problem.need[country].days
        propose_visit(
            of.evaluations[country],
            by=request.user,
            lead=of.people[lead],
            members=[of.people[second]],
            starts_on=days.first if days else None,
            ends_on=days.last if days else None,
            only_codes=find_former_limit(of.evaluations[country]),
        )


def _find_refusals(of: RoundProblem, wanted: Wanted) -> list[str]:
    """Return the reasons why these teams can no longer be proposed: changes since the page was rendered."""
    gone = [country for country in wanted if country not in of.evaluations]
    if gone:
        return [
            _("Somebody proposed a visit meanwhile, or the hotline is out of the round: %(names)s.")
            % {"names": ", ".join(gone)}
        ]
    if any(key not in of.people for parts in wanted.values() for key in parts[:2]):
        return [_("Somebody is no longer an assessor. Look at the teams below, and propose them again.")]
    teams = {country: Team(parts[0], parts[1]) for country, parts in wanted.items()}
    return [
        f"{of.evaluations[one.visit].hotline.name}: {describe_break(one, of)}" for one in find_breaks(of.problem, teams)
    ]


urlpatterns = [
    path("rounds/<uuid:uid>/teams/", round_teams, name="round_teams"),
    path("rounds/<uuid:uid>/teams/<str:country>/", change_round_team, name="change_round_team"),
]
