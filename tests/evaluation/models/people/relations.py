"""One user for each relation to a hotline's evaluation, in the order of the columns of the table of rights."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from evaluation.models import Evaluation, Hotline, Role
from tests.factories import (
    DeclarationFactory,
    HotlineFactory,
    RoundFactory,
    StakeFactory,
    evaluation_of,
    person,
    visit_of,
)


@dataclass(frozen=True)
class UsersByRelation:
    """An evaluation with a visit, and users by their relation to it, the header of a column of the table of rights.

    These are not the `Participants` of `tests.stage`: the table also has relations that no stage needs, such as nobody,
    a superuser, a member of another hotline and a lead assessor with a stake, who leads the visit of a second
    evaluation.
    """

    evaluation: Evaluation
    evaluation_of_the_tied: Evaluation
    people: dict[str, Any]

    def before(self, name: str) -> Evaluation:
        """Return the evaluation to which this user has the relation."""
        return self.evaluation_of_the_tied if name == "lead with a stake" else self.evaluation


def create_users_by_relation(hotline: Hotline | None = None) -> UsersByRelation:
    """Create a hotline XA before the panel, and all users. Only the compatriot has a country."""
    hotline = hotline or HotlineFactory(country="XA")
    elsewhere = HotlineFactory(country="QM")
    tied = person(Role.ASSESSOR)
    StakeFactory(user=tied, hotline=hotline)
    people: dict[str, Any] = {
        "nobody": AnonymousUser(),
        "stranger": person(),
        "contributor": person(Role.CONTRIBUTOR, hotline=hotline),
        "contributor elsewhere": person(Role.CONTRIBUTOR, hotline=elsewhere),
        "coordinator": person(Role.COORDINATOR, hotline=hotline),
        "coordinator elsewhere": person(Role.COORDINATOR, hotline=elsewhere),
        "assessor": person(Role.ASSESSOR),
        "assessor on the team": person(Role.ASSESSOR),
        "lead": person(Role.ASSESSOR),
        "lead with a stake": tied,
        "MCE": person(Role.MCE_COORDINATOR),
        "guide editor": person(Role.GUIDE_EDITOR),
        "panel member": person(Role.PANEL_MEMBER),
        "panel member who assessed it": person(Role.ASSESSOR, Role.PANEL_MEMBER),
        "panel member of the same country": person(Role.PANEL_MEMBER, country="XA"),
        "panel member who has not declared": person(Role.PANEL_MEMBER),
        "superuser": person(is_superuser=True),
    }
    round_ = RoundFactory(state="open")
    evaluation = evaluation_of(hotline, round=round_, state="decision")
    members = [people["assessor on the team"], people["panel member who assessed it"]]
    visit_of(evaluation, lead=people["lead"], members=members)
    other = evaluation_of(hotline, round=RoundFactory(state="open"), state="decision")
    visit_of(other, lead=tied)
    third = evaluation_of(elsewhere, round=round_, state="decision")
    for name in ("panel member", "panel member who assessed it", "panel member of the same country"):
        for before in (evaluation, other, third):
            DeclarationFactory(evaluation=before, user=people[name])
    return UsersByRelation(evaluation, other, people)
