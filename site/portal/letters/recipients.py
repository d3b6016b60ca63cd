"""Who gets letters: the holders of a role, the people of a hotline, and those of an evaluation."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from evaluation.models import Evaluation, Hotline, Membership, Role, User
from evaluation.models.people.permissions import is_allowed
from evaluation.models.people.roles import HOTLINE_ROLES
from evaluation.rounds.planning import hotlines_without_people


def holders_of(*roles: Role) -> list[User]:
    """Return everybody who has one of these roles of the network today.

    Raises ValueError for a role of a hotline, since no letter goes to the people of every hotline: see `people_of`.
    """
    if tied := {*roles}.intersection(HOTLINE_ROLES):
        raise ValueError(f"{min(tied)} belongs to a hotline: use people_of")
    return _active(Membership.objects.today().filter(role__in=roles))


def people_of(hotline: Hotline, *roles: Role) -> list[User]:
    """Return everybody who has one of the roles in the hotline today: any of its roles if none is given."""
    return _active(Membership.objects.today().filter(hotline=hotline, role__in=roles or HOTLINE_ROLES))


def _active(memberships: QuerySet[Membership]) -> list[User]:
    return list(User.objects.filter(pk__in=memberships.values("user"), is_active=True).order_by("pk"))


def team_of(evaluation: Evaluation) -> list[User]:
    """Return the members of the team. Those with a tie may not see the evaluation any more, and are not notified."""
    visit = evaluation.arranged_visit
    team = [member.user for member in visit.team.select_related("user")] if visit else []
    return [person for person in team if is_allowed("evaluation.view", person, evaluation)]


def hotline_and_team(evaluation: Evaluation) -> list[User]:
    return [*people_of(evaluation.hotline), *team_of(evaluation)]


def lead_of(evaluation: Evaluation) -> list[User]:
    """Return the lead assessor, unless they have a tie; else nobody."""
    visit = evaluation.arranged_visit
    lead = [visit.lead.user] if visit and visit.lead else []
    return [person for person in lead if is_allowed("evaluation.view", person, evaluation)]


def mce_and_lead(evaluation: Evaluation) -> list[User]:
    return [*holders_of(Role.MCE_COORDINATOR), *lead_of(evaluation)]


def coordinators_mce_and_lead(evaluation: Evaluation) -> list[User]:
    return [*people_of(evaluation.hotline, Role.COORDINATOR), *mce_and_lead(evaluation)]


def coordinators_and_mce(evaluation: Evaluation) -> list[User]:
    return [*people_of(evaluation.hotline, Role.COORDINATOR), *holders_of(Role.MCE_COORDINATOR)]


def panel_of(evaluation: Evaluation) -> list[User]:
    """Return the panel members who may decide. Members with a tie get no letter, as it has the name of the hotline."""
    members = holders_of(Role.PANEL_MEMBER)
    return [member for member in members if is_allowed("evaluation.declare", member, evaluation)]


def warn_of_hotlines_without_people(request: HttpRequest, hotlines: Iterable[Hotline]) -> None:
    """Add a message about hotlines that got no letter because they have no people."""
    if unreached := hotlines_without_people(hotlines):
        words = _("No letter went to these hotlines, because nobody has a role there: %(hotlines)s.")
        messages.warning(request, words % {"hotlines": ", ".join(hotline.name for hotline in unreached)})
