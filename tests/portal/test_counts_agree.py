"""The same object has the same number, and the same name, on every page that shows it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Evaluation, Finding
from evaluation.scorecards import read_result
from tests.bystander import new
from tests.factories import DecisionFactory, IssueFactory, PrintingFactory, scorecard_of, write_answer
from tests.reports.printed import compose_report
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def test_what_was_seen_otherwise_is_counted_alike_wherever_it_is_shown(sign_in: Callable[..., Client]):
    """Findings differ by level, and by “not applicable” on one side only."""
    stage = Stage("decision", votes=0)
    write_answer(stage.evaluation, "1.2.1", Finding, level=None, not_applicable=True, words="They have no volunteers.")
    scorecard = scorecard_of(stage.evaluation)
    card = read_result(scorecard)
    differing = [score.code for score in card.differing]
    assert differing == ["1.1.2", "1.2.1"]

    def page(name: str, *more: str) -> Any:
        return panel.get(reverse(f"workspace:{name}", args=[stage.evaluation.uid, *more]))

    panel = sign_in(Client(), stage.people.panel)
    screen = page("deliberation")
    articles = dict(
        re.findall(r'<article class="examined" id="r([\d.]+)"(.*?)</article>', screen.content.decode(), re.DOTALL)
    )
    assert screen.context["totals"]["differs"] == 2
    assert [code for code, text in articles.items() if "seen otherwise" in text] == differing
    parts = {part.counted.name: part.counted for part in page("scorecard").context["explained"].basis}
    assert (parts["differing"].count, list(parts["differing"].codes)) == (2, differing)
    assert [code for code in card.indicators if "They differ" in page("why", code).content.decode()] == differing
    report = compose_report(DecisionFactory(scorecard=scorecard, decided_by=stage.people.panel), "en")
    differences = [difference for part in report.domains for difference in part.differences]
    assert [difference.code for difference in differences] == differing
    assert str(differences[1].levels) == "hotline 3, assessor not applicable"


def test_a_report_is_printed_or_not_on_the_whole_page(sign_in: Callable[..., Client]):
    """After a correction, the issue of the former decision is not the report of the present one."""
    stage = Stage("decided")
    mce = sign_in(Client(), stage.people.mce)
    address = reverse("workspace:report", args=[stage.evaluation.uid])
    printed = mce.get(address).content.decode()
    assert ("Print another language" in printed, "is not printed" in printed) == (True, False)
    newest = DecisionFactory(scorecard=stage.scorecard, kind="correction", decided_by=stage.people.panel)
    corrected = mce.get(address).content.decode()
    assert "Print the report" in corrected
    assert "The report of the decision that stands is not printed" in corrected
    assert corrected.count("Of a decision that another has replaced.") == 1
    PrintingFactory(decision=newest, state="done", issue=IssueFactory(decision=newest), asked_by=stage.people.mce)
    again = mce.get(address).content.decode()
    assert ("Print another language" in again, "is not printed" in again) == (True, False)


def test_an_indicator_needs_a_finding_until_it_has_one(sign_in: Callable[..., Client]):
    stage = Stage("study_visit")
    new(Finding).update(level=None, value=None, not_applicable=False)
    lead = sign_in(Client(), stage.people.lead)
    address = reverse("workspace:findings", args=[stage.evaluation.uid, "9.1"])
    before = lead.get(address).content.decode()
    assert ("needs a finding" in before, "has a finding" in before) == (True, False)
    needed = before.count("needs a finding")
    write_answer(stage.evaluation, "9.1.1", Finding, level=3, words="Seen.")
    after = lead.get(address).content.decode()
    assert (after.count("needs a finding"), after.count("has a finding")) == (needed - 1, 1)
    assert new(Evaluation).get().state == "study_visit"
