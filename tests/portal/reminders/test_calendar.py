"""The calendar: expired objects end, people are notified of each date, and no letter is sent twice."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.accreditation.status import status_on
from evaluation.due_dates import find_due
from evaluation.models import Accreditation, Evaluation, Recommendation, Reminder, StatisticsImport, Step, User
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, perform, possible_moves
from portal.home.today import TASKS
from portal.letters.models import Letter
from portal.operations.models import CalendarRun
from portal.reminders.calendar import ImplausibleClock, keep_dates
from portal.tasks import find_tasks
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import SIGNED, DecisionFactory, PublicationFactory, RecommendationFactory, write_answer
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


def published(*, decided_on: date, valid_until: date) -> Stage:
    stage = Stage.minimal("decision")
    decision = DecisionFactory(
        scorecard=stage.scorecard, decided_on=decided_on, valid_until=valid_until, decided_by=stage.people.panel
    )
    PublicationFactory(decision=decision)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="published")
    stage.evaluation.refresh_from_db()
    return stage


def run_calendar(day: date) -> list[tuple[str, date]]:
    return [(due.about.value, due.due_on) for due in keep_dates(day)]


def test_everybody_is_reminded_nine_months_before_the_end_and_once():
    stage = published(decided_on=date(2026, 1, 31), valid_until=date(2027, 1, 31))
    assert run_calendar(date(2026, 4, 29)) == []
    assert run_calendar(date(2026, 4, 30)) == [("ends", date(2027, 1, 31))]
    assert run_calendar(date(2026, 4, 30)) == run_calendar(date(2026, 9, 1)) == []
    letters = new(Letter).values_list("to_user", "subject")
    subject = f"{stage.evaluation.hotline}: the accreditation ends on 31 January 2027"
    assert sorted(letters) == sorted([(stage.coordinator.pk, subject), (stage.people.mce.pk, subject)])


def test_what_is_over_ends_and_everybody_is_told():
    stage = published(decided_on=date(2025, 2, 28), valid_until=date(2028, 2, 29))
    assert "ended" not in [due.about.value for due in find_due(date(2028, 2, 29))]
    run_calendar(date(2028, 2, 29))
    new(Letter).delete()
    assert new(Accreditation).get().state == "valid"
    assert run_calendar(date(2028, 3, 1)) == [("ended", date(2028, 2, 29))]
    accreditation = new(Accreditation).get()
    assert (accreditation.state, new(Letter).count()) == ("expired", 2)
    assert Step.objects.get(uid=accreditation.uid).words.by is None
    assert run_calendar(date(2028, 3, 1)) == run_calendar(date(2029, 3, 1)) == []
    assert stage.evaluation.hotline.accreditations.get() == accreditation


def test_the_midterm_check_is_announced_until_it_is_made(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 5, 12, tzinfo=UTC))
    stage = published(decided_on=date(2025, 3, 31), valid_until=date(2028, 3, 31))
    assert run_calendar(date(2026, 9, 29)) == []
    assert run_calendar(date(2026, 9, 30)) == [("midterm", date(2026, 9, 30))]
    other = published(decided_on=date(2025, 3, 31), valid_until=date(2028, 3, 31))
    checked = Accreditation.objects.get(hotline=other.evaluation.hotline)
    perform(checked, "check_midterm", by=stage.people.mce, note="All under way.")
    assert run_calendar(date(2026, 10, 6)) == []


def test_a_short_accreditation_has_no_midterm():
    published(decided_on=date(2026, 1, 31), valid_until=date(2027, 1, 31))
    run_calendar(date(2026, 4, 30))
    assert run_calendar(date(2027, 1, 31)) == []


def test_the_end_of_a_deferral_is_told_until_it_is_taken_up_again():
    stage, again = Stage.minimal("decision"), Stage.minimal("decision")
    for each in (stage, again):
        DecisionFactory(scorecard=each.scorecard, outcome="deferred", valid_until=None, hand_in_by=date(2026, 11, 4))
        Evaluation.objects.filter(pk=each.evaluation.pk).update(state="decided")
    Evaluation.objects.filter(pk=again.evaluation.pk).update(state="self_assessment")
    assert run_calendar(date(2026, 11, 4)) == []
    assert run_calendar(date(2026, 11, 5)) == [("deferral", date(2026, 11, 4))]
    assert run_calendar(date(2026, 11, 5)) == []


def test_an_overdue_response_is_told_once_for_each_time_it_is_asked():
    stage = Stage.minimal("response")
    asked = stage.evaluation.respond_by
    assert run_calendar(asked) == []
    assert run_calendar(asked + timedelta(days=1)) == [("response", asked)]
    assert run_calendar(asked + timedelta(days=2)) == []
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(respond_by=asked + timedelta(days=30))
    assert run_calendar(asked + timedelta(days=31)) == [("response", asked + timedelta(days=30))]


def test_a_day_ends_where_the_round_keeps_its_deadlines(monkeypatch):
    published(decided_on=date(2024, 5, 4), valid_until=date(2027, 5, 4))
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 5, 4, 21, 59, tzinfo=UTC))
    assert "ended" not in [due.about.value for due in keep_dates(clock_is_right=True)]
    monkeypatch.setattr(timezone, "now", lambda: datetime(2027, 5, 4, 22, 0, tzinfo=UTC))
    assert [due.about.value for due in keep_dates(clock_is_right=True)] == ["ended"]


@pytest.mark.django_db(transaction=True)
def test_two_who_keep_the_calendar_at_once_write_one_letter_to_each():
    published(decided_on=date(2024, 5, 4), valid_until=date(2026, 5, 4))
    results = at_once(*(lambda: keep_dates(date(2026, 5, 5)) for _ in range(2)))
    assert not [result for result in results if isinstance(result, Exception)], results
    assert (Reminder.objects.count(), new(Letter).count()) == (1, 2)
    assert Step.objects.filter(move="expire").count() == 1


def test_the_command_keeps_the_dates_of_a_day_and_says_which(capsys):
    stage = published(decided_on=date(2024, 5, 4), valid_until=date(2026, 5, 4))
    call_command("keep_dates", on="2026-05-05")
    assert capsys.readouterr().out == (
        f"{stage.evaluation.hotline.country}: the accreditation has ended, 2026-05-04\n1 date kept.\n"
    )
    call_command("keep_dates", on="2026-05-05")
    assert capsys.readouterr().out == ""


def test_the_command_refuses_what_is_no_day_and_what_is_to_come():
    day = timezone.localdate() + timedelta(days=1)
    for wrong, words in (("soon", "soon is not a day"), (day.isoformat(), "is to come")):
        with pytest.raises(CommandError, match=words):
            call_command("keep_dates", on=wrong)


def set_clock(monkeypatch: pytest.MonkeyPatch, year: int) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(year, 6, 1, 9, tzinfo=UTC))


def test_a_clock_that_is_years_ahead_ends_nothing(monkeypatch):
    published(decided_on=date(2026, 5, 4), valid_until=date(2029, 5, 4))
    keep_dates()
    set_clock(monkeypatch, timezone.localdate().year + 4)
    with pytest.raises(
        CommandError, match=r"Look at the clock\. If it is right, run `keep_dates --clock-is-right` once"
    ):
        call_command("keep_dates")
    assert (new(Accreditation).get().state, Reminder.objects.count()) == ("valid", 0)


def test_before_the_calendar_was_ever_kept_the_steps_tell_the_day(monkeypatch):
    stage = published(decided_on=date(2026, 5, 4), valid_until=date(2029, 5, 4))
    perform(new(Accreditation).get(), "suspend", by=stage.people.mce, note="It does not answer at night.")
    set_clock(monkeypatch, timezone.localdate().year + 4)
    with pytest.raises(ImplausibleClock):
        keep_dates()


def test_a_clock_that_went_back_is_noticed(monkeypatch):
    keep_dates()
    set_clock(monkeypatch, 2019)
    with pytest.raises(ImplausibleClock):
        keep_dates()


def test_an_expiry_by_error_is_taken_back_and_the_true_end_still_comes(monkeypatch):
    stage = published(decided_on=date(2026, 5, 4), valid_until=date(2029, 5, 4))
    with monkeypatch.context() as wrong:
        set_clock(wrong, 2030)
        keep_dates(clock_is_right=True)
    accreditation = new(Accreditation).get()
    assert (accreditation.state, status_on(stage.evaluation.hotline, timezone.localdate()).kind) == (
        "expired", "accredited",
    )  # fmt: skip
    with pytest.raises(Refusal):
        perform(accreditation, "take_back_expiry", by=stage.people.mce)  # without a reason
    with pytest.raises(Refusal) as refused:
        perform(accreditation, "take_back_expiry_suspended", by=stage.people.mce, note="It was not suspended.")
    assert refused.value.reasons == (Reason("expired_valid"),)
    assert {name for name in possible_moves(accreditation, stage.people.mce) if "expiry" in name} == {
        "take_back_expiry"
    }
    perform(
        accreditation, "take_back_expiry", by=stage.people.mce, note="The clock of the server was four years ahead."
    )
    assert new(Accreditation).get().state == "valid"
    assert run_calendar(date(2029, 5, 5)) == [("ended", date(2029, 5, 4))]
    assert new(Accreditation).get().state == "expired"


def test_what_was_suspended_is_suspended_again(monkeypatch):
    stage = published(decided_on=date(2026, 5, 4), valid_until=date(2029, 5, 4))
    accreditation = new(Accreditation).get()
    perform(accreditation, "suspend", by=stage.people.mce, note="It does not answer at night.")
    with monkeypatch.context() as wrong:
        set_clock(wrong, 2030)
        keep_dates(clock_is_right=True)
    accreditation.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        perform(accreditation, "take_back_expiry", by=stage.people.mce, note="The clock was wrong.")
    assert refused.value.reasons == (Reason("expired_suspended"),)
    offered = {name for name in possible_moves(accreditation, stage.people.mce) if "expiry" in name}
    assert offered == {"take_back_expiry_suspended"}
    perform(accreditation, "take_back_expiry_suspended", by=stage.people.mce, note="The clock was wrong.")
    assert (accreditation.state, status_on(stage.evaluation.hotline, timezone.localdate()).kind) == (
        "suspended", "suspended",
    )  # fmt: skip


def test_a_true_end_is_not_taken_back():
    stage = published(decided_on=date(2024, 5, 4), valid_until=date(2026, 5, 4))
    run_calendar(date(2026, 5, 5))
    with pytest.raises(Refusal):
        perform(new(Accreditation).get(), "take_back_expiry", by=stage.people.mce, note="We would like to go on.")


def test_a_calendar_that_broke_off_does_not_count_as_kept(monkeypatch):
    def breaks(_day: date | None) -> None:
        raise ValueError("ours")

    with monkeypatch.context() as patched:
        patched.setattr("portal.reminders.calendar.find_due", breaks)
        with pytest.raises(ValueError, match="ours"):
            keep_dates()
    assert not CalendarRun.objects.exists()
    keep_dates()
    assert CalendarRun.objects.exists()


# --- The last day of the self-assessment ------------------------------------------------------------------------------


LAST = date(2026, 6, 30)


@pytest.fixture
def open_one() -> Stage:
    """Return a self-assessment that was opened long before its last day."""
    stage = Stage.minimal("self_assessment")
    type(stage.round).objects.filter(pk=stage.round.pk).update(answers_until=LAST)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(opened_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
    return stage


def test_the_hotline_is_reminded_30_14_and_3_days_before_and_once_each(open_one: Stage):
    assert run_calendar(date(2026, 5, 30)) == []
    assert run_calendar(date(2026, 5, 31)) == [("submit_30", LAST)]
    assert run_calendar(date(2026, 6, 15)) == []
    assert run_calendar(date(2026, 6, 16)) == [("submit_14", LAST)]
    assert run_calendar(date(2026, 6, 27)) == [("submit_3", LAST)]
    assert run_calendar(date(2026, 6, 27)) == run_calendar(LAST) == []
    subjects = new(Letter).values_list("to_user", "subject")
    text = f"{open_one.round.name}: %s days are left for the self-assessment, until 30 June 2026"
    assert list(subjects) == [(open_one.coordinator.pk, text % days) for days in (3, 14, 30)]


def test_a_reminder_says_what_is_open_and_nothing_if_nothing_is(open_one: Stage):
    run_calendar(date(2026, 5, 31))
    assert "Still open" not in new(Letter).get().body
    write_answer(open_one.evaluation, "1.1.2", level=None)
    new(StatisticsImport).update(state=StatisticsImport.State.WITHDRAWN)
    run_calendar(date(2026, 6, 16))
    body = new(Letter).order_by("-pk")[0].body
    listed = [line for line in body.splitlines() if line.startswith("- ")]
    assert listed == ["- 1 indicator has no answer", "- 1 indicator is filled from figures and has none"]
    assert "Still open:\n- 1 indicator" in body


def test_mce_is_told_the_day_after_that_a_hotline_has_not_submitted(open_one: Stage):
    run_calendar(LAST)
    new(Letter).delete()
    assert run_calendar(LAST + timedelta(days=1)) == [("slipped", LAST)]
    assert run_calendar(LAST + timedelta(days=2)) == []
    assert list(new(Letter).values_list("to_user", "subject")) == [
        (open_one.people.mce.pk, f"{open_one.evaluation.hotline.name} has not submitted its self-assessment")
    ]


def test_what_a_wrong_clock_told_too_early_is_told_again_when_it_is_true(open_one: Stage, monkeypatch):
    def at(day: date) -> list[str]:
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda: datetime.combine(day, time(9), UTC))
            return [due.about for due in keep_dates(clock_is_right=True)]

    assert at(date(2026, 7, 5)) == ["slipped"], "the clock is weeks ahead"
    assert at(date(2026, 6, 16)) == ["submit_14"]
    assert at(LAST) == ["submit_3"]
    assert at(LAST + timedelta(days=1)) == ["slipped"]
    assert at(LAST + timedelta(days=2)) == at(date(2026, 7, 5)) == at(date(2026, 7, 6)) == []
    assert Letter.objects.filter(to_user=open_one.people.mce).count() == 2


def test_a_silent_hotline_is_reminded_as_long_as_it_is_late_and_mce_is_told_from_the_second_time_on(open_one: Stage):
    run_calendar(LAST + timedelta(days=1))
    days = [day for day in range(2, 80) if run_calendar(LAST + timedelta(days=day)) != []]
    assert days == [7, 21, 49, 77]
    late = list(Letter.objects.filter(to_user=open_one.coordinator).values_list("subject", flat=True))
    assert late == [f"{open_one.round.name}: your self-assessment has not come yet"] * 4
    slipped = Letter.objects.filter(to_user=open_one.people.mce)
    assert {one.subject for one in slipped} == {
        f"{open_one.evaluation.hotline.name} has not submitted its self-assessment"
    }
    assert slipped.count() == 1 + 3
    assert run_calendar(LAST + timedelta(days=500)) != [], "after an interruption, once"
    assert run_calendar(LAST + timedelta(days=500)) == []


def test_a_hotline_is_reminded_of_an_overdue_response_and_of_an_overdue_plan():
    asked, planned = Stage.minimal("response"), Stage.minimal("published")
    last, first = date(2026, 6, 30), date(2026, 7, 1)
    Evaluation.objects.filter(pk=asked.evaluation.pk).update(respond_by=last)
    planned.evaluation.recommendations.all().delete()

    def recommend(code: str, state: str, due_on: date) -> Recommendation:
        return RecommendationFactory(evaluation=planned.evaluation, code=code, state=state, due_on=due_on)

    later = recommend("1.1.1", "accepted", first + timedelta(days=30))
    overdue = recommend("1.1.2", "in_progress", first)
    recommend("3.2.1", "evidence_submitted", date(2026, 1, 5))
    run_calendar(last + timedelta(days=1))
    assert run_calendar(last + timedelta(days=7)) == [("no_response", last + timedelta(days=7))]
    assert run_calendar(first + timedelta(days=7)) == [("plan", first + timedelta(days=7))]
    about = Letter.objects.filter(to_user=planned.coordinator).get()
    assert (about.subject, "since 1 July 2026" in about.body) == (
        f"{planned.evaluation.hotline.name}: the plan is overdue",
        True,
    )
    type(overdue).objects.filter(pk=overdue.pk).update(state="evidence_submitted")
    assert [due for due in run_calendar(first + timedelta(days=22)) if due[0] == "plan"] == []
    assert ("plan", later.due_on + timedelta(days=7)) in run_calendar(later.due_on + timedelta(days=7))


def test_after_an_interruption_only_the_reminder_that_is_due_is_sent(open_one: Stage):
    assert run_calendar(date(2026, 6, 28)) == [("submit_3", LAST)]
    assert run_calendar(date(2026, 6, 29)) == []


def test_a_later_last_day_has_reminders_of_its_own(open_one: Stage):
    run_calendar(date(2026, 6, 27))
    type(open_one.round).objects.update(answers_until=date(2026, 7, 31))
    assert run_calendar(date(2026, 6, 28)) == []
    assert run_calendar(date(2026, 7, 1)) == [("submit_30", date(2026, 7, 31))]


def test_nobody_is_reminded_of_days_before_the_self_assessment_began(open_one: Stage):
    new(Evaluation).update(opened_at=datetime(2026, 6, 17, 12, tzinfo=UTC))
    assert run_calendar(date(2026, 6, 18)) == []
    assert run_calendar(date(2026, 6, 27)) == [("submit_3", LAST)]


def test_what_is_submitted_is_reminded_of_no_more(open_one: Stage):
    perform(new(Evaluation).get(), "submit", signed=SIGNED, by=open_one.coordinator)
    assert run_calendar(date(2026, 6, 27)) == run_calendar(LAST + timedelta(days=1)) == []


@pytest.mark.parametrize("are_chosen", [True, False])
def test_what_is_sent_back_has_a_last_day_of_its_own_is_reminded_and_slips(sign_in, monkeypatch, are_chosen: bool):
    stage, other = Stage.minimal("desk_review"), Stage.minimal("desk_review")
    today = stage.round.today
    type(stage.round).objects.update(answers_until=today - timedelta(days=40))
    client, uid, last = sign_in(Client(), stage.people.mce), stage.evaluation.uid, today + timedelta(days=14)
    if are_chosen:
        client.post(reverse("workspace:send_back", args=[uid]), {"reason-1.1.2": "Who answers at night?"})
    else:
        client.post(reverse("workspace:move", args=[uid, "send_back"]), {"note": "Say more."})
    (letter,) = new(Letter)
    assert (letter.to_user, date_format(last) in letter.body) == (stage.coordinator, True)
    assert run_calendar(last - timedelta(days=4)) == []
    assert run_calendar(last - timedelta(days=3)) == [("submit_3", last)]
    assert run_calendar(last) == []
    assert run_calendar(last + timedelta(days=1)) == [("slipped", last)]
    told = new(Letter).exclude(pk=letter.pk).values_list("to_user", flat=True)
    assert set(told) == {stage.coordinator.pk, stage.people.mce.pk, stage.people.lead.pk, other.people.mce.pk}
    later = datetime.combine(last + timedelta(days=1), time(12), UTC)
    monkeypatch.setattr(timezone, "now", lambda: later)
    (row,) = [one for one in find_tasks(User.objects.get(pk=stage.people.mce.pk), TASKS) if one.waiting.is_late]
    assert (row.kind.code, row.waiting.about) == ("late", stage.evaluation)
    assert other.hotline.name not in " ".join(new(Letter).values_list("body", flat=True))


def test_the_hotline_is_reminded_of_its_response_three_days_before():
    stage, other = Stage.minimal("response"), Stage.minimal("report")
    day = stage.evaluation.respond_by + timedelta(days=20)
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(respond_by=day)
    new(Evaluation).update(opened_at=timezone.now() - timedelta(days=90))
    assert run_calendar(day - timedelta(days=4)) == []
    assert run_calendar(day - timedelta(days=3)) == [("respond", day)]
    assert run_calendar(day - timedelta(days=2)) == run_calendar(day) == []
    (letter,) = new(Letter)
    assert (letter.to_user, date_format(day) in letter.subject) == (stage.coordinator, True)
    assert reverse("workspace:response", args=[stage.evaluation.uid]) in letter.body
    assert not Letter.objects.filter(to_user=other.coordinator).exists()


def test_each_reminder_can_be_declined_by_each_person(open_one: Stage):
    open_one.coordinator.declined_reminders = ["submit_30", "slipped"]
    open_one.coordinator.save()
    run_calendar(date(2026, 5, 31))
    assert not new(Letter).exists()
    run_calendar(date(2026, 6, 16))
    assert new(Letter).count() == 1
    open_one.people.mce.declined_reminders = ["slipped"]
    open_one.people.mce.save()
    assert run_calendar(LAST + timedelta(days=1)) == [("slipped", LAST)]
    assert new(Letter).count() == 1


def test_a_reminder_is_in_the_language_of_its_reader(open_one: Stage):
    open_one.coordinator.language = "pl"
    open_one.coordinator.save()
    run_calendar(date(2026, 5, 31))
    assert "30 czerwca 2026" in new(Letter).get().subject
