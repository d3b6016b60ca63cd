"""`verify_log` names each row that the owner of the database changed, removed or inserted, in every table of the seal."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from evaluation.models import (
    Answer,
    Decision,
    Evaluation,
    Figure,
    Membership,
    Recommendation,
    Role,
    StatisticsImport,
    StepWords,
    Vote,
)
from evaluation.workflow import perform
from standards import frozen
from standards.models import SealedRow
from tests.evaluation.workflow.unguarded import unguarded
from tests.factories import (
    SIGNED,
    HotlineFactory,
    MembershipFactory,
    StatisticsImportFactory,
    VoteFactory,
    person,
)
from tests.stage import Stage

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.django_db, pytest.mark.everywhere]

MODELS = {model._meta.db_table: model for model in apps.get_models()}
_MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VALUES: dict[type[models.Field[Any, Any]], tuple[Any, Any]] = {
    models.ForeignKey: (1, 2),
    models.BooleanField: (False, True),
    models.DateTimeField: (_MOMENT, _MOMENT + timedelta(microseconds=1)),
    models.DateField: (date(2026, 3, 1), date(2026, 3, 2)),
    models.TimeField: (time(9), time(10)),
    models.DecimalField: (Decimal(1), Decimal("1.0001")),
    models.IntegerField: (1, 2),
    models.UUIDField: (uuid.UUID(int=1), uuid.UUID(int=2)),
    models.JSONField: ({"1.1": 1}, {"1.1": 2}),
    models.FileField: ("a", "b"),
    models.CharField: ("a", "b"),
    models.TextField: ("a\nb", "a\n b"),
}
"""For each kind of field, two values."""


OWNER = re.compile(r" of \w+ [0-9a-f-]{36}$")


def values_of(field: models.Field[Any, Any]) -> tuple[Any, Any]:
    if field.model is Membership and field.name == "role":
        return Role.COORDINATOR.value, Role.CONTRIBUTOR.value  # a constraint wants one that belongs to a hotline
    return next(values for kind, values in VALUES.items() if isinstance(field, kind))


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
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
        assert bool(failed) == bool(problems)
        return problems

    return run


@pytest.fixture
def rows() -> Iterator[dict[str, int]]:
    """Insert one row into each table under the seal; return their keys. Every column has a value."""
    made = {}
    for table in frozen.SEALED:
        model = MODELS[table]
        values = {field.attname: values_of(field)[0] for field in model._meta.concrete_fields if not field.primary_key}
        if table == "evaluation_remarkproof":
            values["document_id"] = None  # it has an address
        (row,) = model._base_manager.bulk_create([model(**values)])
        made[table] = row.pk
    yield made
    for table, key in made.items():  # they refer to nothing
        unguarded(f"DELETE FROM {table} WHERE id = %s", key, table=table)


def describe(table: str, key: int) -> str:
    return f"{MODELS[table]._meta.verbose_name} {key}"


def named(problems: list[str], happened: str) -> set[str]:
    """Return the rows to which this happened, without the objects to which they belong."""
    return {OWNER.sub("", problem.removesuffix(f": {happened}")) for problem in problems if problem.endswith(happened)}


def test_every_column_of_every_row_under_the_seal_is_told_when_it_was_changed(rows, verify):
    before = verify()
    columns = {
        table: [
            field
            for field in MODELS[table]._meta.concrete_fields
            if not field.primary_key and field.column not in frozen.SEALED[table].changing
        ]
        for table in rows
    }
    with connection.cursor() as cursor:
        for table in rows:
            unguarded(f"UPDATE {table} SET id = id WHERE id = %s", rows[table], table=table)
            if table in frozen.HISTORIES:
                cursor.execute(
                    f"DROP TRIGGER history_{table}{f' ON {table}' if cursor.db.vendor == 'postgresql' else ''}"
                )
    tried = 0
    for fields in zip_longest(*columns.values()):
        changed = {table: field for table, field in zip(columns, fields, strict=True) if field}
        for number in (1, 0):  # change it, and put it back
            for table, field in changed.items():
                value = field.get_db_prep_save(values_of(field)[number], connection)
                if (table, field.column) == ("evaluation_remarkproof", "document_id"):
                    value = None
                with connection.cursor() as cursor:
                    cursor.execute(f'UPDATE {table} SET "{field.column}" = %s WHERE id = %s', [value, rows[table]])
            problems = verify()
            expected = {describe(table, rows[table]) for table in changed} if number else set()
            if ("evaluation_remarkproof", "document_id") in {(table, one.column) for table, one in changed.items()}:
                expected -= {describe("evaluation_remarkproof", rows["evaluation_remarkproof"])}
            assert named(problems, frozen.CHANGED) == expected, fields
            tried += number * len(expected)
    assert verify() == before
    assert tried > 300


def test_rows_that_are_gone_or_were_inserted_around_the_triggers_are_told(rows, verify):
    copies = {}
    for table, key in rows.items():
        unguarded(f"UPDATE {table} SET id = %s WHERE id = %s", key + 900, key, table=table)
        copies[table] = key + 900
    problems = verify()
    assert named(problems, frozen.GONE) == {describe(table, key) for table, key in rows.items()}
    assert named(problems, frozen.WITHOUT_DIGEST) == {describe(table, key) for table, key in copies.items()}
    rows.update(copies)


def test_every_frozen_table_is_under_the_seal():
    assert frozen.REGISTRY.keys() - frozen.SEALED.keys() == {"evaluation_step", "standards_sealedrow"}


@pytest.fixture
def stage() -> Stage:
    """Return an evaluation whose decision is published and sealed."""
    stage = Stage.minimal("published")
    VoteFactory(scorecard=stage.decision.scorecard, user=stage.people.panel)
    call_command("keep_dates")
    return stage


def rewrite(table: str, key: int, column: str, value: Any) -> None:
    """Change a row and its digest, as the owner of the database can."""
    unguarded(f"UPDATE {table} SET {column} = %s WHERE id = %s", value, key, table=table)
    columns = SealedRow.objects.get(table_name=table, row_id=key).columns.split(",")
    digest = frozen._digest(connection.vendor, columns, "t")
    unguarded(
        f"UPDATE standards_sealedrow SET sha256 = (SELECT {digest} FROM {table} t WHERE t.id = %s) "
        "WHERE table_name = %s AND row_id = %s",
        *(key, table, key), table="standards_sealedrow",
    )  # fmt: skip


def test_a_decision_and_a_vote_that_were_changed_with_their_digests_are_told_by_the_seal(stage, verify):
    before = verify()
    vote = Vote.objects.order_by("pk").first()
    rewrite("evaluation_decision", stage.decision.pk, "outcome", "refused")
    rewrite("evaluation_vote", vote.pk, "words", "No.")
    of = f"of evaluation {stage.evaluation.uid}"
    told = "its digest is not the one that was sealed. It was changed or replaced after it was sealed."
    assert set(verify()) - set(before) == {
        f"decision {stage.decision.pk} {of}: {told}",
        f"vote {vote.pk} {of}: {told}",
    }


def test_a_digest_that_is_gone_with_its_row_is_told_by_the_seal(stage, verify):
    before = verify()
    (number, *_others) = Vote.objects.order_by("pk").values_list("pk", flat=True)
    unguarded("DELETE FROM evaluation_vote WHERE id = %s", number, table="evaluation_vote")
    unguarded(
        "DELETE FROM standards_sealedrow WHERE table_name = 'evaluation_vote' AND row_id = %s",
        number, table="standards_sealedrow",
    )  # fmt: skip
    assert set(verify()) - set(before) == {f"vote {number}: its digest is gone, and the seal has it."}


def test_a_seal_file_whose_last_lines_are_about_rows_only_cannot_be_cut(stage, verify, settings):
    before, path = verify(), Path(settings.LOG_SEAL)
    VoteFactory(scorecard=stage.decision.scorecard, user=stage.people.second)
    call_command("keep_dates")
    whole = path.read_bytes().splitlines(keepends=True)
    assert b"evaluation_vote/" in whole[-1]
    path.write_bytes(b"".join(whole[:-1]))
    told = f"had {len(whole)} after the last run of `keep_dates`. Its end was cut off."
    assert [problem for problem in verify() if problem not in before] == [
        f"The seal file has {len(whole) - 1} lines, and {told}"
    ]


@pytest.mark.parametrize("name", ["nonsense", "evaluation_vote/x", "nonsense/1"])
def test_a_line_of_the_seal_that_names_no_row_is_told(stage, verify, settings, name):
    before, path = verify(), Path(settings.LOG_SEAL)
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    (number, *_others) = [number for number, line in enumerate(lines) if line["kind"] == "row"]
    lines[number]["uid"] = name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    told = " ".join(problem for problem in verify() if problem not in before)
    assert f"Line {number + 1} of the seal file, or the one before it, was edited or removed" in told
    assert "its digest is gone, and the seal has it." in told


def test_a_copy_whose_outcomes_scores_votes_findings_and_answers_were_rewritten_is_not_whole(stage, verify):
    before = set(verify())
    for table, column, value in (
        ("evaluation_decision", "outcome", "refused"),
        ("evaluation_vote", "outcome", "refused"),
        ("evaluation_scorecard", "payload", "{}"),
        ("evaluation_answer", "words", "Other words."),
        ("evaluation_finding", "words", "Other words."),
        ("evaluation_answerversion", "words", "Other words."),
        ("reports_issue", "pdf_sha256", "0" * 64),
    ):
        count = MODELS[table]._base_manager.count()
        unguarded(f"UPDATE {table} SET {column} = %s", value, table=table)
        if table not in frozen.HISTORIES:
            told = [problem for problem in verify() if problem not in before]
            assert len(told) >= count
            before |= set(told)


def test_an_answer_that_differs_from_its_history_is_told(verify):
    stage = Stage.minimal("self_assessment")
    before = verify()
    Answer.objects.filter(evaluation=stage.evaluation).update(version=7, words="Sealed.")
    answer = Answer.objects.filter(evaluation=stage.evaluation, code="1.1.1").get()
    assert f"answer {answer.pk} of evaluation {stage.evaluation.uid}: {frozen.NOT_ITS_VERSION}" not in verify()
    unguarded("UPDATE evaluation_answer SET words = 'Another' WHERE id = %s", answer.pk)
    problem = f"answer {answer.pk} of evaluation {stage.evaluation.uid}: {frozen.NOT_ITS_VERSION}"
    assert problem in set(verify()) - set(before)


def test_a_state_that_no_step_led_to_is_told(verify):
    stage = Stage.minimal("self_assessment")
    perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
    before = verify()
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="published")
    assert set(verify()) - set(before) == {
        f"evaluation {stage.evaluation.uid}: its state is published, and its last step led to desk_review."
    }


def test_figures_that_are_not_those_that_were_confirmed_are_told(stage, verify):
    before = verify()
    figure = Figure.objects.order_by("pk").first()
    for change in ({"value": 1}, {"quality": "estimated"}, {"item": "Z99"}, {"dim1_value": "x"}):
        former = {name: getattr(figure, name) for name in change}
        Figure.objects.filter(pk=figure.pk).update(**change)
        told = f"statistics {figure.statistics.uid}: its figures are not those that were confirmed."
        assert set(verify()) - set(before) == {told}
        Figure.objects.filter(pk=figure.pk).update(**former)
    assert verify() == before


def test_an_issued_recommendation_may_move_on_and_not_say_something_else(stage, verify):
    before = verify()
    issued = Recommendation.objects.filter(pk=stage.recommendation.pk)
    issued.update(owner="The deputy", state="accepted")
    assert [problem for problem in verify() if frozen.CHANGED in problem] == [
        problem for problem in before if frozen.CHANGED in problem
    ]
    issued.update(title="Do less")
    of = f"of recommendation {stage.recommendation.uid}"
    assert f"recommendation {stage.recommendation.pk} {of}: {frozen.CHANGED}" in verify()


def test_a_printed_report_whose_file_is_another_one_is_told(stage, verify):
    before = verify()
    Path(stage.issue.pdf.path).write_bytes(b"%PDF-1.7 another")
    assert set(verify()) - set(before) == {f"report {stage.issue.uid}: its file is not the one that was printed."}


def test_a_person_who_is_forgotten_leaves_every_row_true(stage, verify):
    before = verify()
    StepWords.objects.all().delete()
    stage.people.panel.name, stage.people.panel.email = "Forgotten", "forgotten@example.org"
    stage.people.panel.save()
    assert verify() == before


def test_the_queries_do_not_grow_with_the_rows(stage, verify):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            verify()
        return len(queries)

    one = count()
    Stage.minimal("published")
    call_command("keep_dates")
    assert count() == one
    assert Decision.objects.count() == 2


def test_rows_from_before_the_digests_get_theirs_with_the_next_migration(stage, verify):
    before = verify()
    digests = list(SealedRow.objects.order_by("table_name", "row_id").values_list("table_name", "row_id", "sha256"))
    unguarded("DELETE FROM standards_sealedrow", table="standards_sealedrow")
    frozen.install_after_migrate(using="default")  # without anything to migrate
    assert SealedRow.objects.count() == 0
    frozen.install_after_migrate(using="default", plan=[object()])
    again = SealedRow.objects.order_by("table_name", "row_id").values_list("table_name", "row_id", "sha256")
    assert list(again) == digests
    assert verify() == before


def test_figures_are_confirmed_with_their_digest_and_again_without_another_one(verify):
    hotline = HotlineFactory()
    draft = [["A03", "", "", "", "", "12", "measured"], ["A04", "", "", "", "", None, "not_recorded"]]
    statistics = StatisticsImportFactory(hotline=hotline, draft=draft)
    coordinator = MembershipFactory(hotline=hotline, role=Role.COORDINATOR).user
    perform(statistics, "confirm", by=coordinator)
    digest = StatisticsImport.objects.get().figures_sha256
    assert len(digest) == 64
    perform(statistics, "send_back", by=person(Role.MCE_COORDINATOR), note="Look again.")
    perform(statistics, "confirm", by=coordinator)
    assert StatisticsImport.objects.get().figures_sha256 == digest
    assert [problem for problem in verify() if "statistics" in problem] == []
    Figure.objects.filter(item="A03").update(value=13)
    assert f"statistics {statistics.uid}: its figures are not those that were confirmed." in verify()
