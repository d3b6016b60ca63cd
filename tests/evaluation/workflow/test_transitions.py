"""`perform`: every transition of every machine, and the reasons why it may be refused."""

from typing import Any

import pytest
from rules import always_true

from evaluation.models import (
    Accreditation,
    Evaluation,
    Evidence,
    Finding,
    Recommendation,
    Role,
    Round,
    StatisticsImport,
    Step,
    StepWords,
)
from evaluation.models.people.permissions import TABLE
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import Stateful
from evaluation.panel.decisions import Verdict
from evaluation.workflow import ACTS, MACHINES, Act, Refusal, arrow, moves_of, perform, possible_moves
from evaluation.workflow.diagrams import HOW
from tests.bystander import new
from tests.factories import (
    MONDAY,
    SIGNED,
    DecisionFactory,
    HotlineFactory,
    RoundFactory,
    StakeFactory,
    StatisticsImportFactory,
    begin_visit,
    finish_recording,
    person,
    write_answer,
)
from tests.stage import STATES, Stage, one_of

pytestmark = pytest.mark.django_db

ARROWS = """
round planned -open-> open | round.open | the_opening_day_has_come the_deadline_is_to_come, by the system
round planned -discard-> planned | round.open | , on a form, with a note
round open -move_deadline-> open | round.open | the_deadline_is_to_come, on a form, with a note
round open -add_hotline-> open | round.open | , on a form, with a note
round open -remove_hotline-> open | round.open | , on a form, with a note
round open -remind-> open | round.open | , on a form
round open -write_to-> open | round.open | , on a form, with a note
round open -close-> closed | round.open | every_outcome_is_published
evaluation self_assessment -submit-> desk_review | evaluation.submit | the_traits_are_stated every_indicator_is_answered every_carried_answer_is_reviewed every_exception_has_a_reason evidence_is_attached every_returned_answer_is_settled, on a form
evaluation self_assessment -set_traits-> self_assessment | evaluation.run | , on a form
evaluation self_assessment -extend-> self_assessment | evaluation.run | , on a form, with a note
evaluation self_assessment -shorten-> self_assessment | evaluation.run | , on a form, with a note
evaluation desk_review -send_back-> self_assessment | evaluation.run | no_visit_has_begun no_other_self_assessment_is_open, with a note
evaluation self_assessment -reopen_answers-> self_assessment | evaluation.run | some_answers_are_fixed, on a form, with a note
evaluation desk_review -count_corrections-> desk_review | evaluation.recount | , on a form, with a note
evaluation study_visit -count_corrections-> study_visit | evaluation.recount | , on a form, with a note
evaluation report -count_corrections-> report | evaluation.recount | , on a form, with a note
evaluation decided -count_corrections-> decided | evaluation.recount | , on a form, with a note
evaluation published -count_corrections-> published | evaluation.recount | , on a form, with a note
evaluation desk_review -accept-> study_visit | evaluation.run | a_visit_is_arranged the_team_is_independent
evaluation study_visit -begin_report-> report | evaluation.sign_off | the_visit_is_signed_off, by itself
evaluation report -reopen_findings-> study_visit | evaluation.judge | , with a note
evaluation report -propose-> response | evaluation.judge | the_visit_is_signed_off a_scorecard_is_stored, on a form
evaluation response -take_back-> report | evaluation.judge | , with a note
evaluation response -respond-> decision | evaluation.respond | a_response_is_given, on a form
evaluation response -go_on_without_response-> decision | evaluation.run | the_time_to_respond_is_over
evaluation decision -answer_remarks-> decision | evaluation.judge | an_answer_is_awaited every_remark_has_a_reply no_reply_is_of_a_tied_author, on a form
evaluation decision -send_back_to_assessors-> report | evaluation.decide | every_remark_is_answered, with a note
evaluation decision -vote_again-> decision | evaluation.decide | every_remark_is_answered a_tie_calls_for_a_second_vote everybody_could_vote
evaluation decision -decide-> decided | evaluation.decide | every_remark_is_answered the_panel_agrees everybody_could_vote a_decision_is_written nothing_newer_is_published, on a form
evaluation decided -resume-> self_assessment | evaluation.run | the_outcome_is_a_hold no_appeal_is_open no_other_self_assessment_is_open, with a note
evaluation published -resume-> self_assessment | evaluation.run | the_outcome_is_a_hold no_appeal_is_open no_other_self_assessment_is_open, with a note
evaluation published -follow_up-> desk_review | evaluation.run | its_accreditation_runs no_appeal_is_open the_time_to_appeal_is_over no_correction_is_open no_other_self_assessment_is_open, with a note
evaluation self_assessment -end_follow_up-> published | evaluation.run | a_follow_up_is_under_way, with a note
evaluation desk_review -end_follow_up-> published | evaluation.run | a_follow_up_is_under_way, with a note
evaluation study_visit -end_follow_up-> published | evaluation.run | a_follow_up_is_under_way, with a note
evaluation report -end_follow_up-> published | evaluation.run | a_follow_up_is_under_way, with a note
evaluation response -end_follow_up-> published | evaluation.run | a_follow_up_is_under_way, with a note
evaluation decided -reconsider-> decision | evaluation.decide | there_is_cause_to_decide_anew a_published_accreditation_runs no_appeal_is_open no_correction_is_open, with a note
evaluation published -reconsider-> decision | evaluation.decide | there_is_cause_to_decide_anew a_published_accreditation_runs no_appeal_is_open no_correction_is_open, with a note
evaluation decision -keep_decision-> published | evaluation.decide | a_condition_was_not_met, with a note
evaluation decided -meet_conditions-> decided | evaluation.decide | the_conditions_are_met, by itself
evaluation published -meet_conditions-> decided | evaluation.decide | the_conditions_are_met, by itself
evaluation decided -decide_on_appeal-> decided | evaluation.decide | a_decision_on_appeal_is_written, by itself
evaluation published -decide_on_appeal-> decided | evaluation.decide | a_decision_on_appeal_is_written, by itself
evaluation decided -correct-> decided | evaluation.decide | a_correction_is_written no_appeal_is_open, by itself
evaluation published -correct-> decided | evaluation.decide | a_correction_is_written no_appeal_is_open, by itself
evaluation self_assessment -excuse-> excused | evaluation.run | no_follow_up_is_under_way, with a note
evaluation desk_review -excuse-> excused | evaluation.run | no_follow_up_is_under_way, with a note
evaluation study_visit -excuse-> excused | evaluation.run | no_follow_up_is_under_way, with a note
evaluation report -excuse-> excused | evaluation.run | no_follow_up_is_under_way, with a note
evaluation response -excuse-> excused | evaluation.run | no_follow_up_is_under_way, with a note
evaluation excused -readmit-> self_assessment | evaluation.run | the_round_is_open no_visit_has_begun no_other_self_assessment_is_open, with a note
evaluation decided -publish-> published | evaluation.publish | a_report_is_printed no_appeal_is_open nothing_newer_is_published, on a form
evaluation published -change_extent-> published | evaluation.publish | , on a form, with a note
visit proposed -propose-> proposed | visit.arrange | the_evaluation_awaits_its_visit, on a form
visit cancelled -propose-> proposed | visit.arrange | the_evaluation_awaits_its_visit, on a form
visit proposed -suggest_dates-> proposed | visit.agree | the_evaluation_awaits_its_visit, on a form
visit proposed -take_back_dates-> proposed | visit.agree | , on a form
visit proposed -agree_dates-> dates_agreed | visit.agree | the_evaluation_awaits_its_visit the_team_is_independent, on a form
visit dates_agreed -change_team-> dates_agreed | visit.arrange | the_evaluation_awaits_its_visit, on a form
visit team_confirmed -change_team-> dates_agreed | visit.arrange | the_evaluation_awaits_its_visit, on a form
visit agenda_sent -change_team-> dates_agreed | visit.arrange | the_evaluation_awaits_its_visit, on a form
visit under_way -change_team-> dates_agreed | visit.arrange | the_evaluation_awaits_its_visit, on a form
visit findings_entered -change_team-> dates_agreed | visit.arrange | the_evaluation_awaits_its_visit, on a form
visit proposed -declare-> proposed | visit.declare | , on a form
visit dates_agreed -declare-> dates_agreed | visit.declare | , on a form
visit team_confirmed -declare-> team_confirmed | visit.declare | , on a form
visit agenda_sent -declare-> agenda_sent | visit.declare | , on a form
visit proposed -step_aside-> proposed | visit.step_aside | , on a form
visit dates_agreed -step_aside-> dates_agreed | visit.step_aside | , on a form
visit team_confirmed -step_aside-> team_confirmed | visit.step_aside | , on a form
visit agenda_sent -step_aside-> agenda_sent | visit.step_aside | , on a form
visit under_way -step_aside-> under_way | visit.step_aside | , on a form
visit findings_entered -step_aside-> findings_entered | visit.step_aside | , on a form
visit dates_agreed -confirm_team-> team_confirmed | visit.arrange | the_evaluation_awaits_its_visit every_member_has_declared the_team_is_independent, by itself
visit under_way -send_agenda-> under_way | visit.plan | the_team_is_independent, on a form
visit team_confirmed -send_agenda-> agenda_sent | visit.plan | the_team_is_independent, on a form
visit agenda_sent -send_agenda-> agenda_sent | visit.plan | the_team_is_independent, on a form
visit dates_agreed -put_off-> proposed | visit.put_off | , with a note
visit team_confirmed -put_off-> proposed | visit.put_off | , with a note
visit agenda_sent -put_off-> proposed | visit.put_off | , with a note
visit dates_agreed -change_dates-> dates_agreed | visit.arrange | the_evaluation_awaits_its_visit the_team_is_independent, on a form, with a note
visit team_confirmed -change_dates-> team_confirmed | visit.arrange | the_evaluation_awaits_its_visit the_team_is_independent, on a form, with a note
visit agenda_sent -change_dates-> team_confirmed | visit.arrange | the_evaluation_awaits_its_visit the_team_is_independent, on a form, with a note
visit proposed -cancel-> cancelled | visit.arrange | , with a note
visit dates_agreed -cancel-> cancelled | visit.arrange | , with a note
visit team_confirmed -cancel-> cancelled | visit.arrange | , with a note
visit agenda_sent -cancel-> cancelled | visit.arrange | , with a note
visit under_way -cancel-> cancelled | visit.arrange | , with a note
visit findings_entered -cancel-> cancelled | visit.arrange | , with a note
visit team_confirmed -begin-> under_way | visit.observe | the_self_assessment_is_accepted the_team_is_independent the_visit_is_about_something today_is_an_agreed_day
visit agenda_sent -begin-> under_way | visit.observe | the_self_assessment_is_accepted the_team_is_independent the_visit_is_about_something today_is_an_agreed_day
visit team_confirmed -begin_on_another_day-> under_way | visit.observe | the_self_assessment_is_accepted the_team_is_independent the_visit_is_about_something today_is_no_agreed_day, with a note
visit agenda_sent -begin_on_another_day-> under_way | visit.observe | the_self_assessment_is_accepted the_team_is_independent the_visit_is_about_something today_is_no_agreed_day, with a note
visit under_way -take_back_beginning-> team_confirmed | visit.observe | , with a note
visit under_way -finish_recording-> under_way | visit.observe | , on a form
visit under_way -go_on_recording-> under_way | visit.observe | , on a form
visit under_way -enter_findings-> findings_entered | visit.observe | every_assessor_has_finished, by itself
visit under_way -close_recording-> findings_entered | visit.sign_off | the_lead_has_finished, with a note
visit findings_entered -record_again-> under_way | visit.sign_off | the_team_is_independent, with a note
visit findings_entered -take_late_rows-> findings_entered | visit.sign_off | the_team_is_independent, on a form
visit findings_entered -leave_out_late_rows-> findings_entered | visit.sign_off | , on a form, with a note
visit findings_entered -sign_off-> signed_off | visit.sign_off | the_visit_is_about_something every_visit_indicator_has_a_finding every_difference_has_words every_divergence_has_words every_late_row_is_decided the_team_is_independent
visit signed_off -reopen-> findings_entered | evaluation.judge | , by itself
visit signed_off -send_findings-> response | evaluation.judge | , by itself
visit response -take_findings_back-> signed_off | evaluation.judge | , by itself
visit closed -take_findings_back-> signed_off | evaluation.judge | , by itself
visit signed_off -close-> closed | evaluation.judge | , by itself
visit response -close-> closed | evaluation.judge | , by itself
visit closed -plan_again-> proposed | evaluation.run | , by itself
statistics uploaded -ask_for_columns-> unmatched | statistics.import | , by itself, by the system
statistics unmatched -match_columns-> uploaded | statistics.match | , on a form
statistics uploaded -pass_checks-> checked | statistics.import | , by itself, by the system
statistics uploaded -refuse-> refused | statistics.import | , by itself, by the system
statistics unmatched -refuse-> refused | statistics.import | , by itself, by the system
statistics checked -confirm-> confirmed | statistics.confirm | every_warning_is_explained
statistics returned -confirm-> confirmed | statistics.confirm | every_warning_is_explained
statistics confirmed -accept-> accepted | statistics.accept |
statistics confirmed -send_back-> returned | statistics.accept | , with a note
statistics accepted -send_back-> returned | statistics.accept | , with a note
statistics unmatched -withdraw-> withdrawn | statistics.confirm | , with a note
statistics checked -withdraw-> withdrawn | statistics.confirm | , with a note
statistics confirmed -withdraw-> withdrawn | statistics.confirm | , with a note
statistics returned -withdraw-> withdrawn | statistics.confirm | , with a note
statistics accepted -withdraw-> withdrawn | statistics.confirm | , with a note
statistics confirmed -supersede-> superseded | statistics.confirm | , by itself
statistics accepted -supersede-> superseded | statistics.confirm | , by itself
statistics superseded -restore-> confirmed | statistics.confirm | , by itself
statistics superseded -restore_accepted-> accepted | statistics.accept | , by itself
recommendation drafted -issue-> issued | evaluation.decide | , by itself
recommendation issued -accept-> accepted | recommendation.answer | no_condition_follows_it
recommendation issued -contest-> contested | recommendation.answer | no_condition_follows_it, with a note
recommendation contested -insist-> issued | recommendation.run | , with a note
recommendation contested -withdraw-> closed | recommendation.run | , with a note
recommendation accepted -start-> in_progress | recommendation.work | no_condition_follows_it
recommendation in_progress -submit_evidence-> evidence_submitted | recommendation.work | a_proof_is_attached no_condition_follows_it, with a note
recommendation evidence_submitted -verify-> verified | recommendation.verify |
recommendation evidence_submitted -refuse-> not_verified | recommendation.verify | , with a note
recommendation not_verified -resume-> in_progress | recommendation.work | no_condition_follows_it
recommendation issued -settle_by_condition-> verified | evaluation.decide | , by itself
recommendation contested -settle_by_condition-> verified | evaluation.decide | , by itself
recommendation accepted -settle_by_condition-> verified | evaluation.decide | , by itself
recommendation in_progress -settle_by_condition-> verified | evaluation.decide | , by itself
recommendation evidence_submitted -settle_by_condition-> verified | evaluation.decide | , by itself
recommendation not_verified -settle_by_condition-> verified | evaluation.decide | , by itself
recommendation verified -close-> closed | recommendation.run |
appeal written -lodge-> lodged | appeal.lodge | the_decision_can_be_contested, on a form
appeal lodged -withdraw-> withdrawn | appeal.lodge | , with a note
appeal lodged -uphold-> upheld | appeal.hear | a_ruling_upholds_it, on a form
appeal lodged -dismiss-> dismissed | appeal.hear | a_ruling_dismisses_it, on a form
correction written -propose-> proposed | evaluation.decide | the_decision_can_be_corrected, on a form
correction proposed -confirm-> confirmed | evaluation.decide | the_decision_can_be_corrected, on a form
correction proposed -drop-> dropped | evaluation.decide | , with a note
accreditation granted -begin-> valid | evaluation.publish | , by itself
accreditation granted -begin_suspended-> suspended | evaluation.publish | , by itself
accreditation valid -suspend-> suspended | accreditation.run | it_has_not_ended, with a note
accreditation suspended -reinstate-> valid | accreditation.run | it_has_not_ended, with a note
accreditation valid -check_midterm-> valid | accreditation.run | the_midterm_check_is_due, with a note
accreditation valid -withdraw-> withdrawn | accreditation.run | it_has_not_ended, by itself
accreditation suspended -withdraw-> withdrawn | accreditation.run | it_has_not_ended, by itself
accreditation withdrawn -restore-> valid | accreditation.restore | nothing_newer_runs, by itself
accreditation withdrawn -restore_suspended-> suspended | accreditation.restore | nothing_newer_runs, by itself
accreditation withdrawn -restore_replaced-> replaced | accreditation.restore | , by itself
accreditation valid -give_up-> withdrawn | accreditation.give_up | it_has_not_ended, with a note
accreditation suspended -give_up-> withdrawn | accreditation.give_up | it_has_not_ended, with a note
accreditation valid -expire-> expired | accreditation.run | , by itself, by the system
accreditation suspended -expire-> expired | accreditation.run | , by itself, by the system
accreditation expired -take_back_expiry-> valid | accreditation.run | it_has_not_ended it_was_valid_when_it_expired nothing_newer_runs, with a note
accreditation expired -take_back_expiry_suspended-> suspended | accreditation.run | it_has_not_ended it_was_suspended_when_it_expired nothing_newer_runs, with a note
accreditation valid -replace-> replaced | evaluation.publish | , by itself
accreditation suspended -replace-> replaced | evaluation.publish | , by itself
network_year waiting -publish-> public | statistics.publish | , on a form
network_year public -publish-> public | statistics.publish | , on a form
network_year retracted -publish-> public | statistics.publish | , on a form
network_year public -retract-> retracted | statistics.publish | , with a note
consultation draft -open-> open | consultation.run | the_consultation_begins somebody_is_invited the_edition_is_a_draft, by the system
consultation draft -discard-> draft | consultation.run | , by the system, with a note
consultation open -extend-> open | consultation.run | the_last_day_is_to_come, on a form
consultation open -close-> closed | consultation.run | , by the system
good_practice proposed -revise-> proposed | practice.write | , on a form
good_practice asked -revise-> proposed | practice.write | , on a form
good_practice consented -revise-> proposed | practice.write | , on a form
good_practice refused -revise-> proposed | practice.write | , on a form
good_practice withdrawn -revise-> proposed | practice.write | , on a form
good_practice proposed -ask-> asked | practice.write | the_note_is_published_good_practice the_practice_has_a_text
good_practice asked -consent-> consented | practice.consent | , on a form
good_practice asked -refuse-> refused | practice.consent | , with a note
good_practice consented -publish-> published | practice.publish | the_consent_is_to_this_text
good_practice published -take_down-> consented | practice.publish | , with a note
good_practice consented -withdraw-> withdrawn | practice.consent |
good_practice published -withdraw-> withdrawn | practice.consent |
exchange requested -accept-> accepted | exchange.host | the_host_offers_and_has_room
exchange requested -decline-> declined | exchange.host | , with a note
exchange accepted -hold-> held | exchange.visit | , on a form
exchange held -close-> closed | exchange.host |
exchange requested -cancel-> cancelled | exchange.cancel | , with a note
exchange accepted -cancel-> cancelled | exchange.cancel | , with a note
person_change written -make-> confirmed | people.invite | nobody_else_is_needed, on a form
person_change written -propose-> proposed | people.propose | nothing_has_changed_since, on a form
person_change proposed -confirm-> confirmed | people.confirm | nothing_has_changed_since, by the system
person_change proposed -drop-> dropped | people.drop |
fulfilment set -send-> evidence_sent | recommendation.work | it_is_asked the_panel_does_not_decide_anew evidence_is_added, with a note
fulfilment extended -send-> evidence_sent | recommendation.work | it_is_asked the_panel_does_not_decide_anew evidence_is_added, with a note
fulfilment not_met -send-> evidence_sent | recommendation.work | it_is_asked the_panel_does_not_decide_anew evidence_is_added, with a note
fulfilment evidence_sent -send_back-> set | recommendation.verify | it_is_asked, with a note
fulfilment set -record_check-> checked | recommendation.verify | it_is_asked there_is_something_to_check, on a form, with a note
fulfilment extended -record_check-> checked | recommendation.verify | it_is_asked there_is_something_to_check, on a form, with a note
fulfilment evidence_sent -record_check-> checked | recommendation.verify | it_is_asked there_is_something_to_check, on a form, with a note
fulfilment checked -withdraw_check-> evidence_sent | recommendation.verify | it_is_asked, with a note
fulfilment checked -meet-> met | evaluation.decide | it_is_asked it_seems_met the_evaluation_is_decided no_appeal_suspends_it no_correction_replaces_it, with a note
fulfilment checked -fail-> not_met | evaluation.decide | it_is_asked the_evaluation_is_decided no_appeal_suspends_it no_correction_replaces_it, with a note
fulfilment extended -extend-> extended | evaluation.decide | it_is_asked the_evaluation_is_decided no_appeal_suspends_it no_correction_replaces_it, on a form, with a note
fulfilment checked -extend-> extended | evaluation.decide | it_is_asked the_evaluation_is_decided no_appeal_suspends_it no_correction_replaces_it, on a form, with a note
fulfilment not_met -extend-> extended | evaluation.decide | it_is_asked the_evaluation_is_decided no_appeal_suspends_it no_correction_replaces_it, on a form, with a note
fulfilment set -run_out-> not_met | evaluation.run | it_is_asked no_appeal_suspends_it, by itself, by the system
fulfilment extended -run_out-> not_met | evaluation.run | it_is_asked no_appeal_suspends_it, by itself, by the system
withdrawal written -propose-> proposed | accreditation.run | its_accreditation_runs its_ground_has_substance its_days_leave_time_to_be_heard, on a form
withdrawal proposed -answer-> heard | withdrawal.answer | its_accreditation_runs a_statement_is_written, on a form
withdrawal proposed -confirm-> confirmed | withdrawal.confirm | its_accreditation_runs its_day_has_come, on a form
withdrawal heard -confirm-> confirmed | withdrawal.confirm | its_accreditation_runs its_day_has_come, on a form
withdrawal proposed -drop-> dropped | accreditation.run | , with a note
withdrawal heard -drop-> dropped | accreditation.run | , with a note
"""


def arrows_of(machine: type[Stateful]) -> list[str]:
    """Return a line for each arrow: kind, source, name, target, right, conditions, and special properties."""
    found = []
    for name, method in moves_of(machine()).items():
        for source, step in method.transitions.items():
            facts = " ".join(condition.__name__ for condition in step.conditions)
            special = "".join(f", {words}" for key, words in HOW.items() if step.custom.get(key))
            line = f"{machine.kind} {source} -{name}-> {step.target or source} | {step.permission.right} | {facts}{special}"
            found.append(line.rstrip())
    return found


def test_these_are_all_the_arrows():
    assert [line for machine in MACHINES for line in arrows_of(machine)] == ARROWS.strip().splitlines()


def test_every_machine_is_known_by_its_own_word():
    assert [machine.kind for machine in MACHINES] == [
        *("round", "evaluation", "visit", "statistics", "recommendation"),
        *("appeal", "correction", "accreditation", "network_year", "consultation"),
        *("good_practice", "exchange", "person_change", "fulfilment", "withdrawal"),
    ]
    assert set(MACHINES) == set(Stateful.__subclasses__())


def test_every_fact_of_an_arrow_tells_its_reasons():
    facts = {
        fact
        for machine in MACHINES
        for method in moves_of(machine()).values()
        for step in method.transitions.values()
        for fact in step.conditions
    }
    assert all(isinstance(fact, Condition) and fact.__doc__ for fact in facts)


# --- By `perform` ------------------------------------------------------------------------------------------------


def refused(thing, name, by, note="") -> tuple[Reason, ...]:
    """Return the reasons of the refusal. Assert that nothing was written: no step, no note, the same state."""
    before = (new(Step).count(), new(StepWords).count(), type(thing).objects.get(pk=thing.pk).state)
    with pytest.raises(Refusal) as caught:
        perform(thing, name, by=by, note=note)
    assert (new(Step).count(), new(StepWords).count(), type(thing).objects.get(pk=thing.pk).state) == before
    assert caught.value.move == name
    return caught.value.reasons


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("state", "name", "who", "note", "target"),
    [
        ("self_assessment", "submit", "coordinator", "", "desk_review"),
        ("desk_review", "send_back", "mce", "Complete 1.1.", "self_assessment"),
        ("desk_review", "accept", "mce", "", "study_visit"),
        ("report", "reopen_findings", "lead", "Look at 9.1.2.", "study_visit"),
        ("report", "propose", "mce", "", "response"),
        ("report", "propose", "lead", "", "response"),
        ("response", "take_back", "lead", "A finding is missing.", "report"),
        ("response", "respond", "coordinator", "", "decision"),
        ("decision", "send_back_to_assessors", "panel", "We cannot follow 3.1.", "report"),
        ("decision", "decide", "panel", "We agree.", "decided"),
        ("decided", "publish", "mce", "", "published"),
    ],
)
def test_an_evaluation_moves_when_everything_holds(state, name, who, note, target):
    stage = Stage.minimal(state)
    needs: dict[str, Any] = {}
    if name == "submit":
        needs = {"signed": SIGNED}
    if name == "respond":
        needs = {"accepts_others": True}
    if name == "send_back_to_assessors":
        stage.declare()
    if name == "decide":
        stage.agree()
        needs = {"verdict": Verdict("accredited", note), "on": MONDAY}
    step = perform(stage.evaluation, name, by=stage.user(who), note=note, **needs)
    assert stage.evaluation.state == Evaluation.objects.get(pk=stage.evaluation.pk).state == target
    assert (step.kind, step.uid, step.seq, step.move, step.source, step.target) == (
        "evaluation",
        stage.evaluation.uid,
        1,
        name,
        state,
        target,
    )
    assert (step.words.by, step.words.name, step.words.note) == (stage.user(who), stage.user(who).name, note)


def test_a_visit_goes_from_its_confirmed_team_to_signed_off_and_takes_its_evaluation_along():
    stage = Stage.minimal("study_visit")
    begin_visit(stage.visit, by=stage.people.assessor)
    perform(finish_recording(stage.visit), "sign_off", by=stage.people.lead)
    stage.evaluation.refresh_from_db()
    assert (stage.visit.state, stage.evaluation.state) == ("signed_off", "report")
    assert list(new(Step).values_list("kind", "seq", "move")) == [
        ("evaluation", 1, "begin_report"),
        ("visit", 1, "begin_on_another_day"),
        *(("visit", number, "finish_recording") for number in (2, 3, 4)),
        ("visit", 5, "enter_findings"),
        ("visit", 6, "sign_off"),
    ]


def test_a_move_from_an_old_copy_goes_by_what_is_written_now():
    stage = Stage.minimal("self_assessment")
    old = Evaluation.objects.get(pk=stage.evaluation.pk)
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    assert codes(refused(old, "submit", stage.coordinator)) == ["wrong_state"]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.kind)
def test_a_move_from_the_wrong_state_is_refused_whoever_asks(machine):
    """Every state is tried with every arrow that does not begin there, and with names that are no arrow."""
    thing = one_of(machine)
    everybody = person(*Role, hotline=HotlineFactory())
    tried = 0
    for state in machine.State:
        machine.objects.filter(pk=thing.pk).update(state=state)
        thing = machine.objects.get(pk=thing.pk)
        names = [*moves_of(thing), "save", "delete", "__init__", ""]
        for name in [name for name in names if arrow(thing, name) is None]:
            assert refused(thing, name, None) == (Reason("wrong_state"),)
            assert codes(refused(thing, name, everybody)) in (["wrong_state"], ["not_permitted"])
            tried += 1
    assert tried >= 4 * len(machine.State)


def test_without_the_right_a_move_is_refused_and_says_nothing_of_the_facts():
    stage = Stage.minimal("self_assessment")
    new(Evidence).delete()
    assert refused(stage.evaluation, "submit", stage.people.mce) == (Reason("not_permitted"),)


def test_a_contributor_may_not_submit_which_is_no_question_of_a_stake():
    stage = Stage.minimal("self_assessment")
    contributor = person(Role.CONTRIBUTOR, hotline=stage.evaluation.hotline)
    assert refused(stage.evaluation, "submit", contributor) == (Reason("not_permitted"),)


def test_who_has_a_stake_is_told_that_this_is_why():
    stage = Stage.minimal("decision")
    StakeFactory(user=stage.people.panel, hotline=stage.evaluation.hotline)
    assert refused(stage.evaluation, "send_back_to_assessors", stage.people.panel, "No.") == (Reason("has_a_stake"),)
    assert refused(stage.evaluation, "decide", stage.people.panel) == (Reason("has_a_stake"),)


def test_a_stake_in_the_team_stops_everybodys_accepting():
    stage = Stage.minimal("desk_review")
    StakeFactory(user=stage.people.assessor, hotline=stage.evaluation.hotline)
    reasons = refused(stage.evaluation, "accept", stage.people.mce)
    assert reasons == (Reason("team_tied_by_declared", names=(stage.people.assessor.name,)),)


def test_each_fact_is_asked_once_for_a_move_and_again_for_the_next(monkeypatch):
    stage = Stage.minimal("desk_review")
    (independent,) = (
        one for one in arrow(stage.evaluation, "accept").conditions if one.__name__ == "the_team_is_independent"
    )
    asked, find = [], independent._find
    monkeypatch.setattr(independent, "_find", lambda thing: asked.append(thing) or find(thing))
    perform(stage.evaluation, "accept", by=stage.people.mce)
    assert [(thing.kind, thing.conditions_met) for thing in asked] == [("evaluation", ())]
    begin_visit(stage.evaluation.visit, by=stage.people.lead)
    assert [thing.kind for thing in asked] == ["evaluation", "visit"]


def test_every_fact_that_fails_is_told_at_once():
    stage = Stage.minimal("self_assessment")
    new(Evidence).delete()
    write_answer(stage.evaluation, "9.1.2", level=None)
    write_answer(stage.evaluation, "1.2.1", level=None, not_applicable=True)
    assert refused(stage.evaluation, "submit", stage.coordinator) == (
        Reason("unanswered", codes=("9.1.2",), highest_count=1),
        Reason("exception_without_reason", codes=("1.2.1",)),
        Reason("yes_without_evidence", codes=("1.1.1",), highest_count=1),
    )


@pytest.mark.parametrize("note", ["", "  \n"])
def test_sending_back_needs_a_note(note):
    stage = Stage.minimal("desk_review")
    assert refused(stage.evaluation, "send_back", stage.people.mce, note) == (Reason("needs_note"),)


def test_a_missing_note_is_told_beside_the_facts():
    stage = Stage.minimal("desk_review", visit_state="findings_entered")
    assert codes(refused(stage.evaluation, "send_back", stage.people.mce)) == ["visit_has_begun", "needs_note"]


def test_the_system_walks_only_what_another_act_brings_about():
    stage = Stage.minimal("self_assessment")
    assert refused(stage.evaluation, "submit", None) == (Reason("not_permitted"),)
    uploaded = StatisticsImportFactory(hotline=stage.evaluation.hotline, state="uploaded")
    assert refused(uploaded, "refuse", stage.coordinator) == (Reason("not_permitted"),)
    step = perform(uploaded, "refuse", by=None, problems=())
    assert (uploaded.state, step.words.by, step.words.name) == ("refused", None, "")


def test_a_fact_binds_the_system_too():
    round_ = RoundFactory(opens_on=MONDAY.replace(year=2999), answers_until=MONDAY.replace(year=3000))
    assert codes(refused(round_, "open", None)) == ["opens_later"]


# --- Automatic moves, which only happen with another move --------------------------------------------------------

AUTOMATIC = [
    (machine, name, step)
    for machine in MACHINES
    for name, method in moves_of(machine()).items()
    for step in method.transitions.values()
    if step.custom.get("by_itself")
]


@pytest.mark.parametrize(
    ("machine", "name", "step"), AUTOMATIC, ids=[f"{m.kind} {s.source} {name}" for m, name, s in AUTOMATIC]
)
def test_a_move_that_happens_by_itself_is_performed_by_nobody(machine, name, step, monkeypatch):
    """This includes users with the right and steps of another transaction.

    Only nobody may perform it, where declared.
    """
    thing = one_of(machine)
    machine.objects.filter(pk=thing.pk).update(state=step.source)
    thing = machine.objects.get(pk=thing.pk)
    anybody = person()
    monkeypatch.setitem(TABLE, step.permission.right, always_true)
    assert step.has_perm(thing, anybody)
    assert Reason("not_permitted") in refused(thing, name, anybody)
    earlier = perform(StatisticsImportFactory(state="uploaded"), "refuse", by=None, problems=())
    with pytest.raises(ValueError, match="whose act is running"):
        perform(thing, name, by=anybody, caused_by=earlier)
    if not step.custom.get("by_system"):
        assert Reason("not_permitted") in refused(thing, name, None)


def test_a_visit_is_not_reopened_without_its_evaluation():
    stage = Stage.minimal("report")
    assert refused(stage.visit, "reopen", stage.people.lead) == (Reason("not_permitted"),)
    perform(stage.evaluation, "reopen_findings", by=stage.people.lead, note="Look at 9.1.2.")
    stage.visit.refresh_from_db()
    assert (stage.visit.state, stage.evaluation.state) == ("findings_entered", "study_visit")


def test_a_step_causes_nothing_once_its_act_has_run(monkeypatch):
    stage, causes = Stage.minimal("decided"), []
    monkeypatch.setitem(ACTS, ("evaluation", "excuse"), Act(run=lambda _thing, step: causes.append(step)))
    other = Stage.minimal("report")
    perform(other.evaluation, "excuse", by=other.people.mce, note="It closed.")
    with pytest.raises(ValueError, match="whose act is running"):
        perform(other.visit, "reopen", by=other.people.lead, caused_by=causes[0])
    monkeypatch.setitem(ACTS, ("evaluation", "publish"), Act(run=raising))
    with pytest.raises(ZeroDivisionError):
        perform(stage.evaluation, "publish", by=stage.people.mce)
    assert new(Step).count() == 1
    assert refused(other.visit, "reopen", other.people.lead) == (Reason("not_permitted"),)


def raising(_thing: Stateful, _step: Step) -> None:
    raise ZeroDivisionError


def test_an_act_moves_nothing_in_nobodys_name_that_people_move(monkeypatch):
    stage = Stage.minimal("desk_review")
    round_ = stage.evaluation.round
    causing = Act(run=lambda _thing, step: perform(round_, "close", by=None, caused_by=step))
    monkeypatch.setitem(ACTS, ("evaluation", "excuse"), causing)
    with pytest.raises(Refusal) as caught:
        perform(stage.evaluation, "excuse", by=stage.people.mce, note="It closed.")
    assert (caught.value.move, caught.value.reasons) == ("close", (Reason("not_permitted"),))
    assert not new(Step).exists()


def test_a_published_outcome_leads_to_a_follow_up_only_and_nowhere_without_an_accreditation():
    stage = Stage.minimal("published")
    everybody = [stage.coordinator, stage.people.mce, stage.people.lead, stage.people.panel]
    assert [possible_moves(stage.evaluation, user) for user in everybody] == [{}, {"follow_up": ()}, {}, {}]
    new(Accreditation).update(state="withdrawn")
    assert [possible_moves(stage.evaluation, user) for user in everybody] == [{}, {}, {}, {}]


@pytest.mark.parametrize("state", STATES)
def test_the_buttons_of_each_stage_are_these(state):
    stage = Stage.minimal(state)
    if state == "decision":
        stage.declare()
    people = ("coordinator", "mce", "lead", "assessor", "panel")
    assert {who: list(moves) for who in people if (moves := possible_moves(stage.evaluation, stage.user(who)))} == {
        "self_assessment": {"mce": ["excuse"]},
        "desk_review": {"mce": ["send_back", "accept", "excuse"]},
        "study_visit": {"mce": ["excuse"]},
        "report": {"mce": ["reopen_findings", "excuse"], "lead": ["reopen_findings"]},
        "response": {"mce": ["take_back", "go_on_without_response", "excuse"], "lead": ["take_back"]},
        "decision": {"panel": ["send_back_to_assessors"]},
        "decided": {},
        "published": {"mce": ["follow_up"]},
        "excused": {"mce": ["readmit"]},
    }[state]


def test_only_a_deferred_evaluation_offers_to_be_taken_up_again():
    stage = Stage.minimal("published")
    deferral = {"outcome": "deferred", "hand_in_by": MONDAY, "replaces": stage.evaluation.current_decision}
    DecisionFactory(scorecard=stage.scorecard, decided_by=stage.people.panel, **deferral)
    assert possible_moves(stage.evaluation, stage.people.mce) == {"resume": ()}


def test_a_button_comes_with_what_stands_in_its_way():
    stage = Stage.minimal("published")
    assert possible_moves(stage.evaluation, stage.people.mce) == {"follow_up": ()}
    tied = Stage.minimal("desk_review")
    StakeFactory(user=tied.people.assessor, hotline=tied.evaluation.hotline)
    (reason,) = possible_moves(tied.evaluation, tied.people.mce)["accept"]
    assert reason.code == "team_tied_by_declared"


def test_a_round_opens_and_closes_by_mce():
    round_, mce = RoundFactory(), person(Role.MCE_COORDINATOR)
    assert codes(refused(round_, "open", person(Role.GUIDE_EDITOR))) == ["not_permitted"]
    assert refused(round_, "open", mce) == (Reason("no_hotline"),)
    round_.chosen.add(HotlineFactory())
    perform(round_, "open", by=mce)
    waiting = round_.evaluations.get()
    assert refused(round_, "close", mce) == (Reason("not_published", names=(waiting.hotline.name,)),)
    waiting.delete()
    perform(round_, "close", by=mce)
    assert round_.state == Round.State.CLOSED


def test_figures_are_confirmed_by_the_coordinator_and_superseded_by_the_system():
    stage = Stage.minimal("self_assessment")
    statistics = StatisticsImportFactory(hotline=stage.evaluation.hotline)
    assert codes(refused(statistics, "confirm", stage.people.mce)) == ["not_permitted"]
    perform(statistics, "confirm", by=stage.coordinator)
    assert refused(statistics, "supersede", stage.coordinator) == (Reason("not_permitted"),)
    perform(StatisticsImportFactory(hotline=stage.evaluation.hotline), "confirm", by=stage.coordinator)
    statistics.refresh_from_db()
    assert statistics.state == StatisticsImport.State.SUPERSEDED


def test_a_finding_taken_back_shuts_the_sign_off():
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    write_answer(stage.evaluation, "9.1.2", Finding, level=None)
    reasons = refused(stage.visit, "sign_off", stage.people.lead)
    assert reasons == (Reason("no_finding", codes=("9.1.2",), highest_count=1),)


def test_a_recommendation_is_issued_with_the_decision_and_by_nobody_else():
    stage = Stage.minimal("decision")
    recommendation = stage.evaluation.recommendations.get()
    stage.agree()
    for by in (stage.people.lead, stage.people.panel, None):
        assert codes(refused(recommendation, "issue", by)) == ["not_permitted"]
    perform(stage.evaluation, "decide", by=stage.people.panel, verdict=Verdict("accredited", "We agree."), on=MONDAY)
    recommendation.refresh_from_db()
    assert recommendation.state == Recommendation.State.ISSUED
