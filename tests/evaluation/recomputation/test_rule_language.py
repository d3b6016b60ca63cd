"""The page of the rule language: an example of every construct, just missed and just met, as computed by the engine."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from evaluation.recomputation.rule_examples import EXAMPLES
from evaluation.recomputation.rule_language import COMMAND, DOCUMENT, score_case
from evaluation.recomputation.worked_examples import Construct, Example
from standards.framework import Method, Test, find_problems
from standards.framework.condition import OPTIONAL_FIELDS, write_condition

ROOT = Path(__file__).parents[3]
BY_CONSTRUCT = {(type(shown), shown): example for example in EXAMPLES for shown in example.shows}
"""Examples by kind and value, as a test and a method may have the same name."""


def outcomes(example: Example) -> list[str]:
    """Return the outcomes of the case that just misses and the one that just meets the construct, in its result."""
    framework, _texts = example.read()
    cards = [score_case(framework, case) for case in (example.missed, example.met)]
    return [(card.by_result[example.result] if example.result else card).proposal.outcome for card in cards]


@pytest.mark.parametrize("construct", [*Construct, *Test, *Method])
def test_every_construct_has_an_example(construct: Construct | Test | Method) -> None:
    assert (type(construct), construct) in BY_CONSTRUCT


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_just_missed_and_just_met(example: Example) -> None:
    framework, _texts = example.read()
    assert list(find_problems(framework)) == []
    assert outcomes(example) == (["no_seal", "sealed"] if example.result else ["missed", "met"])


def test_every_optional_value_of_a_test_is_in_an_example() -> None:
    asked = [c for example in EXAMPLES for outcome in example.read()[0].rule.outcomes for c in outcome.conditions]
    written = {name for condition in asked for part in condition.flat() for name in write_condition(part)}
    assert {name for names in OPTIONAL_FIELDS.values() for name in names} <= written


@pytest.mark.parametrize(
    ("construct", "left_out"),
    [
        (Construct.REDISTRIBUTION, "title"),
        (Construct.CAP, "title"),
        (Construct.CAP_OF_PART, "standard"),
        (Construct.BEST_INDICATORS, "standard"),
        (Construct.BEST_STANDARDS, "domain"),
        (Construct.PROOF_BY_LEVEL, "first"),
        (Construct.PROOF_OF_NOT_APPLICABLE, "first"),
        (Construct.LEAST_WORDS, "first"),
        (Construct.ASKED_BY_TRAIT, "first"),
        (Construct.ASKED_AFTER_ANSWER, "second"),
    ],
)
def test_without_its_entry_both_have_the_same_outcome(construct: Construct, left_out: str) -> None:
    plain = replace(BY_CONSTRUCT[Construct, construct], **{left_out: ()})
    if construct is Construct.ASKED_BY_TRAIT:
        plain = replace(plain, missed=replace(plain.missed, traits=()))
    missed, met = outcomes(plain)
    assert missed == met


def test_the_page_in_the_repository_is_the_one_that_is_written_now() -> None:
    out = StringIO()
    call_command("describe_rule_language", stdout=out)
    assert out.getvalue() == (ROOT / DOCUMENT).read_text(encoding="utf-8"), COMMAND


def test_no_construct_has_two_examples() -> None:
    assert len(BY_CONSTRUCT) == sum(len(example.shows) for example in EXAMPLES)
