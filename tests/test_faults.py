"""The judge of `./go prove faults` sees every loss, doubling and half: without one it says so, with one it names it."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from evaluation.answers.judgements import AnswerInput, save_answer
from evaluation.figures.intake import spool
from evaluation.files.documents import attach_document
from evaluation.models import Answer, Document, Evaluation, Evidence, StatisticsImport
from evaluation.workflow import perform, write_step
from portal.letters.models import Letter
from portal.operations import leftovers
from reports.models import Issue, Printing
from tests.factories import (
    SIGNED,
    IssueFactory,
    PrintingFactory,
    StatisticsImportFactory,
    evaluation_of,
    released_edition,
)
from tests.faults.judging import judge
from tests.faults.kill import judge_kills
from tests.faults.people import picture
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty")]
Told = dict[str, Any]


@pytest.fixture(autouse=True)
def ages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge shortens them, in a process of its own."""
    monkeypatch.setattr(leftovers, "KEPT_FOR", leftovers.KEPT_FOR)
    monkeypatch.setattr(spool, "ORPHANED_AFTER", spool.ORPHANED_AFTER)


@pytest.fixture
def told() -> Told:
    """What was acknowledged to everybody, and all of it is kept."""
    here, decided, written = Stage.minimal("self_assessment"), Stage.minimal("decided"), evaluation_of()
    uid, letter = uuid4(), Letter.objects.create(to_address="a@example.org", language="en", sent_at=timezone.now())
    save_answer(written, "1.1.2", AnswerInput(level=2, words=str(uid)), version=0, by=here.coordinator, save_uid=uid)
    attach_document(here.evaluation, "1.1.1", content=picture(1), name="one.png", limit=10_000, by=here.coordinator)
    perform(here.evaluation, "submit", signed=SIGNED, by=here.coordinator)
    Letter.objects.exclude(pk=letter.pk).delete()  # no worker has sent them
    figures = StatisticsImportFactory(draft={"contacts": []}, file_digest="a" * 64)
    decision = decided.evaluation.decisions.get()
    PrintingFactory(decision=decision, state="done", issue=IssueFactory(decision=decision, number=2))
    return {
        "acknowledged": {
            "save": [{"uid": str(uid), "version": 1}],
            "move": [{"uid": str(here.evaluation.uid), "move": "submit"}],
            "evidence": [{"name": "one.png"}],
            "import": [{"uid": str(figures.uid)}],
            "print": [{"path": reverse("workspace:report", args=[decided.evaluation.uid]), "language": "en"}],
            "letter": [{"address": "a@example.org"}],
            "release": [{"code": released_edition().code}],
        },
        "taken": [(str(letter.uid), "a@example.org")],
    }


def found(told: Told) -> dict[str, int]:
    """How many of each were found lost, doubled or half done, where any were."""
    verdicts = judge(told)
    counts = {f"{kind} {what}": len(verdicts[kind][what]) for kind in verdicts for what in ("lost", "doubled", "half")}
    return {name: count for name, count in counts.items() if count}


def lose(kind: str, **what: Any) -> Callable[[Told], Any]:
    return lambda told: told["acknowledged"][kind].append(what)


def tear(told: Told) -> None:
    """Half of the file of the evidence, as a full disk leaves it."""
    path = Path(Document.objects.get().file.path)
    path.write_bytes(path.read_bytes()[:20])


def take_report_away(told: Told) -> None:
    Path(Issue.objects.get(number=2).pdf.path).unlink()


def print_twice(told: Told) -> None:
    decision = Issue.objects.get(number=2).decision
    PrintingFactory(decision=decision, state="done", issue=IssueFactory(decision=decision, number=3))


def move_twice(told: Told) -> None:
    evaluation = Evaluation.objects.get(uid=told["acknowledged"]["move"][0]["uid"])
    write_step(evaluation, "submit", "self_assessment", by=None)


def import_twice(told: Told) -> None:
    first = StatisticsImport.objects.get(uid=told["acknowledged"]["import"][0]["uid"])
    StatisticsImportFactory(draft={}, file_digest=first.file_digest, hotline=first.hotline, state="withdrawn")


def test_without_a_fault_nothing_is_found_and_what_broke_off_is_removed(told):
    left = storages["private"].save("evidence/00/left", ContentFile(b"half"))
    spooled = spool.spool([b"half"])
    for path in (storages["private"].path(left), spool.root() / spooled.path):
        os.utime(path, (time.time() - 1, time.time() - 1))
    verdicts = judge(told)
    assert {kind: verdicts[kind]["kept"] for kind in told["acknowledged"]} == dict.fromkeys(told["acknowledged"], 1)
    assert (verdicts["evidence"]["removed"], verdicts["import"]["removed"]) == (1, 1)
    assert found(told) == {}


@pytest.mark.parametrize(
    ("break_it", "expected"),
    [
        (lose("save", uid=str(uuid4()), version=1), "save lost"),
        (lose("evidence", name="two.png"), "evidence lost"),
        (lose("import", uid=str(uuid4())), "import lost"),
        (lose("print", path="/work/", language="fr"), "print lost"),
        (lose("letter", address="b@example.org"), "letter lost"),
        (lambda told: Answer.objects.exclude(save_uid=None).update(words="of another save"), "save half"),
        (lambda told: Answer.objects.exclude(save_uid=None).update(version=5), "save half"),
        (lambda told: told["acknowledged"]["move"].append(told["acknowledged"]["move"][0]), "move lost"),
        (move_twice, "move doubled"),
        (move_twice, "move half"),
        (tear, "evidence half"),
        (lambda told: Evidence.objects.exclude(document=None).delete(), "evidence half"),
        (take_report_away, "print half"),
        (print_twice, "print doubled"),
        (lambda told: Printing.objects.update(state="drawing"), "print half"),
        (import_twice, "import doubled"),
        (lambda told: StatisticsImport.objects.update(state="uploaded"), "import half"),
        (lambda told: told["taken"].append((str(uuid4()), "a@example.org")), "letter doubled"),
        (lambda told: Letter.objects.update(sent_at=None), "letter half"),
        (lose("release", code="never"), "release lost"),
    ],
)
def test_every_fault_is_found(told, break_it, expected):
    break_it(told)
    assert found(told).get(expected) == 1


def test_a_save_that_was_asked_for_again_was_cut_and_stored_before_the_kill_or_after_it(told):
    """In seconds after the save was stored; it was sent two seconds before, and answered two after."""
    (save,), at = told["acknowledged"]["save"], Answer.objects.exclude(save_uid=None).get().at.timestamp()
    counted = {}
    for kill, tries in ((0.1, 2), (-1, 2), (0.1, 1), (-3, 2), (3, 2)):
        save |= {"sent_at": at - 2, "answered_at": at + 2, "tries": tries}
        verdict = judge_kills({**told["acknowledged"], "kills": [at + kill]})
        counted[kill, tries] = verdict["cut"], verdict["stored"]
    assert counted == {(0.1, 2): (1, 1), (-1, 2): (1, 0), (0.1, 1): (0, 0), (-3, 2): (0, 0), (3, 2): (0, 0)}
    assert (verdict["save"]["kept"], verdict["move"]["kept"], verdict["steps"]) == (1, 1, 1)
