"""The dates of a visit: suggested by one side, accepted by the other, put off, and moved as agreed by telephone."""

from datetime import date, timedelta
from functools import partial

import pytest

from evaluation.models import Role, Step, SuggestedDates, User, Visit
from evaluation.models.reasons import Reason
from evaluation.visits.dates import (
    FURTHEST,
    LONGEST_VISIT,
    MOST_SUGGESTIONS,
    Agreement,
    accept_dates,
    change_dates,
    side_of,
    suggest_dates,
    take_back_dates,
)
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import StakeFactory, evaluation_of, person, visit_of
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return proposed()


def proposed() -> Stage:
    return Stage.minimal("desk_review", visit_state="proposed")


def day(stage: Stage, number: int) -> date:
    return stage.evaluation.round.today + timedelta(days=number)


def suggest(
    stage: Stage, *numbers: int, by: User | None = None, length: int = 2, words: str = ""
) -> list[SuggestedDates]:
    periods = [(day(stage, number), day(stage, number + length - 1)) for number in numbers]
    suggest_dates(stage.visit, periods, by=by or stage.coordinator, words=words)
    return list(stage.visit.suggested_dates.filter(is_open=True))


def reasons_of(act) -> list[str]:
    before = (new(Step).count(), SuggestedDates.objects.filter(is_open=True).count())
    with pytest.raises(Refusal) as caught:
        act()
    assert (new(Step).count(), SuggestedDates.objects.filter(is_open=True).count()) == before
    return [reason.code for reason in caught.value.reasons]


# --- Suggested ---------------------------------------------------------------------------------------------------


def test_each_side_suggests_periods_with_words(stage):
    suggest(stage, 10, 20, words="Not in the holidays.")
    found = suggest(stage, 30, by=stage.people.lead)
    assert [(one.starts_on, one.ends_on, one.side, one.words, one.by) for one in found] == [
        (day(stage, 10), day(stage, 11), "hotline", "Not in the holidays.", stage.coordinator),
        (day(stage, 20), day(stage, 21), "hotline", "Not in the holidays.", stage.coordinator),
        (day(stage, 30), day(stage, 31), "team", "", stage.people.lead),
    ]
    note = new(Step).order_by("seq").first().words.note
    first, second = (f"{one.starts_on} > {one.ends_on}" for one in found[:2])
    assert note == f"{first}; {second}: Not in the holidays."


def test_the_same_days_are_suggested_once_by_a_side(stage):
    suggest(stage, 10)
    assert len(suggest(stage, 10)) == 1
    assert len(suggest(stage, 10, by=stage.people.mce)) == 2


def test_what_is_sent_twice_is_not_too_much(stage):
    for _again in range(2):
        assert len(suggest(stage, *range(10, 10 + MOST_SUGGESTIONS))) == MOST_SUGGESTIONS
    assert reasons_of(lambda: suggest(stage, 50)) == ["too_many_dates"]


@pytest.mark.parametrize("who", ["panel", "contributor", "elsewhere"])
def test_nobody_else_suggests(stage, who):
    people = {
        "panel": stage.people.panel,
        "contributor": person(Role.CONTRIBUTOR, hotline=stage.evaluation.hotline),
        "elsewhere": stage.people.elsewhere,
    }
    assert reasons_of(lambda: suggest(stage, 10, by=people[who])) == ["not_permitted"]


def test_what_cannot_be_is_not_suggested(stage):
    busy = visit_of(evaluation_of(), lead=stage.people.assessor, starts_on=day(stage, 40), ends_on=day(stage, 41))
    assert busy.agreed_days
    assert reasons_of(lambda: suggest(stage, -1)) == ["visit_in_the_past"]
    assert reasons_of(lambda: suggest(stage, 10, length=0)) == ["ends_before_it_starts"]
    assert reasons_of(lambda: suggest(stage, 10, length=LONGEST_VISIT + 1)) == ["visit_too_long"]
    assert reasons_of(lambda: suggest(stage, 39, 41)) == ["member_elsewhere"]
    assert reasons_of(lambda: suggest(stage, FURTHEST.days + 1)) == ["visit_too_far"]
    last_of_all = [(date.max, date.max)]  # ends after the last possible date
    assert reasons_of(lambda: suggest_dates(stage.visit, last_of_all, by=stage.coordinator)) == ["visit_too_far"]
    assert reasons_of(lambda: suggest(stage)) == ["no_dates"]
    assert reasons_of(lambda: suggest(stage, *range(10, 11 + MOST_SUGGESTIONS))) == ["too_many_dates"]
    suggest(stage, 10, length=LONGEST_VISIT)


def test_no_days_are_suggested_once_they_are_agreed_on_or_before_the_desk_review():
    assert reasons_of(lambda: suggest(Stage.minimal("desk_review"), 10)) == ["wrong_state"]
    early = Stage.minimal("self_assessment", visit_state="proposed")
    early.evaluation.visit = visit_of(early.evaluation, lead=early.people.lead, state="proposed")
    assert reasons_of(lambda: suggest_dates(early.visit, [(day(early, 1),) * 2], by=early.coordinator)) == [
        "wrong_state"
    ]


def test_a_coordinator_speaks_for_the_hotline_and_everybody_else_for_the_team(stage):
    assert side_of(stage.coordinator, stage.visit) == "hotline"
    assert {side_of(user, stage.visit) for user in (stage.people.mce, stage.people.lead)} == {"team"}
    assert side_of(person(Role.COORDINATOR, hotline=evaluation_of().hotline), stage.visit) == "team"


# --- Accepted ----------------------------------------------------------------------------------------------------


def test_the_other_side_accepts_and_nothing_else_can_be_accepted(stage):
    first, second = suggest(stage, 10, 20)
    step = accept_dates(second, by=stage.people.mce)
    visit = new(Visit).get()
    assert (visit.state, visit.agreed_days) == ("team_confirmed", (day(stage, 20), day(stage, 21)))  # all had declared
    assert step.words.note == f"{day(stage, 20)} > {day(stage, 21)}: "
    assert not visit.suggested_dates.filter(is_open=True).exists()
    assert reasons_of(lambda: accept_dates(first, by=stage.people.lead)) == ["wrong_state"]


def test_a_side_does_not_accept_what_it_suggested_itself(stage):
    (own,) = suggest(stage, 10)
    assert reasons_of(lambda: accept_dates(own, by=stage.coordinator)) == ["own_dates"]
    (_own, theirs) = suggest(stage, 20, by=stage.people.mce)
    assert reasons_of(lambda: accept_dates(theirs, by=stage.people.assessor)) == ["own_dates"]
    accept_dates(theirs, by=stage.coordinator)


def test_days_on_which_a_member_goes_elsewhere_meanwhile_are_not_accepted(stage):
    (own,) = suggest(stage, 10)
    visit_of(evaluation_of(), lead=stage.people.lead, starts_on=day(stage, 11), ends_on=day(stage, 12))
    assert reasons_of(lambda: accept_dates(own, by=stage.people.mce)) == ["member_elsewhere"]


def test_days_on_which_others_travel_or_a_member_would_have_gone_to_an_excused_hotline_are_accepted(stage):
    (own,) = suggest(stage, 10)
    days = {"starts_on": day(stage, 11), "ends_on": day(stage, 12)}
    visit_of(evaluation_of(), lead=person(Role.ASSESSOR), **days)
    visit_of(evaluation_of(state="excused"), lead=stage.people.lead, **days)
    accept_dates(own, by=stage.people.mce)
    assert stage.evaluation.visit.agreed_days == (own.starts_on, own.ends_on)


def test_a_hotline_comes_back_to_its_round_once_its_team_is_free_on_the_days_of_its_visit():
    """While the hotline was excused, its team could be sent to another one."""
    stage = Stage.minimal("desk_review", visit_state="team_confirmed")
    mce, days = stage.people.mce, stage.evaluation.visit.agreed_days
    perform(stage.evaluation, "excuse", by=mce, note="A flood.")
    other = visit_of(evaluation_of(), lead=stage.people.lead, starts_on=days[0], ends_on=days[1])
    assert reasons_of(lambda: perform(stage.evaluation, "readmit", by=mce, note="Dry again.")) == ["member_elsewhere"]
    Visit.objects.filter(pk=other.pk).update(state="cancelled")
    perform(stage.evaluation, "readmit", by=mce, note="Dry again.")
    assert stage.evaluation.state == "self_assessment"


def test_days_that_are_over_meanwhile_are_not_accepted(stage):
    (own,) = suggest(stage, 1)
    own.starts_on = day(stage, -1)
    own.save()
    assert reasons_of(lambda: accept_dates(own, by=stage.people.mce)) == ["visit_in_the_past"]


def test_a_stake_on_the_team_stops_the_acceptance(stage):
    (own,) = suggest(stage, 10)
    StakeFactory(user=stage.people.assessor, hotline=stage.evaluation.hotline)
    assert reasons_of(lambda: accept_dates(own, by=stage.people.mce)) == ["team_tied_by_declared"]


def test_only_mce_notes_what_was_agreed_on_by_telephone_and_with_whom(stage):
    def agree(by: User, agreed_with: str) -> Step:
        wanted = Agreement(day(stage, 9), day(stage, 9), agreed_with=agreed_with)
        return perform(stage.visit, "agree_dates", by=by, wanted=wanted)

    for by in (stage.coordinator, stage.people.lead):
        assert reasons_of(lambda by=by: agree(by, "Ana")) == ["not_permitted"]
    assert reasons_of(lambda: agree(stage.people.mce, " ")) == ["nobody_agreed"]
    assert agree(stage.people.mce, "Ana").words.note.endswith(": Ana")


def test_a_side_takes_back_what_it_suggested_and_nothing_else(stage):
    first, second = suggest(stage, 10, 20)
    assert reasons_of(lambda: take_back_dates(first, by=stage.people.mce)) == ["dates_of_the_other_side"]
    step = take_back_dates(first, by=stage.coordinator)
    assert step.words.note == f"{first.starts_on} > {first.ends_on}: "
    assert list(stage.visit.suggested_dates.filter(is_open=True)) == [second]
    assert reasons_of(lambda: take_back_dates(first, by=stage.coordinator)) == ["dates_not_open"]
    assert reasons_of(lambda: accept_dates(first, by=stage.people.mce)) == ["dates_not_open"]


# --- Put off, and moved ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["dates_agreed", "team_confirmed", "agenda_sent"])
@pytest.mark.parametrize("who", ["coordinator", "mce", "lead"])
def test_either_side_puts_it_off_with_a_reason_and_both_agree_on_other_days(state, who):
    stage = Stage.minimal("study_visit", visit_state=state)
    assert reasons_of(lambda: perform(stage.visit, "put_off", by=stage.user(who))) == ["needs_note"]
    perform(stage.visit, "put_off", by=stage.user(who), note="A strike.")
    assert (stage.visit.state, stage.visit.agreed_days) == ("proposed", None)
    (theirs,) = suggest(stage, 30)
    accept_dates(theirs, by=stage.people.lead)
    assert new(Visit).get().agreed_days == (day(stage, 30), day(stage, 31))


@pytest.mark.parametrize("who", ["assessor", "panel"])
def test_nobody_else_puts_it_off(who):
    stage = Stage.minimal("study_visit", visit_state="dates_agreed")
    act = partial(perform, stage.visit, "put_off", by=stage.user(who), note="I am tired.")
    assert reasons_of(act) == ["not_permitted"]


def test_a_visit_is_moved_by_mce_with_who_agreed_and_why():
    stage = Stage.minimal("study_visit", visit_state="agenda_sent")
    wanted = {"starts_on": day(stage, 9), "ends_on": day(stage, 10), "agreed_with": "Ana", "reason": "A strike."}
    assert reasons_of(lambda: change_dates(stage.visit, **wanted, by=stage.people.lead)) == ["not_permitted"]
    assert reasons_of(lambda: change_dates(stage.visit, **wanted | {"reason": " "}, by=stage.people.mce)) == [
        "needs_note"
    ]
    step = change_dates(stage.visit, **wanted, by=stage.people.mce)
    assert step.words.note == f"{day(stage, 9)} > {day(stage, 10)}: Ana. A strike."
    assert (stage.visit.state, stage.visit.agreed_days) == ("team_confirmed", (day(stage, 9), day(stage, 10)))


def test_a_visit_that_should_have_begun_keeps_its_first_day_and_gets_no_other_past_one():
    stage = Stage.minimal("study_visit", visit_state="team_confirmed")
    new(Visit).update(starts_on=day(stage, -1), ends_on=day(stage, 0))
    wanted = {"agreed_with": "Ana", "reason": "The train.", "by": stage.people.mce}
    change_dates(stage.visit, day(stage, -1), day(stage, 1), **wanted)
    assert new(Visit).get().agreed_days == (day(stage, -1), day(stage, 1))
    assert reasons_of(lambda: change_dates(stage.visit, day(stage, -2), day(stage, 1), **wanted)) == [
        "visit_in_the_past"
    ]


# --- Concurrently ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_sides_that_accept_two_periods_at_once_agree_on_one_of_them():
    stage = proposed()
    (hotlines,) = suggest(stage, 10)
    teams = next(one for one in suggest(stage, 20, by=stage.people.lead) if one.side == "team")
    results = at_once(
        lambda: accept_dates(SuggestedDates.objects.get(pk=hotlines.pk), by=User.objects.get(pk=stage.people.mce.pk)),
        lambda: accept_dates(SuggestedDates.objects.get(pk=teams.pk), by=User.objects.get(pk=stage.coordinator.pk)),
    )
    lost = [result for result in results if isinstance(result, Refusal)]
    assert [refusal.reasons for refusal in lost] == [(Reason("wrong_state"),)], results
    won = hotlines if isinstance(results[0], Step) else teams
    visit = new(Visit).get()
    assert visit.agreed_days == (won.starts_on, won.ends_on)
    assert Step.objects.filter(move="agree_dates").count() == 1
