"""The interests of a team: declared by each member for this visit; a stake stops the visit."""

import pytest

from evaluation.guards.reasons import Reason
from evaluation.models import Observation, Role, Stake, Step, TeamMember, User, Visit
from evaluation.visits.interests import declare_interests, step_aside
from evaluation.visits.planning import TeamPlan
from evaluation.visits.turns import find_turns
from evaluation.workflow import Refusal, perform, possible_moves
from tests.evaluation.workflow.racing import at_once
from tests.factories import person
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def undeclared(state: str = "dates_agreed") -> Stage:
    here = Stage.minimal("study_visit", visit_state=state)
    TeamMember.objects.update(declared_at=None)
    return here


def reasons_of(act) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.reasons


def test_the_last_declaration_confirms_the_team():
    here = undeclared()
    for member in here.people.team:
        assert here.visit.state == "dates_agreed"
        declare_interests(here.visit, [member], by=member)
    assert here.visit.state == "team_confirmed"
    moves = [(step.move, step.words.by) for step in Step.objects.order_by("seq")]
    assert moves == [*(("declare", member) for member in here.people.team), ("confirm_team", None)]


def test_what_is_declared_before_the_days_are_agreed_on_counts():
    here = undeclared("proposed")
    for member in here.people.team:
        declare_interests(here.visit, [member], by=member)
    assert here.visit.state == "proposed"


def test_who_declares_twice_has_declared_once():
    here = undeclared()
    lead = here.people.lead
    declare_interests(here.visit, [lead], by=lead)
    first = TeamMember.objects.get(user=lead).declared_at
    declare_interests(here.visit, [lead], by=lead)
    assert TeamMember.objects.get(user=lead).declared_at == first


def test_nobody_declares_for_a_colleague_but_mce_notes_what_it_was_told():
    here = undeclared()
    colleague = here.people.assessor
    reasons = reasons_of(lambda: declare_interests(here.visit, [colleague], by=here.people.lead))
    assert reasons == (Reason("not_permitted"),)
    declare_interests(here.visit, here.people.team, by=here.people.mce)
    assert here.visit.state == "team_confirmed"


@pytest.mark.parametrize("who", ["coordinator", "panel", "elsewhere"])
def test_who_is_not_on_the_team_declares_nothing(who):
    here = undeclared()
    user = here.people.elsewhere if who == "elsewhere" else here.user(who)
    assert reasons_of(lambda: declare_interests(here.visit, [user], by=user)) == (Reason("not_permitted"),)
    assert reasons_of(lambda: step_aside(here.visit, "My aunt.", by=user)) == (Reason("not_permitted"),)
    not_on_it = Reason("not_on_the_team", names=(user.name,))
    assert reasons_of(lambda: declare_interests(here.visit, [user], by=here.people.mce)) == (not_on_it,)


def test_who_has_no_country_cannot_declare_to_have_no_stake():
    here = undeclared()
    User.objects.filter(pk=here.people.assessor.pk).update(country="")
    by = User.objects.get(pk=here.people.assessor.pk)
    unknown = Reason("country_unknown", names=(by.name,))
    assert reasons_of(lambda: declare_interests(here.visit, [by], by=by)) == (unknown,)


@pytest.mark.parametrize("state", [*Visit.BEFORE_IT_BEGINS, "under_way"])
def test_a_stake_is_kept_and_stops_every_further_move_until_the_team_changes(state):
    here = Stage.minimal("study_visit", visit_state=state)
    aside, lead = here.people.assessor, here.people.lead
    step = step_aside(here.visit, " I advised them. ", by=aside)
    assert (Stake.objects.get().reason, step.words.note) == ("I advised them.", "")  # the hotline reads the log
    assert here.visit.state == state
    tied = (Reason("team_tied_by_declared", names=(aside.name,)),)
    for name in ("begin", "sign_off"):
        if name in possible_moves(here.visit, lead):
            assert reasons_of(lambda name=name: perform(here.visit, name, by=lead)) == tied
    assert reasons_of(lambda: declare_interests(here.visit, [aside], by=aside)) == (Reason("has_a_stake"),)
    if state in Visit.WITH_DAYS:
        plan = TeamPlan(lead, (person(Role.ASSESSOR),))
        perform(here.visit, "change_team", by=here.people.mce, wanted=plan)
        assert here.visit.state == "dates_agreed"


@pytest.mark.parametrize("state", Visit.HELD)
def test_a_stake_during_the_visit_leaves_a_way_on(state):
    """The team is changed and begins again; the observations of the others remain theirs."""
    here = Stage.minimal("study_visit", visit_state=state, has_findings=False)
    lead, aside, other = here.people.lead, here.people.assessor, person(Role.ASSESSOR)
    seen = Observation.objects.create(visit=here.visit, by=lead, code="1.1.2", level=2)
    plan = TeamPlan(lead, (other,))
    assert reasons_of(lambda: perform(here.visit, "change_team", by=here.people.mce, wanted=plan)) == (
        Reason("team_can_go_on"),
    )
    step_aside(here.visit, "My aunt.", by=aside)
    turn = find_turns([Visit.objects.get()], {})[here.visit.pk]
    assert (turn.code, turn.is_of(here.people.mce, here.visit), turn.is_of(lead, here.visit)) == (
        *("change_team", True, False),
    )
    perform(here.visit, "change_team", by=here.people.mce, wanted=plan)
    assert here.visit.state == "dates_agreed"
    declare_interests(here.visit, [other], by=other)
    perform(here.visit, "begin", by=lead)
    assert list(Observation.objects.filter(by=lead)) == [seen]
    assert find_turns([Visit.objects.get()], {}) == {}
    for user in (lead, other):
        perform(here.visit, "finish_recording", by=user)
    assert here.visit.state == "findings_entered"


def test_a_seat_of_somebody_who_is_no_assessor_any_more_is_given_away_during_the_visit():
    here = Stage.minimal("study_visit", visit_state="under_way", has_findings=False)
    here.people.assessor.memberships.all().delete()
    plan = TeamPlan(here.people.lead, (here.people.judge,))
    perform(here.visit, "change_team", by=here.people.mce, wanted=plan)
    assert here.visit.state == "team_confirmed"  # both have declared before


def test_a_stake_needs_words():
    here = undeclared()
    assert reasons_of(lambda: step_aside(here.visit, "  ", by=here.people.lead)) == (Reason("no_words"),)
    assert not Stake.objects.exists()


def test_a_declared_team_with_a_stake_is_not_confirmed():
    here = undeclared()
    *others, last = here.people.team
    for member in others:
        declare_interests(here.visit, [member], by=member)
    Stake.objects.create(user=others[0], hotline=here.evaluation.hotline, reason="My aunt.")
    declare_interests(here.visit, [last], by=last)
    assert here.visit.state == "dates_agreed"


@pytest.mark.django_db(transaction=True)
def test_a_stake_declared_while_the_team_is_confirmed_is_never_overlooked():
    here = undeclared()
    first, second, third = here.people.team
    for member in (first, second):
        declare_interests(here.visit, [member], by=member)

    def fresh(user: User) -> User:
        return User.objects.get(pk=user.pk)

    aside, declared = at_once(
        lambda: step_aside(Visit.objects.get(), "I advised them.", by=fresh(first)),
        lambda: declare_interests(Visit.objects.get(), [third], by=fresh(third)),
    )
    assert (isinstance(aside, Step), isinstance(declared, Step)) == (True, True)
    visit = Visit.objects.get()
    confirmed_first = Step.objects.filter(move="confirm_team").exists()
    assert visit.state == ("team_confirmed" if confirmed_first else "dates_agreed")
    with pytest.raises(Refusal, match=r"begin: (team_tied_by_declared|wrong_state)"):
        perform(visit, "begin", by=fresh(second))
