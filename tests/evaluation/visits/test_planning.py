"""Arranging a visit: refused team members, permitted changes; and its moves to the end."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.models import Evaluation, Finding, Role, Step, TeamMember, Visit
from evaluation.models.reasons import Reason
from evaluation.visits.dates import find_visit_conflicts, suggest_dates
from evaluation.visits.interests import declare_interests
from evaluation.visits.planning import TeamPlan, arrange_visit, find_team_reasons, propose_visit
from evaluation.workflow import LACKS_RIGHT, Refusal, perform
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import (
    HotlineFactory,
    MembershipFactory,
    StakeFactory,
    begin_visit,
    evaluation_of,
    finish_recording,
    person,
    visit_of,
    write_answer,
)
from tests.small_edition import SMALL
from tests.stage import STATES, Stage

pytestmark = pytest.mark.django_db

FIRST = timezone.localdate() + timedelta(days=20)
LAST = FIRST + timedelta(days=2)


@pytest.fixture
def stage() -> Stage:
    stage = Stage.minimal("desk_review")
    new(Finding).delete()
    stage.visit.delete()
    stage.evaluation.refresh_from_db()
    return stage


def arrange(stage: Stage, **other) -> Visit:
    wanted = {
        "starts_on": FIRST,
        "ends_on": LAST,
        "mode": "on_site",
        "lead": stage.people.lead,
        "members": [stage.people.assessor],
        "by": stage.people.mce,
        "agreed_with": "Ana at the hotline",
    }
    return arrange_visit(stage.evaluation, **(wanted | other))


def team(visit: Visit) -> list[tuple[str, bool]]:
    return [(member.user.name, member.is_lead) for member in visit.team.all()]


def assert_refused(stage: Stage, *reasons: Reason, **other) -> None:
    def written() -> tuple:
        teams = list(new(TeamMember).order_by("pk").values_list("user", "is_lead"))
        return (teams, list(new(Visit).values_list("starts_on", "mode")), new(Finding).count())

    before = written()
    with pytest.raises(Refusal) as caught:
        arrange(stage, **other)
    assert caught.value.reasons == reasons
    assert written() == before


# --- Arranging ---------------------------------------------------------------------------------------------------


def test_a_visit_is_arranged_with_its_team_and_empty_findings(stage):
    visit = arrange(stage)
    assert (visit.state, visit.mode, visit.starts_on, visit.ends_on) == (
        "team_confirmed",
        "on_site",
        FIRST,
        LAST,
    )
    assert team(visit) == [(stage.people.lead.name, True), (stage.people.assessor.name, False)]
    assert visit.lead.user == stage.people.lead
    assert {f.code: (f.version, f.is_given) for f in stage.evaluation.findings.all()} == dict.fromkeys(
        SMALL.indicators, (0, False)
    )


def test_a_team_is_two_unless_mce_says_why(stage):
    for nothing in ("", "  "):
        assert_refused(stage, Reason("one_person_team"), members=[stage.people.lead], alone_because=nothing)
    visit = arrange(stage, members=[stage.people.lead], alone_because=" The second is ill. ")
    assert (team(visit), visit.alone_because) == ([(stage.people.lead.name, True)], "The second is ill.")
    assert new(Step).get(move="propose").words.note == f"{stage.people.lead.name}. The second is ill."
    other = Stage.minimal("desk_review", visit_state="cancelled")
    assert arrange(other, alone_because="Not needed.").alone_because == ""


def test_what_was_agreed_on_by_telephone_has_a_step_for_each_move(stage):
    arrange(stage)
    names = f"{stage.people.lead.name}, {stage.people.assessor.name}"
    assert [(s.kind, s.move, s.words.by, s.words.note) for s in new(Step).order_by("pk")] == [
        ("visit", "propose", stage.people.mce, names),
        ("visit", "agree_dates", stage.people.mce, f"{FIRST} > {LAST}: Ana at the hotline"),
        ("visit", "declare", stage.people.mce, names),
        ("visit", "confirm_team", None, ""),
    ]


def test_a_visit_does_not_begin_in_the_past(stage):
    yesterday = timezone.localdate() - timedelta(days=1)
    assert_refused(stage, Reason("visit_in_the_past", day=yesterday), starts_on=yesterday, ends_on=yesterday)
    today = timezone.localdate()
    assert arrange(stage, starts_on=today, ends_on=today).agreed_days == (today, today)


def test_nobody_is_in_two_places_on_a_day(stage):
    other = visit_of(
        evaluation_of(), lead=person(Role.ASSESSOR), members=[stage.people.assessor], starts_on=LAST, ends_on=LAST
    )
    elsewhere = Reason("member_elsewhere", names=(stage.people.assessor.name, other.evaluation.hotline.name), day=LAST)
    assert_refused(stage, elsewhere)
    for state in ("proposed", "cancelled"):
        Visit.objects.filter(pk=other.pk).update(state=state)
        assert find_visit_conflicts(stage.evaluation, [stage.people.assessor], FIRST, LAST) == []
    Visit.objects.filter(pk=other.pk).update(state="dates_agreed")
    Evaluation.objects.filter(pk=other.evaluation_id).update(state="excused")
    assert find_visit_conflicts(stage.evaluation, [stage.people.assessor], FIRST, LAST) == []
    Evaluation.objects.filter(pk=other.evaluation_id).update(state="desk_review")
    arrange(stage, ends_on=LAST - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_visits_arranged_at_once_do_not_take_somebody_twice():
    one, two = (Stage.minimal("desk_review", visit_state="cancelled") for _ in range(2))
    shared = person(Role.ASSESSOR)
    results = at_once(*(lambda at=at: arrange(at, members=[shared]) for at in (one, two)))
    lost = [result for result in results if isinstance(result, Refusal)]
    assert [[reason.code for reason in refusal.reasons] for refusal in lost] == [["member_elsewhere"]], results
    assert TeamMember.objects.filter(user=shared).count() == 1
    assert sorted(new(Visit).values_list("state", flat=True)) == ["cancelled", "team_confirmed"]


@pytest.mark.parametrize("state", ["dates_agreed", "agenda_sent", "under_way", "signed_off"])
def test_nothing_is_arranged_twice(state):
    stage = Stage.minimal("study_visit", visit_state=state)
    assert_refused(stage, Reason("wrong_state"), lead=person(Role.ASSESSOR))


@pytest.mark.parametrize("state", [state for state in STATES if state not in ("desk_review", "study_visit")])
def test_a_visit_is_arranged_in_the_desk_review_or_the_study_visit(state):
    stage = Stage.minimal(state, visit_state="cancelled")
    assert_refused(stage, Reason("wrong_state"))


def test_only_mce_arranges(stage):
    for by in (stage.people.lead, stage.coordinator, stage.people.panel, person()):
        assert_refused(stage, Reason("not_permitted"), by=by)


def test_every_reason_is_told_at_once(stage):
    tied = person(country=stage.evaluation.hotline.country)
    assert_refused(
        stage,
        Reason("team_tied_by_country", names=(tied.name,)),
        Reason("not_an_assessor", names=(tied.name,)),
        Reason("not_permitted"),
        members=[tied],
        by=stage.people.lead,
    )


# --- Proposed, and its team changed ------------------------------------------------------------------------------


def test_a_proposed_visit_has_a_team_and_no_days(stage):
    visit = propose_visit(
        stage.evaluation, lead=stage.people.lead, members=[stage.people.assessor], by=stage.people.mce
    )
    assert (visit.state, visit.agreed_days, visit.days, visit.suggested_dates.count()) == ("proposed", None, 0, 0)
    again = propose_visit(
        stage.evaluation, lead=stage.people.assessor, members=[stage.people.lead], by=stage.people.mce, mode="remote"
    )
    assert (again, again.mode) == (visit, "remote")
    assert team(again) == [(stage.people.assessor.name, True), (stage.people.lead.name, False)]
    assert new(Finding).count() == len(SMALL.indicators)
    with pytest.raises(Refusal, match="accept: dates_not_agreed"):
        perform(stage.evaluation, "accept", by=stage.people.mce)


def test_days_are_suggested_with_the_proposal(stage):
    wanted = {"lead": stage.people.lead, "members": [stage.people.assessor], "by": stage.people.mce}
    visit = propose_visit(stage.evaluation, **wanted, starts_on=FIRST, ends_on=LAST, words="After the holidays.")
    (suggested,) = visit.suggested_dates.all()
    assert (suggested.starts_on, suggested.ends_on, suggested.side, suggested.words) == (
        *(FIRST, LAST, "team"),
        "After the holidays.",
    )


def changed(stage: Stage, *members, **fields) -> Visit:
    lead, *others = members
    perform(stage.visit, "change_team", by=stage.people.mce, wanted=TeamPlan(lead, tuple(others), Visit(**fields)))
    return new(Visit).get()


@pytest.mark.parametrize("state", ["dates_agreed", "team_confirmed", "agenda_sent"])
def test_a_changed_team_is_confirmed_when_the_new_member_declares(state):
    stage = Stage.minimal("study_visit", visit_state=state)
    stand_in = person(Role.ASSESSOR)
    visit = changed(stage, stage.people.lead, stand_in, mode="remote")
    assert (visit.state, visit.mode, team(visit)) == (
        *("dates_agreed", "remote"),
        [(stage.people.lead.name, True), (stand_in.name, False)],
    )
    with pytest.raises(Refusal, match="begin_on_another_day: wrong_state"):
        begin_visit(visit, by=stage.people.lead)
    declare_interests(visit, [stand_in], by=stand_in)
    assert new(Visit).get().state == "team_confirmed"


def test_a_team_of_those_who_have_declared_is_confirmed_at_once():
    stage = Stage.minimal("study_visit", visit_state="agenda_sent")
    assert changed(stage, stage.people.assessor, stage.people.lead).state == "team_confirmed"


def test_who_is_on_another_visit_on_these_days_does_not_come_in():
    stage = Stage.minimal("study_visit", visit_state="team_confirmed")
    busy = person(Role.ASSESSOR)
    visit_of(evaluation_of(), lead=busy)
    with pytest.raises(Refusal, match="change_team: member_elsewhere"):
        changed(stage, stage.people.lead, busy)


@pytest.mark.parametrize("state", ["proposed", "dates_agreed", "team_confirmed", "agenda_sent", "under_way"])
def test_a_cancelled_visit_is_proposed_anew_and_everybody_declares_again(state):
    stage = Stage.minimal("study_visit", visit_state=state)
    if state == "proposed":
        suggest_dates(stage.visit, [(FIRST, LAST)], by=stage.coordinator)
    perform(stage.visit, "cancel", by=stage.people.mce, note="The hotline moves house.")
    assert (stage.visit.state, stage.visit.agreed_days) == ("cancelled", None)
    assert not stage.visit.suggested_dates.filter(is_open=True).exists()
    with pytest.raises(Refusal, match="accept: wrong_state"):
        perform(stage.evaluation, "accept", by=stage.people.mce)
    visit = propose_visit(
        stage.evaluation, lead=stage.people.lead, members=[stage.people.assessor], by=stage.people.mce
    )
    assert (visit.state, visit.starts_on, visit.team.filter(declared_at=None).count()) == ("proposed", None, 2)
    assert Finding.objects.filter(version__gt=0).exists()


@pytest.mark.everywhere
def test_a_visit_without_days_is_refused_by_the_database():
    Stage.minimal("study_visit", visit_state="dates_agreed")
    with pytest.raises(IntegrityError), transaction.atomic():
        new(Visit).update(starts_on=None, ends_on=None)


# --- Refused team members ----------------------------------------------------------------------------------------


def with_a_stake(how: str, stage: Stage):
    hotline = stage.evaluation.hotline
    if how == "same country":
        return person(Role.ASSESSOR, country=hotline.country)
    user = person(Role.ASSESSOR)
    if how == "declared":
        StakeFactory(user=user, hotline=hotline)
    else:
        MembershipFactory(user=user, role=Role.CONTRIBUTOR, hotline=hotline, until=date(2021, 1, 1))
    return user


@pytest.mark.parametrize("how", ["same country", "worked there once", "declared"])
@pytest.mark.parametrize("place", ["lead", "members"])
def test_who_has_a_stake_does_not_go_even_if_mce_asks(stage, how, place):
    tied = with_a_stake(how, stage)
    chosen = {"lead": tied} if place == "lead" else {"members": [stage.people.assessor, tied]}
    tie = {"same country": "country", "worked there once": "role", "declared": "declared"}[how]
    assert_refused(stage, Reason(f"team_tied_by_{tie}", names=(tied.name,)), **chosen)


def test_who_has_no_country_does_not_go_until_it_is_known(stage):
    unknown = person(Role.ASSESSOR, country="")
    assert_refused(stage, Reason("country_unknown", names=(unknown.name,)), members=[stage.people.assessor, unknown])
    unknown.country = "BE"
    unknown.save()
    arrange(stage, members=[stage.people.assessor, unknown])


@pytest.mark.parametrize("role", [Role.MCE_COORDINATOR, Role.PANEL_MEMBER, Role.GUIDE_EDITOR])
def test_who_is_no_assessor_does_not_go(stage, role):
    other = person(role)
    assert_refused(stage, Reason("not_an_assessor", names=(other.name,)), lead=other)


def test_reasons_can_be_asked_before_a_lead_is_chosen(stage):
    assert find_team_reasons(stage.evaluation, None, [stage.people.assessor]) == [Reason("no_lead")]
    assert find_team_reasons(stage.evaluation, stage.people.lead, [stage.people.assessor]) == []
    elsewhere = person(Role.ASSESSOR)
    StakeFactory(user=elsewhere, hotline=HotlineFactory())
    assert find_team_reasons(stage.evaluation, elsewhere, []) == []


def test_a_stake_declared_later_stops_the_visit_from_beginning_and_from_being_signed_off():
    stage = Stage.minimal("study_visit")
    tied = (Reason("team_tied_by_declared", names=(stage.people.assessor.name,)),)
    with transaction.atomic():
        StakeFactory(user=stage.people.assessor, hotline=stage.evaluation.hotline)
        with pytest.raises(Refusal) as begun:
            begin_visit(stage.visit, by=stage.people.lead)
        transaction.set_rollback(True)  # a declared tie is never deleted
    assert begun.value.reasons == tied
    begin_visit(stage.visit, by=stage.people.lead)
    finish_recording(stage.visit)
    StakeFactory(user=stage.people.assessor, hotline=stage.evaluation.hotline)
    with pytest.raises(Refusal) as signed:
        perform(stage.visit, "sign_off", by=stage.people.lead)
    assert signed.value.reasons == tied


# --- Further moves -----------------------------------------------------------------------------------------------


def test_signing_off_takes_the_evaluation_to_its_report():
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    step = perform(stage.visit, "sign_off", by=stage.people.lead, note="Three days, forty calls.")
    stage.evaluation.refresh_from_db()
    assert (step.move, step.words.note) == ("sign_off", "Three days, forty calls.")
    assert (stage.visit.state, stage.evaluation.state) == ("signed_off", "report")
    assert [(s.kind, s.move, s.words.by) for s in new(Step).order_by("pk")] == [
        ("visit", "sign_off", stage.people.lead),
        ("evaluation", "begin_report", stage.people.lead),
    ]


@pytest.mark.parametrize("who", ["assessor", "mce", "coordinator", "panel"])
def test_only_the_lead_signs_off(who):
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    with pytest.raises(Refusal) as caught:
        perform(stage.visit, "sign_off", by=stage.user(who))
    assert caught.value.reasons[0].code in LACKS_RIGHT


def test_what_nobody_saw_stops_the_sign_off_and_nothing_moves():
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    write_answer(stage.evaluation, "9.1.2", Finding, level=None)
    write_answer(stage.evaluation, "1.1.2", Finding, level=1, words="")
    with pytest.raises(Refusal) as caught:
        perform(stage.visit, "sign_off", by=stage.people.lead)
    assert caught.value.reasons == (
        Reason("no_finding", codes=("9.1.2",), highest_count=1),
        Reason("difference_without_words", codes=("1.1.2",)),
    )
    assert (new(Step).count(), new(Visit).get().state) == (0, "findings_entered")


def test_a_sign_off_that_cannot_begin_the_report_is_no_sign_off():
    stage = Stage.minimal("desk_review", visit_state="findings_entered")
    with pytest.raises(Refusal, match="begin_report: wrong_state"):
        perform(stage.visit, "sign_off", by=stage.people.lead)
    assert (new(Step).count(), new(Visit).get().state) == (0, "findings_entered")
