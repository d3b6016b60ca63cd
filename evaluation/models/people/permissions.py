"""Permissions: small predicates and one table. Every check of a right uses this module.

Superusers are not exempt: the table is used directly, never through `User.has_perm`. A predicate that needs an object
is False without one.
"""

import re
from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard, runtime_checkable

from django.conf import settings
from django.utils import timezone
from rules.permissions import add_perm
from rules.predicates import Predicate

from evaluation.models.people.roles import HOTLINE_ROLES, Role
from evaluation.models.people.ties import (
    declared_no_tie,
    has_assessed_before,
    other_coordinators,
    stakes_of,
    untied_coordinators,
    waits_for_replies,
)
from evaluation.models.reasons import Reason

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from evaluation.models.evaluation import Evaluation
    from evaluation.models.figures.statistics import StatisticsImport
    from evaluation.models.hotlines import Hotline
    from evaluation.models.panel.appeal import Appeal
    from evaluation.models.people.user import Membership, User
    from evaluation.models.visits.visit import Visit


@runtime_checkable
class OfHotline(Protocol):
    """A hotline, or an object of a hotline that belongs to no evaluation, such as a file of figures."""

    def of_hotline(self) -> "Hotline": ...


@runtime_checkable
class OfEvaluation(Protocol):
    """An evaluation, or an object of an evaluation, such as its visit or a recommendation."""

    def of_evaluation(self) -> "Evaluation": ...


@runtime_checkable
class Inviting(Protocol):
    """An object for invited users: a consultation."""

    def invites(self, user: "User") -> bool: ...


@runtime_checkable
class Shared(Protocol):
    """An object that every hotline may read while it is shared: a good practice in the library."""

    @property
    def is_shared(self) -> bool: ...


@runtime_checkable
class Hosted(Protocol):
    """An object of one hotline that has another hotline as host: an exchange visit, which belongs to the visitor."""

    @property
    def host(self) -> "Hotline": ...


@runtime_checkable
class Proposed(Protocol):
    """What a second person confirms, such as the withdrawal of an accreditation."""

    def is_proposed_by(self, user: "User") -> bool: ...


@runtime_checkable
class PersonProposed(Proposed, Protocol):
    """A change of a person's roles or country, which a second person confirms."""

    @property
    def gives_a_role(self) -> bool: ...

    def is_about(self, user: "User") -> bool: ...


def hotline_of(thing: object) -> "Hotline | None":
    """Return the hotline that an object is or belongs to, or None.

    Objects are, for instance, an evaluation, a visit, a recommendation or a file of figures.
    """
    if isinstance(thing, OfHotline):
        return thing.of_hotline()
    if isinstance(thing, OfEvaluation):
        return thing.of_evaluation().hotline
    return None


def _evaluation_of(thing: object) -> "Evaluation | None":
    return thing.of_evaluation() if isinstance(thing, OfEvaluation) else None


def _visit_of(thing: object) -> "Visit | None":
    evaluation = _evaluation_of(thing)
    return evaluation.arranged_visit if evaluation else None


def _is_active(user: "User | AnonymousUser | None") -> "TypeGuard[User]":
    return user is not None and user.is_active


def _asks(question: Callable[["User", Any], bool]) -> Predicate:
    """Return a predicate that is False without an active user or without an object."""

    def answer(user: "User | AnonymousUser | None", thing: object) -> bool:
        return _is_active(user) and thing is not None and question(user, thing)

    return Predicate(answer, name=question.__name__)


def _has(*roles: Role) -> Predicate:
    """Return the predicate that the user has one of these roles today. It does not depend on the object."""

    def answer(user: "User | AnonymousUser | None") -> bool:
        return _is_active(user) and user.has_role(*roles)

    return Predicate(answer, name="has_" + "_or_".join(roles))


is_mce = _has(Role.MCE_COORDINATOR)
is_guide_editor = _has(Role.GUIDE_EDITOR)
is_assessor = _has(Role.ASSESSOR)
is_panel_member = _has(Role.PANEL_MEMBER)


@_asks
def is_of_the_hotline(user: "User", thing: object) -> bool:
    hotline = hotline_of(thing)
    return hotline is not None and hotline.pk in user.hotlines_as(*HOTLINE_ROLES)


@_asks
def is_of_another_hotline(user: "User", thing: object) -> bool:
    """Whether the user has a role in a hotline today, and none in the hotline of the object."""
    hotline, own = hotline_of(thing), user.hotlines_as(*HOTLINE_ROLES)
    return hotline is not None and bool(own) and hotline.pk not in own


@_asks
def is_of_the_host(user: "User", thing: object) -> bool:
    return isinstance(thing, Hosted) and thing.host.pk in user.hotlines_as(*HOTLINE_ROLES)


@_asks
def is_coordinator_of_the_host(user: "User", thing: object) -> bool:
    return isinstance(thing, Hosted) and thing.host.pk in user.hotlines_as(Role.COORDINATOR)


@_asks
def is_shared(_user: "User", thing: object) -> bool:
    return isinstance(thing, Shared) and thing.is_shared


@_asks
def sent_it(user: "User", statistics: "StatisticsImport") -> bool:
    """Whether the user uploaded the file of figures, and therefore knows its content."""
    return statistics.uploaded_by_id == user.pk


@_asks
def is_coordinator_of_the_hotline(user: "User", thing: object) -> bool:
    hotline = hotline_of(thing)
    return hotline is not None and hotline.pk in user.hotlines_as(Role.COORDINATOR)


@_asks
def is_on_the_team(user: "User", thing: object) -> bool:
    """Whether the user is on the team of the visit and an assessor today."""
    if not user.has_role(Role.ASSESSOR):  # first, as it takes no query
        return False
    visit = _visit_of(thing)
    return visit is not None and any(member.user_id == user.pk for member in visit.team.all())


@_asks
def leads_the_team(user: "User", thing: object) -> bool:
    if not user.has_role(Role.ASSESSOR):
        return False
    visit = _visit_of(thing)
    return visit is not None and any(member.user_id == user.pk and member.is_lead for member in visit.team.all())


@_asks
def is_before_the_panel(_user: "User", thing: object) -> bool:
    evaluation = _evaluation_of(thing)
    return evaluation is not None and evaluation.is_before_the_panel


@_asks
def has_the_replies(user: "User", thing: object) -> bool:
    """Whether the panel does not wait for the assessors' replies to the hotline's response."""
    evaluation = _evaluation_of(thing)
    return evaluation is not None and not waits_for_replies(user, evaluation)


@_asks
def is_decided(_user: "User", thing: object) -> bool:
    evaluation = _evaluation_of(thing)
    return evaluation is not None and evaluation.is_decided


@_asks
def is_oneself(user: "User", person: object) -> bool:
    """Whether the object is the user."""
    return user == person


@_asks
def is_a_change(_user: "User", change: object) -> bool:
    return isinstance(change, PersonProposed)


@_asks
def proposed_it(user: "User", change: object) -> bool:
    return isinstance(change, Proposed) and change.is_proposed_by(user)


@_asks
def is_about_oneself(user: "User", change: object) -> bool:
    """Whether a change of a person is about the user."""
    return isinstance(change, PersonProposed) and change.is_about(user)


@_asks
def gets_the_role(user: "User", change: object) -> bool:
    """Whether a change gives the user a role. Nobody confirms it for themselves."""
    return isinstance(change, PersonProposed) and change.gives_a_role and change.is_about(user)


@_asks
def is_alone_in_the_office(user: "User", _thing: object) -> bool:
    """Whether the office is set to have one coordinator, and there is no other one."""
    return settings.OFFICE_HAS_ONE_COORDINATOR and not other_coordinators(user)


@_asks
def is_independent(user: "User", thing: object) -> bool:
    """Whether the user has no tie to the hotline: not the same country, no role now or before, no declared stake."""
    hotline = hotline_of(thing)
    return hotline is not None and not stakes_of(user, hotline)


@_asks
def is_no_assessor_of_it(user: "User", thing: object) -> bool:
    """Whether the user is on the team neither of the visit nor of an earlier one of the evaluation."""
    visit = _visit_of(thing)
    if visit is None:
        return True
    is_on_team = any(member.user_id == user.pk for member in visit.team.all())
    return not is_on_team and not has_assessed_before(user, visit.evaluation)


@_asks
def has_declared(user: "User", thing: object) -> bool:
    """Whether the user declared to have no tie to the hotline, on its evaluation or on an appeal.

    Before this declaration a panel member can neither read nor do anything about the hotline. A declared tie is a
    stake.
    """
    evaluation = _evaluation_of(thing)
    return evaluation is not None and declared_no_tie(user, evaluation)


@_asks
def took_no_part(user: "User", appeal: "Appeal") -> bool:
    """Whether the user took no part in the decision that an appeal contests. Only such members hear the appeal."""
    return user.pk not in appeal.took_part


@_asks
def is_invited(user: "User", thing: object) -> bool:
    """Whether the user is invited to a consultation that has opened."""
    return isinstance(thing, Inviting) and thing.invites(user)


sits_on_the_panel = is_panel_member & is_independent & is_no_assessor_of_it
"""Whether a member may be asked for a declaration: a panel member without a known tie."""
hears_the_appeal = sits_on_the_panel & took_no_part
acts_for_mce = is_mce & is_independent
"""Whether a coordinator may act about a hotline. Without a tie; a tie leaves only the right to read."""


HOLDERS = {
    predicate.name: predicate
    for predicate in (
        *(is_mce, is_guide_editor, is_assessor, is_panel_member),
        *(is_of_the_hotline, is_coordinator_of_the_hotline, is_of_another_hotline),
        *(is_of_the_host, is_coordinator_of_the_host, is_on_the_team, leads_the_team, is_invited),
    )
}
"""The predicates about roles. The others restrict them."""

_ROLES_OF_HOLDERS: dict[str, tuple[Role, ...]] = {
    is_mce.name: (Role.MCE_COORDINATOR,),
    is_guide_editor.name: (Role.GUIDE_EDITOR,),
    **dict.fromkeys((is_assessor.name, is_on_the_team.name, leads_the_team.name), (Role.ASSESSOR,)),
    is_panel_member.name: (Role.PANEL_MEMBER,),
    **{
        holder.name: HOTLINE_ROLES
        for holder in (
            *(is_of_the_hotline, is_coordinator_of_the_hotline, is_of_the_host, is_coordinator_of_the_host),
            is_of_another_hotline,
        )
    },
    is_invited.name: (*HOTLINE_ROLES, Role.ASSESSOR),
}
"""The roles without which a predicate of `HOLDERS` is False for every object, by name."""

TABLE: dict[str, Predicate] = {
    # the evaluation
    "round.view": is_mce | is_assessor | is_panel_member,
    "round.open": is_mce,
    "evaluation.view": is_of_the_hotline
    | is_mce
    | (is_on_the_team & is_independent)
    | (is_panel_member & is_independent & is_before_the_panel & has_declared & has_the_replies),
    "evaluation.answer": is_of_the_hotline,
    "evaluation.assign": is_coordinator_of_the_hotline,
    "evaluation.submit": is_coordinator_of_the_hotline,
    "evaluation.run": acts_for_mce,
    "evaluation.recount": acts_for_mce,
    "evaluation.sign_off": leads_the_team & is_independent,
    "evaluation.judge": (is_mce | leads_the_team) & is_independent,
    "evaluation.reply": ((is_mce & ~is_panel_member) | is_on_the_team) & is_independent,
    "evaluation.rehearse": is_of_the_hotline | is_mce,
    "evaluation.respond": is_coordinator_of_the_hotline,
    "evaluation.declare": sits_on_the_panel,
    "evaluation.decide": sits_on_the_panel & has_declared,
    "evaluation.deliberate": (sits_on_the_panel & is_before_the_panel & has_declared & has_the_replies)
    | (is_mce & is_decided),
    "evaluation.publish": acts_for_mce,
    "evaluation.print": acts_for_mce,
    # discussions of an indicator
    "discussion.hotline": is_of_the_hotline,
    "discussion.review": is_of_the_hotline | ((is_mce | is_on_the_team) & is_independent),
    # the visit
    "visit.view": is_mce | (is_on_the_team & is_independent),
    "visit.arrange": acts_for_mce,
    "visit.agree": ((is_mce | is_on_the_team) & is_independent) | is_coordinator_of_the_hotline,
    "visit.put_off": ((is_mce | leads_the_team) & is_independent) | is_coordinator_of_the_hotline,
    "visit.declare": (is_mce | is_on_the_team) & is_independent,
    "visit.step_aside": is_on_the_team & is_independent,
    "visit.plan": (is_mce | is_on_the_team) & is_independent,
    "visit.observe": is_on_the_team & is_independent,
    "visit.read_questions": is_of_the_hotline | is_mce | (is_on_the_team & is_independent),
    "visit.sign_off": leads_the_team & is_independent,
    "assessor.describe": is_mce | (is_assessor & is_oneself),
    "recommendation.edit": (is_on_the_team | is_mce) & is_independent,
    # follow-up of recommendations
    "recommendation.answer": is_coordinator_of_the_hotline,
    "recommendation.work": is_of_the_hotline,
    "recommendation.advise": (is_on_the_team | is_mce) & is_independent,
    "recommendation.verify": (is_on_the_team | is_mce) & is_independent,
    "recommendation.run": acts_for_mce,
    "network.follow": is_mce,
    # good practice
    "practice.view": is_of_the_hotline
    | is_mce
    | (is_on_the_team & is_independent)
    | (is_of_another_hotline & is_shared),
    "practice.write": (is_on_the_team | is_mce) & is_independent,
    "practice.consent": is_coordinator_of_the_hotline,
    "practice.publish": acts_for_mce,
    "practice.thank": is_of_another_hotline & is_shared,
    "practice.answer": is_of_the_hotline,
    "practice.moderate": is_coordinator_of_the_hotline | acts_for_mce,
    # exchange visits between hotlines
    "exchange.view": is_of_the_hotline | is_of_the_host | is_mce,
    "exchange.visit": is_coordinator_of_the_hotline,
    "exchange.host": is_coordinator_of_the_host,
    "exchange.cancel": is_coordinator_of_the_hotline | is_coordinator_of_the_host | acts_for_mce,
    "exchange.offer": is_coordinator_of_the_hotline,
    "exchange.compare": is_of_the_hotline | is_mce,
    "exchange.plan": is_mce,
    # after the decision
    "accreditation.view": is_of_the_hotline | is_mce,
    "accreditation.run": acts_for_mce,
    "accreditation.give_up": is_coordinator_of_the_hotline,
    "accreditation.restore": is_panel_member & is_independent,
    "withdrawal.answer": is_coordinator_of_the_hotline,
    "withdrawal.confirm": acts_for_mce & (~proposed_it | is_alone_in_the_office),
    "appeal.view": is_of_the_hotline | is_mce | (hears_the_appeal & has_declared),
    "appeal.lodge": is_coordinator_of_the_hotline,
    "appeal.declare": hears_the_appeal,
    "appeal.hear": hears_the_appeal & has_declared,
    # figures
    "statistics.view": is_of_the_hotline | is_mce,
    "statistics.import": is_of_the_hotline | acts_for_mce,
    "statistics.match": is_of_the_hotline | (acts_for_mce & sent_it),
    "statistics.explain": is_of_the_hotline,
    "statistics.confirm": is_coordinator_of_the_hotline,
    "statistics.accept": acts_for_mce,
    "statistics.connect": is_coordinator_of_the_hotline | acts_for_mce,
    "statistics.compare": is_mce,
    "statistics.publish": is_mce,
    # the network
    "guide.release": is_mce | is_guide_editor,
    "guide.edit": is_mce | is_guide_editor,
    "handbook.publish": is_mce,
    "texts.edit": is_mce | is_guide_editor,
    "consultation.view": is_invited | is_mce | is_guide_editor,
    "consultation.comment": is_invited,
    "consultation.run": is_mce | is_guide_editor,
    "people.invite": is_mce,
    "people.propose": is_mce | (is_about_oneself & ~gets_the_role),
    "people.confirm": is_mce & is_a_change & ~gets_the_role & (~proposed_it | is_alone_in_the_office),
    "people.drop": (is_mce & is_a_change & ~is_about_oneself) | proposed_it,
    "stake.declare": is_assessor | is_panel_member | is_mce,
    "hotline.view": is_of_the_hotline | is_mce,
    "outbox.view": is_mce,
}
"""Each right, with the predicate that grants it."""

for _name, _predicate in TABLE.items():
    add_perm(_name, _predicate)  # type: ignore[no-untyped-call] # rules has types for its predicates only


def is_allowed(name: str, user: "User | AnonymousUser | None", thing: object = None) -> bool:
    """Whether the table gives `user` the right `name` on `thing`. Raises KeyError for an unknown right."""
    return TABLE[name].test(user, thing)


AFTER_DECLARING = {"evaluation.decide": "evaluation.declare", "appeal.hear": "appeal.declare"}
"""The rights that a panel member has only after a declaration, each with the right to declare."""


def stages_of(name: str, user: "User", evaluation: "Evaluation") -> tuple[str, ...]:
    """Return the stages in which `user` has the right `name` on the evaluation; empty if the role never has it."""
    found = []
    for stage in type(evaluation).State:
        in_stage = copy(evaluation)
        in_stage.__dict__["state"] = stage.value  # a copy that is never saved
        if is_allowed(name, user, in_stage):
            found.append(stage.value)
    return tuple(found)


def holders_of(name: str) -> tuple[str, ...]:
    """Return the names of the role predicates in the right `name`, in their order."""
    words = re.findall(r"\w+", TABLE[name].name)
    return tuple(dict.fromkeys(word for word in words if word in HOLDERS))


def may_ever_have(name: str, user: "User") -> bool:
    """Whether a role of `user` can give the right `name` on any object. If not, no object needs to be checked."""
    return _is_active(user) and user.has_role(*_roles_of(name))


def _roles_of(name: str) -> set[Role]:
    return {role for holder in holders_of(name) for role in _ROLES_OF_HOLDERS[holder]}


def find_ended_role(name: str, user: "User | None", thing: object) -> "Membership | None":
    """Return the last of the user's ended roles that gave the right `name`, unless they hold such a role today.

    A role of a hotline counts for that hotline only.
    """
    if not _is_active(user):
        return None
    roles, hotline = _roles_of(name), hotline_of(thing)
    giving = [
        one
        for one in user.all_memberships
        if one.role in roles and (one.hotline_id is None or hotline is None or one.hotline_id == hotline.pk)
    ]
    if any(one in user.memberships_today for one in giving):
        return None
    today = timezone.localdate()
    over = [one for one in giving if one.ended_at is not None or (one.until and one.until < today)]
    return max(over, key=lambda one: one.until or today, default=None)


def find_denial_reason(name: str, user: "User | None", thing: object) -> str:
    """Return the code of the reason why a user lacks a right.

    It is `coordinator_is_tied` for a coordinator of Missing Children Europe and `has_a_stake` for others with a tie,
    `needs_another_coordinator` for one who proposed a change or gets a role by it, `took_part` for a panel member with
    a part in the decision that an appeal contests, `assessed_it` for one who was on the team, `not_declared`,
    `role_ended` for a user who had a role with this right, or `not_permitted`.
    """
    if name in ("people.confirm", "people.drop") and is_mce.test(user, thing) and is_a_change.test(user, thing):
        return "needs_another_coordinator"
    if name == "withdrawal.confirm" and (acts_for_mce & proposed_it).test(user, thing):
        return "needs_another_coordinator"
    holding = {holder for holder in holders_of(name) if HOLDERS[holder].test(user, thing)}
    if is_panel_member.name in holding and _requires(took_no_part, name) and not took_no_part.test(user, thing):
        return "took_part"
    if user and holding and requires_independence(name) and stakes_of(user, hotline_of(thing)):
        return "coordinator_is_tied" if is_mce.name in holding else "has_a_stake"
    sits = is_panel_member.name in holding and _requires(is_no_assessor_of_it, name)
    if sits and not is_no_assessor_of_it.test(user, thing):
        return "assessed_it"
    if name in AFTER_DECLARING and is_allowed(AFTER_DECLARING[name], user, thing):
        return "not_declared"
    return "role_ended" if find_ended_role(name, user, thing) else "not_permitted"


def requires_independence(name: str) -> bool:
    """Whether a tie to the hotline denies the right `name`."""
    return _requires(is_independent, name)


def _requires(predicate: Predicate, name: str) -> bool:
    return predicate.name in TABLE[name].name


def may(name: str) -> Callable[[object, "User | None"], bool]:
    """Return the permission of a transition that requires the right `name`."""

    def permission(thing: object, user: "User | None") -> bool:
        return is_allowed(name, user, thing)

    permission.right = name  # type: ignore[attr-defined] # which a function may have
    return permission


def no_right(name: str, user: "User | None", thing: object = None) -> Reason:
    """Return the reason why `user` lacks the right `name` on `thing`."""
    code, hotline = find_denial_reason(name, user, thing), hotline_of(thing)
    if code == "coordinator_is_tied" and user is not None and hotline is not None:
        return Reason(code, names=tuple(one.name for one in untied_coordinators(user, hotline)), right=name)
    if code == "role_ended" and (ended := find_ended_role(name, user, thing)):
        return Reason(code, codes=(ended.role,), day=ended.until, right=name)
    return Reason(code, right=name)
