"""Every score has its method: in words, or by a link to the page with it."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.engine.scoring import Evidence, score_hypothetical
from evaluation.models import Role
from portal.presentation.scorecard.outcomes import show_check
from reports.document import FrozenScorecard
from reports.fact_reader import read_rule_texts
from standards.framework import Aggregation, Condition, Framework, Method, Outcome, Test, Wording
from standards.presentation.rule_sentences import describe_domains, describe_overall
from tests.factories import person
from tests.reports.small_report import EVIDENCE, small_document, small_facts, small_texts
from tests.small_edition import ESSENTIAL, SMALL, wording_of
from tests.stage import Stage

OVERALL, DOMAINS = "The overall score is the mean of the domains.", "A domain is the mean of its standards."
ROOT = Path(__file__).parents[3]


def content_of(client: Client, address: str) -> str:
    return " ".join(unescape(client.get(address).content.decode()).split())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["scorecard", "deliberation"])
def test_the_overall_score_says_its_method_in_words(sign_in: Callable[..., Client], name: str) -> None:
    stage = Stage("decision")
    reader = stage.people.panel
    assert OVERALL in content_of(sign_in(Client(), reader), reverse(f"workspace:{name}", args=[stage.evaluation.uid]))


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "name"), [("response", "response"), ("self_assessment", "what_if")])
def test_the_overall_score_leads_to_its_method(sign_in: Callable[..., Client], state: str, name: str) -> None:
    stage = Stage(state)
    client = sign_in(Client(), stage.coordinator)
    why = reverse("workspace:why", args=[stage.evaluation.uid, "overall"])
    content = content_of(client, reverse(f"workspace:{name}", args=[stage.evaluation.uid]))
    assert f'<a class="number-link" href="{why}">' in content
    assert OVERALL in content_of(client, why)


@pytest.mark.django_db
def test_the_score_of_a_contested_decision_says_its_method(sign_in: Callable[..., Client]) -> None:
    stage = Stage("decided")
    address = reverse("workspace:appeal", args=[stage.appeal.uid])
    client = sign_in(Client(), person(Role.PANEL_MEMBER))
    client.post(reverse("workspace:declare_on_appeal", args=[stage.appeal.uid]), {"no_stake": "1"})
    assert OVERALL in content_of(client, address)


@pytest.mark.django_db
def test_the_public_page_says_how_its_domains_are_scored(client: Client) -> None:
    stage = Stage("published")
    country = stage.evaluation.hotline.country
    assert DOMAINS in content_of(client, reverse("pages:hotline", args=[country]))
    assert OVERALL in content_of(client, reverse("pages:why", args=[country, "overall"]))


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ({}, "overall"),
        ({"domain": "D1"}, "D1"),
        ({"standard": "1.1"}, "1.1"),
        ({"obligation": ESSENTIAL}, ""),
        ({"codes": ("1.1.1",)}, ""),
    ],
)
def test_the_score_that_a_condition_found_leads_to_its_method(scope: dict[str, Any], code: str) -> None:
    condition = Condition(Test.SCORE, percent=80, **scope)
    framework = ruled_by(condition)
    check = score_hypothetical(framework, Evidence()).outcomes[0].checks[0]
    shown = show_check(check, framework, Wording(wording_of(framework)), lambda part: f"/why/{part}/")
    assert shown.url == (f"/why/{code}/" if code else "")


def ruled_by(condition: Condition) -> Framework:
    outcomes = (Outcome("accredited", 36, (condition,)), Outcome("not_accredited", 0))
    return replace(SMALL, rule=replace(SMALL.rule, outcomes=outcomes))


def test_a_domain_of_which_the_best_standards_count_says_so() -> None:
    first, *others = SMALL.domains
    framework = replace(SMALL, domains=(replace(first, best=1), *others))
    general, own = describe_domains(framework)
    assert general == DOMAINS
    assert own.startswith("D1: Its score is that of its best part.")
    assert describe_domains(SMALL) == (DOMAINS,)


def test_the_report_says_how_its_scores_are_made() -> None:
    document = small_document()
    assert document.summary.method == OVERALL
    assert {part.basis.partition(" of ")[0] for part in document.domains} == {"mean"}


def test_a_domain_of_the_report_of_which_the_best_standards_count_says_so() -> None:
    framework = replace(SMALL, domains=tuple(replace(domain, best=1) for domain in SMALL.domains))
    card = score_hypothetical(framework, EVIDENCE)
    facts = replace(
        small_facts(),
        framework=framework,
        scorecard=FrozenScorecard(card, "c" * 64, "d" * 64),
        rule_texts=read_rule_texts(framework, card, small_texts(), "en"),
    )
    assert {part.basis for part in small_document(facts).domains} == {"Its score is that of its best part."}


@pytest.mark.parametrize("method", Method)
def test_the_description_of_the_published_file_has_every_method(method: Method) -> None:
    description = (ROOT / "docs" / "published_result.md").read_text("utf-8")
    assert f"| `{method.value}` | " in description


@pytest.mark.parametrize("method", Method)
def test_each_method_of_the_whole_is_told_otherwise(method: Method) -> None:
    rule = replace(SMALL.rule, aggregation=Aggregation(overall=method, level=2))
    sentence = describe_overall(replace(SMALL, rule=rule))
    assert sentence.startswith("The overall score")
    assert (sentence == OVERALL) == (method is Method.MEAN)
