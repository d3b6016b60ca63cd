"""The declaration of a submission, and the signature that is stored with its copy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evaluation.answers.declaration import find_declaration
from evaluation.answers.submission import is_intact, read_submission
from evaluation.models import Evaluation, StepWords, Submission
from evaluation.workflow import Refusal, perform
from standards.framework import canonical, digest
from tests.bystander import new
from tests.factories import SIGNED, EvidenceFactory, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("self_assessment")


def reload(stage: Stage) -> Evaluation:
    return Evaluation.objects.get(pk=stage.evaluation.pk)


def submit(stage: Stage, signed=SIGNED) -> Submission:
    perform(reload(stage), "submit", by=stage.coordinator, signed=signed)
    return stage.evaluation.submissions.first()


def test_the_copy_has_what_was_signed_and_when_and_the_seal_of_who_signed(stage: Stage):
    kept = submit(stage)
    assert read_submission(kept)["declaration"] == {
        "text": SIGNED.text,
        "language": "en",
        "signed_at": kept.step.at.isoformat(),
        "signed_by": kept.step.by_seal,
    }
    assert is_intact(kept)
    StepWords.objects.filter(step=kept.step).delete()
    assert is_intact(Submission.objects.get(pk=kept.pk))


def test_a_copy_that_names_another_signer_is_not_intact(stage: Stage):
    kept = submit(stage)
    copy = read_submission(kept)
    copy["declaration"]["signed_by"] = "0" * 64
    kept.payload = canonical(copy)
    kept.sha256 = digest(kept.payload)
    assert not is_intact(kept)


def test_a_copy_of_the_first_version_has_no_declaration_and_is_intact(stage: Stage):
    kept = submit(stage)
    copy = {name: part for name, part in read_submission(kept).items() if name != "declaration"} | {"version": 1}
    kept.payload = canonical(copy)
    kept.sha256 = digest(kept.payload)
    assert is_intact(kept)


@pytest.mark.parametrize(
    ("signed", "code"),
    [(replace(SIGNED, text=" \n"), "not_signed"), (replace(SIGNED, read="of other answers"), "answers_changed")],
)
def test_nothing_is_submitted_unsigned_or_on_other_answers_than_were_read(stage: Stage, signed, code: str):
    with pytest.raises(Refusal) as caught:
        submit(stage, signed)
    assert [reason.code for reason in caught.value.reasons] == [code]
    assert not new(Submission).exists()


def test_what_was_read_is_submitted_while_nobody_changes_an_answer(stage: Stage):
    read = find_declaration(reload(stage)).digest
    write_answer(stage.evaluation, "1.1.2", level=1, words="By day.")
    assert read != find_declaration(reload(stage)).digest
    submit(stage, replace(SIGNED, read=find_declaration(reload(stage)).digest))


def test_exceptions_the_worst_level_and_evidence_that_ends_are_declared(stage: Stage):
    write_answer(stage.evaluation, "9.1.1", level=None, not_applicable=True, words="The police do it.")
    write_answer(stage.evaluation, "1.1.2", level=0, words="Nobody at night.")
    ended = stage.evaluation.round.today - timedelta(days=1)
    EvidenceFactory(
        evaluation=stage.evaluation, code="1.1.2", address="https://a.example/", document=None, ends_on=ended
    )
    found = find_declaration(reload(stage))
    assert found.exceptions == ("9.1.1",)
    assert "1.1.2" in found.worst
    assert [one.name for one in found.lapsing] == ["https://a.example/"]
    assert (found.since_last, found.since_last_round) == (None, None)


def test_what_changed_since_the_submission_before_is_declared(stage: Stage):
    submit(stage)
    perform(reload(stage), "send_back", by=stage.people.mce, note="Say more.")
    assert find_declaration(reload(stage)).since_last == ()
    write_answer(stage.evaluation, "1.1.2", level=1, words="By day.")
    assert [one.code for one in find_declaration(reload(stage)).since_last or ()] == ["1.1.2"]


def test_a_renewal_is_compared_with_the_answers_of_the_last_round(stage: Stage):
    before = Stage.minimal("published")
    write_answer(before.evaluation, "1.1.2", level=3, words="Day and night.")
    write_answer(before.evaluation, "1.2.1", level=None)
    for code in ("1.1.2", "9.1.2"):
        answer = before.evaluation.answers.get(code=code)
        write_answer(stage.evaluation, code, level=answer.level, words=answer.words)
    write_answer(stage.evaluation, "1.1.2", level=1, words="By day.")
    stage.round.edition = before.round.edition
    stage.round.save()
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(renews=before.evaluation)
    since = find_declaration(reload(stage)).since_last_round
    assert since is not None
    assert since.round_name == before.round.name
    changed = {one.code: (one.before["level"], one.now["level"]) for one in since.changes if one.code == "1.1.2"}
    assert changed == {"1.1.2": (3, 1)}
    assert "9.1.2" not in [one.code for one in since.changes]
    assert "1.2.1" in since.not_comparable
