"""Choose the team of one visit by hand: broken rules are shown at the fields, the cost above the form."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from evaluation.visits.assignment import (
    Alternative,
    Break,
    Period,
    Problem,
    Seat,
    Team,
    cost_of_teams,
    find_alternatives,
    find_breaks,
)
from evaluation.visits.teams_task import find_teams
from portal.access import find_round
from portal.presentation.form_days import DayInput, check_order
from portal.requests.signed_in import SignedInRequest
from portal.rounds.teams.changes import Changes
from portal.rounds.teams.problem import RoundProblem, read_problem
from portal.rounds.teams.rows import show_rows
from portal.rounds.teams.sentences import SHORT_RULES, describe_break

SEATS = {Seat.LEAD: "lead", Seat.SECOND: "second"}
"""The name of the field of each seat."""


class TeamForm(forms.Form):
    """The team of one visit, and the days that are wanted for it. It is read from the query string and not stored."""

    prefix = "v"
    lead = forms.ChoiceField(label=gettext_lazy("Lead assessor"))
    second = forms.ChoiceField(label=gettext_lazy("Second assessor"))
    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Only if days are wanted already. They are suggested to the hotline."),
    )
    ends_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DayInput)

    def __init__(self, *args: Any, choices: dict[Seat, Any], today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for seat, name in SEATS.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices[seat]

    def clean(self) -> dict[str, Any]:
        super().clean()
        check_order(self)
        given = self.cleaned_data
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and "ends_on" not in self.errors and not ends:
            self.add_error("ends_on", _("Give the last day too, or no days."))
        if ends and "starts_on" not in self.errors and not starts:
            self.add_error("starts_on", _("Give the first day too, or no days."))
        if starts and starts < self.today:
            self.add_error("starts_on", _("This day is over. Give today or a later day."))
        return given

    @property
    def days(self) -> Period | None:
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        return Period(first, last) if first and last else None

    @property
    def team(self) -> Team:
        return Team(self.cleaned_data["lead"], self.cleaned_data["second"])


@require_safe
def change_round_team(request: SignedInRequest, uid: UUID, country: str) -> HttpResponse:
    """Show the form for one visit with the check of a choice; `take` adds the choice to the page of teams."""
    round_ = find_round(request, uid, "round.open")
    changes = Changes.read(request.GET)
    of = read_problem(round_, changes.days)
    if country not in of.evaluations:
        raise Http404
    changes = changes.known(of.problem)
    found = find_teams(of.problem)
    if found is None:
        return HttpResponseRedirect(reverse("workspace:round_teams", args=[uid]) + changes.write())
    teams = changes.applied_to(found)
    choices = {seat: _choices(of, teams, country, seat) for seat in Seat}
    is_sent = f"{TeamForm.prefix}-lead" in request.GET
    form = TeamForm(
        request.GET if is_sent else None,
        choices=choices,
        today=round_.today,
        initial=_as_initial(teams[country], changes.days.get(country)),
    )
    wanted: Team | None = None
    if is_sent and form.is_valid():
        of = read_problem(round_, changes.with_visit(country, None, form.days).days)
        wanted = form.team
        for broken in _breaks_of(of.problem, {**teams, country: wanted}, country):
            form.add_error(SEATS[broken.seat], describe_break(broken, of))
        if not form.errors and "take" in request.GET:
            kept = None if wanted == found.teams[country] else wanted
            query = changes.with_visit(country, kept, form.days).write()
            return HttpResponseRedirect(f"{reverse('workspace:round_teams', args=[uid])}{query}#{country}")
    shown = {**teams, country: wanted} if wanted and not form.errors else teams
    return render(
        request,
        "rounds/teams/change.html",
        {
            "round": round_,
            "row": show_rows(of, shown, [of.evaluations[country]], ())[0],
            "form": form,
            "changes": changes,
            "cost": _cost_sentence(of.problem, teams, shown) if wanted and not form.errors else "",
            "out": [(form.fields[SEATS[seat]].label, _out(of, teams, country, seat)) for seat in Seat],
        },
        status=422 if form.errors else 200,
    )


def _as_initial(team: Team, days: Period | None) -> dict[str, Any]:
    found: dict[str, Any] = {name: team.at(seat) for seat, name in SEATS.items()}
    return found | ({"starts_on": days.first, "ends_on": days.last} if days else {})


def _breaks_of(problem: Problem, teams: dict[str, Team], country: str) -> list[Break]:
    return [one for one in find_breaks(problem, teams) if one.visit == country]


def _choices(of: RoundProblem, teams: dict[str, Team], country: str, seat: Seat) -> list[Any]:
    """Return the choices of a seat: its present holder, those who could take it with the cost, and the others."""
    alternatives = find_alternatives(of.problem, teams, country, seat)
    present = teams[country].at(seat)
    partner = teams[country].with_seat(seat, None).members
    able = [(present, of.people[present].name)] if present else []
    able += [(one.assessor, _label(of, one)) for one in alternatives if not one.breaks]
    others = [(key, of.people[key].name) for key in partner]
    others += [(one.assessor, of.people[one.assessor].name) for one in alternatives if one.breaks]
    return [
        ("", _("Choose somebody")),
        (_("Could go"), able),
        (_("Only with another change, or not at all"), others),
    ]


def _label(of: RoundProblem, one: Alternative) -> str:
    """Return the name with the difference of the cost, in points."""
    return f"{of.people[one.assessor].name} ({one.cost:+d})"


def _out(of: RoundProblem, teams: dict[str, Team], country: str, seat: Seat) -> list[tuple[str, Sequence[str]]]:
    """Return the assessors who cannot take the seat, each with all reasons."""
    return [
        (of.people[one.assessor].name, [str(SHORT_RULES[broken.rule]) for broken in one.breaks])
        for one in find_alternatives(of.problem, teams, country, seat)
        if one.breaks
    ]


def _cost_sentence(problem: Problem, before: dict[str, Team], after: dict[str, Team]) -> str:
    more = sum(cost_of_teams(problem, after).values()) - sum(cost_of_teams(problem, before).values())
    if more > 0:
        words = ngettext(
            "This choice breaks no rule. It costs %(n)d point more than the present one.",
            "This choice breaks no rule. It costs %(n)d points more than the present one.",
            more,
        )
        return words % {"n": more}
    if more < 0:
        words = ngettext(
            "This choice breaks no rule. It costs %(n)d point less than the present one.",
            "This choice breaks no rule. It costs %(n)d points less than the present one.",
            -more,
        )
        return words % {"n": -more}
    return _("This choice breaks no rule. It costs as much as the present one.")
