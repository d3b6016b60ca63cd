"""Direct writes: what Python and the database do when something other than `perform` changes a state."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django_fsm import ConcurrentTransition

from evaluation.models import (
    AnswerVersion,
    Evaluation,
    FindingVersion,
    Observation,
    ObservationVersion,
    Step,
    StepWords,
    Visit,
)
from evaluation.models.reasons import Reason
from evaluation.workflow import MACHINES, Refusal, perform
from tests.bystander import new
from tests.factories import SIGNED, EvaluationFactory, begin_visit, evaluation_of
from tests.stage import Stage, one_of

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.kind)
def test_a_state_cannot_be_set_directly(machine):
    thing = one_of(machine)
    with pytest.raises(AttributeError, match="Direct state modification is not allowed"):
        thing.state = list(machine.State)[-1]


def test_a_failed_refresh_leaves_the_state_locked_and_readable():
    evaluation = EvaluationFactory()
    Evaluation.objects.filter(pk=evaluation.pk).delete()
    with pytest.raises(Evaluation.DoesNotExist):
        evaluation.refresh_from_db()
    assert evaluation.state == "self_assessment"
    for other in (evaluation, EvaluationFactory()):
        with pytest.raises(AttributeError, match="Direct state modification is not allowed"):
            other.state = "published"


@pytest.mark.parametrize("fields", [None, ["state"], ["opened_at"]])
def test_a_refreshed_thing_can_be_saved_again(fields):
    stage = Stage.minimal("self_assessment")
    other = Evaluation.objects.get(pk=stage.evaluation.pk)
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    other.refresh_from_db(fields=fields)
    if fields != ["opened_at"]:
        assert other.state == "desk_review"
        other.save()
    assert Evaluation.objects.get(pk=other.pk).state == "desk_review"


def test_an_old_copy_cannot_be_saved_over_a_newer_state():
    stage = Stage.minimal("self_assessment")
    old = Evaluation.objects.get(pk=stage.evaluation.pk)
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    with pytest.raises(ConcurrentTransition), transaction.atomic():
        old.save()
    assert Evaluation.objects.get(pk=old.pk).state == "desk_review"


def test_what_the_database_refuses_is_a_refusal_and_nothing_is_written():
    stage = Stage.minimal("self_assessment")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER nothing_more BEFORE INSERT ON evaluation_step BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        else:
            cursor.execute(
                "CREATE TRIGGER a_nothing_more BEFORE INSERT ON evaluation_step "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change('full')"
            )
    with pytest.raises(Refusal) as caught:
        perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    assert caught.value.reasons == (Reason("wrong_state"),)
    assert (stage.evaluation.state, new(Step).count(), new(StepWords).count()) == ("self_assessment", 0, 0)
    stage.evaluation.refresh_from_db()
    assert stage.evaluation.state == "self_assessment"


def test_a_day_that_is_no_state_is_kept_by_the_move():
    """`perform` saves the whole row as it is in the database, not as an old copy has it."""
    stage = Stage.minimal("study_visit")
    old = Visit.objects.get(pk=stage.visit.pk)
    Visit.objects.filter(pk=old.pk).update(ends_on=date(2026, 3, 9))
    begin_visit(old, by=stage.people.lead)
    assert (old.state, old.ends_on) == ("under_way", date(2026, 3, 9))


# --- Answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model", [AnswerVersion, FindingVersion, ObservationVersion], ids=["answers", "findings", "observations"]
)
def test_the_history_cannot_be_changed_removed_or_replaced(model):
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    row = Observation.objects.create(visit=stage.visit, by=stage.people.lead, code="1.1.2")
    Observation.objects.filter(pk=row.pk).update(version=1, words="Seen.")
    table = model._meta.db_table
    before = list(new(model).order_by("pk").values())
    assert before
    columns = ", ".join(f.column for f in model._meta.concrete_fields if f.column not in ("id", "words"))
    statements = [f"UPDATE {table} SET words = 'other'", f"DELETE FROM {table}"]
    if connection.vendor == "sqlite":
        statements.append(f"REPLACE INTO {table} ({columns}, words) SELECT {columns}, 'other' FROM {table}")
    for statement in statements:
        with pytest.raises(IntegrityError, match=r"the history of an? (answer|finding|observation) is frozen"):
            execute(statement)
    assert list(new(model).order_by("pk").values()) == before
    assert stage.evaluation.answers.count() == len(stage.evaluation.framework.indicators)


def test_whatever_changes_an_answer_leaves_its_version_behind():
    """The database itself stores the former version, even if the change bypasses `save_answer`."""
    evaluation = evaluation_of()
    which = f"evaluation_id = {evaluation.pk} AND code = '1.1.2'"
    execute(f"UPDATE evaluation_answer SET level = 2, version = version + 1 WHERE {which}")
    assert list(new(AnswerVersion).values_list("evaluation_id", "code", "version", "level")) == [
        (evaluation.pk, "1.1.2", 1, 2)
    ]
