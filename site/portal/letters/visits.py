"""Letters about a study visit: its days, its team and its agenda, to the team and to the hotline."""

from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse

from evaluation.models import Agenda, Evaluation, Role, User, Visit
from evaluation.visits.agendas import mark_agenda_as_sent
from evaluation.visits.planning import arrange_visit
from portal.letters.outbox import address_of, holders_of, write_letter
from portal.models import Letter
from portal.presentation.agenda import show_agenda, write_days


def _plan(visit: Visit | None) -> tuple[Any, ...]:
    """Return the content of the letter, to compare it before and after a change."""
    if visit is None:
        return ()
    team = {(member.user_id, member.is_lead) for member in visit.team.all()}
    return (visit.starts_on, visit.ends_on, visit.mode, team)


def arrange_visit_and_write_letters(evaluation: Evaluation, *, by: User, **wanted: Any) -> Visit:
    """Arrange a visit and write to those concerned; nobody if nothing has changed."""
    former = Visit.objects.filter(evaluation=evaluation).prefetch_related("team__user").first()
    before = _plan(former)
    went = [member.user for member in former.team.all()] if former else []
    visit = arrange_visit(evaluation, by=by, **wanted)
    visit = Visit.objects.prefetch_related("team__user").get(pk=visit.pk)
    if _plan(visit) != before:
        write_visit_letters(visit, evaluation, former_team=went, by=by)
    return visit


def write_visit_letters(visit: Visit, evaluation: Evaluation, *, former_team: list[User], by: User) -> list[Letter]:
    """Write the days to the team and to the hotline, and to former team members."""
    team = [member.user for member in visit.team.all()]
    page = address_of(reverse("workspace:visit", args=[evaluation.uid]))
    words = {
        "visit": visit,
        "evaluation": evaluation,
        "by": by,
        "page": page,
        "lead": visit.lead.user.name if visit.lead else "",
        "team": ", ".join(person.name for person in team),
    }
    hotline = holders_of(Role.COORDINATOR, Role.CONTRIBUTOR, hotline=evaluation.hotline)
    no_longer = [person for person in former_team if person not in team]
    return [
        write_letter(to=person, template=f"accounts/letters/{template}", context=words)
        for template, people in (("visit_team", team), ("visit_hotline", hotline), ("visit_left", no_longer))
        for person in people
        if person.pk != by.pk
    ]


@transaction.atomic
def send_agenda(agenda: Agenda, *, by: User) -> list[Letter]:
    """Write the agenda to the team and to the hotline; to nobody if that was done."""
    visit = agenda.visit
    evaluation = visit.evaluation
    if not mark_agenda_as_sent(agenda):
        return []
    team = [member.user for member in visit.team.select_related("user")]
    hotline = holders_of(Role.COORDINATOR, Role.CONTRIBUTOR, hotline=evaluation.hotline)
    words = {
        "evaluation": evaluation,
        "by": by,
        "agenda": partial(write_days, show_agenda(agenda, visit, evaluation.framework).days),
        "page": address_of(reverse("workspace:visit", args=[evaluation.uid])),
    }
    return [
        write_letter(to=person, template="accounts/letters/visit_agenda", context=words)
        for person in dict.fromkeys([*team, *hotline])
        if person.pk != by.pk
    ]
