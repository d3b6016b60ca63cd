"""The interests of a team: declared by each member for this visit; a stake stops the visit."""

import pytest

from evaluation.models import Observation, Role, Stake, Step, TeamMember, User, Visit
from evaluation.models.reasons import Reason
from evaluation.visits.interests import declare_interests, step_aside
from evaluation.visits.planning import TeamPlan
from evaluation.visits.turns import find_turn
from evaluation.workflow import Refusal, perform, possible_moves
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import begin_visit, end_roles, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def undeclared(state: str = "dates_agreed") -> Stage:
    stage = Stage.minimal("study_visit", visit_state=state)
    new(TeamMember).update(declared_at=None)
    return stage


def reasons_of(act) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.reasons


def test_the_last_declaration_confirms_the_team():
    stage = undeclared()
    for member in stage.people.team:
        assert stage.visit.state == "dates_agreed"
        declare_interests(stage.visit, [member], by=member)
    assert stage.visit.state == "team_confirmed"
    moves = [(step.move, step.words.by) for step in new(Step).order_by("seq")]
    assert moves == [*(("declare", member) for member in stage.people.team), ("confirm_team", None)]


def test_what_is_declared_before_the_days_are_agreed_on_counts():
    stage = undeclared("proposed")
    for member in stage.people.team:
        declare_interests(stage.visit, [member], by=member)
    assert stage.visit.state == "proposed"


def test_who_declares_twice_has_declared_once():
    stage = undeclared()
    lead = stage.people.lead
    declare_interests(stage.visit, [lead], by=lead)
    first = TeamMember.objects.get(user=lead).declared_at
    declare_interests(stage.visit, [lead], by=lead)
    assert TeamMember.objects.get(user=lead).declared_at == first


def test_nobody_declares_for_a_colleague_but_mce_notes_what_it_was_told():
    stage = undeclared()
    colleague = stage.people.assessor
    reasons = reasons_of(lambda: declare_interests(stage.visit, [colleague], by=stage.people.lead))
    assert reasons == (Reason("not_permitted"),)
    declare_interests(stage.visit, stage.people.team, by=stage.people.mce)
    assert stage.visit.state == "team_confirmed"


@pytest.mark.parametrize("who", ["coordinator", "panel", "elsewhere"])
def test_who_is_not_on_the_team_declares_nothing(who):
    stage = undeclared()
    user = stage.people.elsewhere if who == "elsewhere" else stage.user(who)
    assert reasons_of(lambda: declare_interests(stage.visit, [user], by=user)) == (Reason("not_permitted"),)
    assert reasons_of(lambda: step_aside(stage.visit, "My aunt.", by=user)) == (Reason("not_permitted"),)
    not_on_it = Reason("not_on_the_team", names=(user.name,))
    assert reasons_of(lambda: declare_interests(stage.visit, [user], by=stage.people.mce)) == (not_on_it,)


def test_who_has_no_country_cannot_declare_to_have_no_stake():
    stage = undeclared()
    User.objects.filter(pk=stage.people.assessor.pk).update(country="")
    by = User.objects.get(pk=stage.people.assessor.pk)
    unknown = Reason("country_unknown", names=(by.name,))
    assert reasons_of(lambda: declare_interests(stage.visit, [by], by=by)) == (unknown,)


@pytest.mark.parametrize("state", [*Visit.BEFORE_IT_BEGINS, "under_way"])
def test_a_stake_is_kept_and_stops_every_further_move_until_the_team_changes(state):
    stage = Stage.minimal("study_visit", visit_state=state)
    aside, lead = stage.people.assessor, stage.people.lead
    step = step_aside(stage.visit, " I advised them. ", by=aside)
    assert (Stake.objects.get().reason, step.words.note) == ("I advised them.", "")  # the hotline reads the log
    assert stage.visit.state == state
    tied = (Reason("team_tied_by_declared", names=(aside.name,)),)
    for name in ("begin", "sign_off"):
        if name in possible_moves(stage.visit, lead):
            assert reasons_of(lambda name=name: perform(stage.visit, name, by=lead)) == tied
    assert reasons_of(lambda: declare_interests(stage.visit, [aside], by=aside)) == (Reason("has_a_stake"),)
    if state in Visit.WITH_DAYS:
        plan = TeamPlan(lead, (person(Role.ASSESSOR),))
        perform(stage.visit, "change_team", by=stage.people.mce, wanted=plan)
        assert stage.visit.state == "dates_agreed"


@pytest.mark.parametrize("state", Visit.HELD)
def test_a_stake_during_the_visit_leaves_a_way_on(state):
    """The team is changed and begins again; the observations of the others remain theirs."""
    stage = Stage.minimal("study_visit", visit_state=state, has_findings=False)
    lead, aside, other = stage.people.lead, stage.people.assessor, person(Role.ASSESSOR)
    seen = Observation.objects.create(visit=stage.visit, by=lead, code="1.1.2", level=2)
    plan = TeamPlan(lead, (other,))
    assert reasons_of(lambda: perform(stage.visit, "change_team", by=stage.people.mce, wanted=plan)) == (
        Reason("team_can_go_on"),
    )
    step_aside(stage.visit, "My aunt.", by=aside)
    turn = find_turn(new(Visit).get())
    assert turn is not None
    assert (turn.code, turn.is_of(stage.people.mce, stage.visit), turn.is_of(lead, stage.visit)) == (
        *("change_team", True, False),
    )
    perform(stage.visit, "change_team", by=stage.people.mce, wanted=plan)
    assert stage.visit.state == "dates_agreed"
    declare_interests(stage.visit, [other], by=other)
    begin_visit(stage.visit, by=lead)
    assert list(Observation.objects.filter(by=lead)) == [seen]
    assert find_turn(new(Visit).get()) is None
    for user in (lead, other):
        perform(stage.visit, "finish_recording", by=user)
    assert stage.visit.state == "findings_entered"


def test_a_seat_of_somebody_who_is_no_assessor_any_more_is_given_away_during_the_visit():
    stage = Stage.minimal("study_visit", visit_state="under_way", has_findings=False)
    end_roles(stage.people.assessor)
    plan = TeamPlan(stage.people.lead, (stage.people.judge,))
    perform(stage.visit, "change_team", by=stage.people.mce, wanted=plan)
    assert stage.visit.state == "team_confirmed"  # both have declared before


def test_a_stake_needs_words():
    stage = undeclared()
    assert reasons_of(lambda: step_aside(stage.visit, "  ", by=stage.people.lead)) == (Reason("no_words"),)
    assert not Stake.objects.exists()


def test_a_declared_team_with_a_stake_is_not_confirmed():
    stage = undeclared()
    *others, last = stage.people.team
    for member in others:
        declare_interests(stage.visit, [member], by=member)
    Stake.objects.create(user=others[0], hotline=stage.evaluation.hotline, reason="My aunt.")
    declare_interests(stage.visit, [last], by=last)
    assert stage.visit.state == "dates_agreed"


@pytest.mark.django_db(transaction=True)
def test_a_stake_declared_while_the_team_is_confirmed_is_never_overlooked():
    stage = undeclared()
    first, second, third = stage.people.team
    for member in (first, second):
        declare_interests(stage.visit, [member], by=member)

    def fresh(user: User) -> User:
        return User.objects.get(pk=user.pk)

    aside, declared = at_once(
        lambda: step_aside(new(Visit).get(), "I advised them.", by=fresh(first)),
        lambda: declare_interests(new(Visit).get(), [third], by=fresh(third)),
    )
    assert (isinstance(aside, Step), isinstance(declared, Step)) == (True, True)
    visit = new(Visit).get()
    confirmed_first = Step.objects.filter(move="confirm_team").exists()
    assert visit.state == ("team_confirmed" if confirmed_first else "dates_agreed")
    with pytest.raises(Refusal, match=r"begin_on_another_day: (team_tied_by_declared|wrong_state)"):
        begin_visit(visit, by=fresh(second))
