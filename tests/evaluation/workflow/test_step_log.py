"""The step log: a chain for each object, sealed names and notes, ordered by the database itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from evaluation.models import Step, StepWords
from evaluation.models.step import GENESIS
from evaluation.workflow import perform, verify_chain, write_step
from tests.evaluation.workflow.unguarded import unguarded
from tests.factories import SIGNED, MembershipFactory, Role, StatisticsImportFactory
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


@pytest.fixture
def stage() -> Stage:
    """Return an evaluation that was submitted, sent back and submitted again."""
    stage = Stage.minimal("self_assessment")
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    perform(stage.evaluation, "send_back", by=stage.people.mce, note="Complete 1.1, s’il vous plaît.")
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    return stage


def chain(stage: Stage) -> list[Step]:
    return list(Step.objects.filter(kind="evaluation", uid=stage.evaluation.uid).order_by("seq"))


def execute(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def another(step: Step, **changed: object) -> Step:
    """Return a new step like this one, with other values."""
    fresh = Step(**{f.attname: getattr(step, f.attname) for f in Step._meta.concrete_fields if not f.primary_key})
    for name, value in changed.items():
        setattr(fresh, name, value)
    return fresh


# --- The chain ---------------------------------------------------------------------------------------------------


def test_steps_are_numbered_and_each_holds_the_digest_of_the_one_before(stage):
    steps = chain(stage)
    assert [(s.seq, s.move, s.source, s.target) for s in steps] == [
        (1, "submit", "self_assessment", "desk_review"),
        (2, "send_back", "desk_review", "self_assessment"),
        (3, "submit", "self_assessment", "desk_review"),
    ]
    assert [s.previous for s in steps] == [GENESIS, steps[0].digest, steps[1].digest]
    assert len({s.digest for s in steps} | {GENESIS}) == 4
    assert verify_chain(steps) == []


def test_each_thing_has_a_chain_of_its_own(stage):
    other = Stage.minimal("self_assessment")
    step = perform(other.evaluation, "submit", signed=SIGNED, by=other.coordinator)
    assert (step.seq, step.previous) == (1, GENESIS)


def test_a_step_holds_no_name_and_no_note(stage):
    written = " ".join(str(value) for step in chain(stage) for value in vars(step).values())
    for words in StepWords.objects.all():
        assert words.name
        assert words.name not in written
    assert "Complete" not in written
    assert {len(step.by_seal) for step in chain(stage)} == {64}


def test_the_same_name_is_sealed_differently_each_time(stage):
    first, _, third = chain(stage)
    assert first.words.by == third.words.by
    assert first.by_seal != third.by_seal


def test_a_step_by_the_system_names_nobody():
    step = perform(StatisticsImportFactory(state="uploaded"), "ask_for_columns", by=None)
    assert (step.words.by, step.words.name, verify_chain([step])) == (None, "", [])


# --- Detecting changes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("move", "accept"),
        ("source", "report"),
        ("target", "published"),
        ("by_seal", "0" * 64),
        ("note_seal", "0" * 64),
        ("at", "2020-01-01 12:00:00+00:00"),
    ],
)
def test_a_changed_step_is_found(stage, column, value):
    second = chain(stage)[1]
    unguarded(f"UPDATE evaluation_step SET {column} = %s WHERE id = %s", value, second.pk)
    problems = verify_chain(chain(stage))
    move_now = chain(stage)[1].move
    assert problems[0] == f"evaluation {stage.evaluation.uid}: step 2 ({move_now}) was changed after it was written."
    assert [problem for problem in problems if f"step 2 ({move_now})" not in problem] == []


def test_a_step_changed_together_with_its_digest_breaks_the_next_one(stage):
    second = chain(stage)[1]
    second.at += timedelta(days=1)
    unguarded("UPDATE evaluation_step SET at = %s, digest = %s WHERE id = %s", second.at, second.own_digest, second.pk)
    assert verify_chain(chain(stage)) == [
        f"evaluation {stage.evaluation.uid}: step 2, before step 3 (submit), was changed after it was written, with its digest."
    ]


def test_a_missing_step_is_found(stage):
    first, second, third = chain(stage)
    assert verify_chain([first, third]) == [f"evaluation {stage.evaluation.uid}: step 2 is missing."]
    assert verify_chain([second, third]) == [f"evaluation {stage.evaluation.uid}: step 1 is missing."]
    assert verify_chain([third]) == [
        f"evaluation {stage.evaluation.uid}: step {number} is missing." for number in (1, 2)
    ]
    assert verify_chain([]) == []


def test_an_inserted_step_is_found(stage):
    """The inserted step has a correct digest and its own number or that of another one; later steps are renumbered."""
    first, second, third = chain(stage)
    place = f"evaluation {stage.evaluation.uid}"
    inserted = another(second, move="accept", previous=first.digest)
    inserted.digest = inserted.own_digest
    assert verify_chain([first, second, inserted, third]) == [
        f"{place}: step 2 (accept) has a number that another step has; one of them was inserted."
    ]
    between = another(second, move="accept", seq=3, previous=second.digest)
    between.digest = between.own_digest
    moved = another(third, seq=4)
    assert verify_chain([first, second, between, moved]) == [
        f"{place}: step 4 (submit) was changed after it was written."
    ]
    moved.digest = moved.own_digest
    assert verify_chain([first, second, between, moved]) == [
        f"{place}: step 3 was inserted between the steps on both sides of it."
    ]


def test_steps_in_another_order_are_found(stage):
    first, second, third = chain(stage)
    assert verify_chain([first, third, second]) != []


@pytest.mark.parametrize("changed", [{"note": "It was complete."}, {"name": "Somebody else"}, {"salt": "0" * 32}])
def test_changed_words_are_found(stage, changed):
    StepWords.objects.filter(step__seq=2).update(**changed)
    assert verify_chain(chain(stage)) == [
        f"evaluation {stage.evaluation.uid}: who made step 2 (send_back), or why, was changed after it was written."
    ]


def test_words_given_to_another_person_are_found(stage):
    other = MembershipFactory(role=Role.MCE_COORDINATOR, user__name=stage.people.mce.name).user
    StepWords.objects.filter(step__seq=2).update(by=other)
    assert verify_chain(chain(stage)) == [
        f"evaluation {stage.evaluation.uid}: who made step 2 (send_back), or why, was changed after it was written."
    ]


def test_erasing_the_words_forgets_the_person_and_leaves_the_chain_true(stage):
    StepWords.objects.all().delete()
    assert (verify_chain(chain(stage)), len(chain(stage))) == ([], 3)


def test_who_walked_a_step_cannot_be_deleted_while_the_words_are_there(stage):
    with pytest.raises(ProtectedError):
        stage.people.mce.delete()


def test_a_new_name_of_a_person_does_not_change_the_log(stage):
    stage.people.mce.name = "Married Now"
    stage.people.mce.save()
    assert verify_chain(chain(stage)) == []
    assert chain(stage)[1].words.name != "Married Now"


# --- Database triggers -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement", ["UPDATE evaluation_step SET move = 'accept'", "DELETE FROM evaluation_step WHERE seq = 3"]
)
def test_the_database_refuses_to_change_or_remove_a_step(stage, statement):
    with pytest.raises(IntegrityError, match="a walked step is frozen"):
        execute(statement)
    assert verify_chain(chain(stage)) == []


def test_the_orm_can_change_a_step_no_more_than_sql(stage):
    for attempt in (
        lambda: Step.objects.update(move="accept"),
        lambda: Step.objects.filter(seq=3).update(at=chain(stage)[0].at),
        chain(stage)[0].save,
        lambda: Step.objects.bulk_update(chain(stage), ["digest"]),
    ):
        with pytest.raises(IntegrityError, match="a walked step is frozen"), transaction.atomic():
            attempt()


@pytest.mark.parametrize(
    ("seq", "previous"),
    [(3, "last"), (5, "last"), (4, "f" * 64), (4, GENESIS), (1, GENESIS)],
    ids=["twice", "one left out", "another digest", "nothing before it", "from the beginning"],
)
def test_the_database_refuses_a_step_that_is_not_next(stage, seq, previous):
    last = chain(stage)[2]
    step = another(last, seq=seq, previous=last.digest if previous == "last" else previous)
    with pytest.raises(IntegrityError, match="a step goes at the end of its chain"), transaction.atomic():
        step.save(force_insert=True)
    assert len(chain(stage)) == 3


def test_the_database_takes_a_step_that_is_next(stage):
    last = chain(stage)[2]
    another(last, seq=4, previous=last.digest).save(force_insert=True)
    assert len(chain(stage)) == 4


def test_a_chain_begins_with_number_one_and_nothing_before_it(stage):
    uid = uuid4()
    for seq, previous in ((2, GENESIS), (1, "f" * 64)):
        step = another(chain(stage)[0], uid=uid, seq=seq, previous=previous)
        with pytest.raises(IntegrityError, match="a step goes at the end of its chain"), transaction.atomic():
            step.save(force_insert=True)


def test_a_step_cannot_be_replaced(stage):
    """SQLite's INSERT OR REPLACE deletes rows without delete triggers; PostgreSQL's upsert updates them."""
    last = chain(stage)[2]
    columns = ", ".join(f.column for f in Step._meta.concrete_fields if not f.primary_key)
    with_key = f"INTO evaluation_step (id, {columns}) SELECT id, {columns} FROM evaluation_step WHERE seq = 3"
    without_key = f"INTO evaluation_step ({columns}) SELECT {columns} FROM evaluation_step WHERE seq = 3"
    if connection.vendor == "sqlite":
        statements = [f"INSERT OR REPLACE {with_key}", f"REPLACE {with_key}", f"REPLACE {without_key}"]
    else:
        statements = [f"INSERT {with_key} ON CONFLICT (id) DO UPDATE SET move = 'accept'"]
    for statement in statements:
        with pytest.raises(IntegrityError):
            execute(statement)
    assert chain(stage)[2] == last
    assert verify_chain(chain(stage)) == []


@pytest.mark.django_db(transaction=True)
def test_the_log_cannot_be_emptied(stage):
    with pytest.raises(IntegrityError, match="a walked step is frozen"):
        execute("DELETE FROM evaluation_step" if connection.vendor == "sqlite" else "TRUNCATE evaluation_step CASCADE")
    assert len(chain(stage)) == 3


def test_a_thing_that_is_gone_leaves_its_steps():
    stage = Stage.minimal("self_assessment")
    uid = stage.evaluation.uid
    for note in ("A word.", "Another."):
        write_step(stage.evaluation, "noted", "self_assessment", by=stage.people.mce, note=note)
    stage.evaluation.evidence.all().delete()
    stage.evaluation.delete()
    left = Step.objects.filter(uid=uid).order_by("seq")
    assert (len(left), verify_chain(left)) == (2, [])


def test_a_step_may_be_written_by_whoever_holds_the_lock():
    stage = Stage.minimal("self_assessment")
    step = write_step(stage.evaluation, "noted", "self_assessment", by=stage.people.mce, note="A word.")
    assert (step.seq, step.source, step.target, step.words.note) == (1, "self_assessment", "self_assessment", "A word.")
