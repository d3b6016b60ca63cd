"""Arranging a visit: refused team members, permitted changes; and its moves to the end."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from evaluation.guards.reasons import Reason
from evaluation.models import Evaluation, Finding, Role, Step, TeamMember, Visit
from evaluation.visits.dates import find_visit_conflicts, suggest_dates
from evaluation.visits.interests import declare_interests
from evaluation.visits.planning import TeamPlan, arrange_visit, find_team_reasons, propose_visit
from evaluation.workflow import LACKS_RIGHT, Refusal, perform
from tests.evaluation.workflow.racing import at_once
from tests.factories import (
    HotlineFactory,
    MembershipFactory,
    StakeFactory,
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
def here() -> Stage:
    here = Stage.minimal("desk_review")
    Finding.objects.all().delete()
    here.visit.delete()
    here.evaluation.refresh_from_db()
    return here


def arrange(here: Stage, **other) -> Visit:
    wanted = {
        "starts_on": FIRST,
        "ends_on": LAST,
        "mode": "on_site",
        "lead": here.people.lead,
        "members": [here.people.assessor],
        "by": here.people.mce,
        "agreed_with": "Ana at the hotline",
    }
    return arrange_visit(here.evaluation, **(wanted | other))


def team(visit: Visit) -> list[tuple[str, bool]]:
    return [(member.user.name, member.is_lead) for member in visit.team.all()]


def assert_refused(here: Stage, *reasons: Reason, **other) -> None:
    def written() -> tuple:
        teams = list(TeamMember.objects.order_by("pk").values_list("user", "is_lead"))
        return (teams, list(Visit.objects.values_list("starts_on", "mode")), Finding.objects.count())

    before = written()
    with pytest.raises(Refusal) as caught:
        arrange(here, **other)
    assert caught.value.reasons == reasons
    assert written() == before


# --- Arranging ---------------------------------------------------------------------------------------------------


def test_a_visit_is_arranged_with_its_team_and_empty_findings(here):
    visit = arrange(here)
    assert (visit.state, visit.mode, visit.starts_on, visit.ends_on) == (
        "team_confirmed",
        "on_site",
        FIRST,
        LAST,
    )
    assert team(visit) == [(here.people.lead.name, True), (here.people.assessor.name, False)]
    assert visit.lead.user == here.people.lead
    assert {f.code: (f.version, f.is_given) for f in here.evaluation.findings.all()} == dict.fromkeys(
        SMALL.indicators, (0, False)
    )


def test_a_team_is_two_unless_mce_says_why(here):
    for nothing in ("", "  "):
        assert_refused(here, Reason("one_person_team"), members=[here.people.lead], alone_because=nothing)
    visit = arrange(here, members=[here.people.lead], alone_because=" The second is ill. ")
    assert (team(visit), visit.alone_because) == ([(here.people.lead.name, True)], "The second is ill.")
    assert Step.objects.get(move="propose").words.note == f"{here.people.lead.name}. The second is ill."
    other = Stage.minimal("desk_review", visit_state="cancelled")
    assert arrange(other, alone_because="Not needed.").alone_because == ""


def test_what_was_agreed_on_by_telephone_has_a_step_for_each_move(here):
    arrange(here)
    names = f"{here.people.lead.name}, {here.people.assessor.name}"
    assert [(s.kind, s.move, s.words.by, s.words.note) for s in Step.objects.order_by("pk")] == [
        ("visit", "propose", here.people.mce, names),
        ("visit", "agree_dates", here.people.mce, f"{FIRST} > {LAST}: Ana at the hotline"),
        ("visit", "declare", here.people.mce, names),
        ("visit", "confirm_team", None, ""),
    ]


def test_a_visit_does_not_begin_in_the_past(here):
    yesterday = timezone.localdate() - timedelta(days=1)
    assert_refused(here, Reason("visit_in_the_past", day=yesterday), starts_on=yesterday, ends_on=yesterday)
    today = timezone.localdate()
    assert arrange(here, starts_on=today, ends_on=today).agreed_days == (today, today)


def test_nobody_is_in_two_places_on_a_day(here):
    other = visit_of(
        evaluation_of(), lead=person(Role.ASSESSOR), members=[here.people.assessor], starts_on=LAST, ends_on=LAST
    )
    elsewhere = Reason("member_elsewhere", names=(here.people.assessor.name, other.evaluation.hotline.name), day=LAST)
    assert_refused(here, elsewhere)
    for state in ("proposed", "cancelled"):
        Visit.objects.filter(pk=other.pk).update(state=state)
        assert find_visit_conflicts(here.evaluation, [here.people.assessor], FIRST, LAST) == []
    Visit.objects.filter(pk=other.pk).update(state="dates_agreed")
    Evaluation.objects.filter(pk=other.evaluation_id).update(state="excused")
    assert find_visit_conflicts(here.evaluation, [here.people.assessor], FIRST, LAST) == []
    Evaluation.objects.filter(pk=other.evaluation_id).update(state="desk_review")
    arrange(here, ends_on=LAST - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_two_visits_arranged_at_once_do_not_take_somebody_twice():
    one, two = (Stage.minimal("desk_review", visit_state="cancelled") for _ in range(2))
    shared = person(Role.ASSESSOR)
    results = at_once(*(lambda at=at: arrange(at, members=[shared]) for at in (one, two)))
    lost = [result for result in results if isinstance(result, Refusal)]
    assert [[reason.code for reason in refusal.reasons] for refusal in lost] == [["member_elsewhere"]], results
    assert TeamMember.objects.filter(user=shared).count() == 1
    assert sorted(Visit.objects.values_list("state", flat=True)) == ["cancelled", "team_confirmed"]


@pytest.mark.parametrize("state", ["dates_agreed", "agenda_sent", "under_way", "signed_off"])
def test_nothing_is_arranged_twice(state):
    here = Stage.minimal("study_visit", visit_state=state)
    assert_refused(here, Reason("wrong_state"), lead=person(Role.ASSESSOR))


@pytest.mark.parametrize("state", [state for state in STATES if state not in ("desk_review", "study_visit")])
def test_a_visit_is_arranged_in_the_desk_review_or_the_study_visit(state):
    here = Stage.minimal(state, visit_state="cancelled")
    assert_refused(here, Reason("wrong_state"))


def test_only_mce_arranges(here):
    for by in (here.people.lead, here.coordinator, here.people.panel, person()):
        assert_refused(here, Reason("not_permitted"), by=by)


def test_every_reason_is_told_at_once(here):
    tied = person(country=here.evaluation.hotline.country)
    assert_refused(
        here,
        Reason("team_tied_by_country", names=(tied.name,)),
        Reason("not_an_assessor", names=(tied.name,)),
        Reason("not_permitted"),
        members=[tied],
        by=here.people.lead,
    )


# --- Proposed, and its team changed ------------------------------------------------------------------------------


def test_a_proposed_visit_has_a_team_and_no_days(here):
    visit = propose_visit(here.evaluation, lead=here.people.lead, members=[here.people.assessor], by=here.people.mce)
    assert (visit.state, visit.agreed_days, visit.days, visit.suggested_dates.count()) == ("proposed", None, 0, 0)
    again = propose_visit(
        here.evaluation, lead=here.people.assessor, members=[here.people.lead], by=here.people.mce, mode="remote"
    )
    assert (again, again.mode) == (visit, "remote")
    assert team(again) == [(here.people.assessor.name, True), (here.people.lead.name, False)]
    assert Finding.objects.count() == len(SMALL.indicators)
    with pytest.raises(Refusal, match="accept: dates_not_agreed"):
        perform(here.evaluation, "accept", by=here.people.mce)


def test_days_are_suggested_with_the_proposal(here):
    wanted = {"lead": here.people.lead, "members": [here.people.assessor], "by": here.people.mce}
    visit = propose_visit(here.evaluation, **wanted, starts_on=FIRST, ends_on=LAST, note="After the holidays.")
    (suggested,) = visit.suggested_dates.all()
    assert (suggested.starts_on, suggested.ends_on, suggested.side, suggested.words) == (
        *(FIRST, LAST, "team"),
        "After the holidays.",
    )


def changed(here: Stage, *members, **fields) -> Visit:
    lead, *others = members
    perform(here.visit, "change_team", by=here.people.mce, wanted=TeamPlan(lead, tuple(others), Visit(**fields)))
    return Visit.objects.get()


@pytest.mark.parametrize("state", ["dates_agreed", "team_confirmed", "agenda_sent"])
def test_a_changed_team_is_confirmed_when_the_new_member_declares(state):
    here = Stage.minimal("study_visit", visit_state=state)
    stand_in = person(Role.ASSESSOR)
    visit = changed(here, here.people.lead, stand_in, mode="remote")
    assert (visit.state, visit.mode, team(visit)) == (
        *("dates_agreed", "remote"),
        [(here.people.lead.name, True), (stand_in.name, False)],
    )
    with pytest.raises(Refusal, match="begin: wrong_state"):
        perform(visit, "begin", by=here.people.lead)
    declare_interests(visit, [stand_in], by=stand_in)
    assert Visit.objects.get().state == "team_confirmed"


def test_a_team_of_those_who_have_declared_is_confirmed_at_once():
    here = Stage.minimal("study_visit", visit_state="agenda_sent")
    assert changed(here, here.people.assessor, here.people.lead).state == "team_confirmed"


def test_who_is_on_another_visit_on_these_days_does_not_come_in():
    here = Stage.minimal("study_visit", visit_state="team_confirmed")
    busy = person(Role.ASSESSOR)
    visit_of(evaluation_of(), lead=busy)
    with pytest.raises(Refusal, match="change_team: member_elsewhere"):
        changed(here, here.people.lead, busy)


@pytest.mark.parametrize("state", ["proposed", "dates_agreed", "team_confirmed", "agenda_sent", "under_way"])
def test_a_cancelled_visit_is_proposed_anew_and_everybody_declares_again(state):
    here = Stage.minimal("study_visit", visit_state=state)
    if state == "proposed":
        suggest_dates(here.visit, [(FIRST, LAST)], by=here.coordinator)
    perform(here.visit, "cancel", by=here.people.mce, note="The hotline moves house.")
    assert (here.visit.state, here.visit.agreed_days) == ("cancelled", None)
    assert not here.visit.suggested_dates.filter(is_open=True).exists()
    with pytest.raises(Refusal, match="accept: wrong_state"):
        perform(here.evaluation, "accept", by=here.people.mce)
    visit = propose_visit(here.evaluation, lead=here.people.lead, members=[here.people.assessor], by=here.people.mce)
    assert (visit.state, visit.starts_on, visit.team.filter(declared_at=None).count()) == ("proposed", None, 2)
    assert Finding.objects.filter(version__gt=0).exists()


@pytest.mark.everywhere
def test_a_visit_without_days_is_refused_by_the_database():
    Stage.minimal("study_visit", visit_state="dates_agreed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.update(starts_on=None, ends_on=None)


# --- Refused team members ----------------------------------------------------------------------------------------


def with_a_stake(how: str, here: Stage):
    hotline = here.evaluation.hotline
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
def test_who_has_a_stake_does_not_go_even_if_mce_asks(here, how, place):
    tied = with_a_stake(how, here)
    chosen = {"lead": tied} if place == "lead" else {"members": [here.people.assessor, tied]}
    tie = {"same country": "country", "worked there once": "role", "declared": "declared"}[how]
    assert_refused(here, Reason(f"team_tied_by_{tie}", names=(tied.name,)), **chosen)


def test_who_has_no_country_does_not_go_until_it_is_known(here):
    unknown = person(Role.ASSESSOR, country="")
    assert_refused(here, Reason("country_unknown", names=(unknown.name,)), members=[here.people.assessor, unknown])
    unknown.country = "BE"
    unknown.save()
    arrange(here, members=[here.people.assessor, unknown])


@pytest.mark.parametrize("role", [Role.MCE_COORDINATOR, Role.PANEL_MEMBER, Role.GUIDE_EDITOR])
def test_who_is_no_assessor_does_not_go(here, role):
    other = person(role)
    assert_refused(here, Reason("not_an_assessor", names=(other.name,)), lead=other)


def test_reasons_can_be_asked_before_a_lead_is_chosen(here):
    assert find_team_reasons(here.evaluation, None, [here.people.assessor]) == [Reason("no_lead")]
    assert find_team_reasons(here.evaluation, here.people.lead, [here.people.assessor]) == []
    elsewhere = person(Role.ASSESSOR)
    StakeFactory(user=elsewhere, hotline=HotlineFactory())
    assert find_team_reasons(here.evaluation, elsewhere, []) == []


def test_a_stake_declared_later_stops_the_visit_from_beginning_and_from_being_signed_off():
    here = Stage.minimal("study_visit")
    stake = StakeFactory(user=here.people.assessor, hotline=here.evaluation.hotline)
    tied = (Reason("team_tied_by_declared", names=(here.people.assessor.name,)),)
    with pytest.raises(Refusal) as begun:
        perform(here.visit, "begin", by=here.people.lead)
    assert begun.value.reasons == tied
    stake.delete()
    perform(here.visit, "begin", by=here.people.lead)
    finish_recording(here.visit)
    StakeFactory(user=here.people.assessor, hotline=here.evaluation.hotline)
    with pytest.raises(Refusal) as signed:
        perform(here.visit, "sign_off", by=here.people.lead)
    assert signed.value.reasons == tied


# --- Further moves -----------------------------------------------------------------------------------------------


def test_signing_off_takes_the_evaluation_to_its_report():
    here = Stage.minimal("study_visit", visit_state="findings_entered")
    step = perform(here.visit, "sign_off", by=here.people.lead, note="Three days, forty calls.")
    here.evaluation.refresh_from_db()
    assert (step.move, step.words.note) == ("sign_off", "Three days, forty calls.")
    assert (here.visit.state, here.evaluation.state) == ("signed_off", "report")
    assert [(s.kind, s.move, s.words.by) for s in Step.objects.order_by("pk")] == [
        ("visit", "sign_off", here.people.lead),
        ("evaluation", "begin_report", here.people.lead),
    ]


@pytest.mark.parametrize("who", ["assessor", "mce", "coordinator", "panel"])
def test_only_the_lead_signs_off(who):
    here = Stage.minimal("study_visit", visit_state="findings_entered")
    with pytest.raises(Refusal) as caught:
        perform(here.visit, "sign_off", by=here.user(who))
    assert caught.value.reasons[0].code in LACKS_RIGHT


def test_what_nobody_saw_stops_the_sign_off_and_nothing_moves():
    here = Stage.minimal("study_visit", visit_state="findings_entered")
    write_answer(here.evaluation, "9.1.2", Finding, level=None)
    write_answer(here.evaluation, "1.1.2", Finding, level=1, words="")
    with pytest.raises(Refusal) as caught:
        perform(here.visit, "sign_off", by=here.people.lead)
    assert caught.value.reasons == (
        Reason("no_finding", codes=("9.1.2",), highest_obligation=1),
        Reason("difference_without_words", codes=("1.1.2",)),
    )
    assert (Step.objects.count(), Visit.objects.get().state) == (0, "findings_entered")


def test_a_sign_off_that_cannot_begin_the_report_is_no_sign_off():
    here = Stage.minimal("desk_review", visit_state="findings_entered")
    with pytest.raises(Refusal, match="begin_report: wrong_state"):
        perform(here.visit, "sign_off", by=here.people.lead)
    assert (Step.objects.count(), Visit.objects.get().state) == (0, "findings_entered")
