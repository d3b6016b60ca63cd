"""Printing: requested, printed, stored as an issue; a repetition creates nothing, a failure leaves nothing."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.utils import timezone
from pypdf import PdfReader

from evaluation.engine.scoring import as_tenths
from evaluation.models import Decision, Evaluation, Finding, Recommendation, Role
from evaluation.workflow import perform
from reports.document import digest_of
from reports.fact_reader import read_facts
from reports.models import LOST_AFTER, Issue, Printing
from reports.pdf import close_printer
from reports.printing import make_issue, request_report
from standards.framework import digest
from tests import factories as make
from tests.bystander import files_of_bystander, new
from tests.reports.printed import compose_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision() -> Decision:
    return decided()


def decided(team: int = 1, advice: tuple[str, ...] = ("1.1.2",), files: int = 1) -> Decision:
    """Return the decision on an evaluation of the small edition, as read from the database."""
    operator = make.OperatorFactory()
    evaluation = make.evaluation_of(operator=operator, state=Evaluation.State.DECIDED)
    coordinator = make.person(Role.COORDINATOR, hotline=evaluation.hotline, operator=operator)
    for place in range(files):
        statistics = make.StatisticsImportFactory(hotline=evaluation.hotline, file_name=f"{place}.csv")
        for item, value in make.GOOD_FIGURES.items():
            make.FigureFactory(statistics=statistics, item=item, value=value)
        perform(statistics, "confirm", by=coordinator)
    make.write_all_answers(evaluation, i1_1_2={"level": 0, "words": "Nobody yet."}, i3_2_1={"level": None})
    make.visit_of(evaluation, lead=make.person(Role.ASSESSOR), members=[make.UserFactory() for _ in range(team - 1)])
    make.write_answer(evaluation, "9.1.2", Finding, level=2, words="Seen in three files.")
    card = make.scorecard_of(evaluation)
    for code in advice:
        make.RecommendationFactory(evaluation=evaluation, code=code, state=Recommendation.State.ISSUED)
    return make.DecisionFactory(scorecard=card, valid_until=None)


@pytest.fixture
def mce() -> Any:
    return make.person(Role.MCE_COORDINATOR)


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let WeasyPrint find no Pango; deleting the returned file repairs it."""
    close_printer()  # a process that has loaded the real one
    stand_in = tmp_path / "weasyprint.py"
    stand_in.write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return stand_in


def kept_files() -> list[str]:
    """Return the names of the printed reports, without those of the bystander."""
    of_bystander = {path.name for path in files_of_bystander().rglob("*.pdf")}
    return [name for name in storages["private"].listdir("reports")[1] if name not in of_bystander]


# --- Facts -------------------------------------------------------------------------------------------------------


def test_the_facts_are_those_of_the_decision(decision: Decision) -> None:
    facts = read_facts(decision, "en")
    evaluation = decision.evaluation
    assert (facts.hotline.code, facts.hotline.operator) == (evaluation.hotline.code, evaluation.operator.name)
    assert (facts.scorecard.sha256, facts.scorecard.input_digest) == (
        decision.scorecard.sha256,
        decision.scorecard.input_digest,
    )
    assert as_tenths(facts.scorecard.card.overall) == decision.scorecard.overall_tenths
    assert {code: seen.words for code, seen in facts.findings.items()} == {"9.1.2": "Seen in three files."}
    assert facts.answers == {"1.1.2": "Nobody yet."}
    assert [advice.code for advice in facts.recommendations] == ["1.1.2"]
    assert [file.name for file in facts.files] == ["0.csv"]


def test_a_dropped_or_drafted_recommendation_is_not_told(decision: Decision) -> None:
    make.RecommendationFactory(evaluation=decision.evaluation, code="3.2.1", state="issued", is_dropped=True)
    make.RecommendationFactory(evaluation=decision.evaluation, code="3.2.2")
    assert [advice.code for advice in read_facts(decision, "en").recommendations] == ["1.1.2"]


def test_a_file_that_was_confirmed_after_the_scoring_is_not_a_source(decision: Decision) -> None:
    hotline = decision.evaluation.hotline
    later = make.StatisticsImportFactory(hotline=hotline, file_name="later.csv")
    perform(later, "confirm", by=make.person(Role.COORDINATOR, hotline=hotline))
    assert [file.name for file in read_facts(decision, "en").files] == ["0.csv"]


def test_the_codes_of_a_file_are_words_in_the_language_of_the_report(decision: Decision) -> None:
    assert {(f.source_system, f.completeness) for f in read_facts(decision, "en").files} == {
        ("Own case system", "Complete")
    }
    assert {(f.source_system, f.completeness) for f in read_facts(decision, "fr").files} == {
        ("Système de dossiers propre", "Complet")
    }


@pytest.mark.everywhere
def test_gathering_takes_the_same_queries_for_little_and_for_much(django_assert_num_queries: Any) -> None:
    small = decided()
    large = decided(team=4, advice=("1.1.1", "1.1.2", "3.2.1", "9.1.1"), files=3)
    with django_assert_num_queries(14):
        read_facts(small, "en")
    with django_assert_num_queries(14):
        read_facts(large, "en")


# --- Issues ------------------------------------------------------------------------------------------------------


def test_an_issue_keeps_the_document_and_the_pdf_with_their_digests(decision: Decision) -> None:
    stages: list[str] = []
    issue = make_issue(decision, "en", stages.append)
    issue = Issue.objects.get(pk=issue.pk)
    with issue.pdf.open("rb") as file:
        pdf = file.read()
    assert stages == ["composing", "drawing", "setting"]
    assert (issue.number, issue.language) == (1, "en")
    assert issue.document_sha256 == digest(issue.document)
    assert issue.pdf_sha256 == hashlib.sha256(pdf).hexdigest()
    assert (issue.size, issue.pages) == (len(pdf), len(PdfReader(BytesIO(pdf)).pages))
    assert json.loads(issue.document)["summary"]["overall"]["tenths"] == decision.scorecard.overall_tenths
    assert kept_files() == [f"{issue.uid}.pdf"]
    assert make_issue(decision, "en") == issue  # a repetition gives the same issue
    assert kept_files() == [f"{issue.uid}.pdf"]


@pytest.mark.usefixtures("quick_printer")
def test_a_change_gives_the_next_number(decision: Decision) -> None:
    as_it_was = digest_of(compose_report(decision, "en"))
    first = make.IssueFactory(decision=decision, document_sha256=as_it_was)
    assert make_issue(decision, "en") == first
    Recommendation.objects.filter(code="1.1.2").update(owner="Ilze", due_on=date(2027, 3, 31))
    second = make_issue(decision, "en")
    assert (second.number, json.loads(second.document)["issue"]) == (2, 2)


@pytest.mark.everywhere
@pytest.mark.usefixtures("quick_printer")
def test_a_row_that_was_kept_although_the_connection_broke_has_its_file(
    decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database may fail after it has stored the row and before it can say so."""
    atomic = transaction.atomic

    @contextmanager
    def breaking_at_the_end() -> Iterator[None]:
        with atomic():
            yield
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr("reports.printing.transaction.atomic", breaking_at_the_end)
        with pytest.raises(OperationalError):
            make_issue(decision, "en")
    issue = make_issue(decision, "en")  # as the worker does when the database is back
    assert (issue, kept_files()) == (new(Issue).get(), [f"{issue.uid}.pdf"])


@pytest.mark.everywhere
@pytest.mark.usefixtures("quick_printer")
def test_the_numbers_are_those_of_the_evaluation_and_no_other(decision: Decision) -> None:
    """They continue from a decision to the one that replaces it; those of another hotline are its own."""
    other = decided()
    make.IssueFactory(decision=other, language="en", number=7)
    assert make_issue(decision, "en").number == 1
    newer = make.DecisionFactory(
        scorecard=decision.scorecard, kind="correction", replaces=decision, valid_until=None, reasons="A slip."
    )
    assert [make_issue(newer, "en").number, make_issue(other, "en").number] == [2, 8]


def test_each_language_counts_its_own_issues(decision: Decision) -> None:
    make.IssueFactory(decision=decision, language="en", number=1)
    issue = make_issue(decision, "fr")
    assert (issue.language, issue.number) == ("fr", 1)


def test_composing_alone_keeps_nothing(decision: Decision) -> None:
    assert compose_report(decision, "en").hotline == decision.evaluation.hotline.code
    assert new(Issue).count() == 0


# --- Requests ----------------------------------------------------------------------------------------------------


def ask(decision: Decision, by: Any, on_commit: Any) -> Printing:
    """Request a report as a page does. The task runs when the transaction is committed, here at once."""
    with on_commit(execute=True):
        printing = request_report(decision, "en", by=by)
        assert printing.state == Printing.State.WAITING
    printing.refresh_from_db()
    return printing


def test_a_report_that_was_asked_for_is_printed(
    decision: Decision, mce: Any, django_capture_on_commit_callbacks: Any
) -> None:
    printing = ask(decision, mce, django_capture_on_commit_callbacks)
    assert (printing.state, printing.failure) == ("done", "")
    assert printing.issue == Issue.objects.get(decision=decision)


def test_only_mce_may_ask(decision: Decision) -> None:
    with pytest.raises(PermissionDenied):
        request_report(decision, "en", by=make.person(Role.PANEL_MEMBER))
    assert new(Printing).count() == 0


def test_asking_twice_gives_the_same_printing(decision: Decision, mce: Any) -> None:
    assert request_report(decision, "en", by=mce) == request_report(decision, "en", by=mce)


def test_a_printing_that_lost_its_worker_may_be_asked_for_again(decision: Decision, mce: Any) -> None:
    lost = request_report(decision, "en", by=mce)
    Printing.objects.filter(pk=lost.pk).update(
        state="drawing", changed_at=timezone.now() - LOST_AFTER - timedelta(seconds=1)
    )
    again = request_report(decision, "en", by=mce)
    lost.refresh_from_db()
    assert (lost.state, lost.failure, again.state) == ("failed", "lost", "waiting")


def test_a_machine_without_pango_leaves_a_code_and_nothing_else(
    decision: Decision, mce: Any, django_capture_on_commit_callbacks: Any, without_pango: Path
) -> None:
    printing = ask(decision, mce, django_capture_on_commit_callbacks)
    assert (printing.state, printing.failure, printing.issue) == ("failed", "no_pango", None)
    assert (new(Issue).count(), kept_files()) == (0, [])


def test_after_a_failure_it_can_be_asked_for_again(
    decision: Decision, mce: Any, django_capture_on_commit_callbacks: Any, without_pango: Path
) -> None:
    ask(decision, mce, django_capture_on_commit_callbacks)
    without_pango.unlink()
    again = ask(decision, mce, django_capture_on_commit_callbacks)
    assert (again.state, new(Issue).count()) == ("done", 1)


@pytest.mark.usefixtures("quick_printer")
def test_a_task_that_crashes_leaves_failed_and_no_issue(
    decision: Decision, mce: Any, django_capture_on_commit_callbacks: Any, tmp_path: Path
) -> None:
    storages["private"].__dict__["location"] = str(tmp_path / "a-file")
    storages["private"].__dict__["base_location"] = str(tmp_path / "a-file")
    (tmp_path / "a-file").write_text("where the folder of the reports should be")
    printing = ask(decision, mce, django_capture_on_commit_callbacks)
    assert (printing.state, printing.failure, printing.issue) == ("failed", "crashed", None)
    assert new(Issue).count() == 0


# --- The command -------------------------------------------------------------------------------------------------


def run(decision: Decision, *options: str) -> str:
    evaluation, output = decision.evaluation, StringIO()
    call_command("print_report", evaluation.hotline.code, evaluation.round.name, *options, stdout=output)
    return output.getvalue()


def test_the_command_prints_and_writes_the_file(decision: Decision, tmp_path: Path) -> None:
    printed = run(decision, "--out", str(tmp_path / "report.pdf"))
    issue = new(Issue).get()
    assert printed.splitlines()[:3] == ["putting the report together …", "drawing the charts …", "setting the pages …"]
    assert f"issue 1 (en): {issue.pages} pages" in printed
    assert hashlib.sha256((tmp_path / "report.pdf").read_bytes()).hexdigest() == issue.pdf_sha256


def test_the_command_says_what_is_missing_when_there_is_no_decision() -> None:
    with pytest.raises(CommandError, match="There is no decision about 116000-XH in “Round 2026”"):
        call_command("print_report", "XH", "Round 2026")


def test_the_command_says_how_to_mend_a_missing_pango(decision: Decision, without_pango: Path) -> None:
    with pytest.raises(CommandError, match="apt-get install -y libpango"):
        run(decision)
