"""Each submission stores a frozen copy of the declared answers, its digest, and the changes since the one before."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluation.answers.judgements import AnswerInput, Saved, save_answer
from evaluation.answers.submission import Changed, find_changes, is_intact, read_submission
from evaluation.models import Evaluation, Evidence, PinnedFigures, Submission
from evaluation.workflow import LETTERS, Refusal, perform
from standards.framework import canonical, digest
from tests.bystander import new
from tests.factories import SIGNED, EvidenceFactory, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("self_assessment")


def submit(stage: Stage) -> Submission:
    perform(Evaluation.objects.get(pk=stage.evaluation.pk), "submit", signed=SIGNED, by=stage.coordinator)
    return stage.evaluation.submissions.first()


def send_back(stage: Stage) -> None:
    perform(Evaluation.objects.get(pk=stage.evaluation.pk), "send_back", by=stage.people.mce, note="Say more.")


def test_a_submission_keeps_the_answers_with_their_words_and_evidence_and_the_figures(stage: Stage):
    write_answer(stage.evaluation, "1.1.2", level=2, words="Two people, by turns.")
    write_answer(stage.evaluation, "3.2.2", level=None, value=Decimal(100), words="")
    EvidenceFactory(evaluation=stage.evaluation, code="1.1.2", address="https://rota.example/", document=None)
    kept = submit(stage)
    data = read_submission(kept)
    assert (kept.number, kept.step.move, kept.at) == (1, "submit", kept.step.at)
    answer = data["answers"]["1.1.2"]
    assert (answer["level"], answer["words"]) == (2, "Two people, by turns.")
    assert {"address": "https://rota.example/"} in answer["evidence"]
    assert data["answers"]["3.2.2"]["value"] == "100"
    assert data["figures"]["totals"] == new(PinnedFigures).get().totals
    assert data["edition"]["sha256"] == stage.evaluation.round.edition.sha256
    assert set(data["asked"]) <= set(stage.evaluation.framework.indicators)


def test_the_copy_is_canonical_and_has_its_digest(stage: Stage):
    kept = submit(stage)
    assert kept.payload == canonical(read_submission(kept))
    assert kept.sha256 == digest(kept.payload)
    assert is_intact(kept)
    assert not is_intact(Submission(payload=kept.payload.replace('"level":3', '"level":2', 1), sha256=kept.sha256))


def test_no_name_of_a_person_is_in_it(stage: Stage):
    payload = submit(stage).payload
    assert stage.coordinator.name not in payload
    assert stage.coordinator.email not in payload


@pytest.mark.everywhere
def test_a_submission_is_frozen(stage: Stage):
    kept = submit(stage)
    for statement in (
        lambda: new(Submission).update(payload="{}"),
        lambda: new(Submission)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="a submission is frozen"), transaction.atomic():
            statement()
    assert new(Submission).get().payload == kept.payload


def test_a_refused_submission_keeps_nothing(stage: Stage):
    write_answer(stage.evaluation, "1.1.2", level=None)
    with pytest.raises(Refusal):
        submit(stage)
    assert not new(Submission).exists()


def test_a_second_submission_is_a_copy_of_its_own_and_tells_what_changed(stage: Stage):
    first = submit(stage)
    send_back(stage)
    write_answer(stage.evaluation, "1.1.2", level=1, words="")
    answer = stage.evaluation.answers.get(code="3.2.1")
    given = AnswerInput(level=answer.level, words="Now with an example.")
    saved = save_answer(stage.evaluation, "3.2.1", given, version=answer.version, by=stage.coordinator)
    assert isinstance(saved, Saved)
    EvidenceFactory(evaluation=stage.evaluation, code="9.1.2", address="https://new.example/", document=None)
    second = submit(stage)
    assert (first.number, second.number) == (1, 2)
    found = list(find_changes(read_submission(first), read_submission(second)))
    assert {one.code: one.what for one in found} == {
        "1.1.2": (Changed.LEVEL,),
        "3.2.1": (Changed.WORDS,),
        "9.1.2": (Changed.EVIDENCE,),
    }
    assert [(one.before["level"], one.now["level"]) for one in found if one.code == "1.1.2"] == [(3, 1)]
    assert list(find_changes(read_submission(second), read_submission(second))) == []


def test_an_answer_that_one_copy_does_not_have_is_a_change():
    one, other = {"answers": {"1.1.1": {"level": 1}}}, {"answers": {"1.1.2": {"level": 2}}}
    assert [(found.code, dict(found.before), dict(found.now)) for found in find_changes(one, other)] == [
        ("1.1.2", {}, {"level": 2}),
        ("1.1.1", {"level": 1}, {}),
    ]


def test_a_copy_of_much_evidence_asks_no_more_than_one_of_little(monkeypatch):
    monkeypatch.delitem(LETTERS, (Evaluation.kind, "submit"))  # which go to the people of both scenes
    counts = []
    for links in (1, 8):
        stage = Stage.minimal("self_assessment")
        Evidence.objects.bulk_create(
            Evidence(
                evaluation=stage.evaluation, code="1.1.2", address=f"https://{n}.example/", added_by=stage.coordinator
            )
            for n in range(links)
        )
        with CaptureQueriesContext(connection) as asked:
            submit(stage)
        counts.append(len(asked))
    assert counts[0] == counts[1]
