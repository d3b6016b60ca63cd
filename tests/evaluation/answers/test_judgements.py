"""Saving texts: nothing is overwritten, nothing is saved twice, nothing is saved too late."""

from decimal import Decimal
from uuid import uuid4

import pytest

from evaluation.answers.judgements import (
    AnswerInput,
    Closed,
    Conflict,
    InvalidAnswer,
    Saved,
    create_blank_answers,
    save_answer,
    save_finding,
    validate_answer,
)
from evaluation.models import Answer, AnswerVersion, Evaluation, Finding, FindingVersion, Visit
from evaluation.workflow import perform
from tests.bystander import new
from tests.factories import SIGNED, EvaluationFactory, evaluation_of, person, visit_of
from tests.small_edition import SMALL
from tests.stage import STATES, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]

COLUMNS = ("level", "value", "not_applicable", "words", "version", "by_id", "at", "save_uid")


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of()


@pytest.fixture
def by():
    return person()


def row(evaluation: Evaluation, code: str, model: type[Answer | Finding] = Answer) -> Answer | Finding:
    return model.objects.get(evaluation=evaluation, code=code)


def history(evaluation: Evaluation, code: str, model: type = AnswerVersion) -> list[tuple]:
    rows = model.objects.filter(evaluation_id=evaluation.pk, code=code).order_by("version")
    return list(rows.values_list(*COLUMNS))


# --- Saved -------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_with_who_and_when_and_gets_the_next_version(evaluation, by):
    save_uid = uuid4()
    answer = AnswerInput(level=2, words="Since 2019 — “déjà”.")
    assert save_answer(evaluation, "1.1.2", answer, version=0, by=by, save_uid=save_uid) == Saved(1)
    kept = row(evaluation, "1.1.2")
    assert (kept.level, kept.value, kept.not_applicable, kept.words) == (2, None, False, "Since 2019 — “déjà”.")
    assert (kept.version, kept.by, kept.save_uid) == (1, by, save_uid)
    assert kept.at is not None
    assert save_answer(evaluation, "1.1.2", AnswerInput(level=3), version=1, by=by) == Saved(2)


def test_only_the_answer_that_is_meant_changes(evaluation, by):
    other = evaluation_of(round=evaluation.round)
    save_answer(evaluation, "1.1.2", AnswerInput(level=2), version=0, by=by)
    changed = new(Answer).filter(version__gt=0)
    assert [(answer.evaluation, answer.code) for answer in changed] == [(evaluation, "1.1.2")]
    assert other.answers.count() == len(SMALL.indicators)


def test_an_answer_can_be_taken_back(evaluation, by):
    save_answer(evaluation, "1.1.2", AnswerInput(level=2, words="Mostly."), version=0, by=by)
    assert save_answer(evaluation, "1.1.2", AnswerInput(), version=1, by=by) == Saved(2)
    kept = row(evaluation, "1.1.2")
    assert (kept.level, kept.words, kept.is_given) == (None, "", False)


def test_zero_and_not_applicable_are_answers(evaluation, by):
    for code, answer in (
        ("1.1.1", AnswerInput(level=0)),
        ("3.2.2", AnswerInput(value=Decimal(0))),
        ("1.2.1", AnswerInput(not_applicable=True)),
    ):
        assert not row(evaluation, code).is_given
        save_answer(evaluation, code, answer, version=0, by=by)
        assert row(evaluation, code).is_given


def test_a_number_is_kept_exactly(evaluation, by):
    for version, number in enumerate(("92.4", "0.0001", "999999999999", "24")):
        save_answer(evaluation, "3.2.2", AnswerInput(value=Decimal(number)), version=version, by=by)
        assert row(evaluation, "3.2.2").value == Decimal(number)


def test_a_finding_may_be_good_practice_and_leaves_the_answer_as_it_is(by):
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    version = row(stage.evaluation, "1.1.2", Finding).version
    answer = AnswerInput(level=1, words="We saw two desks.", good_practice=True)
    assert save_finding(stage.evaluation, "1.1.2", answer, version=version, by=stage.people.lead) == Saved(version + 1)
    assert (row(stage.evaluation, "1.1.2", Finding).good_practice, row(stage.evaluation, "1.1.2").level) == (True, 3)
    assert new(FindingVersion).get(code="1.1.2", version=version + 1).good_practice


# --- A conflict --------------------------------------------------------------------------------------------------


def test_two_people_on_one_answer_both_keep_their_words(evaluation):
    first, second = person(), person()
    save_answer(evaluation, "1.1.2", AnswerInput(level=2, words="Mine."), version=0, by=first)
    conflict = save_answer(evaluation, "1.1.2", AnswerInput(level=1, words="Another."), version=0, by=second)
    assert isinstance(conflict, Conflict)
    assert (conflict.theirs.by, conflict.theirs.words, conflict.theirs.version) == (first, "Mine.", 1)
    assert row(evaluation, "1.1.2").words == "Mine."
    assert len(history(evaluation, "1.1.2")) == 1
    assert save_answer(evaluation, "1.1.2", AnswerInput(level=1), version=conflict.theirs.version, by=second) == Saved(
        2
    )


@pytest.mark.parametrize("version", [-1, 1, 7])
def test_a_version_that_nobody_read_is_a_clash(evaluation, by, version):
    assert isinstance(save_answer(evaluation, "1.1.2", AnswerInput(level=2), version=version, by=by), Conflict)
    assert not row(evaluation, "1.1.2").is_given


def test_the_same_save_sent_twice_is_kept_once(evaluation, by):
    save_uid = uuid4()
    sent = [
        save_answer(evaluation, "1.1.2", AnswerInput(level=2), version=0, by=by, save_uid=save_uid) for _ in range(2)
    ]
    assert sent == [Saved(1), Saved(1)]
    assert len(history(evaluation, "1.1.2")) == 1


def test_the_same_save_sent_again_later_overwrites_nothing(evaluation, by):
    first, second = uuid4(), uuid4()
    save_answer(evaluation, "1.1.2", AnswerInput(level=2), version=0, by=by, save_uid=first)
    save_answer(evaluation, "1.1.2", AnswerInput(level=3), version=1, by=by, save_uid=second)
    assert save_answer(evaluation, "1.1.2", AnswerInput(level=2), version=0, by=by, save_uid=first) == Saved(1)
    assert row(evaluation, "1.1.2").level == 3


def test_the_same_save_sent_again_after_the_submit_is_still_said_to_be_kept():
    stage = Stage.minimal("self_assessment")
    save_uid = uuid4()
    save = {"version": 1, "by": stage.coordinator, "save_uid": save_uid}
    assert save_answer(stage.evaluation, "1.1.2", AnswerInput(level=3), **save) == Saved(2)
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    assert save_answer(stage.evaluation, "1.1.2", AnswerInput(level=3), **save) == Saved(2)


def test_a_save_of_another_answer_with_the_same_uid_is_another_save(evaluation, by):
    save_uid = uuid4()
    save_answer(evaluation, "1.1.2", AnswerInput(level=2), version=0, by=by, save_uid=save_uid)
    save_answer(evaluation, "1.2.1", AnswerInput(level=1), version=0, by=by)
    assert isinstance(
        save_answer(evaluation, "1.2.1", AnswerInput(level=2), version=0, by=by, save_uid=save_uid), Conflict
    )


# --- Closed ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_answers_are_open_in_the_self_assessment_only(state):
    stage = Stage.minimal(state)
    result = save_answer(stage.evaluation, "1.1.2", AnswerInput(level=1), version=1, by=stage.coordinator)
    assert (result, row(stage.evaluation, "1.1.2").level) == (
        (Saved(2), 1) if state == "self_assessment" else (Closed(), 3)
    )


@pytest.mark.parametrize("state", Visit.State)
def test_findings_are_open_once_they_are_entered(state):
    stage = Stage.minimal("study_visit", visit_state=state)
    result = save_finding(stage.evaluation, "1.1.2", AnswerInput(level=1), version=1, by=stage.people.lead)
    assert (result, row(stage.evaluation, "1.1.2", Finding).level) == (
        (Saved(2), 1) if state == "findings_entered" else (Closed(), 3)
    )


def test_an_old_version_of_something_shut_is_shut_and_no_clash():
    stage = Stage.minimal("desk_review")
    assert save_answer(stage.evaluation, "1.1.2", AnswerInput(level=1), version=0, by=stage.coordinator) == Closed()


def test_what_is_sent_back_is_open_again():
    stage = Stage.minimal("desk_review")
    perform(stage.evaluation, "send_back", by=stage.people.mce, note="Complete 1.1.")
    assert save_answer(stage.evaluation, "1.1.2", AnswerInput(level=1), version=1, by=stage.coordinator) == Saved(2)


# --- Valid answers -----------------------------------------------------------------------------------------------

NUMBER, LEVEL, EXCEPTION = "not_a_number", "no_such_level", "exception_not_allowed"


@pytest.mark.parametrize(
    ("code", "answer", "why"),
    [
        ("1.1.2", AnswerInput(level=4), LEVEL),
        ("1.1.2", AnswerInput(level=-1), LEVEL),
        ("1.1.2", AnswerInput(value=Decimal(3)), LEVEL),
        ("1.1.2", AnswerInput(not_applicable=True), EXCEPTION),
        ("1.1.1", AnswerInput(level=1), LEVEL),
        ("1.1.1", AnswerInput(level=2), LEVEL),
        ("3.2.2", AnswerInput(level=3), NUMBER),
        ("3.2.2", AnswerInput(not_applicable=True), EXCEPTION),
        ("3.2.2", AnswerInput(value=Decimal("-0.1")), NUMBER),
        ("3.2.2", AnswerInput(value=Decimal("NaN")), NUMBER),
        ("3.2.2", AnswerInput(value=Decimal("Infinity")), NUMBER),
        ("3.2.2", AnswerInput(value=Decimal(10**12)), NUMBER),
        ("3.2.2", AnswerInput(value=Decimal("89.99999")), NUMBER),
    ],
    ids=str,
)
def test_what_does_not_fit_the_indicator_is_refused_and_not_written(evaluation, by, code, answer, why):
    with pytest.raises(InvalidAnswer) as caught:
        save_answer(evaluation, code, answer, version=0, by=by)
    assert (caught.value.code, row(evaluation, code).version) == (why, 0)


@pytest.mark.parametrize(
    ("code", "fits"),
    [("1.1.1", (0, 3)), ("9.1.1", (0, 3)), ("1.1.2", (0, 1, 2, 3))],
    ids=["essential yes or no", "core yes or no", "scale"],
)
def test_a_yes_or_no_takes_only_the_ends_of_the_scale(code, fits):
    def does(level: int) -> bool:
        try:
            validate_answer(SMALL, code, AnswerInput(level=level))
        except InvalidAnswer:
            return False
        return True

    assert tuple(level for level in range(-1, 5) if does(level)) == fits


def test_words_alone_fit_everywhere():
    for code in SMALL.indicators:
        validate_answer(SMALL, code, AnswerInput(words="We shall see."))


# --- The history -------------------------------------------------------------------------------------------------


def test_every_version_is_in_the_history_as_it_was_kept(evaluation):
    first, second = person(), person()
    versions = [
        AnswerInput(level=1, words="a"),
        AnswerInput(not_applicable=True, words="b"),
        AnswerInput(),
        AnswerInput(level=3),
    ]
    kept = []
    for version, what in enumerate(versions):
        save_answer(evaluation, "1.2.1", what, version=version, by=(first, second)[version % 2], save_uid=uuid4())
        answer = row(evaluation, "1.2.1")
        kept.append(tuple(getattr(answer, column) for column in COLUMNS))
    assert history(evaluation, "1.2.1") == kept
    assert [version[4] for version in kept] == [1, 2, 3, 4]


def test_the_history_of_a_number_is_the_number(evaluation, by):
    for version, number in enumerate(("16", "16.5", "0.1234")):
        save_answer(evaluation, "3.2.2", AnswerInput(value=Decimal(number)), version=version, by=by)
    assert [value for _, value, *_ in history(evaluation, "3.2.2")] == [Decimal(n) for n in ("16", "16.5", "0.1234")]


def test_nothing_said_yet_has_no_history(evaluation):
    assert (new(AnswerVersion).count(), new(FindingVersion).count()) == (0, 0)
    assert {answer.version for answer in evaluation.answers.all()} == {0}


# --- Blank answers -----------------------------------------------------------------------------------------------


def test_a_row_is_laid_out_for_each_indicator_of_each_evaluation():
    evaluations = [EvaluationFactory(), EvaluationFactory()]
    create_blank_answers(evaluations, Answer)
    for evaluation in evaluations:
        assert [answer.code for answer in evaluation.answers.order_by("pk")] == list(SMALL.indicators)
    assert new(Finding).count() == 0


def test_findings_are_laid_out_beside_the_answers():
    stage: Stage = Stage.minimal("self_assessment")
    visit_of(stage.evaluation)
    assert [f.code for f in stage.evaluation.findings.order_by("pk")] == list(SMALL.indicators)
