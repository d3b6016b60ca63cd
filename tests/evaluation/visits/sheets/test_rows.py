"""The sheets of a visit: written separately, frozen with their criteria, counted exactly."""

from dataclasses import replace
from datetime import date, time, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.answers.judgements import Closed, Conflict
from evaluation.models import SheetRow, SheetRowVersion, User, Visit, VisitSheet
from evaluation.visits.sheets.results import Count, SheetResult, compute_result, link_results
from evaluation.visits.sheets.rows import (
    MARKS,
    InvalidRow,
    ReadSheet,
    RowInput,
    find_row,
    find_save,
    read_sheets,
    remove_sheet_row,
    save_sheet_row,
)
from evaluation.visits.sheets.templates import Criterion, Kind, SheetTemplate
from evaluation.workflow import perform
from tests.factories import finish_recording
from tests.frozen_rows import assert_frozen
from tests.stage import Stage

pytestmark = pytest.mark.django_db

CONTACTS = SheetTemplate(
    Kind.CONTACTS,
    "en",
    (Criterion("a", {"en": "Answered."}, ("3.2.1",)), Criterion("b", {"en": "Listened."}, ("1.1", "gone"))),
    asked=10,
    threshold=80,
    keys=("3.2.2",),
)
FILES = SheetTemplate(Kind.FILES, "en", (Criterion("c", {"en": "Complete."}),))
INTERVIEWS = SheetTemplate(Kind.INTERVIEWS, "en")
CALL = RowInput("telephone", "fr", date(2026, 1, 5), time(14, 5), marks={"a": "met", "b": "na"}, words="Quick.")


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def save(
    stage: Stage,
    row: RowInput = CALL,
    *,
    by: User | None = None,
    uid: UUID | None = None,
    version: int = 0,
    **fields: Any,
) -> Any:
    template = fields.pop("template", CONTACTS)
    by = by or stage.people.assessor
    visit = Visit.objects.get(pk=stage.visit.pk)
    return save_sheet_row(visit, template, uid or uuid4(), replace(row, **fields), version=version, by=by)


def rows_read(stage: Stage, *, by: User | None = None) -> list[SheetRow]:
    read = read_sheets(Visit.objects.get(pk=stage.visit.pk), by=by)
    return [row for sheet in read.values() for row in sheet.rows]


# --- Saving ----------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_a_row_is_saved_once_with_every_version_and_the_criteria_of_that_day(stage: Stage):
    uid = uuid4()
    row = save(stage, uid=uid)
    assert save(stage, uid=uid).pk == row.pk
    assert save(stage, uid=uid, version=1, words="Slow.", template=replace(CONTACTS, criteria=())).version == 2
    (stored,) = rows_read(stage, by=stage.people.assessor)
    assert (stored.words, stored.starts, stored.marks) == ("Slow.", time(14, 5), {"a": "met", "b": "na"})
    assert SheetTemplate.read(VisitSheet.objects.get().template) == CONTACTS
    kept = SheetRowVersion.objects.order_by("version").values_list("version", "words", "channel", "is_removed")
    assert list(kept) == [(1, "Quick.", "telephone", False), (2, "Slow.", "telephone", False)]
    assert SheetRowVersion.objects.first().marks == stored.marks


def test_a_row_changed_elsewhere_is_a_conflict_and_nothing_is_overwritten(stage: Stage):
    uid = save(stage).uid
    save(stage, uid=uid, version=1, words="On the telephone.")
    late = save(stage, uid=uid, version=1, words="On the tablet.")
    assert isinstance(late, Conflict)
    assert late.theirs.words == SheetRow.objects.get().words == "On the telephone."


def test_a_removed_row_counts_no_more_and_can_be_put_back(stage: Stage):
    row, by = save(stage), stage.people.assessor
    assert remove_sheet_row(row, by=by).version == 2
    assert remove_sheet_row(row, by=by).version == 2
    assert rows_read(stage, by=by) == []
    assert isinstance(save(stage, uid=row.uid, version=1, words="Again."), Conflict)
    assert remove_sheet_row(row, by=by, is_removed=False).version == 3
    assert rows_read(stage, by=by) == [row]


def test_saving_a_removed_row_puts_it_back_and_a_removal_is_over_the_version_that_was_seen(stage: Stage):
    row, by = save(stage), stage.people.assessor
    save(stage, uid=row.uid, version=1, words="Newer.")
    late = remove_sheet_row(row, by=by, version=1)
    assert isinstance(late, Conflict)
    assert late.theirs.words == "Newer."
    assert remove_sheet_row(row, by=by, version=2).is_removed
    again = save(stage, uid=row.uid, version=3, words="Newer.")
    assert (again.is_removed, again.version) == (False, 4)


@pytest.mark.everywhere
def test_a_save_is_found_by_what_it_wrote_over_which_version(stage: Stage):
    row, by = save(stage), stage.people.assessor
    save(stage, uid=row.uid, version=1, words="Newer.")
    remove_sheet_row(row, by=by)

    def found(wanted: RowInput | None, version: int, by: User = by) -> int | None:
        return find_save(stage.visit, row.uid, wanted, version=version, by=by)

    assert [found(CALL, 0), found(replace(CALL, words="Newer."), 1), found(None, 2)] == [1, 2, 3]
    assert [found(CALL, 1), found(None, 1), found(CALL, 2), found(CALL, 3), found(CALL, 0, stage.people.lead)] == [
        None
    ] * 5


def test_a_row_that_is_changed_after_it_was_removed_in_another_window_is_put_back(stage: Stage):
    row = save(stage)
    remove_sheet_row(row, by=stage.people.assessor)
    late = save(stage, uid=row.uid, version=1)  # an old change: the row stays removed
    assert isinstance(late, Conflict)
    assert save(stage, uid=row.uid, version=late.theirs.version).version == 3
    assert rows_read(stage, by=stage.people.assessor) == [row]


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"channel": "", "day": None}, {"channel": "required", "day": "required"}),
        ({"channel": "pigeon"}, {"channel": "unknown"}),
        ({"words": "x" * 4001}, {"words": "too_long"}),
        ({"words": "Anna said: write to anna@mail.test"}, {"words": "looks_personal"}),
        ({"words": "Called from 0470 12 34 56."}, {"words": "looks_personal"}),
        ({"marks": {"a": "met"}}, {"marks.b": "required"}),
        ({"marks": {"a": "met", "b": "perhaps"}}, {"marks.b": "unknown"}),
        ({"marks": {"a": "met", "b": "met", "z": "met"}}, {"marks.z": "unknown"}),
    ],
)
def test_what_is_wrong_is_said_of_its_field_and_nothing_is_written(stage: Stage, fields: Any, problems: Any):
    with pytest.raises(InvalidRow) as invalid:
        save(stage, **fields)
    assert invalid.value.problems == problems
    assert not VisitSheet.objects.exists()


def test_no_more_files_meet_a_criterion_than_were_looked_at(stage: Stage):
    for looked_at, marks, problems in (
        (10, {"c": 11}, {"marks.c": "more_than_looked_at"}),
        (0, {"c": 0}, {"looked_at": "unknown"}),
        (10, {"c": -1}, {"marks.c": "unknown"}),
        (10, {"c": "met"}, {"marks.c": "unknown"}),
        (None, {"c": 3}, {"looked_at": "required"}),
    ):
        with pytest.raises(InvalidRow) as invalid:
            save(stage, RowInput(looked_at=looked_at, marks=marks), template=FILES)
        assert invalid.value.problems == problems
    assert save(stage, RowInput(looked_at=10, marks={"c": 10}), template=FILES).version == 1


def test_a_day_that_has_not_come_is_refused_and_an_interview_needs_words(stage: Stage):
    tomorrow = stage.round.today + timedelta(days=1)
    with pytest.raises(InvalidRow) as invalid:
        save(stage, RowInput(role="Shift lead", topic="Nights", day=tomorrow), template=INTERVIEWS)
    assert invalid.value.problems == {"words": "required", "day": "in_the_future"}


def test_a_sheet_has_a_limit(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("evaluation.visits.sheets.rows.MOST_ROWS", 1)
    row = save(stage)
    with pytest.raises(InvalidRow):
        save(stage)
    assert save(stage, uid=row.uid, version=1, words="Changed.").version == 2
    assert save(stage, by=stage.people.lead).version == 1


# --- Separately, then together ---------------------------------------------------------------------------------------


def test_each_reads_their_own_rows_until_all_have_finished(stage: Stage):
    lead, assessor = stage.people.lead, stage.people.assessor
    uid = save(stage, by=lead).uid
    own = save(stage, by=assessor, uid=uid)
    assert own.by == assessor, "a uid of somebody else gives nothing away"
    assert [row.by for row in rows_read(stage, by=assessor)] == [assessor]
    perform(stage.visit, "finish_recording", by=assessor)
    assert isinstance(save(stage, by=assessor), Closed)
    assert isinstance(save(stage, by=assessor, uid=uid, version=1, words="Late."), Closed)
    assert isinstance(remove_sheet_row(own, by=assessor), Closed)
    assert isinstance(save(stage, by=stage.people.elsewhere), Closed)
    for user in (lead, stage.people.judge):
        perform(Visit.objects.get(pk=stage.visit.pk), "finish_recording", by=user)
    assert {row.by for row in rows_read(stage)} == {lead, assessor}
    stage.visit.team.filter(user=assessor).delete()
    assert {row.by for row in rows_read(stage)} == {lead}


@pytest.mark.everywhere
def test_what_was_signed_off_is_frozen_and_a_visit_held_again_begins_new_sheets(stage: Stage):
    by = stage.people.assessor
    row = save(stage)
    finish_recording(stage.visit)
    SheetRow.objects.update(signed_off_at=row.at)
    assert [one.pk for one in rows_read(stage)] == [row.pk]
    for model in (SheetRow, VisitSheet, SheetRowVersion):
        assert_frozen(model)
    Visit.objects.update(state=Visit.State.UNDER_WAY)
    stage.visit.team.update(finished_at=None)
    assert find_row(stage.visit, Kind.CONTACTS, row.uid, by=by) is None
    assert rows_read(stage, by=by) == []
    again = save(stage, uid=row.uid, template=replace(CONTACTS, asked=5))
    assert (again.pk != row.pk, again.sheet.number) == (True, 2)
    assert [one.pk for one in rows_read(stage)] == [again.pk]
    assert isinstance(remove_sheet_row(row, by=by), Closed)


def test_signing_off_freezes_the_sheets_of_the_team_which_is_another_one_later():
    signed = Stage.minimal("study_visit", visit_state="under_way")
    row, left = save(signed), save(signed, by=signed.people.lead)
    SheetRow.objects.filter(pk=left.pk).update(by=signed.people.elsewhere)  # a former member of the team
    visit = finish_recording(signed.visit)
    perform(visit, "sign_off", by=signed.people.lead)
    row.refresh_from_db()
    assert row.signed_off_at is not None
    visit.team.filter(user=row.by).update(user=signed.people.elsewhere)  # the team of the follow-up visit
    assert rows_read(signed) == [row]


# --- Results ---------------------------------------------------------------------------------------------------------


def result_of(template: SheetTemplate, *marks: dict[str, Any], looked_at: int | None = None) -> SheetResult:
    rows = tuple(SheetRow(marks=one, looked_at=looked_at) for one in marks)
    return compute_result(ReadSheet(template, rows))


def test_the_share_is_of_those_to_which_a_criterion_applies():
    marks = [{"a": "met", "b": "na"}] * 7 + [{"a": "met", "b": "met"}, {"a": "not_met", "b": "met"}]
    result = result_of(CONTACTS, *marks)
    answered, listened = result.criteria
    assert (answered.count, answered.not_applicable) == (Count(8, 9, 80), 0)
    assert (listened.count, listened.not_applicable) == (Count(2, 2, 80), 7)
    assert (result.every, result.missing, result.reached) == (Count(8, 9), 1, Count(2, 2))
    assert result.is_passed is None, "a contact is missing, so nobody can say"


def test_four_fifths_is_enough_and_a_hair_less_is_not():
    assert Count(8, 10, 80).is_reached
    assert not Count(799, 1000, 80).is_reached
    assert Count(0, 0, 80).is_reached is None
    assert Count(9, 10).is_reached is None
    passed = [{"a": "met", "b": "na"}] * 8 + [{"a": "not_met", "b": "na"}] * 2
    assert result_of(CONTACTS, *passed).is_passed
    assert result_of(CONTACTS, *passed[1:], passed[-1]).is_passed is False
    assert result_of(CONTACTS, *passed[1:]).is_passed is None, "one more contact may reach it"


def test_files_are_counted_by_number():
    result = result_of(FILES, {"c": 9}, {"c": 3}, looked_at=10)
    (complete,) = result.criteria
    assert (complete.count.share, result.every, result.is_passed) == (Fraction(3, 5), None, None)


@given(st.lists(st.fixed_dictionaries({"a": st.sampled_from([*MARKS]), "b": st.sampled_from([*MARKS])}), max_size=30))
def test_what_is_counted_is_all_of_it_once(marks: list[dict[str, str]]):
    result = result_of(CONTACTS, *marks)
    for one in result.criteria:
        given_marks = [each[one.criterion.key] for each in marks]
        assert one.count.of + one.not_applicable == len(marks)
        assert one.count.met == given_marks.count("met") <= one.count.of
        if one.count.of:
            assert one.count.is_reached == (given_marks.count("met") * 5 >= one.count.of * 4)
    assert result.every is not None
    assert result.every.met <= result.every.of <= len(marks)
    if result.is_passed:
        assert all(one.count.is_reached is not False for one in result.criteria)
        assert len(marks) >= CONTACTS.asked


def test_results_are_linked_by_permanent_key_and_a_standard_stands_for_its_indicators(stage: Stage):
    links = link_results(stage.framework, [result_of(CONTACTS, {"a": "met", "b": "met"})])
    standard = stage.framework.standards["1.1"]
    assert {*links} == {"3.2.1", "3.2.2", *(indicator.code for indicator in standard.indicators)}
    assert links["3.2.2"][0].criterion is None
    assert links["3.2.1"][0].criterion.criterion.key == "a"
