"""A submission pins its figures: later corrections are shown with them, and count only after a step includes them."""

from fractions import Fraction

import pytest
from django.db import DatabaseError, connection, transaction

from evaluation.answers.pinned_figures import find_corrections, pinned_imports
from evaluation.judging import evidence as judging
from evaluation.models import Evaluation, PinnedFigures, Role, StatisticsImport, Step, User
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, perform, verify_chain
from reports.fact_reader import files_counted
from tests.bystander import new
from tests.factories import SIGNED, StakeFactory, StatisticsImportFactory, confirmed, evaluation_of, person, score_now
from tests.stage import Stage

pytestmark = pytest.mark.django_db

WORSE = {"A03": 1000, "A04": 700, "A05": 40, "A06": 80}
"""Figures of 960 calls, 700 answered: 72.9 per cent; the submitted figures have 91.6."""


def correct(
    evaluation: Evaluation, coordinator: User, mce: User | None = None, *, answered: int = WORSE["A04"]
) -> StatisticsImport:
    """Import and confirm another file for the same year; `mce`, if given, accepts it."""
    draft = [[item, "", "", "", "", str(value), "measured"] for item, value in (WORSE | {"A04": answered}).items()]
    statistics = StatisticsImportFactory(
        hotline=evaluation.hotline, state=StatisticsImport.State.CHECKED, draft=draft, file_name="corrected.csv"
    )
    confirmed(statistics, coordinator)
    if mce:
        perform(statistics, "accept", by=mce)
    return statistics


def level(evaluation: Evaluation) -> int | None:
    return score_now(Evaluation.objects.get(pk=evaluation.pk)).indicators["3.1.1"].level


@pytest.fixture
def stage() -> Stage:
    found = Stage.minimal("self_assessment")
    perform(found.evaluation, "submit", signed=SIGNED, by=found.coordinator)
    return found


def test_live_figures_count_until_the_submission_and_the_pinned_ones_after_it():
    stage = Stage.minimal("self_assessment")
    first = correct(stage.evaluation, stage.coordinator)
    assert level(stage.evaluation) == 1
    perform(first, "withdraw", by=stage.coordinator, note="Another mistake.")
    assert level(stage.evaluation) == 3
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    correct(stage.evaluation, stage.coordinator)
    assert level(stage.evaluation) == 3


def test_an_older_file_that_was_accepted_is_no_correction_of_what_was_submitted_in_its_place():
    stage = Stage.minimal("self_assessment")
    correct(stage.evaluation, stage.coordinator, stage.people.mce, answered=880)
    latest = correct(stage.evaluation, stage.coordinator)
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    assert find_corrections(stage.evaluation) == {}
    perform(latest, "accept", by=stage.people.mce)
    assert find_corrections(stage.evaluation) == {}, "it is what was submitted"


def test_what_is_pinned_says_where_it_is_from(stage):
    row = new(PinnedFigures).get()
    file = new(StatisticsImport).get()
    assert (row.step.move, row.totals) == ("submit", {"A03": "1000", "A04": "880", "A05": "40", "A06": "80"})
    assert row.files == [
        {
            "key": file.pk,
            "sha256": file.file_digest,
            "level": file.level,
            "from": file.period_start.isoformat(),
            "until": file.period_end.isoformat(),
            "definitions": file.definitions,
            "completeness": file.completeness,
        }
    ]


def test_a_correction_counts_only_once_a_step_with_a_reason_says_so(stage):
    evaluation = stage.evaluation
    kept = pinned_imports(evaluation)
    second = correct(evaluation, stage.coordinator)
    assert find_corrections(evaluation) == {}, "nobody accepted it"
    perform(second, "accept", by=stage.people.mce)
    found = find_corrections(evaluation)["3.1.1"]
    assert (found.counts.value, found.corrected.value) == (
        score_now(evaluation).indicators["3.1.1"].value,
        Fraction(100 * 700, 960),
    )
    assert found.at == Step.objects.get(move="accept").at
    assert level(evaluation) == 3
    assert [file.sha256 for file in files_counted(evaluation, None)] == [kept[0].file_digest]
    for by, note, reason in (
        (stage.people.mce, " ", "needs_note"),
        (stage.coordinator, "Ours.", "not_permitted"),
        (stage.people.lead, "Ours.", "not_permitted"),
    ):
        with pytest.raises(Refusal) as refused:
            perform(evaluation, "count_corrections", by=by, note=note)
        assert [reason_.code for reason_ in refused.value.reasons] == [reason]
    perform(evaluation, "count_corrections", by=stage.people.mce, note="The hotline had counted calls twice.")
    assert level(evaluation) == 1
    assert find_corrections(evaluation) == {}
    assert [file.sha256 for file in files_counted(evaluation, None)] == [second.file_digest]
    steps = Step.objects.filter(kind="evaluation", uid=evaluation.uid).order_by("seq")
    assert [(step.move, step.words.note) for step in steps][-1] == (
        "count_corrections",
        "The hotline had counted calls twice.",
    )
    assert verify_chain(steps) == []


def test_nothing_is_counted_anew_where_nothing_was_corrected_nor_by_somebody_with_a_stake(stage):
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "count_corrections", by=stage.people.mce, note="Why not.")
    assert refused.value.reasons == (Reason("no_corrections"),)
    assert not Step.objects.filter(move="count_corrections").exists()
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    tied = person(Role.MCE_COORDINATOR)
    StakeFactory(user=tied, hotline=stage.evaluation.hotline)
    with pytest.raises(Refusal) as refused:
        perform(stage.evaluation, "count_corrections", by=tied, note="Why not.")
    assert refused.value.reasons == (Reason("coordinator_is_tied", names=(stage.people.mce.name,)),)


def test_figures_sent_after_a_submission_without_any_are_a_correction_too():
    stage = Stage.minimal("self_assessment")
    new(StatisticsImport).update(state=StatisticsImport.State.WITHDRAWN)
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    found = find_corrections(stage.evaluation)["3.1.1"]
    assert (found.counts.value, level(stage.evaluation)) == (None, None)
    perform(stage.evaluation, "count_corrections", by=stage.people.mce, note="They came late, by agreement.")
    assert level(stage.evaluation) == 1


def test_sent_back_the_live_figures_count_again_and_the_next_submission_pins_them(stage):
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    perform(stage.evaluation, "send_back", by=stage.people.mce, note="Look at 3.1.1 again.")
    assert (level(stage.evaluation), find_corrections(stage.evaluation)) == (1, {})
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    assert (level(stage.evaluation), find_corrections(stage.evaluation)) == (1, {})
    assert new(PinnedFigures).count() == 2


def test_what_is_taken_out_after_the_submission_still_counts_there(stage):
    perform(new(StatisticsImport).get(), "send_back", by=stage.people.mce, note="Calls were counted twice.")
    assert level(stage.evaluation) == 3


def test_many_are_gathered_as_each_alone(stage):
    other = evaluation_of(round=stage.evaluation.round)
    correct(stage.evaluation, stage.coordinator, stage.people.mce)
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    together = judging.gather_evidence_for_many([evaluation, other])
    assert {key: evidence.figures for key, evidence in together.items()} == {
        one.pk: judging.gather_evidence(one).figures for one in (evaluation, other)
    }
    assert together[evaluation.pk].figures["A04"] == 880


@pytest.mark.everywhere
def test_pinned_figures_are_frozen(stage):
    for statement in ("UPDATE evaluation_pinnedfigures SET totals = '{}'", "DELETE FROM evaluation_pinnedfigures"):
        with (
            pytest.raises(DatabaseError, match="pinned figures are frozen"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
