"""The preview of a report on a part of a draft edition: the pages of its domain, from invented judgements."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from evaluation.engine.scoring import Evidence, Measured, Scorecard, measure, score_hypothetical
from reports.document import (
    DecisionFacts,
    EditionFacts,
    Facts,
    FindingFacts,
    FrozenScorecard,
    HotlineFacts,
    RecommendationFacts,
    RoundFacts,
    compose,
    write_document,
)
from reports.fact_reader import read_rule_texts
from reports.language import GettextLocale
from reports.pdf import write_html
from standards.framework import ADVICE, Framework, Outcome
from standards.models import Texts

OUTCOME = Outcome("invented", 0)
"""The only outcome of the reduced rule. Those of the draft may name parts that the preview leaves out."""


@dataclass(frozen=True, slots=True)
class InventedJudgements:
    """The input of the engine, and the words of the hotline and of the assessors by indicator."""

    evidence: Evidence
    answers: Mapping[str, str]
    findings: Mapping[str, str]


def reduce_framework(framework: Framework, codes: set[str]) -> Framework:
    """Return the framework with these indicators alone, all of them asked, and without conditions on other parts."""
    domains = []
    for domain in framework.domains:
        standards = (
            replace(
                standard,
                best=0,
                indicators=tuple(replace(one, asked_if=()) for one in standard.indicators if one.code in codes),
            )
            for standard in domain.standards
        )
        if kept := tuple(standard for standard in standards if standard.indicators):
            domains.append(replace(domain, best=0, standards=kept))
    aggregation = replace(framework.rule.aggregation, of_groups=False)
    rule = replace(framework.rule, outcomes=(OUTCOME,), passing=(), aggregation=aggregation)
    return replace(framework, rule=rule, results=(), groups=(), domains=tuple(domains))


def write_preview(
    framework: Framework, texts: Texts, judgements: InventedJudgements, language: str, *, on: date, is_sample: bool
) -> str:
    """Return the HTML of the domains of a reduced framework and of the recommendations that would be drafted."""
    from reports.charts.scores import draw_charts

    card = score_hypothetical(framework, judgements.evidence)
    facts = Facts(
        language=language,
        issue=1,
        address="",
        edition=EditionFacts(framework.code, "", texts.source_language, is_sample),
        framework=framework,
        hotline=HotlineFacts(_("An invented hotline"), "116000-XX", "", is_invented=True),
        examined=RoundFacts(_("Preview"), on - timedelta(days=364), on),
        visit=None,
        scorecard=FrozenScorecard(card, "", ""),
        decision=DecisionFacts(OUTCOME.code, "", departs=False, decided_on=on, valid_until=None),
        rule_texts=read_rule_texts(framework, card, texts, language),
        answers=judgements.answers,
        findings={code: FindingFacts(words) for code, words in judgements.findings.items()},
        figures=_measure(framework, judgements.evidence),
        recommendations=tuple(_recommend(framework, texts, card)),
    )
    written = write_document(compose(facts, texts, GettextLocale(language)))
    return write_html(
        written,
        draw_charts(written),
        _("A preview with invented answers: it shows this part of the Guide alone."),
        "reports/preview.html",
    )


def _measure(framework: Framework, evidence: Evidence) -> dict[str, Measured]:
    return {
        code: measure(indicator, evidence.figures)
        for code, indicator in framework.indicators.items()
        if indicator.from_figures or indicator.capped_by_figures
    }


def _recommend(framework: Framework, texts: Texts, card: Scorecard) -> list[RecommendationFacts]:
    """Return the recommendation of each indicator below the best level whose recommendation is written."""
    found = []
    for code in framework.indicators:
        title, text, look_for = (str(texts[f"indicator/{code}/{field.path}"]) for field in ADVICE)
        if title and card.indicators[code].level != framework.scale.best:
            found.append(RecommendationFacts(code, 1, title, text, look_for, "", None))
    return found
