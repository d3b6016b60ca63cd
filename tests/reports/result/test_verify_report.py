"""A published result, from the public page to the command that recomputes it, and what is not published."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from evaluation.engine.scoring import ENGINE, Evidence
from evaluation.models import Accreditation, Answer, Finding
from portal.presentation.public_hotline import read_hotline
from reports.result.export import publish_result, write_file
from reports.result.published_file import seal
from standards.framework import Bound, Condition, Outcome, Rule, Test, canonical, digest, write_framework
from standards.models import Edition
from tests.bystander import new
from tests.evaluation.engine.scoring.shapes import OBLIGATIONS, counted, framework_of
from tests.factories import DecisionFactory, PublicationFactory, withdraw
from tests.reports.small_result import ORDINARY, published
from tests.small_edition import SMALL
from tests.stage import Stage

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: Any) -> Path:
        path = tmp_path / "result.json"
        path.write_text(content if isinstance(content, str) else canonical(content), "utf-8")
        return path

    return write


def verify(path: Path, *options: str) -> list[str]:
    out = StringIO()
    call_command("verify_report", str(path), *options, stdout=out)
    return out.getvalue().splitlines()


def refusal(path: Path, *options: str) -> tuple[int, list[str]]:
    """Return the exit code of the command, and the lines of its error."""
    with pytest.raises(CommandError) as caught:
        verify(path, *options)
    return caught.value.returncode, str(caught.value).splitlines()


# --- The command ---------------------------------------------------------------------------------------------------


def test_it_tells_what_it_compared_and_that_it_is_equal(write: Write):
    lines = verify(write(published(SMALL, ORDINARY)))
    assert lines[:2] == ["116000-XA, Spring 2026, edition T1", "decision: accredited, proposed: accredited"]
    assert [line.split(":")[0] for line in lines[2:-1]] == [
        "compared edition",
        "compared inputs",
        "compared scorecard",
        "compared decision",
        "compared sha256",
    ]
    assert lines[-1] == "recomputed: equal"


def test_it_names_what_cannot_be_recomputed_and_passes_over_none_of_it(write: Write):
    figure = Condition(Test.FIGURE, codes=("1.1.2", "1.1.3"), figure=Bound(">=", "50"))
    rule = Rule(OBLIGATIONS, (Outcome("top", 36, (figure,)), Outcome("none", 0)))
    shown = [counted("1.1.2", "A33/A34", bands=""), counted("1.1.3", "A34/A33", bands="")]
    framework = framework_of([[counted("1.1.1", "A33/A34"), *shown]], rule=rule)
    figures = {"A33": Fraction(38), "A34": Fraction(40)}
    lines = verify(write(published(framework, Evidence(figures=figures))))
    assert lines[-3:] == [
        "inputs.withheld.1.1.1 (1.1.1): cannot be recomputed: the count is not published",
        "scorecard.outcomes[0].checks[0] (1.1.2, 1.1.3): cannot be recomputed: the counts are not published",
        "recomputed: equal, with 2 values that cannot be recomputed",
    ]


def test_it_ends_with_1_and_names_each_difference(write: Write):
    data = published(SMALL, ORDINARY)
    data["scorecard"]["overall"] = "1"
    assert refusal(write(seal(data))) == (
        1,
        ['scorecard.overall: published "1", recomputed "9/10"', "recomputed: 1 difference"],
    )


def test_a_file_whose_own_digest_does_not_fit_is_found(write: Write):
    data = published(SMALL, ORDINARY)
    data["hotline"]["code"] = "116000-XB"
    code, lines = refusal(write(data))
    assert (code, len(lines), lines[0].startswith("sha256: published ")) == (1, 2, True)


def test_a_file_other_than_the_one_on_the_page_is_found(write: Write):
    data = published(SMALL, ORDINARY)
    own, other = data["sha256"], "0" * 64
    assert verify(write(data), "--sha256", own.upper())[-1] == "recomputed: equal"
    assert refusal(write(data), "--sha256", other) == (
        1,
        [f"sha256: on the page {other}, in the file {own}", "recomputed: 1 difference"],
    )


def test_an_older_engine_is_said(write: Write):
    data = published(SMALL, ORDINARY)
    data["scorecard"]["engine"] = "1.0"
    assert verify(write(seal(data)))[-2:] == [
        f"The file was made by engine 1.0, this is engine {ENGINE}: "
        "where they differ, ask for the program of that day.",
        "recomputed: equal",
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("{", "result.json, line 1, column 2: This is not JSON: Expecting property name enclosed in double quotes."),
        ("{}", "result.json: The file is no published result: its “format” is not “116000-result”."),
        ('{"format": 2.0}', "result.json, format: “2.0” can be inexact. No number of this file is written so."),
        ('{"format": 1, "format": 1}', "result.json: “format” stands twice. Keep one of them."),
    ],
)
def test_what_is_no_result_ends_with_2(write: Write, content: str, line: str):
    assert refusal(write(content)) == (2, [line])


def test_it_runs_where_there_is_no_database(write: Write, tmp_path: Path):
    environment = {
        **os.environ,
        "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/nowhere",
        "DJANGO_SETTINGS_MODULE": "portal.settings.development",
        "VAR_DIR": str(tmp_path / "var"),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_report", str(write(published(SMALL, ORDINARY)))],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=Path(__file__).parents[3],
        timeout=60,
    )
    assert (done.returncode, done.stderr, done.stdout.splitlines()[-1]) == (0, "", "recomputed: equal")


# --- The page ------------------------------------------------------------------------------------------------------


def address_of(stage: Stage, country: str = "XA") -> str:
    return reverse("pages:result", args=[country, stage.decision.uid])


@pytest.mark.django_db
def test_a_published_result_computes_again_from_what_the_page_gives(write: Write):
    stage = Stage("published")
    answer = Client().get(address_of(stage))
    assert (answer.status_code, answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (
        200,
        "application/json; charset=utf-8",
        'attachment; filename="116000-XA-result.json"',
    )
    own = json.loads(answer.content)["sha256"]
    assert verify(write(answer.content.decode()), "--sha256", own)[-1] == "recomputed: equal"


@pytest.mark.django_db
def test_the_page_names_the_file_and_its_digest():
    stage = Stage("published")
    shown = Client().get("/en/register/XA/").content.decode()
    data = publish_result(stage.decision)
    assert [address_of(stage) in shown, data["sha256"] in shown] == [True, True]


@pytest.mark.django_db
def test_the_same_decision_gives_the_same_file():
    stage = Stage("published")
    first, second = (Client().get(address_of(stage)) for _ in range(2))
    assert first.content == second.content == write_file(publish_result(stage.decision)).encode()
    assert first.headers["ETag"] == f'"{json.loads(first.content)["sha256"]}"'


@pytest.mark.django_db
def test_the_file_holds_no_words_no_names_and_no_document():
    stage = Stage("published")
    page_text = Client().get(address_of(stage)).content.decode()
    words = [*new(Answer).values_list("words", flat=True), *new(Finding).values_list("words", flat=True)]
    names = [stage.coordinator.name, stage.people.lead.name, stage.people.panel.name, stage.document.name]
    kept_apart = [str(stage.evaluation.uid), stage.decision.reasons, *filter(None, words), *names]
    assert [text for text in kept_apart if text in page_text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("reaches", ["decision", "decided"])
def test_what_is_not_published_is_not_there(reaches: str):
    stage = Stage(reaches)
    decision = stage.decision or DecisionFactory(scorecard=stage.scorecard)
    assert Client().get(reverse("pages:result", args=["XA", decision.uid])).status_code == 404


@pytest.mark.django_db
def test_what_is_withdrawn_or_of_another_hotline_is_not_there():
    stage = Stage("published")
    assert Client().get(address_of(stage, "XB")).status_code == 404
    withdraw(new(Accreditation).get(), by=stage.people.mce)
    assert Client().get(address_of(stage)).status_code == 404
    assert "Compute it again" not in Client().get("/en/register/XA/").content.decode()


@pytest.mark.django_db
def test_an_outcome_that_does_not_accredit_is_published_without_what_was_found():
    stage = Stage("decided")
    decision = DecisionFactory(
        scorecard=stage.scorecard, outcome="not_accredited", valid_until=None, replaces=stage.decision
    )
    PublicationFactory(decision=decision)
    assert Client().get(reverse("pages:result", args=["XA", decision.uid])).status_code == 404


@pytest.mark.django_db
def test_the_file_costs_the_same_few_questions_however_much_was_found(django_assert_num_queries: Any):
    stage = Stage("published")
    with django_assert_num_queries(2):
        Client().get(address_of(stage))


@pytest.mark.django_db
def test_the_page_asks_nothing_more_for_the_digest(django_assert_num_queries: Any):
    Stage("published")
    shown = read_hotline("XA")
    with django_assert_num_queries(0):
        assert len(shown.result["sha256"]) == 64


@pytest.mark.django_db
def test_an_edition_that_was_released_in_an_older_form_keeps_its_form_and_digest(write: Write):
    """The edition was released before editions had a procedure."""
    structure = canonical({name: part for name, part in write_framework(SMALL).items() if name != "procedure"})
    Edition.objects.create(code=SMALL.code, structure=structure, sha256=digest(structure), is_sample=True)
    stage = Stage("published")
    data = publish_result(stage.decision)
    assert (data["edition"]["sha256"], "procedure" in data["edition"]["structure"]) == (digest(structure), False)
    assert verify(write(write_file(data)))[-1] == "recomputed: equal"
