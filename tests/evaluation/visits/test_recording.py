"""Recording separately: what is saved for whom, who ends it, and which findings are entered then."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from evaluation.answers.judgements import (
    AnswerInput,
    Closed,
    Conflict,
    InvalidAnswer,
    Saved,
    save_finding,
    save_observation,
)
from evaluation.joined_words import in_language_of_record
from evaluation.models import (
    Evaluation,
    Finding,
    Observation,
    ObservationVersion,
    Round,
    TeamMember,
    User,
    Visit,
)
from evaluation.models.reasons import Reason
from evaluation.models.visits.visit import every_assessor_has_finished, find_divergent, observations_agree
from evaluation.visits.recording import join_observations
from evaluation.workflow import Refusal, perform, possible_moves
from standards.models import Edition
from tests.bystander import new
from tests.factories import MONDAY, DecisionFactory, finish_recording, person, write_all_answers
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

CODE = "9.1.2"


@pytest.fixture
def stage() -> Stage:
    """Return a visit under way whose team has recorded nothing."""
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def observe(
    stage: Stage, by: User, level: int | None = 2, code: str = CODE, **fields: Any
) -> Saved | Conflict | Closed:
    row = Observation.objects.filter(visit=stage.visit, by=by, code=code).first()
    fields.setdefault("words", f"Seen by {by.name}.")
    submitted = AnswerInput(level=level, **fields)
    return save_observation(stage.evaluation, code, submitted, version=row.version if row else 0, by=by)


def finding(stage: Stage, code: str = CODE) -> Finding:
    return Finding.objects.get(evaluation=stage.evaluation, code=code)


def team(stage: Stage) -> list[User]:
    return [member.user for member in stage.visit.team.select_related("user")]


def refused(visit: Visit, name: str, by: User, note: str = "") -> list[str]:
    with pytest.raises(Refusal) as caught:
        perform(visit, name, by=by, note=note)
    return [reason.code for reason in caught.value.reasons]


# --- Saved -----------------------------------------------------------------------------------------------------------


def test_each_assessor_has_a_row_of_their_own_with_its_history(stage):
    lead, second, *_ = team(stage)
    uid = uuid4()
    answer = AnswerInput(level=1, words="One desk.", strength="Calm.", concern="Nobody at night.", good_practice=True)
    assert save_observation(stage.evaluation, CODE, answer, version=0, by=lead, save_uid=uid) == Saved(1)
    assert observe(stage, second, level=3) == Saved(1)
    kept = Observation.objects.get(by=lead)
    assert (kept.level, kept.words, kept.strength, kept.concern) == (1, "One desk.", "Calm.", "Nobody at night.")
    assert kept.good_practice
    assert observe(stage, lead, level=2, words="Two desks.") == Saved(2)
    history = ObservationVersion.objects.filter(by_id=lead.pk).order_by("version")
    assert list(history.values_list("version", "level", "words", "strength", "save_uid")) == [
        (1, 1, "One desk.", "Calm.", uid),
        (2, 2, "Two desks.", "", None),
    ]
    assert finding(stage).version == 0


def test_the_same_save_is_kept_once_and_an_old_version_conflicts_with_ones_own_text(stage):
    lead = team(stage)[0]
    uid = uuid4()
    answer = AnswerInput(level=1, words="On the telephone.")
    for _ in range(2):
        assert save_observation(stage.evaluation, CODE, answer, version=0, by=lead, save_uid=uid) == Saved(1)
    conflict = save_observation(
        stage.evaluation, CODE, AnswerInput(level=2, words="On the tablet."), version=0, by=lead
    )
    assert isinstance(conflict, Conflict)
    assert (conflict.theirs.words, conflict.theirs.by) == ("On the telephone.", lead)
    assert new(ObservationVersion).count() == 1


def test_only_the_team_records_and_only_what_the_indicator_allows(stage):
    outsider = person()
    assert observe(stage, outsider) == Closed()
    assert not Observation.objects.filter(by=outsider).exists()
    with pytest.raises(InvalidAnswer):
        observe(stage, team(stage)[0], level=9)


@pytest.mark.parametrize("state", Visit.State)
def test_it_is_recorded_only_while_the_visit_is_under_way(state):
    stage = Stage.minimal("study_visit", visit_state=state)
    assert observe(stage, stage.people.lead) == (Saved(1) if state == "under_way" else Closed())


def test_nothing_is_recorded_of_an_excused_hotline(stage):
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="excused")
    assert observe(stage, team(stage)[0]) == Closed()


# --- Finished --------------------------------------------------------------------------------------------------------


def test_who_has_finished_records_again_only_after_taking_it_back(stage):
    lead = team(stage)[0]
    observe(stage, lead)
    assert refused(stage.visit, "go_on_recording", lead) == ["has_not_finished"]
    perform(stage.visit, "finish_recording", by=lead)
    assert observe(stage, lead, level=3) == Closed()
    assert refused(stage.visit, "finish_recording", lead) == ["has_finished"]
    perform(stage.visit, "go_on_recording", by=lead)
    assert observe(stage, lead, level=3) == Saved(2)


def test_with_the_last_one_the_findings_are_entered_and_nothing_is_taken_back(stage):
    first, *others = team(stage)
    visit = finish_recording(stage.visit)
    assert visit.state == "findings_entered"
    assert new(TeamMember).filter(finished_at=None).count() == 0
    assert refused(visit, "go_on_recording", first) == ["wrong_state"]
    assert observe(stage, others[0]) == Closed()


def test_the_lead_goes_on_without_the_others_once_they_have_finished_themselves(stage):
    lead, second, *_ = team(stage)
    observe(stage, lead, level=2)
    observe(stage, second, level=2)
    assert refused(stage.visit, "close_recording", lead, "She is ill.") == ["lead_not_finished"]
    perform(stage.visit, "finish_recording", by=lead)
    assert refused(stage.visit, "close_recording", lead) == ["needs_note"]
    assert refused(stage.visit, "close_recording", second, "Why not.") == ["not_permitted"]
    perform(stage.visit, "close_recording", by=lead, note="She is ill.")
    assert stage.visit.state == "findings_entered"
    assert finding(stage).level == 2, "who did not finish is not waited for, but what they saw counts"


def test_the_findings_are_not_entered_before_all_have_finished(stage):
    lead = team(stage)[0]
    step = perform(stage.visit, "finish_recording", by=lead)
    with pytest.raises(ValueError, match="whose act is running"):
        perform(stage.visit, "enter_findings", by=lead, caused_by=step)
    assert new(Visit).get().state == "under_way"


# --- Entered ---------------------------------------------------------------------------------------------------------


def test_where_all_saw_the_same_the_finding_says_it_with_everybodys_words(stage):
    for user in team(stage):
        observe(stage, user, level=1, words="One shift.", concern="Nights." if user == stage.people.lead else "")
    finish_recording(stage.visit)
    found = finding(stage)
    assert (found.level, found.version, found.is_given) == (1, 1, True)
    assert found.words.split("\n\n")[0] == f"{stage.people.lead.name}: One shift.\nConcern: Nights."
    assert found.words.count("One shift.") == len(team(stage))
    assert find_divergent(new(Visit).get()) == {}


def test_the_labels_of_the_words_are_in_the_language_of_the_edition(stage):
    lead, *others = team(stage)
    observe(stage, lead, level=1, words="One shift.", strength="Calm.", concern="Nights.")
    for user in others:
        observe(stage, user, level=1, words="")
    with translation.override("pl"):
        finish_recording(stage.visit)
    assert finding(stage).words == "One shift.\nStrength: Calm.\nConcern: Nights."


def test_of_an_edition_in_polish_they_are_in_polish():
    evaluation = Evaluation(round=Round(edition=Edition(source_language="pl")))
    seen = Observation(by=User(name="Ana"), level=1, words="Jedna zmiana.", strength="Spokój.")
    with in_language_of_record(evaluation):
        assert join_observations([seen])["words"] == "Jedna zmiana.\nMocna strona: Spokój."


def test_where_they_differ_the_finding_is_blank_until_they_agree_in_words(stage):
    lead, second, third = team(stage)
    for user, level in ((lead, 3), (second, 2), (third, 3)):
        observe(stage, user, level=level)
    visit = finish_recording(stage.visit)
    assert (finding(stage).version, list(find_divergent(visit))) == (0, [CODE])
    write_all_answers(stage.evaluation, model=Finding, i9_1_2={"level": None})
    assert refused(visit, "sign_off", lead) == ["no_finding"]
    same_as_answer = AnswerInput(level=3)
    assert save_finding(stage.evaluation, CODE, same_as_answer, version=1, by=second) == Saved(2)
    assert refused(visit, "sign_off", lead) == ["divergence_without_words"]
    agreed = AnswerInput(level=3, words="The night rota convinced all of us.")
    assert save_finding(stage.evaluation, CODE, agreed, version=2, by=second) == Saved(3)
    perform(visit, "sign_off", by=lead)
    assert set(new(Observation).values_list("level", flat=True)) == {2, 3}, "the originals stay"


def test_one_who_goes_alone_needs_no_second_and_no_name_in_the_words(stage):
    lead, *others = team(stage)
    TeamMember.objects.filter(user__in=others).delete()
    observe(stage, lead, level=2, words="As written.")
    finish_recording(stage.visit)
    assert (finding(stage).level, finding(stage).words) == (2, "As written.")


def test_a_second_visit_changes_only_what_was_recorded_anew(stage):
    lead, second, third = team(stage)
    for user in team(stage):
        observe(stage, user, level=2)
        observe(stage, user, level=1, code="1.1.2")
    finish_recording(stage.visit)
    before = finding(stage, "1.1.2").version
    agreed = AnswerInput(level=0, words="We asked once more, together.")
    save_finding(stage.evaluation, "1.1.2", agreed, version=before, by=lead)
    new(Visit).update(state="under_way")
    new(TeamMember).update(finished_at=None)
    for user, level in ((lead, 3), (second, 3), (third, 1)):
        observe(stage, user, level=level)
    finish_recording(new(Visit).get())
    assert (finding(stage, "1.1.2").level, finding(stage, "1.1.2").version) == (0, before + 1)
    assert (finding(stage).level, finding(stage).is_given) == (None, False)


def test_planning_again_lets_everybody_declare_and_record_again():
    stage = Stage.minimal("published")
    deferral = {"outcome": "deferred", "hand_in_by": MONDAY, "replaces": stage.evaluation.current_decision}
    DecisionFactory(scorecard=stage.scorecard, decided_by=stage.people.panel, **deferral)
    new(TeamMember).update(finished_at=timezone.now())
    perform(stage.evaluation, "resume", by=stage.people.mce, note="The rota is missing.")
    assert new(Visit).get().state == "proposed"
    assert not new(TeamMember).exclude(finished_at=None, declared_at=None).exists()


def planned_again() -> Stage:
    """Return a visit after a deferral, under way again with the lead and a new member.

    The lead had seen 1.1.2 and 9.1.2.
    """
    stage = Stage.minimal("published")
    for code in ("1.1.2", CODE):
        Observation.objects.create(visit=stage.visit, by=stage.people.lead, code=code, level=1, version=1)
    new(Observation).update(at=timezone.now())
    deferral = {"outcome": "deferred", "hand_in_by": MONDAY, "replaces": stage.evaluation.current_decision}
    DecisionFactory(scorecard=stage.scorecard, decided_by=stage.people.panel, **deferral)
    perform(stage.evaluation, "resume", by=stage.people.mce, note="The rota is missing.")
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="study_visit")
    new(Visit).update(state="under_way")
    TeamMember.objects.exclude(user=stage.people.lead).delete()
    TeamMember.objects.create(visit=stage.visit, user=stage.people.elsewhere)
    stage.evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    return stage


def test_what_only_a_member_of_the_first_visit_recorded_differs_from_nothing_after_a_deferral():
    stage = planned_again()
    kept = finding(stage, "1.1.2")
    observe(stage, stage.people.elsewhere, level=3)
    visit = finish_recording(stage.visit)
    assert list(find_divergent(visit)) == [CODE], "what was recorded anew stands beside the lead's own"
    assert finding(stage, "1.1.2").version == kept.version


def test_what_stays_as_one_saw_it_on_the_first_visit_agrees_with_what_a_new_member_sees():
    stage = planned_again()
    before = finding(stage).version
    observe(stage, stage.people.elsewhere, level=1)
    visit = finish_recording(stage.visit)
    assert find_divergent(visit) == {}
    assert (finding(stage).level, finding(stage).version) == (1, before + 1)


LEVELS = st.sampled_from([0, 1, 2, 3, "na", "unseen", None])


def _seen(by: int, level: int | str | None) -> Observation:
    return Observation(
        by_id=by,
        version=1,
        level=level if isinstance(level, int) else None,
        not_applicable=level == "na",
        not_seen=level == "unseen",
    )


@given(levels=st.lists(LEVELS, min_size=1, max_size=4))
def test_they_agree_exactly_when_everybody_who_finished_said_the_same(levels):
    seen = [_seen(place, level) for place, level in enumerate(levels) if level is not None]
    if seen:
        is_same = len(set(levels)) == 1
        assert observations_agree(SMALL.indicators[CODE], seen, range(len(levels))) == is_same


@pytest.mark.parametrize(("one", "other"), [*product([0, 3, "na", "unseen"], repeat=2)])
def test_two_who_recorded_the_same_agree_in_whichever_order(one, other):
    pair = [_seen(1, one), _seen(2, other)]
    assert observations_agree(SMALL.indicators[CODE], pair, (1, 2)) == observations_agree(
        SMALL.indicators[CODE], pair[::-1], (1, 2)
    )
    assert observations_agree(SMALL.indicators[CODE], pair, (1, 2)) == (one == other)


def test_the_reason_names_who_is_still_recording(stage):
    lead, *others = team(stage)
    perform(stage.visit, "finish_recording", by=lead)
    names = tuple(user.name for user in others)
    assert every_assessor_has_finished.reasons(new(Visit).get()) == (Reason("not_everybody_finished", names=names),)


# --- Begun too early, finished too early ---------------------------------------------------------------------------


def test_a_visit_begins_by_itself_on_an_agreed_day_and_on_another_with_a_reason(stage):
    visit, lead, today = stage.visit, stage.people.lead, stage.round.today
    new(Visit).update(state="agenda_sent", starts_on=today + timedelta(days=1), ends_on=today + timedelta(days=2))
    visit.refresh_from_db()
    assert refused(visit, "begin", lead) == ["not_a_day_of_the_visit"]
    assert refused(visit, "begin_on_another_day", lead) == ["needs_note"]
    assert "begin" not in possible_moves(visit, lead)
    perform(visit, "begin_on_another_day", by=lead, note="The trains strike.")
    for first, last in ((today, today), (today - timedelta(days=1), today)):
        new(Visit).update(state="agenda_sent", starts_on=first, ends_on=last)
        visit.refresh_from_db()
        assert refused(visit, "begin_on_another_day", lead, "Why not.") == ["a_day_of_the_visit"]
    perform(visit, "begin", by=lead)
    assert visit.state == "under_way"


def test_a_beginning_is_taken_back_and_what_was_recorded_stays(stage):
    visit, lead, second = stage.visit, stage.people.lead, stage.people.assessor
    new(Visit).update(state="team_confirmed", starts_on=stage.round.today, ends_on=stage.round.today)
    visit.refresh_from_db()
    perform(visit, "begin", by=lead)
    observe(stage, lead)
    perform(visit, "finish_recording", by=second)
    assert refused(visit, "take_back_beginning", lead) == ["needs_note"]
    perform(visit, "take_back_beginning", by=second, note="It is next week.")
    assert (visit.state, visit.team.exclude(finished_at=None).exists()) == ("team_confirmed", False)
    perform(visit, "begin", by=lead)
    assert observe(stage, lead, level=3) == Saved(2)


def test_after_all_have_finished_the_lead_lets_the_team_record_again(stage):
    visit, lead, second = stage.visit, stage.people.lead, stage.people.assessor
    for user in team(stage):
        observe(stage, user)
    finish_recording(visit)
    assert finding(stage).level == 2
    assert refused(visit, "record_again", second, "My device.") == ["not_permitted"]
    assert refused(visit, "record_again", lead) == ["needs_note"]
    perform(visit, "record_again", by=lead, note="One device had not sent everything.")
    assert (visit.state, visit.team.exclude(finished_at=None).exists()) == ("under_way", False)
    assert observe(stage, second, level=3) == Saved(2)
    finish_recording(new(Visit).get())
    assert finding(stage).level is None, "they differ now"
