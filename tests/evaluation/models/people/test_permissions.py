"""Permissions: the whole table, compared at once."""

from datetime import timedelta
from typing import Any

import pytest
import rules as library
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation import queries
from evaluation.models import (
    Accreditation,
    Appeal,
    AppealDeclaration,
    Consultation,
    Discussion,
    Evaluation,
    Exchange,
    Finding,
    GoodPractice,
    Hotline,
    Membership,
    Recommendation,
    Role,
    StatisticsImport,
    User,
    Withdrawal,
)
from evaluation.models.people import permissions, ties
from evaluation.models.people.permissions import TABLE, is_allowed
from evaluation.models.people.ties import cache_waiting, stakes_of, untied_coordinators, waits_for_replies
from tests.bystander import new
from tests.evaluation.models.people.relations import UsersByRelation, create_users_by_relation
from tests.factories import (
    AppealFactory,
    ConsultationFactory,
    DecisionFactory,
    DeclarationFactory,
    HotlineFactory,
    MembershipFactory,
    OperatorFactory,
    PersonChangeFactory,
    ScorecardFactory,
    StakeFactory,
    end_roles,
    evaluation_of,
    person,
)

pytestmark = pytest.mark.django_db

WHO_MAY_WHAT = """
                      nobody
                      | stranger
                      | | contributor
                      | | | contributor elsewhere
                      | | | | coordinator
                      | | | | | coordinator elsewhere
                      | | | | | | assessor
                      | | | | | | | assessor on the team
                      | | | | | | | | lead
                      | | | | | | | | | lead with a stake
                      | | | | | | | | | | MCE
                      | | | | | | | | | | | guide editor
                      | | | | | | | | | | | | panel member
                      | | | | | | | | | | | | | panel member who assessed it
                      | | | | | | | | | | | | | | panel member of the same country
                      | | | | | | | | | | | | | | | panel member who has not declared
                      | | | | | | | | | | | | | | | | superuser
round.view            . . . . . . x x x x x . x x x x .
round.open            . . . . . . . . . . x . . . . . .
evaluation.view       . . x . x . . x x . x . x x . . .
evaluation.answer     . . x . x . . . . . . . . . . . .
evaluation.assign     . . . . x . . . . . . . . . . . .
evaluation.submit     . . . . x . . . . . . . . . . . .
evaluation.run        . . . . . . . . . . x . . . . . .
evaluation.recount    . . . . . . . . . . x . . . . . .
evaluation.sign_off   . . . . . . . . x . . . . . . . .
evaluation.judge      . . . . . . . . x . x . . . . . .
evaluation.reply      . . . . . . . x x . x . . x . . .
evaluation.rehearse   . . x . x . . . . . x . . . . . .
evaluation.respond    . . . . x . . . . . . . . . . . .
evaluation.declare    . . . . . . . . . . . . x . . x .
evaluation.decide     . . . . . . . . . . . . x . . . .
evaluation.deliberate . . . . . . . . . . . . x . . . .
evaluation.publish    . . . . . . . . . . x . . . . . .
evaluation.print      . . . . . . . . . . x . . . . . .
discussion.hotline    . . x . x . . . . . . . . . . . .
discussion.review     . . x . x . . x x . x . . x . . .
visit.view            . . . . . . . x x . x . . x . . .
visit.arrange         . . . . . . . . . . x . . . . . .
visit.agree           . . . . x . . x x . x . . x . . .
visit.put_off         . . . . x . . . x . x . . . . . .
visit.declare         . . . . . . . x x . x . . x . . .
visit.step_aside      . . . . . . . x x . . . . x . . .
visit.plan            . . . . . . . x x . x . . x . . .
visit.observe         . . . . . . . x x . . . . x . . .
visit.read_questions  . . x . x . . x x . x . . x . . .
visit.sign_off        . . . . . . . . x . . . . . . . .
assessor.describe     . . . . . . . . x x x . . . . . .
recommendation.edit   . . . . . . . x x . x . . x . . .
recommendation.answer . . . . x . . . . . . . . . . . .
recommendation.work   . . x . x . . . . . . . . . . . .
recommendation.advise . . . . . . . x x . x . . x . . .
recommendation.verify . . . . . . . x x . x . . x . . .
recommendation.run    . . . . . . . . . . x . . . . . .
network.follow        . . . . . . . . . . x . . . . . .
practice.view         . . x x x x . x x . x . . x . . .
practice.write        . . . . . . . x x . x . . x . . .
practice.consent      . . . . x . . . . . . . . . . . .
practice.publish      . . . . . . . . . . x . . . . . .
practice.thank        . . . x . x . . . . . . . . . . .
practice.answer       . . x . x . . . . . . . . . . . .
practice.moderate     . . . . x . . . . . x . . . . . .
exchange.view         . . x x x x . . . . x . . . . . .
exchange.visit        . . . . x . . . . . . . . . . . .
exchange.host         . . . . . x . . . . . . . . . . .
exchange.cancel       . . . . x x . . . . x . . . . . .
exchange.offer        . . . . x . . . . . . . . . . . .
exchange.compare      . . x . x . . . . . x . . . . . .
exchange.plan         . . . . . . . . . . x . . . . . .
accreditation.view    . . x . x . . . . . x . . . . . .
accreditation.run     . . . . . . . . . . x . . . . . .
accreditation.give_up . . . . x . . . . . . . . . . . .
accreditation.restore . . . . . . . . . . . . x x . x .
withdrawal.answer     . . . . x . . . . . . . . . . . .
withdrawal.confirm    . . . . . . . . . . x . . . . . .
appeal.view           . . x . x . . . . . x . x . . . .
appeal.lodge          . . . . x . . . . . . . . . . . .
appeal.declare        . . . . . . . . . . . . x . . x .
appeal.hear           . . . . . . . . . . . . x . . . .
statistics.view       . . x . x . . . . . x . . . . . .
statistics.import     . . x . x . . . . . x . . . . . .
statistics.match      . . x . x . . . . . . . . . . . .
statistics.explain    . . x . x . . . . . . . . . . . .
statistics.confirm    . . . . x . . . . . . . . . . . .
statistics.accept     . . . . . . . . . . x . . . . . .
statistics.connect    . . . . x . . . . . x . . . . . .
statistics.compare    . . . . . . . . . . x . . . . . .
statistics.publish    . . . . . . . . . . x . . . . . .
guide.release         . . . . . . . . . . x x . . . . .
guide.edit            . . . . . . . . . . x x . . . . .
handbook.publish      . . . . . . . . . . x . . . . . .
texts.edit            . . . . . . . . . . x x . . . . .
consultation.view     . . x . x . . . . . x x . . . . .
consultation.comment  . . x . x . . . . . . . . . . . .
consultation.run      . . . . . . . . . . x x . . . . .
people.invite         . . . . . . . . . . x . . . . . .
people.propose        . . . . . . . . . . x . . . . . .
people.confirm        . . . . . . . . . . x . . . . . .
people.drop           . . . . . . . . . . x . . . . . .
stake.declare         . . . . . . x x x x x . x x x x .
hotline.view          . . x . x . . . . . x . . . . . .
outbox.view           . . . . . . . . . . x . . . . . .
"""


def invitation_to(hotline: Hotline) -> Consultation:
    """Return an open consultation to which the hotline is invited."""
    consultation = Consultation.objects.filter(hotlines=hotline).first()
    if consultation is None:
        consultation = ConsultationFactory(state=Consultation.State.OPEN)
        consultation.hotlines.add(hotline)
    return consultation


def appeal_against_others(evaluation: Evaluation) -> Appeal:
    """Return an appeal against a decision in which none of the users took part."""
    appeal = Appeal(evaluation=evaluation)
    appeal.took_part = set()
    return appeal


def things_before(evaluation: Evaluation) -> dict[str, Any]:
    """Return the objects of rights, by the first word of the right; other rights have none."""
    return {
        "round": evaluation.round,
        "evaluation": evaluation,
        "discussion": Discussion(evaluation=evaluation),
        "visit": evaluation.visit,
        "assessor": evaluation.visit.team.get(is_lead=True).user,
        "recommendation": Recommendation(evaluation=evaluation),
        "practice": GoodPractice(finding=Finding(evaluation=evaluation), state=GoodPractice.State.PUBLISHED),
        "exchange": Exchange(visitor=evaluation.hotline, host=Hotline.objects.get(country="QM")),
        "accreditation": Accreditation(hotline=evaluation.hotline),
        "withdrawal": Withdrawal(accreditation=Accreditation(hotline=evaluation.hotline), proposed_by=person()),
        "appeal": appeal_against_others(evaluation),
        "statistics": StatisticsImport(hotline=evaluation.hotline),
        "hotline": evaluation.hotline,
        "consultation": invitation_to(evaluation.hotline),
        "people": PersonChangeFactory.build(proposed_by=person()),
    }


def rights_of(name: str, scene: UsersByRelation) -> set[str]:
    things = things_before(scene.before(name))
    return {right for right in TABLE if is_allowed(right, scene.people[name], things.get(right.partition(".")[0]))}


def as_table(scene: UsersByRelation) -> str:
    rights = {name: rights_of(name, scene) for name in scene.people}
    margin = " " * 22
    heads = [f"{margin}{'| ' * place}{name}" for place, name in enumerate(scene.people)]
    rows = [f"{right:22}{' '.join('x' if right in found else '.' for found in rights.values())}" for right in TABLE]
    return "\n".join(["", *heads, *rows, ""])


@pytest.fixture
def scene():
    return create_users_by_relation()


def test_the_whole_table(scene):
    assert as_table(scene) == WHO_MAY_WHAT


IN_ANOTHER_STAGE = {
    "before the panel has it": {
        "evaluation.view       . . x . x . . x x . x . x x . . .": "evaluation.view       . . x . x . . x x . x . . x . . .",
        "evaluation.deliberate . . . . . . . . . . . . x . . . .": "evaluation.deliberate . . . . . . . . . . . . . . . . .",
    },
    "decision": {},
    "after the decision": {
        "evaluation.deliberate . . . . . . . . . . . . x . . . .": "evaluation.deliberate . . . . . . . . . . x . x . . . .",
    },
}
"""The lines that differ then."""


@pytest.mark.parametrize("state", Evaluation.State)
def test_the_stage_changes_only_what_the_panel_sees_and_what_is_seen_of_the_panel(scene, state):
    """The stage decides which moves there are; who may make them does not depend on it."""
    for evaluation in (scene.evaluation, scene.evaluation_of_the_tied):
        evaluation.__dict__["state"] = state
        evaluation.visit.__dict__["evaluation"] = evaluation
    is_after = state in ("decided", "published")
    when = state if state == "decision" else "after the decision" if is_after else "before the panel has it"
    expected = WHO_MAY_WHAT
    for line, other in IN_ANOTHER_STAGE[when].items():
        expected = expected.replace(line, other)
    assert as_table(scene) == expected


def test_a_stake_that_is_declared_is_seen_at_once(scene):
    """Stakes are read once per hotline, until another one is declared."""
    user = scene.people["panel member"]
    assert is_allowed("evaluation.decide", user, scene.evaluation)
    with CaptureQueriesContext(connection) as asked:
        assert is_allowed("evaluation.decide", user, scene.evaluation)
    assert [query["sql"] for query in asked if "stake" in query["sql"]] == []
    StakeFactory(user=user, hotline=scene.evaluation.hotline)
    assert not is_allowed("evaluation.decide", user, scene.evaluation)


def test_who_is_not_active_has_no_right(scene):
    for user in scene.people.values():
        user.is_active = False
    assert {name: rights_of(name, scene) for name in scene.people} == {name: set() for name in scene.people}


def test_nobody_at_all_has_no_right(scene):
    things = things_before(scene.evaluation)
    assert [right for right in TABLE if is_allowed(right, None, things.get(right.partition(".")[0]))] == []


def predicates() -> dict[str, library.Predicate]:
    of_the_module = {
        name: found
        for name, found in vars(permissions).items()
        if isinstance(found, library.Predicate) and not name.startswith("_")
    }
    return of_the_module | TABLE


def test_about_nothing_only_the_roles_of_the_network_answer():
    """A user with every role is checked against None."""
    everybody = person(*Role, hotline=HotlineFactory())
    yes = {name for name, predicate in predicates().items() if predicate.test(everybody, None)}
    assert yes - set(TABLE) == {"is_mce", "is_guide_editor", "is_assessor", "is_panel_member"}
    of_the_network = {right for right, predicate in TABLE.items() if predicate.test(person(Role.MCE_COORDINATOR), None)}
    assert yes & set(TABLE) == of_the_network | {"round.view"}


def test_a_predicate_asked_by_nobody_answers_no(scene):
    about = things_before(scene.evaluation).values()
    nobodies = (None, scene.people["nobody"])
    assert [n for n, predicate in predicates().items() for t in about for u in nobodies if predicate.test(u, t)] == []


def test_a_predicate_asked_by_somebody_who_left_answers_no(scene):
    everybody = person(*Role, hotline=scene.evaluation.hotline, is_active=False)
    about = things_before(scene.evaluation).values()
    assert [name for name, predicate in predicates().items() for t in about if predicate.test(everybody, t)] == []


def test_the_stages_of_a_right_are_those_at_which_the_table_gives_it(scene):
    evaluation, state = scene.evaluation, scene.evaluation.state
    mce, contributor = person(Role.MCE_COORDINATOR), person(Role.CONTRIBUTOR, hotline=scene.evaluation.hotline)
    assert permissions.stages_of("evaluation.deliberate", mce, evaluation) == ("decided", "published")
    assert permissions.stages_of("evaluation.deliberate", contributor, evaluation) == ()
    assert (evaluation.state, evaluation.__dict__["state"]) == (state, state)


def test_of_what_has_no_declarations_nobody_has_declared():
    assert not permissions.has_declared.test(person(Role.PANEL_MEMBER), HotlineFactory())


def test_an_unknown_right_is_an_error_and_not_a_no():
    with pytest.raises(KeyError, match=r"evaluation\.destroy"):
        is_allowed("evaluation.destroy", person())


def test_a_stake_closes_these_rights():
    assert {right for right in TABLE if permissions.requires_independence(right)} == {
        "evaluation.view",
        "evaluation.recount",
        "evaluation.sign_off",
        "evaluation.reply",
        "evaluation.judge",
        "evaluation.decide",
        "evaluation.declare",
        "evaluation.deliberate",
        "discussion.review",
        "visit.view",
        "visit.plan",
        "visit.observe",
        "visit.read_questions",
        "visit.agree",
        "visit.put_off",
        "visit.declare",
        "visit.step_aside",
        "visit.sign_off",
        "recommendation.edit",
        "recommendation.advise",
        "recommendation.verify",
        "practice.view",
        "practice.write",
        "appeal.view",
        "appeal.declare",
        "appeal.hear",
        "evaluation.run",
        "evaluation.publish",
        "evaluation.print",
        "visit.arrange",
        "recommendation.run",
        "practice.publish",
        "practice.moderate",
        "exchange.cancel",
        "accreditation.run",
        "accreditation.restore",
        "withdrawal.confirm",
        "statistics.import",
        "statistics.match",
        "statistics.connect",
        "statistics.accept",
    }


READS = {
    *("evaluation.view", "evaluation.rehearse", "evaluation.deliberate", "visit.view", "visit.read_questions"),
    *("practice.view", "exchange.view", "exchange.compare", "accreditation.view", "appeal.view"),
    *("statistics.view", "statistics.compare", "hotline.view"),
}
"""The rights of a coordinator that only open pages."""
OF_THE_NETWORK = {
    *("round.view", "round.open", "network.follow", "exchange.plan", "statistics.publish", "assessor.describe"),
    *("guide.release", "guide.edit", "handbook.publish", "texts.edit", "consultation.view", "consultation.run"),
    *("people.invite", "people.propose", "people.confirm", "people.drop", "stake.declare", "outbox.view"),
}
"""The rights of a coordinator that are about no hotline."""


@pytest.mark.parametrize("tie", ["stake", "country", "role of one day"])
def test_a_tie_leaves_a_coordinator_of_mce_the_right_to_read_and_no_act(scene, tie):
    hotline = scene.evaluation.hotline
    tied = person(Role.MCE_COORDINATOR, country=hotline.country if tie == "country" else "")
    if tie == "stake":
        StakeFactory(user=tied, hotline=hotline)
    if tie == "role of one day":
        today = timezone.localdate()
        MembershipFactory(user=tied, role=Role.COORDINATOR, hotline=hotline, since=today)
        end_roles(tied, Role.COORDINATOR)
    tied = type(tied).objects.get(pk=tied.pk)
    of_mce = {right for right in TABLE if "has_mce_coordinator" in permissions.holders_of(right)}
    for about in things_before(scene.evaluation).values():
        assert {right for right in of_mce if is_allowed(right, tied, about)} <= READS | OF_THE_NETWORK
    assert {right for right in of_mce if not permissions.requires_independence(right)} <= READS | OF_THE_NETWORK


def test_what_belongs_to_no_hotline_gives_nobody_a_right_over_a_hotlines_work(scene):
    round_ = scene.evaluation.round
    rights = [right for right in TABLE if right.partition(".")[0] in ("evaluation", "visit", "statistics")]
    people = [user for name, user in scene.people.items() if name != "MCE"]
    assert permissions.hotline_of(round_) is None
    assert [right for right in rights for user in people if is_allowed(right, user, round_)] == []


def test_a_right_as_the_permission_of_an_arrow_is_asked_with_its_thing(scene):
    may = permissions.may("evaluation.submit")
    asked = [may(scene.evaluation, scene.people[name]) for name in ("coordinator", "coordinator elsewhere")]
    assert (may.right, asked) == ("evaluation.submit", [True, False])


# --- Time --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [{"until": -1}, {"since": 1}], ids=["ended yesterday", "begins tomorrow"])
def test_a_membership_that_is_not_in_force_today_gives_nothing(scene, days):
    today = timezone.localdate()
    new(Membership).update(**{name: today + timedelta(days=number) for name, number in days.items()})
    fresh = UsersByRelation(
        Evaluation.objects.get(pk=scene.evaluation.pk),
        Evaluation.objects.get(pk=scene.evaluation_of_the_tied.pk),
        {name: type(user).objects.get(pk=user.pk) for name, user in scene.people.items() if user.pk},
    )
    assert {name: rights_of(name, fresh) for name in fresh.people} == {name: set() for name in fresh.people}
    assert {queries.visible_to(user).count() for user in fresh.people.values()} == {0}


@pytest.mark.parametrize("days", [{"since": 0}, {"until": 0}], ids=["begins today", "ends today"])
def test_a_membership_holds_on_its_first_and_on_its_last_day(days):
    today = timezone.localdate()
    dates = {name: today + timedelta(days=number) for name, number in days.items()}
    user = MembershipFactory(role=Role.MCE_COORDINATOR, **dates).user
    assert is_allowed("round.open", user)


# --- Independence ------------------------------------------------------------------------------------------------


def test_what_ties_a_person_to_a_hotline_is_told():
    hotline = HotlineFactory(country="XA")
    user = person(Role.ASSESSOR, country="XA")
    StakeFactory(user=user, hotline=hotline)
    MembershipFactory(user=user, role=Role.CONTRIBUTOR, hotline=hotline, operator=OperatorFactory())
    assert stakes_of(user, hotline) == ["country", "role", "declared"]
    assert stakes_of(user, HotlineFactory(country="XB")) == stakes_of(person(Role.ASSESSOR), hotline) == []
    assert stakes_of(user, None) == []


def test_who_has_worked_for_a_hotline_stays_tied_and_who_will_is_not_yet():
    hotline = HotlineFactory()
    today = timezone.localdate()
    before, later = person(Role.PANEL_MEMBER), person(Role.PANEL_MEMBER)
    day = timedelta(days=1)
    MembershipFactory(user=before, role=Role.CONTRIBUTOR, hotline=hotline, until=today - day)
    MembershipFactory(user=later, role=Role.CONTRIBUTOR, hotline=hotline, since=today + day)
    assert (stakes_of(before, hotline), stakes_of(later, hotline)) == (["role"], [])


# --- All rights in one query -------------------------------------------------------------------------------------


def assert_to_be_declared_is_what_may_be_declared(users: dict[str, Any]) -> None:
    """Assert that a member's list has the evaluations for which they may declare and have not."""
    everything = set(Evaluation.objects.filter(state__in=Evaluation.DECISION_AND_LATER))
    for name, user in users.items():
        may = {
            evaluation
            for evaluation in everything
            if is_allowed("evaluation.declare", user, evaluation) and not permissions.has_declared(user, evaluation)
        }
        assert (name, set(queries.to_be_declared_by(user))) == (name, may)


def assert_visible_is_what_may_be_viewed(users: dict[str, Any]) -> None:
    everything = set(Evaluation.objects.all())
    for name, user in users.items():
        may = {evaluation for evaluation in everything if is_allowed("evaluation.view", user, evaluation)}
        assert (name, set(queries.visible_to(user))) == (name, may)


def test_the_lists_of_what_may_be_run_and_verified_equal_asking_of_each(scene):
    everything, users = set(Evaluation.objects.all()), {n: user for n, user in scene.people.items() if user.pk}
    lists = {"evaluation.run": queries.run_by, "recommendation.verify": queries.verified_by}
    for right, list_of in lists.items():
        found = {name: set(list_of(user)) for name, user in users.items()}
        assert found == {name: {e for e in everything if is_allowed(right, users[name], e)} for name in users}, right
        assert any(found.values())
    assert {queries.run_by(user).count() for user in scene.people.values() if not user.pk} <= {0}


def test_the_list_of_what_is_visible_equals_asking_of_each(scene):
    users = {name: user for name, user in scene.people.items() if user.pk}
    assert_visible_is_what_may_be_viewed(users)
    seen = {name: queries.visible_to(users[name]) & new(Evaluation) for name in ("MCE", "panel member")}
    assert {name: rows.count() for name, rows in seen.items()} == {"MCE": 3, "panel member": 3}
    assert queries.visible_to(users["panel member of the same country"]).count() == 1


@pytest.mark.everywhere
@pytest.mark.parametrize("state", Evaluation.State)
def test_the_list_equals_asking_at_every_stage(scene, state):
    if state == Evaluation.State.SELF_ASSESSMENT:  # a hotline never has two
        newest = new(Evaluation).values("hotline").annotate(last=Max("pk")).values("last")
        Evaluation.objects.exclude(pk__in=list(newest.values_list("last", flat=True))).update(state="published")
        Evaluation.objects.filter(pk__in=list(newest.values_list("last", flat=True))).update(state=state)
    else:
        new(Evaluation).update(state=state)
    users = {name: user for name, user in scene.people.items() if user.pk}
    assert_visible_is_what_may_be_viewed(users)
    assert_to_be_declared_is_what_may_be_declared(users)


@pytest.mark.everywhere
def test_the_list_equals_asking_at_the_edges_too(scene):
    hotline, today = scene.evaluation.hotline, timezone.localdate()
    gone = person(Role.MCE_COORDINATOR, is_active=False)
    before, later = person(Role.PANEL_MEMBER), person(Role.PANEL_MEMBER)
    day = timedelta(days=1)
    MembershipFactory(user=before, role=Role.COORDINATOR, hotline=hotline, until=today - day)
    MembershipFactory(user=later, role=Role.COORDINATOR, hotline=hotline, since=today + day)
    declared, silent, hearing = (person(Role.PANEL_MEMBER) for _ in range(3))
    StakeFactory(user=declared, hotline=hotline)
    for evaluation in new(Evaluation):
        for user in (before, later, declared):
            DeclarationFactory(evaluation=evaluation, user=user)
    appeal = AppealFactory(decision=DecisionFactory(scorecard=ScorecardFactory(evaluation=scene.evaluation)))
    AppealDeclaration.objects.create(appeal=appeal, user=hearing, has_stake=False)
    users = {"gone": gone, "before": before, "later": later, "declared": declared, "silent": silent, "hearing": hearing}
    assert_visible_is_what_may_be_viewed(users)
    assert_to_be_declared_is_what_may_be_declared(users)
    seen = {name: queries.visible_to(user).count() for name, user in users.items()}
    assert seen == {"gone": 0, "before": 1, "later": 3, "declared": 1, "silent": 0, "hearing": 1}


def test_noted_declarations_are_not_asked_for_again() -> None:
    evaluation, member = evaluation_of(HotlineFactory()), person(Role.PANEL_MEMBER)
    ties.cache_declared_members(member, {evaluation.pk: True})
    with CaptureQueriesContext(connection) as asked:
        assert permissions.has_declared.test(member, evaluation)
    assert len(asked) == 0
    ties.cache_declared_members(member, {evaluation.pk: False})
    assert not permissions.has_declared.test(member, evaluation)


def test_whoever_has_no_role_of_a_right_need_not_look_for_its_objects() -> None:
    assert permissions.may_ever_have("evaluation.run", person(Role.MCE_COORDINATOR))
    assert not permissions.may_ever_have("evaluation.run", person(Role.ASSESSOR))
    assert not permissions.may_ever_have("evaluation.run", person())


def test_who_may_decide_changes_no_finding_by_a_reply_before(scene):
    """A reply can change a finding, as an assessor does; nobody both assesses a hotline and decides on it."""
    both = person(Role.MCE_COORDINATOR, Role.PANEL_MEMBER)
    assert is_allowed("evaluation.reply", scene.people["MCE"], scene.evaluation)
    assert not is_allowed("evaluation.reply", both, scene.evaluation)
    assessed = scene.people["panel member who assessed it"]
    assert is_allowed("evaluation.reply", assessed, scene.evaluation)
    assert not is_allowed("evaluation.deliberate", assessed, scene.evaluation)


def test_who_proposed_it_confirms_it_only_in_an_office_of_one(settings):
    mce = person(Role.MCE_COORDINATOR)
    withdrawal = Withdrawal(accreditation=Accreditation(hotline=HotlineFactory()), proposed_by=mce)
    change = PersonChangeFactory.build(proposed_by=mce)
    for right, thing in (("withdrawal.confirm", withdrawal), ("people.confirm", change)):
        assert not is_allowed(right, mce, thing)
        assert permissions.find_denial_reason(right, mce, thing) == "needs_another_coordinator"
    settings.OFFICE_HAS_ONE_COORDINATOR = True
    assert is_allowed("withdrawal.confirm", mce, withdrawal)
    person(Role.MCE_COORDINATOR)
    assert not is_allowed("withdrawal.confirm", User.objects.get(pk=mce.pk), withdrawal)


def test_nobody_had_a_role_without_a_user():
    assert permissions.find_ended_role("people.confirm", None, None) is None


def test_whether_the_panel_waits_for_replies_is_cached(scene):
    user = scene.people["panel member"]
    cache_waiting(user, {scene.evaluation.pk: True})
    with CaptureQueriesContext(connection) as asked:
        assert waits_for_replies(user, scene.evaluation)
    assert len(asked) == 0


def test_the_coordinators_without_a_tie_are_read_once():
    """A page of a tied coordinator names them in the reasons of several moves."""
    hotline = HotlineFactory()
    tied, free = (person(Role.MCE_COORDINATOR) for _ in range(2))
    StakeFactory(user=person(Role.MCE_COORDINATOR), hotline=hotline)
    assert untied_coordinators(tied, hotline) == [free]
    with CaptureQueriesContext(connection) as asked:
        assert untied_coordinators(tied, hotline) == [free]
    assert len(asked) == 0
