"""Write the page of the rule language: each worked example with its entries, its answers and the computed result."""

from collections.abc import Iterator, Sequence

from django.utils import translation

from evaluation.engine.scoring import Scorecard, score
from evaluation.recomputation.rule_examples import EXAMPLES
from evaluation.recomputation.sentences import format_ratio
from evaluation.recomputation.worked_examples import CODES, FIGURE, Case, Example
from standards.framework import Framework
from standards.presentation.condition_sentences import describe_condition

COMMAND = "./go manage describe_rule_language > docs/rule_language.md"
DOCUMENT = "docs/rule_language.md"

_BEGINNING = f"""
# The rule language by examples

What the rule of an edition can say, each by an example that is just missed and one that is just met. The entries are those of
[`edition_files.md`](edition_files.md); the CMS asks for the same by choosing.

All examples change one small edition. Its scale has the levels 0 to 3. Domain D1 has the standards 1.1 (1.1.1, 1.1.2) and 1.2
(1.2.1), domain D2 has 2.1 (2.1.1, 2.1.2, and the number 2.1.3, which is shown and not scored). Every indicator weighs the same and may
be “not applicable”; a standard is the mean of its indicators, a domain that of its standards, the whole that of the domains. The
outcome `met` has the conditions of the example; otherwise the outcome is `missed`. An empty cell is missing.

This page is written by `{COMMAND}`: the scores and the outcomes are
computed by the engine, and a test asks for an example of every construct.
"""


def describe_rule_language() -> str:
    """Return the whole page in Markdown."""
    with translation.override("en"):
        parts = [_BEGINNING.strip(), *("\n".join(_describe(example)) for example in EXAMPLES)]
    return "\n\n".join(parts) + "\n"


def score_case(framework: Framework, case: Case) -> Scorecard:
    return score(framework, case.evidence(framework))


def _describe(example: Example) -> Iterator[str]:
    framework, texts = example.read()
    yield f"## {example.name}"
    yield ""
    yield f"```toml\n{example.written}\n```"
    yield ""
    yield from (f"- {describe_condition(one, framework, texts)}" for one in framework.rule.outcomes[0].conditions)
    if example.note:
        yield f"- {example.note}"
    yield ""
    cases = (("just missed", example.missed), ("just met", example.met))
    codes = [*CODES, *([FIGURE] if any(FIGURE in case.answers for _, case in cases) else [])]
    traits = ["traits"] if any(case.traits for _, case in cases) else []
    yield from _rule_off(["", *codes, *traits, "overall", "outcome"])
    for name, case in cases:
        card = score_case(framework, case)
        found = [case.answers.get(code, "") for code in codes]
        own = [", ".join(case.traits)] if traits else []
        yield _row([name, *found, *own, format_ratio(card.overall), _outcomes(card)])


def _outcomes(card: Scorecard) -> str:
    further = (f"{code}: `{own.proposal.outcome}`" for code, own in card.by_result.items())
    return "; ".join([f"`{card.proposal.outcome}`", *further])


def _rule_off(cells: Sequence[str]) -> Iterator[str]:
    yield _row(cells)
    yield _row(["---"] * len(cells))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
