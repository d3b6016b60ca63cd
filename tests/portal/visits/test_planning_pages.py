"""Planning a visit on its pages: each side sees whose turn it is, and gets letters."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Agenda, Stake, SuggestedDates, TeamMember, User, Visit
from evaluation.visits.agendas import Session, save_agenda, write_agenda
from evaluation.visits.dates import suggest_dates
from portal.letters.models import Letter
from portal.tasks import find_tasks
from portal.visits.tasks import TASKS
from tests.bystander import new
from tests.factories import evaluation_of, visit_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db
Sign = Callable[..., Client]


@pytest.fixture
def stage() -> Stage:
    return Stage("desk_review", visit_state="proposed")


def day(stage: Stage, number: int) -> date:
    return stage.round.today + timedelta(days=number)


def url(name: str, stage: Stage, *more: Any) -> str:
    return reverse(f"workspace:{name}", args=[stage.evaluation.uid, *more])


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def written_to(template: str) -> set[User | None]:
    return {letter.to_user for letter in Letter.objects.filter(subject__contains=template).select_related("to_user")}


def suggest(client: Client, stage: Stage, **typed: Any) -> Any:
    return client.post(url("suggest_dates", stage), typed, follow=True)


# --- The days --------------------------------------------------------------------------------------------------------


def test_the_hotline_suggests_days_and_the_team_accepts_them(stage: Stage, sign_in: Sign):
    coordinator = sign_in(Client(), stage.coordinator)
    page = coordinator.get(url("visit", stage))
    assert "Nobody has suggested any days." in text(page)
    typed = {"starts_on_1": day(stage, 10).isoformat(), "starts_on_2": day(stage, 20), "ends_on_2": day(stage, 21)}
    answer = suggest(coordinator, stage, **typed, words="Not on Fridays.")
    assert "The days are suggested. The other side has a letter." in text(answer)
    assert "The team and Missing Children Europe answer the suggested days" in text(answer)
    assert f"{SuggestedDates.objects.last().uid}/accept/" not in text(answer)  # the hotline's own
    assert written_to("days are suggested") == {*stage.people.team, stage.people.mce}
    assert "Not on Fridays." in Letter.objects.filter(to_user=stage.people.lead).last().body

    lead = sign_in(Client(), stage.people.lead)
    assert "Accept suggested days, or suggest others" in text(lead.get(url("visit", stage)))
    second = SuggestedDates.objects.get(starts_on=day(stage, 20))
    answer = lead.post(url("accept_dates", stage, second.uid), follow=True)
    assert "The days are agreed on." in text(answer)
    assert new(Visit).get().agreed_days == (day(stage, 20), day(stage, 21))
    assert stage.coordinator in written_to("the days of the study visit")


def test_a_wrong_period_is_named_at_its_field_and_what_was_typed_stays(stage: Stage, sign_in: Sign):
    coordinator = sign_in(Client(), stage.coordinator)
    answer = suggest(coordinator, stage, starts_on_1="2099-03-05", ends_on_1="2099-03-01", words="Not on Fridays.")
    assert answer.status_code == 422
    assert "Period 1: last day: The last day lies before the first. Give a later one." in text(answer)
    assert "Not on Fridays." in text(answer)
    answer = suggest(coordinator, stage, ends_on_2="2099-03-01")
    assert "Period 1: first day: Give the first day of at least one period." in text(answer)
    assert "Period 2: first day: Give the first day too." in text(answer)
    answer = suggest(coordinator, stage, starts_on_1=day(stage, -3).isoformat())
    assert (answer.status_code, "which is over. Give today or a later day." in text(answer)) == (422, True)
    assert not SuggestedDates.objects.exists()


def test_days_that_were_accepted_by_somebody_else_are_refused_in_words(stage: Stage, sign_in: Sign):
    suggest_dates(stage.evaluation.visit, [(day(stage, 9), day(stage, 9))], by=stage.coordinator)
    found = SuggestedDates.objects.get()
    mce = sign_in(Client(), stage.people.mce)
    mce.post(url("accept_dates", stage, found.uid))
    again = mce.post(url("accept_dates", stage, found.uid), follow=True)
    assert (again.status_code, "This is not the stage for it" in text(again)) == (200, True)


def test_days_are_taken_back_by_the_side_that_suggested_them(stage: Stage, sign_in: Sign):
    suggest_dates(stage.evaluation.visit, [(day(stage, 9), day(stage, 9))], by=stage.coordinator)
    found = SuggestedDates.objects.get()
    coordinator = sign_in(Client(), stage.coordinator)
    assert url("take_back_dates", stage, found.uid) in text(coordinator.get(url("visit", stage)))
    refused = sign_in(Client(), stage.people.mce).post(url("take_back_dates", stage, found.uid), follow=True)
    assert "The other side suggested these days" in text(refused)
    answer = coordinator.post(url("take_back_dates", stage, found.uid), follow=True)
    assert "The days are taken back." in text(answer)
    assert "Nobody has suggested any days." in text(answer)


def test_who_has_declared_by_telephone_is_not_asked(sign_in: Sign):
    stage = Stage("desk_review")
    mce = sign_in(Client(), stage.people.mce)
    typed = {"lead": stage.people.lead.pk, "members": [stage.people.assessor.pk], "mode": "on_site"}
    mce.post(url("arrange_visit", stage), typed | {"have_declared": "on"})
    assert written_to("you are proposed") == set()
    assert written_to("a study visit is proposed") == {stage.coordinator, stage.contributor}
    mce.post(url("arrange_visit", stage), typed | {"members": [stage.people.elsewhere.pk]})
    assert written_to("you are proposed") == {stage.people.elsewhere}


def test_weekends_and_holidays_stand_beside_suggested_days(stage: Stage, sign_in: Sign):
    year = stage.round.today.year + 1
    feast = date(year, 12, 25)
    first = feast - timedelta(days=(feast.weekday() - 5) % 7 or 7)  # the Saturday before
    type(stage.hotline).objects.filter(pk=stage.hotline.pk).update(country="PT", recorded_name="Portugal")
    suggest_dates(stage.evaluation.visit, [(first, feast)], by=stage.people.mce)
    page = text(sign_in(Client(), stage.coordinator).get(url("visit", stage)))
    assert f"{feast:%A}, 25 December {year} is a public holiday: Christmas Day (Portugal)" in page
    assert f"Saturday, {first.day} {first:%B} {first.year} is a weekend" in page


def test_a_visit_is_put_off_by_the_hotline_and_everybody_hears_why(sign_in: Sign):
    stage = Stage("study_visit", visit_state="team_confirmed")
    coordinator = sign_in(Client(), stage.coordinator)
    assert "Put the visit off" in text(coordinator.get(url("visit", stage)))
    answer = coordinator.post(url("move_visit", stage, "put_off"), {"note": "A strike."}, follow=True)
    assert "Visit put off. This is recorded in the log." in text(answer)
    assert written_to("is put off") == {*stage.people.team, stage.people.mce, stage.contributor}
    assert all("A strike." in body for body in new(Letter).values_list("body", flat=True))
    assert new(Visit).get().state == "proposed"


def test_mce_moves_a_visit_with_a_reason_and_the_agenda_is_marked(sign_in: Sign):
    stage = Stage("study_visit", visit_state="team_confirmed")
    agenda = write_agenda([Session("Opening")], language="en", template="A", published_at=None, by=stage.people.lead)
    assert isinstance(save_agenda(stage.evaluation.visit, agenda, seen=0), Agenda)
    mce = sign_in(Client(), stage.people.mce)
    assert "Written for other days" not in text(mce.get(url("visit", stage)))
    typed = {"starts_on": day(stage, 9).isoformat(), "agreed_with": "Ana", "reason": ""}
    refused = mce.post(url("move_dates", stage), typed)
    assert (refused.status_code, 'value="Ana"' in text(refused)) == (422, True)
    moved = mce.post(url("move_dates", stage), typed | {"reason": "A strike."}, follow=True)
    assert "The visit is moved. The team and the hotline have a letter with the days." in text(moved)
    assert "Written for other days" in text(moved)
    assert new(Visit).get().agreed_days == (day(stage, 9), day(stage, 9))
    assert written_to("days of the study visit") == {stage.coordinator, stage.contributor}


def test_the_days_stand_in_their_fields_in_another_language(sign_in: Sign):
    stage = Stage("study_visit", visit_state="team_confirmed")
    User.objects.filter(pk=stage.people.mce.pk).update(language="pl")
    page = text(sign_in(Client(), stage.people.mce).get(url("move_dates", stage)))
    assert f'type="date" name="starts_on" value="{stage.evaluation.visit.starts_on.isoformat()}"' in page


def test_a_cancelled_visit_is_told_to_everybody_and_arranged_anew(sign_in: Sign):
    stage = Stage("study_visit", visit_state="agenda_sent")
    mce = sign_in(Client(), stage.people.mce)
    mce.post(url("move_visit", stage, "cancel"), {"note": "It closed."})
    assert written_to("is cancelled") == {*stage.people.team, stage.coordinator, stage.contributor}
    assert "The visit is cancelled." in text(mce.get(url("visit", stage)))
    assert "An agenda needs days: agree on them first." in text(mce.get(url("agenda", stage), follow=True))
    assert mce.get(url("arrange_visit", stage)).status_code == 200


# --- The team --------------------------------------------------------------------------------------------------------


def test_a_member_declares_on_a_page_of_its_own(sign_in: Sign):
    stage = Stage("study_visit", visit_state="dates_agreed")
    TeamMember.objects.filter(user=stage.people.lead).update(declared_at=None)
    lead = sign_in(Client(), stage.people.lead)
    assert "Declare whether anything ties you to this hotline" in text(lead.get(url("visit", stage)))
    assert "not declared yet" in text(sign_in(Client(), stage.coordinator).get(url("visit", stage)))
    answer = lead.post(url("declare_interests", stage), {"no_stake": "1"}, follow=True)
    assert "It is noted that you have no stake in this hotline." in text(answer)
    assert new(Visit).get().state == "team_confirmed"


def test_a_member_who_is_asked_can_declare_before_the_days_are_agreed_on(stage: Stage, sign_in: Sign):
    TeamMember.objects.filter(user=stage.people.lead).update(declared_at=None)
    asks = "Declare whether anything ties you to this hotline"
    page = text(sign_in(Client(), stage.people.lead).get(url("visit", stage)))
    assert (asks in page, "Suggest days for the study visit" in page) == (True, True)
    assert "interests" in kinds(stage.people.lead)
    for other in (stage.people.assessor, stage.people.mce):
        assert asks not in text(sign_in(Client(), other).get(url("visit", stage)))
        assert "interests" not in kinds(other)


def test_who_steps_aside_sees_the_hotline_no_more_and_mce_is_told(sign_in: Sign):
    stage = Stage("study_visit", visit_state="dates_agreed")
    client = sign_in(Client(), stage.people.assessor)
    empty = client.post(url("declare_interests", stage), {"stake": "1", "reason": " "})
    assert (empty.status_code, "Say what ties you to it." in text(empty)) == (422, True)
    answer = client.post(url("declare_interests", stage), {"stake": "1", "reason": "My aunt leads it."}, follow=True)
    assert "You have stepped aside." in text(answer)
    assert client.get(url("visit", stage)).status_code == 404
    assert (Stake.objects.get().reason, written_to("declared a stake")) == ("My aunt leads it.", {stage.people.mce})
    page = text(sign_in(Client(), stage.people.mce).get(url("visit", stage)))
    assert "Change the team of the study visit" in page
    assert "My aunt" not in page


def test_a_stake_during_the_visit_is_on_mces_list_and_leads_to_another_team(sign_in: Sign):
    stage = Stage("study_visit", visit_state="under_way")
    mce, lead = sign_in(Client(), stage.people.mce), sign_in(Client(), stage.people.lead)
    plan = {"lead": stage.people.lead.pk, "members": [stage.people.elsewhere.pk], "mode": "on_site"}
    early = mce.post(url("change_team", stage), plan)
    assert (early.status_code, "The visit has begun, and its team can go on" in text(early)) == (422, True)
    assert "Change the team" not in text(mce.get(url("visit", stage)))
    sign_in(Client(), stage.people.assessor).post(url("declare_interests", stage), {"stake": "1", "reason": "My aunt."})
    assert "visits" in kinds(stage.people.mce)
    for name in ("visit", "evaluation"):
        assert "Change the team of the study visit" in text(mce.get(url(name, stage)))
        assert "Missing Children Europe changes the team" in text(lead.get(url(name, stage)))
    mce.post(url("change_team", stage), plan)
    assert new(Visit).get().state == "dates_agreed"


def test_the_hotline_sees_who_comes_and_from_where(stage: Stage, sign_in: Sign):
    other = Stage("desk_review", stage.people, country="XB", round=stage.round)
    User.objects.filter(pk=stage.people.lead.pk).update(country="XB")
    page = text(sign_in(Client(), stage.coordinator).get(url("visit", stage)))
    assert f"lead assessor · {other.hotline.name} · no stake declared" in page


# --- Whose turn it is ------------------------------------------------------------------------------------------------


def kinds(user: User) -> set[str]:
    return {row.kind.code for row in find_tasks(User.objects.get(pk=user.pk), TASKS)}


def test_today_says_whose_turn_it_is(stage: Stage):
    visit, lead, mce = stage.evaluation.visit, stage.people.lead, stage.people.mce
    assert "days" in kinds(lead) & kinds(mce)
    suggest_dates(visit, [(day(stage, 9), day(stage, 9))], by=mce)
    assert "days" not in kinds(lead) | kinds(mce)  # the hotline answers
    suggest_dates(visit, [(day(stage, 12), day(stage, 12))], by=stage.coordinator)
    assert "days" in kinds(lead) & kinds(mce)
    new(Visit).update(state="dates_agreed")
    TeamMember.objects.filter(user=lead).update(declared_at=None)
    assert ("interests" in kinds(lead), "interests" in kinds(stage.people.assessor)) == (True, False)
    new(Visit).update(state="cancelled")
    assert "visits" in kinds(mce)
    new(Visit).update(state="team_confirmed")
    Stake.objects.create(user=stage.people.assessor, hotline=stage.hotline, reason="My aunt.")
    assert ("visits" in kinds(mce), "visits" in kinds(lead)) == (True, False)


def test_the_pages_of_today_ask_no_more_for_more_visits(stage: Stage):
    def asked() -> int:
        user = User.objects.get(pk=stage.people.mce.pk)
        with CaptureQueriesContext(connection) as queries:
            find_tasks(user, TASKS)
        return len(queries)

    suggest_dates(stage.evaluation.visit, [(day(stage, 9), day(stage, 9))], by=stage.coordinator)
    one = asked()
    for number in range(3):
        evaluation = evaluation_of(round=stage.round, state="desk_review")
        visit = visit_of(evaluation, lead=stage.people.lead, members=[stage.people.assessor], state="proposed")
        suggest_dates(visit, [(day(stage, 30 + number),) * 2], by=stage.people.mce)
    assert asked() == one


def test_the_page_of_a_visit_asks_no_more_for_more_suggestions(stage: Stage, sign_in: Sign):
    client = sign_in(Client(), stage.people.mce)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url("visit", stage))
        return len(queries)

    suggest_dates(stage.evaluation.visit, [(day(stage, 9), day(stage, 9))], by=stage.coordinator)
    asked()
    one = asked()
    suggest_dates(stage.evaluation.visit, [(day(stage, number),) * 2 for number in range(10, 15)], by=stage.coordinator)
    assert asked() == one
