"""`verify_log` detects changes by the owner of the database to the step log, to an edition, and to the seal."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.models import Step, StepWords
from evaluation.workflow import perform, write_step
from portal.operations.models import CalendarRun
from standards.framework import digest
from standards.models import SealedRow
from tests.evaluation.workflow.unguarded import unguarded
from tests.factories import SIGNED
from tests.stage import Stage

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.django_db, pytest.mark.everywhere]


@pytest.fixture
def stage() -> Stage:
    """Return an evaluation that was submitted and sent back, in a round with reminders. Each step is sealed."""
    stage = Stage.minimal("self_assessment")
    write_step(stage.evaluation.round, "remind", "open", by=stage.people.mce)
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    call_command("keep_dates")
    write_step(stage.evaluation.round, "remind", "open", by=stage.people.mce)
    perform(stage.evaluation, "send_back", by=stage.people.mce, note="Complete 1.1, s’il vous plaît.")
    call_command("keep_dates")
    return stage


@pytest.fixture
def seal(settings: Any) -> Path:
    return Path(settings.LOG_SEAL)


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., list[str]]]:
    """Return a function that runs the command and returns its problems. It exits with 1 exactly if there are any."""

    def run(**options: Any) -> list[str]:
        capsys.readouterr()
        failed = ""
        try:
            call_command("verify_log", **options)
        except CommandError as found:
            failed = str(found)
        printed = capsys.readouterr()
        problems = printed.err.splitlines()
        assert (failed or printed.out.rstrip()).endswith(f"Problems: {len(problems)}.")
        return problems

    return run


def step(stage: Stage, seq: int) -> Step:
    return Step.objects.get(kind="evaluation", uid=stage.evaluation.uid, seq=seq)


def lines(seal: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in seal.read_text().splitlines()]


def sealed(stage: Stage, seal: Path) -> list[int]:
    return [line["seq"] for line in lines(seal) if line["uid"] == str(stage.evaluation.uid)]


def test_what_nobody_touched_is_whole_and_each_moved_chain_is_sealed_once(stage, seal, verify):
    assert verify() == []
    assert sealed(stage, seal) == [1, 2]
    before = seal.read_bytes()
    call_command("keep_dates")
    assert seal.read_bytes() == before
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    assert verify() == []  # written since: not sealed yet
    assert verify(seal=True) == []
    assert (seal.read_bytes().startswith(before), sealed(stage, seal)) == (True, [1, 2, 3])


def test_it_holds_and_says_codes_and_numbers_only(stage, seal, verify):
    assert set(lines(seal)[0]) == {"at", "kind", "uid", "seq", "digest", "seal"}
    unguarded("UPDATE evaluation_step SET move = 'accept' WHERE id = %s", step(stage, 1).pk)
    text = " ".join(verify()) + seal.read_text()
    for word in (stage.people.mce.name, stage.coordinator.name, stage.evaluation.hotline.name, "Complete"):
        assert word not in text


def test_the_counts_stand_at_the_end(stage, seal, capsys):
    capsys.readouterr()
    call_command("verify_log")
    steps, chains = Step.objects.count(), Step.objects.values("kind", "uid").distinct().count()
    first = lines(seal)[0]["at"]
    expected = (
        f"Steps: {steps}. Chains: {chains}. Rows: {SealedRow.objects.count()}. "
        f"Lines of the seal: {len(lines(seal))}, the first of {first}. Problems: 0.\n"
    )
    assert capsys.readouterr().out == expected


def test_a_changed_step_is_named(stage, verify):
    unguarded("UPDATE evaluation_step SET move = 'accept' WHERE id = %s", step(stage, 1).pk)
    assert verify() == [f"evaluation {stage.evaluation.uid}: step 1 (accept) was changed after it was written."]


def test_a_missing_step_is_named(stage, verify):
    first = Step.objects.get(kind="round", seq=1)
    first.words.delete()
    unguarded("DELETE FROM evaluation_step WHERE id = %s", first.pk)
    assert verify() == [f"round {first.uid}: step 1 is missing."]


def test_a_chain_that_was_rewritten_to_its_end_is_told_by_the_seal(stage, verify):
    first, second = step(stage, 1), step(stage, 2)
    first.move = "accept"
    second.previous = first.own_digest
    statement = "UPDATE evaluation_step SET move = %s, previous = %s, digest = %s WHERE id = %s"
    unguarded(statement, first.move, first.previous, first.own_digest, first.pk)
    unguarded(statement, second.move, second.previous, second.own_digest, second.pk)
    assert verify() == [
        f"evaluation {stage.evaluation.uid}: step 1 is not the one that was sealed. It, or a step before it, was changed "
        "or inserted after it was sealed."
    ]


def test_an_inserted_step_is_named(stage, verify):
    first, second = step(stage, 1), step(stage, 2)
    between = Step(**{f.attname: getattr(first, f.attname) for f in Step._meta.concrete_fields if not f.primary_key})
    between.seq, between.previous = 2, first.digest
    between.digest = between.own_digest
    second.seq = 3
    unguarded("UPDATE evaluation_step SET seq = 3, digest = %s WHERE id = %s", second.own_digest, second.pk)
    between.save(force_insert=True)
    place = f"evaluation {stage.evaluation.uid}"
    assert verify() == [
        f"{place}: step 2 was inserted between the steps on both sides of it.",
        f"{place}: step 2 is not the one that was sealed. It, or a step before it, was changed or inserted after it was sealed.",
    ]


def test_a_chain_that_was_cut_off_at_its_end_is_named(stage, verify):
    step(stage, 2).words.delete()
    unguarded("DELETE FROM evaluation_step WHERE id = %s", step(stage, 2).pk)
    cut = f"evaluation {stage.evaluation.uid}: the chain is cut off at its end. It ends with step 1, and the seal has step 2."
    state = f"evaluation {stage.evaluation.uid}: its state is self_assessment, and its last step led to desk_review."
    assert verify() == [cut, state]
    call_command("keep_dates")  # writes no seal that would hide the change
    assert verify() == [cut, state]


def test_a_chain_that_is_gone_is_named(stage, verify):
    StepWords.objects.filter(step__kind="round").delete()
    unguarded("DELETE FROM evaluation_step WHERE kind = %s", "round")
    uid = stage.evaluation.round.uid
    assert verify() == [f"round {uid}: the whole chain is gone. The seal has it up to step 2."]


def test_a_released_edition_that_was_changed_is_named(stage, verify):
    edition = stage.evaluation.round.edition
    other = edition.structure.replace('"level":2', '"level":1', 1)
    changed = "the text was changed. Its row still has the digest of the one that was released."
    unguarded("UPDATE standards_edition SET structure = %s", other, table="standards_edition")
    row = f"edition {edition.pk}: it was changed after it was recorded."
    assert verify() == [f"edition {edition.code}: {changed}", row]
    unguarded("UPDATE standards_edition SET sha256 = %s", digest(other), table="standards_edition")
    replaced = "its digest is not the one that was sealed. It was changed or replaced after it was sealed."
    assert verify() == [f"edition {edition.code}: {replaced}", row]
    unguarded("UPDATE standards_editionwording SET payload = '{}'", table="standards_editionwording")
    assert verify() == [
        f"edition {edition.code}: {replaced}",
        f"wording {edition.code}/en: {changed}",
        row,
        f"edition wording {edition.wordings.get().pk}: it was changed after it was recorded.",
    ]


def test_a_wording_that_is_gone_or_was_inserted_is_named(stage, verify):
    wording = stage.evaluation.round.edition.wordings.get()
    statement = "UPDATE standards_editionwording SET language = 'fr', published_at = %s"
    unguarded(statement, wording.published_at - timedelta(days=9), table="standards_editionwording")
    CalendarRun.objects.update(at=timezone.now())
    place = f"wording {wording.edition.code}"
    assert verify() == [
        f"{place}/fr: the seal file lacks it, and it is older than the last run of `keep_dates`. The file was cut, or it "
        "was inserted.",
        f"{place}/en: it is gone, and the seal has it.",
        f"edition wording {wording.pk}: it was changed after it was recorded.",
    ]


def test_a_number_that_was_edited_for_a_released_text_leaves_the_other_problems_told(stage, seal, verify):
    edition = stage.evaluation.round.edition
    edited = [line | {"seq": 2} if line["kind"] == "edition" else line for line in lines(seal)]
    seal.write_text("".join(json.dumps(line) + "\n" for line in edited))
    CalendarRun.objects.update(at=timezone.now() + timedelta(days=9))
    unguarded("UPDATE standards_editionwording SET payload = '{}'", table="standards_editionwording")
    found = "\n".join(verify())
    assert "was edited or removed" in found
    assert f"edition {edition.code}: the seal file lacks it" in found
    assert f"wording {edition.code}/en: the text was changed." in found


@pytest.mark.parametrize("field", ["at", "seq", "digest", "uid", "seal"])
def test_an_edited_seal_file_is_found_and_not_continued(stage, seal, verify, field):
    first, *others = lines(seal)
    first[field] = (
        first[field] + 1 if field == "seq" else first[field].translate(str.maketrans("0123456789", "1234567890"))
    )
    edited = "".join(json.dumps(line) + "\n" for line in (first, *others))
    seal.write_text(edited)
    message = "of the seal file, or the one before it, was edited or removed, or SECRET_KEY is another one."
    assert f"Line 1 {message}" in verify()
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    with pytest.raises(CommandError, match=r"The dates are kept\. Nothing was sealed\. Line 1 of the seal file"):
        call_command("keep_dates")
    assert seal.read_text() == edited


def test_a_line_that_was_removed_or_cut_is_found(stage, seal, verify):
    whole = seal.read_bytes()
    message = "of the seal file, or the one before it, was edited or removed, or SECRET_KEY is another one."
    seal.write_bytes(whole.partition(b"\n")[2])
    assert verify()[0] == f"Line 1 {message}"
    seal.write_bytes(whole[:-9])
    assert verify()[0] == f"Line {len(whole.splitlines())} of the seal file was cut or edited: it cannot be read."


def test_a_seal_file_that_lost_its_last_lines_is_found(stage, seal, verify):
    CalendarRun.objects.update(at=timezone.now() + timedelta(hours=1))
    assert verify() == []
    kept = seal.read_bytes().splitlines(keepends=True)[:-1]
    seal.write_bytes(b"".join(kept))
    assert verify() == [
        f"round {stage.evaluation.round.uid}: the seal file lacks step 2, which is older than the last run of `keep_dates`. "
        "The file was cut, or the step was inserted.",
        f"The seal file has {len(kept)} lines, and had {len(kept) + 1} after the last run of `keep_dates`. Its end was cut off.",
    ]
    seal.unlink()
    assert [problem.partition(":")[0] for problem in verify()] == ["The seal file is missing or empty"]


def test_a_seal_file_that_is_not_there_is_begun_and_said(stage, seal, capsys):
    seal.unlink()
    capsys.readouterr()
    call_command("keep_dates")
    assert f"{seal} was not there: a new seal of the step log begins." in capsys.readouterr().err
    assert sealed(stage, seal) == [2]


def test_a_copy_of_the_seal_file_is_verified_too(stage, seal, verify, tmp_path):
    copy = tmp_path / "copy.seal"
    copy.write_bytes(seal.read_bytes())
    seal.unlink()
    assert verify(file=copy) == []
    with pytest.raises(CommandError, match="Name a copy"):
        call_command("verify_log", file=tmp_path / "none.seal")
    with pytest.raises(CommandError, match="Use it without --file"):
        call_command("verify_log", file=copy, seal=True)


def test_a_former_secret_key_counts(stage, seal, verify, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert verify() == []
    settings.SECRET_KEY_FALLBACKS = []
    assert len(verify()) > 0


def test_a_seal_file_that_cannot_be_written_does_not_stop_the_dates(settings, tmp_path, capsys):
    (tmp_path / "log").write_text("a file where the folder should be")
    settings.LOG_SEAL = tmp_path / "log" / "steps.seal"
    with pytest.raises(CommandError, match=r"The dates are kept\. The seal file .* cannot be written"):
        call_command("keep_dates")
    assert CalendarRun.objects.count() == 1


def test_a_full_disk_leaves_no_line_in_part(stage, seal, monkeypatch):
    before = seal.read_bytes()
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("portal.operations.log_seal.os.fsync", full)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("keep_dates")
    assert seal.read_bytes() == before


def test_the_number_of_queries_does_not_grow_with_the_log(stage, django_assert_num_queries, verify):
    verify()
    with CaptureQueriesContext(connection) as before:
        verify()
    for _again in range(3):
        perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
        perform(stage.evaluation, "send_back", by=stage.people.mce, note="Again.")
    with django_assert_num_queries(len(before)):
        verify()
